"""A loss over rows and ranges → the picture of its landscape, from samples alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.sampling.sampler import Sampler, Samples, sampler
from gradcli.output.pictures.landscape_picture import around, evenly
from gradcli.output.pictures.losses.loss_curve import WORK, sampled
from gradcli.output.pictures.scales import left_out, levels
from gradcli.output.pictures.scene import LandscapePicture, Mark, Stop

#: Samples along each axis, at least, and how far apart those are that tell where the loss has values.
LEAST, APART = 16, 4

#: What is said where no minimum is marked beside others.
NOT_ALL = "not all critical points may be marked: one descent from the point looks for a minimum"

Range = tuple[float, float]


def affordable(program: BoundRows, size: tuple[int, int]) -> tuple[int, int]:
    """As many samples along each axis as *size*, or as few as the rows leave."""
    most = math.isqrt(program.within(WORK, LEAST * LEAST, size[0] * size[1]))
    return min(size[0], most), min(size[1], most)


def loss_landscape(
    program: BoundRows, title: str, axes: tuple[str, str], at: Mapping[str, float], size: tuple[int, int], *,
    within: Mapping[str, Range], path: Sequence[Stop], lowest: tuple[float, float] | None,
) -> LandscapePicture:  # fmt: skip
    """The picture of the loss over two variables, the others where *at* has them, from size[0] × size[1] samples.

    within: ranges; for an axis without one it is chosen around the point, the path, and where the loss is *lowest*.
    """
    sample, here = sampler(program, at, axes), (at[axes[0]], at[axes[1]])
    seen = [here, *((stop.x, stop.y) for stop in path), *([] if lowest is None else [lowest])]
    ranges = [
        within.get(name) or around([place[i] for place in seen], at[name]) for i, name in enumerate(axes)
    ]
    xs, ys = (evenly(*ends, count) for ends, count in zip(ranges, size, strict=True))
    found = _on_grid(sample, xs, ys)
    missing = sum(map(math.isnan, found.value)) - found.beyond
    rows, first, second = (_rows(one, len(xs)) for one in (found.value, *found.partials))
    marks = [] if lowest is None else [Mark("minimum", *lowest, "minimum")]
    marks.append(Mark("point", *here, "point"))
    inside = [mark for mark in marks if xs[0] <= mark.x <= xs[-1] and ys[0] <= (mark.y or 0.0) <= ys[-1]]
    whole = len(found.value)
    notes = [
        *left_out(missing / whole, found.beyond / whole, "picture"), sampled(whole, program),
        *([] if lowest is None else [NOT_ALL]),
    ]  # fmt: skip
    return LandscapePicture(
        title, axes, xs, ys, rows, (first, second), levels(found.value, [], min(size[0] // 2, 12)), tuple(inside),
        tuple(path), tuple(notes),
    )  # fmt: skip


def _on_grid(sample: Sampler, xs: Sequence[float], ys: Sequence[float]) -> Samples:
    """The samples row by row: where every fourth one around has no value, which is costly to be asked, it has none."""
    coarse = [sorted({*range(0, len(one), APART), len(one) - 1}) for one in (xs, ys)]
    first = sample(
        [[xs[i] for _ in coarse[1] for i in coarse[0]], [ys[j] for j in coarse[1] for _ in coarse[0]]]
    )
    known = {(i, j) for (j, i), value in zip(product(coarse[1], coarse[0]), first.value, strict=True)
             if not math.isnan(value)}  # fmt: skip
    near = {
        (i + a, j + b) for i, j in known for a in range(-APART, APART + 1) for b in range(-APART, APART + 1)
    }
    asked = [(i, j) for j in range(len(ys)) for i in range(len(xs)) if (i, j) in near]
    found = sample([[xs[i] for i, _ in asked], [ys[j] for _, j in asked]]) if asked else first
    places = {place: k for k, place in enumerate(asked)}
    order = [places.get((i, j)) for j in range(len(ys)) for i in range(len(xs))]

    def spread(numbers: Sequence[float]) -> list[float]:
        return [math.nan if k is None else numbers[k] for k in order]

    return Samples(spread(found.value), tuple(map(spread, found.partials)), found.beyond if asked else 0)


def _rows(numbers: list[float], width: int) -> list[list[float]]:
    return [numbers[start : start + width] for start in range(0, len(numbers), width)]
