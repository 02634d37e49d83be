"""`--timeout` and `--limit`: how long a command may take, and how large what it is given may be.

Two clocks watch. An alarm inside the process ends the calculation between two instructions, with the memory
closed in good order. Some code in C does not look at alarms: for it the work runs in a child process, and the
parent ends it a second later (`supervisor`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from gradcli.shell.process.memory_limit import bound_memory, exhausted, is_exhaustion, lifting

if TYPE_CHECKING:
    from gradcli.language.errors import LimitProblem

T = TypeVar("T")

#: Seconds for each problem that is read from standard input, and for what may take long, unless --timeout says otherwise.
PIPED_TIMEOUT = 60.0

TIMEOUT_KEY = "gradcli.timeout"


class TimeUp(BaseException):
    """The time that --timeout gave is over."""


@contextmanager
def within_timeout(default: float | None = PIPED_TIMEOUT) -> Iterator[None]:
    """Raise LimitProblem where the block takes longer than --timeout says, or *default*, or more memory than there is.

    Memory is bounded in the block alone: around it there is always enough to say what has happened, and to go on.
    """
    timeout = _given() or default
    if timeout is None:
        yield
        return
    from gradcli.shell.process import deadline

    lift = lifting()
    try:
        from gradcli.calculus.effort.time_budget import seconds

        deadline.write(timeout + deadline.GRACE)
        with seconds(timeout, TimeUp, wall=True, when_late=_wait_longer):
            bound_memory()
            yield
            lift()
    except TimeUp:
        lift()
        raise time_up(timeout) from None
    except Exception as error:
        lift()
        if not is_exhaustion(error):
            raise
        raise exhausted(error) from None
    finally:
        lift()
        deadline.write(None)


def in_time(work: Callable[[], T], default: float | None = PIPED_TIMEOUT) -> T:
    """What *work* answers in the time that is allotted to it. Raises LimitProblem where that does not suffice.

    An alarm may ring on the way into the block or out of it, between two instructions of Python's: what is done is done.
    """
    found: list[T] = []
    try:
        with within_timeout(default):
            found.append(work())
    except TimeUp:
        pass
    except Exception:
        if not found:
            raise
    if not found:
        raise time_up(_given() or default)
    return found[0]


def _given() -> float | None:
    """What --timeout says."""
    context = click.get_current_context(silent=True)
    return context.meta.get(TIMEOUT_KEY) if context else None


def _wait_longer() -> None:
    """The alarm comes later, and so does the end from outside."""
    from gradcli.shell.process import deadline

    deadline.write(2 * deadline.GRACE)


def uninterruptible() -> AbstractContextManager[None]:
    """The time does not run out in the block, nor after it: it is the deed. Where it fails time goes on."""
    return _stopped(afterwards=True)


def clock_stopped() -> AbstractContextManager[None]:
    """No time passes in the block: it waits for what comes from elsewhere, at its own pace."""
    return _stopped(afterwards=False)


@contextmanager
def _stopped(*, afterwards: bool) -> Iterator[None]:
    if "signal" not in sys.modules:  # who has not loaded it has set no alarm, and has no parent who waits
        yield
        return
    from gradcli.calculus.effort.time_budget import alarm_paused
    from gradcli.shell.process import deadline

    left, done = deadline.left(), False
    deadline.write(None)
    try:
        with alarm_paused(afterwards=afterwards):
            yield
        done = True
    finally:
        if not (done and afterwards):
            deadline.write(left)


def time_up(timeout: float | None) -> LimitProblem:
    """The error for a command whose time is over."""
    from gradcli.language.errors import LimitProblem

    after = f" after {timeout:g} s" if timeout else ""
    return LimitProblem(f"time ran out{after}", hint="--timeout SECONDS gives it more")
