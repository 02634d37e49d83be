"""Program and ranges → the picture of a landscape."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.calculus.program import Program
from gradcli.calculus.sampling import sampler
from gradcli.output.pictures.scales import levels
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
    critical: Sequence[Mark] = (),
) -> LandscapePicture:
    """The picture of f over two variables, the others where *at* has them, from size[0] × size[1] samples.

    within: ranges; for an axis without one it is chosen around the point, the path and what is critical.
    """
    marks = [*critical, *_point(axes, at)]
    seen = [
        [*(mark.x for mark in marks), *(stop.x for stop in path)],
        [*(mark.y or 0.0 for mark in marks), *(stop.y for stop in path)],
    ]
    ranges = [
        within.get(name) or around(places, at.get(name, 0.0)) for name, places in zip(axes, seen, strict=True)
    ]
    xs, ys = (evenly(*ends, count) for ends, count in zip(ranges, size, strict=True))
    found = sampler(program, at, axes)([xs * len(ys), [y for y in ys for _ in xs]])
    rows, first, second = (_rows(one, len(xs)) for one in (found.value, *found.partials))
    inside = tuple(mark for mark in marks if xs[0] <= mark.x <= xs[-1] and ys[0] <= (mark.y or 0.0) <= ys[-1])
    return LandscapePicture(
        title,
        axes,
        xs,
        ys,
        rows,
        (first, second),
        levels(found.value),
        inside,
        tuple(path),
        _notes(found.value),
    )


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


def _notes(values: Sequence[float]) -> tuple[str, ...]:
    lost = sum(not math.isfinite(value) for value in values)
    if lost == len(values):
        return ("f has no value anywhere in this picture",)
    return (
        (f"f has no value on {max(100 * lost / len(values), 0.1):.3g} % of the picture: left out",)
        if lost
        else ()
    )
