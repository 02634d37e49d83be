"""What a curve of one variable has that a line through samples would hide: corners, jumps, poles, holes, extrema.

Samples lie on multiples of a round step, since the places where formulas break are round numbers more often
than not. Where neighbours do not fit together, the place between them is found by halving, and named by what
the curve does on its two sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

#: A place is looked at from beside, at these shares of the range.
FAR, NEAR = 1e-4, 1e-7

#: At most so many suspicious places are looked at: a curve with more of them is noise at this scale.
MOST = 40

#: x → (f, f′), nan where there is none.
Curve = Callable[[float], tuple[float, float]]


class Feature(NamedTuple):
    """A place of a curve.

    kind: `minimum`, `maximum`, `corner`, `cusp` (infinite slope), `jump`, `pole`, `hole`, `edge` (the domain ends).
    value: f there, or nan. left, right: what f tends to on the sides, nan where it is infinite or not there.
    steep: whether f or its slope grows without end on a side.
    """

    kind: str
    x: float
    value: float
    left: float
    right: float
    steep: bool = False


#: Features at which a curve must not be drawn through.
BREAKS = ("jump", "pole", "hole", "edge")


def grid(low: float, high: float, count: int = 800) -> list[float]:
    """Multiples of a round step between the ends, which are part of it: about *count* numbers."""
    step = round_step((high - low) / count)
    first, last = math.ceil(low / step + 1e-9), math.floor(high / step - 1e-9)
    return [low, *(float(f"{k * step:.12g}") for k in range(first, last + 1)), high]


def round_step(size: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is at least *size*."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= size * (1 - 1e-9))


def features(
    curve: Curve, xs: list[float], values: list[float], slopes: list[float], undefined: Sequence[float] = ()
) -> list[Feature]:
    """The features of *curve* between the samples, from left to right. undefined: where it is known to have no value."""
    width, found = xs[-1] - xs[0], dict[float, Feature]()
    for x in undefined:
        place = _snapped(x, width)
        if xs[0] < place < xs[-1] and (feature := _gap(curve, place, width)):
            found[place] = feature
    for left, right, by in _suspects(xs, values, slopes)[:MOST]:
        place = _snapped(left if left == right else _halved(curve, left, right, by), width)
        known = any(abs(place - x) <= NEAR * width for x in found)
        if not known and xs[0] < place < xs[-1] and (feature := classified(curve, place, width)):
            found[place] = feature
    for left, right in _turns(xs, slopes):
        near = [x for x in found if left - width * NEAR <= x <= right + width * NEAR]
        place = _snapped(_halved(curve, left, right, "sign"), width)
        if not near and (feature := classified(curve, place, width) or _extremum(curve, place, left, right)):
            found[place] = feature
    return [found[place] for place in sorted(found)]


def _suspects(xs: list[float], values: list[float], slopes: list[float]) -> list[tuple[float, float, str]]:
    """Intervals whose ends do not fit together, the most suspicious first, and what to follow in them."""
    found: list[tuple[float, float, float, str]] = []
    there = [math.isfinite(value) for value in values]
    for i in range(1, len(xs) - 1):
        lonely = there[i - 1] and there[i + 1] and not (there[i] and math.isfinite(slopes[i]))
        if lonely:
            found.append((math.inf, xs[i], xs[i], "value"))
    for i in range(len(xs) - 1):
        if there[i] != there[i + 1]:
            found.append((math.inf, xs[i], xs[i + 1], "edge"))
        elif there[i] and (doubt := _doubt(xs, values, slopes, i)):
            found.append((doubt[0], xs[i], xs[i + 1], doubt[1]))
    found.sort(key=lambda suspect: -suspect[0])
    return [(left, right, by) for _, left, right, by in found]


def _doubt(xs: list[float], values: list[float], slopes: list[float], i: int) -> tuple[float, str] | None:
    """How badly two neighbours fit: by their values and slopes, or by a slope that changes all at once."""
    step, s, t = xs[i + 1] - xs[i], slopes[i], slopes[i + 1]
    if not (math.isfinite(s) and math.isfinite(t)):
        return None
    gap = abs(values[i + 1] - values[i] - step * (s + t) / 2)
    size = step * (abs(s) + abs(t)) + 1e-9 * (abs(values[i]) + abs(values[i + 1])) + 1e-300
    if gap > 0.3 * size:
        return gap / size, "value"
    before = abs(s - slopes[i - 1]) if i and math.isfinite(slopes[i - 1]) else 0.0
    after = abs(slopes[i + 2] - t) if i + 2 < len(xs) and math.isfinite(slopes[i + 2]) else 0.0
    usual = 5 * max(before, after) + 1e-6 * (abs(s) + abs(t)) + 1e-300
    return (abs(t - s) / usual, "slope") if abs(t - s) > usual else None


def _turns(xs: list[float], slopes: list[float]) -> list[tuple[float, float]]:
    """Intervals in which the slope changes its sign; a run of zeros is no turn."""
    found = []
    for i in range(len(xs) - 1):
        if _opposite(slopes[i], slopes[i + 1]):
            found.append((xs[i], xs[i + 1]))
        elif slopes[i] == 0 and i > 0 and _opposite(slopes[i - 1], slopes[i + 1]):
            found.append((xs[i - 1], xs[i + 1]))
    return found


def _opposite(a: float, b: float) -> bool:
    """Whether one is above 0 and the other below; a product of small numbers would be 0."""
    return (a < 0 < b) or (b < 0 < a)


def _halved(curve: Curve, left: float, right: float, by: str) -> float:
    """The place between *left* and *right* where what is followed changes most."""
    low, high = curve(left), curve(right)
    for _ in range(60):
        middle = (left + right) / 2
        if not left < middle < right:
            break
        here = curve(middle)
        if _goes_left(low, here, high, by):
            right, high = middle, here
        else:
            left, low = middle, here
    return (left + right) / 2


def _goes_left(
    low: tuple[float, float], here: tuple[float, float], high: tuple[float, float], by: str
) -> bool:
    if by == "edge":
        return math.isfinite(here[0]) != math.isfinite(low[0])
    if by == "sign":
        return here[1] == 0 or _opposite(here[1], low[1])
    part = 0 if by == "value" else 1
    first, second = abs(here[part] - low[part]), abs(high[part] - here[part])
    return not first < second


def _snapped(place: float, width: float) -> float:
    """The roundest number so near that halving cannot tell it from *place*."""
    for digits in range(7):
        rounded = round(place, digits)
        if abs(rounded - place) <= 1e-9 * width:
            return rounded + 0.0
    return place


def classified(curve: Curve, x: float, width: float) -> Feature | None:
    """What *curve* does at x, or None where it does nothing worth a name."""
    value = curve(x)[0]
    left, right = _Side(curve, x, -width), _Side(curve, x, width)
    kind = _kind(value, left, right, width)
    steep = any(side.infinite or (side.there and side.steep) for side in (left, right))
    return (
        Feature(kind, x, math.nan if kind == "pole" else value, left.limit, right.limit, steep)
        if kind
        else None
    )


def _gap(curve: Curve, x: float, width: float) -> Feature | None:
    """A hole where f has no value, by what it does so far beside it that floats do not cancel."""
    step = FAR * width
    left, right = ([curve(x + side * step * times) for times in (1, 2)] for side in (-1, 1))
    (low, low_slope), (high, high_slope) = left[0], right[0]
    slant = 4 * step * (abs(low_slope) + abs(high_slope)) + 1e-9 * (abs(low) + abs(high))
    grows = any(not abs(near[0]) <= 1.2 * abs(far[0]) for near, far in (left, right))
    if grows or not abs(low - high) <= slant:
        return classified(curve, x, width)
    middle = (low + high) / 2
    return Feature("hole", x, math.nan, middle, middle)


class _Side:
    """The curve at two distances to one side."""

    def __init__(self, curve: Curve, x: float, width: float) -> None:
        (self.far, self.far_slope), (self.near, self.slope) = curve(x + width * FAR), curve(x + width * NEAR)
        self.there = math.isfinite(self.near)
        self.shoots = self.there and abs(self.near) > 20 * abs(self.far) and abs(self.near) > 1
        self.infinite = self.shoots or (self.there and self._like_a_logarithm(curve, x, width))
        self.steep = abs(self.slope) > 20 * abs(self.far_slope) and abs(self.slope) > 1
        self.limit = math.nan if self.infinite or not self.there else self.near

    def _like_a_logarithm(self, curve: Curve, x: float, width: float) -> bool:
        """Whether f goes on by as much in each decade that brings it nearer: it is slow, and has no end."""
        middle = curve(x + width * math.sqrt(FAR * NEAR))[0]
        before, after = middle - self.far, self.near - middle
        return _opposite(before, -after) and abs(after) > 0.9 * abs(before) + 1e-9 * abs(self.near)


def _kind(value: float, left: _Side, right: _Side, width: float) -> str | None:
    if left.shoots or right.shoots:
        return "pole"
    if left.there != right.there:
        return "edge"
    if left.infinite or right.infinite:
        return "pole"
    if not left.there:
        return None
    gap, gap_before = abs(left.near - right.near), abs(left.far - right.far)
    slant = NEAR * width * (abs(left.slope) + abs(right.slope))
    if gap > 0.5 * gap_before and gap > slant / 10 + 1e-12 * (abs(left.near) + abs(right.near)):
        return "jump"
    if not math.isfinite(value):
        return "hole"
    if left.steep or right.steep:
        return "cusp"
    turn = abs(left.slope - right.slope)
    return "corner" if turn > 1e-3 * (abs(left.slope) + abs(right.slope)) + 1e-9 and turn > 0.5 * abs(
        left.far_slope - right.far_slope) else None  # fmt: skip


def _extremum(curve: Curve, x: float, left: float, right: float) -> Feature | None:
    value = curve(x)[0]
    if not math.isfinite(value):
        return None
    kind = "minimum" if curve(left)[1] < curve(right)[1] else "maximum"
    return Feature(kind, x, value, value, value)
