"""Cells that hold nothing: how they are spelled, and what becomes of their rows."""

from __future__ import annotations

from typing import Literal

#: What stands in a cell that is missing, unless another list is given. An empty cell always is.
SPELLINGS = ("NA", "NaN", "nan", "null", "None", "-", "?")

#: A row in which a wanted cell is missing ends the reading, is left out, or is kept with nan in that cell.
Missing = Literal["error", "skip", "keep"]


def spellings_of(text: str) -> tuple[str, ...]:
    """A list as it is typed, `NA,n/a,-999`: it replaces the usual one. Blanks around a spelling do not count."""
    return tuple(dict.fromkeys(piece.strip() for piece in text.split(",") if piece.strip()))
