"""What balls are made of: exact rationals, balls, the questions that only more bits can answer, and working precision.

A number is an exact rational (`fmpq`) for as long as operations make it one, and otherwise a ball (`arb`): a midpoint
with a radius that holds the truth. Ends of domains, seams and ties are decided on rationals exactly, on balls only
where the whole ball lies on one side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flint import arb, ctx, fmpq, fmpz

#: An exact rational or a ball. python-flint has no types of its own to offer.
Number = Any

#: Rationals of more bits than this are turned into balls: exactness costs more than it tells.
MOST_BITS = 20_000

ZERO, ONE = fmpq(0), fmpq(1)

_HUGE = arb(2) ** MOST_BITS

#: Bits of arithmetic with balls outside of a run.
BITS = 640

ctx.prec = BITS


class Undecided(ArithmeticError):
    """A ball lies across an end, a seam or a tie: only more bits can tell.

    argument: the number of the argument that may be equal to the rational *value*; None: the first two arguments may
    be equal to each other. pole: the result has no end, as next to a pole.
    """

    def __init__(self, argument: int | None = None, value: Number = ZERO, *, pole: bool = False) -> None:
        super().__init__("more bits are needed")
        self.argument, self.value, self.pole = argument, value, pole


@contextmanager
def working_bits(bits: int) -> Iterator[None]:
    """Balls made in the block have midpoints of so many bits."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(x: Number) -> Any:
    """The number as a ball."""
    return arb(x) if type(x) is fmpq else x


def exact(x: Number) -> bool:
    """Whether the number is an exact rational."""
    return type(x) is fmpq


def kept(x: Any) -> Number:
    """A rational, as a ball where it has grown too long."""
    return x if x.height_bits() <= MOST_BITS else arb(x)


def sign(x: Number, argument: int | None = 0, value: Number = ZERO) -> int:
    """-1, 0 or 1; 0 for an exact 0 only. Raises Undecided, with *argument* and *value*, where a ball holds 0."""
    if type(x) is fmpq:
        return (x > 0) - (x < 0)
    if x > 0:
        return 1
    if x < 0:
        return -1
    if x.is_zero():
        return 0
    raise Undecided(argument, value)


def whole(x: Number, argument: int = 0) -> int | None:
    """The integer that an exact number is, None for any number that is none. Raises Undecided where a ball holds one."""
    if type(x) is fmpq:
        return int(x.p) if x.q == 1 else None
    if is_huge(x):
        raise Undecided(argument, ZERO)
    if x.contains_integer():
        raise Undecided(argument, fmpq(integer_below(x + 0.5)))
    return None


def is_huge(x: Any) -> bool:
    """Whether a ball reaches beyond what may be written out as an integer: Arb would ask for the memory, and abort."""
    return not abs(x) < _HUGE


def integer_below(x: Any) -> Any:
    """The integer at or below the middle of a ball that is not huge.

    By hand: Arb aborts where it is asked for the only integer of a ball whose exponents are beyond machine words.
    """
    mantissa, exponent = x.mid().floor().man_exp()
    return mantissa * fmpz(2) ** int(exponent)


def finite(x: Any) -> Any:
    """A ball that is one; raises Undecided for one without an end or without a meaning."""
    if not x.is_finite():
        raise Undecided(pole=True)
    return x


def positive(x: Number, argument: int = 0) -> Number:
    """The number, if it is above 0. Raises ValueError, Undecided."""
    if sign(x, argument) <= 0:
        raise ValueError
    return x


def hull(a: Any, b: Any) -> Any:
    """The smallest ball around two balls."""
    return a.union(b)


def real(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of balls for numbers; a result that is no ball asks for more bits."""

    def of_numbers(*arguments: Number) -> Number:
        return finite(function(*map(ball, arguments)))

    return of_numbers


def at_zero(value: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for functions that are exactly *value* at 0."""
    inner, constant = real(function), fmpq(value)

    def of_number(x: Number) -> Number:
        return constant if type(x) is fmpq and x == 0 else inner(x)

    return of_number
