"""`--plot`, `--plot-out` and `--live`: pictures of what a command does, beside its answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gradcli.language.errors import UsageProblem

if TYPE_CHECKING:
    from gradcli.calculus.known import Compiled
    from gradcli.commands.picturing import Wanted
    from gradcli.commands.retelling import Point
    from gradcli.output.pictures.scene import Series

F = TypeVar("F", bound=Callable[..., Any])

#: A frame is drawn at most so often, in seconds, and takes at most this share of the time.
PERIOD, SHARE = 0.1, 0.25

_HIDE, _SHOW, _UP, _CLEAR = "\x1b[?25l", "\x1b[?25h", "\x1b[{}F", "\x1b[J"


def plot_options(function: F) -> F:
    """`--plot` and `--plot-out`."""
    function = click.option(
        "--plot-out", metavar="FILE", help="Write a picture to FILE.html, .png, .svg or .pdf as well."
    )(function)
    return click.option("--plot", is_flag=True, help="Draw a picture below the answer as well.")(function)


def check_plot(how: Mapping[str, Any], format_: str, get: str | None) -> None:
    """Raises UsageProblem where a picture would end up in what a script reads, or in no kind of file."""
    if (how["plot"] or how.get("live")) and (format_ != "text" or get is not None):
        flag = "--plot" if how["plot"] else "--live"
        raise UsageProblem(
            f"{flag} draws below the text, not into what a script reads",
            hint="--plot-out FILE.svg writes a file",
        )
    if how["plot_out"]:
        from gradcli.commands.filing import ALL, kind_of

        kind_of(how["plot_out"], ALL)


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


def illustrate_series(
    how: Mapping[str, Any], title: str, series: Callable[[], Sequence[Series]], color: str
) -> None:
    """Draw the convergence of several descents where that was asked for."""
    if not (how["plot"] or how["plot_out"]):
        return
    from gradcli.output.pictures.convergence import convergence_picture

    picture = convergence_picture(title, series())
    if how["plot"]:
        from gradcli.commands.plot import terminal_size, write_picture

        write_picture(picture, *terminal_size(), color)
    if how["plot_out"]:
        from gradcli.commands.filing import write_file

        write_file(picture, how["plot_out"])


class Live:
    """Draws the way again and again on the terminal while it grows; the last frame stays."""

    def __init__(self, want: Callable[[Sequence[Point]], Wanted], color: str) -> None:
        self._want, self._color = want, color
        self._lines, self._due = 0, monotonic() + PERIOD

    def tell(self, way: Sequence[Point]) -> None:
        """The way has grown: draw it, if enough time has passed."""
        begun = monotonic()
        if begun >= self._due:
            self._draw(way)
            self._due = monotonic() + max(PERIOD, (monotonic() - begun) / SHARE)

    def end(self, way: Sequence[Point]) -> None:
        """Draw the last frame, and leave the terminal as it was."""
        try:
            self._draw(way)
        finally:
            sys.stdout.write(_SHOW)
            sys.stdout.flush()

    def _draw(self, way: Sequence[Point]) -> None:
        from gradcli.commands.plot import drawn, terminal_size
        from gradcli.commands.speaking import colored
        from gradcli.output.pictures.terminal import colours, picture_text, samples_for

        columns, rows = terminal_size()
        picture = drawn(self._want(way), False, samples_for(columns, rows))
        text = picture_text(picture, columns, rows, colours(colored(self._color, sys.stdout)))
        back = _UP.format(self._lines) if self._lines else ""
        sys.stdout.write(_HIDE + back + _CLEAR + text)
        sys.stdout.flush()
        self._lines = text.count("\n")
