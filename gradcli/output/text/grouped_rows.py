"""Answers about the numbers of a column, x[0], x[1], … → answers about the column: arrays in records, one row in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.language.column_names import column_of, columns_among, grouped, is_element, row_of, whole_names
from gradcli.output.text.document import Document, Table, Word

#: Numbers of a column that a text shows, before it says how many more there are.
SHOWN = 5


def grouped_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """*record* with an array for each column in the place of its numbers; the same record where it has none.

    What is said of some of a column's numbers only keeps their names, x[0] and x[2].
    """
    if not any(map(_mentions, record.values())):
        return record
    found: Mapping[str, Any] = _grouped(record, _lengths(record))
    return found


def _lengths(value: Any) -> dict[str, int]:
    """How many numbers each column has of which some are named by the keys of a record, or of its parts."""
    found: dict[str, int] = {}
    parts: list[Any] = [value]
    while parts:
        part = parts.pop()
        if isinstance(part, Mapping):
            for name in part:
                if isinstance(name, str) and is_element(name):
                    found[column_of(name)] = max(found.get(column_of(name), 0), row_of(name) + 1)
            parts += part.values()
        elif isinstance(part, list | tuple) and part and not isinstance(part[0], float):
            parts += part
    return found


def _mentions(value: object) -> bool:
    """Whether a part of a record names a number of a column."""
    if isinstance(value, str):
        return False
    if isinstance(value, Mapping):
        return any(isinstance(key, str) and is_element(key) for key in value) or any(
            _mentions(value[key]) for key in ("at", "wish") if key in value
        )
    if isinstance(value, Sequence) and value and not isinstance(value[0], float):
        return any(is_element(one) if isinstance(one, str) else _mentions(one) for one in value)
    return False


def _grouped(value: Any, lengths: Mapping[str, int], *, formulas: bool = False) -> Any:
    """formulas: whether texts are formulas, of which one that holds in every row stands once."""
    if isinstance(value, Mapping):
        if isinstance(value.get("at"), Mapping):  # a point of its own, as of each step of a history
            lengths = {**lengths, **_lengths(value["at"])}
        parts = {key: _part(key, part, lengths, formulas) for key, part in value.items()}
        some = {column for column, count in columns_among(parts).items() if count < lengths[column]}
        whole = grouped({name: part for name, part in parts.items() if column_of(name) not in some})
        kept = {name: part for name, part in parts.items() if column_of(name) in some}
        return {name: _one_formula(part) if formulas else part for name, part in whole.items()} | kept
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_grouped(part, lengths, formulas=formulas) for part in value]
    return value


def _part(key: str, part: Any, lengths: Mapping[str, int], formulas: bool) -> Any:
    if key == "wrt":
        return _names(part)
    if key == "undecided" and isinstance(part, Mapping):
        return {path.replace("[", ".").removesuffix("]"): bound for path, bound in part.items()}
    return _grouped(part, lengths, formulas=formulas or key == "formulas")


def _names(value: Any) -> Any:
    return whole_names(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _one_formula(part: Any) -> Any:
    """A formula that holds for every row, once."""
    if (
        isinstance(part, list)
        and len(part) > 1
        and isinstance(part[0], str)
        and part.count(part[0]) == len(part)
    ):
        return part[0]
    return part


def grouped_document(document: Document) -> Document:
    """*document* with one row for each column in the place of its numbers."""
    return [_table(part) if isinstance(part, Table) else part for part in document]


def _table(table: Table) -> Table:
    if any(map(is_element, table.columns)) or not any(is_element(row[0][1]) for row in table.rows if row):
        return table  # a matrix along the numbers of a column stays one
    rows: dict[str, list[tuple[Word, ...]]] = {}
    for row in table.rows:
        rows.setdefault(column_of(row[0][1]) if is_element(row[0][1]) else f" {row[0][1]}", []).append(row)
    return table._replace(rows=tuple(_joined(name, found) for name, found in rows.items()))


def _joined(name: str, rows: list[tuple[Word, ...]]) -> tuple[Word, ...]:
    if name.startswith(" "):
        return rows[0]
    role = rows[0][0][0]
    return ((role, name), *(_cell([row[i] for row in rows]) for i in range(1, len(rows[0]))))


def _cell(words: Sequence[Word]) -> Word:
    """The cells of a column's rows as one: a formula that all share, else the first few numbers and how many more."""
    role, texts = words[0][0], [text for _, text in words]
    if not any(texts) or (role == "formula" and texts.count(texts[0]) == len(texts)):
        return role, texts[0]
    return role, listed_numbers(texts)


def shown_point(numbers: Mapping[str, str]) -> dict[str, str]:
    """The numbers of a point as text by name, those of a column together."""
    return {
        name: listed_numbers(text) if isinstance(text, list) else text
        for name, text in grouped(numbers).items()
    }


def listed_numbers(texts: Sequence[str]) -> str:
    """The first few numbers of a column, and how many more there are: `[1, 2, 3, 4, 5, … 7 more]`."""
    more = len(texts) - SHOWN
    return f"[{', '.join(texts[:SHOWN])}{f', … {more} more' if more > 0 else ''}]"
