"""A landscape on a terminal: labelled contours, arrows that point downhill, the path with its steps, the marks."""

from __future__ import annotations

import math
from collections.abc import Set
from itertools import pairwise

from gradcli.output.pictures.braille_canvas import painted
from gradcli.output.pictures.contours import segments
from gradcli.output.pictures.legend import digits_of, legend
from gradcli.output.pictures.scales import digits_within, spread, tick_text
from gradcli.output.pictures.scene import SIGNS, LandscapePicture, Stop
from gradcli.output.pictures.terminal_frame import Frame, margin_for
from gradcli.output.text.document import fitting

#: Directions from east, against the clock.
ARROWS = "→↗↑↖←↙↓↘"

#: Cells between two arrows.
ACROSS, DOWN = 9, 4


def landscape_lines(picture: LandscapePicture, columns: int, rows: int, colour: int) -> list[str]:
    """The picture as *rows* lines of at most *columns* cells; colour: 0, 16 or 256."""
    named = [*(("border", "━", one.text) for one in picture.borders if one.pieces), *_arrows_named(picture)]
    if picture.outside:
        named.append(("outside", "·", "does not hold"))
    lines = max(rows // (6 if named else 8), 1)
    key = legend(picture.marks, picture.axes, columns, lines, colour, digits_of(picture), named)
    ends = (picture.ys[0], picture.ys[-1])
    frame = Frame(
        columns,
        rows - 1 - len(key),
        (picture.xs[0], picture.xs[-1]),
        ends,
        margin=margin_for((ends, rows - 3 - len(key))),
    )
    frame.scale(picture.axes[0])
    frame.put(frame.margin + 2, 0, picture.axes[1], "heading")
    breaks = frozenset(picture.breaks)
    for number, level in enumerate(picture.levels):
        role = f"level{number * 6 // len(picture.levels)}"
        for a, b in segments(picture.xs, picture.ys, picture.values, level, breaks):
            frame.segment(a, b, role)
    for border in picture.borders:
        for a, b in border.pieces:
            frame.segment(a, b, "border")
    _draw_pulls(frame, picture)
    draw_path(frame, picture.path, {frame.cell(mark.x, mark.y or 0.0) for mark in picture.marks})
    for mark in sorted(picture.marks, key=lambda mark: mark.kind == "point"):
        frame.mark(mark.x, mark.y or 0.0, SIGNS[mark.kind], mark.kind)
    _draw_labels(frame, picture)
    _draw_constant(frame, picture)
    _draw_arrows(frame, picture)
    _draw_outside(frame, picture)
    return [painted(fitting(picture.title, columns), "heading", colour), *frame.lines(colour), *key]


def draw_path(frame: Frame, path: tuple[Stop, ...], marked: Set[tuple[int, int]] = frozenset()) -> None:
    """The way, and the numbers of as many of its steps as there is room for: first and last before the others.

    marked: cells in which a sign will stand; a number stands to the right of it.
    """
    for a, b in pairwise(path):
        frame.segment((a.x, a.y), (b.x, b.y), "path")
    for stop in [*path[:1], *path[-1:], *path[1:-1]]:
        column, row = frame.cell(stop.x, stop.y)
        text, column = str(stop.step), column + ((column, row) in marked)
        fits = column > frame.margin and row < frame.inner_rows and frame.inside(stop.x, stop.y)
        if fits and all(frame.free(column - 1, r, len(text) + 2) for r in (row, row - 1 if row else row)):
            frame.put(column, row, text, "path")


def _draw_labels(frame: Frame, picture: LandscapePicture) -> None:
    """The height of each contour, where it is nearest to a line that runs across the picture."""
    breaks = frozenset(picture.breaks)
    digits = digits_within(picture.levels[0], picture.levels[-1]) if picture.levels else 4
    for number, level in enumerate(picture.levels):
        role, text = f"level{number * 6 // len(picture.levels)}", tick_text(level, digits)
        wanted = (number % 3 + 1) / 4
        places = [a for a, _ in segments(picture.xs, picture.ys, picture.values, level, breaks)]
        cells = {frame.cell(x, y) for x, y in places}
        middle = frame.margin + 1 + frame.inner_columns * wanted
        for column, row in sorted(cells, key=lambda cell: (abs(cell[0] - middle), cell[1])):
            start = column - len(text) // 2
            if row < frame.inner_rows and start > frame.margin and frame.free(start - 1, row, len(text) + 2):
                frame.put(start, row, text, role)
                break


def _draw_constant(frame: Frame, picture: LandscapePicture) -> None:
    """The one height of a landscape without contours, in its middle."""
    ordered = spread([value for row in picture.values for value in row])
    if ordered and ordered[0] == ordered[-1]:
        text = f"f = {tick_text(ordered[0], 10)}"
        column = frame.margin + 1 + max(frame.inner_columns - len(text), 0) // 2
        row = frame.inner_rows // 2
        frame.put(column, row if frame.free(column, row, len(text)) else max(row - 2, 0), text, "level0")


def _draw_arrows(frame: Frame, picture: LandscapePicture) -> None:
    """−∇f as it lies on this picture, one arrow per patch; none where f has none or is flat, or constraints do not hold."""
    for row in range(DOWN // 2, frame.inner_rows, DOWN):
        for column in range(frame.margin + 1 + ACROSS // 2, frame.columns - 1, ACROSS):
            part = (column - frame.margin - 0.5) / frame.inner_columns
            i = round(part * (len(picture.xs) - 1))
            j = round((1 - (row + 0.5) / frame.inner_rows) * (len(picture.ys) - 1))
            if picture.outside and picture.outside[j][i]:
                continue
            right, up = (-partial[j][i] for partial in picture.partials)
            # A dot is as wide as it is high, so the direction on the screen is that of the dots.
            right, up = right * frame.inner_columns * 2, up * frame.inner_rows * 4
            right, up = right / (frame.xs[1] - frame.xs[0]), up / (frame.ys[1] - frame.ys[0])
            if math.isfinite(right) and math.isfinite(up) and (right or up) and frame.free(column, row, 1):
                frame.put(column, row, ARROWS[round(math.atan2(up, right) / (math.pi / 4)) % 8], "arrow")


#: Kind of an arrow at a point -> its role, and every how many dots it has one.
PULLS = {"f": ("path", 1), "constraint": ("pull", 2), "along": ("pull", 2)}


def _arrows_named(picture: LandscapePicture) -> list[tuple[str, str, str]]:
    """What legends say of the arrows at points, each once."""
    return list(dict.fromkeys((PULLS[one.kind][0], "→", one.label) for one in picture.pulls))


def _draw_pulls(frame: Frame, picture: LandscapePicture) -> None:
    """The arrows at points, all to one scale for each point, so that their parts add up."""
    across, up = (
        frame.inner_columns * 2 / (frame.xs[1] - frame.xs[0]),
        frame.inner_rows * 4 / (frame.ys[1] - frame.ys[0]),
    )
    for place in dict.fromkeys((one.x, one.y) for one in picture.pulls):
        here = [one for one in picture.pulls if (one.x, one.y) == place]
        longest = max(math.hypot(one.u * across, one.v * up) for one in here)
        factor = REACH * min(frame.inner_columns * 2, frame.inner_rows * 4) / longest
        for one in here:
            role, every = PULLS[one.kind]
            tip = (one.x + factor * one.u, one.y + factor * one.v)
            frame.segment(place, tip, role, every)
            if one.kind == "f":
                frame.mark(*tip, "∇f", role)


#: The length of the longest arrow at a point, as a share of the picture's shorter side.
REACH = 0.22


def _draw_outside(frame: Frame, picture: LandscapePicture) -> None:
    """A dot in every second cell in which a constraint does not hold and nothing else is drawn."""
    if not picture.outside:
        return
    for row in range(frame.inner_rows):
        for column in range(frame.margin + 1 + row % 2, frame.columns - 1, 2):
            i = round((column - frame.margin - 0.5) / frame.inner_columns * (len(picture.xs) - 1))
            j = round((1 - (row + 0.5) / frame.inner_rows) * (len(picture.ys) - 1))
            if picture.outside[j][i] and frame.blank(column, row):
                frame.put(column, row, "·", "outside")
