"""`gradcli functions`: what expressions may use, from the table that the parser reads."""

from __future__ import annotations

import re
from typing import Any

import click

from gradcli.language.errors import NameProblem
from gradcli.output.text.document import Document, Table
from gradcli.shell.help.documented_command import Documented
from gradcli.shell.options.common_options import output_options
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer


@click.command(cls=Documented, examples=(("gradcli functions bessel", "those of Bessel"),))
@click.argument("words", metavar="[WORD]...", nargs=-1)
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def functions(words: tuple[str, ...], format_: str, get: str | None, digits: int | None, color: str) -> None:
    """List the functions and constants of the language, all of them or those that match every WORD."""
    words = tuple(" ".join(words).split())
    rows = _found(words)
    if not rows:
        raise NameProblem(f"no function matches {' '.join(words)}", hint="`gradcli functions` lists them all")
    manner = OutputOptions(format_, get, digits or 10, color)
    if format_ == "jsonl" and get is None:
        for row in rows:
            write_answer(Report(row.copy, list, list), manner)
        return
    write_answer(Report(lambda: {"functions": rows}, lambda: rows, lambda: _document(rows)), manner)


def _rows() -> list[dict[str, Any]]:
    from gradcli.language.call_signatures import usage
    from gradcli.language.function_table import CONSTANTS, FUNCTIONS

    rows = [
        {"name": name, "usage": usage(name), "meaning": row.summary, "domain": row.domain,
         "aliases": list(row.aliases), "group": row.group}
        for name, row in FUNCTIONS.items()
    ]  # fmt: skip
    constants = [
        {"name": name, "usage": name, "meaning": text, "domain": "", "aliases": [], "group": "constants"}
        for name, text in CONSTANTS.items()
    ]
    return rows + constants


def _found(words: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows with every word, that of this name first; where none has it whole, those with a word that begins so."""
    rows = _rows()
    for end in (r"(?![^\W_])", ""):
        found = [row for row in rows if all(_has(row, word, end) for word in words)]
        if found:
            return sorted(found, key=lambda row: _rank(row, words))
    return []


def _has(row: dict[str, Any], word: str, end: str) -> bool:
    pattern = re.compile(rf"(?<![^\W_]){re.escape(word)}{end}", re.IGNORECASE)
    texts = (row["name"], row["meaning"], row["group"], *row["aliases"])
    return any(pattern.search(text) for text in texts)


def _rank(row: dict[str, Any], words: tuple[str, ...]) -> int:
    """0 for what has the name that was asked for, 1 for another name of it, 2 for what is about it."""
    asked = {word.casefold() for word in words}
    if row["name"].casefold() in asked:
        return 0
    return 1 if asked & {alias.casefold() for alias in row["aliases"]} else 2


def _document(rows: list[dict[str, Any]]) -> Document:
    groups = dict.fromkeys(row["group"] for row in rows)
    return [_table(group, [row for row in rows if row["group"] == group]) for group in groups]


def _where_defined(reason: str) -> str:
    """The reason why there is no value, as what a list of functions says of the domain."""
    return {"it has a pole there": "has poles", "it is not real there": "where it is real"}.get(
        reason, reason
    )


def _table(group: str, rows: list[dict[str, Any]]) -> Table:
    cells = tuple(
        (
            ("name", row["usage"]),
            ("text", row["meaning"]),
            ("note", ", ".join(row["aliases"])),
            ("text", _where_defined(row["domain"])),
        )
        for row in rows
    )
    return Table(("", "", "also", ""), cells, caption=group)
