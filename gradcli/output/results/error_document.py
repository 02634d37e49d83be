"""An error as a document for people, with carets under the culprit, and as a record for machines."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.language.errors import GradcliError
from gradcli.output.text.document import Line, columns_of_character, line, visible

_INDENT = "  "
_ELLIPSIS = "…"
_NARROWEST = 8


class _Glyph(NamedTuple):
    """A character with its combining marks, its columns on a terminal, and whether it is a culprit."""

    text: str
    columns: int
    culprit: bool


def failure_text(error: GradcliError, width: int = 80) -> list[Line]:
    """The sentence, the text with carets under the culprit (cut to *width* around it), and the hint."""
    place = _place(error)
    where = "" if place is None else _named_place(error.file, place)
    lines = [line(("error", "gradcli:"), f" {where}{error.message}")]
    if error.text is not None and error.span is not None and error.is_shown:
        lines += _pointed(error.text, error.span, max(width - len(_INDENT), _NARROWEST))
    if error.hint:
        lines.append(line(("hint", "hint:"), f" {error.hint}"))
    return lines


def failure_record(error: GradcliError) -> dict[str, object]:
    """The same facts for a script: `error` with kind, message, hint, span and status."""
    facts = {
        "kind": error.kind,
        "message": error.message,
        "hint": error.hint,
        "span": None if error.span is None else list(error.span),
        "status": error.status,
    }
    place = _place(error)
    if place is not None:
        facts |= {"line": place[0], "column": place[1]}
    return {"error": facts if error.file is None else {**facts, "file": error.file}}


def _place(error: GradcliError) -> tuple[int, int] | None:
    """The line and the column of the culprit, from 1, in a text of several lines or in a file; None elsewhere."""
    text, span = error.text, error.span
    if text is None or span is None or (error.file is None and "\n" not in text.strip()):
        return None
    before = text[: span[0]]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _named_place(file: str | None, place: tuple[int, int]) -> str:
    """How a place begins a sentence, as compilers write it for files."""
    return f"line {place[0]}, column {place[1]}: " if file is None else f"{file}:{place[0]}:{place[1]}: "


def _pointed(text: str, span: tuple[int, int], room: int) -> list[Line]:
    glyphs = _glyphs(*_culprit_line(text, span))
    first = next(index for index, glyph in enumerate(glyphs) if glyph.culprit)
    start, stop = _window(glyphs, first, room)
    behind = min(stop, first + sum(glyph.culprit for glyph in glyphs))
    left = _ELLIPSIS if start else ""
    right = _ELLIPSIS if stop < len(glyphs) else ""
    blanks = " " * (len(left) + _width(glyphs[start:first]))
    carets = "^" * _width(glyphs[first:behind])
    before, culprit, after = (
        _joined(glyphs[a:b]) for a, b in ((start, first), (first, behind), (behind, stop))
    )
    return [
        line(_INDENT + left + before, ("culprit", culprit), after + right),
        line(_INDENT + blanks, ("culprit", carets)),
    ]


def _joined(glyphs: list[_Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs)


def _width(glyphs: list[_Glyph]) -> int:
    return sum(glyph.columns for glyph in glyphs)


def _culprit_line(text: str, span: tuple[int, int]) -> tuple[str, int, int]:
    """The one line of *text* in which the culprit starts, and the culprit's place in it."""
    start = min(max(span[0], 0), len(text))
    opening = text.rfind("\n", 0, start) + 1
    whole = text[opening:].split("\n", 1)[0]
    stop = min(max(span[1], start + 1) - opening, max(len(whole), start - opening + 1))
    return whole, start - opening, stop


def _glyphs(text: str, start: int, stop: int) -> list[_Glyph]:
    """The glyphs of *text*; a culprit behind its end is a column with nothing in it."""
    glyphs: list[_Glyph] = []
    for index, character in enumerate(visible(text)):
        columns = columns_of_character(character)
        culprit = start <= index < stop
        if columns or not glyphs:
            glyphs.append(_Glyph(character, max(columns, 1), culprit))
        else:
            base = glyphs[-1]
            glyphs[-1] = _Glyph(base.text + character, base.columns, base.culprit or culprit)
    return glyphs if start < len(text) else [*glyphs, _Glyph("", 1, True)]


def _window(glyphs: list[_Glyph], first: int, room: int) -> tuple[int, int]:
    """The part of the line to show: all, or the culprit's beginning and what fits around it."""
    if _width(glyphs) <= room:
        return 0, len(glyphs)
    room -= 2 * len(_ELLIPSIS)
    start = stop = first
    while stop < len(glyphs) and glyphs[stop].culprit and glyphs[stop].columns <= room:
        room -= glyphs[stop].columns
        stop += 1
    grown = True
    while grown:
        grown = False
        if start > 0 and glyphs[start - 1].columns <= room:
            start, room, grown = start - 1, room - glyphs[start - 1].columns, True
        if (
            stop < len(glyphs)
            and glyphs[stop].columns <= room
            and (stop <= first or not glyphs[stop].culprit)
        ):
            stop, room, grown = stop + 1, room - glyphs[stop].columns, True
    return start, stop
