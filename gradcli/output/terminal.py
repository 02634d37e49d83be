"""The painter for terminals: rich draws the words, each role in its style, within the terminal's width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.output.document import Document, Line, Table, Word, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.text import Text

#: Role -> style. Only colours of the terminal's own palette that can be read on black and on white.
STYLES = {
    "variable": "bold cyan",
    "gradient": "bold",
    "formula": "cyan",
    "before": "dim",
    "after": "bold green",
    "name": "bold",
    "heading": "bold",
    "note": "dim",
    "warning": "magenta",
    "error": "bold red",
    "hint": "cyan",
    "culprit": "bold red",
}

#: The roles of numbers: their columns are ranged right and keep their digits on one line while there is room.
_NUMBERS = frozenset(("value", "gradient", "before", "after"))
_GAP = 3
_NARROWEST = 16
_INDENT = "  "


def terminal(document: Document, width: int, colour: bool) -> str:
    """*document* drawn for a terminal of *width* columns; without *colour* the same layout without ANSI.

    Nothing is cut off: formulas wrap within their column, and a table that has no room for its numbers is
    drawn as one block of lines per row.
    """
    from io import StringIO

    from rich.console import Console

    canvas = StringIO()
    # An environment of its own: the caller decides about colour and width, not FORCE_COLOR or COLUMNS.
    console = Console(
        file=canvas,
        width=max(width, 1),
        height=1,
        color_system="standard" if colour else None,
        force_terminal=colour,
        force_jupyter=False,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    for part in document:
        for text in _drawn(part, width):
            console.print(text, overflow="fold")
    return "".join(row.rstrip(" ") + "\n" for row in canvas.getvalue().split("\n")[:-1])


def _drawn(part: Line | Table, width: int) -> Iterator[Text]:
    if isinstance(part, Line):
        yield _text(*part.words)
        return
    if part.caption:
        yield _text(("heading", part.caption))
    widths = _widths(part, width)
    if widths:
        yield from _grid(part, widths)
    else:
        for row in part.rows:
            yield from _stacked(part.columns, row, width)


def _text(*words: Word) -> Text:
    from rich.text import Text

    text = Text(overflow="fold")
    for role, characters in words:
        text.append(visible(characters), STYLES.get(role))
    return text


def _columns(table: Table) -> list[tuple[Word, ...]]:
    """The cells of each column, its header first."""
    return list(zip((("heading", name) for name in table.columns), *table.rows, strict=True))


def _widths(table: Table, width: int) -> list[int]:
    """The width of each column: numbers in full, the others share the rest. None if that is too little."""
    needed = [max(_text(cell).cell_len for cell in column) for column in _columns(table)]
    room = width - _GAP * (len(needed) - 1)
    soft = [index for index, column in enumerate(_columns(table)) if index and not _numeric(column)]
    room -= sum(needed) - sum(needed[index] for index in soft)
    # The narrowest first: what it leaves of its share goes to the wider ones.
    for left, index in zip(range(len(soft), 0, -1), sorted(soft, key=needed.__getitem__), strict=True):
        share = room // left
        if share < min(needed[index], _NARROWEST):
            return []
        needed[index] = min(needed[index], share)
        room -= needed[index]
    return needed if room >= 0 else []


def _numeric(column: tuple[Word, ...]) -> bool:
    roles = {role for role, text in column[1:] if text}
    return bool(roles) and roles <= _NUMBERS


def _grid(table: Table, widths: list[int]) -> Iterator[Text]:
    """Header, rule and rows. By hand, since rich.table would add a sixth to what importing rich takes."""
    right = [_numeric(column) for column in _columns(table)]
    yield from _across([_text(("heading", name)) for name in table.columns], widths, right)
    yield _text(("note", "─" * (sum(widths) + _GAP * (len(widths) - 1))))
    for row in table.rows:
        yield from _across([_text(cell) for cell in row], widths, right)


def _across(cells: list[Text], widths: list[int], right: list[bool]) -> Iterator[Text]:
    """Cells side by side, each wrapped in its own column."""
    from itertools import zip_longest

    wrapped = [_folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for pieces in zip_longest(*wrapped):
        row = _text()
        for piece, width, ranged_right in zip(pieces, widths, right, strict=True):
            cell = piece or _text()
            blanks = " " * (width - cell.cell_len)
            row.append(blanks * ranged_right).append_text(cell).append(blanks * (not ranged_right) + " " * _GAP)
        row.rstrip()
        yield row


def _stacked(columns: tuple[str, ...], row: tuple[Word, ...], width: int) -> Iterator[Text]:
    """A row as a block: its first cell, and under it a line per cell that is not empty."""
    yield _text(row[0])
    labels = max((_text(("heading", name)).cell_len for name in columns[1:]), default=0)
    labels = min(labels, width // 3)
    for name, cell in zip(columns[1:], row[1:], strict=True):
        if cell[1]:
            yield from _labelled(_text(("heading", name)), _text(cell), labels, width)
