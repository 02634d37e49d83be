"""A search of a box on its way, drawn on a terminal while it lasts: the interval that holds the least value, shrinking."""

from __future__ import annotations

from time import monotonic
from typing import Any

from gradcli.output.painters.progress_line import PATIENCE, PERIOD


class IntervalLine:
    """Told now and then; draws one line that goes away when the search ends."""

    def __init__(self, stream: Any, *, ascend: bool = False) -> None:
        self._stream, self._ascend = stream, ascend
        self._live: Any = None
        self._begun = self._drawn = monotonic()

    def tell(self, low: Any, high: Any, boxes: int) -> None:
        """The ends of the interval so far."""
        now = monotonic()
        if now - self._drawn < PERIOD or now - self._begun < PATIENCE:
            return
        self._drawn = now
        ends = (-float(high), -float(low)) if self._ascend else (float(low), float(high))
        name = "greatest" if self._ascend else "least"
        self._draw(f"{name} value between {ends[0]:.6g} and {ends[1]:.6g}  boxes {boxes:,}")

    def end(self) -> None:
        """Take the line away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self, text: str) -> None:
        from rich.text import Text

        if self._live is None:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(file=self._stream), auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(Text(text, no_wrap=True, overflow="ellipsis"), refresh=True)
