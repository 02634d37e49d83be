"""A panel of a terminal picture: a canvas with a scale on two sides, numbers → dots."""

from __future__ import annotations

import math

from gradcli.output.pictures.braille_canvas import Canvas
from gradcli.output.pictures.scales import digits_within, tick_text, ticks
from gradcli.output.text.document import columns_of

#: Most cells that the numbers beside an axis may take.
WIDEST = 18


class Frame(Canvas):
    """A canvas whose dots stand for numbers: x from left to right, y upwards. The scale is drawn on the same canvas."""

    def __init__(
        self,
        columns: int,
        rows: int,
        xs: tuple[float, float],
        ys: tuple[float, float],
        *,
        margin: int,
        bottom: bool = True,
    ) -> None:
        super().__init__(columns, rows)
        self.xs, self.ys, self.margin = xs, ys, margin
        self.inner_columns, self.inner_rows = columns - margin - 1, rows - (2 if bottom else 0)
        self.bottom = bottom

    def across(self, x: float) -> float:
        """The dot column of x."""
        low, high = self.xs
        return 2 * (self.margin + 1) + (x - low) / (high - low) * (2 * self.inner_columns - 1)

    def down(self, y: float) -> float:
        """The dot row of y."""
        low, high = self.ys
        return (high - y) / (high - low) * (4 * self.inner_rows - 1)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell, column and row, that shows a place."""
        return round(self.across(x)) // 2, round(self.down(y)) // 4

    def inside(self, x: float, y: float) -> bool:
        """Whether a place is within the panel."""
        return self.xs[0] <= x <= self.xs[1] and self.ys[0] <= y <= self.ys[1]

    def trace(self, xs: list[float], ys: list[float], role: str, every: int = 1) -> None:
        """A line through points, interrupted where one of them is nan."""
        for i in range(len(xs) - 1):
            if math.isfinite(ys[i]) and math.isfinite(ys[i + 1]):
                self.segment((xs[i], ys[i]), (xs[i + 1], ys[i + 1]), role, every)

    def segment(self, a: tuple[float, float], b: tuple[float, float], role: str, every: int = 1) -> None:
        """A line between two places, cut at the panel's lower edge too."""
        low, high = self.ys
        span = high - low
        # Far outside is as good as just outside: no line needs numbers that large.
        ya, yb = (min(max(y, low - 1e6 * span), high + 1e6 * span) for y in (a[1], b[1]))
        self._clipped(self.across(a[0]), self.down(ya), self.across(b[0]), self.down(yb), role, every)

    def _clipped(self, x: float, y: float, to_x: float, to_y: float, role: str, every: int) -> None:
        rows, self.height = self.height, 4 * self.inner_rows
        try:
            self.line(x, y, to_x, to_y, role, every)
        finally:
            self.height = rows

    def mark(self, x: float, y: float, text: str, role: str) -> None:
        """A text at a place, if it is within the panel."""
        if self.inside(x, y):
            self.put(*self.cell(x, y), text, role)

    def scale(self, name: str = "", logarithmic: bool = False) -> None:
        """Ticks and numbers: y on the left, x below."""
        for row in range(self.inner_rows):
            self.put(self.margin, row, "│", "axis")
        taken = -2
        for y in reversed(ticks(*self.ys, scale_marks(self.inner_rows))):
            row = self.cell(self.xs[0], y)[1]
            if row > taken + 1:
                text = _power(y) if logarithmic else tick_text(y, digits_within(*self.ys))
                self.put(max(self.margin - len(text), 0), row, text[: self.margin], "axis")
                self.put(self.margin, row, "┤", "axis")
                taken = row
        if self.bottom:
            self._below(name)

    def _below(self, name: str) -> None:
        self.put(self.margin, self.inner_rows, "└" + "─" * self.inner_columns, "axis")
        place = self.columns - columns_of(name)
        self.put(place, self.inner_rows + 1, name, "heading")
        taken = 0
        for x in ticks(*self.xs, max(self.inner_columns // 12, 2)):
            column, text = self.cell(x, self.ys[0])[0], tick_text(x, digits_within(*self.xs, 6))
            start = max(column - len(text) // 2, 0)
            self.put(column, self.inner_rows, "┬", "axis")
            if taken <= start and start + len(text) < place:
                self.put(start, self.inner_rows + 1, text, "axis")
                taken = start + len(text) + 1


def margin_for(*sides: tuple[tuple[float, float], int]) -> int:
    """The cells that the numbers beside these ranges take, each on a panel of so many rows."""
    texts = [
        tick_text(y, digits_within(*ends)) for ends, rows in sides for y in ticks(*ends, scale_marks(rows))
    ]
    return min(max(map(len, texts), default=1), WIDEST)


def scale_marks(rows: int) -> int:
    """How many numbers suit an axis of so many rows."""
    return max(rows // 3, 2)


def _power(exponent: float) -> str:
    return f"1e{exponent:.3g}"
