"""What the commands of more calculus share: a problem from wherever it comes, and tables of derivatives of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.memory.compiled_cache import cached, told_remarks
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.value_checks import check
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix
    from gradcli.calculus.program.point_answer import Note
    from gradcli.memory.database import Store
    from gradcli.output.results.matrix_document import Product

#: `builder(texts, given, wrt)`.
Builder = Callable[[Sequence[str], Sequence[str], Sequence[str] | None], "Matrix"]


def table_of(store: Store, kind: str, problem: Problem, build: Builder) -> Matrix:
    """The table of derivatives that *build* makes of *problem*, from the library if it is there; names checked."""
    matrix = unchecked_table(store, kind, problem, build)
    check(problem, variables_of(matrix))
    return matrix


def unchecked_table(store: Store, kind: str, problem: Problem, build: Builder) -> Matrix:
    """The same, where somebody else looks at the names."""
    from gradcli.calculus.program.derivative_table import matrix_from_data, matrix_to_data

    given = sorted(problem.at)
    told_remarks(store, problem.texts, given)

    def make() -> Any:
        return matrix_to_data(build(problem.texts, given, problem.wrt))

    try:
        return matrix_from_data(cached(store, kind, problem.texts, given, problem.wrt, make))
    except ValueError:  # not written by this version
        return build(problem.texts, given, problem.wrt)


def variables_of(matrix: Matrix) -> list[str]:
    """The user's variables of a table's program, without the program's own."""
    return [name for name in matrix.program.variables if " " not in name]


def zeros_for_unconnected(
    matrix: Matrix,
    entries: Sequence[Sequence[Any]],
    notes: Iterable[Note],
    zero: bool,
    *,
    symmetric: bool = False,
) -> list[list[Any]]:
    """The entries with 0 for variables that nothing depends on, where that was asked for."""
    blank = {note.variable for note in notes if note.kind == "unconnected"} if zero else set()
    rows = [
        [0.0 if name in blank else x for name, x in zip(matrix.columns, row, strict=True)] for row in entries
    ]
    if symmetric:
        rows = [[0.0] * len(r) if n in blank else r for n, r in zip(matrix.columns, rows, strict=True)]
    return rows


def write_product(product: Product, manner: OutputOptions, letter: str) -> None:
    """Write a product of a matrix with a vector to stdout."""
    from gradcli.output.results.matrix_document import (
        product_document,
        product_latex,
        product_record,
        product_rows,
    )

    forms = Report(
        record=lambda: product_record(product),
        rows=lambda: product_rows(product),
        document=lambda: product_document(product, manner.digits),
        latex=lambda: product_latex(product, letter),
    )
    write_answer(forms, manner)


#: Notes beside which no number is missing.
HARMLESS = ("unconnected", "sum", "stopped", "limit", "eigenvalues", "unequal", "underflow")


def stop_without_numbers(notes: Iterable[Note], *, whole: bool = False) -> None:
    """Exit with status 3 where a number is missing for another reason than that nothing depends on a variable.

    whole: whether every entry has its number, so that a corner is one that was chosen at.
    """
    harmless = (*HARMLESS, "corner", "jump", "edge") if whole else HARMLESS
    if any(note.kind not in harmless for note in notes):
        raise click.exceptions.Exit(3)


def is_whole(rows: Sequence[Sequence[Any]] | None, notes: Iterable[Note]) -> bool:
    """Whether no entry is missing but those along variables that nothing depends on."""
    blank = any(note.kind == "unconnected" for note in notes)
    return rows is not None and not blank and all(entry is not None for row in rows for entry in row)
