"""One row in balls: decimals exactly, and numbers that all rows share as far as they are known.

The number of a level is rounded, so that a row which stands on it may lie across an end, a corner or a jump; then nobody
knows on which side, and what depends on that has no number. Where there is little to do, the number of a level is made again
from its rows: as a rational where they are rationals, so that a sum which is 0 is known to be 0, else as a narrow ball.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNDERFLOW, UNIT
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.row_data import Binding, Held, RowData
from gradcli.calculus.rows.row_program import LevelProgram, RowsProgram

#: Bits of the balls, and those at which two rows that still may be equal are not told apart.
BITS, MOST_BITS = 192, 1536


#: Rows times instructions of all levels up to which they are gone through in balls.
MOST_WORK = 200_000

#: Digits of a rational beyond which it goes on as a ball.
LONGEST = 20_000


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
        return one.exact
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
    """The float of a rational or a ball, without an error where it is that rational.

    Raises DomainProblem where it is too large, saying that *name* is.
    """
    from gradcli.calculus.balls.ball_numbers import exact
    from gradcli.calculus.balls.programs.ball_results import as_float

    middle = slot if exact(slot) else slot.mid()
    number = as_float(middle, name)
    if is_float(slot, number):
        return Enclosed(number, 0.0)
    width = 0.0 if exact(slot) else float(slot.rad()) / UNIT * (1 + 2.0**-20)
    return Enclosed(number, width + abs(number) + UNDERFLOW)


def is_float(slot: Any, number: float) -> bool:
    """Whether a slot is a rational, and a float the same number."""
    from gradcli.calculus.balls.ball_numbers import exact

    if isinstance(slot, tuple) or not exact(slot) or not math.isfinite(number):
        return False
    above, below = number.as_integer_ratio()
    return bool(slot.p == above and slot.q == below)


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


# --- whole levels -----------------------------------------------------------------------------------------------


def are_few(rows: RowsProgram, data: RowData, points: int = 1) -> bool:
    """Whether there is little enough to do for balls at so many points."""
    return data.rows * max(rows.instructions, 1) * points <= MOST_WORK


def levels_in_balls(
    rows: RowsProgram, data: RowData, numbers: Mapping[str, Any], bits: int, before: str | None = None
) -> dict[str, Any] | None:
    """The number of each level, up to the one called *before*, and under "" that of the whole; None where one has none.

    numbers: those beside the columns, as they were given.
    """
    held = {name: _held(x) for name, x in numbers.items()}
    found: dict[str, Any] = {}
    for level in (*rows.levels, LevelProgram("", "sum", rows.last)):
        if before is not None and level.name == before:
            break
        one = _number(rows, data, level, held, bits)
        if one is None:
            return None
        found[level.name], held[level.name] = one, _held(one)
    return found


def _held(given: Any) -> Held:
    from gradcli.calculus.balls.ball_numbers import ball, exact

    try:
        near = float(given)
    except (TypeError, ValueError):
        near = float(ball(given).mid()) if not exact(given) else float(given.p) / float(given.q)
    except OverflowError:
        near = float("inf")
    return Held(near, 0.0, "", 0, given)


def _number(
    rows: RowsProgram, data: RowData, level: LevelProgram, held: Mapping[str, Held], bits: int
) -> Any:
    """The number of a level; None where a row has none, or it is not told."""
    from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
    from gradcli.calculus.balls.programs.ball_backend import run
    from gradcli.calculus.balls.programs.ball_operations import Failure

    program = _value_alone(level.program)
    bindings = data.bound(rows, program.variables, level.over, held)
    total: Any = None
    for row in range(data.count(level.over, rows.text) if level.name else 1):
        one = run(program, point_in_balls(bindings, row), bits)[program.value]
        if isinstance(one, Failure):
            return None
        with working_bits(bits):
            if not exact(one) or (total is not None and not exact(total)):
                one, total = ball(one), None if total is None else ball(total)
            total = one if total is None else _together(level.kind, total, one)
            if total is None:
                return None
            if exact(total) and max(total.p.height_bits(), total.q.height_bits()) > 4 * LONGEST:
                total = ball(total)
    if total is None:
        from flint import fmpq

        return fmpq(0) if level.kind == "sum" else None
    return total


def _together(kind: str, a: Any, b: Any) -> Any:
    """The sum, or the lesser or greater of two; None where balls do not tell that."""
    if kind == "sum":
        return a + b
    from gradcli.calculus.balls.ball_numbers import exact

    if exact(a):
        return min(a, b) if kind == "min" else max(a, b)
    return a.min(b) if kind == "min" else a.max(b)


def _value_alone(program: Program) -> Program:
    return program._replace(code=program.code[: max(program.value - program.first + 1, 0)])
