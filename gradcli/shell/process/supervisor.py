"""A command line in a child process, watched by its parent: the clock that C cannot shut out.

The parent does nothing but wait. It ends a child that overstays, passes on the signals that were sent to itself alone, and
ends as its child does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from gradcli.calculus.effort import parent_watch
from gradcli.shell.process import deadline, stream_resumption

if TYPE_CHECKING:
    from gradcli.language.errors import GradcliError, LimitProblem

_SIGINT, _SIGKILL = 2, 9

#: How a calculation ends that nobody has sent a signal: illegal instruction, abort, bus, arithmetic, end of memory or
#: time, segmentation.
_BY_ITSELF = (4, 6, 7, 8, 9, 10, 11)

#: The signals that this process was sent to end it: none of its children is replaced any more.
_sent: list[int] = []


def run_supervised(
    run: Callable[[Sequence[str]], int], fail: Callable[[GradcliError], int], arguments: Sequence[str]
) -> int:
    """Run a command line in a child process and answer with its status; a child that overstays is ended.

    Where that happens, or it ends by a mistake in C, in the midst of a problem of a stream, a new child goes on behind it.
    fail: tells the user of an error; the exit status.
    """
    if not hasattr(os, "fork"):
        return run(arguments)
    if "-" in arguments:
        stream_resumption.share()
    handlers = _handlers()
    while True:
        deadline.share()
        parent, ends = os.getpid(), parent_watch.pipe()
        with _signals_held():
            if _sent:  # between two children, and none of them was told
                return 130 if _sent[0] == _SIGINT else _ended(_error(_sent[0]), fail, arguments)
            child = os.fork()
            if child:
                interrupted = _pass_on_signals(child)
            else:
                _restore(handlers)
                parent_watch.watch_parent(parent, ends)
        if child == 0:
            return run(arguments)
        status = _waited(child, interrupted)
        if status >= 0:
            return _leave(status)
        if -status == _SIGINT:
            return 130  # Python ends so where the interrupt came at an odd moment; the child has said so
        error = _error(-status)
        if -status not in _BY_ITSELF or not stream_resumption.can_go_on():
            return _ended(error, fail, arguments)
        stream_resumption.go_on(error)
        parent_watch.close(ends)


def _error(number: int) -> LimitProblem:
    """Why the child has ended, by a signal."""
    from gradcli.language.errors import LimitProblem
    from gradcli.shell.process.timeout import time_up

    if number == _SIGKILL and deadline.overdue():
        return time_up(None)
    return LimitProblem(f"the calculation was ended by signal {number}")


def _ended(error: LimitProblem, fail: Callable[[GradcliError], int], arguments: Sequence[str]) -> int:
    """Say that a signal ended the child; the exit status."""
    if "-" in arguments and not error.hint:
        error.hint = "what followed it on standard input was not answered"
    return fail(error)


def _handlers() -> Mapping[int, Any]:
    """What this process does at the signals that a parent takes for itself."""
    import signal

    taken = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM)
    return {number: signal.getsignal(number) for number in taken}


def _restore(handlers: Mapping[int, Any]) -> None:
    import signal

    for number, handler in handlers.items():
        if handler is not None and signal.getsignal(number) is not handler:
            signal.signal(number, handler)


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

    def note(number: int, frame: object) -> None:
        _sent.append(number)
        told.append(monotonic())

    def pass_on(number: int, frame: object) -> None:
        _sent.append(number)
        _tell(child, number)

    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, note)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it: the child ignores it too
            signal.signal(number, pass_on)

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
