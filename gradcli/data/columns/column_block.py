"""Columns of numbers in one piece, or in blocks of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradcli.data.columns.carried_rows import CarriedRows

#: The numbers of a column: an `array("d")`, or an array of NumPy where PyArrow has read it; both are buffers of doubles. Those
#: of a whole column may be `NumbersInBlocks`.
Values = Any


class Block(NamedTuple):
    """Some rows of a file.

    file: its name as it was given. numbers: those of the rows in the file, counted from 1 after the header. values: for
    each wanted column its numbers, nan where one is missing. left_out: rows since the block before that were left out
    because a cell is missing. carried: all cells of the rows, where they were asked for.
    """

    file: str
    numbers: Sequence[int]
    values: tuple[Values, ...]
    left_out: int = 0
    carried: CarriedRows | None = None

    def carrying(self, rows: CarriedRows, first: int) -> Block:
        """The block with its rows of *rows*, which begin with number *first*."""
        if self.left_out:
            rows = rows.take([number - first for number in self.numbers])
        return self._replace(carried=rows)


class Columns(NamedTuple):
    """Columns that are held whole.

    names: as they were asked for. values: for each its numbers. rows: how many each has. files: each file with the number
    of rows that it gave, in order. left_out: rows that were left out because a cell is missing.
    """

    names: tuple[str, ...]
    values: tuple[Values, ...]
    rows: int
    files: tuple[tuple[str, int], ...]
    left_out: int
