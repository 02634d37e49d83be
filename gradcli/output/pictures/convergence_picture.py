"""Descents → the picture of their convergence, and that picture on a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.output.pictures.braille_canvas import painted
from gradcli.output.pictures.scales import spread
from gradcli.output.pictures.scene import ConvergencePicture, Series
from gradcli.output.pictures.terminal_frame import Frame, margin_for
from gradcli.output.text.document import fitting

#: A row of positive numbers that spans more than this factor is drawn logarithmically.
SPAN = 50.0


def convergence_picture(title: str, series: Sequence[Series]) -> ConvergencePicture:
    """The picture of f and of the gradient's norm against the step; logarithmic where that shows more."""
    values = [value for one in series for value in one.values]
    norms = [norm for one in series for norm in one.norms]
    lost = sum(not math.isfinite(number) for number in values)
    notes = (f"{lost} points have no finite value: left out",) if lost else ()
    return ConvergencePicture(title, tuple(series), (_spans(values), _spans(norms)), notes)


def _spans(numbers: Sequence[float]) -> bool:
    """Whether a logarithmic axis suits: positive numbers (a norm may reach 0) over a large range."""
    ordered = spread(numbers)
    positive = [number for number in ordered if number > 0]
    return bool(positive) and ordered[0] >= 0 and positive[-1] > SPAN * positive[0]


def transformed(numbers: Sequence[float], logarithmic: bool) -> list[float]:
    """Numbers as they are drawn: their decimal logarithm, nan for 0, or themselves."""
    if not logarithmic:
        return list(numbers)
    return [math.log10(number) if math.isfinite(number) and number > 0 else math.nan for number in numbers]


def convergence_lines(picture: ConvergencePicture, columns: int, rows: int, colour: int) -> list[str]:
    """The picture as *rows* lines of at most *columns* cells; colour: 0, 16 or 256."""
    key = _key(picture, columns, colour) if len(picture.series) > 1 else []
    room = rows - 1 - len(key)
    below = max(room // 2 + 1, 4)
    drawn = [
        [transformed((one.values, one.norms)[part], picture.logarithmic[part]) for one in picture.series]
        for part in (0, 1)
    ]
    ranges = [_range([number for one in part for number in one]) for part in drawn]
    last = max((one.steps[-1] for one in picture.series if one.steps), default=1)
    first = min((one.steps[0] for one in picture.series if one.steps), default=0)
    ends, margin = (
        (float(first), float(max(last, first + 1))),
        max(margin_for((ranges[0], room - below), (ranges[1], below - 2)), 6),
    )
    lines = [painted(fitting(picture.title, columns), "heading", colour)]
    for part, name in enumerate(("f", "|∇f|")):
        frame = Frame(
            columns, below if part else room - below, ends, ranges[part], margin=margin, bottom=bool(part)
        )
        frame.scale("step", picture.logarithmic[part])
        for number, one in enumerate(picture.series):
            _draw(frame, one, drawn[part][number], number, len(picture.series))
        frame.put(margin + 2, 0, name + (" (logarithmic)" if picture.logarithmic[part] else ""), "heading")
        lines += frame.lines(colour)
    return lines + key


def _draw(frame: Frame, series: Series, numbers: list[float], number: int, count: int) -> None:
    """One curve; where there are several, its letter stands on it as well, for pictures without colour."""
    role = f"series{number % 6}"
    frame.trace([float(step) for step in series.steps], numbers, role)
    if count == 1:
        return
    for index in range(len(numbers) * (number + 1) // (count + 2), len(numbers)):
        x, y = float(series.steps[index]), numbers[index]
        if math.isfinite(y) and frame.inside(x, y) and frame.free(*frame.cell(x, y), 1):
            frame.mark(x, y, letter(number), role)
            break


def letter(number: int) -> str:
    """The letter of a curve."""
    return chr(ord("A") + number % 26)


def _range(numbers: Sequence[float]) -> tuple[float, float]:
    ordered = spread(numbers) or [0.0]
    low, high = ordered[0], ordered[-1]
    air = (high - low) * 0.05 or 1.0
    return low - air, high + air


def _key(picture: ConvergencePicture, columns: int, colour: int) -> list[str]:
    lines, width = [""], 0
    for number, one in enumerate(picture.series):
        text = f"{letter(number)} {one.name}"
        if width and width + 3 + len(text) > columns:
            lines, width = [*lines, ""], 0
        lines[-1] += ("   " if width else "") + painted(text, f"series{number % 6}", colour)
        width += len(text) + (3 if width else 0)
    return lines
