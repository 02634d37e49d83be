"""Descents of functions with roots under constraints: of the problem whose roots are variables, which has slopes everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.descent.constrained.constrained_descent import ConstrainedDescent
from gradcli.descent.constrained.constrained_outcome import Wish, outcome_of
from gradcli.descent.constrained.optimality.lifted_kinks import values_of
from gradcli.descent.constrained.optimality.lifted_roots import Root, Rooted, rooted
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.verdicts.outcome import Constrained, Outcome, listed
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError
from gradcli.language.records import NamedTuple


class RootedEnds(NamedTuple):
    """Where searches of the lifted problem ended, without the roots, and its outcome so, where that is a success."""

    ends: list[dict[str, float]]
    outcome: Outcome | None = None


def ends_with_roots(
    text: str, constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish
) -> RootedEnds:
    """How searches of the lifted problem from *at* ended; nothing where there are no roots."""
    whole = rooted(text, constraints, tuple(at), lambda op, argument: True)
    if whole is None:
        return RootedEnds([])
    try:
        begun = {**at, **_values(whole.roots, at)}
        moving = None if wish.wrt is None else [*wish.wrt, *(root.name for root in whole.roots)]
        problem = ConstrainedProblem([whole.text], whole.constraints, begun, moving, ascend=wish.ascend)
    except (GradcliError, ValueError, ArithmeticError):
        return RootedEnds([])
    start = problem.look([float(begun[name]) for name in problem.names])
    if start is None:
        return RootedEnds([])
    descent = ConstrainedDescent(problem, start, wish.most, None, 0, wish.tol)
    outcome = outcome_of(problem, descent)
    if outcome.status == "nonregular" and wish.wrt is None:
        from gradcli.descent.constrained.extrema.counted_extremum import is_least_of_all

        if is_least_of_all(whole.text, whole.constraints, outcome.x, ascend=wish.ascend):
            outcome = outcome._replace(success=True)
    names = {root.name for root in whole.roots}
    ends = [outcome.x] if outcome.success else descent.ends
    own = [{name: x for name, x in end.items() if name not in names} for end in ends]
    if not outcome.success:
        return RootedEnds(own)
    return RootedEnds(own, _without(outcome, whole, len(constraints), own[0], ascend=wish.ascend))


def _without(
    outcome: Outcome, whole: Rooted, count: int, x: dict[str, float], *, ascend: bool
) -> Outcome | None:  # fmt: skip
    """The outcome without the roots' variables; None where it lies on a border that is excluded."""
    evidence = outcome.constrained
    if evidence is None or any(
        state.active and one.strict
        for state, one in zip(evidence.constraints, whole.constraints, strict=True)
    ):
        return None
    extreme = "maximum" if ascend else "minimum"
    states = evidence.constraints[:count]
    active = [one for one in states if one.active]
    bound = bool(active) and all(one.kind == "bound" for one in active)
    ended = [
        root.typed for root in whole.roots
        if any(state.active and state.text.startswith(f"{root.name} ") for state in evidence.constraints[count:])
    ]  # fmt: skip
    kind = "on-bound" if bound else "on-constraint" if active else "at-corner" if ended else ""
    shown = "all points where f can be extreme are counted, and none of the others is better" if (
        outcome.status == "nonregular"
    ) else f"multipliers and second derivatives leave no way {'up' if ascend else 'down'}"  # fmt: skip
    what = ", ".join(root.typed for root in whole.roots[:3]) + ("" if len(whole.roots) < 4 else ", …")
    message = f"{'the absolute' if outcome.status == 'nonregular' else 'a'} {extreme} at {listed(x)}: with {what} as "
    message += f"{'a variable' if len(whole.roots) == 1 else 'variables'}, {shown}"
    kept = Constrained(states, evidence.violation)
    multipliers = {one.text: one.multiplier for one in active if one.multiplier is not None}
    return outcome._replace(
        status=f"{extreme}-{kind}" if kind else extreme, message=message, success=True, x=x,
        jac=dict.fromkeys(x), multipliers=multipliers or None, constrained=kept, eigenvalues=None,
        direction=None, order=None,
    )  # fmt: skip


def _values(roots: Sequence[Root], at: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for root in roots:
        (found[root.name],) = values_of([root.value], {**at, **found})
    return found
