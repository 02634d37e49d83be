"""Constraints that are bounds alone: the descent within bounds, where quadratic programs have found no minimum.

It knows edges of the domain and corners of any kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.calculus.evaluation.notes import completed_notes
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.constrained.problems.simple_bounds import bounds_among
from gradcli.descent.steps.step_problem import Listener
from gradcli.descent.verdicts.outcome import Constrained, ConstraintState, Outcome
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError
from gradcli.language.problem_text import divided


def minimum_within_bounds(
    text: str, constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish
) -> Outcome | None:
    """A minimum within the bounds; None where they are not all bounds, or none is found."""
    from gradcli.calculus.formulas.texts.compiler import compile_text
    from gradcli.descent.minimization.minimizer import minimize
    from gradcli.descent.minimization.plan import Plan, choose_method

    if not constraints or any(one.bound is None or one.strict for one in constraints):
        return None
    low, high = bounds_among(constraints)
    names = {*low, *high}
    compiled = compile_text([text], tuple(at), None, formulas=False)
    crossed = any(low[name] > high[name] for name in low.keys() & high.keys())
    if crossed or not names <= set(compiled.program.variables) or {one.bound for one in constraints} != names:
        return None
    bounds = {name: (low.get(name), high.get(name)) for name in names}
    try:
        found = minimize(
            compiled.program,
            compiled.text,
            at,
            Plan(choose_method()),
            wrt=wish.wrt,
            ascend=wish.ascend,
            bounds=bounds,
            on_step=wish.on_step,
        )
    except GradcliError:
        return None
    if not found.success:
        return None
    states = tuple(_state(one, found) for one in constraints)
    notes = completed_notes(compiled.program, compiled.text, found.notes, ())
    return found._replace(constrained=Constrained(states, 0.0), notes=notes)


def minimum_inside(
    text: str, constraints: Sequence[Constraint], found: Outcome, wish: Wish
) -> Outcome | None:
    """A minimum of f alone, from where a descent under *constraints* ended, that none of them touches; None without one.

    Where each is an inequality that holds with room to spare, it is a minimum under them as well.
    """
    if any(one.relation == "=" for one in constraints):
        return None
    from gradcli.calculus.formulas.texts.compiler import compile_text
    from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
    from gradcli.descent.constrained.problems.constrained_states import states_of
    from gradcli.descent.minimization.minimizer import minimize
    from gradcli.descent.minimization.plan import Plan, choose_method

    compiled = compile_text([text], tuple(found.x), None, formulas=False)
    at = {name: found.x[name] for name in compiled.program.variables}
    try:
        alone = minimize(
            compiled.program,
            compiled.text,
            at,
            Plan(choose_method(), max_steps=STEPS),
            wrt=wish.wrt,
            ascend=wish.ascend,
            on_step=None if wish.on_step is None else _whole(wish.on_step, found.x),
        )
    except GradcliError:
        return None
    if not alone.success:
        return None
    whole = {**found.x, **alone.x}
    nothing = "; ".join([*divided(text).definitions, "0"])  # f itself may have no slope there
    problem = ConstrainedProblem([nothing], constraints, whole, wish.wrt, ascend=wish.ascend)
    place = problem.look([whole[name] for name in problem.names])
    if place is None or not all(h < -ROOM * (1.0 + abs(h)) for h in place.h):
        return None
    evidence = Constrained(states_of(problem, place.h, [], None), 0.0)
    notes = completed_notes(compiled.program, compiled.text, alone.notes, ())
    return alone._replace(x=whole, constrained=evidence, notes=notes)


def _whole(on_step: Listener, others: Mapping[str, float]) -> Listener:
    """What tells a listener of the steps of f's variables with all *others*."""
    return lambda taken, stage: on_step(taken, stage._replace(at={**others, **stage.at}))


#: Steps of a descent of f alone: it begins where one under constraints has ended.
STEPS = 200

#: An inequality is away from its border where it holds by so much.
ROOM = 1e-9


def _state(one: Constraint, found: Outcome) -> ConstraintState:
    """What a bound is at the point."""
    assert one.limit is not None  # noqa: S101  (the caller has looked)
    name, relation, factor = one.limit.name, one.limit.relation, one.limit.factor
    low, high = bounds_among([one])
    end = low[name] if relation == ">=" else high[name]
    value = factor * (found.x[name] - end) + 0.0
    slope = (found.multipliers or {}).get(name) if value == 0 else 0.0
    multiplier = None if slope is None else slope / factor + 0.0
    slack = (-value if one.relation == "<=" else value) + 0.0
    side = {"right": 1.0, "left": -1.0}.get(one.constant)
    along = None if multiplier is None or side is None else side * multiplier + 0.0
    return ConstraintState(
        one.text, one.of, "bound", value, slack, value == 0, multiplier, None if multiplier is None else abs(multiplier), along
    )  # fmt: skip
