"""The definitions of a text → what records and texts say of them, and of the chain rule between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from gradcli.output.text.document import Line, Table, Word, line
from gradcli.output.text.number_text import shown


class _Answer(Protocol):
    """An answer to a text that may have definitions."""

    @property
    def definitions(self) -> Mapping[str, Mapping[str, Any]] | None: ...
    @property
    def chain(self) -> Mapping[str, Mapping[str, str | None]] | None: ...


def definitions_record(answer: _Answer) -> dict[str, Any]:
    """`definitions` and `chain` for JSON, where they are shown: f is called f there."""
    found: dict[str, Any] = {} if answer.definitions is None else {"definitions": dict(answer.definitions)}
    if answer.chain is not None:
        found["chain"] = {name or "f": dict(slopes) for name, slopes in answer.chain.items()}
    return found


def definition_lines(definitions: Mapping[str, Mapping[str, Any]] | None, digits: int) -> list[Line | Table]:
    """The value of each definition, and its text."""
    rows = [
        (
            ("variable", f"definition {name}"),
            ("value", shown(one.get("value"), digits)),
            ("formula", " ".join(one["expression"].split())),
        )
        for name, one in (definitions or {}).items()
    ]
    return [Table(("", "value", "expression"), tuple(rows))] if rows else []


def chain_lines(chain: Mapping[str, Mapping[str, str | None]] | None) -> list[Line | Table]:
    """The slopes of f and of each definition along what they are made of directly: the chain rule multiplies them."""
    lines: list[Line | Table] = []
    for name, slopes in (chain or {}).items():
        words: list[Word | str] = [("name", f"slopes of {name or 'f'}"), ":"]
        for place, (along, slope) in enumerate(slopes.items()):
            words += [
                ", " if place else " ",
                ("variable", along),
                " ",
                ("formula", slope or "(too long to print)"),
            ]
        lines.append(line(*words))
    return lines
