"""Numbers of rows that are read where they are asked for: slices of them are views, and only what is looked at is held."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import Any, overload

from gradcli.calculus.program.typed_numbers import shortest_decimal

#: Numbers that are read together where all are gone through.
_TOGETHER = 65_536

#: Between the places of a view this many numbers are read with them; numbers further apart are read one by one.
_NEAR = 64


class NumbersInBlocks:
    """A column of floats. read: gives the numbers from a place of it up to another. places: those that it has."""

    def __init__(self, read: Callable[[int, int], array[float]], places: range) -> None:
        self._read, self._places = read, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, key: int) -> float: ...

    @overload
    def __getitem__(self, key: slice) -> NumbersInBlocks: ...

    def __getitem__(self, key: int | slice) -> float | NumbersInBlocks:
        if isinstance(key, slice):
            return NumbersInBlocks(self._read, self._places[key])
        place = self._places[key]
        return self._read(place, place + 1)[0]

    def __iter__(self) -> Iterator[float]:
        for start in range(0, len(self), _TOGETHER):
            yield from self[start : start + _TOGETHER].held()

    def held(self) -> array[float]:
        """All of them."""
        places = self._places
        if not places:
            return array("d")
        if abs(places.step) > _NEAR:
            return array("d", (self._read(place, place + 1)[0] for place in places))
        whole = self._read(min(places[0], places[-1]), max(places[0], places[-1]) + 1)
        return whole if places.step == 1 else whole[:: places.step]

    def tolist(self) -> list[float]:
        """The same as a list."""
        return self.held().tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """The same as an array of NumPy."""
        import numpy as np

        return np.asarray(self.held(), dtype=dtype)


class Decimals:
    """The numbers of a column of a file as decimals, the shortest that are read as its floats: made where one is looked at."""

    def __init__(self, numbers: Any) -> None:
        self._numbers = numbers

    def __getitem__(self, row: int) -> float:
        return shortest_decimal(float(self._numbers[row]))


def counted(low: int, high: int) -> NumbersInBlocks:
    """The whole numbers from *low* to *high*, each as a float."""

    def read(start: int, stop: int) -> array[float]:
        return array("d", map(float, range(low + start, low + stop)))

    return NumbersInBlocks(read, range(max(high - low + 1, 0)))
