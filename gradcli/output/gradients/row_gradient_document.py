"""A gradient along columns of many rows → record, rows and document: arrays as they are, and only digits that are right."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.column_names import column_of, element
from gradcli.output.gradients.gradient_document import chosen, note_record
from gradcli.output.gradients.name_kinds import names_line
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.grouped_rows import SHOWN
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.calculus.program.point_answer import Note


class RowGradient(NamedTuple):
    """What `grad` answers where columns have many rows.

    at, partials: a list for each column. errors: bounds of the errors, absolute, by the places of the numbers in the record:
    `value`, `gradient.a`; of a column the largest of all rows. undecided: bounds of what was not told from 0. data: what
    is said of files. columns: those of files, which are not in *at*. first: errors of each column's first rows, which a
    text shows.
    """

    expression: str | list[str]
    at: Mapping[str, Any]
    rows: int
    value: float
    partials: Mapping[str, Any]
    norm: float | None
    errors: Mapping[str, float]
    undecided: Mapping[str, str] = {}
    notes: Sequence[Note] = ()
    wrt: Sequence[str] | None = None
    first: Mapping[str, Sequence[float]] = {}
    formulas: Mapping[str, str | None] = {}
    data: Mapping[str, Any] | None = None
    columns: Sequence[str] = ()


def row_gradient_record(gradient: RowGradient) -> dict[str, Any]:
    """The JSON record, as that of any gradient, with `rows` and `errors`."""
    return {
        "expression": gradient.expression,
        "at": dict(gradient.at),
        "rows": gradient.rows,
        **({"data": gradient.data} if gradient.data is not None else {}),
        "value": gradient.value,
        "gradient": dict(gradient.partials),
        "formulas": {name: gradient.formulas.get(name) for name in gradient.partials},
        "norm": gradient.norm,
        "errors": dict(gradient.errors),
        **({"undecided": dict(gradient.undecided)} if gradient.undecided else {}),
        "notes": [note_record(note) for note in gradient.notes],
        "names": _kinds(gradient),
        **chosen(gradient.wrt),
    }


def _kinds(gradient: RowGradient) -> dict[str, str]:
    kinds = {
        name: "column" if hasattr(x, "__len__") and not isinstance(x, str) else "variable"
        for name, x in gradient.at.items()
    }
    return kinds | dict.fromkeys(gradient.columns, "column")


def row_gradient_rows(gradient: RowGradient) -> Iterable[dict[str, object]]:
    """One row for each number: variable, at, gradient, formula, value."""
    for name, partial in gradient.partials.items():
        given = gradient.at.get(name)
        if not isinstance(partial, list):
            yield _cells(gradient, name, given, partial)
            continue
        for row, number in enumerate(partial):
            yield _cells(gradient, element(name, row), given[row] if given else None, number)


def _cells(gradient: RowGradient, name: str, given: object, partial: object) -> dict[str, object]:
    return {
        "variable": name, "at": given, "gradient": partial, "formula": gradient.formulas.get(column_of(name)),
        "value": gradient.value,
    }  # fmt: skip


def row_gradient_document(gradient: RowGradient, digits: int) -> Document:
    """The text: f and its value, one row for each name, the norm."""
    from gradcli.language.problem_text import heading

    whole = gradient.expression
    text = heading([whole] if isinstance(whole, str) else whole)
    table = Table(
        ("", "grad", "value", "formula"), tuple(_row(gradient, name, digits) for name in gradient.partials)
    )
    parts: list[Line | Table] = [
        line(("heading", "f = "), ("formula", text if len(text) <= 500 else text[:499] + "…")),
        line(
            ("name", "value"), ": ", ("value", certain(gradient.value, gradient.errors.get("value"), digits))
        ),
        *([table] if table.rows else []),
    ]
    if gradient.norm is not None:
        parts.append(line(("name", "norm"), ": ", ("value", shown(gradient.norm, min(digits, 10)))))
    return [*parts, names_line(_kinds(gradient), gradient.rows)]


def _row(gradient: RowGradient, name: str, digits: int) -> tuple[tuple[str, str], ...]:
    errors: Sequence[float | None] = gradient.first.get(name) or [gradient.errors.get(f"gradient.{name}")]
    return (
        ("variable", name),
        ("gradient", _numbers(gradient.partials[name], errors, digits)),
        ("value", _numbers(gradient.at[name], [None] * SHOWN, digits) if name in gradient.at else ""),
        ("formula", gradient.formulas.get(name) or ""),
    )


def _numbers(value: Any, errors: Sequence[float | None], digits: int) -> str:
    if not isinstance(value, list):
        return certain(value, errors[0], digits)
    more = len(value) - SHOWN
    pairs = zip(value[:SHOWN], errors, strict=False)
    first = ", ".join(certain(number, error, digits) for number, error in pairs)
    return f"[{first}{f', … {more:,} more' if more > 0 else ''}]"


def certain(value: float | None, error: float | None, digits: int) -> str:
    """A number with the digits that its error leaves."""
    if value is None or not error or not value:
        return shown(value, digits)
    if not error < abs(value):
        return "0" if math.isfinite(error) else shown(value, 1)
    # Half a unit of the last digit is more than the error: it may be off by one, and no digit before it.
    sure = math.floor(math.log10(abs(value))) - math.ceil(math.log10(2 * error)) + 1
    return shown(value, max(1, min(digits, sure)))


def row_gradient_latex(gradient: RowGradient) -> str:
    """An align environment: f and each partial with their numbers; of a column's the first few."""
    from gradcli.language.latex_escapes import latex_name
    from gradcli.output.gradients.gradient_latex import verbatim

    whole = gradient.expression
    text = whole if isinstance(whole, str) else " + ".join(f"({one})" for one in whole)
    value = certain(gradient.value, gradient.errors.get("value"), 15)
    lines = [rf"f &= {verbatim(text)} = {value}"]
    for name, partial in gradient.partials.items():
        errors: Sequence[float | None] = gradient.first.get(name) or [gradient.errors.get(f"gradient.{name}")]
        number = _numbers(partial, errors, 15).replace("…", r"\dots").replace("more", r"\text{more}")
        lines.append(rf"\frac{{\partial f}}{{\partial {latex_name(name)}}} &= {number}")
    body = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
