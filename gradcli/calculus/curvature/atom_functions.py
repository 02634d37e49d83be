"""Functions of one number with two derivatives, for many numbers at a time, in floats or in balls."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from gradcli.calculus.backends.float_backend import constant, float_operation
from gradcli.calculus.balls.ball_numbers import BITS, ball
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.curvature.linear_forms import SQUARE
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.language.records import NamedTuple

#: What Python's operators do with balls that are no rationals.
_OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
}


class Arithmetic(NamedTuple):
    """What carries atoms out. operation: of an instruction's name; number: of a rational or a ball that is known;
    constant: of a program's constant.
    """

    operation: Callable[[str], Callable[..., Any]]
    number: Callable[[Any], Any]
    constant: Callable[[str], Any]


def _float(number: Any) -> float:
    return float(ball(number).mid())


#: Floats; exact rationals for as long as they are; balls.
IN_FLOATS = Arithmetic(float_operation, _float, constant)
EXACTLY = Arithmetic(OPERATIONS.__getitem__, lambda number: number, lambda text: number_of(text, BITS))
IN_BALLS = Arithmetic(lambda name: _OPERATORS.get(name) or OPERATIONS[name], ball, EXACTLY.constant)


class Curved(NamedTuple):
    """A function's values at many numbers, its slopes and its second derivatives."""

    values: Sequence[Any]
    slopes: Sequence[Any]
    bends: Sequence[Any]


@cache
def _table(text: str) -> Matrix:
    """The program of a function of x with its two derivatives: those of the table of functions."""
    from gradcli.calculus.tables.hessian_table import hessian_of

    return hessian_of([text], ("x",), formulas=False)


def curved(text: str, numbers: Sequence[Any], arithmetic: Arithmetic) -> Curved:
    """The function *text* of x at *numbers*. Raises what operations raise."""
    if text == SQUARE:
        values = [*map(operator.mul, numbers, numbers)]
        return Curved(
            values, [*map(operator.add, numbers, numbers)], [arithmetic.constant("2")] * len(numbers)
        )
    table = _table(text)
    program, count = table.program, len(numbers)
    columns: list[Sequence[Any]] = [numbers]
    columns += [[arithmetic.constant(one)] * count for one in program.constants]
    for op, *slots in program.code:
        columns.append([*map(arithmetic.operation(op), *(columns[slot] for slot in slots))])
    bend = table.slots[0][0]
    nothing = [arithmetic.constant("0")] * count
    return Curved(
        columns[program.value], columns[table.values[0]], nothing if bend is None else columns[bend]
    )
