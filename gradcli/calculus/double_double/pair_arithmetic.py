"""Sums, products, quotients and roots of double-double numbers, lane by lane.

A pair is the sum of a float and of what that leaves of it, at most half of its last place. With u = 2**-53, the bounds of
relative errors are those of Joldes, Muller and Popescu (Tight and rigorous error bounds for basic building blocks of
double-word arithmetic, ACM TOMS 44, 2017), where nothing underflows; what does is off by less than 2**-750 in all. Beyond
the floats there is no number.
"""

from __future__ import annotations

from typing import NamedTuple

from gradcli.calculus.double_double.lanes import Floats, Lanes

NOTHING = float("nan")

#: Divisors below have no quotient, and numbers below no root but 0: what their residuals lose would count.
LEAST_DIVISOR, LEAST_SQUARE = 2.0**-300, 2.0**-600


class Pair(NamedTuple):
    """high + low, of which high is the float nearest to it."""

    high: Floats
    low: Floats


def exact_sum(a: Floats, b: Floats) -> Pair:
    """The sum of two floats (Knuth, The Art of Computer Programming 2, 4.2.2, theorem B)."""
    total = a + b
    second = total - a
    return Pair(total, (a - (total - second)) + (b - second))


def ordered_sum(a: Floats, b: Floats) -> Pair:
    """The same where a is 0 or has no smaller exponent than b (Dekker 1971)."""
    total = a + b
    return Pair(total, b - (total - a))


def negated(m: Lanes, x: Pair) -> Pair:
    """-x."""
    return Pair(-x.high, -x.low)


def added(m: Lanes, x: Pair, y: Pair) -> Pair:
    """x + y, off by at most 3.1*u**2 (their algorithm 6)."""
    (high, rest), (low, last) = exact_sum(x.high, y.high), exact_sum(x.low, y.low)
    high, rest = ordered_sum(high, rest + low)
    return ordered_sum(high, last + rest)


def subtracted(m: Lanes, x: Pair, y: Pair) -> Pair:
    """x - y, as `added`."""
    return added(m, x, negated(m, y))


def multiplied(m: Lanes, x: Pair, y: Pair) -> Pair:
    """x*y, off by at most 5*u**2 (their algorithm 11, whose proof holds without fused operations as well)."""
    high, rest = m.product(x.high, y.high)
    return ordered_sum(high, rest + (x.high * y.low + x.low * y.high))


def scaled(m: Lanes, x: Pair, y: Floats) -> Pair:
    """x times a float, off by at most 2*u**2 (their algorithm 7)."""
    high, rest = m.product(x.high, y)
    high, low = ordered_sum(high, x.low * y)
    return ordered_sum(high, low + rest)


def squared(m: Lanes, x: Pair) -> Pair:
    """x*x, off by at most 5*u**2."""
    high, rest = m.product(x.high, x.high)
    return ordered_sum(high, rest + 2.0 * (x.high * x.low))


def divided(m: Lanes, x: Pair, y: Pair) -> Pair:
    """x/y, off by at most 15.1*u**2 (their algorithm 17)."""
    divisor = m.chosen(m.size(y.high) >= LEAST_DIVISOR, y.high, NOTHING)
    quotient = x.high / divisor
    back = scaled(m, y, quotient)
    return ordered_sum(quotient, ((x.high - back.high) + (x.low - back.low)) / divisor)


def root(m: Lanes, x: Pair) -> Pair:
    """The square root, off by at most 25/8*u**2.

    Lefèvre, Louvet, Muller, Picot and Rideau, Accurate calculation of Euclidean norms using double-word arithmetic, ACM TOMS
    49, 2023, algorithm 8.
    """
    known = m.chosen(x.high >= LEAST_SQUARE, x.high, m.chosen(x.high == 0.0, 1.0, NOTHING))
    near = m.root(known)
    square, rest = m.product(near, near)
    found = ordered_sum(near, (x.low + ((known - square) - rest)) / (near + near))
    return Pair(m.chosen(x.high == 0.0, 0.0, found.high), m.chosen(x.high == 0.0, 0.0, found.low))
