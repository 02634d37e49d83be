"""Slopes that may be two: at a corner one on the left and one on the right, and the corners that they come from."""

from __future__ import annotations

import math
from typing import NamedTuple

from gradcli.calculus.backends.error_propagation import UNDERFLOW, UNIT


class Slope(NamedTuple):
    """A slope on the left and on the right. error: a bound in units of 2**-53. origins: the levels whose corners it has.

    Where a slope has no number on a side, neither side has one: both are nan.
    """

    left: float
    right: float
    error: float = 0.0
    origins: frozenset[str] = frozenset()

    @property
    def is_one(self) -> bool:
        """Whether both sides are one number."""
        return self.left == self.right


NOTHING = Slope(0.0, 0.0)


def slope(number: float, error: float = 0.0) -> Slope:
    """A slope that is one number."""
    return Slope(number, number, error)


def added(a: Slope, b: Slope) -> Slope:
    """The sum; it has no sides where both have corners of the same level."""
    if b == NOTHING:
        return a
    if a == NOTHING:
        return b
    origins = a.origins | b.origins
    if a.origins & b.origins:
        return Slope(math.nan, math.nan, math.inf, origins)
    left, right = a.left + b.left, a.right + b.right
    return Slope(left, right, a.error + b.error + _rounding(left, right), origins)


def through(outer: Slope, inner: Slope) -> Slope:
    """The chain rule: the slope along what *inner* is a slope along, where *outer* is the slope along the inner value."""
    origins = outer.origins | inner.origins
    if outer == NOTHING or (inner == NOTHING and math.isfinite(outer.left) and math.isfinite(outer.right)):
        return NOTHING
    if (outer.origins and inner.origins) or inner == NOTHING:  # nothing times what has no end is not nothing
        return Slope(math.nan, math.nan, math.inf, origins)
    if outer.origins:  # the inner value goes up or down
        sides = (outer.left, outer.right) if inner.right > 0 else (outer.right, outer.left)
    else:
        sides = (outer.left, outer.right)
    left, right = sides[0] * inner.left, sides[1] * inner.right
    steep, steeper = max(map(abs, outer[:2])), max(map(abs, inner[:2]))
    error = steep * inner.error + steeper * outer.error + outer.error * inner.error * UNIT
    return Slope(left, right, error + _rounding(left, right), origins)


def _rounding(left: float, right: float) -> float:
    return max(abs(left), abs(right)) + UNDERFLOW


def chosen_slope(one: Slope, corner: str) -> float | None:
    """The slope that a rule for corners takes of two."""
    left, right = one.left, one.right
    if one.is_one:
        return left if math.isfinite(left) else None
    if math.isnan(left) or math.isnan(right) or corner == "none":
        return None
    if corner in ("left", "right"):
        return left if corner == "left" else right
    if corner == "least":
        return 0.0 if left * right <= 0 else min(left, right, key=abs)
    return (left + right) / 2  # frameworks share a tie among the rows that have it
