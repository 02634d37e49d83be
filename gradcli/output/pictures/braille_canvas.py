"""A canvas of Braille dots for terminals: 2 × 4 dots in every character cell, with texts above them.

Colours are palette entries in the middle between black and white, so that they can be read on both, and far
enough apart for readers who do not see red and green as different (after Okabe and Ito).
"""

from __future__ import annotations

from gradcli.output.text.document import columns_of_character, visible

#: Role -> entry of the palette of 256 colours, and of the 16 that every terminal has.
COLOURS = {
    "curve": (32, 34), "derivative": (166, 31), "tangent": (133, 35), "path": (166, 31), "point": (166, 31),
    "minimum": (32, 34), "maximum": (133, 35), "saddle": (133, 35), "degenerate": (133, 35), "corner": (133, 35),
    "cusp": (133, 35), "jump": (133, 35), "hole": (133, 35), "pole": (133, 35), "edge": (133, 35),
    "gap": (133, 35), "steep": (133, 35), "band": (36, 32), "border": (36, 32), "pull": (133, 35), "outside": (244, 90),
    "axis": (244, 90), "arrow": (244, 90), "heading": (0, 0), "text": (0, 0),
    "level0": (32, 34), "level1": (31, 36), "level2": (66, 36), "level3": (101, 33), "level4": (136, 33),
    "level5": (172, 33), "series0": (32, 34), "series1": (166, 31), "series2": (36, 32), "series3": (133, 35),
    "series4": (136, 33), "series5": (244, 90),
}  # fmt: skip

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


class Canvas:
    """Columns × rows cells. Dots count from the upper left; so do cells."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.width, self.height = 2 * columns, 4 * rows
        self._bits = [[0] * columns for _ in range(rows)]
        self._roles = [["text"] * columns for _ in range(rows)]
        self._texts: list[list[str | None]] = [[None] * columns for _ in range(rows)]

    def dot(self, x: int, y: int, role: str) -> None:
        """One dot; outside of the canvas it is left out."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._bits[y // 4][x // 2] |= _BITS[x % 2][y % 4]
            if self._texts[y // 4][x // 2] is None:
                self._roles[y // 4][x // 2] = role

    def line(self, x: float, y: float, to_x: float, to_y: float, role: str, every: int = 1) -> None:
        """A straight line, every n-th dot of it; what is outside of the canvas is cut off first."""
        ends = _cut(x, y, to_x, to_y, self.width - 0.5, self.height - 0.5)
        if ends is None:
            return
        x, y, to_x, to_y = ends
        length = max(round(max(abs(to_x - x), abs(to_y - y))), 1)
        for i in range(0, length + 1, every):
            part = i / length
            self.dot(round(x + (to_x - x) * part), round(y + (to_y - y) * part), role)

    def free(self, column: int, row: int, length: int) -> bool:
        """Whether a text of that length would fit there without covering another."""
        inside = 0 <= row < self.rows and column >= 0 and column + length <= self.columns
        return inside and all(text is None for text in self._texts[row][column : column + length])

    def blank(self, column: int, row: int) -> bool:
        """Whether a cell has neither dots nor a text."""
        return self.free(column, row, 1) and not self._bits[row][column]

    def put(self, column: int, row: int, text: str, role: str) -> None:
        """A text above the dots; what is outside of the canvas is left out.

        A wide character takes two cells, the second of which is empty; a combining mark joins the one before it.
        """
        for character in visible(text):
            width = columns_of_character(character)
            if 0 <= row < self.rows and column >= 0 and column + width <= self.columns:
                if width == 0 and column:
                    self._texts[row][column - 1] = (self._texts[row][column - 1] or "") + character
                for cell in range(column, column + width):
                    self._halve(row, cell)
                    self._texts[row][cell] = character if cell == column else ""
                    self._roles[row][cell] = role
            column += width

    def _halve(self, row: int, cell: int) -> None:
        """Where a wide character loses one of its cells, the other one is blank."""
        texts = self._texts[row]
        if texts[cell] == "":
            texts[cell - 1] = " "
        elif texts[cell] and cell + 1 < self.columns and texts[cell + 1] == "":
            texts[cell + 1] = " "

    def lines(self, colour: int) -> list[str]:
        """The canvas as text without blanks at line ends; colour: 0 for none, 16 or 256."""
        return [self._line(row, colour) for row in range(self.rows)]

    def _line(self, row: int, colour: int) -> str:
        pieces, last = [], ""
        cells = [
            (chr(0x2800 + b) if b else " ") if text is None else text
            for text, b in zip(self._texts[row], self._bits[row], strict=True)
        ]
        while cells and cells[-1] == " ":
            cells.pop()
        for character, role in zip(cells, self._roles[row], strict=False):
            code = "" if character == " " else _code(role, colour)
            if code != last and not (character == " " and last):
                pieces.append(f"\x1b[0m{code}" if last else code)
                last = code
            elif character == " " and last:
                pieces.append("\x1b[0m")
                last = ""
            pieces.append(character)
        return "".join(pieces) + ("\x1b[0m" if last else "")


def _code(role: str, colour: int) -> str:
    large, small = COLOURS[role]
    if not colour or role == "text":
        return ""
    if role == "heading":
        return "\x1b[1m"
    return f"\x1b[38;5;{large}m" if colour == 256 else f"\x1b[{small}m"


def painted(text: str, role: str, colour: int) -> str:
    """A text of one role."""
    code = _code(role, colour)
    return f"{code}{visible(text)}\x1b[0m" if code else visible(text)


def _cut(
    x: float, y: float, to_x: float, to_y: float, width: float, height: float
) -> tuple[float, float, float, float] | None:
    """The part of a line within [-½, width] × [-½, height] (Liang and Barsky 1984)."""
    begin, end, dx, dy = 0.0, 1.0, to_x - x, to_y - y
    for p, q in ((-dx, x + 0.49), (dx, width - x), (-dy, y + 0.49), (dy, height - y)):
        if p == 0:
            if q < 0:
                return None
        elif p < 0:
            begin = max(begin, q / p)
        else:
            end = min(end, q / p)
    if begin > end:
        return None
    return x + begin * dx, y + begin * dy, x + end * dx, y + end * dy
