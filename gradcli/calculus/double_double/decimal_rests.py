"""How far decimals are from their floats: constants, and cells, the shortest that are read as these (`typed_numbers`)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import isfinite
from typing import Any

from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.backends.rounding_error import constant_error
from gradcli.calculus.double_double.lanes import ArrayLanes
from gradcli.calculus.double_double.pair_arithmetic import NOTHING, Pair, exact_sum
from gradcli.calculus.program.typed_numbers import shortest_decimal, text_of

#: Sizes between which all of the powers of ten are floats that make whole numbers of the digits.
_SMALL, _LARGE = 1e-5, 1e14

#: Numbers are above this in size, so that their rests are normal floats.
_TINY = 2.0**-900

#: More figures than a pair has.
_FIGURES = {
    "pi": "3.14159265358979323846264338327950288419717",
    "e": "2.71828182845904523536028747135266249775725",
}

#: Digits that decimals of floats have at most; so many as tell the decimal, if there is one.
_MOST, _ALWAYS = 17, 15

#: Parts of half of a last place, or of the last digit, that are told apart.
_NEAR = 2.0**-40


def rest_of(given: Any, x: float) -> float | None:
    """What a number was typed as less its float, off by at most half of a last place; None where it is no decimal.

    And where the float is not next to it, or so small that the rest is not a normal one.
    """
    text = text_of(given)
    if text is None:
        return 0.0
    try:
        rest = Fraction(text) - Fraction(x) if isfinite(x) and _is_plain(text) else None
    except (ValueError, ZeroDivisionError):
        return None
    if rest is None or not rest:
        return None if rest is None else 0.0
    return float(rest) if abs(x) > _TINY and abs(rest) < abs(x) * 2.0**-52 else None


def _is_plain(text: str) -> bool:
    """Whether the fraction of a decimal is no monster."""
    return len(text) < 400 and len(text.lower().partition("e")[2]) <= 4


def rests(numbers: Any) -> Any:
    """The shortest decimals of an array of floats less these, off by at most 2**-50 of themselves; nan of tiny ones.

    Of the decimals of 15, 16 and 17 digits next to a float, the first that is less than half of a last place away is the
    shortest that is read as it; so it is of powers of two, whose places are half as large below. All that is compared is
    exact, but for the quotients. The few where these do not tell, and sizes beyond the powers of ten, are written out.
    """
    import numpy as np

    m, size = ArrayLanes(), np.abs(numbers)
    plain = (size >= _SMALL) & (size < _LARGE)
    size = np.where(plain, size, 0.3)
    half = m.power_of_two(m.exponent(size) - 53.0)
    digits, powers = np.floor(np.log10(size)).astype(np.int64), np.array([float(10**n) for n in range(23)])
    found, clear, told = (
        np.zeros(size.shape),
        np.ones(size.shape, dtype=bool),
        np.zeros(size.shape, dtype=bool),
    )
    for count in range(_ALWAYS, _MOST + 1):
        power = powers[count - 1 - digits]
        product, rest = m.product(size, power)
        gap, left = exact_sum(product - np.rint(product), rest)
        gap = (gap - np.rint(gap)) + left
        share = np.abs(gap) / (power * half)
        clear &= told | ((np.abs(share - 1.0) > _NEAR) & (np.abs(np.abs(gap) - 0.5) > _NEAR))
        first = ~told & (share < 1.0)
        found, told = np.where(first, -gap / power, found), told | first
    found = np.where(numbers < 0, -found, found)
    scaled = np.where(np.abs(numbers) < 1e9, numbers, 0.3) * 64.0  # as `is_short` has it
    short = scaled == np.floor(scaled)
    found[short] = 0.0
    for place in np.flatnonzero(~short & ~(plain & clear & told)).tolist():
        x = float(numbers[place])
        rest = rest_of(shortest_decimal(x), x)
        found[place] = np.nan if rest is None else rest
    return found


@cache
def pair_of(text: str) -> Pair:
    """A constant, off by less than a unit of itself, and not where the float is it; no number where that is not told."""
    number = constant(text)
    rest = rest_of(_FIGURES.get(text, text), number) if constant_error(text, number) else 0.0
    return Pair(NOTHING, 0.0) if rest is None else Pair(number, rest)
