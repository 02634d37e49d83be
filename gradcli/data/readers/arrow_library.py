"""PyArrow, loaded where it is needed, with as many threads as are used here."""

from __future__ import annotations

from functools import cache
from typing import Any

from gradcli.language.errors import ExtraProblem
from gradcli.language.limits import limit_problem
from gradcli.language.rows.loadable_libraries import ROOM, has_arrow, has_room

#: Threads that PyArrow may use: each takes address space, which is what the limit on memory bounds.
THREADS = 2


@cache
def _loaded() -> Any:
    import pyarrow

    pyarrow.set_cpu_count(THREADS)
    pyarrow.set_io_thread_count(THREADS)
    return pyarrow


def arrow(why: str) -> Any:
    """The library. Raises ExtraProblem, which begins with *why* it is needed, where it is not installed, and LimitProblem
    where the limit on memory leaves it no room.
    """
    if not has_arrow():
        raise ExtraProblem.of(why, "data")
    if not has_room():
        raise limit_problem("memory", f"{why}, and PyArrow {ROOM} megabytes of address space")
    return _loaded()


def arrow_doubles(numbers: Any) -> Any:
    """An array of doubles as one of Arrow, which has them where they lie.

    What `pyarrow.array` asks such an array for has numpy.ma loaded, which takes ten milliseconds.
    """
    import pyarrow

    return pyarrow.Array.from_buffers(pyarrow.float64(), len(numbers), [None, pyarrow.py_buffer(numbers)])
