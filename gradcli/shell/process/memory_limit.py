"""`--limit memory`: a bound on the address space of this process, and how its end is told from mistakes."""

from __future__ import annotations

from errno import ENOMEM
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.language.errors import LimitProblem

#: How a system says that a library does not fit into memory any more.
_UNLOADABLE = ("failed to map", "cannot allocate memory", "cannot map", "cannot create shared object")

#: What half a library raises.
_CONSEQUENCES = (AttributeError, ImportError, TypeError, NameError, KeyError, IndexError, AssertionError)

#: Whether memory has come to an end in this process before; empty for no.
_ended: list[bool] = []


def bound_memory(megabytes: float | None = None) -> None:
    """Refuse more address space than that to this process, where the system can; 0 for no limit, None for --limit's."""
    try:
        import resource
    except ImportError:  # Windows
        return
    if megabytes is None:
        from gradcli.language.limits import limit

        megabytes = limit("memory")
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = int(megabytes * 2**20) or hard
    if hard == resource.RLIM_INFINITY or wanted <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def lifting() -> Callable[[], object]:
    """What lifts the bound when it is called, without needing any memory for that, not even for a call in Python."""
    from functools import partial

    try:
        import resource
    except ImportError:  # Windows
        return int
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    return partial(resource.setrlimit, resource.RLIMIT_AS, (hard, hard))


def is_exhaustion(error: BaseException) -> bool:
    """Whether an error says that memory, or Python's stack, has come to an end.

    Python loses some MemoryErrors of its own, which become SystemErrors; libraries that do not fit are ImportErrors, and
    parts of a package that is there are not found where its folder cannot be listed. Where memory ended while a library
    was loaded half of it is there: whatever goes wrong in this process afterwards is a consequence.
    """
    if _ended and isinstance(error, _CONSEQUENCES):
        return True
    if isinstance(error, ModuleNotFoundError):
        return "." in (error.name or "")
    if isinstance(error, ImportError):
        return any(words in str(error).lower() for words in _UNLOADABLE)
    if isinstance(error, OSError):
        return error.errno == ENOMEM
    return isinstance(error, MemoryError | RecursionError | SystemError)


def exhausted(error: BaseException) -> LimitProblem:
    """The error for a process that has come to the end of its memory, or of Python's stack, as *error* says.

    What filled the memory is let go, and the bound lifted: to say so takes memory too.
    """
    error.__traceback__ = error.__context__ = error.__cause__ = None
    bound_memory(0)
    _ended[:] = [True]
    from gradcli.language.limits import limit_problem

    what = "stack" if isinstance(error, RecursionError) else "memory"
    return limit_problem("memory", f"the calculation needs more {what} than it may have")
