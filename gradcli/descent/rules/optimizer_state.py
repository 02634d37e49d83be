"""What an optimizer remembers between steps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gradcli.language.records import NamedTuple

Slots = Mapping[str, Mapping[str, float]]
Counts = Mapping[str, int]


class OptimizerState(NamedTuple):
    """Slots by name and variable, and steps: *taken* in all, *since* of them before this optimizer began.

    counts: the steps that the optimizer has counted for each variable; None: all of its steps for each that has slots.
    """

    slots: Slots = MappingProxyType({})
    taken: int = 0
    since: int = 0
    counts: Counts | None = None

    @property
    def own(self) -> int:
        """The steps that this optimizer took."""
        return self.taken - self.since


#: Of an optimizer that has not taken a step.
FRESH = OptimizerState()
