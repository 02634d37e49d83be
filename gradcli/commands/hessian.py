"""`gradcli hessian`: second derivatives, what their eigenvalues say, or one product with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.calculus.evaluation.notes import unknown_notes, with_sub_expressions
from gradcli.language.limits import limit
from gradcli.memory.compiled_cache import cached
from gradcli.output.results.matrix_document import (
    Grid,
    Product,
    grid_document,
    grid_latex,
    grid_record,
    grid_rows,
)
from gradcli.output.text.number_text import shown
from gradcli.shell.derivatives.corner_products import ChosenEntries, is_chosen, is_filled, with_chosen
from gradcli.shell.derivatives.table_answer import (
    is_whole,
    stop_without_numbers,
    table_of,
    variables_of,
    write_product,
    zeros_for_unconnected,
)
from gradcli.shell.help.option_groups import OptionGroup, listing
from gradcli.shell.options.gradient_options import direction_of
from gradcli.shell.options.table_options import TableOptions, table_options
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.problem_source import answer_each
from gradcli.shell.problems.value_checks import needs_point
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    shows_formulas,
    write_answer,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix
    from gradcli.calculus.program.point_answer import Note
    from gradcli.memory.database import Store


EXAMPLES = (
    ('gradcli hessian "x**2+x*y+3" --x 5 --y 3', "formulas, numbers, eigenvalues"),
    ("gradcli hessian", "of the session's problem"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]", nargs=-1)
@listing("--hvp", group=OptionGroup.COMPUTED, metavar="X=1,Y=2",
        help="Only matrix times direction, without the matrix.")  # fmt: skip
@table_options
def hessian(expressions: tuple[str, ...], hvp: str | None, asked: TableOptions) -> None:
    """The second derivatives of EXPR: formulas, and at a point numbers, eigenvalues, definiteness, condition.

    Without EXPR the session's problem; EXPR may be -: problems from standard input. The session stays as it is.
    """
    with open_memory() as store:
        question = asked.question(expressions)
        if asked.data is not None or not expressions:
            from gradcli.shell.tables.derivative_answer import (
                DerivativeQuestion,
                answered_by_row,
                each_over_files,
            )

            each = DerivativeQuestion("hessian" if hvp is None else "hvp", hvp, asked.corner, asked.zero)
            if answered_by_row(store, question, asked.session, asked.manner, each):
                return
            question = question._replace(many=each_over_files(store, each))

        def answer(problem: Problem, manner: OutputOptions) -> None:
            if hvp is None:
                grid = _matrix(store, problem, manner, asked.zero, asked.corner)
                notes, whole = grid.notes, is_whole(grid.entries, grid.notes)
            else:
                notes, whole = _product(store, problem, hvp, manner, asked.zero, asked.corner)
            write_notes([*(note.message for note in notes), *store.notices], manner.color)
            stop_without_numbers(notes, whole=whole)

        answer_each(store, question, asked.session, asked.manner, answer)


def _matrix(store: Store, problem: Problem, manner: OutputOptions, zero: bool, corner: str) -> Grid:
    def build(*how: Any) -> Matrix:
        from gradcli.calculus.tables.hessian_table import hessian_of

        return hessian_of(*how, formulas=formulas)

    formulas = shows_formulas(manner)
    matrix = table_of(store, "hessian" if formulas else "hessian numbers", problem, build)
    grid = _grid(problem, matrix, manner.digits, zero, corner)
    forms = Report(
        record=lambda: grid_record(grid),
        rows=lambda: grid_rows(grid),
        document=lambda: grid_document(grid, manner.digits),
        latex=lambda: grid_latex(grid, "H", _latex(store, problem)),
    )
    write_answer(forms, manner)
    return grid


def _grid(problem: Problem, matrix: Matrix, digits: int, zero: bool, corner: str) -> Grid:
    from gradcli.calculus.evaluation.table_at_point import tabulate

    notes, entries = unknown_notes(matrix, [f"∂f/∂{name}" for name in matrix.columns]), None
    facts: Mapping[str, Any] = {"value": None, "gradient": {}}
    if problem.at or not variables_of(matrix):
        numbers = tabulate(matrix, problem.at, digits, corner)
        notes = [*with_sub_expressions(numbers.notes, matrix.text), *notes]
        entries = zeros_for_unconnected(matrix, numbers.entries, notes, zero, symmetric=True)
        gradient = dict(zip(matrix.columns, numbers.values, strict=True))
        blank = [note.variable for note in notes if note.kind == "unconnected"]
        gradient |= {name: 0.0 if zero else None for name in blank if name in gradient}
        chosen = any(note.kind in ("corner", "jump") for note in notes)
        spectrum, undecided = ({}, []) if chosen else _spectrum(matrix, problem.at, entries, digits)
        spectrum = {"eigenvalues": None, "definiteness": None, "condition": None, **spectrum}
        facts = {"value": numbers.first, "gradient": gradient, **spectrum}
        notes += [*undecided, *_too_many(len(entries))]
    return Grid(
        "hessian", problem.expression, problem.own_at, matrix.columns, matrix.columns, (), entries, matrix.formulas, notes,
        keyed=True, facts=facts,
    )  # fmt: skip


def _too_many(size: int) -> list[Note]:
    """What is said where eigenvalues are left out: their work grows with the cube of the size."""
    from gradcli.calculus.program.point_answer import Note

    most = limit("eigenvalues")
    message = f"eigenvalues of {size:,} variables are not calculated; --limit eigenvalues=N sets this limit, now {most:g}"
    return [Note("limit", message)] if size > most else []


def _spectrum(
    matrix: Matrix, point: Mapping[str, Any], entries: Sequence[Sequence[Any]], digits: int
) -> tuple[dict[str, Any], list[Note]]:
    """Eigenvalues and what they say, with notes; None where an entry is missing or there are too many of them."""
    from gradcli.calculus.linear_algebra.spectrum import spectrum_at

    blank = {"eigenvalues": None, "definiteness": None, "condition": None}
    if not entries or len(entries) > limit("eigenvalues") or any(x is None for row in entries for x in row):
        return blank, []
    if (note := _unequal(matrix, entries)) is not None:
        return blank, [note]
    found = spectrum_at(matrix, point, digits)
    if found is None:
        return blank, []
    facts = {**blank, **found._asdict(), "eigenvalues": list(found.eigenvalues)}
    return {name: facts[name] for name in blank}, list(found.notes)


def _unequal(matrix: Matrix, entries: Sequence[Sequence[Any]]) -> Note | None:
    """What is said where the order of two derivatives matters: such a table has no eigenvalues to speak of."""
    from gradcli.calculus.program.point_answer import Note

    size = range(len(entries))
    for i, j in ((i, j) for i in size for j in size if i < j and entries[i][j] != entries[j][i]):
        x, y = matrix.columns[i], matrix.columns[j]
        message = (
            f"the mixed partials along {x} and {y} differ here: {shown(entries[i][j])} where {x} is first, "
            f"{shown(entries[j][i])} where {y} is; so nothing is said of eigenvalues"
        )
        return Note("unequal", message)
    return None


def _latex(store: Store, problem: Problem) -> Any:
    def make() -> Any:
        from gradcli.calculus.formulas.texts.table_formulas import hessian_latex

        return hessian_latex(problem.texts, sorted(problem.at), problem.wrt)

    return cached(store, "hessian latex", problem.texts, sorted(problem.at), problem.wrt, make)


def _product(
    store: Store, problem: Problem, text: str, manner: OutputOptions, zero: bool, corner: str
) -> tuple[Sequence[Note], bool]:
    """Write the product of the matrix with a direction; the notes, and whether a number was chosen for all that had none."""
    from gradcli.calculus.evaluation.table_at_point import tabulate

    def build(*how: Any) -> Matrix:
        from gradcli.calculus.tables.hessian_table import hvp_of

        return hvp_of(*how)

    needs_point(problem, "--hvp")
    matrix = table_of(store, "hvp", problem, build)
    names = [name.removeprefix("along ") for name in matrix.program.variables if " " in name]
    direction = direction_of(text, "--hvp", names, manner.digits)
    along = {f"along {name}": number for name, number in direction.items()}
    numbers = tabulate(matrix, {**problem.at, **along}, manner.digits)
    found, said = [row[0] for row in numbers.entries], list(with_sub_expressions(numbers.notes, matrix.text))
    if whole := is_chosen(corner, said):
        found, said = _chosen(store, problem, direction, found, manner.digits, corner)
    notes = [*said, *_missing(matrix, names)]
    blank = {note.variable for note in notes if note.kind == "unconnected"} if zero else set()
    product = {name: 0.0 if name in blank else x for name, x in zip(names, found, strict=True)}
    value = {"value": numbers.first}
    write_product(
        Product("hvp", problem.expression, problem.own_at, direction, value, product, notes), manner, "H v"
    )
    return notes, whole and is_filled(product.values(), notes)


def _chosen(
    store: Store,
    problem: Problem,
    direction: Mapping[str, Any],
    found: Sequence[Any],
    digits: int,
    corner: str,
) -> tuple[list[Any], list[Note]]:
    """The product's components with those at corners chosen, and the notes of the matrix that they are chosen from."""
    from gradcli.calculus.tables.hessian_table import hessian_of

    def build(*how: Any) -> Matrix:
        return hessian_of(*how, formulas=False)

    whole = table_of(store, "hessian numbers", problem, build)
    entries = ChosenEntries(whole, problem.at, digits, corner)
    along = [direction[name] for name in whole.columns]
    return with_chosen(found, [entries.row_times(i, along) for i in range(len(found))]), entries.notes


def _missing(matrix: Matrix, names: Sequence[str]) -> list[Note]:
    """A note for each component that is not known or not connected."""
    from gradcli.calculus.program.point_answer import Note

    notes = []
    for i, name in enumerate(names):
        if (i, 0) in matrix.unknown:
            message = f"a second derivative along {name} is not known in closed form"
            notes.append(Note("unknown", message, name))
        elif matrix.slots[i][0] is None:
            notes.append(Note("unconnected", f"{name} is not connected: no output depends on it", name))
    return notes
