"""Pages of the guide → documents: the part of Markdown that they are written in.

Headings, paragraphs, items of lists, tables, and code between fences; within a line `code` and **strong** words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradcli.output.text.document import Document, Line, Table, Word, line

_FENCE = "```"
_ITEM = re.compile(r"( *)([-*]|\d+\.) +")
_INLINE = re.compile(r"(`+)(.+?)\1|\*\*(.+?)\*\*|<!--.*?-->", re.DOTALL)
_BAR = re.compile(r"(?<!\\)\|")
_INDENT = 2


def manual(text: str) -> Document:
    """A page as lines and tables; paragraphs are one line each, which painters wrap."""
    parts: list[Line | Table] = []
    for block in _blocks(text):
        if parts:
            parts.append(line(""))
        parts += block
    return parts


def _blocks(text: str) -> Iterator[list[Line | Table]]:
    """What stands between empty lines; code is one block, whatever lines are in it."""
    block: list[str] = []
    inside = False
    for row in [*text.splitlines(), ""]:
        if row.startswith(_FENCE):
            inside = not inside
        if row or inside:
            block.append(row)
        elif block:
            if parts := _parts(block):
                yield parts
            block = []


def _parts(rows: list[str]) -> list[Line | Table]:
    """The lines of one block."""
    first = rows[0]
    if first.startswith(_FENCE):
        return [_code(row) for row in rows if not row.startswith(_FENCE)]
    if first.startswith("#"):
        return [line(("heading", first.lstrip("# ")))]
    if first.startswith("<!--"):
        return _parts(rows[1:]) if rows[1:] else []
    if first.startswith("|"):
        return [_table([row for row in rows if row.startswith("|")])]
    return [_paragraph(text) for text in _joined(rows)]


def _code(row: str) -> Line:
    """A line of code; what is typed stands out."""
    role = "formula" if row.startswith(("$ ", "> ")) else "text"
    return Line((("text", " " * _INDENT), (role, row)), hanging=2 * _INDENT)


def _joined(rows: list[str]) -> list[str]:
    """Paragraphs and items, each with the lines that go on with it."""
    joined: list[str] = []
    for row in rows:
        if row.startswith("<!--"):
            continue
        if joined and not _ITEM.match(row):
            joined[-1] += " " + row.strip()
        else:
            joined.append(row)
    return joined


def _paragraph(text: str) -> Line:
    """A paragraph, or an item of a list whose further lines stand below its words."""
    item = _ITEM.match(text)
    if item is None:
        return Line(_words(text))
    mark = f"{item.group(1)}{'•' if item.group(2) in '-*' else item.group(2)} "
    return Line((("text", mark), *_words(text[item.end() :])), hanging=len(mark))


def _words(text: str) -> tuple[Word, ...]:
    """Words of a line by their marks."""
    words: list[Word] = []
    last = 0
    for found in _INLINE.finditer(text):
        words.append(("text", text[last : found.start()]))
        if found.group(2):
            words.append(("formula", found.group(2).strip() if len(found.group(1)) > 1 else found.group(2)))
        elif found.group(3):
            words.append(("heading", found.group(3)))
        last = found.end()
    return (*(word for word in words if word[1]), ("text", text[last:]))


def _table(rows: list[str]) -> Table:
    """A table; the row of dashes below its header is left out."""
    header, _, *body = [[cell.strip() for cell in _BAR.split(row.strip().strip("|"))] for row in rows]
    return Table(tuple(_bare(cell) for cell in header), tuple(tuple(map(_cell, cells)) for cells in body))


def _cell(text: str) -> Word:
    """A cell plays one role: that of a formula where all of it is code."""
    whole = _INLINE.fullmatch(text)
    return ("formula" if whole and whole.group(2) and "`" not in whole.group(2) else "text", _bare(text))


def _bare(text: str) -> str:
    return "".join(word for _, word in _words(text)).replace("\\|", "|")
