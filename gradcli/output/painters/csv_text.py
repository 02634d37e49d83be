"""Rows for spreadsheets and data tools: comma- or tab-separated values, one row at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gradcli.language.errors import GradcliError, LimitProblem, UsageProblem
from gradcli.output.painters.json_text import json_text
from gradcli.output.text.document import visible
from gradcli.output.text.number_text import exact

#: What a spreadsheet takes for the beginning of a formula of its own, and no expression begins with.
_ALIEN = ("=", "@", "＝", "＠", "\t", "\r", "\n")
#: What it takes for one as well, and an expression may begin with.
_SIGNS = ("+", "-", "＋", "－")
#: Without these a spreadsheet's formula can neither start a program nor name a place outside of its sheet.
_REACHING = frozenset("|\"'@:;&\\[]{}#$!\t\r\n")


_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")


class Cells(NamedTuple):
    """How cells are written. tame: an apostrophe before all that a spreadsheet takes for a formula, ours too.

    shown: control characters as pictures of themselves, for a terminal.
    """

    tame: bool = False
    shown: bool = False


PLAIN = Cells()


def separated(rows: Iterable[Mapping[str, object]], delimiter: str, cells: Cells = PLAIN) -> Iterator[str]:
    """Lines of CSV (delimiter `,`) or TSV (a tab): a header from the first row's keys, then a line per row.

    Quoted as RFC 4180 says, TSV as well, with a newline at line ends. Floats keep all their digits, None is
    empty, lists and mappings are JSON. A key that a later row lacks is an empty cell; one that the header
    lacks raises UsageProblem, for the row could not be written without loss.

    Spreadsheets run text that begins like one of their formulas. Text that begins with `=`, `@`, a tab or a
    line break, which no expression does, gets an apostrophe in front. Text that begins with `+` or `-` may
    well be a formula of ours, `-2*x`, and must read back: it gets one unless it is an expression, or where
    *cells* are to be tame.
    Numbers, also those of many digits that are given as text, never get one.
    """
    header: dict[str, None] | None = None
    for row in rows:
        if header is None:
            header = dict.fromkeys(row)
            yield _record(header, delimiter, cells)
        if row.keys() - header.keys():
            strange = ", ".join(key for key in row if key not in header)
            hint = "rows that differ fit into --format jsonl"
            raise UsageProblem(f"a row has {strange}, which the header has not", hint=hint)
        yield _record((row.get(key) for key in header), delimiter, cells)


def _record(values: Iterable[object], delimiter: str, cells: Cells) -> str:
    text = delimiter.join(_quoted(_cell(value, cells), delimiter) for value in values)
    return (text or '""') + "\n"  # an empty line would be no row at all


def _cell(value: object, cells: Cells) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return exact(value)
    if not isinstance(value, str):
        return json_text(value)
    # A lone surrogate has no UTF-8; all other characters are data and stay.
    text = value if value.isprintable() else value.encode("utf-8", "replace").decode()
    text = "'" + text if _runs(text, cells.tame) else text
    return visible(text) if cells.shown else text


def carried_cell(text: str, delimiter: str, cells: Cells = PLAIN) -> str:
    """A cell of somebody's own file, which goes through as it is; with an apostrophe only where cells are to be tame."""
    if cells.tame and _runs(text, tame=True):
        text = "'" + text
    return _quoted(visible(text) if cells.shown else text, delimiter)


def _runs(text: str, tame: bool) -> bool:
    """Whether a spreadsheet might run *text*, and gradcli does not read it as an expression."""
    if not text.startswith(_SIGNS) or _NUMBER.fullmatch(text):
        return text.startswith(_ALIEN)
    return tame or not _REACHING.isdisjoint(text.replace("!=", "")) or not _is_expression(text)


def _is_expression(text: str) -> bool:
    from gradcli.language.parser import parse

    try:
        parse(text)
    except LimitProblem:
        return True  # too long to be read again, and to be anything but a formula
    except GradcliError:
        return False
    return True


def _quoted(text: str, delimiter: str) -> str:
    if delimiter in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
