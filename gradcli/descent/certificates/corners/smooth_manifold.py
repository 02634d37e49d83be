"""The manifold on which f stays smooth: landing on it exactly, and the stationary point of f along it.

Where kinks are active f is smooth along the points at which all of their residuals vanish, and rises or falls sharply
across (Lewis, Active sets, nonsmoothness and sensitivity, 2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double
from gradcli.descent.certificates.corners.kink_residuals import Kink, residual, settled
from gradcli.descent.certificates.corners.kinks_near import Local
from gradcli.descent.certificates.corners.manifold_equations import (
    RANK,
    Row,
    equations,
    least_step,
    tangents,
    tangents_in_balls,
)
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.objective.objective_in_balls import Limits, ObjectiveInBalls, Point, rational
from gradcli.descent.objective.vectors import Matrix, dot, norm, solve_spectral, spectrum

#: On its way along the manifold a point is as good as a simple one at this share of 2**ALMOST.
ALMOST = -60
#: A step, and a coordinate, below this share of the region's size is none.
TRACE = 2.0**-300
#: Steps of landing, of going along, and when a residual is as good as 0.
LANDING, ALONG, DONE = 40, 12, fmpq(1, 2**400)


class Landed(NamedTuple):
    """A point on the manifold of *kinks*, the equations there, and f's settled results."""

    x: Point
    kinks: tuple[Kink, ...]
    rows: list[Row]
    facts: dict[tuple[int, ...], Any]


def landed(
    at: ObjectiveInBalls,
    x: Point,
    kinks: Sequence[Kink],
    spans: Sequence[float],
    limits: Limits,
    reach: int = -20,
) -> Landed | None:
    """The nearest point at which the residuals of all *kinks* vanish; None where Newton's method finds none.

    reach: simple numbers a share of 2**reach away are taken at once, where residuals vanish at them.
    """
    at_once = simplified(at, x, kinks, spans, reach)
    if at_once is not x:
        return Landed(
            at_once,
            tuple(kinks),
            equations(Local(at, at_once, spans), kinks, spans) or [],
            settled(at, at_once, kinks),
        )
    try:
        brought = _brought(at, x, kinks, spans, limits)
    except OverflowError:  # it led to where no numbers are
        return None
    if brought is None:
        return None
    x = simplified(at, brought[0], kinks, spans)
    rows = equations(Local(at, x, spans), kinks, spans) or brought[1]
    return Landed(x, tuple(kinks), rows, settled(at, x, kinks))


def _brought(
    at: ObjectiveInBalls, x: Point, kinks: Sequence[Kink], spans: Sequence[float], limits: Limits
) -> tuple[Point, list[Row]] | None:
    """The point after Newton's steps that bring the residuals to 0, and the last equations; None where they do not."""
    for _ in range(LANDING):
        rows = equations(Local(at, x, spans), kinks, spans)
        if rows is None:
            return None
        if all(row.gap == 0 for row in rows):
            return x, rows
        step = least_step(rows, spans)
        after = limits.kept([rational(a + d) for a, d in zip(x, step, strict=True)])
        moved = [abs(a - b) for a, b in zip(after, x, strict=True)]
        x = after
        if all(d <= DONE * max(double(span), abs(a)) for d, a, span in zip(moved, x, spans, strict=True)):
            return x, rows
    return None


def simplified(
    at: ObjectiveInBalls, x: Point, kinks: Sequence[Kink], spans: Sequence[float], exponent: int = ALMOST
) -> Point:
    """The point, or simple numbers next to it, a share of 2**exponent away, at which the residuals vanish exactly."""
    simple, reach = [nearest_simple(a) for a in x], fmpq(2) ** exponent
    near = [
        b if abs(a - b) <= reach * double(span) else a for a, b, span in zip(x, simple, spans, strict=True)
    ]
    slots = at.slots(near)
    gaps = [residual(kink, slots) for kink in kinks]
    return near if all(gap is not None and ball(gap).is_zero() for gap in gaps) else x


class Balance(NamedTuple):
    """f along the manifold: the rows' multipliers σ with ∇F + Σ σ·row = 0, what is left of that along it, and the Hessian."""

    gradient: list[float]
    multipliers: list[float]
    ways: Matrix
    slopes: list[Any]
    curvature: Matrix


def balance(
    at: ObjectiveInBalls, found: Landed, spans: Sequence[float], free: Sequence[int]
) -> Balance | None:
    """How f stands at a point of the manifold. None where derivatives have no value."""
    frozen = Local(at, found.x, spans, found.facts)
    sign = -1 if at.objective.sign < 0 else 1

    def value(slots: list[Any]) -> Any:
        """f, times the sign of the descent; None where it has no value."""
        from gradcli.calculus.balls.programs.ball_operations import Failure

        result = slots[at.program.value]
        return None if isinstance(result, Failure) else ball(result) * sign

    gradient, matrix = frozen.gradient(value), frozen.hessian(value)
    if gradient is None or matrix is None:
        return None
    slopes = [float(b.mid()) for b in gradient]
    multipliers = _multipliers([row.slope for row in found.rows], slopes, spans, free)
    bent = _bent(at, found, spans, multipliers, matrix)
    if bent is None:
        return None
    ways = tangents(found.rows, spans, free)
    exactly = tangents_in_balls(found.rows, ways, spans, free) if found.rows and ways else ways
    left = [sum((w * g for w, g in zip(way, gradient, strict=True)), arb(0)) for way in exactly]
    curvature = [
        [sum(a * bent[i][j] * b for i, a in enumerate(p) for j, b in enumerate(q)) for q in ways]
        for p in ways
    ]
    return Balance(slopes, multipliers, ways, left, curvature)


def _bent(
    at: ObjectiveInBalls, found: Landed, spans: Sequence[float], multipliers: Sequence[float], matrix: Matrix
) -> Matrix | None:
    """f's Hessian with that of each kink's residual times its multiplier; None where one has no value."""
    local = Local(at, found.x, spans)
    for number, kink in enumerate(found.kinks):
        shares = [s for s, row in zip(multipliers, found.rows, strict=True) if row.kink == number]
        if len(shares) == 1:
            bend = local.hessian(lambda slots, kink=kink: residual(kink, slots))  # type: ignore[misc]
            if bend is None:
                return None
            pairs = zip(matrix, bend, strict=True)
            matrix = [[a + shares[0] * b for a, b in zip(p, q, strict=True)] for p, q in pairs]
    return matrix


def _multipliers(
    rows: Matrix, slopes: Sequence[float], spans: Sequence[float], free: Sequence[int]
) -> list[float]:
    """The least squares' solution of Σ σ·row = -slopes along the free variables, the shortest one."""
    scale = [norm([row[i] * spans[i] for i in free]) or 1.0 for row in rows]
    a = [[row[i] * spans[i] / c for i in free] for row, c in zip(rows, scale, strict=True)]
    right = [-slopes[i] * spans[i] for i in free]
    parts = spectrum([[dot(p, q) for q in a] for p in a])
    shares = solve_spectral(
        parts, [dot(row, right) for row in a], RANK * max(map(abs, parts.values), default=0.0)
    )
    return [share / c for share, c in zip(shares, scale, strict=True)]


def stationary(
    at: ObjectiveInBalls, found: Landed, spans: Sequence[float], limits: Limits, free: Sequence[int]
) -> tuple[Landed, Balance] | None:
    """The point of the manifold next to *found* where f is stationary along it; None where there is none."""
    for _ in range(ALONG):
        here = balance(at, found, spans, free)
        if here is None:
            return None
        if not here.ways or all(slope.contains(0) for slope in here.slopes):
            return _without_traces(found, spans), here
        moves = _moves(here, at.size)
        if moves is None:
            return None
        if all(float(abs(d)) <= TRACE * span for d, span in zip(moves, spans, strict=True)):
            return _without_traces(found, spans), here
        if any(float(abs(d)) > 0.5 * span for d, span in zip(moves, spans, strict=True)):
            return None
        x = limits.kept([rational(a - d) for a, d in zip(found.x, moves, strict=True)])
        after = landed(at, x, found.kinks, spans, limits, ALMOST)
        if after is None:
            return None
        found = after
    return None


def _without_traces(found: Landed, spans: Sequence[float]) -> Landed:
    """The same with coordinates of 0 for those that are what the last step left of that."""
    x = [fmpq(0) if abs(a) <= double(TRACE * span) else a for a, span in zip(found.x, spans, strict=True)]
    return found._replace(x=x)


def _moves(here: Balance, size: int) -> list[Any] | None:
    """Newton's step along the manifold; None where it is not finite."""
    unit = max((abs(slope).mid() for slope in here.slopes), key=float)
    parts = spectrum(here.curvature)
    right = [float((slope / unit).mid()) for slope in here.slopes]
    shares = solve_spectral(parts, right, RANK * max(map(abs, parts.values)))
    step = [sum(share * way[i] for share, way in zip(shares, here.ways, strict=True)) for i in range(size)]
    return [arb(d) * unit for d in step] if all(abs(d) < float("inf") for d in step) else None
