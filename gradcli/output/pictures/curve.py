"""Program and range → the picture of a curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.calculus.features import BREAKS, FAR, NEAR, Curve, Feature, features, grid
from gradcli.calculus.program import Program
from gradcli.calculus.sampling import Sampler, sampler
from gradcli.calculus.vanishing import zeros_of_denominators
from gradcli.output.pictures.scales import extent, left_out
from gradcli.output.pictures.scene import CurvePicture, Mark, Stop

#: Names of features in legends.
LABELS = {"cusp": "infinite slope", "edge": "domain ends"}

Range = tuple[float, float]


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
    sample = sampler(program, at, [axis])

    def curve(x: float) -> tuple[float, float]:
        found = sample([[x]])
        return found.value[0], found.partials[0][0]

    low, high = within or chosen_range(sample, curve, at.get(axis), [stop.x for stop in path])
    xs = grid(low, high)
    found = sample([xs])
    undefined = zeros_of_denominators(program, axis, at, xs)
    places = features(curve, xs, found.value, found.partials[0], undefined)
    values, slopes = _refined(sample, xs, places)
    point = _point(curve, axis, at)
    marks = [*(_mark(feature) for feature in places), *point]
    grows = any(place.kind == "pole" or _endless(place) for place in places)
    steep = grows or any(place.kind == "cusp" or place.steep for place in places)
    heights = [mark.y for mark in point if mark.y is not None] + [stop.value for stop in path]
    return CurvePicture(
        title, axis, xs, values, slopes, extent(values, open_ended=grows, include=heights),
        extent(slopes, open_ended=steep), _tangent(curve, axis, at), tuple(marks), tuple(path),
        left_out(found.value, found.beyond, "range", least=0.01),
    )  # fmt: skip


def chosen_range(sample: Sampler, curve: Curve, point: float | None, path: Sequence[float]) -> Range:
    """A range that shows the point, the path, and the nearest things of interest."""
    centre = 0.0 if point is None else point
    reach = max(10.0, 2 * abs(centre))
    xs = grid(centre - reach, centre + reach)
    found = sample([xs])
    near = sorted(
        features(curve, xs, found.value, found.partials[0]), key=lambda place: abs(place.x - centre)
    )
    seen = [*([] if point is None else [point]), *path, *(place.x for place in near[:3])]
    low, high = min(seen, default=centre), max(seen, default=centre)
    width = high - low
    if width < 1e-9 * max(abs(centre), 1):
        width = max(abs(centre), 5.0)
        return low - width, high + width
    return low - width * 0.4, high + width * 0.4


def _refined(sample: Sampler, xs: list[float], places: Sequence[Feature]) -> tuple[list[float], list[float]]:
    """Values and slopes; *xs* gets points close to every feature, and breaks where a line would lie."""
    width = xs[-1] - xs[0]
    # Beside a hole floats cancel, and its circle covers the gap anyway.
    steep = [place.x for place in places if place.kind != "hole"]
    close = [x + side * width * share for x in steep for share in (FAR, NEAR) for side in (-1, 1)]
    exact = [place.x for place in places]
    xs[:] = sorted({*xs, *exact, *(x for x in close if xs[0] < x < xs[-1])})
    found = sample([xs])
    broken = {place.x for place in places if place.kind in BREAKS and place.kind != "edge"}
    kinked = broken | {place.x for place in places if place.kind in ("corner", "cusp")}
    values = [math.nan if x in broken else value for x, value in zip(xs, found.value, strict=True)]
    slopes = [math.nan if x in kinked else slope for x, slope in zip(xs, found.partials[0], strict=True)]
    return values, slopes


def _endless(feature: Feature) -> bool:
    """Whether the domain ends where f grows without end, as a logarithm does."""
    return feature.kind == "edge" and not any(
        map(math.isfinite, (feature.value, feature.left, feature.right))
    )


def _mark(feature: Feature) -> Mark:
    kind, value = feature.kind, feature.value
    label = LABELS.get(kind, kind)
    sides = [side for side in (feature.left, feature.right) if math.isfinite(side)]
    if kind == "pole":
        return Mark(kind, feature.x, None, label)
    if kind == "hole":
        return Mark(kind, feature.x, sum(sides) / len(sides) if sides else None, label, tuple(sides[:1]))
    if kind == "edge" and not math.isfinite(value):
        return Mark(kind, feature.x, None, label, tuple(sides))
    if kind == "jump":
        missed = tuple(side for side in sides if not abs(side - value) <= 1e-5 * abs(sides[0] - sides[-1]))
        return Mark(kind, feature.x, value, label, missed)
    return Mark(kind, feature.x, value, label)


def _point(curve: Curve, axis: str, at: Mapping[str, float]) -> list[Mark]:
    if axis not in at:
        return []
    value = curve(at[axis])[0]
    return [Mark("point", at[axis], value if math.isfinite(value) else None, "point")]


def _tangent(curve: Curve, axis: str, at: Mapping[str, float]) -> tuple[float, float, float] | None:
    if axis not in at:
        return None
    value, slope = curve(at[axis])
    return (at[axis], value, slope) if math.isfinite(value) and math.isfinite(slope) else None
