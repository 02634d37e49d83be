"""Fractions whose expansions end → the decimals that they are."""

from __future__ import annotations

from fractions import Fraction

#: Digits of a fraction that is written as a decimal, where it is not half as long as the fraction.
_MOST_DIGITS = 12


def decimal_text(value: Fraction) -> str | None:
    """The decimal that a positive fraction is; None where it does not end, or not half as soon as the fraction."""
    places = decimal_places(value.denominator)
    if places is None:
        return None
    digits = str(value.numerator * 10**places // value.denominator)
    if len(digits) > _MOST_DIGITS and len(digits) > len(f"{value.numerator}{value.denominator}") / 2 + 1:
        return None
    if places - len(digits) > 4:
        return _scientific(digits, places)
    digits = digits.rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def decimal_places(denominator: int) -> int | None:
    """How many decimals a fraction has that ends; None for others."""
    most = 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        most = max(most, count)
    return most if denominator == 1 else None


def _scientific(digits: str, places: int) -> str:
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{mantissa}e-{places - len(digits) + 1}"
