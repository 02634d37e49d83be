"""`--plot`, `--plot-out` and `--live`: pictures of what a command does, beside its answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import InputProblem

if TYPE_CHECKING:
    from gradcli.calculus.known import Compiled
    from gradcli.commands.picturing import Wanted
    from gradcli.commands.retelling import Point
    from gradcli.output.pictures.scene import Series

#: A frame is drawn at most so often, in seconds, and takes at most this share of the time.
PERIOD, SHARE = 0.1, 0.25

#: The other screen of the terminal, without cursor and from its corner; back again; the rests of a line and of a screen.
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
_ASIDE, _CORNER, _BACK = "\x1b[?1049h" + _HIDE, "\x1b[H", "\x1b[?1049l" + _SHOW
_LINE, _REST = "\x1b[K", "\x1b[J"


def illustrate(how: Mapping[str, Any], want: Callable[[], Wanted], color: str) -> None:
    """Draw the way of *want* where that was asked for."""
    if how["plot"]:
        from gradcli.commands.plot import on_terminal

        on_terminal(want(), False, None, color)
    if how["plot_out"]:
        from gradcli.commands.filing import written

        with _beside_the_answer():
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

        with _beside_the_answer():
            write_file(picture, how["plot_out"])


@contextmanager
def _beside_the_answer() -> Iterator[None]:
    """A picture that cannot be written takes nothing back of what was answered and remembered before it."""
    try:
        yield
    except InputProblem as error:
        error.hint = "what is answered above stands: only its picture is missing"
        raise


class Live:
    """Draws the way again and again while it grows, on the terminal's other screen; the last frame stays on its own."""

    def __init__(self, color: str) -> None:
        self.want: Callable[[], Wanted] | None = None  # the way so far, once there is one
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
        from gradcli.commands.plot import drawn, terminal_size
        from gradcli.commands.speaking import colored
        from gradcli.output.pictures.terminal import colours, picture_text, samples_for

        columns, rows = terminal_size()
        picture = drawn(self.want(), False, samples_for(columns, rows), marked=marked)
        return picture_text(picture, columns, rows, colours(colored(self._color, sys.stdout)))
