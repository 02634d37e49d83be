"""Program and ranges → the picture of a landscape."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from gradcli.calculus.program.program import Program
from gradcli.calculus.sampling.discontinuous_cells import (
    Cell,
    Cells,
    cells_of,
    discontinuous_cells,
    number_over,
    over_axes,
)
from gradcli.calculus.sampling.grid_critical_points import grid_critical_points
from gradcli.calculus.sampling.sampler import LARGEST, Samples, sampler
from gradcli.output.pictures.scales import left_out, levels, share, spread
from gradcli.output.pictures.scene import LandscapePicture, Mark, Stop

Range = tuple[float, float]

#: Samples without a value that are looked at in balls: floats overflow on the way to numbers that are not large.
MOST_LOST = 4_000

#: Rectangles that are looked at for what a picture should show, before it is known what it does.
SOME = 500

NOT_ALL = "not all critical points may be marked: that there are no others here is not proved"
INTERRUPTED = "contours stop where f jumps or grows without end"


def landscape_picture(
    program: Program,
    title: str,
    axes: tuple[str, str],
    at: Mapping[str, float],
    size: tuple[int, int],
    *,
    within: Mapping[str, Range],
    path: Sequence[Stop] = (),
    marked: bool = True,
) -> LandscapePicture:
    """The picture of f over two variables, the others where *at* has them, from size[0] × size[1] samples.

    within: ranges; for an axis without one it is chosen around the point, the path and what is critical. marked: whether
    critical points are looked for, which takes longer than the picture.
    """
    sample, point = sampler(program, at, axes), _point(axes, at)
    near = [*((m.x, m.y or 0.0) for m in point), *((s.x, s.y) for s in path)]
    ranges = _chosen(program, axes, at, within, near, marked)
    xs, ys = (evenly(*ends, count) for ends, count in zip(ranges, size, strict=True))
    found = sample([xs * len(ys), [y for y in ys for _ in xs]])
    cells = cells_of(over := over_axes(program, axes, at), xs, ys)
    values, missing, beyond = _repaired(found.value, lambda x, y: number_over(over, x, y), xs, ys, cells)
    breaks = discontinuous_cells(sample, cells.open, xs, ys, _height(ordered := spread(values)))
    rows, first, second = (_rows(one, len(xs)) for one in (values, *found.partials))
    critical = grid_critical_points(program, axes, at, ranges[0], ranges[1]) if marked else None
    marks = [Mark(one.kind, one.x, one.y, one.kind) for one in critical.points] if critical else []
    contours = levels(ordered, _saddle_heights(sample, marks), min(size[0] // 6, 12))
    notes = (
        *left_out(missing / len(values), beyond / len(values), "picture"),
        *((INTERRUPTED,) if breaks and contours else ()),
        *((NOT_ALL,) if critical and not critical.complete else ()),
        *_constant(ordered),
    )
    inside = [mark for mark in point if xs[0] <= mark.x <= xs[-1] and ys[0] <= (mark.y or 0.0) <= ys[-1]]
    return LandscapePicture(
        title, axes, xs, ys, rows, (first, second), contours, (*marks, *inside), tuple(path), notes, tuple(sorted(breaks))
    )  # fmt: skip


def _height(ordered: Sequence[float]) -> float:
    """How far apart values in order are, the five per cent at each end left out; 1 where they are not."""
    return (share(ordered, 0.95) - share(ordered, 0.05) if ordered else 0.0) or 1.0


def _saddle_heights(
    sample: Callable[[Sequence[Sequence[float]]], Samples], marks: Sequence[Mark]
) -> list[float]:
    """f at the saddles among the marks, where contours cross."""
    saddles = [(mark.x, mark.y or 0.0) for mark in marks if mark.kind == "saddle"]
    heights = sample([list(side) for side in zip(*saddles, strict=True)]).value if saddles else []
    return [height for height in heights if math.isfinite(height)]


def _constant(ordered: Sequence[float]) -> tuple[str, ...]:
    """What is said where all samples are one number: there are no contours that could."""
    return (f"f is {ordered[0]:.10g} at every point drawn",) if ordered and ordered[0] == ordered[-1] else ()


def _repaired(
    values: Sequence[float], number: object, xs: Sequence[float], ys: Sequence[float], cells: Cells
) -> tuple[list[float], int, int]:
    """The samples, by balls where floats overflow on the way; how many have no value, and how many are too large."""
    result, missing, beyond, looked = list(values), 0, 0, 0
    for index, value in enumerate(values):
        if math.isfinite(value):
            continue
        row, column = divmod(index, len(xs))
        if _around(column, row) <= cells.void or looked >= MOST_LOST:
            missing += 1
            continue
        looked += 1
        exact = number(xs[column], ys[row])  # type: ignore[operator]
        if exact is None:
            missing += 1
        elif abs(exact) <= LARGEST:
            result[index] = exact
        else:
            beyond += 1
    return result, missing, beyond


def _around(column: int, row: int) -> set[Cell]:
    """The cells that meet at a sample."""
    return {(column - i, row - j) for i in (0, 1) for j in (0, 1)}


def _chosen(
    program: Program, axes: tuple[str, str], at: Mapping[str, float], within: Mapping[str, Range],
    seen: Sequence[Range], marked: bool,
) -> list[Range]:  # fmt: skip
    """The ranges: those that are given, else around what is seen and what is critical near it."""
    if marked and any(name not in within for name in axes):
        seen = [*seen, *_near(program, axes, at, _box(seen, axes, at, within), bool(seen))]
    return _ranges(seen, axes, at, within)


def _ranges(
    seen: Sequence[Range], axes: tuple[str, str], at: Mapping[str, float], within: Mapping[str, Range]
) -> list[Range]:
    columns = [[place[i] for place in seen] for i in (0, 1)]
    return [
        within.get(name) or around(column, at.get(name, 0.0))
        for name, column in zip(axes, columns, strict=True)
    ]


def _box(
    seen: Sequence[Range], axes: tuple[str, str], at: Mapping[str, float], within: Mapping[str, Range]
) -> list[Range]:
    """Where critical points are looked for: the picture itself, four times as wide where nobody said how wide it is."""
    box = []
    for name, (low, high) in zip(axes, _ranges(seen, axes, at, within), strict=True):
        more = 0.0 if name in within else 1.5 * (high - low)
        box.append((low - more, high + more))
    return box


def _near(
    program: Program, axes: tuple[str, str], at: Mapping[str, float], box: Sequence[Range], other: bool
) -> list[Range]:
    """The critical points in the middle of the box, where the picture is anyway, and the two nearest around it.

    other: whether there is something else to show; without it all of them.
    """
    (left, right), (bottom, top) = box

    def far(place: Range) -> float:
        """How far a place is from the middle, in sides of the box."""
        across = (place[0] - (left + right) / 2) / (right - left)
        return max(abs(across), abs((place[1] - (bottom + top) / 2) / (top - bottom)))

    found = grid_critical_points(program, axes, at, box[0], box[1], SOME).points
    places = sorted(((one.x, one.y) for one in found), key=far)
    near = sum(far(place) <= 1 / 8 for place in places)
    return places[: near + 2] if other else places


def around(places: Sequence[float], centre: float) -> Range:
    """A range with some air around *places*, never so narrow that nothing is to be seen."""
    low, high = min(places, default=centre), max(places, default=centre)
    least = max(abs(low), abs(high), 1.0) * (0.5 if len(set(places)) > 1 else 2.0)
    middle, half = (low + high) / 2, max((high - low) * 0.65, least / 2)
    return middle - half, middle + half


def evenly(low: float, high: float, count: int) -> list[float]:
    """*count* numbers from *low* to *high*."""
    return [low + (high - low) * i / (count - 1) for i in range(count)]


def _rows(numbers: list[float], width: int) -> list[list[float]]:
    return [numbers[start : start + width] for start in range(0, len(numbers), width)]


def _point(axes: tuple[str, str], at: Mapping[str, float]) -> list[Mark]:
    return [Mark("point", at[axes[0]], at[axes[1]], "point")] if all(name in at for name in axes) else []
