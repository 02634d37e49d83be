"""Signs, comparisons, pieces and what derivatives ask beside seams, decided exactly or on whole balls."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, fmpq

from gradcli.calculus.balls.ball_arithmetic import divided, multiplied, subtracted
from gradcli.calculus.balls.ball_numbers import (
    ONE,
    ZERO,
    Number,
    Undecided,
    ball,
    exact,
    hull,
    integer_below,
    is_huge,
    sign,
    whole,
)
from gradcli.calculus.program.instructions import Kink

_HALF = fmpq(1, 2)


def order(a: Number, b: Number) -> int:
    """The sign of a - b; 0 where both are one exact number. Raises Undecided."""
    return sign(subtracted(a, b), None)


def _truth(holds: bool) -> Number:
    return ONE if holds else ZERO


def settled(compared: int) -> int:
    """The sign of what is compared, beside its seam. Raises Kink at it."""
    if compared == 0:
        raise Kink
    return compared


def floor_of(x: Number) -> Number:
    """The largest integer not above x. Raises Undecided where a ball holds an integer."""
    if exact(x):
        return fmpq(x.floor())
    if is_huge(x):
        raise Undecided(0)
    low, high = integer_below(x.lower()), integer_below(x.upper())
    if low != high:
        raise Undecided(0, fmpq(high))
    return fmpq(high)


def ceiling_of(x: Number) -> Number:
    """The smallest integer not below x."""
    try:
        return -floor_of(-x)
    except Undecided as error:
        raise Undecided(error.argument, -error.value) from None


def remainder(x: Number, y: Number) -> Number:
    """x - y*floor(x/y), with the sign of y. Raises ZeroDivisionError."""
    return subtracted(x, multiplied(y, floor_of(divided(x, y))))


def smallest(a: Number, b: Number) -> Number:
    """The smaller of two numbers."""
    return min(a, b) if exact(a) and exact(b) else ball(a).min(ball(b))


def largest(a: Number, b: Number) -> Number:
    """The larger of two numbers."""
    return max(a, b) if exact(a) and exact(b) else ball(a).max(ball(b))


def size(x: Number) -> Number:
    """The absolute value."""
    return abs(x)


def rectified(x: Number) -> Number:
    """max(x, 0)."""
    if exact(x):
        return x if x > 0 else ZERO
    return x if x > 0 else ZERO if x < 0 else hull(arb(0), x.nonnegative_part())


def step_beside(x: Number) -> Number:
    """0 below 0 and 1 above. Raises Kink at 0."""
    return _truth(settled(sign(x)) > 0)


def _not_whole(x: Number) -> None:
    """Raises Kink at an integer, Undecided where a ball holds one."""
    if whole(x) is not None:
        raise Kink


def _flat_integer(x: Number) -> Number:
    _not_whole(x)
    return ZERO


def _floor_beside(x: Number) -> Number:
    _not_whole(x)
    return floor_of(x)


def _flat_zero(x: Number) -> Number:
    settled(sign(x))
    return ZERO


def _selected(condition: Number, a: Number, b: Number) -> Number:
    return a if condition != 0 else b


def _gated(adjoint: Number, slope: Number) -> Number:
    return multiplied(adjoint, slope)


PIECES: dict[str, Callable[..., Number]] = {
    "lt": lambda a, b: _truth(order(a, b) < 0), "le": lambda a, b: _truth(order(a, b) <= 0),
    "eq": lambda a, b: _truth(order(a, b) == 0), "ne": lambda a, b: _truth(order(a, b) != 0),
    "lt_side": lambda a, b: _truth(settled(order(a, b)) < 0), "le_side": lambda a, b: _truth(settled(order(a, b)) <= 0),
    "eq_side": lambda a, b: _truth(settled(order(a, b)) == 0), "ne_side": lambda a, b: _truth(settled(order(a, b)) != 0),
    "and": lambda a, b: _truth(a != 0 and b != 0), "or": lambda a, b: _truth(a != 0 or b != 0),
    "select": _selected, "gate": _gated,
    "abs": size, "sign": lambda x: fmpq(sign(x)), "floor": floor_of, "ceil": ceiling_of, "min": smallest,
    "max": largest, "mod": remainder, "heaviside": lambda x: (fmpq(sign(x)) + 1) * _HALF, "relu": rectified,
    **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), step_beside),
    "sign_side": lambda x: fmpq(settled(sign(x))), **dict.fromkeys(("flat_zero", "flat_cut"), _flat_zero),
    "flat_integer": _flat_integer,
    "floor_side": _floor_beside,
}  # fmt: skip
