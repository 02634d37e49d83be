"""The engine that a command line names; no file, session or problem does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gradcli.data.engines.engine_request import EngineRequest

#: Where a command finds it.
ENGINE = "gradcli.engine"


def typed_engine() -> EngineRequest | None:
    """The engine of the command that is running; None for this process."""
    context = click.get_current_context(silent=True)
    found: EngineRequest | None = context.meta.get(ENGINE) if context else None
    return found
