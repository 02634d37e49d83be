"""The Jacobian of losses over files of many rows, or a product with it, written as of any problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.backends.rounding_error import input_errors
from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.rows.bounds.bounded_hessian import NOTHING, Bounded, is_told
from gradcli.language.problem_text import divided
from gradcli.output.gradients.row_jacobian_document import (
    RowJacobian,
    row_jacobian_document,
    row_jacobian_record,
    row_jacobian_rows,
)
from gradcli.shell.columns.formulas_by_row import formulas_by_row
from gradcli.shell.columns.row_answer import NO_SIZE, answer_rows
from gradcli.shell.options.gradient_options import direction_of, weights_of
from gradcli.shell.problems.row_problem import RowProblem, output_programs
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    shows_formulas,
    write_answer,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.calculus.rows.row_program import RowsProgram
    from gradcli.memory.database import Store

#: Digits of the numbers in a direction.
_DIGITS = 15


class RowProduct(NamedTuple):
    """kind: jacobian, vjp or jvp. vector: that of a product, as it was typed. zero: for what no output depends on."""

    kind: str
    vector: str | None
    corner: str
    zero: bool


class _Row(NamedTuple):
    """An output: its value, and its slopes along the names with bounds; None for one without a number."""

    value: Bounded
    entries: list[Bounded | None]
    notes: list[Note]


def write_row_jacobian(store: Store, asked: RowProblem, product: RowProduct, manner: OutputOptions) -> None:
    """Write it; Exit with status 3 where a number is missing. Raises GradcliError where an output has no value."""
    names = asked.chosen
    programs = output_programs(store, asked)
    rows = [
        _row(asked._replace(program=one), names, product.corner, place if len(programs) > 1 else 0)
        for place, one in enumerate(programs, 1)
    ]
    blank = [name for name in names if not any(name in one.connected | one.unknown for one in programs)]
    notes = [note for row in rows for note in row.notes]
    told = _Told(notes)
    entries = _entries(rows, names, () if product.zero else blank)
    notes += [
        Note("unconnected", f"{name} is not connected: no output depends on it", name) for name in blank
    ]
    found = RowJacobian(
        asked.problem.expression, dict(asked.numbers), asked.rows, asked.files.record["data"] if asked.files else {},
        names, tuple(asked.columns), (),
    )  # fmt: skip
    if product.vector is not None:
        found = _multiplied(found, rows, entries, product, told)
    else:
        numbers = [
            [one and told.number(f"jacobian.{i}.{name}", one) for name, one in zip(names, row, strict=True)]
            for i, row in enumerate(entries)
        ]
        formulas = _formulas(store, asked, programs) if shows_formulas(manner) else {}
        found = found._replace(values=_values(rows, told), entries=numbers, formulas=formulas)
    found = found._replace(errors=told.errors, undecided=told.undecided, notes=notes)
    _write(store, found, manner)
    if any(note.kind not in ("unconnected", "undecided") for note in notes) and found.has_gaps(blank):
        raise click.exceptions.Exit(3)


def _row(asked: RowProblem, names: Sequence[str], corner: str, place: int) -> _Row:
    """One output. place: which of several it is, from 1 on; 0 for the only one."""
    program = asked.program
    own = tuple(name for name in names if name in program.connected | program.unknown)
    found = answer_rows(asked._replace(wrt=own), corner)
    entries: list[Bounded | None] = []
    for name in names:
        number = found.partials[name] if name in own else 0.0
        error = found.errors.get(f"gradient.{name}", 0.0) / UNIT
        entries.append(None if number is None else Bounded(number, error))
    before = f"f{place}: " if place else ""
    notes = [
        note._replace(message=f"{before}{note.message}", span=None)
        for note in found.notes
        if note.kind not in ("unconnected", "undecided")
    ]
    return _Row(Bounded(found.value, found.errors["value"] / UNIT), entries, notes)


def _entries(rows: Sequence[_Row], names: Sequence[str], blank: Sequence[str]) -> list[list[Bounded | None]]:
    """The entries of all rows: none along the *blank* names, on which nothing depends."""
    return [
        [None if name in blank else one for name, one in zip(names, row.entries, strict=True)] for row in rows
    ]


class _Told:
    """Numbers as they are shown, with their errors, and what is not told from 0."""

    def __init__(self, notes: list[Note]) -> None:
        self.errors: dict[str, float] = {}
        self.undecided: dict[str, str] = {}
        self.notes = notes

    def number(self, path: str, one: Bounded) -> float:
        """The number, or 0 where it is not told from that."""
        self.errors[path] = one.error * UNIT
        if is_told(one) or (one.number == 0 and one.error * UNIT < NO_SIZE):
            return one.number
        bound = f"{abs(one.number) + one.error * UNIT:.3g}"
        self.undecided[path] = bound
        self.notes.append(Note("undecided", f"{path} is 0, or less than {bound} in size: not decided"))
        return 0.0


def _multiplied(
    found: RowJacobian,
    rows: Sequence[_Row],
    entries: Sequence[Sequence[Bounded | None]],
    product: RowProduct,
    told: _Told,
) -> RowJacobian:
    """The product of the entries with the vector that was typed."""
    assert product.vector is not None  # noqa: S101  (which a product has)
    values = [row.value for row in rows]
    if product.kind == "vjp":
        weights = weights_of(product.vector, "--vjp", len(entries), _DIGITS)
        vector, columns = [_given(x) for x in weights], zip(*entries, strict=True)
        sums = {f"vjp.{name}": _dot(one, vector) for name, one in zip(found.names, columns, strict=True)}
        whole = _dot(values, vector)
        assert whole is not None  # noqa: S101  (all outputs have values)
        found = found._replace(
            kind="vjp", vector=[float(x) for x in weights], values=[told.number("value", whole)]
        )
    else:
        direction = direction_of(product.vector, "--jvp", found.names, _DIGITS)
        found = found._replace(values=_values(rows, told))
        vector = [_given(direction[name]) for name in found.names]
        sums = {f"jvp.{i}": _dot(row, vector) for i, row in enumerate(entries)}
        found = found._replace(kind="jvp", vector={name: float(x) for name, x in direction.items()})
    return found._replace(product=[one and told.number(path, one) for path, one in sums.items()])


def _values(rows: Sequence[_Row], told: _Told) -> list[float]:
    return [told.number(f"value.{i}", row.value) for i, row in enumerate(rows)]


def _given(number: Any) -> Bounded:
    """A number as it was typed, and how far its float is from that."""
    return Bounded(float(number), input_errors([number], [float(number)])[0])


def _dot(entries: Sequence[Bounded | None], vector: Sequence[Bounded]) -> Bounded | None:
    total = NOTHING
    for a, b in zip(entries, vector, strict=True):
        if a is None:
            if b == NOTHING:
                continue
            return None
        total = total.plus(a.times(b))
    return total


def _formulas(
    store: Store, asked: RowProblem, programs: Sequence[RowsProgram]
) -> dict[int, Mapping[str, Any]]:
    """The formulas of each output, by its place."""
    problem, parts = asked.problem, [divided(text) for text in asked.problem.texts]
    shared = [one for part in parts for one in part.definitions]
    found: dict[int, Mapping[str, Any]] = {}
    for i, (part, program) in enumerate(zip(parts, programs, strict=True)):
        alone = problem._replace(texts=("; ".join((*shared, part.expression)),))
        own = formulas_by_row(store, alone, asked.columns, asked.numbers)
        blank = {name: "0" for name in asked.chosen if name not in program.connected | program.unknown}
        found[i] = {**{name: own.get(name) for name in asked.chosen}, **blank}
    return found


def _write(store: Store, found: RowJacobian, manner: OutputOptions) -> None:
    forms = Report(
        record=lambda: row_jacobian_record(found),
        rows=lambda: row_jacobian_rows(found),
        document=lambda: row_jacobian_document(found, manner.digits),
    )
    write_answer(forms, manner)
    write_notes([*(note.message for note in found.notes), *store.notices], manner.color)
