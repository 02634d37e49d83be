"""A picture in words, for those who do not see it; and its data, for scripts that draw it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.output.pictures.legend import digits_of, place
from gradcli.output.pictures.scales import HEAVY, digits_within, share, spread
from gradcli.output.pictures.scene import (
    ConvergencePicture,
    CurvePicture,
    LandscapePicture,
    Picture,
    Stop,
)
from gradcli.output.text.number_text import shown

#: Digits of the many numbers that a page holds: as many as its hover texts show, and one more.
DIGITS = 7

#: At most so many marks are named one by one.
NAMED = 12

#: Those of the others: all of them.
EVERY = 17

#: What only some pictures have.
BANDS = ("band", "slope_band")
RARE = (*BANDS, "outside", "borders", "pulls")


def described(picture: Picture) -> str:
    """A few sentences that say what the picture shows, and what it does not."""
    return _shown(picture) + "".join(f" Note: {note}." for note in picture.notes)


def _shown(picture: Picture) -> str:
    if isinstance(picture, ConvergencePicture):
        return " ".join(_ran(one.name, one.steps, one.values, one.norms) for one in picture.series)
    if isinstance(picture, CurvePicture):
        text = f"The curve of {picture.title} and its derivative, {_between(picture.axis, picture.xs)}"
        grows = any(
            mark.kind in ("pole", "edge") and mark.y is None and not mark.open for mark in picture.marks
        )
        way = _way(picture.path)
        band = " Shaded: the strips in which both must lie, as was proved." if picture.band else ""
        return f"{text}{'' if grows else _heights(picture.values)}.{band}{_missed(picture)}{_marks(picture)}{way}"
    first, second = picture.axes
    text = f"Contours of {picture.title}, {_between(first, picture.xs)}, {_between(second, picture.ys)}"
    heights = _heights([value for row in picture.values for value in row])
    return f"{text}{heights}.{_constrained(picture)}{_marks(picture)}{_way(picture.path)}"


def _missed(picture: CurvePicture) -> str:
    """Where constraints do not hold along a curve."""
    digits = digits_of(picture, 4)[0]
    ranges = [f"from {shown(low, digits)} to {shown(high, digits)}" for low, high in picture.outside[:NAMED]]
    more = "; and more" if len(picture.outside) > NAMED else ""
    return (
        f" Dotted: {picture.axis} {'; '.join(ranges)}{more}, where a constraint does not hold."
        if ranges
        else ""
    )


def _constrained(picture: LandscapePicture) -> str:
    """The constraints of a landscape and the arrows at its points."""
    drawn = [one.text for one in picture.borders if one.pieces][:NAMED]
    text = f" Thick: the curve{'s' * (len(drawn) > 1)} of {'; '.join(drawn)}." if drawn else ""
    if picture.outside:
        share = sum(map(sum, picture.outside)) / (len(picture.xs) * len(picture.ys))
        part = "everywhere" if share == 1 else f"{max(round(100 * share), 1)} % of the picture"
        text += f" Dotted: where an inequality does not hold, {part}."
    digits = digits_of(picture, 4)
    for spot in list(dict.fromkeys((one.x, one.y) for one in picture.pulls))[:NAMED]:
        here = [
            f"{one.label}: ({shown(one.u, 6)}, {shown(one.v, 6)})"
            for one in picture.pulls if (one.x, one.y) == spot
        ]  # fmt: skip
        where = ", ".join(
            f"{name} = {shown(x, d)}" for name, x, d in zip(picture.axes, spot, digits, strict=True)
        )
        text += f" Arrows at {where}: {'; '.join(here)}."
    return text


def _between(name: str, side: Sequence[float]) -> str:
    low, high, digits = side[0], side[-1], digits_within(side[0], side[-1])
    return f"{name} from {shown(low, digits)} to {shown(high, digits)}"


def _heights(values: Sequence[float]) -> str:
    ordered = spread(values)
    if not ordered:
        return "; f has no value at any point drawn"
    digits = digits_within(ordered[0], ordered[-1])
    if ordered[0] == ordered[-1]:
        return f"; f is {shown(ordered[0], digits)} at every point drawn"
    return (
        f"; at the points drawn f lies between {shown(ordered[0], digits)} and {shown(ordered[-1], digits)}"
    )


def _marks(picture: CurvePicture | LandscapePicture) -> str:
    axes = picture.axis if isinstance(picture, CurvePicture) else picture.axes
    named = [
        f"{mark.label}{'' if mark.kind == 'steep' else ' at'} {place(mark, axes, digits_of(picture, 4))}"
        for mark in picture.marks[:NAMED]
    ]
    left = len(picture.marks) - len(named)
    return f" Marked: {'; '.join(named)}{f'; and {left} more' if left else ''}." if named else ""


def _way(path: Sequence[Stop]) -> str:
    if len(path) < 2:
        return ""
    count = path[-1].step - path[0].step
    lead = "1 step leads" if count == 1 else f"{count} steps lead"
    return f" {lead} from f = {shown(path[0].value, 6)} to {shown(path[-1].value, 6)}."


def _ran(name: str, steps: Sequence[int], values: Sequence[float], norms: Sequence[float]) -> str:
    count = steps[-1] - steps[0]
    return (
        f"{name}: in {count} step{'s' * (count != 1)} f goes from {shown(values[0], 6)} to {shown(values[-1], 6)}, "
        f"the norm of the gradient from {shown(norms[0], 4)} to {shown(norms[-1], 4)}."
    )


def picture_record(picture: Picture) -> dict[str, Any]:
    """The picture as a record whose numbers have all of their digits, null for nan."""
    found = {name: _plain(value) for name, value in picture._asdict().items() if value or name not in RARE}
    return {**found, "kind": type(picture).__name__.removesuffix("Picture").lower()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def data_of(picture: Picture, stops: Sequence[str] = ()) -> dict[str, Any]:
    """The picture as JSON-ready data, null for nan. stops: what to say at each stop of the path."""
    data = {
        name: _rounded(value, _digits(value))
        for name, value in picture._asdict().items()
        if name not in ("marks", "path", "series", "others", *RARE)
    }
    if isinstance(picture, ConvergencePicture):
        return {**data, "series": [_record(one) for one in picture.series], "path": []}
    data["marks"] = [_record(mark) for mark in picture.marks]
    if isinstance(picture, CurvePicture):
        bands = zip(BANDS, (picture.band, picture.slope_band), strict=True)
        data |= {name: [_rounded(list(one), EVERY) for one in band] for name, band in bands if band}
        data |= {"outside": [list(one) for one in picture.outside]} if picture.outside else {}
    words = [*stops, *[""] * (len(picture.path) - len(stops))]
    data["path"] = [{**_record(stop), "words": text} for stop, text in zip(picture.path, words, strict=True)]
    if isinstance(picture, LandscapePicture):
        data["compressed"] = _compression([value for row in picture.values for value in row])
        data["borders"] = [
            {"text": one.text, "pieces": _rounded(list(one.pieces), DIGITS + 2)} for one in picture.borders
        ]
        data["outside"] = [[int(cell) for cell in row] for row in picture.outside]
        data["pulls"] = [_record(one) for one in picture.pulls]
    return data


def _record(record: Any) -> Mapping[str, Any]:
    return {name: _rounded(value, EVERY) for name, value in record._asdict().items()}


def _digits(value: Any) -> int:
    """As many digits as tell the numbers of a list apart, all of them for few numbers."""
    if not (isinstance(value, list) or (isinstance(value, tuple) and value and isinstance(value[0], list))):
        return EVERY
    ordered = spread(_flat(value))
    return digits_within(ordered[0], ordered[-1], DIGITS) if ordered else DIGITS


def _flat(value: Any) -> list[float]:
    return (
        [number for part in value for number in _flat(part)] if isinstance(value, list | tuple) else [value]
    )


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_rounded(part, digits) for part in value]
    return value


def _compression(values: Sequence[float]) -> float | None:
    """The height above the lowest at which heights begin to be compressed; None where they need not be.

    Below 0 it is depths that are compressed, from the highest on: few places hold most of the depth.
    """
    ordered = spread(values)
    if not ordered:
        return None
    low, high = share(ordered, 0.25), share(ordered, 0.75)
    whole = ordered[-1] - ordered[0]
    if whole <= HEAVY * (high - low):
        return None
    if low - ordered[0] > ordered[-1] - high:
        return -((ordered[-1] - high) / 4 or whole * 1e-4)
    return (low - ordered[0]) / 4 or whole * 1e-4
