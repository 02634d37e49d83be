"""The equations of a manifold: residuals of kinks with their gradients, the step that brings them to 0, and tangents."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from flint import arb, arb_mat, fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.descent.certificates.corners.kink_residuals import Kink, residual
from gradcli.descent.certificates.corners.kinks_near import Local
from gradcli.descent.objective.objective_in_balls import rational
from gradcli.descent.objective.vectors import Matrix, Spectrum, dot, norm, scaled, solve_spectral, spectrum

#: Directions whose share of the largest is below this are none.
RANK = 1e-9


class Row(NamedTuple):
    """One equation of the manifold: the kink it belongs to, its gradient in floats, and what is to be brought to 0.

    squared: whether the kink's residual is the sum of such rows' squares, and not the row itself. exact: the gradient in balls.
    """

    kink: int
    slope: list[float]
    gap: Any
    squared: bool = False
    exact: Sequence[Any] = ()


def equations(local: Local, kinks: Sequence[Kink], spans: Sequence[float]) -> list[Row] | None:
    """The residuals and their gradients; a root of squares has as many as squares: where their sum's gradient vanishes.

    None where one has no value, or no gradient that floats hold.
    """
    rows: list[Row] = []
    for number, kink in enumerate(kinks):
        here = residual(kink, local.here)
        slopes = local.gradient(lambda slots, kink=kink: residual(kink, slots))  # type: ignore[misc]
        if here is None or slopes is None:
            return None
        floats = [float(b.mid()) for b in slopes]
        steep = norm([b * span for b, span in zip(floats, spans, strict=True)])
        if not isfinite(steep):
            return None
        squares = _squares(local, kink, here, slopes, spans) if kink.kind in ("root", "pole") else None
        if squares is not None:
            rows += [Row(number, slope, gap, squared=True) for slope, gap in squares]
        elif steep > 0:
            gap = ball(here) if not ball(here).contains(0) else fmpq(0)
            rows.append(Row(number, floats, gap, exact=slopes))
    return rows


def _squares(
    local: Local, kink: Kink, here: Any, slopes: Sequence[Any], spans: Sequence[float]
) -> list[tuple[list[float], Any]] | None:
    """Rows for a residual that is a sum of squares next to its 0; None where it is none.

    There b·∇u = 0 for each eigenvector b of u's Hessian, scaled so that u is the sum of the rows' squares.
    """
    matrix = local.hessian(lambda slots: residual(kink, slots))
    if matrix is None:
        return None
    scale = [
        [a * b * x for b, x in zip(spans, row, strict=True)] for a, row in zip(spans, matrix, strict=True)
    ]
    d, part = scaled(scale)
    values = spectrum(part)
    if not values.values or values.values[0] < -RANK or values.values[-1] <= RANK:
        return None
    return _rows(values, d, slopes, spans) if _is_least(scale, here, slopes, spans) else None


def _is_least(scale: Matrix, here: Any, slopes: Sequence[Any], spans: Sequence[float]) -> bool:
    """Whether a residual's slopes are as small beside its value as those of a sum of squares."""
    steep = norm([float(b.mid()) * span for b, span in zip(slopes, spans, strict=True)])
    curved = max(abs(x) for row in scale for x in row)
    if not steep * steep <= 8.0 * curved * max(float(abs(here).mid()), 0.0) * len(
        spans
    ) + 1e-200 and not ball(here).contains(0):
        return False
    return not (ball(here).contains(0) and steep > 1e-30 * curved)


def _rows(
    values: Spectrum, d: Sequence[float], slopes: Sequence[Any], spans: Sequence[float]
) -> list[tuple[list[float], Any]]:
    """A row for each direction in which the sum of squares grows."""
    rows = []
    for value, vector in zip(values.values, values.vectors, strict=True):
        if value <= RANK:
            continue
        # u = Σ q/2 (c·(x - x*))² with c = b/d/spans, so that its rows are √(q/2) c.
        slope = [(value / 2) ** 0.5 * b / (a * span) for a, b, span in zip(d, vector, spans, strict=True)]
        along = [b * a * span for a, b, span in zip(d, vector, spans, strict=True)]
        gap = sum((arb(c) * g for c, g in zip(along, slopes, strict=True)), arb(0)) / arb((2 * value) ** 0.5)
        rows.append((slope, fmpq(0) if gap.contains(0) else gap))
    return rows


def least_step(rows: Sequence[Row], spans: Sequence[float]) -> list[Any]:
    """The shortest step, measured by *spans*, that brings the rows' gaps to 0 in the mean."""
    scale = [norm([b * span for b, span in zip(row.slope, spans, strict=True)]) or 1.0 for row in rows]
    a = [
        [b * span / c for b, span in zip(row.slope, spans, strict=True)]
        for row, c in zip(rows, scale, strict=True)
    ]
    gaps = [ball(row.gap) / arb(c) for row, c in zip(rows, scale, strict=True)]
    size = max((abs(gap).mid() for gap in gaps), default=arb(0))
    if not size > 0:
        return [fmpq(0)] * len(spans)
    right = [-float((gap / size).mid()) for gap in gaps]
    parts = spectrum([[dot(p, q) for q in a] for p in a])
    shares = solve_spectral(parts, right, RANK * max(map(abs, parts.values)))
    step = [
        sum(share * row[i] for share, row in zip(shares, a, strict=True)) * spans[i]
        for i in range(len(spans))
    ]
    return [rational(arb(d) * size) for d in step]


def tangents(rows: Sequence[Row], spans: Sequence[float], free: Sequence[int]) -> Matrix:
    """Directions, measured by *spans*, along which no row changes: an orthonormal base of them."""
    a = [[row.slope[i] * spans[i] for i in free] for row in rows]
    a = [[b / (norm(row) or 1.0) for b in row] for row in a]
    size = range(len(free))
    parts = spectrum([[sum(row[i] * row[j] for row in a) for j in size] for i in size])
    found = []
    for value, vector in zip(parts.values, parts.vectors, strict=True):
        if value <= RANK:
            way = [0.0] * len(spans)
            for i, number in zip(free, vector, strict=True):
                way[i] = number * spans[i]
            found.append(way)
    return found


def tangents_in_balls(
    rows: Sequence[Row], ways: Matrix, spans: Sequence[float], free: Sequence[int]
) -> list[list[Any]]:
    """The tangents *ways* without rounding errors across them; as they are where rows depend on each other."""
    scale = [arb(span) * (i in free) for i, span in enumerate(spans)]
    a = arb_mat([[s * ball(b) for s, b in zip(scale, row.exact or row.slope, strict=True)] for row in rows])
    across = (
        arb_mat([[arb(b) / arb(span) for b, span in zip(way, spans, strict=True)] for way in ways])
        * a.transpose()
    )
    try:
        shares = (a * a.transpose()).solve(across.transpose()).transpose() * a
    except ZeroDivisionError:
        return [[arb(b) for b in way] for way in ways]
    return [
        [arb(b) - s * shares[number, i] for i, (b, s) in enumerate(zip(way, scale, strict=True))]
        for number, way in enumerate(ways)
    ]
