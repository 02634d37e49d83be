"""How far the reading of files is: a line on the terminal, from the first second on; nothing in scripts."""

from __future__ import annotations

import sys
from time import monotonic

#: Seconds before the line is there, and between two of its states.
_PATIENCE, _EVERY = 1.0, 0.25

_CLEAR = "\r\x1b[K"


class Progress:
    """Rows, rows per second and the time left, on stderr where that is a terminal."""

    def __init__(self) -> None:
        self._begun = monotonic()
        self._next = self._begun + _PATIENCE
        self._drawn, self._is_seen = False, sys.stderr.isatty()

    def __call__(self, rows: int, share: float) -> None:
        """So many rows are read. share: of the bytes of all files, from 0 to 1."""
        now = monotonic()
        if not self._is_seen or now < self._next:
            return
        self._next, self._drawn = now + _EVERY, True
        sys.stderr.write(_CLEAR + told(rows, share, now - self._begun))
        sys.stderr.flush()

    def end(self) -> None:
        """The reading is over: the line goes."""
        if self._drawn:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
            self._drawn = False


def told(rows: int, share: float, seconds: float) -> str:
    """`1,250,000 rows, 610,000 per second, 14 s left`."""
    rate = rows / seconds if seconds > 0 else 0.0
    text = f"{rows:,} rows, {float(f'{rate:.2g}'):,.0f} per second"
    if not 0 < share < 1:
        return text
    left = seconds * (1 - share) / share
    return f"{text}, {left:,.0f} s left" if left < 100 else f"{text}, {left / 60:,.0f} min left"
