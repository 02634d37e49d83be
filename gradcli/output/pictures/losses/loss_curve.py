"""A loss over rows and a range → the picture of its curve, from samples alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.sampling.adaptive_sampling import refined
from gradcli.calculus.sampling.round_grids import grid
from gradcli.calculus.sampling.sampler import Sampler, sampler
from gradcli.output.pictures.curve_picture import point_mark, tangent_at
from gradcli.output.pictures.scales import extent, left_out
from gradcli.output.pictures.scene import CurvePicture, Mark, Stop

#: Instructions of all rows that the samples of a picture may take, and samples of a curve.
WORK, LEAST, MOST = 2e9, 40, 400

#: Samples with which it is looked where the loss has values.
FEW = 24

#: Extrema that are looked for, samples for each; so far beside it f must be as near, as shares of width and height.
EXTREMA, HALVINGS, BESIDE, NEAR = 6, 40, 1e-8, 1e-6

Range = tuple[float, float]


def loss_curve(
    program: BoundRows, title: str, axis: str, at: Mapping[str, float], *, within: Range | None,
    path: Sequence[Stop], lowest: float | None,
) -> CurvePicture:  # fmt: skip
    """The picture of the loss along *axis*, the other variables where *at* has them.

    within: the range of the axis; without it one is chosen around the point, the path, and where the loss is *lowest*.
    """
    sample, count = sampler(program, at, [axis]), program.within(WORK, LEAST, MOST)
    low, high = within or _around([at[axis], *(stop.x for stop in path), *_known(lowest)])
    xs = _first(sample, low, high, count // 2)
    places = refined(sample, xs, extent(sample([xs]).value, open_ended=False), count)
    found = sample([places])
    values, slopes = found.value, found.partials[0]
    heights = extent(values, open_ended=False, include=[stop.value for stop in path])
    marks = [*_extrema(sample, places, values, slopes, heights), *point_mark(sample, axis, at)]
    pairs = zip(pairwise(places), pairwise(values), strict=True)
    missing = sum(b - a for (a, b), sides in pairs if any(map(math.isnan, sides))) / (high - low)
    return CurvePicture(
        title, axis, places, values, slopes, heights, extent(slopes, open_ended=False), tangent_at(sample, axis, at),
        tuple(sorted(marks, key=lambda mark: mark.x)), tuple(path),
        (*left_out(missing, found.beyond / len(values), "range", least=0.01), sampled(len(places), program)),
    )  # fmt: skip


def _first(sample: Sampler, low: float, high: float, count: int) -> list[float]:
    """Evenly spaced places: where f has no value, and is costly to be asked, few of them."""
    few = grid(low, high, FEW)
    here = [i for i, value in enumerate(sample([few]).value) if math.isfinite(value)]
    if not here:
        return few
    first, last = few[max(here[0] - 1, 0)], few[min(here[-1] + 1, len(few) - 1)]
    return sorted({*few, *grid(first, last, count)})


def sampled(count: int, program: BoundRows) -> str:
    """What is said of a picture that is made of samples alone."""
    return f"drawn from {count:,} samples over {program.data.rows:,} rows: what f does between them is not looked at"


def _known(place: float | None) -> list[float]:
    return [] if place is None else [place]


def _around(seen: Sequence[float]) -> Range:
    """A range that shows all that is *seen*."""
    low, high = min(seen), max(seen)
    width = high - low
    if width < 1e-9 * max(abs(low), 1):
        width = max(abs(low), 5.0)
        return low - width, high + width
    return low - width * 0.4, high + width * 0.4


def _extrema(
    sample: Sampler, xs: Sequence[float], values: Sequence[float], slopes: Sequence[float], heights: Range
) -> list[Mark]:
    """Where the slope changes its sign between two samples, and f does not jump there."""
    height, beside = heights[1] - heights[0], BESIDE * (xs[-1] - xs[0])
    marks: list[Mark] = []
    turns = [(i, i + 1) for i in range(len(xs) - 1) if slopes[i] * slopes[i + 1] < 0]
    turns += [
        (i - 1, i + 1)
        for i in range(1, len(xs) - 1)
        if (slopes[i] == 0 or math.isnan(slopes[i])) and slopes[i - 1] * slopes[i + 1] < 0
    ]
    for first, last in sorted(turns)[:EXTREMA]:
        left, right = (xs[first], slopes[first]), (xs[last], slopes[last])
        place = _sign_change(sample, left, right)
        value, *sides = sample([[place, place - beside, place + beside]]).value
        if all(abs(side - value) <= NEAR * height for side in sides):
            kind = "minimum" if right[1] > 0 else "maximum"
            marks.append(Mark(kind, place, value, kind))
    return marks


def _sign_change(sample: Sampler, left: tuple[float, float], right: tuple[float, float]) -> float:
    """Where a slope changes its sign: by false position, halved where that is slow."""
    (a, p), (b, q) = left, right
    for turn in range(HALVINGS):
        width = b - a
        x = a + width * (p / (p - q)) if turn % 3 < 2 else a + width / 2
        if not a < x < b or width <= 1e-13 * max(abs(a), abs(b)):
            break
        s = sample([[x]]).partials[0][0]
        if s == 0 or math.isnan(s):
            return x
        if (s < 0) == (p < 0):
            a, p = x, s
            q = q / 2 if turn % 3 == 1 else q
        else:
            b, q = x, s
            p = p / 2 if turn % 3 == 1 else p
    return a if abs(p) < abs(q) else b
