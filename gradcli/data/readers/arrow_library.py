"""PyArrow, loaded where it is needed, with as many threads as are used here."""

from __future__ import annotations

from functools import cache
from typing import Any

from gradcli.language.errors import ExtraProblem

#: Threads that PyArrow may use: each takes address space, which is what the limit on memory bounds.
THREADS = 2


def has_arrow() -> bool:
    """Whether PyArrow and NumPy are installed; neither is loaded."""
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None and find_spec("numpy") is not None


@cache
def _loaded() -> Any:
    import pyarrow

    pyarrow.set_cpu_count(THREADS)
    pyarrow.set_io_thread_count(THREADS)
    return pyarrow


def arrow(why: str) -> Any:
    """The library. Raises ExtraProblem, which begins with *why* it is needed, where it is not installed."""
    if not has_arrow():
        raise ExtraProblem.of(why, "data")
    return _loaded()
