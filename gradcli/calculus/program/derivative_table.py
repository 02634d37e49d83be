"""Tables of derivatives: Jacobians, Hessians, products with them, and chains of higher derivatives, as plain data.

One program computes all of a table; its rows are values, each with derivatives along the columns. Kept apart from
what compiles them, for quick starts.
"""

from __future__ import annotations

from typing import Any

from gradcli.calculus.program.program import Program, from_data, to_data
from gradcli.language.records import NamedTuple

Slots = tuple[int | None, ...]


class Matrix(NamedTuple):
    """A program with many results, and what they are called.

    text: what was parsed, into which the program's spans point. values[i]: the slot of row i's value.
    slots[i][j]: the slot of its derivative along columns[j], None where there is none: `unknown` lists the (i, j) at
    which nobody knows it, elsewhere it is not connected. formulas: the same as text, None where it would be too long.
    """

    text: str
    program: Program
    columns: tuple[str, ...]
    values: tuple[int, ...]
    slots: tuple[Slots, ...]
    unknown: frozenset[tuple[int, int]]
    formulas: tuple[tuple[str | None, ...], ...]


def matrix_to_data(matrix: Matrix) -> list[Any]:
    """The table as JSON-ready lists."""
    return [
        matrix.text, to_data(matrix.program), list(matrix.columns), list(matrix.values), [*map(list, matrix.slots)],
        sorted(map(list, matrix.unknown)), [*map(list, matrix.formulas)],
    ]  # fmt: skip


def matrix_from_data(data: Any) -> Matrix:
    """What `matrix_to_data` gave. Raises ValueError for anything else."""
    try:
        text, program, columns, values, slots, unknown, formulas = data
        matrix = Matrix(
            str(text), from_data(program), tuple(map(str, columns)), tuple(values), tuple(map(tuple, slots)),
            frozenset((int(i), int(j)) for i, j in unknown),
            tuple(tuple(None if t is None else str(t) for t in row) for row in formulas),
        )  # fmt: skip
    except (TypeError, ValueError) as error:
        raise ValueError("not a table of derivatives") from error
    end = matrix.program.first + len(matrix.program.code)
    numbers = [*matrix.values, *(slot for row in matrix.slots for slot in row if slot is not None)]
    square = all(len(row) == len(matrix.columns) for row in (*matrix.slots, *matrix.formulas))
    if not (square and all(type(n) is int and 0 <= n < end for n in numbers)):
        raise ValueError("not a table of derivatives")
    return matrix


def outputs_of(matrix: Matrix) -> list[int]:
    """The slots of f, of its gradient, of the rows' values and of the entries."""
    places = [matrix.program.value, *matrix.program.gradient, *matrix.values]
    places += [i for row in matrix.slots for i in row]
    return [i for i in dict.fromkeys(places) if i is not None]
