"""A Jacobian of losses over many rows → record, rows and document: only digits that are right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.output.gradients.gradient_document import note_record
from gradcli.output.gradients.name_kinds import names_line
from gradcli.output.gradients.row_gradient_document import certain
from gradcli.output.text.document import Document, Line, Table, line

if TYPE_CHECKING:
    from gradcli.calculus.program.point_answer import Note


class RowJacobian(NamedTuple):
    """What `jacobian` answers where outputs are losses over many rows.

    names: along which there are derivatives. columns: of the files. values: a number for each output, of a product with weights
    that of their sum. entries: for each
    output its derivatives along the names; None where there is a product. formulas: by output and name. kind, vector,
    product: a product with the matrix. errors: bounds of the errors, absolute, by the places of the numbers in the record.
    """

    expression: str | list[str]
    at: Mapping[str, Any]
    rows: int
    data: Mapping[str, Any]
    names: Sequence[str]
    columns: Sequence[str]
    values: Sequence[float]
    entries: Sequence[Sequence[float | None]] | None = None
    formulas: Mapping[int, Mapping[str, str | None]] = {}
    kind: str = "jacobian"
    vector: Any = None
    product: Sequence[float | None] = ()
    errors: Mapping[str, float] = {}
    undecided: Mapping[str, str] = {}
    notes: Sequence[Note] = ()

    def has_gaps(self, blank: Collection[str]) -> bool:
        """Whether a number is missing elsewhere than along the *blank* names."""
        if self.entries is None:
            return None in self.product
        named = (pair for row in self.entries for pair in zip(self.names, row, strict=True))
        return any(one is None and name not in blank for name, one in named)

    @property
    def kinds(self) -> dict[str, str]:
        """What each name is."""
        return dict.fromkeys(self.at, "variable") | dict.fromkeys(self.columns, "column")


def row_jacobian_record(jacobian: RowJacobian) -> dict[str, Any]:
    """The JSON record, as that of any Jacobian or product, with `rows`, `data` and `errors`."""
    found: dict[str, Any] = {
        "expression": jacobian.expression, "at": dict(jacobian.at), "rows": jacobian.rows, "data": jacobian.data,
        "wrt": list(jacobian.names), "value": list(jacobian.values),
    }  # fmt: skip
    outputs = range(len(jacobian.values))
    if jacobian.entries is not None:
        found["jacobian"] = [dict(zip(jacobian.names, row, strict=True)) for row in jacobian.entries]
        found["formulas"] = [
            {name: jacobian.formulas.get(i, {}).get(name) for name in jacobian.names} for i in outputs
        ]
    elif jacobian.kind == "vjp":
        found |= {"value": jacobian.values[0], "weights": list(jacobian.vector)}
        found["vjp"] = dict(zip(jacobian.names, jacobian.product, strict=True))
    else:
        found |= {"direction": dict(jacobian.vector), "jvp": list(jacobian.product)}
    undecided = {"undecided": dict(jacobian.undecided)} if jacobian.undecided else {}
    notes = [note_record(note) for note in jacobian.notes]
    return {**found, "errors": dict(jacobian.errors), **undecided, "notes": notes, "names": jacobian.kinds}


def row_jacobian_rows(jacobian: RowJacobian) -> Iterable[dict[str, object]]:
    """One CSV row per entry, or per component of a product."""
    if jacobian.entries is None:
        names = jacobian.names if jacobian.kind == "vjp" else _outputs(jacobian)
        for name, number in zip(names, jacobian.product, strict=True):
            yield {"row": name, jacobian.kind: number}
        return
    for i, output in enumerate(_outputs(jacobian)):
        for name, entry in zip(jacobian.names, jacobian.entries[i], strict=True):
            formula = jacobian.formulas.get(i, {}).get(name)
            yield {
                "row": output,
                "column": name,
                "entry": entry,
                "formula": formula,
                "value": jacobian.values[i],
            }


def row_jacobian_document(jacobian: RowJacobian, digits: int) -> Document:
    """The text: the matrix with its values, its formulas, or a product, and what the names are."""
    parts: list[Line | Table] = []
    if jacobian.entries is not None:
        rows = tuple(_row(jacobian, i, digits) for i in range(len(jacobian.values)))
        parts.append(Table(("", "value", *jacobian.names), rows))
        formulas = tuple(
            (("name", f"formulas f{i + 1}"), *(("formula", own[name] or "(none)") for name in jacobian.names))
            for i, own in jacobian.formulas.items()
        )
        parts += [Table(("", *jacobian.names), formulas)] if formulas else []
    elif jacobian.kind == "vjp":
        number = certain(jacobian.values[0], jacobian.errors.get("value"), digits)
        parts += [line(("name", "value"), ": ", ("value", number)), _product(jacobian, digits)]
    else:
        parts.append(_product(jacobian, digits))
    return [*parts, names_line(jacobian.kinds, jacobian.rows)]


def _outputs(jacobian: RowJacobian) -> list[str]:
    return [f"f{i + 1}" for i in range(len(jacobian.values))]


def _value(jacobian: RowJacobian, i: int, digits: int) -> tuple[str, str]:
    return ("value", certain(jacobian.values[i], jacobian.errors.get(f"value.{i}"), digits))


def _row(jacobian: RowJacobian, i: int, digits: int) -> tuple[tuple[str, str], ...]:
    assert jacobian.entries is not None  # noqa: S101
    cells = (
        ("gradient", certain(x, jacobian.errors.get(f"jacobian.{i}.{name}"), digits))
        for name, x in zip(jacobian.names, jacobian.entries[i], strict=True)
    )
    return (("variable", f"f{i + 1}"), _value(jacobian, i, digits), *cells)


def _product(jacobian: RowJacobian, digits: int) -> Table:
    kind, vjp = jacobian.kind, jacobian.kind == "vjp"
    names = jacobian.names if vjp else _outputs(jacobian)
    paths = jacobian.names if vjp else range(len(names))
    rows = []
    for i, (name, path, number) in enumerate(zip(names, paths, jacobian.product, strict=True)):
        cell = ("gradient", certain(number, jacobian.errors.get(f"{kind}.{path}"), digits))
        rows.append((("variable", name), *(() if vjp else (_value(jacobian, i, digits),)), cell))
    return Table(("", *(() if vjp else ("value",)), kind), tuple(rows))
