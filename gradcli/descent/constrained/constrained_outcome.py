"""A descent under constraints → its outcome, and who is told of its steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from gradcli.descent.constrained.constrained_descent import ConstrainedDescent
from gradcli.descent.constrained.judged import Judged
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.objective.vectors import add_scaled, norm
from gradcli.descent.steps.step_problem import Listener, Stage
from gradcli.descent.verdicts.outcome import SUCCESSES, UPHILL, Constrained, ConstraintState, Outcome
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import DomainProblem
from gradcli.language.problem_text import divided
from gradcli.language.records import NamedTuple


class Wish(NamedTuple):
    """How to descend: the most steps, what moves (None: everything), uphill or not, and who listens.

    method: sqp, or one of SciPy's, from whose end it goes on. digits: to which the point and multipliers are told, where
    floats have fewer. tol: what the KKT equations and constraints may be missed by where Newton's steps take over, which then
    say what the point next to it is; None: what their sizes say.
    """

    most: int = 1000
    wrt: Collection[str] | None = None
    ascend: bool = False
    on_step: Listener | None = None
    method: str = "sqp"
    digits: int = 0
    tol: float | None = None


#: Everything moves, downhill, and nobody listens.
PLAIN = Wish()


class StepsInRow:
    """Tells a listener the steps of one descent after the other as those of one; taken: how many."""

    def __init__(self, on_step: Listener | None) -> None:
        self._on_step, self._before, self._begun, self.taken = on_step, 0, False, 0

    def __call__(self, number: int, stage: Stage) -> None:
        """One step, or a start, of which the first alone is told."""
        if not number and self._begun:
            self._before = self.taken
            return
        self._begun, self.taken = True, self._before + number
        if self._on_step is not None:
            self._on_step(self.taken, stage)


def teller(problem: ConstrainedProblem, on_step: Listener | None) -> Callable[[int, Place], None] | None:
    """What tells a listener of steps; None where nobody listens."""
    if on_step is None:
        return None

    def told(taken: int, place: Place) -> None:
        """Tell a place as steps do."""
        slopes = dict(zip(problem.names, [problem.sign * b for b in place.g], strict=True))
        on_step(taken, Stage(problem.at(place.x), problem.sign * place.f, slopes))

    return told


def outcome_of(
    problem: ConstrainedProblem, descent: ConstrainedDescent, judged: Judged | None = None
) -> Outcome:
    """What a descent comes to, with all numbers. judged: what is said of it so far; None to go it to its end."""
    found = descent.run() if judged is None else judged
    ending, evidence = found.ending, found.evidence
    status = UPHILL.get(ending.status, ending.status) if problem.sign < 0 else ending.status
    multipliers = {
        (_bounded(problem, i) or one.text): one.multiplier
        for i, one in enumerate(evidence.constraints) if one.active and one.multiplier is not None
    }  # fmt: skip
    pull = list(found.g)
    jac: dict[str, float | None] = {
        name: problem.sign * b + 0.0 for name, b in zip(problem.names, found.g, strict=True)
    }
    place = problem.look(found.x) if multipliers else None
    for i, one in enumerate(evidence.constraints):
        if place is not None and one.multiplier:
            pull = add_scaled(pull, -one.multiplier * problem.sign * problem.signs[i], place.rows[i])
    left = norm(pull)
    return Outcome(
        status, ending.message, ending.status in SUCCESSES, problem.at(found.x), problem.sign * found.f + 0.0, jac,
        descent.taken, problem.count, problem.count, problem.curvatures, "sqp", "", left, ending.eigenvalues,
        ending.direction, multipliers or None, order=ending.order, constrained=evidence,
    )  # fmt: skip


def never(outcome: Outcome, texts: Sequence[str], conflict: Sequence[int]) -> Outcome:
    """An outcome where constraints, *texts* at the places *conflict*, are shown to hold nowhere, by what their sides can be."""
    evidence = outcome.constrained
    shown = f"{' and '.join(texts)} {'contradict each other' if len(texts) > 1 else 'cannot be met'}"
    message = f"{shown}, proved: the two sides are apart wherever they have values"
    if evidence is not None:
        states = tuple(
            state._replace(active=False, multiplier=None, kkt_multiplier=None, wrt_constant=None)
            for state in evidence.constraints
        )
        evidence = Constrained(states, evidence.violation, proved=True, conflict=tuple(conflict))
    return outcome._replace(
        status="infeasible", message=message, success=False, constrained=evidence, multipliers=None,
        eigenvalues=None, direction=None,
    )  # fmt: skip


def distinct(constraints: Sequence[Constraint]) -> tuple[list[Constraint], list[int]]:
    """The constraints without those that are written again, and for each of all its place among them."""
    found: dict[tuple[object, ...], int] = {}
    kept: list[Constraint] = []
    places = []
    for one in constraints:
        sides = ("".join(one.left.split()), one.relation, "".join(one.right.split()), one.strict)
        if sides not in found:
            found[sides] = len(kept)
            kept.append(one)
        places.append(found[sides])
    return kept, places


def with_copies(outcome: Outcome, constraints: Sequence[Constraint], places: Sequence[int]) -> Outcome:
    """An outcome of distinct constraints as one of all of them, whose multipliers are shared equally: the least in norm."""
    evidence = outcome.constrained
    if evidence is None:
        return outcome
    states = []
    for one, place in zip(constraints, places, strict=True):
        state, times = evidence.constraints[place], places.count(place)
        parts = [
            m if m is None else m / times
            for m in (state.multiplier, state.kkt_multiplier, state.wrt_constant)
        ]
        states.append(ConstraintState(one.text, one.of, *state[2:6], *parts))
    shared = {i for i in places if places.count(i) > 1 and evidence.constraints[i].active}
    conflict = tuple(k for k, i in enumerate(places) if i in evidence.conflict and places.index(i) == k)
    evidence = evidence._replace(constraints=tuple(states), conflict=conflict)
    message, decimals = outcome.message, evidence.decimals
    if shared:
        values = evidence.singular_values
        regular = evidence.regular and False
        texts = {evidence.constraints[k].text for k, i in enumerate(places) if i in shared}
        decimals = decimals and {name: x for name, x in decimals.items() if name not in texts}
        evidence = evidence._replace(
            regular=regular, singular_values=values and (*values, 0.0), decimals=decimals, combination=None
        )
        if any(one.multiplier for one in states) and UNIQUE not in message:
            message += f"; {UNIQUE}"
    numbers = {
        (_alone(one) or one.text): state.multiplier
        for one, state in zip(constraints, states, strict=True) if state.active and state.multiplier is not None
    }  # fmt: skip
    return outcome._replace(message=message, constrained=evidence, multipliers=numbers or outcome.multipliers)


#: What is said of multipliers where slopes depend on each other.
UNIQUE = "multipliers are not unique, the least in norm are shown"


def _bounded(problem: ConstrainedProblem, place: int) -> str | None:
    return _alone(problem.constraints[place])


def _alone(one: Constraint) -> str | None:
    """The variable of a bound, not of a multiple of one."""
    return one.bound if one.limit is not None and abs(one.limit.factor) == 1 else None


def no_start(
    problem: ConstrainedProblem, at: Mapping[str, float], what: str = "at the start: begin next to it"
) -> Exception:
    """Why something has no value or no slope at the start, or *what* there is to say where slopes are missing."""
    from gradcli.calculus.evaluation.gradient_at_point import evaluate
    from gradcli.calculus.formulas.texts.compiler import compile_text

    definitions = divided(problem.text).definitions
    beside = ["; ".join([*definitions, one.difference]) for one in problem.constraints]
    for text in (problem.text, *beside):
        compiled = compile_text([text], problem.given, None, formulas=False)
        try:
            evaluate(compiled.program, compiled.text, {name: at[name] for name in compiled.program.variables})
        except DomainProblem as error:
            return error
    return DomainProblem(f"something has no slope {what}")
