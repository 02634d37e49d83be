"""A picture on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gradcli.language.errors import UsageProblem
from gradcli.shell.options.picture_options import size_of
from gradcli.shell.plots.plot_request import PlotRequest, draw
from gradcli.shell.process.terminal_size import screen_size
from gradcli.shell.writers.answer_writer import colored

if TYPE_CHECKING:
    from gradcli.output.pictures.scene import Picture


def on_terminal(want: PlotRequest, converges: bool, size: str | None, color: str) -> Picture:
    """Draw on stdout, as large as the terminal without the line of the next prompt."""
    from gradcli.output.pictures.terminal_picture import LEAST_COLUMNS, LEAST_ROWS, samples_for

    columns, rows = terminal_size() if size is None else size_of(size, "for example --size 100x30")
    if size is not None and (columns < LEAST_COLUMNS or rows < LEAST_ROWS):
        least = f"{LEAST_COLUMNS}x{LEAST_ROWS}"
        raise UsageProblem(
            f"--size {size} is too small: in less than {least} nothing can be seen", hint=f"--size {least}"
        )
    picture = draw(want, converges, samples_for(columns, rows))
    if size is None and sys.stderr.isatty():  # what is said below it must not push its title out of sight
        rows -= sum(-(-len(f"note: {note}") // columns) for note in picture.notes)
    write_picture(picture, columns, rows, color)
    return picture


def terminal_size() -> tuple[int, int]:
    """Columns and lines of the terminal, without the line of the next prompt."""
    columns, lines = screen_size()
    return columns, lines - 1


def write_picture(picture: Picture, columns: int, rows: int, color: str) -> None:
    """Write a picture to stdout."""
    from gradcli.output.pictures.terminal_picture import colours, picture_text

    sys.stdout.write(picture_text(picture, columns, rows, colours(colored(color, sys.stdout))))
