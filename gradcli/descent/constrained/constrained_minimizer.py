"""Minimize or maximize under constraints, and say how it ended."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from gradcli.descent.constrained.constrained_descent import ConstrainedDescent
from gradcli.descent.constrained.constrained_outcome import (
    PLAIN,
    StepsInRow,
    Wish,
    distinct,
    never,
    no_start,
    outcome_of,
    teller,
    with_copies,
)
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.verdicts.outcome import Outcome, listed
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.problem_text import divided, joined

if TYPE_CHECKING:
    from gradcli.descent.constrained.equivalents.rewritten_constraints import Rule
    from gradcli.descent.constrained.rooted_descent import RootedEnds

#: Endings without a minimum that are no lack of knowledge.
DECIDED = ("infeasible", "unbounded", "asymptote", "excluded")


def minimize_constrained(
    texts: Sequence[str], constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish = PLAIN
) -> Outcome:
    """Descend from *at* (uphill if it is wished) to where the constraints hold and f is least, and say how it ended.

    The listener is told the start, as step 0, and every step. Raises DomainProblem where something has no value at the
    start, ExtraProblem where SciPy is wished and not there.
    """
    kept, places = distinct(constraints)
    if len(kept) < len(constraints):
        return with_copies(minimize_constrained(texts, kept, at, wish), constraints, places)
    if any(word in one.text for one in constraints for word in ("floor", "ceil", "round", "sign")):
        from gradcli.descent.constrained.equivalents.jump_constraints import without_jump

        told = _rewritten(texts, constraints, at, wish, without_jump)
        if told is not None:
            return told
    if wish.method != "sqp":
        return _descended(texts, constraints, at, wish)
    steps = StepsInRow(wish.on_step)
    found = _descended(texts, constraints, at, wish._replace(on_step=steps))
    return found._replace(nit=steps.taken)


def _rewritten(
    texts: Sequence[str], constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish, rule: Rule
) -> Outcome | None:
    """The outcome under constraints as *rule* writes them, told as one under these; None where it leaves them as they are."""
    from gradcli.descent.constrained.equivalents.rewritten_constraints import as_typed, rewritten

    groups = rewritten(constraints, tuple(at), rule)
    if groups is None:
        return None
    found = minimize_constrained(texts, [one for group in groups for one in group], at, wish)
    return as_typed(joined(texts), constraints, groups, found)


def _descended(
    texts: Sequence[str], constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish
) -> Outcome:
    """How it ended, by whichever of several descents tells the most."""
    edges = _Edges(joined(texts), constraints, at, wish)
    found = _found(texts, constraints, at, wish, edges)
    if _is_decided(found):
        return found
    from gradcli.descent.constrained.equivalents.certain_ranges import never_met
    from gradcli.descent.constrained.equivalents.power_constraints import without_powers

    apart = never_met(constraints, tuple(at))
    if apart is not None:
        return never(found, [constraints[i].text for i in apart], apart)
    told = _rewritten(texts, constraints, at, wish, without_powers)
    if told is not None:
        return told
    found = _counted(joined(texts), constraints, found, wish)
    if wish.method != "sqp" or _is_decided(found):
        return found
    from gradcli.descent.constrained.bounded_descent import minimum_inside, minimum_within_bounds

    whole = joined(texts)
    return (
        minimum_within_bounds(whole, constraints, at, wish)
        or edges.minimum(found)
        or minimum_inside(whole, constraints, found, wish)
        or found
    )


def _is_decided(found: Outcome) -> bool:
    """Whether nothing is left to be known of a problem that ended so."""
    proved = found.constrained is not None and found.constrained.proved
    return found.success or (found.status in DECIDED and bool(proved or found.status != "infeasible"))


class _Edges:
    """What is looked for where roots end, and pieces of corners and jumps meet, near where searches ended.

    ends: where they did. moved: whether the start was left for one next to it.
    """

    def __init__(
        self, text: str, constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish
    ) -> None:
        self.text, self.constraints, self.at, self.wish = text, constraints, at, wish
        self.ends: Sequence[Mapping[str, float]] = ()
        self.moved = False

    @cached_property
    def lifted(self) -> RootedEnds:
        """How searches with roots as variables end."""
        from gradcli.descent.constrained.rooted_descent import ends_with_roots

        return ends_with_roots(self.text, self.constraints, self.at, self.wish)

    @property
    def has_roots(self) -> bool:
        """Whether there are roots in a problem with other constraints than bounds."""
        from gradcli.descent.constrained.optimality.lifted_roots import has_roots

        if all(one.bound is not None for one in self.constraints):
            return False  # a descent within bounds knows ends of domains
        return has_roots([self.text, *(one.difference for one in self.constraints)], tuple(self.at))

    def minimum(self, found: Outcome) -> Outcome | None:
        """A minimum near where a search ended, *found* so far; None without one."""
        from gradcli.descent.constrained.least_in_range import least_in_range
        from gradcli.descent.constrained.piece_minima import minimum_of_pieces

        ends = [*self.lifted.ends[:3], found.x, *self.ends[:3]]
        told = minimum_of_pieces(self.text, self.constraints, ends, found, self.wish)
        return (
            told or self.lifted.outcome or least_in_range(self.text, self.constraints, ends, found, self.wish)
        )


def _counted(text: str, constraints: Sequence[Constraint], found: Outcome, wish: Wish) -> Outcome:
    """The outcome; where no multipliers exist at its point, and that is shown to be the best of all, a minimum."""
    whole = wish.wrt is None or set(found.x) <= set(wish.wrt)
    if found.status != "nonregular" or found.constrained is None or not whole:
        return found
    from gradcli.descent.constrained.extrema.counted_extremum import is_least_of_all

    if not is_least_of_all(text, constraints, found.x, ascend=wish.ascend):
        return found
    extreme = "maximum" if wish.ascend else "minimum"
    message = f"the absolute {extreme}, at {listed(found.x)}: all points where f can be extreme under the constraints are "
    message += "counted, none of the others is better, and the value is attained; there are no multipliers"
    evidence = found.constrained._replace(convex=True)
    return found._replace(
        status=f"{extreme}-on-constraint", message=message, success=True, constrained=evidence
    )


def _found(
    texts: Sequence[str], constraints: Sequence[Constraint], at: Mapping[str, float], wish: Wish,
    edges: _Edges,
) -> Outcome:  # fmt: skip
    """How the descent by quadratic programs ended; *edges* is told where its searches did."""
    if wish.method == "sqp" and _has_corners([joined(texts), *(one.difference for one in constraints)], at):
        from gradcli.descent.constrained.cornered_descent import minimize_with_corners

        found = minimize_with_corners(joined(texts), constraints, at, wish)
        if found is not None:
            return found
    problem = ConstrainedProblem(texts, constraints, at, wish.wrt, ascend=wish.ascend)
    start = problem.look(_kept(problem, [float(at[name]) for name in problem.names]))
    if start is None:
        return _begun_beside(texts, constraints, at, (problem, wish), edges)
    told = teller(problem, wish.on_step)
    if told is not None:
        told(0, start)
    if wish.method != "sqp":
        return _after_scipy(problem, start, wish)
    descent = ConstrainedDescent(problem, start, wish.most, told, wish.digits, wish.tol)
    if descent.first() is None and edges.has_roots:
        edges.ends = descent.ends
        told_of = edges.minimum(outcome_of(problem, descent, descent.unfinished()))
        if told_of is not None:
            return told_of
    outcome = outcome_of(problem, descent)
    edges.ends = descent.ends
    return outcome


def _has_corners(texts: Sequence[str], at: Mapping[str, float]) -> bool:
    """Whether one of the texts has corners; most show at a glance that they have none."""
    if not any(
        word in text for text in texts for word in ("max", "min", "abs", "|", "relu", "where", "=", ";")
    ):
        return False
    from gradcli.descent.constrained.optimality.lifted_kinks import has_corners

    return has_corners(texts, tuple(at))


def _begun_beside(
    texts: Sequence[str], constraints: Sequence[Constraint], at: Mapping[str, float],
    asked: tuple[ConstrainedProblem, Wish], edges: _Edges,
) -> Outcome:  # fmt: skip
    """How a descent ended from next to a start where something has no slope; a note says so. Raises DomainProblem."""
    from gradcli.calculus.program.point_answer import Note
    from gradcli.descent.constrained.problems.nearby_starts import beside

    problem, wish = asked
    x = [float(at[name]) for name in problem.names]
    begin = None
    if not edges.moved and _has_values(problem, at):
        begin = beside(problem, _kept(problem, x), lambda moved: _kept(problem, moved))
    if begin is None:
        raise no_start(problem, at)
    edges.moved = True
    moved = {**at, **dict(zip(problem.names, begin.x, strict=True))}
    found = _found(texts, constraints, moved, wish, edges)
    where = listed(dict(zip(problem.names, begin.x, strict=True)))
    return found._replace(
        notes=(
            *found.notes,
            Note("start", f"something has no slope at the start: begun next to it, at {where}"),
        )
    )


def _has_values(problem: ConstrainedProblem, at: Mapping[str, float]) -> bool:
    """Whether f and all constraints have values at a point, and only slopes are missing."""
    from gradcli.descent.constrained.optimality.lifted_kinks import values_of

    definitions = divided(problem.text).definitions
    try:
        values_of(
            [problem.text, *("; ".join([*definitions, one.difference]) for one in problem.constraints)], at
        )
    except (ValueError, ArithmeticError):
        return False
    return True


def _after_scipy(problem: ConstrainedProblem, start: Place, wish: Wish) -> Outcome:
    """What SciPy's end is found to be, going on from there where it is no end; a note says what SciPy called it."""
    from gradcli.calculus.program.point_answer import Note
    from gradcli.descent.constrained.methods.scipy_methods import METHODS, run_scipy

    claimed = run_scipy(problem, start, wish.method, wish.most)
    descent = ConstrainedDescent(problem, claimed.place, wish.most, None, wish.digits, wish.tol)
    outcome = outcome_of(problem, descent)
    gap = math.dist(claimed.place.x, [outcome.x[name] for name in problem.names])
    word = "a success" if claimed.success else "no success"
    where = listed(dict(zip(problem.names, claimed.place.x, strict=True)))
    same = (
        "which is where this ends"
        if gap <= 1e-4 * (1 + math.hypot(*claimed.place.x))
        else "and this went on from there"
    )
    note = Note(
        "method",
        f"{METHODS[wish.method]} of SciPy ended at {where} and called it {word}, {same}; the verdict is gradcli's",
    )
    return outcome._replace(
        optimizer=wish.method, nit=claimed.steps + outcome.nit, notes=(*outcome.notes, note)
    )


def _kept(problem: ConstrainedProblem, x: list[float]) -> list[float]:
    """The start, moved into the bounds that are constants."""
    from gradcli.descent.constrained.problems.simple_bounds import bounds_among

    low, high = bounds_among(problem.constraints)
    return [
        min(max(a, low.get(name, -math.inf)), high.get(name, math.inf))
        if low.get(name, -math.inf) <= high.get(name, math.inf)
        else a
        for name, a in zip(problem.names, x, strict=True)
    ]
