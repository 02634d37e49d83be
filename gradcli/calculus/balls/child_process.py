"""One call into Arb in a child process, where a clock can end it, and where what C gives up on ends the child alone."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import Number, Undecided, exact
from gradcli.calculus.effort import parent_watch
from gradcli.calculus.program.instructions import TooHard
from gradcli.language.limits import limit

#: What a function may raise, by the word under which the child reports it.
_RAISED: dict[str, type[Exception]] = {
    "ValueError": ValueError, "ZeroDivisionError": ZeroDivisionError, "OverflowError": OverflowError,
    "Undecided": Undecided, "ArithmeticError": ArithmeticError,
}  # fmt: skip

_MOST_BYTES = 2**24

#: What was given up since `forget_failures`: other calls for the same answer would take as long again.
_GIVEN_UP: list[Callable[..., Number]] = []


def forget_failures() -> None:
    """Try costly calls again: another answer is asked for."""
    _GIVEN_UP.clear()


def in_child(function: Callable[..., Number], arguments: Sequence[Number]) -> Number:
    """The function's result, worked out in a child of this process at the working precision.

    Raises what the function raises, and TooHard where the child's time (`--limit effort`, on the wall's clock) is over
    or it was ended by a signal. Where processes cannot be forked nothing is tried.
    """
    if _GIVEN_UP or not hasattr(os, "fork"):
        raise TooHard("effort")
    reading, writing = os.pipe()
    parent, ends = os.getpid(), parent_watch.pipe()
    with _quiet():
        child = os.fork()
    if child == 0:
        _work(function, arguments, writing, lambda: parent_watch.watch_parent(parent, ends))
    os.close(writing)
    try:
        said = _read(reading, monotonic() + limit("effort"))
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for end in ends:
            os.close(end)
    if not said:
        _GIVEN_UP.append(function)
        raise TooHard("effort")
    return _number_of(said)


@contextmanager
def _quiet() -> Iterator[None]:
    """Alarms that ring in the block wait for its end: what libraries do around a fork would swallow them, with a traceback."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGPROF})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    function: Callable[..., Number], arguments: Sequence[Number], writing: int, follow: Callable[[], None]
) -> None:
    """The child's part: it writes what it found and ends, without anything that the parent would do at its end."""
    try:
        follow()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Arb's last words are nobody's business
        for number in (signal.SIGINT, signal.SIGALRM, signal.SIGPROF, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        try:
            said = _words_of(function(*arguments))
        except Exception as error:
            said = "raised " + next(
                (word for word in _RAISED if type(error).__name__ == word), "ArithmeticError"
            )
        os.write(writing, f"{len(said):08d}".encode())
        data = said.encode()
        while data:
            data = data[os.write(writing, data) :]
    finally:
        os._exit(0)


def _read(reading: int, end: float) -> str:
    """All that the child says; "" where its time is over, or it ends before."""
    said = b""
    while len(said) < 8 or len(said) < 8 + int(said[:8]):
        if not select.select([reading], [], [], max(0.0, end - monotonic()))[0]:
            return ""
        piece = os.read(reading, 2**16)
        if not piece or len(said) > _MOST_BYTES:
            return ""
        said += piece
    return said[8:].decode()


def _words_of(number: Number) -> str:
    """A number as integers in hexadecimal: a rational's two, or those of a ball's middle and radius."""
    if exact(number):
        return f"rational {int(number.p):x} {int(number.q):x}"
    pairs = (*number.mid().man_exp(), *number.rad().man_exp())
    return "ball " + " ".join(f"{int(x):x}" for x in pairs)


def _number_of(said: str) -> Any:
    kind, *words = said.split()
    if kind == "raised":
        raise _RAISED[words[0]]()
    if kind == "rational":
        return fmpq(*(int(word, 16) for word in words))
    middle, power, radius, size = (int(word, 16) for word in words)
    return arb((middle, power), (radius, size))
