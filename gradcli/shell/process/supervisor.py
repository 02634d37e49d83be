"""A command line in a child process, watched by its parent: the clock that C cannot shut out.

The parent does nothing but wait. It ends a child that overstays, passes on the signals that were sent to itself alone, and
ends as its child does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from gradcli.calculus.effort import parent_watch
from gradcli.shell.process import deadline

if TYPE_CHECKING:
    from gradcli.language.errors import GradcliError

_SIGINT, _SIGKILL = 2, 9


def supervised(
    run: Callable[[Sequence[str]], int], fail: Callable[[GradcliError], int], arguments: Sequence[str]
) -> int:
    """Run a command line in a child process and answer with its status; a child that overstays is ended.

    fail: tells the user of an error; the exit status.
    """
    if not hasattr(os, "fork"):
        return run(arguments)
    deadline.share()
    parent, ends = os.getpid(), parent_watch.pipe()
    with _signals_held():
        child = os.fork()
        if child:
            interrupted = _pass_on_signals(child)
        else:
            parent_watch.follow(parent, ends)
    if child == 0:
        return run(arguments)
    status = _waited(child, interrupted)
    return _leave(status) if status >= 0 else _ended(-status, fail, arguments)


def _ended(number: int, fail: Callable[[GradcliError], int], arguments: Sequence[str]) -> int:
    """Say that a signal ended the child; the exit status."""
    if (
        number == _SIGINT
    ):  # which is how Python ends where the interrupt came at an odd moment; the child has said so
        return 130
    from gradcli.language.errors import LimitProblem
    from gradcli.shell.process.timeout import time_up

    if number == _SIGKILL and deadline.overdue():
        return fail(time_up(None))
    hint = "what followed it on standard input was not answered" if "-" in arguments else None
    return fail(LimitProblem(f"the calculation was ended by signal {number}", hint=hint))


@contextmanager
def _signals_held() -> Iterator[None]:
    """Signals that come in the block wait for its end: both processes know then what to do with them."""
    import signal

    passed = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, passed)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _waited(child: int, interrupted: Callable[[], bool]) -> int:
    """The child's exit status, or minus the signal that ended it: ours when its deadline has passed."""
    import signal

    def look(*_: object) -> None:
        if deadline.overdue():
            _tell(child, _SIGKILL)
        elif interrupted():
            _tell(child, signal.SIGINT)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, deadline.GRACE / 4, deadline.GRACE / 4)
    status = os.waitpid(child, 0)[1]
    signal.setitimer(signal.ITIMER_REAL, 0)
    return os.waitstatus_to_exitcode(status)


def _tell(child: int, number: int) -> None:
    """Send a signal to the child, which may have ended, and been waited for, a moment ago."""
    try:
        os.kill(child, number)
    except ProcessLookupError:
        return


def _pass_on_signals(child: int) -> Callable[[], bool]:
    """Pass on what is sent to the parent alone; the answer tells when that is true of an interrupt.

    The terminal tells both of Ctrl-C, and the child answers it. Where it is still there after a while, it was not told.
    """
    import signal
    from time import monotonic

    told: list[float] = []
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda number, frame: told.append(monotonic()))
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it: the child ignores it too
            signal.signal(number, lambda number, frame: _tell(child, number))

    def interrupted() -> bool:
        alone = bool(told) and monotonic() - told[0] > deadline.GRACE / 2
        if alone:
            told.clear()
        return alone

    return interrupted


def _leave(status: int) -> NoReturn:
    """End without Python's own farewell: all that there was to do the child has done."""
    sys.stdout.flush()
    os._exit(status)
