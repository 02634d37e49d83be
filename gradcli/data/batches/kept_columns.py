"""Blocks of rows → whole columns: held in memory, or from so many numbers on kept on disk and read in blocks.

Sizes decide: the numbers are the same, and exact sums do not know where they came from.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gradcli.data.batches.stored_columns import StoredColumns
from gradcli.data.columns.column_block import Block, Columns, Values
from gradcli.language.limits import limit

#: Numbers that are held at most, of all columns together: 160 megabytes.
HELD = 20_000_000


def kept_columns(
    found: Iterable[Block], files: Sequence[str], names: Sequence[str], seen: Callable[[Block], object]
) -> Columns:
    """The columns *names* that come in blocks of the *files*. seen: is told of each block.

    Raises InputProblem where there is no room on disk, and what the blocks raise.
    """
    kept, left_out = _Kept(len(names)), 0
    counts: dict[str, int] = dict.fromkeys(files, 0)
    for block in found:
        kept.add(block.values, len(block.numbers))
        left_out += block.left_out
        counts[block.file] += len(block.numbers)
        seen(block)
    return Columns(tuple(names), kept.columns(), kept.rows, tuple(counts.items()), left_out)


class _Kept:
    """Columns that grow: in memory, until they are too large for it."""

    def __init__(self, count: int) -> None:
        self.rows, self._count = 0, count
        self._most = min(HELD, int(limit("cells")))
        self._held = [array("d") for _ in range(count)]
        self._stored: StoredColumns | None = None

    def add(self, values: Sequence[Values], rows: int) -> None:
        self.rows += rows
        if self._stored is None and self.rows * self._count > self._most:
            self._stored = StoredColumns((), self._count)
            self._stored.add(self._held)
            self._held = []
        if self._stored is not None:
            self._stored.add(values)
            return
        for whole, numbers in zip(self._held, values, strict=True):
            _extend(whole, numbers)

    def columns(self) -> tuple[Values, ...]:
        if self._stored is None:
            return tuple(self._held)
        return tuple(map(self._stored.numbers, range(self._count)))


def _extend(whole: array[float], numbers: Any) -> None:
    """Add numbers where an array is: it grows in place, so that nothing is held twice."""
    if isinstance(numbers, array):
        whole.extend(numbers)
        return
    view = memoryview(numbers)
    whole.frombytes(view.cast("B") if view.contiguous else view.tobytes())
