"""Program and ranges → the picture of a landscape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.calculus.program import Program
from gradcli.calculus.resting import resting_points
from gradcli.calculus.sampling import Sampler, sampler
from gradcli.output.pictures.scales import left_out, levels
from gradcli.output.pictures.scene import LandscapePicture, Mark, Stop

Range = tuple[float, float]


def landscape_picture(
    program: Program,
    title: str,
    axes: tuple[str, str],
    at: Mapping[str, float],
    size: tuple[int, int],
    *,
    within: Mapping[str, Range],
    path: Sequence[Stop] = (),
) -> LandscapePicture:
    """The picture of f over two variables, the others where *at* has them, from size[0] × size[1] samples.

    within: ranges; for an axis without one it is chosen around the point, the path and what is critical.
    """
    sample, point = sampler(program, at, axes), _point(axes, at)
    seen = [*((mark.x, mark.y or 0.0) for mark in point), *((stop.x, stop.y) for stop in path)]
    critical = _critical(sample, _box(seen, axes, at, within))
    seen += [(mark.x, mark.y or 0.0) for mark in critical]
    xs, ys = (evenly(*ends, count) for ends, count in zip(_ranges(seen, axes, at, within), size, strict=True))
    found = sample([xs * len(ys), [y for y in ys for _ in xs]])
    rows, first, second = (_rows(one, len(xs)) for one in (found.value, *found.partials))
    marks = [*critical, *point]
    inside = tuple(mark for mark in marks if xs[0] <= mark.x <= xs[-1] and ys[0] <= (mark.y or 0.0) <= ys[-1])
    saddles = [(mark.x, mark.y or 0.0) for mark in inside if mark.kind == "saddle"]
    heights = sample([list(side) for side in zip(*saddles, strict=True)]).value if saddles else []
    return LandscapePicture(
        title,
        axes,
        xs,
        ys,
        rows,
        (first, second),
        levels(found.value, heights, min(size[0] // 6, 12)),
        inside,
        tuple(path),
        left_out(found.value, found.beyond, "picture"),
    )


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


def _critical(sample: Sampler, box: Sequence[Range]) -> list[Mark]:
    """The critical points in the middle of the box, where the picture is anyway, and the two nearest around it."""
    (left, right), (bottom, top) = box

    def far(mark: Mark) -> float:
        across, up = (
            (mark.x - (left + right) / 2) / (right - left),
            ((mark.y or 0.0) - (bottom + top) / 2) / (top - bottom),
        )
        return max(abs(across), abs(up))

    marks = sorted((Mark(one.kind, one.x, one.y, one.kind) for one in resting_points(sample, *box)), key=far)
    near = sum(far(mark) <= 1 / 8 for mark in marks)
    return marks[: near + 2]


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
