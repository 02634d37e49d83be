"""Columns in one piece of memory each, and where it is: what machine code reads."""

from __future__ import annotations

from array import array
from typing import Any


def as_doubles(numbers: Any) -> Any:
    """The numbers as an array of doubles that lie side by side: the standard library's, or NumPy's."""
    if isinstance(numbers, array):
        return numbers
    if hasattr(numbers, "held"):  # those that are read in blocks
        return numbers.held()
    import numpy as np

    return np.ascontiguousarray(numbers, dtype=np.float64)


def address(numbers: Any) -> int:
    """Where such an array begins. It must be held for as long as that is used."""
    found: int = numbers.buffer_info()[0] if isinstance(numbers, array) else numbers.ctypes.data
    return found


def zeros(kind: str, count: int) -> array[Any]:
    """So many numbers, all 0, of a kind of `array`."""
    return array(kind, [0]) * count
