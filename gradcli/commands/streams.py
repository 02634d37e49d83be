"""`gradcli grad -`: problems on standard input, one answer per line, for as long as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from gradcli.commands.grad import answered, report, save, stop_where_nothing
from gradcli.commands.problems import Problem, documents, problem_of
from gradcli.commands.quick import Key, Recent, answer, key_of, ready
from gradcli.commands.speaking import Manner, remark
from gradcli.commands.surroundings import prepared, standard_input
from gradcli.commands.timing import allotted
from gradcli.language.errors import GradcliError

if TYPE_CHECKING:
    from gradcli.memory.store import Store
    from gradcli.output.gradients import Gradient

#: Bytes read at a time.
CHUNK = 2**16


def each_gradient(store: Store, base: Problem, manner: Manner, corner: str, session: str | None) -> None:
    """Answer every problem on standard input; a bad one gets an error in its place and the stream goes on.

    A problem that is the only one becomes the session's. Exits with the largest status of all.
    """
    stream, count = _Stream(store, base, manner, corner), 0
    at_terminal = sys.stdout.isatty()
    for count, (text, data) in enumerate(documents(arriving(standard_input())), 1):  # noqa: B007
        line = stream.at_once(data) if data is not None else None
        if line is not None:
            sys.stdout.write(line)
        else:
            stream.carefully(text, data)
        if at_terminal:
            sys.stdout.flush()
    if count == 1 and session is not None and stream.solved is not None:
        save(store, session, *stream.solved)
    if stream.worst:
        raise click.exceptions.Exit(stream.worst)


class _Stream:
    """What stays the same from problem to problem, and what was learnt on the way.

    worst: the largest status so far. solved: the newest problem with numbers that `carefully` answered.
    """

    def __init__(self, store: Store, base: Problem, manner: Manner, corner: str) -> None:
        self.store, self.base, self.manner, self.corner = store, base, manner, corner
        self.worst, self.header = 0, True
        self.solved: tuple[Problem, Gradient] | None = None
        self.compiled, self.ready = Recent(), Recent()
        one_line = manner.format == "jsonl" or (manner.format == "json" and not sys.stdout.isatty())
        self.quick = one_line and manner.get is None and manner.digits <= 15

    def at_once(self, data: Mapping[str, Any]) -> str | None:
        """The answer to one more point of an expression that is ready; None for anything else."""
        expression, at = data.get("expression"), data.get("at")
        wrt = _names(data.get("wrt"))
        if type(expression) is not str or type(at) is not dict or wrt is None or data.get("wrt") == []:
            return None
        for name, value in at.items():
            if type(value) is int and -(2**53) <= value <= 2**53:
                at[name] = float(value)
            elif type(value) is not float or not isfinite(value):
                return None
        if self.base.at:
            at = {**at, **self.base.at}
        known = self.ready.get(((expression,), tuple(at), self.base.wrt or wrt or None))
        return answer(known, at) if known else None

    def carefully(self, text: str, data: Mapping[str, Any] | None) -> None:
        """Answer any problem, or say what is wrong with it."""
        try:
            with allotted():
                problem = problem_of(text, data, self.base, self.manner.digits)
                gradient = self._gradient(problem)
                report(self.store, gradient, problem, self.manner, header=self.header, streamed=True)
            self.header = False
            self.solved = None if gradient.answer is None else (problem, gradient)
            if self.manner.format == "text":
                sys.stdout.flush()
                remark([note.message for note in gradient.notes], self.manner.color)
            stop_where_nothing(gradient)
        except GradcliError as error:
            self.worst = max(self.worst, error.status)
            _say_error(error, self.manner)
        except click.exceptions.Exit as ended:
            self.worst = max(self.worst, ended.exit_code)

    def _gradient(self, problem: Problem) -> Gradient:
        key: Key = key_of(problem)
        seen = key in self.compiled
        if not seen:
            self.compiled[key] = prepared(self.store, problem.texts, problem.at.keys(), problem.wrt)
        gradient = answered(self.compiled[key], problem, self.manner.digits, self.corner)
        if seen and self.quick and key not in self.ready:
            self.ready[key] = ready(self.compiled[key], gradient)
        return gradient


def _names(wrt: Any) -> tuple[str, ...] | None:
    """The names in a record's "wrt", () for none; None for what must be looked at."""
    if wrt is None:
        return ()
    return tuple(wrt) if type(wrt) is list and all(type(name) is str for name in wrt) else None


def arriving(stream: Any) -> Iterator[str]:
    """The lines of *stream* as they come; answers so far are on their way before more is waited for.

    What is no UTF-8 arrives as lone surrogates, which are an error of their own line alone.
    """
    source = getattr(stream, "buffer", None)
    if source is None:
        yield from stream
        return
    pieces: list[bytes] = []  # of the line that has not ended
    while chunk := source.read1(CHUNK):
        *lines, last = chunk.split(b"\n")
        if lines:
            lines[0] = b"".join((*pieces, lines[0]))
            pieces.clear()
        pieces.append(last)
        for line in lines:
            yield line.decode("utf-8", "surrogateescape") + "\n"
        sys.stdout.flush()
    if rest := b"".join(pieces):
        yield rest.decode("utf-8", "surrogateescape")


def _say_error(error: GradcliError, manner: Manner) -> None:
    from gradcli.output.failures import failure_record, failure_text

    if manner.get is None and manner.format in ("json", "jsonl"):
        from gradcli.output.machine import json_text

        sys.stdout.write(json_text(failure_record(error)) + "\n")
        return
    from gradcli.commands.speaking import drawn

    sys.stdout.flush()
    sys.stderr.write(drawn(failure_text(error), manner.color, sys.stderr))
