"""A place where a descent ended → what it is: a point polished in balls, and signs that are certain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import norm
from gradcli.descent.verdicts.curvature import spans_of
from gradcli.descent.verdicts.outcome import Ending, listed, named
from gradcli.language.limits import limit

if TYPE_CHECKING:
    from gradcli.descent.certificates.newton_polish import Polished
    from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls

#: A stationary point that is no minimum is the end of a descent only within this share of the region's size.
NEAR = 1e-2


def classify_point(
    objective: Objective,
    place: Evaluation,
    bounds: Bounds,
    spans: Sequence[float] | None = None,
    target: float = 1e-8,
) -> tuple[Evaluation, Ending | None]:
    """What the stationary point at *place*, or next to it, is; no ending where there is none, or it is not smooth.

    spans: the size of the region of interest. target: the gradient that was asked for.
    """
    if not place.x:
        return place, Ending("flat", "f does not depend on any variable that may move")
    if objective.by_rows is not None:
        return _of_rows(objective, objective.by_rows, place, bounds, spans, target)
    if not objective.curved:
        return place, _unclassified(objective, place) if norm(
            bounds.free(place.x, place.g)
        ) <= target else None
    from gradcli.descent.certificates.exact_minimum import exact_minimum
    from gradcli.descent.verdicts.verdict_sentences import ending_of

    spans = spans or spans_of(place.x, place.x)
    known = exact_minimum(objective, place, bounds, spans)
    there = None if known is None else objective.look(known.x)
    if known is not None and there is not None:
        return there, ending_of(objective, known, there, False)
    return _classified_in_balls(objective, place, bounds, spans, target)


def _of_rows(
    objective: Objective,
    rows: BoundRows,
    place: Evaluation,
    bounds: Bounds,
    spans: Sequence[float] | None,
    target: float,
) -> tuple[Evaluation, Ending | None]:
    """The same of a loss over rows in floats; where they tell of few rows no more than that f is flat, they are written out."""
    from gradcli.descent.verdicts.row_verdict import classify_by_rows
    from gradcli.descent.verdicts.written_rows import written_out

    there, ending = classify_by_rows(objective, rows, place, bounds, target)
    written = written_out(objective, rows) if ending is not None and ending.status == "flat" else None
    found = (there, None) if written is None else classify_point(written, there, bounds, spans, target)
    return (there, ending) if found[1] is None else found


def _classified_in_balls(
    objective: Objective, place: Evaluation, bounds: Bounds, spans: Sequence[float], target: float
) -> tuple[Evaluation, Ending | None]:
    """The same where floats do not decide."""
    from gradcli.descent.certificates.newton_polish import polished as in_balls
    from gradcli.descent.certificates.smooth_point import finding
    from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls, limits_of
    from gradcli.descent.verdicts.verdict_sentences import ending_of

    exact, limits = ObjectiveInBalls(objective), limits_of(bounds)
    point = in_balls(exact, place.x, limits, spans)
    if point is None:
        return place, None
    found = finding(exact, point, limits, spans)
    if found.kind == "rough" or not _belongs(exact, place, point, spans, found.kind):
        return place, None
    there = placed(exact, point.x)
    if there is None:
        return place, None
    if found.kind in ("minimum", "level"):
        return there, ending_of(objective, found, there, norm(bounds.free(there.x, there.g)) > target)
    return there, ending_of(objective, found, there, False)


def _belongs(
    exact: ObjectiveInBalls, place: Evaluation, point: Polished, spans: Sequence[float], kind: str
) -> bool:
    """Whether a stationary point is where the descent was: near, or a minimum that Newton's descent reached from there."""
    from gradcli.calculus.balls.decimals import double
    from gradcli.descent.objective.objective_in_balls import floats, less

    start = [double(a) for a in place.x]
    here, there = exact.value(start), exact.value(point.x)
    gap = [(a - b) / span for a, b, span in zip(floats(point.x), place.x, spans, strict=True)]
    if norm(gap) <= NEAR:
        return here is None or there is None or not _above(exact, start, point.x, there - here)
    return kind in ("minimum", "level") and here is not None and there is not None and less(there, here)


def _above(exact: ObjectiveInBalls, start: Sequence[Any], x: Sequence[Any], rise: Any) -> bool:
    """Whether f rises by more from *start* to a stationary point than its slopes explain: the point is beyond a jump."""
    from gradcli.descent.objective.objective_in_balls import less

    slopes = exact.gradient(start)
    if slopes is None:
        return False
    moves = zip(slopes, start, x, strict=True)
    return less(2 * sum(abs(g) * abs(a - b) for g, a, b in moves), rise)


def placed(exact: ObjectiveInBalls, x: Sequence[object]) -> Evaluation | None:
    """The place of the doubles nearest to a point."""
    from gradcli.descent.objective.objective_in_balls import floats

    return exact.objective.look(floats(x), careful=True)


def stopped_at(
    objective: Objective, place: Evaluation, bounds: Bounds, spans: Sequence[float], target: float
) -> Ending:
    """The ending where the gradient is below a tolerance that was asked for, and the point is left as it is.

    A minimum if f bends upward all the way to one: its distance is told.
    """
    where = named(objective, place)
    found = _minimum_near(objective, place, bounds, spans) if objective.curved else None
    if found is None:
        message = f"stopped at {where}: the gradient of {size(place)} is below --tol {target:g}, "
        message += f"but no {objective.extreme} is shown to be near"
        return Ending("stopped", message)
    ending, within = found
    if within == 0:
        return ending
    message = f"{ending.message}; --tol {target:g} stopped at {where}, at most {within:.2g} from it"
    return ending._replace(message=message, within=within)


def _minimum_near(
    objective: Objective, place: Evaluation, bounds: Bounds, spans: Sequence[float]
) -> tuple[Ending, float] | None:
    """A minimum to which f bends upward all the way, and how far it is."""
    from gradcli.calculus.balls.ball_numbers import working_bits
    from gradcli.calculus.balls.decimals import double
    from gradcli.descent.certificates.newton_polish import polished as in_balls
    from gradcli.descent.certificates.quadratic_forms import eliminated
    from gradcli.descent.certificates.smooth_point import finding
    from gradcli.descent.objective.objective_in_balls import BITS, ObjectiveInBalls, around, floats, limits_of
    from gradcli.descent.verdicts.verdict_sentences import ending_of

    exact, limits = ObjectiveInBalls(objective), limits_of(bounds)
    point = in_balls(exact, place.x, limits, spans)
    found = finding(exact, point, limits, spans) if point is not None else None
    if found is None or point is None or found.kind != "minimum" or found.how or found.weak:
        return None
    with working_bits(BITS):
        gaps = [abs(a - double(b)) for a, b in zip(point.x, place.x, strict=True)]
        matrix = exact.hessian(around(point.x, [gap + r for gap, r in zip(gaps, point.radius, strict=True)]))
        if matrix is None:
            return None
        parts = eliminated(matrix, [i for i, held in enumerate(found.held) if not held])
        if parts.rest or any(sign < 0 for sign in parts.signs):
            return None
    there = placed(exact, point.x)
    within = norm([float(gap) for gap in gaps]) if floats(point.x) != list(place.x) else 0.0
    return None if there is None else (ending_of(objective, found, there, False), within * (1 + 1e-9))


def signs_of_slopes(objective: Objective, place: Evaluation) -> list[float]:
    """The signs of slopes that floats cannot tell from 0."""
    if objective.by_rows is not None:
        return [0.0] * len(place.x)
    from gradcli.calculus.balls.decimals import double
    from gradcli.descent.certificates.quadratic_forms import sign_of
    from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls

    found = ObjectiveInBalls(objective).gradient([double(a) for a in place.x])
    return [0.0] * len(place.x) if found is None else [float(sign_of(b)) for b in found]


def _unclassified(objective: Objective, place: Evaluation) -> Ending:
    why = "there is no Hessian to tell what it is"
    if len(place.x) > limit("eigenvalues"):
        why = f"{len(place.x):,} variables are more than --limit eigenvalues={limit('eigenvalues'):g} to tell what it is"
    return Ending("unclassified", f"the gradient is {size(place)} at {named(objective, place)}, but {why}")


def plateau(objective: Objective, place: Evaluation, bounds: Bounds) -> Ending:
    """A place that is only less steep than what was asked for: what the gradient belongs to is elsewhere."""
    slope = bounds.free(place.x, place.g if any(place.g) else signs_of_slopes(objective, place))
    steep = norm(slope)
    if not steep:
        where = named(objective, place)
        return Ending("flat", f"flat at {where}: floats do not tell whether f {objective.falls} beside it")
    way = {name: -b / steep for name, b in zip(objective.names, slope, strict=True)}
    message = f"a plateau at {named(objective, place)}: the gradient is {size(place, bounds)}, but no {objective.extreme} "
    return Ending("plateau", f"{message}is near: f {objective.falls} on along {listed(way)}", direction=way)


def size(place: Evaluation, bounds: Bounds | None = None) -> str:
    """The gradient's length, shortened; without what presses against bounds."""
    return f"{norm(place.g if bounds is None else bounds.free(place.x, place.g)):.3g}"
