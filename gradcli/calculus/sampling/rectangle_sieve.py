"""Rectangles in which a gradient is not 0, left out of many at once by intervals of floats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradcli.calculus.graph.derivative_programs import Derived
from gradcli.calculus.sampling.interval_arrays import (
    Interval,
    around,
    difference,
    intervals_of,
    product,
    total,
)

#: The lower and the upper end along the first axis and along the second: rationals.
Rectangle = tuple[Any, Any, Any, Any]


def sieved(
    table: Derived, places: Sequence[int], others: Sequence[Any], rectangles: Sequence[Rectangle]
) -> list[Rectangle]:
    """The rectangles that may hold a zero of the gradient.

    table: slopes and second derivatives along the two variables at *places*, an arithmetic program; others: the numbers
    of the other variables, in the places of all.
    """
    if not rectangles:
        return []
    ends = np.array([(*around(a), *around(b), *around(c), *around(d)) for a, b, c, d in rectangles]).T
    whole = (ends[0], ends[3]), (ends[4], ends[7])
    middles = [(a + b) / 2 for a, b in whole]
    wide = _Numbers(table, places, others, whole)
    thin = _Numbers(table, places, others, [(x, x) for x in middles])
    offsets = [difference(side, (x, x)) for side, x in zip(whole, middles, strict=True)]
    with np.errstate(all="ignore"):
        left = ~(_misses_zero(wide.slopes) | _misses_zero(_preconditioned(wide, thin, offsets)))
    return [one for one, may in zip(rectangles, left, strict=True) if may]


class _Numbers:
    """Both slopes, and the three second derivatives, over boxes."""

    def __init__(
        self, table: Derived, places: Sequence[int], others: Sequence[Any], sides: Sequence[Interval]
    ) -> None:
        point: list[Interval] = [(0.0, 0.0) if x is None else around(x) for x in others]
        for place, side in zip(places, sides, strict=True):
            point[place] = side
        slots = intervals_of(table.program, point)
        (a, b), (_, d) = table.seconds
        shape = np.shape(sides[0][0])

        def over_all(slot: int | None) -> Interval:
            """The slot's ends in each box, also where they do not depend on it."""
            low, high = slots[slot or 0]
            return np.broadcast_to(low, shape), np.broadcast_to(high, shape)

        self.slopes = [over_all(slot) for slot in table.slopes if slot is not None]
        self.seconds = [over_all(slot) for slot in (a, b, d) if slot is not None]


def _preconditioned(wide: _Numbers, thin: _Numbers, offsets: Sequence[Interval]) -> list[Interval]:
    """The gradient by the mean value theorem, along directions in which it is nearly one coordinate each: multiplied by
    the adjugate of the Hessian in the middle (Neumaier, Interval Methods for Systems of Equations, 1990, section 5.1).
    """
    a, b, d = (((low + high) / 2,) * 2 for low, high in thin.seconds)
    (g, h), (p, q, r), (right, up) = thin.slopes, wide.seconds, offsets
    return [
        total(
            difference(product(d, g), product(b, h)),
            product(difference(product(d, p), product(b, q)), right),
            product(difference(product(d, q), product(b, r)), up),
        ),
        total(
            difference(product(a, h), product(b, g)),
            product(difference(product(a, q), product(b, p)), right),
            product(difference(product(a, r), product(b, q)), up),
        ),
    ]


def _misses_zero(intervals: Sequence[Interval]) -> Any:
    """Where one of them is on one side of 0. What is no number is on none."""
    return np.logical_or.reduce([(low > 0) | (high < 0) for low, high in intervals])
