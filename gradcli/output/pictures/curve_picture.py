"""Program and range → the picture of a curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.program.program import Program
from gradcli.calculus.sampling.adaptive_sampling import refined, steep_places
from gradcli.calculus.sampling.curve_feature import BREAKS, Feature
from gradcli.calculus.sampling.curve_features import Features, features
from gradcli.calculus.sampling.round_grids import grid
from gradcli.calculus.sampling.sampler import LARGEST, Sampler, sampler
from gradcli.calculus.sampling.smooth_pieces import Line, line_of
from gradcli.output.pictures.scales import extent, left_out
from gradcli.output.pictures.scene import CurvePicture, Mark, Stop

#: Names of features in legends.
LABELS = {
    "cusp": "infinite slope", "edge": "domain ends", "gap": "no limit", "steep": "very steep near",
}  # fmt: skip

#: Where f breaks off it is drawn up to these shares of the range beside it.
FAR, NEAR = 1e-4, 1e-7

Range = tuple[float, float]


class _Drawn(NamedTuple):
    """Places of a curve, f and its slope there (nan where it is not drawn), and how many values are too large.

    even: which of the places are evenly spread: what most of a curve is like is seen there.
    """

    xs: list[float]
    values: list[float]
    slopes: list[float]
    beyond: int
    even: list[bool]

    def spread_evenly(self, numbers: Sequence[float]) -> list[float]:
        """Those of the numbers at evenly spread places."""
        return [number for number, even in zip(numbers, self.even, strict=True) if even]


def curve_picture(
    program: Program,
    title: str,
    axis: str,
    at: Mapping[str, float],
    *,
    within: Range | None = None,
    path: Sequence[Stop] = (),
) -> CurvePicture:
    """The picture of f along *axis*, the other variables where *at* has them.

    within: the range of the axis; without it one is chosen around the point, the path and what is near them.
    """
    sample, line = sampler(program, at, [axis]), line_of(program, axis, at)
    low, high = within or chosen_range(line, at.get(axis), [stop.x for stop in path])
    found = features(line, low, high)
    drawn = _drawn(sample, line, grid(low, high), found)
    point = point_mark(sample, axis, at)
    grows = any(place.kind == "pole" or _endless(place) for place in found.places)
    steep = grows or any(place.kind == "cusp" or place.steep for place in found.places)
    heights = [mark.y for mark in point if mark.y is not None] + [stop.value for stop in path]
    values, slopes = (
        drawn.spread_evenly(numbers) if endless else numbers
        for numbers, endless in ((drawn.values, grows), (drawn.slopes, steep))
    )
    heights += [place.value for place in found.places if grows and place.kind in ("minimum", "maximum")]
    span = extent(values, open_ended=grows, include=heights)
    marks = [*map(_mark, found.places), *_steep(drawn, found, span), *point]
    missing = sum(b - a for a, b in found.undefined) / (high - low)
    return CurvePicture(
        title, axis, drawn.xs, drawn.values, drawn.slopes, span,
        extent(slopes, open_ended=steep), tangent_at(sample, axis, at),
        tuple(sorted(marks, key=lambda mark: mark.x)), tuple(path),
        (*left_out(missing, drawn.beyond / len(drawn.xs), "range", least=0.01), *found.notes),
    )  # fmt: skip


def chosen_range(line: Line, point: float | None, path: Sequence[float]) -> Range:
    """A range that shows the point, the path, and the nearest things of interest."""
    centre = 0.0 if point is None else point
    reach = max(10.0, 2 * abs(centre))
    near: list[float] = []
    places = features(line, centre - reach, centre + reach).places
    for x in sorted((place.x for place in places), key=lambda x: abs(x - centre)):
        # Of a crowd one is enough: a range around three extrema of sin(1/x) would show nothing else.
        if len(near) < 3 and all(abs(x - other) > reach / 500 for other in near):
            near.append(x)
    seen = [*([] if point is None else [point]), *path, *near]
    low, high = min(seen, default=centre), max(seen, default=centre)
    width = high - low
    if width < 1e-9 * max(abs(centre), 1):
        width = max(abs(centre), 5.0)
        return low - width, high + width
    return low - width * 0.4, high + width * 0.4


def _drawn(sample: Sampler, line: Line, xs: list[float], found: Features) -> _Drawn:
    """f and its slope at *xs* and more places: close to what breaks, and where it bends."""
    low, high = xs[0], xs[-1]
    width = high - low
    # Beside a hole floats cancel, and its circle covers the gap anyway.
    steep = [
        *(place.x for place in found.places if place.kind not in ("hole", "minimum", "maximum")),
        *found.cuts,
    ]
    close = [x + side * width * share for x in steep for share in (FAR, NEAR) for side in (-1, 1)]
    known = {*xs, *(place.x for place in found.places), *found.cuts, *(x for x in close if low < x < high)}
    bottom, top = extent(
        sample([xs]).value, open_ended=any(place.kind == "pole" or _endless(place) for place in found.places)
    )
    places = refined(sample, sorted(known), (bottom, top))
    values, partials, beyond = _repaired(sample, line, places, found)
    evenly = set(xs)
    broken = {
        *found.cuts,
        *(place.x for place in found.places if place.kind in BREAKS and place.kind != "edge"),
    }
    kinked = broken | {place.x for place in found.places if place.kind in ("corner", "cusp", "edge")}
    return _Drawn(
        places,
        [math.nan if x in broken else value for x, value in zip(places, values, strict=True)],
        [math.nan if x in kinked else slope for x, slope in zip(places, partials, strict=True)],
        beyond,
        [x in evenly for x in places],
    )


def _repaired(
    sample: Sampler, line: Line, xs: list[float], found: Features
) -> tuple[list[float], list[float], int]:
    """f and its slope at *xs*, by balls where floats overflow on the way; and how many values are too large to draw."""
    from gradcli.calculus.sampling.smooth_pieces import numbers_at

    samples = sample([xs])
    values, slopes, beyond = list(samples.value), list(samples.partials[0]), 0
    for i, x in enumerate(xs):
        if math.isfinite(values[i]) or any(low <= x <= high for low, high in found.undefined):
            continue
        numbers = numbers_at(line, x)
        if numbers is not None:
            value, slope = numbers
            values[i], slopes[i] = (one if abs(one) <= LARGEST else math.nan for one in (value, slope))
            beyond += not abs(value) <= LARGEST
    return values, slopes, beyond


def _steep(drawn: _Drawn, found: Features, span: Range) -> list[Mark]:
    """Marks where a smooth curve looks like a jump: it is told apart from one in words.

    Not beside what has a name, nor where f grows towards a pole or out of the picture.
    """
    width = drawn.xs[-1] - drawn.xs[0]
    grows = [place.x for place in found.places if place.kind == "pole" or _endless(place)]
    grows += [x for x, value in zip(drawn.xs, drawn.values, strict=True) if not math.isfinite(value)]
    named = [*(place.x for place in found.places), *found.cuts]
    return [
        Mark("steep", x, None, LABELS["steep"])
        for x in steep_places(drawn.xs, drawn.values, span[1] - span[0])
        if not any(abs(x - other) < width / 200 for other in named)
        and not any(abs(x - other) < width / 20 for other in grows)
    ]


def _endless(feature: Feature) -> bool:
    """Whether the domain ends where f grows without end, as a logarithm does."""
    return feature.kind == "edge" and not any(
        map(math.isfinite, (feature.value, feature.left, feature.right))
    )


def _mark(feature: Feature) -> Mark:
    kind, value = feature.kind, feature.value
    label = LABELS.get(kind, kind)
    sides = [side for side in (feature.left, feature.right) if math.isfinite(side)]
    if kind in ("pole", "steep"):
        return Mark(kind, feature.x, None, label)
    if kind == "hole":
        return Mark(kind, feature.x, sum(sides) / len(sides) if sides else None, label, tuple(sides[:1]))
    if kind == "gap":
        return Mark(kind, feature.x, value if math.isfinite(value) else None, label)
    if kind == "edge" and not math.isfinite(value):
        return Mark(kind, feature.x, None, label, tuple(sides))
    if kind == "jump":
        missed = tuple(side for side in sides if not abs(side - value) <= 1e-5 * abs(sides[0] - sides[-1]))
        return Mark(kind, feature.x, value, label, missed)
    return Mark(kind, feature.x, value, label)


def point_mark(sample: Sampler, axis: str, at: Mapping[str, float]) -> list[Mark]:
    """The mark of the point; none where it has no place on the axis."""
    if axis not in at:
        return []
    value = sample([[at[axis]]]).value[0]
    return [Mark("point", at[axis], value if math.isfinite(value) else None, "point")]


def tangent_at(sample: Sampler, axis: str, at: Mapping[str, float]) -> tuple[float, float, float] | None:
    """Place, value and slope at the point; None where there are none."""
    if axis not in at:
        return None
    found = sample([[at[axis]]])
    value, slope = found.value[0], found.partials[0][0]
    return (at[axis], value, slope) if math.isfinite(value) and math.isfinite(slope) else None
