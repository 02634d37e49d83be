"""Table of derivatives and point → numbers, or the reason why there are none.

As for gradients: floats first; where they fail the program runs again in mpmath, and an entry without a
value is looked at from both sides of the point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus import floats
from gradcli.calculus.doubt import doubtful, settled
from gradcli.calculus.evaluate import SECOND_LOOK, Note, Value, as_float, decimal, looked, settle
from gradcli.calculus.matrix import Matrix

Row = tuple[Any, ...]


class Numbers(NamedTuple):
    """The value of each row, the entries, None where there is no number, notes that say why, and the program's value."""

    values: Row
    entries: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    first: Any = None


def tabulate(matrix: Matrix, point: Mapping[str, Value], digits: int = 15) -> Numbers:
    """All entries of *matrix* at *point*: floats, or decimal texts where more than 15 digits are asked for.

    Raises DomainProblem where f, or a row of a Jacobian, has no value.
    """
    if digits > 15:
        return _in_digits(matrix, point, digits)
    return _in_floats(matrix, point) or _second_look(matrix, point)


def _in_floats(matrix: Matrix, point: Mapping[str, Value]) -> Numbers | None:
    """The numbers in floats, or those nearest to the truth where floats lose digits; None where something fails."""
    program = matrix.program
    slots: Sequence[float] | Mapping[int, float]
    try:
        slots = floats.run(program, [float(point[name]) for name in program.variables])
    except (ValueError, ArithmeticError):
        return None
    places = [program.value, *program.gradient, *matrix.values, *(i for row in matrix.slots for i in row)]
    outputs = [i for i in dict.fromkeys(places) if i is not None]
    if not all(math.isfinite(slots[i]) for i in outputs):
        return None
    if doubtful(program, slots, outputs):
        found = settled(program, [str(point[name]) for name in program.variables], outputs)
        if found is None:
            return None
        slots = dict(zip(outputs, found, strict=True))
    values = tuple(slots[i] for i in matrix.values)
    entries = tuple(tuple(None if i is None else slots[i] for i in row) for row in matrix.slots)
    return Numbers(values, entries, (), slots[program.value])


def _second_look(matrix: Matrix, point: Mapping[str, Value]) -> Numbers:
    from gradcli.calculus.beside import looked_at

    found = looked_at(matrix, point, _enough(matrix, point, SECOND_LOOK))

    def rounded(row: Row, name: str) -> Row:
        return tuple(None if x is None else as_float(x, name) for x in row)

    entries = tuple(rounded(row, "an entry") for row in found.entries)
    return Numbers(
        rounded(found.values, "a value"), entries, found.notes, *rounded((found.first,), "the value")
    )


def _enough(matrix: Matrix, point: Mapping[str, Value], digits: int) -> int:
    """*digits*, or as many more as f needs to have a value."""
    program = matrix.program
    return looked(program, [str(point[name]) for name in program.variables], digits)[1]


def _in_digits(matrix: Matrix, point: Mapping[str, Value], digits: int) -> Numbers:
    from gradcli.calculus import wide
    from gradcli.calculus.beside import looked_at

    def texts(precision: int) -> tuple[list[str | None], tuple[Note, ...]]:
        found = looked_at(matrix, point, precision)
        mp = wide.context(precision)
        numbers = (found.first, *found.values, *(x for row in found.entries for x in row))
        return [decimal(mp, number, digits) for number in numbers], found.notes

    (first, *flat), notes = settle(texts, _enough(matrix, point, digits + 10))
    rows, width = len(matrix.values), len(matrix.columns)
    starts = range(rows, rows + rows * width, width) if width else [rows] * rows
    return Numbers(tuple(flat[:rows]), tuple(tuple(flat[s : s + width]) for s in starts), notes, first)
