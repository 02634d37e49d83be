"""Is a point optimal? Its violation, what multipliers leave of the gradient, and what the KKT point next to it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.descent.constrained.constrained_outcome import Wish, no_start
from gradcli.descent.constrained.constrained_sentences import ending_of, texts
from gradcli.descent.constrained.judged import Judged
from gradcli.descent.constrained.kkt_search import kkt_finding
from gradcli.descent.constrained.optimality.least_violation import violation_of
from gradcli.descent.constrained.optimality.multipliers import multipliers_of
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.constrained.problems.constrained_states import states_of
from gradcli.descent.constrained.unbalanced_points import unbalanced
from gradcli.descent.objective.vectors import Vector, add_scaled, norm
from gradcli.descent.verdicts.outcome import ConstraintState, Outcome, listed
from gradcli.language.records import NamedTuple


class PointReport(NamedTuple):
    """What is said of a point.

    optimal: whether it is a local minimum (maximum, where that was asked), to within the tolerances. word: what it is:
    infeasible, descending, or the word of an ending. projected: f's slopes without what multipliers balance. residual: its
    length, as a share of the slopes'. nearest: the optimal point next to it; distance: how far that is.
    """

    optimal: bool
    word: str
    message: str
    value: float
    constraints: tuple[ConstraintState, ...]
    violation: float
    projected: Mapping[str, float]
    residual: float
    nearest: Mapping[str, float] | None = None
    distance: float | None = None
    eigenvalues: tuple[float, ...] | None = None


def point_report(
    problem: ConstrainedProblem, at: Mapping[str, float], tolerance: tuple[float, float]
) -> PointReport:
    """Whether the point is optimal. tolerance: absolute and relative, of coordinates, constraints and slopes.

    Raises DomainProblem where something has no value there.
    """
    x = [float(at[name]) for name in problem.names]
    place = problem.look(x)
    absolute, relative = tolerance
    room = absolute + relative * norm(x)
    if place is None:
        shown = _without_slopes(problem, at, room)
        if shown is None:
            raise no_start(problem, at, "there, and no smooth piece that meets there shows that it is least")
        return shown
    scales = [1.0 / (norm(row) or 1.0) for row in place.rows]
    active = [
        i
        for i, (h, e, s) in enumerate(zip(place.h, problem.equal, scales, strict=True))
        if e or h * s >= -room
    ]
    found = multipliers_of(place.g, place.rows, problem.equal, active)
    left = _left(place, found.numbers)
    states = states_of(problem, place.h, active, found.numbers)
    violation = violation_of(place.h, problem.equal)
    broken = [i for i, h in enumerate(place.h) if (abs(h) if problem.equal[i] else h) * scales[i] > room]
    projected = {name: problem.sign * a + 0.0 for name, a in zip(problem.names, left, strict=True)}
    base = PointReport(
        False, "infeasible", "", problem.sign * place.f, states, violation, projected, found.rest
    )
    if broken:
        what = f"{texts(problem, broken)} {'does' if len(broken) == 1 else 'do'} not hold"
        return base._replace(message=f"{what}: missed by {violation:.6g}")
    return _balanced(problem, place, base, room, relative)


def _without_slopes(problem: ConstrainedProblem, at: Mapping[str, float], room: float) -> PointReport | None:
    """The report of a minimum where slopes are missing, all of whose smooth pieces show it; None where they do not."""
    from gradcli.descent.constrained.piece_minima import minimum_of_pieces

    base = Outcome("stalled", "", False, dict(at), 0.0, {}, 0, 0, 0, 0, "sqp")
    wish = Wish(wrt=problem.names, ascend=problem.sign < 0)
    found = minimum_of_pieces(problem.text, problem.constraints, [dict(at)], base, wish)
    if found is None or found.constrained is None:
        return None
    distance = norm([found.x[name] - at[name] for name in problem.names])
    states, violation = found.constrained.constraints, found.constrained.violation
    if distance > room:
        return None
    return PointReport(True, found.status, found.message, found.fun, states, violation, {}, 0.0)


def _left(place: Place, multipliers: Sequence[float]) -> Vector:
    left = list(place.g)
    for m, row in zip(multipliers, place.rows, strict=True):
        if m:
            left = add_scaled(left, m, row)
    return left


def _balanced(
    problem: ConstrainedProblem, place: Place, base: PointReport, room: float, relative: float
) -> PointReport:
    """The report of a point that keeps the constraints."""
    from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
    from gradcli.descent.objective.objective_in_balls import floats

    spans = [1.0 + norm(place.x)] * len(place.x)
    scales = [1.0 / (norm(row) or 1.0) for row in place.rows]
    exactly = ConstrainedInBalls(problem)
    found = kkt_finding(exactly, place, spans, scales)
    if found is not None:
        x = floats(found.x)
        gaps = [abs(a - b) for a, b in zip(x, place.x, strict=True)]
        distance = norm(gaps)
        near = dict(zip(problem.names, x, strict=True))
        base = base._replace(
            nearest=near, distance=distance, eigenvalues=tuple(problem.sign * e for e in found.eigenvalues)
        )
        if distance <= room:
            ending = ending_of(problem, found, x)
            optimal = found.kind in ("minimum", "level") and not any(
                problem.constraints[i].strict for i in found.active
            )
            return base._replace(optimal=optimal, word=_word(problem, ending.status), message=ending.message)
    singular = unbalanced(exactly, place, spans, scales)
    shown = None if singular is None else _without_multipliers(problem, base, singular, place.x, room)
    if shown is not None and shown.optimal:
        return shown
    if base.residual <= relative:
        message = "multipliers balance the gradient, and what the point is is not decided"
        return base._replace(word="undecided", message=message)
    return shown or _descending(problem, base)


def _without_multipliers(
    problem: ConstrainedProblem, base: PointReport, singular: Judged, x: Sequence[float], room: float
) -> PointReport | None:
    """The report of a point whose constraints' slopes depend on each other; None where *singular* is another one."""
    from gradcli.descent.constrained.extrema.counted_extremum import is_least_of_all

    distance = norm([a - b for a, b in zip(singular.x, x, strict=True)])
    there = dict(zip(problem.names, singular.x, strict=True))
    states, ending = singular.evidence.constraints, singular.ending
    found = base._replace(nearest=there, distance=distance, constraints=states, message=ending.message)
    if distance <= room and ending.status == "minimum-on-constraint":
        return found._replace(optimal=True, word=_word(problem, ending.status))
    if distance:
        return None
    whole = set(problem.given) <= set(problem.names)
    if whole and is_least_of_all(problem.text, problem.constraints, there, ascend=problem.sign < 0):
        message = f"the absolute {problem.extreme}: all points where f can be extreme under the constraints are counted; "
        message += "there are no multipliers"
        return found._replace(optimal=True, word=_word(problem, "minimum-on-constraint"), message=message)
    return base._replace(word="nonregular", message=ending.message)


def _descending(problem: ConstrainedProblem, base: PointReport) -> PointReport:
    """The report of a point from which f falls along what constraints leave."""
    length = norm(list(base.projected.values())) or 1.0
    told = listed({name: -problem.sign * a / length + 0.0 for name, a in base.projected.items()})
    message = f"no multipliers balance the gradient: f {problem.falls} along {told}, "
    message += "and the constraints hold there to first order"
    if base.nearest is not None and base.distance is not None:
        message += f"; the next point where they do is {listed(base.nearest)}, {base.distance:.3g} away"
    return base._replace(word="descending", message=message)


def _word(problem: ConstrainedProblem, status: str) -> str:
    from gradcli.descent.verdicts.outcome import UPHILL

    return UPHILL.get(status, status) if problem.sign < 0 else status
