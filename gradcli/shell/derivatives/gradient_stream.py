"""`-`: problems on standard input, an answer for each, for as long as they come."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.typed_numbers import TypedFloat, is_short
from gradcli.language.errors import NameProblem
from gradcli.language.name_meanings import may_have_remarks
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.memory.program_library import kept_together
from gradcli.shell.derivatives.gradient_answer import (
    answer_by_rows,
    answer_problem,
    by_column,
    keep_value,
    stop_where_nothing,
    write_gradient,
)
from gradcli.shell.derivatives.prepared_answers import Key, RecentlyUsed, answer, key_of, prepare_answer
from gradcli.shell.problems.expression_arguments import summed
from gradcli.shell.problems.json_documents import Document, arriving, documents
from gradcli.shell.problems.problem import Problem, problem_of
from gradcli.shell.problems.problem_stream import attempted, begun_stream, say_empty
from gradcli.shell.process import stream_resumption
from gradcli.shell.process.standard_streams import standard_input
from gradcli.shell.writers.answer_writer import OutputOptions, files_of_command, shows_formulas, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.output.gradients.gradient_document import Gradient


def each_gradient(
    store: Store, base: Problem, manner: OutputOptions, corner: str, session: str | None
) -> None:
    """Answer every problem on standard input; a bad one gets an error in its place and the stream goes on.

    A problem that is the only one becomes the session's. Exits with the largest status of all.
    """
    stream = _Stream(store, base, manner, corner)
    count = begun = stream_resumption.note().before + stream_resumption.note().done
    at_terminal = sys.stdout.isatty()
    unanswered = stream_resumption.unanswered(documents(arriving(standard_input())))
    with kept_together(store):
        for count, document in enumerate(unanswered, begun + 1):  # noqa: B007
            line = stream.at_once(document.data) if document.data is not None else None
            if line is not None:
                sys.stdout.write(line)
            else:
                stream.carefully(document)
            if at_terminal:
                sys.stdout.flush()
    if count == 1 and session is not None and stream.solved is not None:
        keep_value(store, session, *stream.solved)
    say_empty(count)
    if stream.worst:
        raise click.exceptions.Exit(stream.worst)


class _Stream:
    """What stays the same from problem to problem, and what was learnt on the way.

    worst: the largest status so far. solved: the newest problem with numbers that `carefully` answered, and its value.
    """

    def __init__(self, store: Store, base: Problem, manner: OutputOptions, corner: str) -> None:
        self.store, self.base, self.corner = store, base, corner
        self.manner, self.worst = begun_stream(manner)
        self.solved: tuple[Problem, Any] | None = None
        self.compiled, self.ready = RecentlyUsed(), RecentlyUsed()
        one_line = manner.format == "jsonl" or (manner.format == "json" and not sys.stdout.isatty())
        self.quick = one_line and manner.get is None and manner.digits <= 15
        self.quick = self.quick and files_of_command() is None

    def at_once(self, data: Mapping[str, Any]) -> str | None:
        """The answer to one more point of an expression that is ready; None for anything else."""
        expression, at = data.get("expression"), data.get("at")
        wrt = _names(data.get("wrt"))
        if type(expression) is not str or type(at) is not dict or wrt is None or data.get("wrt") == []:
            return None
        for name, value in at.items():
            kind = type(value)
            if kind is int and -(2**53) <= value <= 2**53:
                at[name] = float(value)
            elif not (kind is float or kind is TypedFloat) or not isfinite(value):
                return None
            elif kind is TypedFloat and is_short(value):
                return (
                    None  # the quick bound takes short floats for exact, and this is the decimal next to one
                )
        if self.base.at:
            at = {**at, **self.base.at}
        known = self.ready.get(((expression,), tuple(at), self.base.wrt or wrt or None))
        return answer(known, at) if known else None

    def carefully(self, document: Document) -> None:
        """Answer any problem, or say what is wrong with it."""
        self.worst = max(
            self.worst, attempted(partial(self._answer, document), self.manner, self.worst, document.line)
        )

    def _answer(self, document: Document) -> None:
        problem = problem_of(document, self.base, self.manner.digits)
        if (found := answer_by_rows(self.store, problem, self.manner, self.corner)) is not None:
            from gradcli.shell.columns.row_answer import stop_where_rows_have_nothing

            self.solved = (problem, found.value)
            self._said(found.notes)
            return stop_where_rows_have_nothing(found)
        try:
            gradient = self._gradient(problem)
        except NameProblem as error:
            self._by_row(problem, error)
            return
        if len(problem.texts) > 1:
            gradient = gradient._replace(notes=[Note("sum", summed(len(problem.texts))), *gradient.notes])
        gradient = gradient._replace(notes=by_column(gradient.notes))
        write_gradient(self.store, gradient, problem, self.manner)
        self.solved = None if gradient.answer is None else (problem, gradient.answer.value)
        self._said(gradient.notes)
        stop_where_nothing(gradient)

    def _said(self, notes: Sequence[Note]) -> None:
        if self.manner.format == "text":
            sys.stdout.flush()
            write_notes([note.message for note in notes], self.manner.color)

    def _by_row(self, problem: Problem, error: NameProblem) -> None:
        """Answer an expression that varies by row in each row. Raises *error* where it says something else."""
        from gradcli.language.parser.row_columns import VariesByRow

        if not isinstance(error, VariesByRow):
            raise error
        from gradcli.shell.derivatives.table_of_points import answer_by_row

        answer_by_row(self.store, problem, self.manner, self.corner, error)

    def _gradient(self, problem: Problem) -> Gradient:
        key: Key = key_of(problem)
        seen = key in self.compiled
        if not seen:
            self.compiled[key] = compiled_or_cached(
                self.store,
                problem.texts,
                problem.at.keys(),
                problem.wrt,
                formulas=shows_formulas(self.manner),
            )
        gradient = answer_problem(self.compiled[key], problem, self.manner.digits, self.corner)
        if any(map(may_have_remarks, problem.texts)):
            from gradcli.shell.derivatives.definition_answer import with_definitions

            gradient = with_definitions(self.store, gradient, problem, self.manner)
        if seen and self.quick and key not in self.ready:
            self.ready[key] = prepare_answer(self.compiled[key], gradient)
        return gradient


def _names(wrt: Any) -> tuple[str, ...] | None:
    """The names in a record's "wrt", () for none; None for what must be looked at."""
    if wrt is None:
        return ()
    return tuple(wrt) if type(wrt) is list and all(type(name) is str for name in wrt) else None
