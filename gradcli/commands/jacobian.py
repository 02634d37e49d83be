"""`gradcli jacobian`: the derivatives of several outputs, or products with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.calculus.evaluation.notes import unknown_notes, with_sub_expressions
from gradcli.language.errors import UsageProblem
from gradcli.memory.compiled_cache import cached
from gradcli.output.results.matrix_document import (
    Grid,
    Product,
    grid_document,
    grid_latex,
    grid_record,
    grid_rows,
)
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
from gradcli.shell.options.gradient_options import direction_of, weights_of
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
    ('gradcli jacobian "x**2+x*y+3" "3*x" --x 5 --y 3', "two outputs"),
    ('gradcli jacobian "x*y" "x/y" --vjp 1,2 --x 5 --y 3', "weights times the matrix"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@listing(
    "--vjp",
    group=OptionGroup.COMPUTED,
    metavar="W1,W2",
    help="Only weights times the matrix: a reverse sweep.",
)
@listing(
    "--jvp",
    group=OptionGroup.COMPUTED,
    metavar="X=1,Y=2",
    help="Only matrix times direction: a forward sweep.",
)
@table_options
def jacobian(expressions: tuple[str, ...], vjp: str | None, jvp: str | None, asked: TableOptions) -> None:
    """The matrix of the derivatives of every EXPR along every variable: formulas, and numbers at a point.

    Without EXPR the session's problem; EXPR may be -: problems from standard input. The session stays as it is.
    """
    if vjp is not None and jvp is not None:
        raise UsageProblem("--vjp and --jvp are two products: ask for one at a time")
    with open_memory() as store:
        question = asked.question(expressions, apart=True)
        kind = "vjp" if vjp is not None else "jvp" if jvp is not None else "jacobian"
        if asked.data is not None or not expressions:
            from gradcli.shell.tables.derivative_answer import (
                DerivativeQuestion,
                answered_by_row,
                each_over_files,
            )

            each = DerivativeQuestion(kind, vjp if jvp is None else jvp, asked.corner, asked.zero)
            if answered_by_row(store, question, asked.session, asked.manner, each):
                return
            question = question._replace(many=each_over_files(store, each))

        def answer(problem: Problem, manner: OutputOptions) -> None:
            if vjp is not None:
                notes, whole = _vjp(store, problem, vjp, manner, asked.zero, asked.corner)
            elif jvp is not None:
                notes, whole = _jvp(store, problem, jvp, manner, asked.corner)
            else:
                notes, entries = _matrix(store, problem, manner, asked.zero, asked.corner)
                whole = is_whole(entries, notes)
            write_notes([*(note.message for note in notes), *store.notices], manner.color)
            stop_without_numbers(notes, whole=whole)

        answer_each(store, question, asked.session, asked.manner, answer)


def _matrix(
    store: Store, problem: Problem, manner: OutputOptions, zero: bool, corner: str
) -> tuple[Sequence[Note], Any]:
    from gradcli.calculus.evaluation.table_at_point import tabulate

    def build(*how: Any) -> Matrix:
        from gradcli.calculus.tables.jacobian_table import jacobian_of

        return jacobian_of(*how, formulas=formulas)

    formulas = shows_formulas(manner)
    matrix = table_of(store, "jacobian" if formulas else "jacobian numbers", problem, build)
    rows = _outputs(len(matrix.values))
    notes, entries, numbers = unknown_notes(matrix, rows), None, None
    if problem.at or not variables_of(matrix):
        numbers = tabulate(matrix, problem.at, manner.digits, corner)
        notes = [*with_sub_expressions(numbers.notes, matrix.text), *notes]
        entries = zeros_for_unconnected(matrix, numbers.entries, notes, zero)
    grid = Grid(
        "jacobian", problem.expression, problem.own_at, rows, matrix.columns, numbers.values if numbers else (), entries,
        matrix.formulas, notes,
    )  # fmt: skip
    forms = Report(
        record=lambda: grid_record(grid),
        rows=lambda: grid_rows(grid),
        document=lambda: grid_document(grid, manner.digits),
        latex=lambda: grid_latex(grid, "J", _latex(store, problem)),
    )
    write_answer(forms, manner)
    return notes, entries


def _latex(store: Store, problem: Problem) -> Any:
    def make() -> Any:
        from gradcli.calculus.formulas.texts.table_formulas import jacobian_latex

        return jacobian_latex(problem.texts, sorted(problem.at), problem.wrt)

    return cached(store, "jacobian latex", problem.texts, sorted(problem.at), problem.wrt, make)


def _vjp(
    store: Store, problem: Problem, text: str, manner: OutputOptions, zero: bool, corner: str
) -> tuple[Sequence[Note], bool]:
    """Write weights times the matrix; the notes, and whether a number was chosen for all that had none."""
    from gradcli.calculus.evaluation.table_at_point import tabulate

    def build(*how: Any) -> Matrix:
        from gradcli.calculus.tables.jacobian_table import vjp_of

        return vjp_of(*how)

    needs_point(problem, "--vjp")
    weights = weights_of(text, "--vjp", len(problem.texts), manner.digits)
    matrix = table_of(store, "vjp", problem, build)
    own = (name for name in matrix.program.variables if " " in name)
    numbers = tabulate(matrix, {**problem.at, **dict(zip(own, weights, strict=True))}, manner.digits)
    said, found = list(with_sub_expressions(numbers.notes, matrix.text)), numbers.entries
    if whole := is_chosen(corner, said):
        entries = _chosen_entries(store, problem, manner.digits, corner)
        columns = [entries.times_column(weights, j) for j in range(len(matrix.columns))]
        said, found = entries.notes, (tuple(with_chosen(found[0], columns)),)
    notes = [*said, *unknown_notes(matrix, ["the weighted sum"])]
    (row,) = zeros_for_unconnected(matrix, found, notes, zero)
    named_row = dict(zip(matrix.columns, row, strict=True))
    values = {"value": numbers.values[0]}
    write_product(
        Product("vjp", problem.expression, problem.own_at, weights, values, named_row, notes), manner, "w^T J"
    )
    return notes, whole and is_filled(row, notes)


def _chosen_entries(store: Store, problem: Problem, digits: int, corner: str) -> ChosenEntries:
    """The matrix with numbers at corners."""
    from gradcli.calculus.tables.jacobian_table import jacobian_of

    def build(*how: Any) -> Matrix:
        return jacobian_of(*how, formulas=False)

    return ChosenEntries(table_of(store, "jacobian numbers", problem, build), problem.at, digits, corner)


def _jvp(
    store: Store, problem: Problem, text: str, manner: OutputOptions, corner: str
) -> tuple[Sequence[Note], bool]:
    """Write the matrix times a direction; the notes, and whether a number was chosen for all that had none."""
    from gradcli.calculus.evaluation.table_at_point import tabulate

    def build(*how: Any) -> Matrix:
        from gradcli.calculus.tables.jacobian_table import jvp_of

        return jvp_of(*how)

    needs_point(problem, "--jvp")
    matrix = table_of(store, "jvp", problem, build)
    names = [name.removeprefix("along ") for name in matrix.program.variables if " " in name]
    direction = direction_of(text, "--jvp", names, manner.digits)
    along = {f"along {name}": number for name, number in direction.items()}
    numbers = tabulate(matrix, {**problem.at, **along}, manner.digits)
    rows = _outputs(len(matrix.values))
    notes = [note for note in unknown_notes(matrix, rows) if note.kind == "unknown"]
    found, said = [row[0] for row in numbers.entries], list(with_sub_expressions(numbers.notes, matrix.text))
    if whole := is_chosen(corner, said):
        entries = _chosen_entries(store, problem, manner.digits, corner)
        vector = [direction[name] for name in entries.matrix.columns]
        chosen = [entries.row_times(i, vector) for i in range(len(found))]
        found, said = with_chosen(found, chosen), entries.notes
    notes = [*said, *notes]
    zero: Any = 0.0 if manner.digits <= 15 else "0"
    flat = [_component(matrix, i, x, zero) for i, x in enumerate(found)]
    values = dict(zip(rows, numbers.values, strict=True))
    product = dict(zip(rows, flat, strict=True))
    write_product(
        Product("jvp", problem.expression, problem.own_at, direction, values, product, notes, counted=True),
        manner,
        "J v",
    )
    return notes, whole and is_filled(flat, notes)


def _component(matrix: Matrix, i: int, number: Any, zero: Any) -> Any:
    """A component of a product: 0 for an output that no variable of the direction reaches."""
    connected = matrix.slots[i][0] is not None or (i, 0) in matrix.unknown
    return number if connected else zero


def _outputs(count: int) -> list[str]:
    return [f"f{i + 1}" for i in range(count)]
