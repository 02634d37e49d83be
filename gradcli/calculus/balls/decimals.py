"""Decimals and doubles → exact rationals; rationals and balls → decimals and doubles."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from math import frexp
from typing import Any

from flint import arb, fmpq, fmpz

from gradcli.calculus.balls.ball_numbers import Number, exact, integer_below, working_bits

DECIMAL = re.compile(r"([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?")

#: Decimals of more places are balls and no rationals.
_MOST_PLACES = 5_000


def double(x: float) -> Any:
    """The rational that a double is."""
    return fmpq(*float(x).as_integer_ratio())


def power_of_two(size: float, exponent: int) -> Any:
    """2**exponent times the power of two next below *size*."""
    return fmpq(2) ** (frexp(size)[1] - 1 + exponent)


@lru_cache(512)
def rational(text: str) -> Any:
    """The rational that a decimal spells; None for any other text, or one of very many places."""
    match = DECIMAL.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return None
    sign, whole, fraction, power = match.groups()
    places = len(fraction) - int(power or 0)
    if abs(places) > _MOST_PLACES:
        return None
    digits = fmpz(_integer(whole + fraction)) * (-1 if sign == "-" else 1)
    return fmpq(digits, fmpz(10) ** places) if places > 0 else fmpq(digits * fmpz(10) ** -places)


def _integer(digits: str) -> int:
    sys.set_int_max_str_digits(0)  # lengths have been bounded where texts came in
    return int(digits)


def rational_of(x: Any) -> Number:
    """The rational that a ball of no width is; the ball itself where its exponent is very long."""
    mantissa, exponent = x.man_exp()
    return x if abs(exponent) > 4 * _MOST_PLACES else fmpq(mantissa) * fmpq(2) ** int(exponent)


def nearest_double(x: Number) -> float:
    """The double nearest to a number, or to the middle of a narrow ball; infinite where it is too large."""
    if exact(x):
        try:
            return int(x.p) / int(x.q) + 0.0
        except OverflowError:
            return float("inf") if x > 0 else float("-inf")
    return float(x) + 0.0


def decimal_text(x: Number, digits: int) -> str:
    """A number, or the middle of a narrow ball, as a decimal of so many significant digits, without trailing zeros.

    Fixed where few zeros stand next to the point, else with an exponent: 0.001, 1.5e-30, 12e+40.
    """
    if not exact(x):
        mantissa, exponent = x.mid().man_exp()
        if abs(exponent) > 40_000 + 8 * digits:
            return _far_text(x, digits)
        x = fmpq(mantissa) * fmpq(2) ** int(exponent)
    if x == 0:
        return "0"
    sign, size = ("-", -x) if x < 0 else ("", x)
    power = _power_of_ten(size)
    shift = digits - 1 - power
    scaled = size * fmpz(10) ** shift if shift >= 0 else size / fmpz(10) ** -shift
    rounded = int((scaled + fmpq(1, 2)).floor())
    if rounded >= 10**digits:
        rounded, power = rounded // 10, power + 1
    return sign + _written(str(rounded), power, digits)


def _power_of_ten(size: Any) -> int:
    """The k with 10**k ≤ size < 10**(k + 1)."""
    bits = int(size.p).bit_length() - int(size.q).bit_length()
    guess = (bits * 30103) // 100000
    for k in (guess + 1, guess, guess - 1, guess - 2):
        if (size >= fmpz(10) ** k) if k >= 0 else (size * fmpz(10) ** -k >= 1):
            return k
    return guess - 3


def _written(figures: str, power: int, digits: int) -> str:
    """Figures of a number of that power of ten, as mathematicians write it."""
    if min(-(digits // 3), -5) < power < digits:
        if power >= 0:
            whole, rest = figures[: power + 1], figures[power + 1 :].rstrip("0")
        else:
            whole, rest = "0", ("0" * (-power - 1) + figures).rstrip("0")
        return f"{whole}.{rest}" if rest else whole
    rest = figures[1:].rstrip("0")
    return f"{figures[0]}.{rest or '0'}e{power:+d}"


def _far_text(x: Any, digits: int) -> str:
    """A ball whose exponent is too long for a rational."""
    with working_bits(int(digits * 3.33) + 64):
        text = str(x.mid().str(digits, radius=False))
    figures, _, power = text.partition("e")
    figures = figures.rstrip("0") if "." in figures else figures
    return f"{figures}{'0' if figures.endswith('.') else ''}e{int(power or 0):+d}"


def size_text(x: Number) -> str:
    """A bound on a ball's size in absolute value as a power of ten: `1e-4932`."""
    upper = abs(x).upper() if not exact(x) else arb(abs(x))
    if upper.is_zero():
        return "0"
    power = -integer_below(-(upper.log() / arb(10).log()).upper())
    return f"1e{int(power)}"
