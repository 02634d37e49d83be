"""Rows for spreadsheets and data tools: comma- or tab-separated values, one row at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gradcli.language.errors import UsageProblem
from gradcli.output.numbers import exact
from gradcli.output.records import json_text

#: What a spreadsheet takes for the beginning of a formula of its own, and no expression begins with.
_ALIEN = ("=", "@", "＝", "＠", "\t", "\r", "\n")
#: What it takes for one as well, and an expression may begin with.
_SIGNS = ("+", "-", "＋", "－")
#: Without these a spreadsheet's formula can neither start a program nor name a place outside of its sheet.
_REACHING = frozenset("|\"'@:;&\\[]{}#$!\t\r\n")


def separated(rows: Iterable[Mapping[str, object]], delimiter: str) -> Iterator[str]:
    """Lines of CSV (delimiter `,`) or TSV (a tab): a header from the first row's keys, then a line per row.

    Quoted as RFC 4180 says, TSV as well, with a newline at line ends. Floats keep all their digits, None is
    empty, lists and mappings are JSON. A key that a later row lacks is an empty cell; one that the header
    lacks raises UsageProblem, for the row could not be written without loss.

    Spreadsheets run text that begins like one of their formulas. Text that begins with `=`, `@`, a tab or a
    line break, which no expression does, gets an apostrophe in front. Text that begins with `+` or `-` may
    well be a formula of ours, `-2*x`, and must read back: it gets one only if it also holds a character that
    a spreadsheet needs to reach out and an expression never has (`|`, `!` except in `!=`, quotes, `:`, …).
    Numbers, also those of many digits that are given as text, never get one.
    """
    header: dict[str, None] | None = None
    for row in rows:
        if header is None:
            header = dict.fromkeys(row)
            yield _record(header, delimiter)
        if row.keys() - header.keys():
            strange = ", ".join(key for key in row if key not in header)
            hint = "rows that differ fit into --format jsonl"
            raise UsageProblem(f"a row has {strange}, which the header has not", hint=hint)
        yield _record((row.get(key) for key in header), delimiter)


def _record(cells: Iterable[object], delimiter: str) -> str:
    text = delimiter.join(_quoted(_cell(cell), delimiter) for cell in cells)
    return (text or '""') + "\n"  # an empty line would be no row at all


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return exact(value)
    if not isinstance(value, str):
        return json_text(value)
    # A lone surrogate has no UTF-8; all other characters are data and stay.
    text = value if value.isprintable() else value.encode("utf-8", "replace").decode()
    return "'" + text if _runs(text) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet might run *text*. Numbers hold nothing of what it takes to reach out."""
    if text.startswith(_SIGNS) and not _REACHING.isdisjoint(text.replace("!=", "")):
        return True
    return text.startswith(_ALIEN)


def _quoted(text: str, delimiter: str) -> str:
    if delimiter in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
