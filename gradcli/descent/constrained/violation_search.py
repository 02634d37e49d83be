"""Constraints that are missed → the nearest point that keeps them, or what is said where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.descent.constrained.constrained_sentences import texts
from gradcli.descent.constrained.judged import Judged
from gradcli.descent.constrained.kkt_search import kkt_finding
from gradcli.descent.constrained.methods.elastic_sqp import ElasticSqp
from gradcli.descent.constrained.optimality.contradictions import contradict
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.least_violation import LeastViolation, violation_of
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.constrained.problems.constrained_states import states_of
from gradcli.descent.constrained.problems.nearby_starts import region
from gradcli.descent.objective.vectors import norm
from gradcli.descent.verdicts.outcome import Constrained, Ending, listed

#: A least violation below this share of the point's size is none.
NONE = 1e-9


def nearest_feasible(
    problem: ConstrainedProblem, place: Place, most: int
) -> tuple[Place | None, Judged | None]:
    """A place where constraints hold, found from *place* by least violation; or the ending where the least is above 0."""
    from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
    from gradcli.descent.objective.objective_in_balls import floats

    least = LeastViolation(problem, problem.at(place.x))
    begin = least.problem.look(least.start(place.x, 1.1 * violation_of(place.h, problem.equal)))
    if begin is None:
        return None, None
    search = ElasticSqp(least.problem, begin, most)
    search.run()
    problem.count += least.problem.count
    problem.curvatures += least.problem.curvatures
    spans = region(begin.x, search.raw.x)
    found = kkt_finding(ConstrainedInBalls(least.problem), search.raw, spans, search.scales, thorough=False)
    x, t = least.point(floats(found.x) if found is not None else search.raw.x)
    there = problem.look(x)
    if there is None:
        return None, None
    if t <= NONE * (1 + norm(x)):
        return there, None
    told = _missed(problem, there)
    if found is not None and found.kind in ("minimum", "level"):
        told = _infeasible(problem, least, found, there, t)
    return None, told if told.evidence.proved else contradiction(problem, there) or told


def contradiction(problem: ConstrainedProblem, place: Place) -> Judged | None:
    """The ending where the equations are polynomials that have no common solution; None where that is not shown."""
    if not contradict(problem.constraints, problem.given, problem.names):
        return None
    conflict = [i for i, equal in enumerate(problem.equal) if equal]
    t = violation_of(place.h, problem.equal)
    where = listed(dict(zip(problem.names, place.x, strict=True)))
    message = f"{_conflict(problem, conflict)}, proved: 1 = 0 follows from them (their Gröbner basis is 1); "
    message += f"missed by {t:.6g} at {where}"
    evidence = Constrained(states_of(problem, place.h, [], None), t, proved=True, conflict=tuple(conflict))
    return Judged(place.x, place.f, place.g, Ending("infeasible", message), evidence)


def _missed(problem: ConstrainedProblem, place: Place) -> Judged:
    """The ending where constraints are missed, and it is not shown by how little they may be."""
    t = violation_of(place.h, problem.equal)
    where = listed(dict(zip(problem.names, place.x, strict=True)))
    message = f"no feasible point found near: the constraints are missed by {t:.6g} at {where}; another start may find one"
    states = states_of(problem, place.h, [], None)
    return Judged(
        place.x, place.f, place.g, Ending("infeasible", message), Constrained(states, t, proved=False)
    )


def _infeasible(
    problem: ConstrainedProblem, least: LeastViolation, found: KktFinding, place: Place, t: float
) -> Judged:
    conflict = sorted({
        least.sources[i] for i in found.active
        if found.multipliers[i] > 1e-9 and least.sources[i] >= 0
    })  # fmt: skip
    where = listed(dict(zip(problem.names, place.x, strict=True)))
    if found.convex:
        what = "it" if len(conflict) == 1 else "one of them"
        message = f"{_conflict(problem, conflict)}: every point misses {what} by at least {t:.6g}, proved; so little at {where}"
    else:
        message = f"no feasible point near: the violation has a local minimum {t:.6g} at {where}, where "
        message += f"{_conflict(problem, conflict)}; another start may find one"
    states = states_of(problem, place.h, [], None)
    evidence = Constrained(states, t, proved=found.convex, conflict=tuple(conflict))
    return Judged(place.x, place.f, place.g, Ending("infeasible", message), evidence)


def _conflict(problem: ConstrainedProblem, conflict: Sequence[int]) -> str:
    shown = texts(problem, conflict)
    return f"{shown} cannot be met" if len(conflict) == 1 else f"{shown} contradict each other"
