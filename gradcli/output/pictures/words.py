"""A picture in words, for those who do not see it; and its data, for scripts that draw it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.output.numbers import shown
from gradcli.output.pictures.legend import place
from gradcli.output.pictures.scales import HEAVY, share, spread
from gradcli.output.pictures.scene import (
    ConvergencePicture,
    CurvePicture,
    LandscapePicture,
    Mark,
    Picture,
    Stop,
)

#: Digits of the numbers that a page holds: as many as its hover texts show, and one more.
DIGITS = 7


def described(picture: Picture) -> str:
    """One or two sentences that say what the picture shows."""
    if isinstance(picture, ConvergencePicture):
        return " ".join(_ran(one.name, one.steps, one.values, one.norms) for one in picture.series)
    if isinstance(picture, CurvePicture):
        ends = f"{picture.axis} from {shown(picture.xs[0], 4)} to {shown(picture.xs[-1], 4)}"
        text, axes = f"The curve of {picture.title} and its derivative, {ends}", picture.axis
        grows = any(mark.kind == "pole" for mark in picture.marks)
        return f"{text}{'' if grows else _heights(picture.values)}.{_marks(picture.marks, axes)}{_way(picture.path)}"
    (first, second), xs, ys = picture.axes, picture.xs, picture.ys
    text = f"Contours of {picture.title}, {first} from {shown(xs[0], 4)} to {shown(xs[-1], 4)}"
    text += f", {second} from {shown(ys[0], 4)} to {shown(ys[-1], 4)}"
    heights = _heights([value for row in picture.values for value in row])
    return f"{text}{heights}.{_marks(picture.marks, picture.axes)}{_way(picture.path)}"


def _heights(values: Sequence[float]) -> str:
    ordered = spread(values)
    if not ordered:
        return "; f has no value there"
    return f"; f lies between {shown(ordered[0], 4)} and {shown(ordered[-1], 4)}"


def _marks(marks: Sequence[Mark], axes: str | tuple[str, str]) -> str:
    named = [f"{mark.label} at {place(mark, axes, 4)}" for mark in marks[:12]]
    return f" Marked: {'; '.join(named)}." if named else ""


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


def data_of(picture: Picture, stops: Sequence[str] = ()) -> dict[str, Any]:
    """The picture as JSON-ready data, null for nan. stops: what to say at each stop of the path."""
    data = {
        name: _rounded(value)
        for name, value in picture._asdict().items()
        if name not in ("marks", "path", "series")
    }
    if isinstance(picture, ConvergencePicture):
        return {**data, "series": [_record(one) for one in picture.series], "path": []}
    data["marks"] = [_record(mark) for mark in picture.marks]
    words = [*stops, *[""] * (len(picture.path) - len(stops))]
    data["path"] = [{**_record(stop), "words": text} for stop, text in zip(picture.path, words, strict=True)]
    if isinstance(picture, LandscapePicture):
        data["compressed"] = _compression([value for row in picture.values for value in row])
    return data


def _record(record: Any) -> Mapping[str, Any]:
    return {name: _rounded(value) for name, value in record._asdict().items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value


def _compression(values: Sequence[float]) -> float | None:
    """The height above the lowest at which heights begin to be compressed; None where they need not be."""
    ordered = spread(values)
    if not ordered:
        return None
    middle = share(ordered, 0.75) - share(ordered, 0.25)
    if ordered[-1] - ordered[0] <= HEAVY * middle:
        return None
    return (share(ordered, 0.25) - ordered[0]) / 4 or (ordered[-1] - ordered[0]) * 1e-4
