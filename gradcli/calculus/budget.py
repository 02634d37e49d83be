"""A time budget for work that is best effort."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

#: The alarm rings again after so many seconds: sympy and mpmath have places that swallow every exception.
AGAIN = 0.5


class OutOfTime(BaseException):
    """The budget is used up. Not an Exception, so that nobody on the way takes it for one of theirs."""


#: How sympy gives up: what best-effort work may raise, and means no more than that it did not succeed.
GIVING_UP = (
    OutOfTime, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, NotImplementedError,
)  # fmt: skip


@contextmanager
def seconds(budget: float, error: type[BaseException] = OutOfTime) -> Iterator[None]:
    """Raise *error* in the block after *budget* seconds; without alarms (other threads, Windows) never.

    Python looks for alarms between its instructions, and in its own long loops over big integers. Budgets
    nest: the one that ends first rings.
    """
    import signal
    import threading
    from time import monotonic

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    outer, started = signal.getitimer(signal.ITIMER_REAL)[0], monotonic()
    if 0 < outer <= budget:
        yield
        return

    def out_of_time(*_: object) -> None:
        raise error

    previous = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, budget, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(outer - (monotonic() - started), 1e-6), AGAIN)


@contextmanager
def unhurried(*, afterwards: bool) -> Iterator[None]:
    """No alarm rings in the block, nor *afterwards* where that is so: what is done there is the end.

    Otherwise, and where it fails, time goes on with as much as was left.
    """
    import sys

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
