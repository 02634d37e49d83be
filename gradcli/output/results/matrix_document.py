"""Jacobians, Hessians and products with them → records, rows, documents and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.records import NamedTuple
from gradcli.output.gradients.gradient_document import note_record
from gradcli.output.gradients.gradient_latex import verbatim
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.calculus.program.point_answer import Note

Cells = Sequence[Sequence[Any]]


class Grid(NamedTuple):
    """A table of derivatives: entries[i][j] of row i along column j, None without a point; formulas likewise.

    rows: what the rows are called. values: a number for each row, empty for none. keyed: whether records
    name the rows (a Hessian's are variables) or count them (a Jacobian's are outputs).
    """

    name: str
    expression: str | list[str]
    at: Mapping[str, Any]
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Any]
    entries: Cells | None
    formulas: Cells
    notes: Sequence[Note] = ()
    keyed: bool = False
    facts: Mapping[str, Any] = {}


def grid_record(grid: Grid) -> dict[str, Any]:
    """The JSON record: expression, at, wrt, value, the table under its name, formulas, facts, notes."""
    return {
        "expression": grid.expression,
        "at": dict(grid.at),
        "wrt": list(grid.columns),
        **({} if grid.keyed else {"value": list(grid.values) if grid.values else None}),
        **{name: fact for name, fact in grid.facts.items() if name in ("value", "gradient")},
        grid.name: None if grid.entries is None else _cells(grid, grid.entries),
        "formulas": _cells(grid, grid.formulas),
        **{name: fact for name, fact in grid.facts.items() if name not in ("value", "gradient")},
        "notes": [note_record(note) for note in grid.notes],
    }


def _cells(grid: Grid, cells: Cells) -> Any:
    rows = [dict(zip(grid.columns, row, strict=True)) for row in cells]
    return dict(zip(grid.rows, rows, strict=True)) if grid.keyed else rows


def grid_rows(grid: Grid) -> Iterable[dict[str, object]]:
    """One CSV row per entry."""
    whole = grid.facts.get("value")
    for i, row in enumerate(grid.rows):
        for j, column in enumerate(grid.columns):
            yield {
                "row": row,
                "column": column,
                "entry": grid.entries[i][j] if grid.entries is not None else None,
                "formula": grid.formulas[i][j],
                "value": grid.values[i] if grid.values else whole,
            }


def grid_document(grid: Grid, digits: int) -> Document:
    """The text: numbers, then formulas, one line per row, then the facts."""
    parts: list[Line | Table] = []
    if "value" in grid.facts and grid.facts["value"] is not None:
        parts.append(line(("name", "value"), ": ", ("value", shown(grid.facts["value"], digits))))
    if grid.entries is not None:
        columns = ("", *(("value",) if grid.values else ()), *grid.columns)
        parts.append(Table(columns, tuple(_numbers(grid, i, digits) for i in range(len(grid.rows)))))
    rows = tuple(
        (("name", f"formulas {row}"), *(("formula", text or "(none)") for text in texts))
        for row, texts in zip(grid.rows, grid.formulas, strict=True)
    )
    parts.append(Table(("", *grid.columns), rows))
    return [*parts, *_facts(grid, digits)]


def _numbers(grid: Grid, i: int, digits: int) -> tuple[tuple[str, str], ...]:
    value = (("value", shown(grid.values[i], digits)),) if grid.values else ()
    entries = grid.entries[i] if grid.entries is not None else ()
    return (("variable", grid.rows[i]), *value, *(("gradient", shown(x, digits)) for x in entries))


def _facts(grid: Grid, digits: int) -> list[Line]:
    lines = []
    for name, fact in grid.facts.items():
        if name in ("value", "gradient") or fact is None:
            continue
        numbers = fact if isinstance(fact, list | tuple) else [fact]
        words = " ".join(x if isinstance(x, str) else shown(x, digits) for x in numbers)
        lines.append(line(("name", name), ": ", ("value", words)))
    return lines


def grid_latex(grid: Grid, letter: str, latex: Cells) -> str:
    """An equation: the matrix of formulas and, where there is a point, that of numbers."""
    bodies = [
        [text or verbatim(formula or "?") for text, formula in zip(row, plain, strict=True)]
        for row, plain in zip(latex, grid.formulas, strict=True)
    ]
    equation = f"{letter} = {pmatrix(bodies)}"
    if grid.entries is not None:
        equation += " = " + pmatrix(
            [["?" if x is None else shown(x, 15) for x in row] for row in grid.entries]
        )
    return f"\\[\n{equation}\n\\]"


def pmatrix(cells: Sequence[Sequence[str]]) -> str:
    """A matrix in round brackets."""
    body = " \\\\\n".join(" & ".join(row) for row in cells)
    return f"\\begin{{pmatrix}}\n{body}\n\\end{{pmatrix}}"


class Product(NamedTuple):
    """A matrix times a vector: the name of the product, the vector it was made with, one number per row."""

    name: str
    expression: str | list[str]
    at: Mapping[str, Any]
    vector: Mapping[str, Any] | Sequence[Any]
    values: Mapping[str, Any]
    product: Mapping[str, Any]
    notes: Sequence[Note] = ()
    counted: bool = False


def product_record(product: Product) -> dict[str, Any]:
    """The JSON record: expression, at, value, the vector, the product under its name, notes."""
    vector = product.vector
    return {
        "expression": product.expression,
        "at": dict(product.at),
        "value": product.values.get("value") if "value" in product.values else list(product.values.values()),
        **({"direction": dict(vector)} if isinstance(vector, Mapping) else {"weights": list(vector)}),
        product.name: list(product.product.values()) if product.counted else dict(product.product),
        "notes": [note_record(note) for note in product.notes],
    }


def product_rows(product: Product) -> Iterable[dict[str, object]]:
    """One CSV row per component."""
    for name, number in product.product.items():
        yield {"row": name, product.name: number}


def product_document(product: Product, digits: int) -> Document:
    """The text: one line per component."""
    parts: list[Line | Table] = []
    if "value" in product.values:
        parts.append(line(("name", "value"), ": ", ("value", shown(product.values["value"], digits))))
    rows = tuple(
        (
            ("variable", name),
            ("value", shown(product.values[name], digits) if name in product.values else ""),
            ("gradient", shown(number, digits)),
        )
        for name, number in product.product.items()
    )
    return [*parts, Table(("", "value", product.name), rows)]


def product_latex(product: Product, letter: str) -> str:
    """An equation: the letter of the product and its numbers as a column."""
    column = pmatrix([["?" if x is None else shown(x, 15)] for x in product.product.values()])
    return f"\\[\n{letter} = {column}\n\\]"


__all__ = [
    "Grid", "Product", "grid_document", "grid_latex", "grid_record", "grid_rows", "pmatrix", "product_document",
    "product_latex", "product_record", "product_rows",
]  # fmt: skip
