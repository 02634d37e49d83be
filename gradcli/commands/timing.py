"""`--timeout` and `--limit`: how long a command may take, and how large what it is given may be.

Two clocks watch. An alarm inside the process ends the calculation between two instructions, with the memory
closed in good order. Some code in C does not look at alarms: for it the work runs in a child process, and the
parent, which does nothing but wait, ends it a second later.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NoReturn, TypeVar

import click

from gradcli.commands.ranges import Finite

F = TypeVar("F", bound=Callable[..., Any])

#: Seconds for each problem that is read from standard input, unless --timeout says otherwise.
PIPED_TIMEOUT = 60.0

#: Seconds between the alarm in the child and its end by the parent.
GRACE = 1.0

_TIMEOUT = "gradcli.timeout"
_KEEP_WAITING = 1e300

#: The page that the child writes its deadline on and the parent reads; None where nobody watches.
_page: Any = None


class TimeUp(BaseException):
    """The time that --timeout gave is over."""


def limit_options(function: F) -> F:
    """`--timeout` and `--limit`; commands need not know about them."""
    from gradcli.language.limits import LIMITS

    function = click.option(
        "--limit", "limits", metavar="NAME=N", multiple=True, expose_value=False, callback=_set_limits,
        help=f"Set a limit: {', '.join(LIMITS)}.",
    )(function)  # fmt: skip
    return click.option(
        "--timeout", type=Finite(0, min_open=True), metavar="SECONDS", expose_value=False,
        callback=_set_timeout,
        help=f"Give up after so long, with status 4 (none; {PIPED_TIMEOUT:g} for each problem read from -).",
    )(function)  # fmt: skip


def _set_limits(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> None:
    from gradcli.language.limits import limit, limits_of, raise_limits

    raise_limits(limits_of(value))
    bound_memory(limit("memory"))


def bound_memory(megabytes: float) -> None:
    """Refuse more address space than that to this process, where the system can; 0 for no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = int(megabytes * 2**20) or hard
    if hard == resource.RLIM_INFINITY or wanted <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _set_timeout(ctx: click.Context, param: click.Parameter, value: float | None) -> None:
    ctx.meta[_TIMEOUT] = value


@contextmanager
def allotted(default: float | None = PIPED_TIMEOUT) -> Iterator[None]:
    """Raise LimitProblem in the block when the time of --timeout, or *default*, is over."""
    context = click.get_current_context(silent=True)
    given = context.meta.get(_TIMEOUT) if context else None
    timeout = given or default
    if timeout is None:
        yield
        return
    from gradcli.calculus.budget import seconds

    try:
        _write_deadline(timeout + GRACE)
        with seconds(timeout, TimeUp, wall=True):
            yield
    except TimeUp:
        raise _time_up(timeout) from None
    finally:
        _write_deadline(None)


def shielded() -> AbstractContextManager[None]:
    """The time does not run out in the block, nor after it: it is the deed. Where it fails time goes on."""
    return _stopped(afterwards=True)


def waiting() -> AbstractContextManager[None]:
    """No time passes in the block: it waits for what comes from elsewhere, at its own pace."""
    return _stopped(afterwards=False)


@contextmanager
def _stopped(*, afterwards: bool) -> Iterator[None]:
    from gradcli.calculus.budget import unhurried

    left, done = _left(), False
    _write_deadline(None)
    try:
        with unhurried(afterwards=afterwards):
            yield
        done = True
    finally:
        if not (done and afterwards):
            _write_deadline(left)


def _time_up(timeout: float | None) -> Exception:
    from gradcli.language.errors import LimitProblem

    after = f" after {timeout:g} s" if timeout else ""
    return LimitProblem(f"time ran out{after}", hint="--timeout SECONDS gives it more")


def _write_deadline(seconds: float | None) -> None:
    if _page is not None:
        from struct import pack_into
        from time import monotonic

        pack_into("d", _page, 0, _KEEP_WAITING if seconds is None else monotonic() + seconds)


def supervised(run: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    """Run a command line in a child process and answer with its status; a child that overstays is ended."""
    global _page  # noqa: PLW0603  (one page for the one child of this process)
    if not hasattr(os, "fork"):
        return run(arguments)
    from mmap import mmap

    _page = mmap(-1, 8)
    _write_deadline(None)
    child = os.fork()
    if child == 0:
        return run(arguments)
    status = _waited(child, _pass_on_signals(child))
    if status >= 0:
        _leave(status)
    from gradcli.commands.failing import fail
    from gradcli.language.errors import LimitProblem

    if status == -_SIGKILL and _overdue():
        return fail(_time_up(None), arguments)  # type: ignore[arg-type]
    return fail(LimitProblem(f"the calculation was ended by signal {-status}"), arguments)


_SIGKILL = 9


def _waited(child: int, interrupted: Callable[[], bool]) -> int:
    """The child's exit status, or minus the signal that ended it: ours when its deadline has passed."""
    import signal

    def look(*_: object) -> None:
        if _overdue():
            os.kill(child, _SIGKILL)
        elif interrupted():
            os.kill(child, signal.SIGINT)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, GRACE / 4, GRACE / 4)
    status = os.waitpid(child, 0)[1]
    signal.setitimer(signal.ITIMER_REAL, 0)
    return os.waitstatus_to_exitcode(status)


def _overdue() -> bool:
    left = _left()
    return left is not None and left < 0


def _left() -> float | None:
    """The seconds until the deadline on the page; None where there is none."""
    if _page is None:
        return None
    from struct import unpack_from
    from time import monotonic

    deadline: float = unpack_from("d", _page, 0)[0]
    return None if deadline == _KEEP_WAITING else deadline - monotonic()


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
            signal.signal(number, lambda number, frame: os.kill(child, number))

    def interrupted() -> bool:
        alone = bool(told) and monotonic() - told[0] > GRACE / 2
        if alone:
            told.clear()
        return alone

    return interrupted


def _leave(status: int) -> NoReturn:
    """End without Python's own farewell: all that there was to do the child has done."""
    sys.stdout.flush()
    os._exit(status)
