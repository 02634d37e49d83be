"""What results of special functions are: real parts, arguments whose exponents fit, values at 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcli.calculus.balls.ball_arithmetic import LARGEST_EXPONENT
from gradcli.calculus.balls.ball_numbers import (
    ONE,
    Number,
    at_zero,
    ball,
    finite,
    is_huge,
    positive,
    sign,
)

#: Whole arguments up to this are taken by a finite sum, a product or a recurrence; larger ones are refused.
MOST_TERMS = 10_000


def real_part(z: Any) -> Any:
    """The real part of a result that is real by the mathematics of its function."""
    return finite(z.real)


def bounded(x: Number) -> Any:
    """The number as a ball. Raises OverflowError where no exponent could hold what grows like its exponential."""
    found = ball(x)
    if abs(found) > LARGEST_EXPONENT:
        raise OverflowError
    return found


def oscillating(x: Number) -> Any:
    """The number as a ball. Raises OverflowError where Arb could not reduce it by whole turns."""
    found = ball(x)
    if is_huge(found):
        raise OverflowError
    return found


def entire(value: int, function: Callable[[Any], Any]) -> Callable[[Number], Number]:
    """A function without poles that may grow like an exponential, and its value at 0."""
    inner = at_zero(value, function)

    def of_number(x: Number) -> Number:
        bounded(x)
        return inner(x)

    return of_number


def of_positive(function: Callable[[Any], Any]) -> Callable[[Number], Number]:
    """A function of positive numbers alone, which may grow like an exponential."""
    return lambda x: finite(function(bounded(positive(x))))


def not_one(s: Number) -> None:
    """Raises ValueError for 1, Undecided for a ball around it."""
    if sign(s - 1, 0, ONE) == 0:
        raise ValueError
