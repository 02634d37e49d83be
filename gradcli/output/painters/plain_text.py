"""The painter for pipes and files: plain lines that awk can split, and never an escape sequence."""

from __future__ import annotations

from gradcli.output.text.document import Document, Line, Table, Word, visible


def plain(document: Document) -> str:
    """*document* as lines of text, each ended by a newline.

    A row of a table is one line, `x: grad 13, value 5, formula 2*x + y`: its first cell, a colon, and column
    and cell for each cell that is not empty; a column without a name has the cell alone. A
    caption has a line of its own before the rows.
    """
    return "".join(visible(text) + "\n" for part in document for text in _lines(part))


def _lines(part: Line | Table) -> list[str]:
    if isinstance(part, Line):
        return ["".join(text for _, text in part.words)]
    caption = [part.caption] if part.caption else []
    return caption + [_row(part.columns, row) for row in part.rows]


def _row(columns: tuple[str, ...], row: tuple[Word, ...]) -> str:
    (_, subject), *_ = row
    cells = [f"{column} {text}".strip() for column, (_, text) in zip(columns, row, strict=True) if text]
    pairs = ", ".join(cells[1:] if subject else cells)
    return f"{subject}: {pairs}".strip() if subject else pairs
