"""How large the terminal is, or says that it is."""

from __future__ import annotations

import os

#: Beyond this nobody sits in front of it: COLUMNS and LINES are as absurd as no numbers at all.
MOST_COLUMNS, MOST_LINES = 2_000, 1_000

#: Where nobody knows.
USUAL = (80, 24)


def screen_size() -> tuple[int, int]:
    """Columns and lines: COLUMNS and LINES where they make sense, else what the terminal itself says."""
    from shutil import get_terminal_size

    columns, lines = get_terminal_size()
    if columns <= MOST_COLUMNS and lines <= MOST_LINES:
        return columns, lines
    try:
        own: tuple[int, int] = tuple(os.get_terminal_size(1))  # type: ignore[assignment]
    except (OSError, ValueError):
        own = USUAL
    sensible = 0 < own[0] <= MOST_COLUMNS and 0 < own[1] <= MOST_LINES
    other = own if sensible else USUAL
    return columns if columns <= MOST_COLUMNS else other[0], lines if lines <= MOST_LINES else other[1]


def screen_width() -> int:
    """The columns."""
    return screen_size()[0]
