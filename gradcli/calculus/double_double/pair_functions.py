"""Functions of double-double numbers, lane by lane: exponentials, logarithms, sines and what is made of them.

An argument is reduced by whole steps to a remainder r near 0, whose Taylor polynomial is short; a table has the rest (Tang,
Table-lookup algorithms for elementary functions and their error analysis, ARITH 1991; Hida, Li and Bailey, Algorithms for
quad-double precision floating point arithmetic, ARITH 2001). Relative errors are in units of u**2 = 2**-106; beyond the
limits of a function there is no number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial

from gradcli.calculus.double_double import pair_constants as known
from gradcli.calculus.double_double.lanes import Condition, Floats, Lanes
from gradcli.calculus.double_double.pair_arithmetic import (
    NOTHING,
    Pair,
    added,
    divided,
    exact_sum,
    multiplied,
    negated,
    ordered_sum,
    root,
    scaled,
    squared,
    subtracted,
)

#: Angles below have a sine; exponents up to this a power; numbers between 1/LARGE and LARGE a logarithm.
ANGLE, EXPONENT, LARGE = 2.0**20, 700.0, 2.0**900

#: Remainders of k steps have a relative error for sure where they are not below this part of k.
_NEAR = 2.0**-50

#: From here on a hyperbolic tangent is 1 but for 2**-172.
_FLAT = 60.0

_ONE, _TWO = Pair(1.0, 0.0), Pair(2.0, 0.0)


def _within(m: Lanes, sure: Condition, x: Pair, instead: float) -> Pair:
    """x, and a float *instead* where a condition does not hold."""
    return Pair(m.chosen(sure, x.high, instead), m.chosen(sure, x.low, 0.0))


def _told(m: Lanes, sure: Condition, x: Pair) -> Pair:
    """x, and no number where a condition does not hold."""
    return Pair(m.chosen(sure, x.high, NOTHING), x.low)


def _entry(m: Lanes, table: known.Table, place: Floats) -> Pair:
    return Pair(m.entry(table.high, place), m.entry(table.low, place))


def _reduced(m: Lanes, x: Pair, step: known.Step) -> tuple[Floats, Pair]:
    """k and r with x = k*step + r and |r| at most half of a step.

    k*step is the exact sum p + e + q + f of two products and a third that is rounded. Of the sums that follow, each leaves
    what the next to last line adds: at most u of itself, and these are rounded again, so that the error of r is at most
    10*u**2 of the largest of |r| and 2**-50*k, of which e, q and the low part of x are a small part. Of k = 0 it is 0.
    """
    k = m.floor(x.high * step.per_unit + 0.5)
    (p, e), (q, f) = m.product(k, step.parts[0]), m.product(k, step.parts[1])
    first, gap = exact_sum(x.high, -p)
    second, b = exact_sum(first, x.low)
    third, c = exact_sum(second, -e)
    fourth, d = exact_sum(third, -q)
    return k, ordered_sum(fourth, ((b + c) + d) + ((gap - f) - k * step.parts[2]))


def _rough(m: Lanes, x: Pair, y: Pair) -> Pair:
    """x*y as a sum of two floats that may overlap in some bits, off by at most 6*u**2."""
    high, rest = m.product(x.high, y.high)
    return Pair(high, rest + (x.high * y.low + x.low * y.high))


def _plus(x: Pair, y: Pair) -> Pair:
    """x + y where y is far smaller, off by at most 3*u**2 of it."""
    high, rest = ordered_sum(x.high, y.high)
    return ordered_sum(high, rest + (x.low + y.low))


def _polynomial(m: Lanes, x: Pair, pairs: Sequence[Pair], floats: Sequence[float]) -> Pair:
    """pairs[0] + x*(pairs[1] + x*(… + x*(floats[0] + …))), whose terms become far smaller each: floats have the last ones.

    Off by at most 4*u**2, and u of the term that is the first in floats.
    """
    last: Floats = floats[-1]
    for one in reversed(floats[:-1]):
        last = one + x.high * last
    *others, c = pairs
    total = _plus(c, Pair(x.high * last, 0.0))
    for c in reversed(others):
        total = _plus(c, _rough(m, x, total))
    return total


def _series(pairs: int, *divisors: int) -> tuple[list[Pair], list[float]]:
    """1/n for each divisor, the first as pairs."""
    return [known.fraction(1, n) for n in divisors[:pairs]], [1 / n for n in divisors[pairs:]]


#: By r**2: (sin(r)/r - 1)/r**2, (cos(r) - 1)/r**2 and (atanh(r)/r - 1)/r**2; by r: (exp(r) - 1 - r)/r**2.
_SINE = _series(3, *(factorial(n) * (-1) ** (n // 2) for n in range(3, 12, 2)))
_COSINE = _series(3, *(factorial(n) * (-1) ** (n // 2) for n in range(2, 11, 2)))
_LOGARITHM = _series(2, *range(3, 12, 2))
_POWER = _series(4, *(factorial(n) for n in range(2, 11)))


def sine_and_cosine(m: Lanes, x: Pair) -> tuple[Pair, Pair]:
    """sin(x) and cos(x) for |x| < ANGLE, each off by at most 50*u**2.

    With r and S, C of the nearest step, sin(x) = S*cos(r) + C*sin(r), where |S| and |C| are 0 or at least sin(pi/128), twice
    |r|: the sum is at least a third of its parts. These are off by 5 as products, by 4 as polynomials (|r| < 0.0123, so that
    the first term that is left is below u**2 and that of the first float below 2**-60) and by the 10 of r. Where S is 0,
    and r too small for a relative error, there is no number.
    """
    sure = m.size(x.high) < ANGLE
    k, r = _reduced(m, _within(m, sure, x, 0.0), known.turn())
    place = k - known.TURN * m.floor(k / known.TURN)
    quarter = place + known.TURN / 4
    quarter = m.chosen(quarter < known.TURN, quarter, quarter - known.TURN)
    sine, cosine = _entry(m, known.sines(), place), _entry(m, known.sines(), quarter)
    s = squared(m, r)
    of_sine = _rough(m, s, _polynomial(m, s, *_SINE))
    small = _plus(r, _rough(m, r, of_sine))
    large = _plus(_ONE, _rough(m, s, _polynomial(m, s, *_COSINE)))
    clear = m.size(r.high) >= m.size(k) * _NEAR
    return (
        _told(
            m,
            sure & ((sine.high != 0.0) | clear),
            added(m, multiplied(m, sine, large), multiplied(m, cosine, small)),
        ),
        _told(
            m,
            sure & ((cosine.high != 0.0) | clear),
            subtracted(m, multiplied(m, cosine, large), multiplied(m, sine, small)),
        ),
    )


def _power(m: Lanes, x: Pair) -> tuple[Floats, Floats, Pair]:
    """n, i and p with exp(x) = 2**n * 2**(i/OCTAVE) * (1 + p): p is off by at most 20*u**2, and |p| < 0.0055."""
    k, r = _reduced(m, x, known.octave())
    n = m.floor(k / known.OCTAVE)
    bent = _rough(m, r, _rough(m, r, _polynomial(m, r, *_POWER)))
    return n, k - known.OCTAVE * n, _plus(r, bent)


def exponential(m: Lanes, x: Pair) -> Pair:
    """exp(x) for |x| < EXPONENT, off by at most 10*u**2."""
    sure = m.size(x.high) < EXPONENT
    n, i, p = _power(m, _within(m, sure, x, 0.0))
    found = multiplied(m, _entry(m, known.powers(), i), _plus(_ONE, p))
    scale = m.power_of_two(n)
    return _told(m, sure, Pair(found.high * scale, found.low * scale))


def sigmoid(m: Lanes, x: Pair) -> Pair:
    """1/(1 + exp(-x)) for |x| < EXPONENT, off by at most 30*u**2."""
    return divided(m, _ONE, added(m, _ONE, exponential(m, negated(m, x))))


def hyperbolic_tangent(m: Lanes, x: Pair) -> Pair:
    """tanh(x), off by at most 120*u**2.

    It is e/(e + 2) for e = exp(2*|x|) - 1 = t - 1 + t*p with t = 2**n * 2**(i/OCTAVE), where t - 1 is 0 or at least twice
    |t*p|, so that e is at least a third of its parts, of which t - 1 is off by 4 and t*p by 25.
    """
    sure, back = m.size(x.high) < LARGE, x.high < 0.0
    twice = Pair(
        m.chosen(back, -2.0, 2.0) * m.chosen(sure, x.high, 0.0),
        m.chosen(back, -2.0, 2.0) * m.chosen(sure, x.low, 0.0),
    )
    n, i, p = _power(m, _within(m, twice.high < 2 * _FLAT, twice, 2 * _FLAT))
    scale, entry = m.power_of_two(n), _entry(m, known.powers(), i)
    t = Pair(entry.high * scale, entry.low * scale)
    more, less = added(m, t, Pair(-1.0, 0.0)), _entry(m, known.powers_less_one(), i)
    begun = Pair(m.chosen(n == 0.0, less.high, more.high), m.chosen(n == 0.0, less.low, more.low))
    e = added(m, begun, multiplied(m, t, p))
    found = divided(m, e, added(m, e, _TWO))
    return _told(
        m, sure, Pair(m.chosen(back, -found.high, found.high), m.chosen(back, -found.low, found.low))
    )


def logarithm(m: Lanes, x: Pair) -> Pair:
    """log(x) for x between 1/LARGE and LARGE, off by at most 100*u**2.

    With x = 2**n * v, v from sqrt(1/2) to sqrt(2), and c near 1/v, it is n*log(2) - log(c) + log(1 + z) where z = v*c - 1
    is 2*atanh(f) of f = z/(2 + z). Near 1, where n = 0 and c = 1, z is exact; elsewhere it is off by u**3, and the logarithm
    is at least a third of its parts, of which n*log(2) is off by 3 and 2*atanh(f) by 25.
    """
    sure = (x.high > 1 / LARGE) & (x.high < LARGE)
    v = _within(m, sure, x, 1.0)
    n = m.exponent(v.high)
    n = m.chosen(v.high * m.power_of_two(-n) > 2.0**0.5, n + 1.0, n)
    scale = m.power_of_two(-n)
    place = m.floor(v.high * scale * known.UNIT_STEPS + 0.5)
    c = m.entry(known.reciprocals(), place)
    (p, e), (q, d) = m.product(v.high * scale, c), m.product(v.low * scale, c)
    first, b = exact_sum(p - 1.0, e)
    second, a = exact_sum(first, q)
    z = ordered_sum(second, (a + b) + d)
    f = divided(m, z, added(m, z, _TWO))
    s = squared(m, f)
    half = _plus(f, _rough(m, f, _rough(m, s, _polynomial(m, s, *_LOGARITHM))))
    turned = added(m, scaled(m, known.logarithm_of_2(), n), _entry(m, known.logarithms(), place))
    return _told(m, sure, added(m, turned, Pair(half.high + half.high, half.low + half.low)))


#: Operation of a program -> what it is in pairs; sines and cosines are made together.
FUNCTIONS: dict[str, Callable[..., Pair]] = {
    "neg": negated, "add": added, "sub": subtracted, "mul": multiplied, "gate": multiplied, "div": divided,
    "square": squared, "sqrt": root, "exp": exponential, "log": logarithm, "tanh": hyperbolic_tangent, "sigmoid": sigmoid,
}  # fmt: skip
