"""`grad --data`: a loss over files → its gradient; an expression that varies by row → an answer for each row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gradcli.data.remote.kept_input import STANDARD_INPUT
from gradcli.language.column_names import whole_names
from gradcli.language.errors import MORE_DIGITS, DomainProblem, NameProblem, SessionProblem, UsageProblem
from gradcli.language.parser.row_columns import VariesByRow
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.output.gradients.row_gradient_document import RowGradient
from gradcli.shell.columns.formulas_by_row import formulas_by_row
from gradcli.shell.columns.row_answer import answer_rows, stop_where_rows_have_nothing, write_rows
from gradcli.shell.derivatives.gradient_answer import evaluate_problem
from gradcli.shell.engines.typed_engine import typed_engine
from gradcli.shell.files.file_columns import DataRequest
from gradcli.shell.options.gradient_options import GradientOptions, is_higher_order
from gradcli.shell.problems.data_problem import (
    NoLevels,
    loss_over_files,
    without_session_columns,
    written_out,
)
from gradcli.shell.problems.problem import Problem, from_session
from gradcli.shell.problems.problem_source import only_problem
from gradcli.shell.problems.row_problem import file_problem
from gradcli.shell.problems.value_checks import check_names
from gradcli.shell.sessions.session_update import keep_problem
from gradcli.shell.writers.answer_files import BINARY
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    destinations,
    files_of_command,
    shows_formulas,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.memory.database import Store

#: What is said where files are answered and the session keeps another problem.
NOT_REMEMBERED = "not remembered: the session stays as it is"

#: Digits that floats have, and that are computed from them.
_DIGITS = 15


class DataQuestion(NamedTuple):
    """What `grad --data` was asked: files, options, and the session whose problem it is where no EXPR is given.

    wrt: as it was typed. silent: whether the session is to stay as it is, and nothing is said of that. own: whether the
    files are the session's.
    """

    request: DataRequest
    beyond: GradientOptions
    manner: OutputOptions
    corner: str
    session: str
    wrt: str | None
    silent: bool
    own: bool = False


def answer_data(store: Store, problem: Problem, asked: DataQuestion) -> None:
    """Answer *problem* over the files. Raises GradcliError where there is no answer, Exit where a number is missing."""
    _check_options(asked)
    asked = asked._replace(own=asked.own or bool(problem.texts))
    try:
        _answer(store, _whole(store, problem, asked), asked)
    except DomainProblem as error:
        error.hint = None if error.hint == MORE_DIGITS else error.hint  # which files are not answered with
        raise


def _answer(store: Store, problem: Problem, asked: DataQuestion) -> None:
    try:
        loss = loss_over_files(store, problem, asked.request)
    except VariesByRow as varies:
        from gradcli.shell.tables.table_of_files import write_file_table

        if varies.mixed:
            from gradcli.shell.derivatives.table_of_points import matrix_hint

            raise matrix_hint(varies) from None
        store.notices += [] if asked.silent else [NOT_REMEMBERED]
        write_file_table(store, problem, asked.request, asked.manner, asked.corner)
        return
    except NoLevels as error:
        found, keep = _written_out(store, problem, asked, error), partial(_keep, store, problem, None, asked)
    else:
        assert loss.data is not None  # noqa: S101  (which a loss over files has)
        found = answer_rows(file_problem(loss, loss.data), asked.corner)
        keep = partial(_keep, store, loss, found.value, asked)
    if shows_formulas(asked.manner):
        found = found._replace(formulas=formulas_by_row(store, problem, found.columns, problem.at))
    _write_loss(store, found, asked, keep)


def _keep(store: Store, problem: Problem, value: float | None, asked: DataQuestion) -> None:
    """Make the loss the session's problem. Of held-out files, and of what is written out row by row, nothing is kept."""
    if asked.silent:
        return
    if not asked.own or problem.data is None or STANDARD_INPUT in asked.request.files:
        store.notices.append(NOT_REMEMBERED)
        return
    try:
        keep_problem(store, asked.session, problem, value)
    except SessionProblem as error:
        store.notices.append(f"not remembered: {error.message}")


def _written_out(store: Store, problem: Problem, asked: DataQuestion, error: NoLevels) -> RowGradient:
    """The gradient of a loss over few rows, each of which is written out. Raises *error* for many, and with an engine."""
    if typed_engine() is not None:
        raise error
    whole, rows = written_out(store, problem, asked.request, error)
    compiled = compiled_or_cached(store, whole.texts, whole.at.keys(), whole.wrt, formulas=False)
    known = {*rows.columns, *problem.at}
    missing = next((name for name in whole_names(compiled.program.variables) if name not in known), None)
    if missing is not None:
        raise NameProblem(
            f"{missing} is neither a column of the files nor has a value", hint=f"--{missing} 1 is a value"
        )
    check_names(problem.at, [*compiled.program.variables, *(whole.wrt or ())], whole.texts)
    found = evaluate_problem(compiled, whole, asked.manner.digits, asked.corner)
    answer = found.answer
    assert answer is not None  # noqa: S101  (which there is at a point)
    partials = {name: answer.partials.get(name) for name in whole.wrt or ()}
    norm = None if found.norm is None else float(found.norm) if partials else 0.0
    return RowGradient(
        problem.expression, dict(problem.at), rows.places.rows, float(answer.value), partials, norm, {},
        notes=found.notes, wrt=problem.wrt, data=rows.record["data"],
        columns=tuple(rows.columns),
    )  # fmt: skip


def _write_loss(store: Store, gradient: RowGradient, asked: DataQuestion, keep: Callable[[], None]) -> None:
    if (option := asked.request.by_row) is not None:
        raise UsageProblem(f"{option} is about answers for each row, and a loss is one number")
    files = files_of_command()
    if files is not None and files.folder is not None:
        raise UsageProblem(
            f"--out {files.folder}: part files are for answers of each row, and a loss is one number"
        )
    for here, _ in destinations(asked.manner):
        if here.format in BINARY:
            raise UsageProblem(f"{here.format} files are for answers of each row, and a loss is one number")
    write_rows(gradient, asked.manner)
    keep()
    write_notes([*(note.message for note in gradient.notes), *store.notices], asked.manner.color)
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

    found = from_session(problem, current(store, asked.session), asked.session, files=True)
    return without_session_columns(found, problem.at)
