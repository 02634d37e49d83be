"""Problems on standard input, one after the other: each is answered, or has its error in its place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import click

from gradcli.language.errors import GradcliError
from gradcli.language.limits import limit
from gradcli.shell.problems.json_documents import Document, arriving, documents
from gradcli.shell.problems.problem import Problem, problem_of
from gradcli.shell.process import stream_resumption
from gradcli.shell.process.standard_streams import standard_input
from gradcli.shell.process.timeout import PIPED_TIMEOUT, in_time
from gradcli.shell.writers.answer_writer import OutputOptions, Told, write_notes


def each_problem(
    base: Problem, manner: OutputOptions, digits: int, work: Callable[[Problem, OutputOptions], None]
) -> None:
    """Let *work* answer every problem on standard input; a bad one gets an error in its place, and the stream goes on.

    Exits with the largest status of all.
    """
    manner, worst = begun_stream(manner)

    def answer(document: Document) -> None:
        work(problem_of(document, base, digits), manner)

    count = stream_resumption.note().before + stream_resumption.note().done
    for document in stream_resumption.unanswered(documents(arriving(standard_input()))):
        count += 1
        worst = max(worst, attempted(partial(answer, document), manner, worst, document.line))
        if manner.format == "text" or sys.stdout.isatty():
            sys.stdout.flush()
    say_empty(count)
    if worst:
        raise click.exceptions.Exit(worst)


def say_empty(count: int) -> None:
    """Say that nothing was asked where no problem came: no answer is none of an error."""
    if not count:
        write_notes(["standard input was empty: there was no problem to answer"])


def begun_stream(manner: OutputOptions) -> tuple[OutputOptions, int]:
    """The manner of a stream's answers, and the largest status so far: where a child before has ended, on from there."""
    told, worst = Told(), stream_resumption.note().worst
    told.header = stream_resumption.note().header
    manner = manner._replace(told=told)
    if (error := stream_resumption.ended()) is not None:
        say_error(error, manner)
        worst = max(worst, error.status)
    return manner, worst


def _in_time(work: Callable[[], None], manner: OutputOptions, line: int) -> int:
    try:
        in_time(work, limit("time") or PIPED_TIMEOUT)
    except GradcliError as error:
        say_error(error, manner, line)
        return error.status
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return 0


def attempted(work: Callable[[], None], manner: OutputOptions, worst: int, line: int = 0) -> int:
    """Do *work* in the time that each problem has; its status, and its error where the answer would stand."""
    header = manner.told.header if isinstance(manner.told, Told) else None
    return stream_resumption.at_risk(partial(_in_time, work, manner, line), worst, header)


def say_error(error: GradcliError, manner: OutputOptions, line: int = 0) -> None:
    """Write an error where the answer would stand; line: of the problem on standard input, 0 for none."""
    from gradcli.output.results.error_document import failure_record, failure_text

    if manner.get is None and manner.format in ("json", "jsonl"):
        from gradcli.output.painters.json_text import json_text

        sys.stdout.write(json_text(failure_record(error)) + "\n")
        return
    from gradcli.shell.writers.answer_writer import render

    sys.stdout.flush()
    if line and error.file is None:
        error.message = f"line {line}: {error.message}"
    sys.stderr.write(render(failure_text(error), manner.color, sys.stderr))
