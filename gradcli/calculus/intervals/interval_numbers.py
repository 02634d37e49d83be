"""Intervals as pairs of exact ends, and what arithmetic makes of them, rounded outwards.

(Moore, Kearfott & Cloud, Introduction to interval analysis, 2009, chapter 2.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import hull


class Interval(NamedTuple):
    """All numbers from one end to the other."""

    low: Any
    high: Any


class Outside(Exception):
    """No point of the box is in the domain."""


class Unknown(Exception):
    """Nothing is known about the values in the box: some of them may be as large as they like."""


def holds_zero(x: Any) -> bool:
    """Whether an interval holds 0."""
    return isinstance(x, Interval) and bool(x.low <= 0 <= x.high)


def around(x: Any) -> Interval:
    """The interval of a ball."""
    return Interval(x.lower(), x.upper())


def point(x: Interval) -> Any:
    """The interval as a number for operations on balls: exact where it is one point."""
    if x.low == x.high:
        mantissa, exponent = x.low.man_exp()
        if abs(int(exponent)) < 20_000:
            return fmpq(mantissa) * fmpq(2) ** int(exponent)
    return hull(x.low, x.high)


def added(x: Interval, y: Interval) -> Interval:
    """The sum."""
    return Interval((x.low + y.low).lower(), (x.high + y.high).upper())


def negated(x: Interval) -> Interval:
    """The same with the other sign."""
    return Interval(-x.high, -x.low)


def multiplied(x: Interval, y: Interval) -> Interval:
    """The product."""
    products = [a * b for a in x for b in y]
    return Interval(_least(p.lower() for p in products), _largest(p.upper() for p in products))


def _least(numbers: Iterable[Any]) -> Any:
    first, *others = numbers
    for number in others:
        first = first.min(number)
    return first


def _largest(numbers: Iterable[Any]) -> Any:
    first, *others = numbers
    for number in others:
        first = first.max(number)
    return first


def divided(x: Interval, y: Interval) -> Interval:
    """The quotient. Raises Outside for a divisor that is 0, Unknown for one that holds 0."""
    if y.low <= 0 <= y.high:
        if y.low == 0 == y.high:
            raise Outside
        raise Unknown
    quotients = [a / b for a in x for b in y]
    return Interval(_least(q.lower() for q in quotients), _largest(q.upper() for q in quotients))


def size(x: Interval) -> Interval:
    """The absolute value."""
    if x.low >= 0:
        return x
    return Interval(-x.high, -x.low) if x.high <= 0 else Interval(arb(0), x.high.max(-x.low))


def squared(x: Interval) -> Interval:
    """The square, not below 0."""
    low, high = size(x)
    return Interval((low * low).lower().max(arb(0)), (high * high).upper())
