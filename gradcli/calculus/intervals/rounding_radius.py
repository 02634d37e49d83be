"""Operations on intervals: how far a result may be from that of the middle."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS

_UNIT = double(2.0**-53)


def radius(op: str, result: float, values: Sequence[float], errors: Sequence[float]) -> float:
    """The largest distance of *result* from what *op* makes of numbers that are *errors* away from *values*.

    Distances are in units of 2**-53.

    Raises ArithmeticError or ValueError where it has no value on all of the intervals, or Arb cannot tell.
    """
    with working_bits(128):
        arguments = [
            arb(double(x), double(e) * _UNIT) if e else double(x) for x, e in zip(values, errors, strict=True)
        ]
        found = ball(OPERATIONS[op](*arguments)) - arb(double(result))
        return float(abs(found / _UNIT).upper()) * (1 + 2.0**-50) + 5e-324
