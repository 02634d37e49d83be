"""Powers of balls as wide as boxes, and the derivatives of digamma."""

from __future__ import annotations

from typing import Any

from gradcli.calculus.enclosures.wide_balls import ONE, UNKNOWN, Wide, by_balls, even, from_ends


def square(x: Any) -> Any:
    """x*x, not below 0."""
    low, high = x.abs_lower(), x.abs_upper()
    return (low * low).union(high * high)


def whole_power(n: int) -> Wide:
    """x**n for a whole n."""
    if n < 0:
        inner = whole_power(-n)
        return lambda x: ONE / inner(x)
    if n == 0:
        return lambda x: ONE if x.is_finite() else UNKNOWN
    if n == 1:
        return lambda x: x
    if n == 2:
        return square
    return even(_product(n)) if n % 2 == 0 else from_ends(_product(n))


def _product(n: int) -> Wide:
    """x**n by squaring, for a thin ball that may be 0."""

    def carried_out(x: Any) -> Any:
        """The product of so many factors."""
        found, factor, left = None, x, n
        while left:
            if left & 1:
                found = factor if found is None else found * factor
            left >>= 1
            if left:
                factor = factor * factor
        return found

    return carried_out


def power(x: Any, y: Any) -> Any:
    """x**y of a positive x, and of what the table decides."""
    return (y * x.log()).exp() if x > 0 else by_balls("pow")(x, y)


def power_log(x: Any, y: Any) -> Any:
    """x**y*log(x)."""
    if not x > 0:
        return by_balls("power_log")(x, y)
    log = x.log()
    return (y * log).exp() * log


def rational_power(exponent: Any) -> Wide:
    """x**exponent, an exact number that is not whole, of what is positive."""

    raised = by_balls("pow")
    inner = from_ends(lambda x: raised(x, exponent))
    return lambda x: inner(x) if x > 0 else UNKNOWN


def polygamma(order: Any) -> Wide:
    """The derivative of a whole *order* of digamma, which rises, or for an odd order falls, above 0."""
    function = by_balls("polygamma")
    inner = from_ends(lambda end: function(order, end))
    return lambda x: inner(x) if x > 0 else UNKNOWN
