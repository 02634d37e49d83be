"""`gradcli grad -`: problems on standard input, one answer per line, for as long as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from gradcli.commands.grad import answered, report, save, stop_where_nothing
from gradcli.commands.problems import Problem, piped
from gradcli.commands.speaking import Manner, remark
from gradcli.commands.surroundings import standard_input
from gradcli.commands.timing import allotted
from gradcli.language.errors import GradcliError

if TYPE_CHECKING:
    from gradcli.memory.store import Store


def each_gradient(store: Store, base: Problem, manner: Manner, corner: str, session: str | None) -> None:
    """Answer every problem on standard input; a bad one gets an error in its place and the stream goes on.

    A problem that is the only one becomes the session's. Exits with the largest status of all.
    """
    worst, first = 0, True
    problems = _flagged(piped(standard_input(), base, manner.digits))
    for problem, alone in problems:
        try:
            if isinstance(problem, Exception):
                raise problem
            with allotted():
                gradient = answered(store, problem, manner.digits, corner)
                report(store, gradient, problem, manner, header=first)
            first = False
            if alone and session is not None and gradient.answer is not None:
                save(store, session, problem, gradient)
            if manner.format == "text":
                remark([note.message for note in gradient.notes], manner.color)
            stop_where_nothing(gradient)
        except GradcliError as error:
            worst = max(worst, error.status)
            _say_error(error, manner)
        except click.exceptions.Exit as ended:
            worst = max(worst, ended.exit_code)
        if sys.stdout.isatty():
            sys.stdout.flush()
    if worst:
        raise click.exceptions.Exit(worst)


def _flagged(problems: Iterator[Problem | Exception]) -> Iterator[tuple[Problem | Exception, bool]]:
    """Each problem, and whether it is the only one."""
    first = next(problems, None)
    if first is None:
        return
    second = next(problems, None)
    yield first, second is None
    if second is not None:
        yield second, False
    for problem in problems:
        yield problem, False


def _say_error(error: GradcliError, manner: Manner) -> None:
    from gradcli.output.failures import failure_record, failure_text

    if manner.get is None and manner.format in ("json", "jsonl"):
        from gradcli.output.machine import json_text

        sys.stdout.write(json_text(failure_record(error)) + "\n")
        return
    from gradcli.commands.speaking import drawn

    sys.stdout.flush()
    sys.stderr.write(drawn(failure_text(error), manner.color, sys.stderr))
