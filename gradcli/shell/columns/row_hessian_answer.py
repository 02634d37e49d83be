"""The Hessian of a loss over files of many rows, or its product with a direction, written as of any problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.rows.bounds.bounded_hessian import NOTHING, Bounded, bounded_hessian, is_told
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_hessian import RowHessian as RowsHessian
from gradcli.language.errors import DomainProblem
from gradcli.language.limits import limit
from gradcli.output.gradients.row_hessian_document import (
    RowHessian,
    row_hessian_document,
    row_hessian_record,
    row_hessian_rows,
)
from gradcli.shell.columns.row_answer import answer_rows
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.row_problem import RowProblem


def row_hessian(asked: RowProblem, corner: str, direction: Mapping[str, Any] | None) -> RowHessian | None:
    """The Hessian, or its product with a *direction*; None where it is not made of sums over the rows.

    Raises GradcliError where there is no value.
    """
    numbers = {name: float(x) for name, x in asked.numbers.items()}
    names = tuple(asked.chosen)
    hessian = RowsHessian(asked.program, RowEvaluation(asked.program, asked.data()), names)
    gradient = answer_rows(asked, corner)
    blank = {"eigenvalues": None, "definiteness": None, "condition": None}
    corners = [note for note in gradient.notes if note.kind == "corner"]
    try:
        found = None if corners else bounded_hessian(hessian, numbers, asked.numbers)
    except DomainProblem as error:
        note = Note("domain", error.message)
        return RowHessian(gradient._replace(notes=[*gradient.notes, note]), names, None, blank, {})
    if corners:
        return RowHessian(gradient, names, None, blank, {})
    if found is None:
        return None
    told = _Told()
    if direction is not None:
        vector = [Bounded(float(direction[name])) for name in names]
        rows = {f"hvp.{name}": _product(row, vector) for name, row in zip(names, found.entries, strict=True)}
        values = [told.number(path, one) for path, one in rows.items()]
        facts: Mapping[str, Any] = {
            "direction": dict(direction),
            "hvp": dict(zip(names, values, strict=True)),
        }
        entries = None
    else:
        entries = [
            [told.number(f"hessian.{x}.{y}", found.entries[i][j]) for j, y in enumerate(names)]
            for i, x in enumerate(names)
        ]
        facts = {**blank, **_spectrum(found.entries, told)}
    notes = [*gradient.notes, *told.notes]
    whole = gradient._replace(notes=notes, undecided={**gradient.undecided, **told.undecided})
    return RowHessian(whole, names, entries, facts, told.errors)


def _product(row: Sequence[Bounded], vector: Sequence[Bounded]) -> Bounded:
    total = NOTHING
    for a, b in zip(row, vector, strict=True):
        total = total.plus(a.times(b))
    return total


class _Told:
    """Numbers as they are shown, with their errors, and what is not told from 0."""

    def __init__(self) -> None:
        self.errors: dict[str, float] = {}
        self.undecided: dict[str, str] = {}
        self.notes: list[Note] = []

    def number(self, path: str, one: Bounded) -> float:
        """The number, or 0 where it is not told from that."""
        self.errors[path] = one.error * UNIT
        if is_told(one):
            return one.number
        bound = f"{abs(one.number) + one.error * UNIT:.3g}"
        self.undecided[path] = bound
        self.notes.append(Note("undecided", f"{path} is 0, or less than {bound} in size: not decided"))
        return 0.0


def _spectrum(entries: Sequence[Sequence[Bounded]], told: _Told) -> dict[str, Any]:
    """Eigenvalues, enclosed in balls, and what their signs say."""
    most = limit("eigenvalues")
    if len(entries) > most:
        message = f"eigenvalues of {len(entries):,} variables are not calculated"
        message += f"; --limit eigenvalues=N sets this limit, now {most:g}"
        told.notes.append(Note("limit", message))
        return {}
    if not entries:
        return {}
    from gradcli.calculus.linear_algebra.bounded_spectrum import bounded_spectrum

    found = bounded_spectrum(entries)
    numbers = [told.number(f"eigenvalues.{i}", one) for i, one in enumerate(found.eigenvalues)]
    condition = found.condition and told.number("condition", found.condition)
    return {"eigenvalues": numbers, "definiteness": found.word or "not decided", "condition": condition}


def write_row_hessian(store: Store, hessian: RowHessian, manner: OutputOptions) -> None:
    """Write it, and exit with status 3 where there is none."""
    forms = Report(
        record=lambda: row_hessian_record(hessian),
        rows=lambda: row_hessian_rows(hessian),
        document=lambda: row_hessian_document(hessian, manner.digits),
    )
    write_answer(forms, manner)
    write_notes([*(note.message for note in hessian.gradient.notes), *store.notices], manner.color)
    if hessian.entries is None and "hvp" not in hessian.facts:
        raise click.exceptions.Exit(3)
