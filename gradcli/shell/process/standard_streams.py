"""The three streams as they were given to us: closed, full, or of an encoding that cannot say everything."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO


def prepare() -> bool:
    """Text that any terminal can encode, and a stderr that changes nothing when it fails; whether there is a stdout."""
    there = _fill()
    sys.stdout = sys.stdout or _text(io.FileIO(1, "w", closefd=False), "utf-8")
    encoding = getattr(sys.stderr, "encoding", None) or sys.stdout.encoding
    sys.stderr = _text(_Bystander(2, "w", closefd=False), encoding)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return there


def _fill() -> bool:
    """Nothing in the place of a closed stream: the next file that is opened would get its number, and what is said there.

    Whether stdout was open.
    """
    there = True
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free, this one
            there = there and number != 1
    return there


def _text(raw: io.RawIOBase, encoding: str) -> Any:
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=True
    )


class _Bystander(io.FileIO):
    """A stream for remarks: where it is full, or nobody reads it, they are lost and nothing else is."""

    def write(self, text: Any, /) -> int:
        """As much as there is, wherever it goes."""
        try:
            written = super().write(text)
        except OSError:
            written = None
        return len(text) if written is None else written


def standard_input() -> TextIO:
    """Standard input. Raises InputProblem where it was closed."""
    if sys.stdin is None:
        from gradcli.language.errors import InputProblem

        raise InputProblem("standard input is closed: there is nothing to read from")
    return sys.stdin


def whole_input() -> str:
    """All that standard input has, however long that takes, without a byte order mark.

    Raises InputProblem where it was closed, LimitProblem where there is too much of it.
    """
    from gradcli.shell.process.timeout import clock_stopped

    stream = standard_input()
    with clock_stopped():
        return _bounded(getattr(stream, "buffer", stream), "standard input", "surrogateescape")


def _bounded(stream: Any, what: str, errors: str) -> str:
    """The rest of *stream*, never more of it than the limit on what is read at once."""
    from gradcli.language.limits import limit, limit_problem

    most = int(limit("input"))
    content = stream.read(most + 1)
    if len(content) > most:
        raise limit_problem("input", f"{what} has more than {most:,} bytes")
    text = content if isinstance(content, str) else content.decode("utf-8", errors)
    return text.removeprefix("\ufeff")


def deliver() -> None:
    """Send what was said. Where nobody reads it any more, what happened and its status stay the same."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        give_up_stdout()


def give_up_stdout() -> None:
    """Nobody reads stdout. Python would complain while closing it: give it somewhere to write."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
