"""Constants of double-double functions: numbers as sums of floats, from Arb's balls and from fractions."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from fractions import Fraction
from functools import cache, partial
from typing import Any, NamedTuple

from gradcli.calculus.double_double.pair_arithmetic import Pair

#: Bits of the balls that constants are rounded from.
_BITS = 320

#: Steps of a turn, in each of which a sine is a polynomial; of the logarithm of 2; and of the numbers up to 1.
TURN, OCTAVE, UNIT_STEPS = 256, 64, 128


class Table(NamedTuple):
    """Pairs by whole numbers, in two arrays."""

    high: array[float]
    low: array[float]


class Step(NamedTuple):
    """The length of a step as a sum of three floats, off by less than 2**-158 of it, and about how many have the length 1."""

    parts: tuple[float, float, float]
    per_unit: float


def fraction(above: int, below: int) -> Pair:
    """A fraction, off by at most u**2/2 of it."""
    whole = Fraction(above, below)
    high = float(whole)
    return Pair(high, float(whole - Fraction(high)))


@cache
def turn() -> Step:
    """A step of a sine, 2*pi/TURN."""
    from flint import arb

    return _step(lambda: 2 * arb.pi() / TURN)


@cache
def octave() -> Step:
    """A step of an exponential, log(2)/OCTAVE."""
    from flint import arb

    return _step(lambda: arb(2).log() / OCTAVE)


@cache
def logarithm_of_2() -> Pair:
    """log(2)."""
    from flint import arb

    return Pair(*_parts(lambda: arb(2).log(), 2))


@cache
def sines() -> Table:
    """sin(2*pi*i/TURN)."""
    from flint import arb, fmpq

    half = TURN // 2
    return _table(lambda i: arb.sin_pi_fmpq(fmpq(i, half)) if i % half else arb(0), TURN)


@cache
def powers() -> Table:
    """2**(i/OCTAVE)."""
    from flint import arb

    return _table(lambda i: (arb(2).log() * i / OCTAVE).exp() if i else arb(1), OCTAVE)


@cache
def powers_less_one() -> Table:
    """2**(i/OCTAVE) - 1."""
    from flint import arb

    return _table(lambda i: (arb(2).log() * i / OCTAVE).expm1() if i else arb(0), OCTAVE)


@cache
def reciprocals() -> array[float]:
    """UNIT_STEPS/i as floats, which are what they are: `logarithms` has those of them."""
    return array("d", [0.0, *(UNIT_STEPS / i for i in range(1, 2 * UNIT_STEPS))])


@cache
def logarithms() -> Table:
    """-log of the reciprocals."""
    from flint import arb

    known = reciprocals()
    return _table(lambda i: -arb(known[i]).log() if known[i] not in (0.0, 1.0) else arb(0), len(known))


def _table(number: Callable[[int], Any], count: int) -> Table:
    pairs = [_parts(partial(number, i), 2) for i in range(count)]
    return Table(array("d", [one[0] for one in pairs]), array("d", [one[1] for one in pairs]))


def _step(length: Callable[[], Any]) -> Step:
    first, second, third = _parts(length, 3)
    return Step((first, second, third), 1.0 / first)


def _parts(number: Callable[[], Any], count: int) -> list[float]:
    """A number as a sum of so many floats, each of which is the one that is nearest to what is left."""
    from flint import arb

    from gradcli.calculus.balls.ball_numbers import working_bits

    found = list[float]()
    with working_bits(_BITS):
        left = number()
        for _ in range(count):
            found.append(float(left.mid()))
            left -= arb(found[-1])
    return found
