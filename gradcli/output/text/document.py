"""What is to be said: lines and tables of words, each word with the role it plays. Painters draw it.

Roles: text, variable, value, gradient, formula, before, after, name, heading, note, warning, error, hint,
culprit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradcli.language.records import NamedTuple

#: A role and the text that plays it.
Word = tuple[str, str]


class Line(NamedTuple):
    """Words that stand on one line, joined without spaces of their own.

    hanging: how far the rows below the first are moved in, where a terminal has to wrap it.
    """

    words: tuple[Word, ...]
    hanging: int = 0


class Table(NamedTuple):
    """Rows of one word per column; the first cell of a row says what the row is about.

    tight: whether its columns come closer together before it is drawn as blocks of lines.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Word, ...], ...]
    caption: str = ""
    tight: bool = False


Document = Sequence[Line | Table]


def line(*words: str | Word) -> Line:
    """One line from words; a bare string plays the role `text`."""
    return Line(tuple(("text", word) if isinstance(word, str) else word for word in words))


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(columns_of_character, text))


def columns_of_character(character: str) -> int:
    """How many columns a terminal gives a character: none for a combining mark, two for a wide one."""
    if character.isascii():
        return 1
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitting(text: str, columns: int) -> str:
    """*text*, cut with an ellipsis where it takes more columns."""
    if columns_of(text) <= columns:
        return text
    while text and columns_of(text) > columns - 1:
        text = text[:-1]
    return text + "…"


def visible(text: str) -> str:
    """*text* with one visible character in place of each that would steer a terminal or hide in it.

    Control characters become their pictures (ESC is ␛, a newline ␊), foreign blanks a blank, and what else
    cannot be printed (C1 controls, direction and zero-width marks, lone surrogates, unassigned) becomes �.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if character.isprintable():
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return " " if character.isspace() and code > 0x9F else "�"


def steepest(
    names: Iterable[str], slopes: Mapping[str, Any], most: int | None
) -> tuple[list[str], list[Line]]:
    """At most so many of *names*, steepest first where some are left out, and a line that says so."""
    found = list(names)
    if most is None or len(found) <= most:
        return found, []
    found.sort(key=lambda name: -abs(float(slopes.get(name) or 0)))
    what = "with smaller slopes" if slopes else "with formulas of their own"
    return found[:most], [line(("note", f"… and {len(found) - most} more variables, {what}"))]
