"""`grad --data`: a loss over files → its gradient; an expression that varies by row → an answer for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gradcli.language.column_names import column_of
from gradcli.language.errors import UsageProblem
from gradcli.language.parser.row_columns import VariesByRow
from gradcli.shell.options.gradient_options import GradientOptions, is_higher_order
from gradcli.shell.problems.data_problem import loss_over_files, without_session_columns
from gradcli.shell.problems.file_columns import DataRequest
from gradcli.shell.problems.problem import NOT_REMEMBERED, Problem, from_session
from gradcli.shell.problems.problem_source import only_problem
from gradcli.shell.writers.answer_writer import OutputOptions, destinations, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store

#: Digits that floats have, and that are computed from them.
_DIGITS = 15


class DataQuestion(NamedTuple):
    """What `grad --data` was asked: files, options, and the session whose problem it is where no EXPR is given.

    wrt: as it was typed. silent: whether nothing is said of what the session keeps.
    """

    request: DataRequest
    beyond: GradientOptions
    manner: OutputOptions
    corner: str
    session: str
    wrt: str | None
    silent: bool


def answer_data(store: Store, problem: Problem, asked: DataQuestion) -> None:
    """Answer *problem* over the files. Raises GradcliError where there is no answer, Exit where a number is missing."""
    _check_options(asked)
    problem = _whole(store, problem, asked)
    try:
        loss = loss_over_files(store, problem, asked.request)
    except VariesByRow as varies:
        from gradcli.shell.derivatives.table_of_files import write_file_table

        if varies.mixed:
            from gradcli.shell.derivatives.table_of_points import matrix_hint

            raise matrix_hint(varies) from None
        store.notices += [] if asked.silent else [NOT_REMEMBERED]
        write_file_table(store, problem, asked.request, asked.manner, asked.corner)
        return
    _answer_loss(store, loss, asked)


def _answer_loss(store: Store, loss: Problem, asked: DataQuestion) -> None:
    from gradcli.shell.derivatives.row_answer import answer_rows, stop_where_rows_have_nothing, write_rows
    from gradcli.shell.problems.row_problem import file_problem

    assert loss.data is not None  # noqa: S101  (which a loss over files has)
    if asked.request.bad_rows is not None:
        raise UsageProblem("--bad-rows is about answers for each row, and a loss is one number")
    gradient = answer_rows(file_problem(loss, loss.data), asked.corner)
    write_rows(gradient, asked.manner)
    said = [*(note.message for note in gradient.notes), *store.notices]
    write_notes([*said, *([] if asked.silent else [NOT_REMEMBERED])], asked.manner.color)
    stop_where_rows_have_nothing(gradient)


def _check_options(asked: DataQuestion) -> None:
    """Raises UsageProblem for options that files are not answered with."""
    beyond = asked.beyond._replace(columns=None)
    other = beyond.used or ("--formulas" if beyond.formulas != "written" else None)
    other = other or ("--wrt with a name twice" if is_higher_order(asked.wrt, None) else None)
    if other is not None:
        raise UsageProblem(f"{other} and --data do not go together")
    if asked.manner.digits > _DIGITS:
        message = f"--digits {asked.manner.digits}: numbers of files are floats, and at most {_DIGITS} digits are computed"
        raise UsageProblem(message)
    if any(here.format == "latex" for here, _ in destinations(asked.manner)):
        raise UsageProblem("LaTeX and --data do not go together", hint="--columns x,y has the formulas")


def _whole(store: Store, problem: Problem, asked: DataQuestion) -> Problem:
    """The problem with its text: typed, the one on standard input, or the session's without the numbers of its columns."""
    if problem.texts == ("-",):
        return only_problem(problem)
    if problem.texts:
        return problem
    from gradcli.memory.session_history import current

    found = from_session(problem, current(store, asked.session), asked.session)
    return without_session_columns(found, [(name, "") for name in map(column_of, problem.at)], ())
