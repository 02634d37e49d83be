"""`gradcli grad`: value, formulas and gradient at a point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import NameProblem, UsageProblem
from gradcli.language.name_meanings import may_have_remarks
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.gradients.gradient_document import (
    Gradient,
)
from gradcli.shell.derivatives.gradient_answer import (
    answer_by_rows,
    answer_problem,
    by_column,
    keep_value,
    save_problem,
    say_not_remembered,
    stop_where_nothing,
    write_gradient,
)
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import (
    constraint_option,
    corner_option,
    digits_checked,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.data_options import data_options
from gradcli.shell.options.engine_options import engine_options
from gradcli.shell.options.gradient_options import (
    GradientOptions,
    gradient_options,
    is_higher_order,
    split_uncertainties,
)
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.problem import Problem, from_command_line, with_constraints
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, shows_formulas, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.output.gradients.row_gradient_document import RowGradient
    from gradcli.shell.files.file_columns import DataRequest


EXAMPLES = (
    ('gradcli grad "x**2+x*y+3" --x 5 --y 3', "value, formulas and gradient"),
    ('gradcli grad "x*sin(y)"', "the formulas alone"),
    ("gradcli grad --x 4", "the session's problem, at x = 4"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@problem_options
@partial(data_options, by_row=True)
@engine_options
@gradient_options
@constraint_option(OptionGroup.COMPUTED)
@corner_option("none", OptionGroup.COMPUTED)
@session_options
@option("--no-save", group=OptionGroup.MEMORY, is_flag=True, help="Leave the session as it is.")
@output_options()
def grad(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None, corner: str,
    session: str, no_save: bool, digits: int | None, format_: str, get: str | None, color: str,
    data: DataRequest | None, subject_to: tuple[str, ...], **more: Any,
) -> None:  # fmt: skip
    """Value, formulas and gradient of EXPR at the point that --NAME VALUE gives.
    Without values the formulas alone; without EXPR the session's problem. EXPR may have definitions (u = x*y; u**2), be
    @FILE, or -, standard input. A value may be uncertain, --x 5±0.1; --wrt x,x,y is one derivative of third order.
    """
    precision = digits_checked(digits)
    pairs, sigmas = split_uncertainties(values, at)
    problem = from_command_line(expressions, pairs, (), wrt, precision)
    beyond = GradientOptions(**more, sigmas=sigmas).checked()
    manner = OutputOptions(format_, get, precision, color)
    looked = not (expressions or pairs or problem.wrt or data)  # at the session's problem, where it stands
    kept = None if no_save or looked else session
    with open_memory() as store:
        own, request = False, data
        if not expressions and data is None:
            from gradcli.shell.problems.session_problem import session_or_files

            problem, request = session_or_files(store, problem, session)
            own = request is not None
        if request is not None:
            _check_free(subject_to)
            from gradcli.shell.tables.data_answer import DataQuestion, answer_data

            asked = DataQuestion(request, beyond, manner, corner, session, wrt, kept is None, own)
            answer_data(store, problem, asked)
            return
        if expressions == ("-",):
            _each(store, problem, beyond, manner, corner, kept)
            return
        problem = with_constraints(store, problem, subject_to)
        if subject_to and beyond.used:
            raise UsageProblem(f"{beyond.used} and --subject-to do not go together")
        _one(store, problem, wrt, beyond, manner, corner, kept)


def _check_free(constraints: Sequence[str]) -> None:
    """Raises UsageProblem for constraints beside the rows of files."""
    if constraints:
        raise UsageProblem(
            "--subject-to and the rows of files do not go together here",
            hint="gradcli check EXPR --st … --kkt --data FILE says what a point is",
        )


def _one(
    store: Store,
    problem: Problem,
    wrt: str | None,
    beyond: GradientOptions,
    manner: OutputOptions,
    corner: str,
    kept: str | None,
) -> None:
    """Answer one problem in what was asked for: formulas of columns, a weighted sum, one derivative of higher order."""
    if beyond.columns is not None:
        from gradcli.shell.derivatives.column_formulas import write_column_formulas

        write_column_formulas(store, problem, beyond, manner)
        return
    if beyond.grad_ys is not None:
        from gradcli.shell.derivatives.gradient_extras import weighted_sum

        problem = weighted_sum(problem, beyond)
    if is_higher_order(wrt, beyond.order):
        from gradcli.shell.derivatives.higher_order import higher

        higher(store, problem, wrt, beyond, manner, kept)
        return
    _answer(store, problem, beyond, manner, corner, kept)


def _answer(
    store: Store,
    problem: Problem,
    beyond: GradientOptions,
    manner: OutputOptions,
    corner: str,
    kept: str | None,
) -> None:
    """Answer one problem: in numbers and formulas, or row by row."""
    if not beyond.used and (found := answer_by_rows(store, problem, manner, corner)):
        _say_rows(store, found, problem, manner, kept)
        return
    try:
        gradient, free = _whole(store, problem, beyond, manner.digits, corner, shows_formulas(manner))
    except NameProblem as error:
        _by_row(store, problem, beyond, manner, corner, error)
        return
    gradient = _with_definitions(store, gradient, free, manner, beyond.formulas)
    _say(store, gradient, problem, free, manner, kept)


def _by_row(
    store: Store,
    problem: Problem,
    beyond: GradientOptions,
    manner: OutputOptions,
    corner: str,
    error: NameProblem,
) -> None:
    """Answer an expression that varies by row in each row. Raises *error* where it says something else."""
    from gradcli.language.parser.row_columns import VariesByRow

    if not isinstance(error, VariesByRow) or beyond.used:
        raise error
    from gradcli.shell.derivatives.table_of_points import answer_by_row

    answer_by_row(store, problem, manner, corner, error)


def _say(
    store: Store,
    gradient: Gradient,
    problem: Problem,
    free: Problem,
    manner: OutputOptions,
    session: str | None,
) -> None:
    """Write the answer, make the problem without what --stop holds the session's, and exit where there is nothing."""
    gradient = gradient._replace(notes=by_column(gradient.notes))
    if problem.constraints and gradient.answer is not None and manner.format != "latex":
        from gradcli.shell.constraints.constrained_point import write_constrained_gradient

        store.notices += write_constrained_gradient(store, gradient, problem, manner)
    else:
        write_gradient(store, gradient, problem, manner)
    if session is not None and gradient.answer is not None:
        save_problem(store, session, free, gradient)
    write_notes([*(note.message for note in gradient.notes), *store.notices], manner.color)
    if gradient.answer is None:
        say_not_remembered(store, session, problem, "no point")
    stop_where_nothing(gradient)


def _say_rows(
    store: Store, found: RowGradient, problem: Problem, manner: OutputOptions, session: str | None
) -> None:
    """Keep a problem by rows, say what there is to be said of it, and exit where there is nothing."""
    from gradcli.shell.columns.row_answer import stop_where_rows_have_nothing

    if session is not None:
        keep_value(store, session, problem, found.value)
    write_notes([*(note.message for note in found.notes), *store.notices], manner.color)
    stop_where_rows_have_nothing(found)


def _with_definitions(
    store: Store, gradient: Gradient, problem: Problem, manner: OutputOptions, formulas: str
) -> Gradient:
    """The gradient, and what there is to be said about the definitions of its text."""
    if not any(map(may_have_remarks, problem.texts)):
        return gradient
    from gradcli.shell.derivatives.definition_answer import with_definitions

    return with_definitions(store, gradient, problem, manner, formulas)


def _each(
    store: Store,
    base: Problem,
    beyond: GradientOptions,
    manner: OutputOptions,
    corner: str,
    session: str | None,
) -> None:
    """Answer each problem on standard input. Raises UsageProblem for an option that is for one problem."""
    from gradcli.shell.derivatives.gradient_stream import each_gradient

    if beyond.used:
        raise UsageProblem(f"{beyond.used} is for one problem on the command line, not for -")
    each_gradient(store, base, manner, corner, session)


def _whole(
    store: Store, problem: Problem, beyond: GradientOptions, digits: int, corner: str, formulas: bool
) -> tuple[Gradient, Problem]:
    """The gradient and what was asked for beside it; the problem without what --stop holds constant.

    formulas: whether they are shown.
    """
    if not beyond.used and len(problem.texts) == 1:
        compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt, formulas=formulas)
        return answer_problem(compiled, problem, digits, corner), problem
    from gradcli.shell.derivatives.gradient_extras import with_extras, without_stopped

    def variables() -> Sequence[str]:
        return compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=False).program.variables

    free, chosen = without_stopped(problem, beyond, variables)
    compiled = compiled_or_cached(store, free.texts, free.at.keys(), free.wrt, formulas=formulas)
    gradient = answer_problem(compiled, free, digits, corner)
    whole = with_extras(store, gradient, problem, chosen or tuple(gradient.formulas), beyond, digits, corner)
    return whole, free
