"""`--plot`, `--plot-out` and `--live`: pictures of what a command does, beside its answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.calculus.known import Compiled
    from gradcli.commands.picturing import Wanted
    from gradcli.commands.retelling import Point
    from gradcli.output.pictures.scene import Series

#: A frame is drawn at most so often, in seconds, and takes at most this share of the time.
PERIOD, SHARE = 0.1, 0.25

_HIDE, _SHOW, _UP, _CLEAR = "\x1b[?25l", "\x1b[?25h", "\x1b[{}F", "\x1b[J"


def illustrate(how: Mapping[str, Any], want: Callable[[], Wanted], color: str) -> None:
    """Draw the way of *want* where that was asked for."""
    if how["plot"]:
        from gradcli.commands.plot import on_terminal

        on_terminal(want(), False, None, color)
    if how["plot_out"]:
        from gradcli.commands.filing import written

        written(want(), False, how["plot_out"], None, None)


def wanted_way(compiled: Compiled, way: Sequence[Point], wrt: Sequence[str] | None) -> Wanted:
    """The picture of a way, its last point being where it stands."""
    from gradcli.commands.picturing import wanted

    return wanted(compiled, way[-1].at, way, None, {}, wrt)


def illustrate_series(how: Mapping[str, Any], title: str, series: Sequence[Series], color: str) -> None:
    """Draw the convergence of several descents as that was asked for."""
    from gradcli.output.pictures.convergence import convergence_picture

    picture = convergence_picture(title, series)
    if how["plot"]:
        from gradcli.commands.plot import terminal_size, write_picture

        write_picture(picture, *terminal_size(), color)
    if how["plot_out"]:
        from gradcli.commands.filing import write_file

        write_file(picture, how["plot_out"])


class Live:
    """Draws the way again and again on the terminal while it grows; the last frame stays."""

    def __init__(self, color: str) -> None:
        self.want: Callable[[], Wanted] | None = None  # the way so far, once there is one
        self._color = color
        self._lines, self._due = 0, monotonic() + PERIOD

    def tell(self) -> None:
        """The way has grown: draw it, if enough time has passed."""
        begun = monotonic()
        if begun >= self._due:
            self._draw()
            self._due = monotonic() + max(PERIOD, (monotonic() - begun) / SHARE)

    def end(self) -> None:
        """Draw the last frame, and leave the terminal as it was."""
        try:
            self._draw()
        finally:
            sys.stdout.write(_SHOW)
            sys.stdout.flush()

    def _draw(self) -> None:
        if self.want is None:
            return
        from gradcli.commands.plot import drawn, terminal_size
        from gradcli.commands.speaking import colored
        from gradcli.output.pictures.terminal import colours, picture_text, samples_for

        columns, rows = terminal_size()
        picture = drawn(self.want(), False, samples_for(columns, rows))
        text = picture_text(picture, columns, rows, colours(colored(self._color, sys.stdout)))
        back = _UP.format(self._lines) if self._lines else ""
        sys.stdout.write(_HIDE + back + _CLEAR + text)
        sys.stdout.flush()
        self._lines = text.count("\n")
