"""The marks of a picture in words: a sign, a label and a place each, as many lines as there are to spare."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.output.pictures.braille_canvas import painted
from gradcli.output.pictures.scales import digits_within
from gradcli.output.pictures.scene import SIGNS, CurvePicture, LandscapePicture, Mark
from gradcli.output.text.document import columns_of, fitting
from gradcli.output.text.number_text import shown

#: What is named beside marks: its role, its sign, its text.
Named = tuple[str, str, str]

#: Significant digits across and up.
Digits = tuple[int, int]


def digits_of(picture: CurvePicture | LandscapePicture, least: int = 5) -> Digits:
    """As many digits as tell the places of a picture apart."""
    up = picture.heights if isinstance(picture, CurvePicture) else (picture.ys[0], picture.ys[-1])
    return digits_within(picture.xs[0], picture.xs[-1], least), digits_within(*up, least)


def place(mark: Mark, axes: str | tuple[str, str], digits: Digits) -> str:
    """Where a mark stands: `x = 1, f = 2` on a curve, `x = 1, y = 2` in a landscape."""
    first, second = (axes, "f") if isinstance(axes, str) else axes
    text = f"{first} = {shown(mark.x, digits[0])}"
    if mark.y is not None and math.isfinite(mark.y):
        text += f", {second} = {shown(mark.y, digits[1])}"
    return text


def legend(
    marks: Sequence[Mark],
    axes: str | tuple[str, str],
    columns: int,
    rows: int,
    colour: int,
    digits: Digits = (5, 5),
    others: Sequence[Named] = (),
) -> list[str]:
    """Lines that name the marks, the point first, and what else is named; what has no room is counted."""
    lines: list[list[str]] = [[]]
    ordered = sorted(marks, key=lambda mark: mark.kind != "point")
    entries = [
        (mark.kind, f"{SIGNS[mark.kind]} {mark.label} {place(mark, axes, digits)}") for mark in ordered
    ]
    entries = [*((role, f"{sign} {text}") for role, sign, text in others), *entries]
    width, left = 0, len(entries)
    for role, text in entries:
        if width and width + 3 + columns_of(text) > _room(columns, rows, len(lines), left):
            if len(lines) == rows:
                lines[-1].append(f"and {left} more")
                break
            lines, width = [*lines, []], 0
        room = _room(columns, rows, len(lines), left)
        text = text if width else fitting(text, room)  # noqa: PLW2901  (the same entry, as much as has room)
        lines[-1].append(painted(text[0], role, colour) + text[1:])
        width, left = width + columns_of(text) + (3 if width else 0), left - 1
    return ["   ".join(line) for line in lines if line]


def _room(columns: int, rows: int, line: int, left: int) -> int:
    """The cells of a line: on the last one, marks that may follow want to be counted."""
    return columns if line < rows or left == 1 else columns - len(f"   and {left - 1} more")
