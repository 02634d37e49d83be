"""Dask's scheduler and worker without their pages: those listen without a key, on ports that every user can ask.

Workers load this module by its name.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from gradcli.data.engines.dask_library import dask_library


def _no_pages(self: Any, *arguments: Any, **options: Any) -> None:
    """Nothing listens."""


@cache
def silent(kind: str) -> Any:
    """The class of a "Scheduler" or a "Worker" without its pages; only now is the library loaded."""
    base = getattr(dask_library(), kind)
    return type(f"Silent{kind}", (base,), {"start_http_server": _no_pages, "__module__": __name__})


def __getattr__(name: str) -> Any:
    """The classes by their names, as what has travelled to a worker asks for them."""
    if name not in ("SilentScheduler", "SilentWorker"):
        raise AttributeError(name)
    return silent(name.removeprefix("Silent"))
