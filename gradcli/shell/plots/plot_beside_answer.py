"""`--plot`, `--out` and `--live`: pictures of what a command does, beside its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import InputProblem

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.output.pictures.scene import Series
    from gradcli.shell.plots.plot_request import PlotRequest
    from gradcli.shell.sessions.descent_path import Point


def illustrate(how: Mapping[str, Any], want: Callable[[], PlotRequest], color: str) -> None:
    """Draw the way of *want* where that was asked for."""
    if how["plot"]:
        from gradcli.shell.plots.terminal_plot import on_terminal

        on_terminal(want(), False, None, color)
    for name in how["plot_out"]:
        from gradcli.shell.plots.picture_file import draw_to_file

        with _beside_the_answer():
            draw_to_file(want(), False, name, None, None)


def path_request(compiled: Compiled, way: Sequence[Point], wrt: Sequence[str] | None) -> PlotRequest:
    """The picture of a way, its last point being where it stands."""
    from gradcli.shell.plots.plot_request import plot_request

    return plot_request(compiled, way[-1].at, way, None, {}, wrt)


def illustrate_series(how: Mapping[str, Any], title: str, series: Sequence[Series], color: str) -> None:
    """Draw the convergence of several descents as that was asked for."""
    from gradcli.output.pictures.convergence_picture import convergence_picture

    picture = convergence_picture(title, series)
    if how["plot"]:
        from gradcli.shell.plots.terminal_plot import terminal_size, write_picture

        write_picture(picture, *terminal_size(), color)
    for name in how["plot_out"]:
        from gradcli.shell.plots.picture_file import write_file

        with _beside_the_answer():
            write_file(picture, name)


@contextmanager
def _beside_the_answer() -> Iterator[None]:
    """A picture that cannot be written takes nothing back of what was answered and remembered before it."""
    try:
        yield
    except InputProblem as error:
        error.hint = "what is answered above stands: only its picture is missing"
        raise
