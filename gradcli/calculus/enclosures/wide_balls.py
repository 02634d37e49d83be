"""Balls as wide as boxes: what is not known is not a number, and travels on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS

Wide = Callable[..., Any]

UNKNOWN = arb("nan")
ZERO, ONE, TWO = arb(0), arb(1), arb(2)
EITHER = ZERO.union(ONE)
BOTH_SIDES = (-ONE).union(ONE)


def from_ends(function: Wide) -> Wide:
    """A monotone function: from one end to the other."""
    return lambda x: function(x.lower()).union(function(x.upper()))


def even(function: Wide) -> Wide:
    """An even function that is monotone on each side of 0."""
    return lambda x: function(x.abs_lower()).union(function(x.abs_upper()))


def by_balls(op: str) -> Wide:
    """The table's own operation; what it does not decide is not known."""
    function = OPERATIONS.get(op)

    def carried_out(*arguments: Any) -> Any:
        """The result, or what is no number."""
        if function is None or not all(exact(x) or x.is_finite() for x in arguments):
            return UNKNOWN
        try:
            found = ball(function(*arguments))
        except (ValueError, ArithmeticError):
            return UNKNOWN
        return found if found.is_finite() else UNKNOWN

    return carried_out
