"""Intervals as text: ends rounded outwards, so that what is printed holds what was proved."""

from __future__ import annotations


def rounded(x: float, digits: int, *, up: bool) -> str:
    """*x* with so many significant digits, rounded up or down; no trailing zeros."""
    from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

    if x == 0:
        return "0"
    context = Context(digits, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    found = context.plus(Decimal(x))
    plain = format(found, "f") if -5 <= found.adjusted() < max(digits, 16) else format(found, "e")
    mantissa, _, power = plain.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{power}" if power else mantissa


def between(low: float | None, high: float | None, digits: int) -> str:
    """`between -1.031628453490 and -1.031628453489`, `3` for both ends the same, `at least 3`."""
    if low is None and high is None:
        return "without bounds, as far as was shown"
    if low is None or high is None:
        return f"at most {rounded(high or 0.0, digits, up=True)}" if low is None else (
            f"at least {rounded(low, digits, up=False)}"
        )  # fmt: skip
    if low == high:
        return rounded(low, 17, up=True)
    return f"between {rounded(low, digits, up=False)} and {rounded(high, digits, up=True)}"
