"""Pictures with constraints: the curves on which their two sides are equal, and where inequalities do not hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.program.program import Program
from gradcli.calculus.sampling.discontinuous_cells import cells_of, discontinuous_cells, over_axes
from gradcli.calculus.sampling.sampler import sampler
from gradcli.output.pictures.contours import segments
from gradcli.output.pictures.landscape_picture import evenly
from gradcli.output.pictures.scales import share, spread
from gradcli.output.pictures.scene import Border, CurvePicture, LandscapePicture, Mark

#: Places along an axis at which a constraint is looked at, and how often what lies between two of them is halved.
PLACES, HALVINGS = 801, 60

NOWHERE = "the inequalities hold at no point drawn"


class Side(NamedTuple):
    """A constraint over the axes of a picture.

    program: what is 0 on its border, and above 0 where it does not hold; for an equation, its left side less its right one.
    """

    text: str
    equation: bool
    program: Program


def no_curve(text: str) -> str:
    """What is said of an equation that shows no curve: it has none here, or one on which its sides touch."""
    return f"no curve is drawn for {text}: its sides do not change order between the points drawn"


def with_borders(
    picture: LandscapePicture, sides: Sequence[Side], at: Mapping[str, float]
) -> LandscapePicture:
    """The landscape with the curve of each constraint, and the samples at which an inequality does not hold."""
    xs, ys = picture.xs, picture.ys
    outside = [[False] * len(xs) for _ in ys]
    borders, notes = [], []
    for side in sides:
        rows, breaks = _heights(side, picture, at)
        pieces = tuple(segments(xs, ys, rows, 0.0, breaks))
        borders.append(Border(side.text, pieces))
        if side.equation and not pieces:
            notes.append(no_curve(side.text))
        if not side.equation:
            outside = [
                [before or not h <= 0 for before, h in zip(*both, strict=True)]
                for both in zip(outside, rows, strict=True)
            ]
    if all(map(all, outside)):
        notes.append(NOWHERE)
    mask = tuple(map(tuple, outside)) if any(map(any, outside)) else ()
    return picture._replace(borders=tuple(borders), outside=mask, notes=(*picture.notes, *notes))


def _heights(
    side: Side, picture: LandscapePicture, at: Mapping[str, float]
) -> tuple[list[list[float]], frozenset[tuple[int, int]]]:
    """What is 0 on the border at each sample, and the cells in which it jumps or grows without end."""
    xs, ys, width = picture.xs, picture.ys, len(picture.xs)
    sample = sampler(side.program, at, picture.axes)
    values = sample([xs * len(ys), [y for y in ys for _ in xs]]).value
    ordered = spread(values)
    height = (share(ordered, 0.95) - share(ordered, 0.05) if ordered else 0.0) or 1.0
    cells = cells_of(over_axes(side.program, picture.axes, at), xs, ys)
    breaks = discontinuous_cells(sample, cells.open, xs, ys, height)
    return [values[i : i + width] for i in range(0, len(values), width)], frozenset(breaks)


def with_ends(picture: CurvePicture, sides: Sequence[Side], at: Mapping[str, float]) -> CurvePicture:
    """The curve with a mark where each constraint begins or ends to hold, and the ranges in which an inequality does not.

    Extrema of f where the constraints do not hold are no longer marked.
    """
    samples = [sampler(side.program, at, [picture.axis]) for side in sides]
    xs = evenly(picture.xs[0], picture.xs[-1], PLACES)
    marks: list[Mark] = []
    notes = []
    for side, sample in zip(sides, samples, strict=True):
        values = sample([xs]).value
        places = [_zero(sample, xs[i : i + 2]) for i in range(len(xs) - 1) if _changes(values[i : i + 2])]
        found = [x for x in places if x is not None]
        marks += [Mark("border", x, height_at(picture, x), side.text) for x in found]
        if side.equation and not found:
            notes.append(no_curve(side.text))
    bounds = [sample for side, sample in zip(sides, samples, strict=True) if not side.equation]

    def misses(x: float) -> bool:
        """Whether an inequality does not hold at x."""
        return any(not sample([[x]]).value[0] <= 0 for sample in bounds)

    outside = _ranges(xs, [misses(x) for x in xs], misses) if bounds else ()
    if outside == ((xs[0], xs[-1]),):
        notes.append(NOWHERE)
    alone = any(side.equation for side in sides)
    kept = [
        mark for mark in picture.marks
        if mark.kind not in ("minimum", "maximum") or not (alone or any(a < mark.x < b for a, b in outside))
    ]  # fmt: skip
    return picture._replace(
        marks=tuple(sorted([*kept, *marks], key=lambda mark: mark.x)), outside=outside, notes=(*picture.notes, *notes)
    )  # fmt: skip


def _changes(ends: Sequence[float]) -> bool:
    """Whether 0 is between two numbers, or the first of them."""
    first, second = ends
    return first == 0 or first * second < 0


def _zero(sample: Callable[..., object], ends: Sequence[float]) -> float | None:
    """Where the sign changes between two places; None where it does so in a jump or at a pole."""
    low, high = ends
    first, last = sample([[low, high]]).value  # type: ignore[attr-defined]
    if first == 0:
        return low
    span = abs(last - first)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        value = sample([[middle]]).value[0]  # type: ignore[attr-defined]
        if not math.isfinite(value):
            return None
        if (value > 0) == (first > 0):
            low, first = middle, value
        else:
            high, last = middle, value
    return high if abs(last - first) <= 1e-6 * span else None


def _ranges(
    xs: Sequence[float], missed: Sequence[bool], misses: Callable[[float], bool]
) -> tuple[tuple[float, float], ...]:
    """The ranges of places that are missed, their ends found by halving."""
    found: list[tuple[float, float]] = []
    begin = xs[0]
    for i in range(len(xs) - 1):
        if missed[i] == missed[i + 1]:
            continue
        low, high = xs[i], xs[i + 1]
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if misses(middle) == missed[i] else (low, middle)
        if missed[i]:
            found.append((begin, high))
        begin = high
    return (*found, (begin, xs[-1])) if missed[-1] else tuple(found)


def height_at(picture: CurvePicture, x: float) -> float | None:
    """The height of the drawn curve at x, None where it has none."""
    for i in range(len(picture.xs) - 1):
        a, b = picture.xs[i], picture.xs[i + 1]
        if a <= x <= b and math.isfinite(picture.values[i]) and math.isfinite(picture.values[i + 1]):
            part = (x - a) / (b - a) if b > a else 0.0
            return picture.values[i] + part * (picture.values[i + 1] - picture.values[i])
    return None
