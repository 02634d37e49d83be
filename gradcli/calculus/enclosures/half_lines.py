"""Intervals that may reach to infinity, and what arithmetic makes of them.

Ends are floats, rounded outwards; None is the empty interval, outside of a domain. What nothing is known of reaches from
minus infinity to infinity.
"""

from __future__ import annotations

from math import inf, isnan, nextafter
from typing import Any

from flint import arb

Ends = tuple[float, float]
Part = Ends | None

ALL: Ends = (-inf, inf)


def outward(low: float, high: float) -> Ends:
    """The ends rounded outwards."""
    return (-inf if isnan(low) else nextafter(low, -inf), inf if isnan(high) else nextafter(high, inf))


def ends_of(x: Any) -> Ends:
    """The ends of a ball."""
    return from_to(x, x)


def from_to(a: Any, b: Any) -> Ends:
    """From the lower end of a ball to the upper end of another: exact where both are floats."""
    first, last = a.lower(), b.upper()
    if not (first.is_finite() and last.is_finite()):
        return ALL
    low, high = float(first), float(last)
    return (nextafter(low, -inf) if arb(low) > first else low), (
        nextafter(high, inf) if arb(high) < last else high
    )


def ball_of(x: Ends) -> Any:
    """The ball around an interval that has ends."""
    return arb(x[0]).union(arb(x[1]))


def _signed(found: Ends, *, above: bool, below: bool) -> Ends:
    """The same ends, not across 0 where the signs are known."""
    return max(found[0], 0.0) if above else found[0], min(found[1], 0.0) if below else found[1]


def added(a: Ends, b: Ends) -> Part:
    """The sum."""
    found = outward(a[0] + b[0], a[1] + b[1])
    return _signed(found, above=a[0] >= 0 and b[0] >= 0, below=a[1] <= 0 and b[1] <= 0)


def negated(a: Ends) -> Part:
    """The same with the other sign."""
    return -a[1], -a[0]


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0 or y == 0 else x * y


def multiplied(a: Ends, b: Ends) -> Part:
    """The product: where a factor is 0 it is 0, however large the other may be."""
    products = [_times(x, y) for x in a for y in b]
    same = (a[0] >= 0 and b[0] >= 0) or (a[1] <= 0 and b[1] <= 0)
    other = (a[0] >= 0 and b[1] <= 0) or (a[1] <= 0 and b[0] >= 0)
    return _signed(outward(min(products), max(products)), above=same, below=other)


def divided(a: Ends, b: Ends) -> Part:
    """The quotient; None for a divisor that is 0."""
    low, high = b
    if low == high == 0:
        return None
    if low < 0 < high:
        return ALL
    inverse = (1 / high if high else -inf, 1 / low if low else inf)
    return multiplied(a, _signed(outward(*inverse), above=low >= 0, below=high <= 0))


def size(a: Ends) -> Ends:
    """The absolute value."""
    return a if a[0] >= 0 else (-a[1], -a[0]) if a[1] <= 0 else (0.0, max(-a[0], a[1]))


def square(a: Ends) -> Part:
    """The square."""
    low, high = size(a)
    found = outward(low * low, high * high)
    return max(0.0, found[0]), found[1]
