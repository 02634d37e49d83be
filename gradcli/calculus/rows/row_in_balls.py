"""One row in balls: decimals exactly, and numbers that all rows share as far as they are known.

The number of a level is rounded, so that a row which stands on it may lie across an end, a corner or a jump; then nobody
knows on which side, and what depends on that has no number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNDERFLOW, UNIT
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.row_data import Binding, Held

#: Bits of the balls, and those at which two rows that still may be equal are not told apart.
BITS, MOST_BITS = 192, 1536


class Enclosed(NamedTuple):
    """A number and a bound of its error, in units of 2**-53."""

    number: float
    error: float


def is_known(bindings: Sequence[Binding]) -> bool:
    """Whether all that a row is made of is exactly what was given."""
    return not any(isinstance(one, Held) and one.error and one.given is None for one in bindings)


def given_numbers(bindings: Sequence[Binding], row: int) -> list[Any]:
    """What each variable is in a row, as it was given; of a computed number its float."""
    return [_given(one, row) for one in bindings]


def _given(one: Binding, row: int) -> Any:
    if isinstance(one, Held):
        return one.value if one.given is None else one.given
    return one.given_at(row)


def point_in_balls(bindings: Sequence[Binding], row: int) -> list[Any]:
    """What each variable is in a row: as it was given, and rounded numbers as balls of their errors."""
    from flint import arb

    from gradcli.calculus.balls.decimals import double

    return [
        arb(double(one.value), double(one.error) * double(UNIT))
        if isinstance(one, Held) and one.error and one.given is None
        else _given(one, row)
        for one in bindings
    ]


def slots_in_balls(program: Program, bindings: Sequence[Binding], row: int, bits: int = BITS) -> list[Any]:
    """All slots of a row: rationals, balls, and failures."""
    from gradcli.calculus.balls.programs.ball_backend import run

    return run(program, point_in_balls(bindings, row), bits)


def enclosed(slot: Any, name: str) -> Enclosed:
    """The float of a rational or a ball. Raises DomainProblem where it is too large, saying that *name* is."""
    from gradcli.calculus.balls.ball_numbers import exact
    from gradcli.calculus.balls.programs.ball_results import as_float

    middle = slot if exact(slot) else slot.mid()
    number = as_float(middle, name)
    width = 0.0 if exact(slot) else float(slot.rad()) / UNIT * (1 + 2.0**-20)
    return Enclosed(number, width + abs(number) + UNDERFLOW)


def least_of(values: Sequence[Any]) -> list[int] | None:
    """The places of numbers that are certainly equal and the least; None where balls do not tell."""
    from gradcli.calculus.balls.ball_numbers import ball, exact
    from gradcli.calculus.balls.programs.ball_operations import Failure

    if any(isinstance(x, Failure) for x in values):
        return None
    least = min(range(len(values)), key=lambda i: float(ball(values[i]).upper()))
    rest = [i for i, x in enumerate(values) if not ball(x) > ball(values[least])]
    if len(rest) == 1:
        return rest
    if not all(exact(values[i]) for i in rest):
        return None
    lowest = min(values[i] for i in rest)
    return [i for i in rest if values[i] == lowest]
