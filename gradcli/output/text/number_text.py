"""Numbers as text: a few significant digits for people, all of them for machines."""

from __future__ import annotations


def shown(value: float | str | None, digits: int = 10) -> str:
    """*value* with that many significant digits and no trailing zeros; `none` where there is no number.

    Text is a decimal of more digits than a float has, rounded elsewhere; only what has even more is rounded here.
    Integers are counts and stay whole. A negative zero is shown as 0: its sign would only puzzle.
    """
    if value is None:
        return "none"
    if isinstance(value, str):
        return value if len(value) <= digits else _rounded(value, digits)
    if isinstance(value, int):
        return str(value)
    return format(value, f".{digits}g") if value else "0"


def exact(value: float | str) -> str:
    """The shortest text that reads back as the very same float: 43.0, 0.1, 1e+22, -0.0, inf, nan."""
    return value if isinstance(value, str) else repr(value)


def _rounded(text: str, digits: int) -> str:
    """A decimal text with that many significant digits at the most."""
    from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, InvalidOperation

    try:
        whole = Decimal(text)
        number = Context(digits, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation]).plus(whole)
    except (InvalidOperation, OverflowError):
        return text  # even decimal's exponents end somewhere
    return text if number == whole or not number.is_finite() else str(number)
