"""Bounds of f on a box from its middle: by slopes, by second derivatives, and by the tangent where f is convex.

(Neumaier, Interval methods for systems of equations, 1990, chapter 2; Hansen & Walster, Global optimization using
interval analysis, 2004, chapters 7 and 12.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

_HALF = arb(0.5)


def by_slopes(value: Any, slopes: Sequence[Any], offsets: Sequence[Any]) -> Any:
    """All that f can be: its *value* at a point, and its slopes over the box times the *offsets* from the point."""
    found = value
    for slope, offset in zip(slopes, offsets, strict=True):
        found = found + slope * offset
    return found


def by_curvature(
    value: Any, slopes: Sequence[Any], seconds: Sequence[Sequence[Any]], radii: Sequence[Any]
) -> Any:
    """A lower bound of f from its value and slopes at the middle, and its second derivatives on the box."""
    found = value
    for i, r in enumerate(radii):
        if r.is_zero():
            continue
        found = found - _fall(slopes[i].abs_upper(), seconds[i][i].lower(), r)
        for j in range(i):
            if not radii[j].is_zero():
                found = found - seconds[i][j].abs_upper() * r * radii[j]
    return found.lower()


def _fall(slope: Any, second: Any, r: Any) -> Any:
    """How far slope*d + second*d*d/2 can be below 0 for d from -r to r; *slope* is not below 0."""
    if second > 0 and not slope >= second * r:
        return slope * slope / (second + second)
    return slope * r - _HALF * second * r * r


def by_tangent(value: Any, slopes: Sequence[Any], offsets: Sequence[Any]) -> Any:
    """A lower bound of a convex f: its tangent at a point, over the *offsets* of the box from it."""
    found = value
    for slope, offset in zip(slopes, offsets, strict=True):
        found = found + slope * offset
    return found.lower()


def is_definite(seconds: Sequence[Sequence[Any]]) -> bool:
    """Whether all symmetric matrices in a matrix of balls are positive definite: by elimination without square roots."""
    rows = [list(row) for row in seconds]
    size = len(rows)
    for k in range(size):
        pivot = rows[k][k]
        if not pivot > 0:
            return False
        for i in range(k + 1, size):
            factor = rows[i][k] / pivot
            for j in range(k + 1, i):
                rows[i][j] = rows[j][i] = rows[i][j] - factor * rows[j][k]
            rows[i][i] = rows[i][i] - _squared(rows[i][k]) / pivot
    return True


def _squared(x: Any) -> Any:
    low, high = x.abs_lower(), x.abs_upper()
    return (low * low).union(high * high)
