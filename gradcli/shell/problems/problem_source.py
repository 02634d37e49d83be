"""The problem a command is about: typed, piped as `-`, or the session's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from gradcli.language.errors import GradcliError, UsageProblem
from gradcli.language.records import NamedTuple
from gradcli.shell.problems.problem import Problem, from_command_line, from_session, from_stream

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest
    from gradcli.shell.writers.answer_writer import OutputOptions

#: What a command does with each of its problems.
Work = Callable[[Problem, "OutputOptions"], None]


class Question(NamedTuple):
    """What a command line says about its problem: expressions, values as options and in --at, --wrt.

    apart: whether the command keeps several expressions apart; elsewhere it is said that they are summed. files: whether it
    reads files of data, those of the session; data: others that were typed. constrained: whether it heeds constraints.
    many: what answers a problem of a stream over files of many rows; False where it leaves it to be written out. most: rows
    times characters up to which rows are written out where more are taken as they are; None where more are refused.
    """

    expressions: Sequence[str]
    values: Sequence[tuple[str, str]]
    at: Sequence[str]
    wrt: str | None
    apart: bool = False
    files: bool = False
    data: DataRequest | None = None
    constrained: bool = False
    many: Callable[[Problem, DataRequest, OutputOptions], bool] | None = None
    most: int | None = None


def resolve_problem(
    store: Store,
    expressions: Sequence[str],
    values: Iterable[tuple[str, str]],
    at: Sequence[str],
    wrt: str | None,
    session: str,
    digits: int = 15,
    *,
    files: bool = False,
) -> Problem:
    """The problem of a command line; `-` reads one from standard input, and without EXPR it is the session's.

    files: whether that may be one over files of data. Raises GradcliError where there is none.
    """
    problem = from_command_line(expressions, values, at, wrt, digits)
    if tuple(expressions) == ("-",):
        return only_problem(problem, digits)
    if expressions:
        return problem
    from gradcli.memory.session_history import current

    return from_session(problem, current(store, session), session, files=files)


def only_problem(base: Problem, digits: int = 15) -> Problem:
    """The one problem on standard input. Raises UsageProblem for none or several."""
    from io import StringIO

    from gradcli.shell.problems.json_documents import EXAMPLE, record_of
    from gradcli.shell.process.standard_streams import whole_input

    content = whole_input()
    found = list(from_stream(StringIO(content), base, digits))
    if not found:
        raise UsageProblem("standard input is empty: a problem is expected", hint=EXAMPLE)
    problem = found[0]
    if len(found) != 1 and isinstance(problem, Exception) and content.lstrip().startswith("{"):
        record_of(content)  # which says where it breaks off
    if len(found) != 1:
        raise UsageProblem(f"one problem is read from standard input here, not {len(found)}")
    if isinstance(problem, Exception):
        raise problem
    return problem


def left_aside(store: Store, problem: Problem) -> Problem:
    """The problem without constraints, for a command that answers f alone; a notice of the store says so."""
    if not problem.constraints:
        return problem
    what, verb = ("constraint", "is") if len(problem.constraints) == 1 else ("constraints", "are")
    told = f"{what} {'; '.join(problem.constraints)} {verb} left aside: this is f alone"
    if told not in store.notices:
        store.notices.append(told)
    return problem._replace(constraints=())


def _alone(store: Store, work: Work, problem: Problem, manner: OutputOptions) -> None:
    """Do *work* for f alone."""
    work(left_aside(store, problem), manner)


def _said(work: Work, problem: Problem, manner: OutputOptions) -> None:
    """Do *work*, and say that several expressions were summed in it."""
    try:
        work(problem, manner)
    except click.exceptions.Exit:  # the answer is written, and no or none
        _say_sum(problem)
        raise
    _say_sum(problem)


def _say_sum(problem: Problem) -> None:
    if len(problem.texts) > 1:
        from gradcli.shell.problems.expression_arguments import summed
        from gradcli.shell.writers.answer_writer import write_notes

        write_notes([summed(len(problem.texts))])


def answer_each(
    store: Store,
    question: Question,
    session: str,
    manner: OutputOptions,
    work: Work,
    digits: int | None = None,
) -> None:
    """Let *work* answer the problem of a command line; where EXPR is `-`, each of those on standard input.

    digits: those of the problem's numbers, *manner*'s unless they are fewer. Raises GradcliError where there is none.
    """
    expressions, values, at, wrt, apart = question[:5]
    precision = digits or manner.digits
    work = partial(_quoted, work) if apart else partial(_said, work)
    work = work if question.constrained else partial(_alone, store, work)
    if tuple(expressions) != ("-",):
        work(_problem_of(store, question, session, precision), manner)
        return
    from gradcli.memory.program_library import kept_together
    from gradcli.shell.problems.problem_stream import each_problem

    if question.data is not None:
        work = partial(_over_files, store, question, work)
    with kept_together(store):
        each_problem(from_command_line(expressions, values, at, wrt, precision), manner, precision, work)


def _quoted(work: Work, problem: Problem, manner: OutputOptions) -> None:
    """The work on expressions that stay apart: an error points at the one that was typed, and not at their sum."""
    try:
        work(problem, manner)
    except GradcliError as error:
        if error.span is not None and error.text == " + ".join(f"({text})" for text in problem.texts):
            _point_at_own(error, error.span, problem.texts)
        raise


def _point_at_own(error: GradcliError, span: tuple[int, int], texts: Sequence[str]) -> None:
    start = 1
    for text in texts:
        if start <= span[0] and span[1] <= start + len(text):
            error.text, error.span = text, (span[0] - start, span[1] - start)
            return
        start += len(text) + len(") + (")


def _problem_of(store: Store, question: Question, session: str, digits: int) -> Problem:
    """The problem of a command line that is no stream, with its files, or the session's."""
    expressions, values, at, wrt, _, files, data = question[:7]
    if not files:
        return resolve_problem(store, expressions, values, at, wrt, session, digits)
    typed = from_command_line(expressions, values, at, wrt, digits)
    return with_rows(store, typed, data, session, question.most)


def with_rows(
    store: Store, typed: Problem, data: DataRequest | None, session: str, most: int | None = None
) -> Problem:
    """What was typed or stands on standard input, or the session's problem; where it is over files their rows are written out.

    most: of a Question. Raises GradcliError where there is none, or it has many rows that would have to be written out.
    """
    problem = typed if typed.texts != ("-",) else only_problem(typed)
    if not typed.texts and data is None:
        from gradcli.shell.problems.session_problem import session_or_files

        problem, data = session_or_files(store, typed, session)
    elif not typed.texts:
        from gradcli.memory.session_history import current

        problem = from_session(typed, current(store, session), session, files=True)
    if data is None:
        return problem
    from gradcli.shell.problems.data_problem import without_session_columns

    if not typed.texts:
        problem = without_session_columns(problem, typed.at)
    return _of_files(store, problem, data, most)


def _of_files(store: Store, problem: Problem, data: DataRequest, most: int | None) -> Problem:
    """The loss over files, its rows written out where they are few."""
    from gradcli.shell.problems.data_problem import few_or_many, few_rows

    return few_rows(store, problem, data) if most is None else few_or_many(store, problem, data, most)


def _over_files(
    store: Store, question: Question, work: Work, problem: Problem, manner: OutputOptions
) -> None:
    """Do *work* for one problem of a stream, over the files."""
    assert question.data is not None  # noqa: S101  (which there are)
    if question.many is None or not question.many(problem, question.data, manner):
        work(_of_files(store, problem, question.data, question.most), manner)
