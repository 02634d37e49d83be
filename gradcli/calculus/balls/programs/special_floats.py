"""Special functions in floats: balls, wide enough to round once."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

from gradcli.calculus.balls.ball_numbers import Undecided, exact, working_bits
from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS

#: Bits that are tried in turn, and right bits from which the nearest float is made.
_BITS, _RIGHT = (128, 256, 512, 1024, 2048, 4096), 64


@cache
def rounded(name: str) -> Callable[..., float]:
    """A special instruction in floats. Raises what the operation raises, ArithmeticError where no bits decide."""
    operation = OPERATIONS[name]

    def in_floats(*arguments: float) -> float:
        numbers = [double(argument) for argument in arguments]
        for bits in _BITS:
            with working_bits(bits):
                try:
                    found = operation(*numbers)
                except Undecided:
                    continue
                if exact(found) or found.is_exact() or found.rel_accuracy_bits() >= _RIGHT:
                    result = nearest_double(found)
                    if math.isinf(result):
                        raise OverflowError
                    return result
        raise Undecided(None)

    return in_floats
