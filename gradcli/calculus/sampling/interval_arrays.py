"""A program of arithmetic over many boxes at once: the ends of every slot in floats, rounded outwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.program.program import Program

#: The lower ends and the upper ends: arrays, or floats for all boxes.
Interval = tuple[Any, Any]

#: All numbers.
_ALL: Interval = (-math.inf, math.inf)

#: The largest power that is carried out as products.
_POWER = 32


def intervals_of(program: Program, sides: Sequence[Interval]) -> list[Interval]:
    """Every slot of an arithmetic program over the boxes whose variables have these *sides*.

    The floats nearest to the true ends of each operation, and one float further out (Moore, Interval Analysis, 1966).
    """
    slots = [*sides, *(around(number_of(text, 64)) for text in program.constants)]
    with np.errstate(all="ignore"):
        for op, *places in program.code:
            slots.append(_OPERATIONS[op](*(slots[place] for place in places)))
    return slots


def is_arithmetic(program: Program) -> bool:
    """Whether `intervals_of` knows all of a program's operations."""
    return all(op in _OPERATIONS for op, *_ in program.code)


def around(number: Any) -> tuple[float, float]:
    """The floats next to a rational or a ball, below and above; the rational itself where it is a float."""
    low, high = ball(number).lower(), ball(number).upper()
    below, above = nearest_double(low), nearest_double(high)
    return (
        below if double(below) == number else math.nextafter(below, -math.inf),
        above if double(above) == number else math.nextafter(above, math.inf),
    )


def difference(x: Interval, y: Interval) -> Interval:
    """x - y."""
    return _outward(x[0] - y[1], x[1] - y[0])


def total(*terms: Interval) -> Interval:
    """The sum."""
    low, high = terms[0]
    for term in terms[1:]:
        low, high = _outward(low + term[0], high + term[1])
    return low, high


def _outward(low: Any, high: Any) -> Interval:
    return np.nextafter(low, -math.inf), np.nextafter(high, math.inf)


def product(x: Interval, y: Interval) -> Interval:
    """x*y."""
    ends = [a * b for a in x for b in y]
    return _outward(np.minimum.reduce(ends), np.maximum.reduce(ends))


def _square(x: Interval) -> Interval:
    low, high = x[0] * x[0], x[1] * x[1]
    least = np.where((x[0] <= 0) & (x[1] >= 0), 0.0, np.minimum(low, high))
    return _outward(least, np.maximum(low, high))


def _power(x: Interval, y: Interval) -> Interval:
    """Powers whose exponent is a small whole number."""
    if np.ndim(y[0]) or y[0] != y[1] or y[0] not in range(1, _POWER):
        return _ALL
    n = int(y[0])
    if n == 1:
        return x
    half = _square(_power(x, (n // 2, n // 2)))
    return product(half, x) if n % 2 else half


def _quotient(x: Interval, y: Interval) -> Interval:
    """All numbers where the divisor may be 0."""
    ends = [a / b for a in x for b in y]
    divides = (y[0] > 0) | (y[1] < 0)
    low = np.where(divides, np.minimum.reduce(ends), -math.inf)
    return _outward(low, np.where(divides, np.maximum.reduce(ends), math.inf))


_OPERATIONS: dict[str, Callable[..., Interval]] = {
    "add": total,
    "sub": difference,
    "neg": lambda x: (-x[1], -x[0]),
    "mul": product,
    "square": _square,
    "pow": _power,
    "div": _quotient,
}
