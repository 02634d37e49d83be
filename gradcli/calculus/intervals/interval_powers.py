"""Powers, roots and lengths of intervals; and what the table's own operations make of balls around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, whole
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS
from gradcli.calculus.intervals.interval_numbers import (
    Interval,
    Outside,
    Unknown,
    around,
    divided,
    point,
    size,
)


def by_balls(op: str) -> Callable[..., Interval]:
    """An operation of the table on the balls around its arguments."""
    function = OPERATIONS[op]

    def carried_out(*arguments: Interval) -> Interval:
        """The ends of the ball that comes of it."""
        return around(ball(function(*(point(x) for x in arguments))))

    return carried_out


def power(x: Interval, y: Interval) -> Interval:
    """A power. Raises Outside and Unknown."""
    if y.low != y.high:
        if not x.low > 0:
            raise Unknown
        return by_balls("pow")(x, y)
    order = point(y)
    n = whole(order) if exact(order) else None
    if n is None:
        return _root_power(x, order)
    if n < 0:
        return divided(Interval(arb(1), arb(1)), power(x, Interval(arb(-n), arb(-n))))
    if n % 2 == 0:
        x = size(x)
    low, high = (ball(OPERATIONS["pow"](point(Interval(end, end)), fmpq(n))) for end in x)
    return Interval(low.lower(), high.upper())


def _root_power(x: Interval, order: Any) -> Interval:
    """A power that is no whole one, of what is positive."""
    if x.high < 0:
        raise Outside
    if order < 0 and x.low <= 0:
        raise Unknown
    ends = [ball(OPERATIONS["pow"](point(Interval(end, end)), order)) for end in (x.low.max(arb(0)), x.high)]
    low, high = ends if order > 0 else reversed(ends)
    return Interval(low.lower(), high.upper())


def root(x: Interval, n: Interval) -> Interval:
    """A root of a whole order."""
    order = point(n)
    if not exact(order) or order.q != 1 or order < 1:
        return by_balls("root")(x, n)
    low, high = x
    if int(order.p) % 2 == 0:
        if high < 0:
            raise Outside
        low = low.max(arb(0))
    ends = [ball(OPERATIONS["root"](point(Interval(end, end)), order)) for end in (low, high)]
    return Interval(ends[0].lower(), ends[1].upper())


def hypotenuse(x: Interval, y: Interval) -> Interval:
    """The length of (x, y)."""
    a, b = size(x), size(y)
    return Interval(
        (a.low * a.low + b.low * b.low).sqrt().lower(), (a.high * a.high + b.high * b.high).sqrt().upper()
    )
