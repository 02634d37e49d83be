"""The numbers of a place, as sentences name them."""

from __future__ import annotations

from gradcli.descent.objective import Objective, Place
from gradcli.descent.outcome import listed


def named(objective: Objective, place: Place) -> str:
    """The moving variables of a place with their numbers."""
    return listed(dict(zip(objective.names, place.x, strict=True)))
