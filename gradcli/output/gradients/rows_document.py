"""A table of points → record, rows and document: value and partials of an expression in each row of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.column_names import grouped
from gradcli.language.errors import GradcliError
from gradcli.language.problem_text import heading
from gradcli.output.gradients.gradient_document import chosen
from gradcli.output.gradients.name_kinds import names_record
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.output.gradients.gradient_document import Gradient


class PointTable(NamedTuple):
    """An expression, the point with its columns, the formulas of one row, and each row's answer or why it has none.

    said: sentences about rows without a number.
    """

    expression: str | list[str]
    at: Mapping[str, Any]
    formulas: Mapping[str, str | None]
    answers: Sequence[Gradient | GradcliError]
    said: Sequence[str]
    wrt: Sequence[str] | None = None

    @property
    def failed(self) -> bool:
        """Whether a row has no value, or no slope at a corner."""
        return bool(self.said)

    def values(self) -> list[Any]:
        """f in each row; None where it has no value."""
        return [_value(answer) for answer in self.answers]

    def partials(self) -> dict[str, list[Any]]:
        """By variable, its partial in each row."""
        return {name: [_partial(answer, name) for answer in self.answers] for name in self.formulas}


def _value(answer: Gradient | GradcliError) -> Any:
    return None if isinstance(answer, GradcliError) or answer.answer is None else answer.answer.value


def _partial(answer: Gradient | GradcliError, name: str) -> Any:
    if isinstance(answer, GradcliError) or answer.answer is None:
        return None
    return answer.answer.partials.get(name)


def rows_record(table: PointTable) -> dict[str, Any]:
    """The JSON record: as grad's, with an array of a number for each row where that has one."""
    return {
        "expression": table.expression,
        "at": dict(table.at),
        "value": table.values(),
        "gradient": table.partials(),
        "formulas": dict(table.formulas),
        "rows": len(table.answers),
        "notes": [{"kind": "row", "message": message} for message in table.said],
        **names_record(table.at),
        **chosen(table.wrt),
    }


def rows_table(table: PointTable) -> Iterator[dict[str, Any]]:
    """One row for CSV: the variables, value, and each partial as grad.NAME."""
    values, partials = table.values(), table.partials()
    for row, value in enumerate(values):
        yield {
            **_point(table, row),
            "value": value,
            **{f"grad.{name}": slopes[row] for name, slopes in partials.items()},
        }


def _point(table: PointTable, row: int) -> dict[str, Any]:
    return {name: x[row] if isinstance(x, list) else x for name, x in grouped(table.at).items()}


def rows_document(table: PointTable, digits: int, most: int | None = None) -> Document:
    """The text: a line for each row, then the formulas of one row. most: rows at the most."""
    records = list(rows_table(table))
    columns = ("", *records[0])
    kept = records if most is None else records[:most]
    rows = tuple(
        (("variable", str(number)), *((_role(name), shown(x, digits)) for name, x in record.items()))
        for number, record in enumerate(kept)
    )
    parts: list[Line | Table] = [
        line(("heading", "f = "), ("formula", heading(table.expression)[:500])),
        Table(columns, rows),
    ]
    if len(kept) < len(records):
        parts.append(line(("note", f"… and {len(records) - len(kept)} more rows")))
    formulas = [(name, text) for name, text in table.formulas.items() if text]
    parts += [line(("name", f"formula {name}"), ": ", ("formula", text)) for name, text in formulas]
    return parts


def _role(column: str) -> str:
    return "gradient" if column.startswith("grad.") else "value"
