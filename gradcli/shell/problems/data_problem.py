"""A problem and files of data → a loss over their columns, or an expression that varies by row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.typed_numbers import in_decimals, shortest_decimal
from gradcli.language.column_names import as_rows, column_of, is_element
from gradcli.language.errors import GradcliError, LimitProblem, NameProblem, UsageProblem
from gradcli.language.parser.row_columns import VariesByRow
from gradcli.language.rows.row_levels import NotByLevels
from gradcli.shell.engines.typed_engine import typed_engine
from gradcli.shell.files.file_columns import DataRequest, NamedColumns, check_known, named_columns
from gradcli.shell.files.file_rows import FileRows, held_rows, left_out_notes
from gradcli.shell.problems.row_problem import WRITTEN_OUT, rows_program
from gradcli.shell.problems.value_checks import check_names, check_wrt

if TYPE_CHECKING:
    from gradcli.calculus.rows.row_program import RowsProgram
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: Rows that columns are said to have while a text is compiled: its program is the same for any number.
_ROWS = 1_000


class NoLevels(NameProblem):
    """A text with columns that must be written out row by row."""


def loss_over_files(
    store: Store, problem: Problem, request: DataRequest, begun: Collection[str] = ()
) -> Problem:
    """*problem* with the columns of the files that it names. Notices of the store say what there is to say of them.

    begun: the names that get their values elsewhere than at the point.

    Raises VariesByRow for an expression that has a number in each row, what the parser and the readers raise, and
    NameProblem, UsageProblem and ValueProblem for names that do not fit.
    """
    columns = columns_of_problem(problem, request)
    program = _program(store, problem, columns, begun)
    store.notices += [*columns.remarks, *program.remarks]
    own = columns.only(program.columns.intersection(program.variables))
    if (engine := typed_engine()) is None:
        rows = held_rows(program, own, request)
    else:
        from gradcli.shell.engines.parted_rows import parted_rows

        rows, remarks = parted_rows(program, own, request, engine)
        store.notices += remarks
    store.notices += left_out_notes(rows.left_out)
    return problem._replace(data=rows)


def written_out(
    store: Store, problem: Problem, request: DataRequest, error: GradcliError, most: int = WRITTEN_OUT
) -> tuple[Problem, FileRows]:
    """A problem that has no levels with the rows of its files written out, as typed ones are; and these rows.

    most: rows times characters of the text. Notices of the store say what there is to say of them. Raises *error* where
    there are more, and what the readers raise.
    """
    columns = columns_of_problem(problem, request)
    size = sum(map(len, problem.texts))

    def watch(count: int) -> None:
        if count * size > most:
            raise error

    rows = held_rows(None, columns, request, watch)
    at = in_decimals(problem.at)
    for name, numbers in rows.columns.items():
        at |= as_rows(name, list(map(shortest_decimal, numbers.tolist())))
    _check_along(problem.wrt, columns, problem)
    store.notices += [*columns.remarks, *left_out_notes(rows.left_out)]
    return problem._replace(at=at, wrt=problem.wrt or tuple(problem.at)), rows


def few_rows(store: Store, problem: Problem, request: DataRequest, most: int = WRITTEN_OUT) -> Problem:
    """The loss over few rows, which are written out: what every command answers.

    most: rows times characters of the text. Raises LimitProblem for more of them, what the readers raise, and NameProblem
    for names that do not fit.
    """
    few = f"{most:,} rows times characters"
    too_many = limit_problem_of_rows(f"this command writes each row out, and does so for at most {few}")
    whole, rows = written_out(store, problem, request, too_many, most)
    return whole._replace(data=rows)


def few_or_many(store: Store, problem: Problem, request: DataRequest, most: int = WRITTEN_OUT) -> Problem:
    """The loss over rows that are written out where they are few, else over them as they are.

    most: rows times characters of the text that are written out. Raises as `few_rows` and `loss_over_files` do.
    """
    notices = list(store.notices)
    try:
        return few_rows(store, problem, request, most)
    except LimitProblem:
        store.notices[:] = notices
    try:
        return loss_over_files(store, problem, request)
    except NoLevels:
        store.notices[:] = notices
        return few_rows(store, problem, request)


def limit_problem_of_rows(message: str) -> LimitProblem:
    """What is said of too many rows."""
    any_number = "grad, jacobian, hessian, check, step, minimize, maximize, compare, plot and report"
    return LimitProblem(message, hint=f"without constraints {any_number} take any number")


def columns_of_problem(problem: Problem, request: DataRequest) -> NamedColumns:
    """The columns that *problem* names. Raises UsageProblem where it has typed columns, and what `named_columns` does."""
    columns = named_columns(request, problem.texts, problem.at)
    typed = next((column_of(name) for name in problem.at if is_element(name)), None)
    if typed is not None:
        raise UsageProblem(f"{typed} has typed numbers: with --data all columns are those of files")
    return columns


def varies_by_row(store: Store, problem: Problem, request: DataRequest) -> bool:
    """Whether a problem has a number in each row of its files; else it is a loss, or something is wrong with it.

    Raises VariesByRow where it brings rows together as well, and what `columns_of_problem` raises.
    """
    columns = columns_of_problem(problem, request)
    try:
        _program(store, problem, columns, ())
    except VariesByRow as varies:
        if varies.mixed:
            varies.hint = (
                "its rows depend on each other; sum(e) or mean(e) around it makes one number of them"
            )
            raise
        return True
    except GradcliError:
        return False  # which is said where it is answered
    return False


def brings_rows_together(store: Store, problem: Problem, request: DataRequest) -> bool:
    """Whether a problem is one number that is made of all rows of its files; not where something is wrong with it."""
    try:
        columns = named_columns(request, problem.texts, problem.at)
        lengths = dict.fromkeys(columns.headers, _ROWS)
        return bool(rows_program(store, problem.texts, lengths, problem.at, tuple(problem.at)).levels)
    except GradcliError:
        return False


def without_session_columns(problem: Problem, typed: Collection[str]) -> Problem:
    """A session's problem without the numbers of its columns, for those of files: all but the names *typed* now."""
    own = set(map(column_of, typed))
    kept = {name: x for name, x in problem.at.items() if not is_element(name) or column_of(name) in own}
    along = problem.wrt and tuple(name for name in problem.wrt if not is_element(name))
    return problem._replace(at=kept, wrt=along or None)


def loss_to_move(
    store: Store, problem: Problem, request: DataRequest, begun: Collection[str] = ()
) -> Problem:
    """`loss_over_files`, whose numbers are to move. Raises UsageProblem where there are none."""
    loss = loss_over_files(store, problem, request, begun)
    if not (problem.at or begun):
        message = "nothing moves: the expression has columns, and no number beside them"
        raise UsageProblem(message, hint="for example a in a*x, from --a 0")
    return loss


def _program(store: Store, problem: Problem, columns: NamedColumns, begun: Collection[str]) -> RowsProgram:
    numbers: dict[str, Any] = {**dict.fromkeys(begun, 0.0), **problem.at}
    lengths, moving = dict.fromkeys(columns.headers, _ROWS), problem.wrt or tuple(numbers)
    try:
        program = rows_program(store, problem.texts, lengths, numbers, moving)
    except NotByLevels as error:
        message = f"not answered over files of data: {error.message}"
        raise NoLevels(message, hint="it is written out row by row, which grad does for few rows") from None
    check_known(program.variables, columns, numbers)
    check_names(numbers, [*program.variables, *(problem.wrt or ())], problem.texts)
    _check_along(problem.wrt, columns, problem)
    check_wrt(problem.wrt, program.variables, numbers)
    return program


def _check_along(wrt: Sequence[str] | None, columns: NamedColumns, problem: Problem) -> None:
    """Raises UsageProblem for a column in --wrt."""
    for name in wrt or ():
        if name in columns.headers:
            message = (
                f"--wrt {name}: {name} is a column of {columns.place}, and a loss has gradients along numbers"
            )
            raise UsageProblem(message, hint=f"they are {', '.join(problem.at)}" if problem.at else None)
