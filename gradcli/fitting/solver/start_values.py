"""Where descents may begin: values that the data suggest, spread over the parameters that have none; and a start varied.

Repeatable: the values and their order come from the data alone, and points among many are those of Halton's sequence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

#: Points that are looked at, at most.
POINTS = 1200

#: What a start is multiplied with, all of it and each number by itself.
FACTORS = (0.1, 10.0, 0.5, 2.0, 0.01, 100.0, 0.001, 1000.0)

#: Numbers of waves that are tried, at most.
WAVES = 100

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)

#: Shares of a column's range at which something may be.
_SHARES = (0.5, 0.25, 0.75, 0.1, 0.9)


def suggested_values(columns: Mapping[str, Sequence[float]], target: Sequence[float]) -> list[float]:
    """Numbers that parameters of a model of these columns may be near to, each once.

    Rates, places and widths on the scale of each column, levels of the target, and plain numbers.
    """
    found = [1.0, 0.0, -1.0]
    for column in columns.values():
        low, high = min(column), max(column)
        span = high - low or abs(high) or 1.0
        for power in (0, -1, 1, -2, 2):
            rate = 10.0**power
            found += [rate / span, 3 * rate / span, -rate / span]
        found += [low + share * span for share in _SHARES]
        found += [column[place] for place in _ends(target)]
        found += [share * span for share in (0.1, 0.3, 0.03)]
        found += [1 / span**2, -1 / span**2, 0.1 / span**3]
    low, high = min(target), max(target)
    found += [high, low, high - low, 0.5 * (high + low), low - high]
    found += [0.5, 2.0, 0.1, 10.0, -0.1, 5.0]
    return list(dict.fromkeys(x for x in found if math.isfinite(x)))


def wave_numbers(columns: Mapping[str, Sequence[float]]) -> list[float]:
    """Periods, frequencies and angular frequencies that columns of these numbers can tell apart, each once.

    Of k waves over the range, for k from one half in steps of a half, up to two rows a wave or `WAVES` in all.
    """
    found = list[float]()
    for column in columns.values():
        span = max(column) - min(column)
        for number in range(1, min(len(column), WAVES) + 1 if span else 0):
            rate = number / 2 / span
            found += [1 / rate, rate, 2 * math.pi * rate]
    return list(dict.fromkeys(x for x in found if math.isfinite(x)))


def between_rows(columns: Mapping[str, Sequence[float]]) -> list[float]:
    """Places between neighbouring numbers of each column, at even distances where there are more than `WAVES`, each once."""
    found = list[float]()
    for column in columns.values():
        numbers = sorted(set(column))
        step = max(1, math.ceil((len(numbers) - 1) / WAVES))
        found += [(a + b) / 2 for a, b in list(pairwise(numbers))[::step]]
    return list(dict.fromkeys(x for x in found if math.isfinite(x)))


def _ends(target: Sequence[float]) -> tuple[int, int]:
    """The rows in which the target is largest and least."""
    rows = range(len(target))
    return max(rows, key=target.__getitem__), min(rows, key=target.__getitem__)


def spread_points(values: Sequence[float], count: int, most: int = POINTS) -> Iterator[tuple[float, ...]]:
    """Points of *count* of the values: all of them, or those of Halton's sequence where that would be too many."""
    if len(values) ** count <= most:
        yield from product(values, repeat=count)
        return
    for number in range(1, most + 1):
        yield tuple(
            values[int(_halton(number, _PRIMES[k % len(_PRIMES)]) * len(values))] for k in range(count)
        )


def _halton(number: int, base: int) -> float:
    """The radical inverse (Halton 1960)."""
    found, share = 0.0, 1.0
    while number:
        share /= base
        number, digit = divmod(number, base)
        found += share * digit
    return found


def varied(start: Sequence[float], moving: Sequence[int]) -> Iterator[list[float]]:
    """The start with the numbers at *moving* multiplied, all of them and one by one."""
    for factor in FACTORS:
        yield [x * factor if k in moving else x for k, x in enumerate(start)]
    if len(moving) > 1:
        for factor in FACTORS:
            for one in moving:
                yield [x * factor if k == one else x for k, x in enumerate(start)]
