"""Dask's scheduler and worker without their pages: those listen without a key, on ports that every user can ask.

This module is loaded where `distributed` is there, in this process and by name in those of workers.
"""

from __future__ import annotations

from typing import Any

from gradcli.data.engines.dask_library import dask_library


def _no_pages(self: Any, *arguments: Any, **options: Any) -> None:
    """Nothing listens."""


def _without_pages(kind: str) -> Any:
    base = getattr(dask_library(), kind)
    return type(f"Silent{kind}", (base,), {"start_http_server": _no_pages, "__module__": __name__})


SilentScheduler: Any = _without_pages("Scheduler")
SilentWorker: Any = _without_pages("Worker")
