"""Any picture → lines for a terminal of a given size."""

from __future__ import annotations

import os

from gradcli.output.pictures.scene import CurvePicture, LandscapePicture, Picture

#: Smaller than this nothing can be seen.
LEAST_COLUMNS, LEAST_ROWS = 20, 8


def picture_text(picture: Picture, columns: int, rows: int, colour: int) -> str:
    """The picture in *rows* lines of at most *columns* cells; colour: 0 for none, else how many the terminal has."""
    columns, rows = max(columns, LEAST_COLUMNS), max(rows, LEAST_ROWS)
    if isinstance(picture, CurvePicture):
        from gradcli.output.pictures.terminal_curve import curve_lines as lines_of
    elif isinstance(picture, LandscapePicture):
        from gradcli.output.pictures.terminal_landscape import landscape_lines as lines_of  # type: ignore[assignment]
    else:
        from gradcli.output.pictures.convergence_picture import convergence_lines as lines_of  # type: ignore[assignment]
    return "".join(line + "\n" for line in lines_of(picture, columns, rows, colour))  # type: ignore[arg-type]


def samples_for(columns: int, rows: int) -> tuple[int, int]:
    """How many samples across and down suit a terminal: contours are straight within a cell of 2 × 2 dots."""
    return max(columns, LEAST_COLUMNS), 2 * max(rows, LEAST_ROWS)


def colours(colored: bool) -> int:
    """How many colours the terminal has, as far as it says; 0 where none are wanted."""
    many = "256" in os.environ.get("TERM", "") or os.environ.get("COLORTERM")
    return (256 if many else 16) if colored else 0
