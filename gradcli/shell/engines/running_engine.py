"""The engine of a command: started when it is first needed, and let go when the command ends, however it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gradcli.data.engines.dask_engine import DaskEngine
    from gradcli.data.engines.engine_request import EngineRequest

_KEY = "gradcli.engine.running"


def engine_of(request: EngineRequest) -> DaskEngine:
    """The engine that was asked for. Raises ExtraProblem and EngineProblem."""
    context = click.get_current_context()
    kept: dict[Any, DaskEngine] = context.meta.setdefault(_KEY, {})
    if request not in kept:
        from gradcli.data.engines.dask_engine import DaskEngine

        found = DaskEngine(request)
        context.call_on_close(found.close)
        kept[request] = found
    return kept[request]


def cache_of(engine: DaskEngine, request: EngineRequest) -> int:
    """The bytes of columns that the workers hold together."""
    return engine.memory // 2 if request.cache is None else request.cache
