"""A time budget for work that is best effort."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class OutOfTime(Exception):
    """The budget is used up."""


@contextmanager
def seconds(budget: float) -> Iterator[None]:
    """Raise OutOfTime in the block after *budget* seconds; without alarms (other threads, Windows) never."""
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def out_of_time(*_: object) -> None:
        raise OutOfTime

    previous = signal.signal(signal.SIGALRM, out_of_time)
    before = signal.setitimer(signal.ITIMER_REAL, budget)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
        signal.signal(signal.SIGALRM, previous)
