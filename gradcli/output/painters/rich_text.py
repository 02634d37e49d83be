"""The painter for terminals: rich draws the words, each role in its style, within the terminal's width."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from gradcli.output.text.document import Document, Line, Table, Word, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from rich.text import Text

#: Role -> style. Only colours of the palette that can be read on black and on white, and bold (which may turn
#: them bright) only where that stays so.
STYLES = {
    "variable": "magenta",
    "gradient": "bold",
    "formula": "cyan",
    "before": "dim",
    "after": "green",
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
_INDENT = 2
#: Titles of columns where there is little room.
_SHORT = {"evaluations": "evals"}
#: A column of formulas is not squeezed further than this; the table becomes blocks of lines instead.
_NARROWEST = 16


class _Column(NamedTuple):
    """Blanks in front, columns of the terminal, and whether the cells are ranged right."""

    gap: int
    width: int
    right: bool = False


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
        for text in _drawn(part, console):
            console.print(text, overflow="fold")
    return "".join(row.rstrip(" ") + "\n" for row in canvas.getvalue().split("\n")[:-1])


def _drawn(part: Line | Table, console: Console) -> Iterator[Text]:
    if isinstance(part, Line):
        yield from _wrapped(part, console)
        return
    if part.caption:
        yield _text(("heading", part.caption))
    columns = _columns(part, console.width, _GAP)
    if part.tight and not columns:
        columns = _columns(part, console.width, 1)
    if part.tight and not columns:
        part = part._replace(columns=tuple(_SHORT.get(name, name) for name in part.columns))
        columns = _columns(part, console.width, 1, broken=True)
    yield from _grid(part, columns, console) if columns else _blocks(part, console)


def _wrapped(part: Line, console: Console) -> Iterator[Text]:
    """A line, the rows below its first moved in where it hangs."""
    text = _text(*part.words)
    first, *_ = text.wrap(console, max(console.width, 1)) or [text]
    if not part.hanging or part.hanging >= console.width // 2 or text.cell_len <= console.width:
        yield text
        return
    yield first
    rest = text[len(first) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip(" ")) :]
    for row in rest.wrap(console, console.width - part.hanging):
        yield _text(("text", " " * part.hanging)).append_text(row)


def _text(*words: Word) -> Text:
    from rich.text import Text

    text = Text(overflow="fold")
    for role, characters in words:
        text.append(visible(characters), STYLES.get(role))
    return text


def _columns(table: Table, width: int, gap: int, *, broken: bool = False) -> list[_Column]:
    """Numbers in full, the other columns share the rest; no columns at all if that is too little.

    broken: whether the first column may be as narrow as its longest word.
    """
    from rich.cells import cell_len

    cells = list(zip((("heading", name) for name in table.columns), *table.rows, strict=True))
    widths = [max(cell_len(visible(text)) for _, text in column) for column in cells]
    if broken:
        widths[0] = max(cell_len(word) for _, text in cells[0] for word in visible(text).split() or [""])
    numeric = [_numeric(column) for column in cells]
    soft = [index for index in range(1, len(cells)) if not numeric[index]]
    room = width - gap * (len(cells) - 1) - sum(widths) + sum(widths[index] for index in soft)
    # The narrowest first: what it leaves of its share goes to the wider ones.
    for left, index in zip(range(len(soft), 0, -1), sorted(soft, key=widths.__getitem__), strict=True):
        share = room // left
        if share < min(widths[index], _NARROWEST):
            return []
        widths[index] = min(widths[index], share)
        room -= widths[index]
    if room < 0:
        return []
    return [_Column(gap if index else 0, widths[index], numeric[index]) for index in range(len(cells))]


def _numeric(column: tuple[Word, ...]) -> bool:
    roles = {role for role, text in column[1:] if text}
    return bool(roles) and roles <= _NUMBERS


def _grid(table: Table, columns: list[_Column], console: Console) -> Iterator[Text]:
    """Header, rule and rows. By hand, since importing rich.table takes 10 ms more."""
    yield from _across([("heading", name) for name in table.columns], columns, console)
    yield _text(("note", "─" * sum(column.gap + column.width for column in columns)))
    for row in table.rows:
        yield from _across(row, columns, console)


def _blocks(table: Table, console: Console) -> Iterator[Text]:
    """Each row as a block: its first cell, and under it a line per cell that is not empty."""
    from rich.cells import cell_len

    labels = max((cell_len(visible(name)) for name in table.columns[1:]), default=0)
    labels = min(labels, console.width // 3)
    columns = [_Column(_INDENT, labels), _Column(_INDENT, max(console.width - labels - 2 * _INDENT, 1))]
    for subject, *cells in table.rows:
        yield _text(subject)
        for name, cell in zip(table.columns[1:], cells, strict=True):
            if cell[1]:
                yield from _across([("heading", name), cell], columns, console)


def _across(cells: Sequence[Word], columns: list[_Column], console: Console) -> Iterator[Text]:
    """Cells side by side, each wrapped within its column."""
    wrapped = [
        _text(cell).wrap(console, max(column.width, 1)) for cell, column in zip(cells, columns, strict=True)
    ]
    for pieces in zip_longest(*wrapped, fillvalue=_text()):
        row = _text()
        for piece, column in zip(pieces, columns, strict=True):
            blanks = column.width - piece.cell_len
            row.append(" " * (column.gap + blanks * column.right))
            row.append_text(piece).append(" " * (blanks * (not column.right)))
        yield row
