"""Powers on intervals that may reach to infinity."""

from __future__ import annotations

from math import inf, isinf
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS
from gradcli.calculus.enclosures.half_lines import ALL, Ends, Part, divided, ends_of, size


def raised(a: Ends, exponent: Any) -> Part:
    """A power of what is not negative, of an exponent that is not whole."""
    low, high = max(a[0], 0.0), a[1]
    if high < 0 or (exponent < 0 and high == 0):
        return None
    if exponent < 0:
        return (0.0 if high == inf else max(0.0, _power_of(high, exponent)[0]),
                inf if low == 0 else _power_of(low, exponent)[1])  # fmt: skip
    return (max(0.0, _power_of(low, exponent)[0]) if 0 < low < inf else 0.0,
            inf if high == inf else _power_of(high, exponent)[1])  # fmt: skip


def _power_of(x: float, exponent: Any) -> Ends:
    if x == 0:
        return 0.0, 0.0
    try:
        return ends_of(ball(OPERATIONS["pow"](arb(x), exponent)))
    except (ValueError, ArithmeticError):
        return ALL


def whole_power(a: Ends, n: int) -> Part:
    """A whole power."""
    if n < 0:
        below = whole_power(a, -n)
        return None if below is None else divided((1.0, 1.0), below)
    if n % 2 == 0:
        a = size(a)
    low, high = (ALL if isinf(x) else ends_of(arb(x) ** n if x else arb(0)) for x in a)
    if n % 2 == 0:
        return max(0.0, low[0]), high[1]
    return low[0], high[1]
