"""A program over rows in balls, instruction by instruction: what does not vary by row is computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.program.program import Program
from gradcli.language.records import NamedTuple

#: A number of a ball run, rational or ball.
Number = Any

#: Operations that may need only some of their arguments, or tell equal slots: these are left to the run by row.
_BY_ROW = frozenset(("gate", "select", "and", "or"))


class Column(NamedTuple):
    """Numbers that vary by row."""

    numbers: list[Number]


def run_rows(
    program: Program, point: Mapping[str, Number | Column], outputs: Sequence[int], rows: int, bits: int
) -> list[list[Number]]:
    """The slots *outputs*, each with a number for each row, in balls of so many bits.

    point: rationals, balls, or columns of them. Raises ArithmeticError or ValueError where a row has no number there.
    """
    try:
        found = _together(program, point, outputs, bits)
    except (ArithmeticError, ValueError, KeyError):
        found = _one_by_one(program, point, outputs, rows, bits)
    return [one.numbers if isinstance(one, Column) else [one] * rows for one in found]


def _together(
    program: Program, point: Mapping[str, Number | Column], outputs: Sequence[int], bits: int
) -> list[Number | Column]:
    """All rows at once. Raises what an operation raises in any row, KeyError where rows may take different ways."""
    with working_bits(bits):
        slots: list[Number | Column] = [point[name] for name in program.variables]
        slots += [number_of(text, bits) for text in program.constants]
        for op, *places in program.code:
            if op in _BY_ROW:
                raise KeyError(op)
            slots.append(_applied(OPERATIONS[op], [slots[place] for place in places]))
        return [slots[place] for place in outputs]


def _applied(operation: Callable[..., Number], arguments: Sequence[Number | Column]) -> Number | Column:
    columns = [one for one in arguments if isinstance(one, Column)]
    if not columns:
        return operation(*arguments)
    first, *others = arguments
    if not others:
        return Column(list(map(operation, columns[0].numbers)))
    if len(arguments) == 2:
        a, b = first, others[0]
        if not isinstance(b, Column):
            return Column([operation(x, b) for x in a.numbers])
        if not isinstance(a, Column):
            return Column([operation(a, y) for y in b.numbers])
    count = len(columns[0].numbers)
    spread = [one.numbers if isinstance(one, Column) else [one] * count for one in arguments]
    return Column(list(map(operation, *spread)))


def _one_by_one(
    program: Program, point: Mapping[str, Number | Column], outputs: Sequence[int], rows: int, bits: int
) -> list[Number | Column]:
    """Row by row, each by the way that it takes. Raises the reason why one has no number."""
    found: list[list[Number]] = [[] for _ in outputs]
    for row in range(rows):
        here = [
            one.numbers[row] if isinstance(one, Column) else one
            for one in (point[name] for name in program.variables)
        ]
        slots = run(program, here, bits)
        for column, place in zip(found, outputs, strict=True):
            if isinstance(slots[place], Failure):
                raise slots[place].error
            column.append(slots[place])
    return [Column(one) for one in found]
