"""Clocks that stop work, and never choose between answers: sizes do that."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from gradcli.language.limits import limit, limit_problem

if TYPE_CHECKING:
    from types import FrameType

T = TypeVar("T")

#: The alarm rings again after so many seconds: sympy and mpmath have places that swallow every exception.
AGAIN = 0.5

#: An alarm of 0 seconds would never ring, and one of more than centuries is refused by the system.
SHORTEST, LONGEST = 1e-6, 1e9


#: How fast all clocks go, for tests: infinitely slow ones never ring, and no answer may depend on them.
pace = 1.0


class OutOfTime(BaseException):
    """The budget is used up. Not an Exception, so that nobody on the way takes it for one of theirs."""


#: How sympy gives up: what best-effort work may raise, and means no more than that it did not succeed.
GIVING_UP = (
    OutOfTime, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, NotImplementedError,
)  # fmt: skip


def _imports(frame: FrameType | None) -> bool:
    """Whether a module is being loaded: half of one is worse than none for all that comes after, so that is waited for."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _nothing() -> None:
    """Nobody has to know that an alarm is late."""


def _alarm(
    error: type[BaseException], when_late: Callable[[], None]
) -> Callable[[int, FrameType | None], None]:
    """What happens when the time is over: *error*, or *when_late* while a module is loaded."""

    def out_of_time(_: int, frame: FrameType | None) -> None:
        """Raise, or be late while a module is loaded."""
        if not _imports(frame):
            raise error
        when_late()

    return out_of_time


def _silent_for(
    error: type[BaseException], hook: Callable[[sys.UnraisableHookArgs], object]
) -> Callable[[sys.UnraisableHookArgs], None]:
    """*hook* without *error*: where it rings in a finalizer or in the garbage collector nobody can catch it.

    Python would print it and go on; the alarm rings again.
    """

    def silent(unraisable: sys.UnraisableHookArgs) -> None:
        """Tell what is not an alarm."""
        if not issubclass(unraisable.exc_type, error):
            hook(unraisable)

    return silent


def _clock(wall: bool) -> tuple[int, int, Callable[[], float]]:
    """The timer of a clock, the signal with which it rings, and what reads it."""
    import signal
    from time import monotonic, process_time

    if wall:
        return signal.ITIMER_REAL, signal.SIGALRM, monotonic
    return signal.ITIMER_PROF, signal.SIGPROF, process_time


@contextmanager
def seconds(
    budget: float, error: type[BaseException] = OutOfTime, *, wall: bool = False,
    when_late: Callable[[], None] = _nothing,
) -> Iterator[None]:  # fmt: skip
    """Raise *error* in the block after *budget* seconds; without alarms (other threads, Windows) never.

    They are the processor's seconds in this process, so that a busy machine changes no answer; *wall*: the
    clock's on the wall. Python looks for alarms between its instructions, and in its own long loops over big
    integers. While a module is loaded no alarm rings; *when_late* is called instead. Budgets of one kind nest: the one that
    ends first rings. Those of two kinds do not touch.
    """
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    budget = min(max(budget / (1.0 if wall else pace), SHORTEST), LONGEST)
    timer, number, now = _clock(wall)
    outer, started = signal.getitimer(timer)[0], now()
    if 0 < outer <= budget:
        yield
        return

    previous = signal.signal(number, _alarm(error, when_late))
    hook, sys.unraisablehook = sys.unraisablehook, _silent_for(error, sys.unraisablehook)
    try:
        signal.setitimer(timer, budget, AGAIN)  # on a busy machine it rings before the next line begins
        yield
    finally:
        while True:
            try:
                signal.setitimer(timer, 0)
                signal.signal(number, previous)
                sys.unraisablehook = hook
                break
            except error:
                continue  # it rang on the way out: the block has ended, and how is known
        if outer:
            signal.setitimer(timer, max(outer - (now() - started), 1e-6), AGAIN)


@contextmanager
def alarm_paused(*, afterwards: bool) -> Iterator[None]:
    """No alarm of the wall's clock rings in the block, nor *afterwards* where that is so: what is done there is the end.

    Otherwise, and where it fails, time goes on with as much as was left.
    """
    signal = sys.modules.get("signal")  # who has not loaded it has set no alarm
    if signal is None or not hasattr(signal, "setitimer"):
        yield
        return
    left, done = signal.setitimer(signal.ITIMER_REAL, 0)[0], False
    try:
        yield
        done = True
    finally:
        if not (done and afterwards):
            signal.setitimer(signal.ITIMER_REAL, left, AGAIN if left else 0)


def within_budget(work: Callable[[], T]) -> T | None:
    """What *work* returns, or None where it gives up or recurses too deeply.

    Raises LimitProblem where it takes longer than `--limit formulas`.
    """
    try:
        with seconds(limit("formulas")):
            return work()
    except OutOfTime:
        raise limit_problem("formulas", f"formulas: not written within {limit('formulas'):g} s") from None
    except GIVING_UP:
        return None
