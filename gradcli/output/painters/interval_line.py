"""A search of a box on its way, drawn on a terminal while it lasts: the interval that holds the least value, shrinking."""

from __future__ import annotations

from time import monotonic
from typing import Any

from gradcli.output.painters.progress_line import PATIENCE, PERIOD, PassingLine


class IntervalLine(PassingLine):
    """Told now and then; draws one line that goes away when the search ends."""

    def __init__(self, stream: Any, *, ascend: bool = False) -> None:
        super().__init__(stream)
        self._ascend = ascend

    def tell(self, low: Any, high: Any, boxes: int) -> None:
        """The ends of the interval so far."""
        now = monotonic()
        if now - self._drawn < PERIOD or now - self._begun < PATIENCE:
            return
        self._drawn = now
        ends = (-float(high), -float(low)) if self._ascend else (float(low), float(high))
        name = "greatest" if self._ascend else "least"
        self._draw(f"{name} value between {ends[0]:.6g} and {ends[1]:.6g}  boxes {boxes:,}")
