"""Tables of derivatives over files: the Hessian, the Jacobian or a product with one in each row.

A column of the answer is a number of the table: f itself, the value of one of its rows, or an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.evaluation.notes import unknown_notes, with_sub_expressions
from gradcli.calculus.program.derivative_table import outputs_of
from gradcli.calculus.program.typed_numbers import in_decimals
from gradcli.language.errors import DomainProblem
from gradcli.shell.derivatives.corner_products import ChosenEntries, is_chosen, with_chosen
from gradcli.shell.derivatives.table_answer import HARMLESS
from gradcli.shell.tables.file_table import Told
from gradcli.shell.tables.row_question import PointAnswer, RowQuestion

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix
    from gradcli.calculus.program.point_answer import Note, Numbers, Value

#: A number of a table: ("first",), ("value", i) or ("entry", i, j).
Cell = tuple[Any, ...]


class TableRows(NamedTuple):
    """A table of derivatives for each row.

    cells: by the names of their columns, the first of them a value. at: the numbers beside the columns, the vector's too.
    fills: by name, what stands for an entry that is not connected. whole: the matrix of a product, from which corners are
    chosen, and chosen: an entry of the product from it.
    """

    matrix: Matrix
    cells: Mapping[str, Cell]
    at: Mapping[str, Value]
    fills: Mapping[str, float | None]
    corner: str
    whole: Callable[[], Matrix] | None = None
    chosen: Callable[[ChosenEntries, Cell], Value | None] | None = None

    def question(self, varying: Sequence[str]) -> RowQuestion:
        """What is computed in each row; *varying*: the variables that are columns."""
        first, *others = self.cells
        value = self._slot(self.cells[first])
        assert value is not None  # noqa: S101  (values have slots)
        program = self.matrix.program
        if self.matrix.unknown:  # each row is to say so
            program = program._replace(unknown=("",))
        places = tuple(self._slot(self.cells[name]) for name in others)
        fills = tuple(self.fills.get(name) for name in others)
        beside = tuple(slot for slot in outputs_of(self.matrix) if slot != value and slot not in places)
        return RowQuestion(
            program, value, places, fills, in_decimals(self.at), tuple(varying), self.alone, beside
        )

    def _slot(self, cell: Cell) -> int | None:
        kind, *place = cell
        if kind == "first":
            return self.matrix.program.value
        return self.matrix.values[place[0]] if kind == "value" else self.matrix.slots[place[0]][place[1]]

    def alone(self, at: Mapping[str, Any]) -> PointAnswer:
        """One row as a single point is answered."""
        from gradcli.calculus.evaluation.table_at_point import tabulate

        try:
            numbers = tabulate(self.matrix, at, 15, self.corner if self.whole is None else "none")
        except DomainProblem as error:
            return PointAnswer(None, [None] * (len(self.cells) - 1), error.message)
        notes = with_sub_expressions(numbers.notes, self.matrix.text)
        found = {name: _number(numbers, cell) for name, cell in self.cells.items()}
        if self.whole is not None and self.chosen is not None and is_chosen(self.corner, notes):
            own = {name: x for name, x in at.items() if " " not in name}
            entries = ChosenEntries(self.whole(), own, 15, self.corner)
            others = [
                self.chosen(entries, cell) if cell[0] == "entry" else None for cell in self.cells.values()
            ]
            found = dict(zip(found, with_chosen(list(found.values()), others), strict=True))
            notes = entries.notes
        filled = [self.fills.get(name) if x is None else x for name, x in found.items()]
        return PointAnswer(filled[0], filled[1:], self._problem(found, notes))

    def _problem(self, found: Mapping[str, Any], notes: Sequence[Note]) -> str | None:
        """Why an entry has no number, where it is connected."""
        unknown = [
            name
            for name, cell in self.cells.items()
            if cell[0] == "entry" and cell[1:] in self.matrix.unknown
        ]
        lost = [name for name, x in found.items() if x is None and self._slot(self.cells[name]) is not None]
        said = [note.message for note in notes if note.kind not in HARMLESS] if lost else []
        if unknown:
            said += [note.message for note in unknown_notes(self.matrix, unknown) if note.kind == "unknown"]
        return "; ".join(dict.fromkeys(said)) or None


def _number(numbers: Numbers, cell: Cell) -> Any:
    kind, *place = cell
    if kind == "first":
        return numbers.first
    return numbers.values[place[0]] if kind == "value" else numbers.entries[place[0]][place[1]]


def hessian_rows(
    matrix: Matrix, at: Mapping[str, Value], corner: str, *, zero: bool
) -> tuple[TableRows, Told]:
    """The value and the entries of a Hessian, each pair of names once."""
    names = matrix.columns
    pairs = [(i, j) for i in range(len(names)) for j in range(i, len(names))]
    cells: dict[str, Cell] = {"value": ("first",)}
    cells |= {f"hessian.{names[i]}.{names[j]}": ("entry", i, j) for i, j in pairs}
    fills = dict.fromkeys(cells, 0.0 if zero else None)

    def record(held: Sequence[Any]) -> dict[str, Any]:
        entries = dict(zip(pairs, held[1:], strict=True))
        whole = {
            x: {y: entries[min(i, j), max(i, j)] for j, y in enumerate(names)} for i, x in enumerate(names)
        }
        return {"value": held[0], "hessian": whole}

    return TableRows(matrix, cells, at, fills, corner), Told(tuple(cells), record, _formulas(matrix, cells))


def jacobian_rows(
    matrix: Matrix, at: Mapping[str, Value], corner: str, *, zero: bool
) -> tuple[TableRows, Told]:
    """The values of several outputs, each with its slopes."""
    cells: dict[str, Cell] = {}
    for i in range(len(matrix.values)):
        cells[f"f{i + 1}"] = ("value", i)
        cells |= {f"f{i + 1}.{name}": ("entry", i, j) for j, name in enumerate(matrix.columns)}
    fills = dict.fromkeys(cells, 0.0 if zero else None)

    def record(held: Sequence[Any]) -> dict[str, Any]:
        wide = 1 + len(matrix.columns)
        rows = [held[at : at + wide] for at in range(0, len(held), wide)]
        slopes = [dict(zip(matrix.columns, row[1:], strict=True)) for row in rows]
        return {"value": [row[0] for row in rows], "jacobian": slopes}

    return TableRows(matrix, cells, at, fills, corner), Told(tuple(cells), record, _formulas(matrix, cells))


def _formulas(matrix: Matrix, cells: Mapping[str, Cell]) -> dict[str, str | None]:
    """The formulas of the entries that there are, by the names of their columns."""
    entries = {name: cell[1:] for name, cell in cells.items() if cell[0] == "entry"}
    return {name: matrix.formulas[i][j] for name, (i, j) in entries.items() if matrix.formulas[i][j]}


class Product(NamedTuple):
    """A product with a vector: the kind of it, and the vector, by name or by number."""

    kind: str
    vector: Mapping[str, Value] | Sequence[Value]


def product_rows(
    matrix: Matrix,
    at: Mapping[str, Value],
    product: Product,
    whole: Callable[[], Matrix],
    corner: str,
    *,
    zero: bool,
) -> tuple[TableRows, Told]:
    """A product, of which *whole* is the matrix; the vector is among the variables of its program."""
    kind, vector = product
    own = [name for name in matrix.program.variables if " " in name]
    numbers = list(vector.values()) if isinstance(vector, Mapping) else list(vector)
    inner = dict(zip(own, numbers, strict=True))
    counted = [f"f{i + 1}" for i in range(len(matrix.values))]
    if kind == "jvp":
        cells: dict[str, Cell] = {name: ("value", i) for i, name in enumerate(counted)}
        cells |= {f"jvp.{name}": ("entry", i, 0) for i, name in enumerate(counted)}
    elif kind == "vjp":
        cells = {"value": ("value", 0), **{f"vjp.{x}": ("entry", 0, j) for j, x in enumerate(matrix.columns)}}
    else:
        along = [name.removeprefix("along ") for name in own]
        cells = {"value": ("first",), **{f"hvp.{x}": ("entry", i, 0) for i, x in enumerate(along)}}
    fills = dict.fromkeys(cells, 0.0 if zero or kind == "jvp" else None)

    def chosen(entries: ChosenEntries, cell: Cell) -> Value | None:
        if kind == "vjp":
            return entries.times_column(numbers, cell[2])
        named = dict(zip(own, numbers, strict=True))
        return entries.row_times(cell[1], [named[f"along {name}"] for name in entries.matrix.columns])

    rows = TableRows(matrix, cells, {**at, **inner}, fills, corner, whole, chosen)
    return rows, Told(tuple(cells), _product_record(product, tuple(cells), len(counted)), {})


def _product_record(
    product: Product, names: Sequence[str], count: int
) -> Callable[[Sequence[Any]], dict[str, Any]]:
    kind, vector = product
    given = {"direction": dict(vector)} if isinstance(vector, Mapping) else {"weights": list(vector)}

    def record(held: Sequence[Any]) -> dict[str, Any]:
        if kind == "jvp":
            return {**given, "value": held[:count], "jvp": held[count:]}
        own = [name.removeprefix(f"{kind}.") for name in names[1:]]
        return {**given, "value": held[0], kind: dict(zip(own, held[1:], strict=True))}

    return record
