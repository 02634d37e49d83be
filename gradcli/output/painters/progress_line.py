"""A descent on its way, drawn on a terminal while it lasts: step, f, gradient norm, a sparkline of log f."""

from __future__ import annotations

import math
from collections import deque
from time import monotonic
from typing import Any

_BARS = "▁▂▃▄▅▆▇█"

#: Nothing is drawn before so many seconds, and not more often than every so many.
PATIENCE, PERIOD = 0.5, 0.1


class PassingLine:
    """One line on a terminal that goes away when the work ends."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._live: Any = None
        self._begun = self._drawn = monotonic()

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


class Progress(PassingLine):
    """Told every step; draws one line that goes away when the descent ends."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._values: deque[float] = deque(maxlen=400)

    def tell(self, step: int, value: float, norm: float) -> None:
        """One more step was taken."""
        now = monotonic()
        if now - self._drawn < PERIOD:
            return
        self._drawn = now
        self._values.append(value)
        if now - self._begun >= PATIENCE:
            self._draw(f"step {step:,}  f {value:.6g}  gradient {norm:.3g}  {self._sparkline()}")

    def _sparkline(self) -> str:
        """log f over time, from above the smallest f so far."""
        recent = list(self._values)[-24:]
        least = min(self._values)
        logs = [math.log10(value - least + 1e-12 * (1 + abs(least))) for value in recent]
        low, high = min(logs), max(logs)
        span = (high - low) or 1.0
        return "".join(_BARS[round((x - low) / span * 7)] for x in logs)
