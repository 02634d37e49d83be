"""Levels in balls: the number of each as a rational, where all that it is made of is rational, or as a narrow ball.

The sum of rows that are rationals is exact, so that one which is 0 is known to be 0, though it was computed with rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.row_data import Held, RowData
from gradcli.calculus.rows.row_program import LevelProgram, RowsProgram

#: Rows times instructions of all levels up to which they are gone through in balls.
MOST_WORK = 200_000

#: Digits of a rational beyond which it goes on as a ball.
LONGEST = 20_000


def are_few(rows: RowsProgram, data: RowData) -> bool:
    """Whether there is little enough to do for balls."""
    return data.rows * max(rows.instructions, 1) <= MOST_WORK


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
    from gradcli.calculus.balls.ball_backend import run
    from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
    from gradcli.calculus.balls.ball_operations import Failure
    from gradcli.calculus.rows.row_in_balls import point_in_balls

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
