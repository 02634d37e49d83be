"""Where rows come from: the file and the number of each, in little room where rows are left out."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from gradcli.data.columns.column_block import Block
from gradcli.data.readers.data_files import base_name


class _Some:
    """Increasing numbers as bits, one for each number between the first and the last."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._first, self._count = numbers[0], len(numbers)
        bits = bytearray((numbers[-1] - self._first) // 8 + 1)
        for number in numbers:
            place = number - self._first
            bits[place >> 3] |= 1 << (place & 7)
        self._bits = bytes(bits)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        for place, byte in enumerate(self._bits):
            yield from (self._first + 8 * place + bit for bit in range(8) if byte >> bit & 1)

    def __getitem__(self, index: int) -> int:
        for place, byte in enumerate(self._bits):
            here = byte.bit_count()
            if index < here:
                return [self._first + 8 * place + bit for bit in range(8) if byte >> bit & 1][index]
            index -= here
        raise IndexError(index)


def _kept(numbers: Sequence[int]) -> Any:
    """The numbers of a block's rows in the form that takes the least room."""
    if isinstance(numbers, range):
        return numbers
    few = numbers[-1] - numbers[0] > 64 * len(numbers)
    return array("q", numbers) if few else _Some(numbers)


class RowPlaces:
    """Where rows come from, as the readers count: the file, and the number of the row in it."""

    def __init__(self, files: Sequence[str]) -> None:
        self.files = files
        self._starts: list[int] = []
        self._blocks: list[tuple[str, Any]] = []
        self.rows = 0

    def add(self, block: Block) -> None:
        """The rows of one more block."""
        if not len(block.numbers):
            return
        self._starts.append(self.rows)
        self._blocks.append((block.file, _kept(block.numbers)))
        self.rows += len(block.numbers)

    def by_file(self) -> dict[str, list[int]]:
        """The files, each with the numbers of its rows."""
        found: dict[str, list[int]] = {}
        for file, numbers in self._blocks:
            found.setdefault(file, []).extend(numbers)
        return found

    def short(self, row: int) -> str:
        """The number of a row that is counted from 0, with its file where there are several."""
        place = bisect_right(self._starts, row) - 1
        file, numbers = self._blocks[place]
        number = numbers[row - self._starts[place]]
        return str(number) if len(self.files) == 1 else f"{number} of {base_name(file)}"

    def some(self, start: int, rows: int) -> RowPlaces:
        """Those of some rows one after the other."""
        return _SomePlaces(self, start, rows)

    def __call__(self, row: int) -> str:
        """The same in a sentence."""
        return f"row {self.short(row)}"


class _SomePlaces(RowPlaces):
    """Where some of the rows come from."""

    def __init__(self, whole: RowPlaces, start: int, rows: int) -> None:
        super().__init__(whole.files)
        self._whole, self._start, self.rows = whole, start, rows

    def short(self, row: int) -> str:
        """The number of a row, with its file where there are several."""
        return self._whole.short(self._start + row)
