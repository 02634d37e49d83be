"""Rows in which a model has no value whatever its parameters: which one is first, and what leaves it out."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from gradcli.calculus.backends.float_backend import constant, float_operation
from gradcli.calculus.program.program import Program
from gradcli.language.records import NamedTuple
from gradcli.shell.problems.expression_arguments import free_names

#: Rows that are looked at, at most.
MOST = 20_000

#: What has to hold of an argument: by instruction its number, and the condition.
CONDITIONS = {
    "log": (0, "{} > 0"), "log10": (0, "{} > 0"), "log2": (0, "{} > 0"), "log1p": (0, "{} > -1"), "sqrt": (0, "{} >= 0"),
    "div": (1, "{} != 0"), "pow": (0, "{} > 0"), "asin": (0, "abs({}) <= 1"), "acos": (0, "abs({}) <= 1"),
    "atanh": (0, "abs({}) < 1"), "acosh": (0, "{} >= 1"),
}  # fmt: skip

#: What is said where no condition is known.
OTHERWISE = "no parameter changes that: --where CONDITION leaves such rows out"


class NoValue(NamedTuple):
    """The number of a row, from 0, and a hint."""

    row: int
    hint: str


def row_without_value(
    program: Program, text: str, columns: Collection[str], rows: Sequence[Sequence[float]]
) -> NoValue | None:
    """The first of the rows, by the program's variables, that has no value for any parameters; None where none is seen."""
    for number, row in enumerate(rows[:MOST]):
        index = _failing(program, columns, row)
        if index is not None:
            return NoValue(number, _hint(program, text, columns, index))
    return None


def _failing(program: Program, columns: Collection[str], row: Sequence[float]) -> int | None:
    """The first instruction of the value that fails by what the columns alone decide."""
    slots: list[float | None] = [
        x if name in columns else None for name, x in zip(program.variables, row, strict=True)
    ]
    slots += map(constant, program.constants)
    for index, (op, *places) in enumerate(program.code[: max(program.value + 1 - program.first, 0)]):
        arguments = [slots[place] for place in places]
        if op == "div" and arguments[1] == 0 and index not in program.guarded:
            return index
        found = None
        if None not in arguments:
            try:
                found = float_operation(op)(*[one for one in arguments if one is not None])
            except OverflowError:
                found = math.inf
            except (ValueError, ArithmeticError):
                if index not in program.guarded:
                    return index
                found = math.nan
        slots.append(found)
    return None


def _hint(program: Program, text: str, columns: Collection[str], index: int) -> str:
    """The condition that leaves the row out, where it can be written with columns alone."""
    op, *places = program.code[index]
    if op not in CONDITIONS:
        return OTHERWISE
    number, condition = CONDITIONS[op]
    slot = places[number]
    span = program.spans[slot - program.first] if slot >= program.first else None
    if slot < len(program.variables):
        argument = program.variables[slot]
    elif span is not None:
        argument = text[span[0] : span[1]]
    else:
        return OTHERWISE
    names = free_names((argument,))
    return (
        f'--where "{condition.format(argument)}" leaves it out'
        if names and names <= set(columns)
        else OTHERWISE
    )
