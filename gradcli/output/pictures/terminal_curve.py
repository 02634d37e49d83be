"""A curve on a terminal: f above, f′ below, each with its own scale; marks, path and tangent on f."""

from __future__ import annotations

import math

from gradcli.output.pictures.legend import digits_of, legend
from gradcli.output.pictures.scene import SIGNS, CurvePicture, Stop, Strip
from gradcli.output.pictures.terminal_frame import Frame, margin_for
from gradcli.output.text.document import fitting

#: The colours of more curves than one, in turn.
OTHERS = ("derivative", "tangent", "path")

#: The share of the rows that f′ gets, and the fewest rows with which it is drawn at all.
SHARE, FEWEST = 0.36, 14


def curve_lines(picture: CurvePicture, columns: int, rows: int, colour: int) -> list[str]:
    """The picture as *rows* lines of at most *columns* cells; colour: 0, 16 or 256."""
    named = [("outside", "·", "a constraint does not hold")] if picture.outside else []
    key = legend(picture.marks, picture.axis, columns, max(rows // 6, 1), colour, digits_of(picture), named)
    room = rows - 1 - len(key)
    below = max(round(room * SHARE), 4) if rows >= FEWEST else 0
    upper_rows = room - below - (0 if below else 2)
    margin = margin_for((picture.heights, upper_rows), *([(picture.steepness, below - 2)] if below else []))
    ends = (picture.xs[0], picture.xs[-1])
    upper = Frame(columns, room - below, ends, picture.heights, margin=margin, bottom=not below)
    _draw_value(upper, picture)
    lines = [_title(picture.title, columns, colour), *upper.lines(colour)]
    if below:
        lower = Frame(columns, below, ends, picture.steepness, margin=margin)
        _draw_slope(lower, picture)
        lines += lower.lines(colour)
    return lines + key


def _title(title: str, columns: int, colour: int) -> str:
    from gradcli.output.pictures.braille_canvas import painted

    return painted(fitting(title, columns), "heading", colour)


def _draw_value(frame: Frame, picture: CurvePicture) -> None:
    frame.scale(picture.axis)
    if not picture.others:
        frame.put(frame.margin + 2, 0, "f", "curve")
    if picture.tangent:
        x, y, slope = picture.tangent
        low, high = frame.xs
        frame.segment((low, y + slope * (low - x)), (high, y + slope * (high - x)), "tangent", 4)
    _draw_band(frame, picture.band)
    frame.trace(picture.xs, picture.values, "curve")
    for place, other in enumerate(picture.others):
        frame.trace(other.xs, other.values, OTHERS[place % len(OTHERS)])
    if picture.others:
        _name_curves(frame, [(picture.xs, picture.values), *((one.xs, one.values) for one in picture.others)])
    _draw_path(frame, picture.path)
    for mark in sorted(picture.marks, key=lambda mark: mark.kind == "point"):
        if mark.y is None:
            frame.put(*frame.cell(mark.x, frame.ys[0]), SIGNS[mark.kind], mark.kind)
            continue
        for height in mark.open:
            frame.mark(mark.x, height, SIGNS["hole"], mark.kind)
        if mark.kind != "hole" and math.isfinite(mark.y):
            frame.mark(mark.x, mark.y, "•" if mark.kind == "jump" else SIGNS[mark.kind], mark.kind)
    draw_outside(frame, picture.outside)


def draw_outside(frame: Frame, ranges: tuple[tuple[float, float], ...]) -> None:
    """A dot in every second cell over these ranges in which nothing else is drawn."""
    for row in range(frame.inner_rows):
        for column in range(frame.margin + 1 + row % 2, frame.columns - 1, 2):
            x = frame.xs[0] + (column - frame.margin - 0.5) / frame.inner_columns * (
                frame.xs[1] - frame.xs[0]
            )
            if any(low < x < high for low, high in ranges) and frame.blank(column, row):
                frame.put(column, row, "·", "outside")


def _name_curves(frame: Frame, curves: list[tuple[list[float], list[float]]]) -> None:
    """`f1`, `f2`, …: each on its curve, where the others are furthest, as far as can be seen from a few places."""
    for number, (xs, values) in enumerate(curves):
        free = [
            (_nearest(curves, number, x, y), x, y)
            for x, y in zip(xs[:: len(xs) // 24 or 1], values[:: len(xs) // 24 or 1], strict=True)
            if math.isfinite(y) and frame.inside(x, y) and frame.cell(x, y)[0] < frame.columns - 4
        ]
        if free:
            _, x, y = max(free)
            column, row = frame.cell(x, y)
            frame.put(max(column, frame.margin + 1), row, f"f{number + 1}", OTHERS[number % len(OTHERS)])


def _nearest(curves: list[tuple[list[float], list[float]]], number: int, x: float, y: float) -> float:
    """How far the other curves are from a place of one, along the height."""
    found = [math.inf]
    for other, (xs, values) in enumerate(curves):
        if other != number:
            place = min(range(len(xs)), key=lambda i: abs(xs[i] - x))
            found.append(abs(values[place] - y) if math.isfinite(values[place]) else math.inf)
    return min(found)


def _draw_path(frame: Frame, path: tuple[Stop, ...]) -> None:
    """Numbers of steps beside the places they led to, as many as there is room for."""
    for stop in path:
        frame.mark(stop.x, stop.value, "•", "path")
    for stop in [*path[:1], *path[-1:], *path[1:-1]]:
        column, row = frame.cell(stop.x, stop.value)
        text = str(stop.step)
        for c, r in ((column + 1, row - 1), (column - len(text), row - 1), (column + 1, row + 1)):
            if frame.inside(stop.x, stop.value) and c > frame.margin and r < frame.inner_rows and frame.free(
                c - 1, r, len(text) + 2
            ):  # fmt: skip
                frame.put(c, r, text, "path")
                break


def _draw_band(frame: Frame, band: tuple[Strip, ...]) -> None:
    """The lower and the upper end of each strip, those that are in the picture."""
    for one in band:
        for y in (one.lower, one.upper):
            if frame.ys[0] <= y <= frame.ys[1]:
                frame.segment((one.start, y), (one.end, y), "band")


def _draw_slope(frame: Frame, picture: CurvePicture) -> None:
    frame.scale(picture.axis)
    frame.put(frame.margin + 2, 0, "f′", "derivative")
    if frame.ys[0] < 0 < frame.ys[1]:
        frame.segment((frame.xs[0], 0.0), (frame.xs[1], 0.0), "axis", 3)
    _draw_band(frame, picture.slope_band)
    frame.trace(picture.xs, picture.slopes, "curve" if picture.others else "derivative")
    for place, other in enumerate(picture.others):
        frame.trace(other.xs, other.slopes, OTHERS[place % len(OTHERS)])
    for mark in picture.marks:
        if mark.kind == "pole":
            frame.put(*frame.cell(mark.x, frame.ys[0]), SIGNS["pole"], "pole")
