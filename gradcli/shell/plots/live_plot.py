"""The way of a descent drawn again and again while it grows, on the terminal's other screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcli.output.pictures.scene import Picture
    from gradcli.shell.plots.plot_request import PlotRequest


#: A frame is drawn at most so often, in seconds, and takes at most this share of the time.
PERIOD, SHARE = 0.1, 0.25


#: The other screen of the terminal, without cursor and from its corner; back again; the rests of a line and of a screen.
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"


_ASIDE, _CORNER, _BACK = "\x1b[?1049h" + _HIDE, "\x1b[H", "\x1b[?1049l" + _SHOW


_LINE, _REST = "\x1b[K", "\x1b[J"


class Live:
    """Draws the way again and again while it grows, on the terminal's other screen; the last frame stays on its own."""

    def __init__(self, color: str) -> None:
        self.want: Callable[[], PlotRequest | Picture] | None = None  # the way so far, once there is one
        self._color = color
        self._aside, self._due = False, monotonic() + PERIOD

    def tell(self) -> None:
        """The way has grown: draw it, if enough time has passed."""
        begun = monotonic()
        if begun >= self._due:
            text = self._frame(marked=False).replace("\n", _LINE + "\n")
            sys.stdout.write(("" if self._aside else _ASIDE) + _CORNER + text + _REST)
            self._aside = True
            sys.stdout.flush()
            self._due = monotonic() + max(PERIOD, (monotonic() - begun) / SHARE)

    def end(self) -> None:
        """Leave the terminal as it was, and draw the last frame."""
        if self._aside:
            sys.stdout.write(_BACK)
            sys.stdout.flush()
        try:
            sys.stdout.write(_HIDE + self._frame(marked=True))
        finally:
            sys.stdout.write(_SHOW)
            sys.stdout.flush()

    def _frame(self, *, marked: bool) -> str:
        if self.want is None:
            return ""
        from gradcli.output.pictures.terminal_picture import colours, picture_text, samples_for
        from gradcli.shell.plots.plot_request import PlotRequest, draw
        from gradcli.shell.plots.terminal_plot import terminal_size
        from gradcli.shell.writers.answer_writer import colored

        columns, rows = terminal_size()
        want = self.want()
        if isinstance(want, PlotRequest):
            want = draw(want, False, samples_for(columns, rows), marked=marked)
        return picture_text(want, columns, rows, colours(colored(self._color, sys.stdout)))
