"""Table of derivatives and point → numbers, or the reason why there are none.

As for gradients: floats first; where their bound does not do the program runs in balls, and an entry without a value
is looked at from both sides of the point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.compiled_error_bound import in_rationals
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors
from gradcli.calculus.program.derivative_table import Matrix, outputs_of
from gradcli.calculus.program.point_answer import Note, Numbers, Value


def tabulate(
    matrix: Matrix, point: Mapping[str, Value], digits: int = 15, corner: str = "none", of: Sequence[str] = ()
) -> Numbers:
    """All entries of *matrix* at *point*: floats, or decimal texts where more than 15 digits are asked for.

    corner: what an entry is where the row's value has a corner. of: what each row's notes are about. Raises DomainProblem
    where f, or a row of a Jacobian, has no value.
    """
    if digits > 15:
        return _in_balls(matrix, point, digits, corner, of)
    return _in_floats(matrix, point) or _in_balls(matrix, point, None, corner, of)


def _in_floats(matrix: Matrix, point: Mapping[str, Value]) -> Numbers | None:
    """The numbers in floats or as quotients, where these are sure; None elsewhere."""
    program, outputs = matrix.program, outputs_of(matrix)
    given = [point[name] for name in program.variables]
    numbers = [float(x) for x in given]
    slots: Sequence[float] | Mapping[int, float]
    try:
        slots = float_backend.run(program, numbers)
    except (ValueError, ArithmeticError):
        return None
    if not all(math.isfinite(slots[i]) for i in outputs):
        return None
    if digits_may_be_lost(program, slots, outputs, input_errors(given, numbers)):
        found = in_rationals(program, given, outputs)
        if found is None:
            return None
        slots = dict(zip(outputs, found, strict=True))
    values = tuple(slots[i] for i in matrix.values)
    entries = tuple(tuple(None if i is None else slots[i] for i in row) for row in matrix.slots)
    return Numbers(values, entries, (), slots[program.value])


def _in_balls(
    matrix: Matrix, point: Mapping[str, Value], digits: int | None, corner: str, of: Sequence[str]
) -> Numbers:
    from gradcli.calculus.balls.programs.ball_results import Results
    from gradcli.calculus.corners.table_in_balls import run_table
    from gradcli.calculus.evaluation.gradient_at_point import bits_of

    found = run_table(matrix, point, digits or 25, bits_of(digits), corner, of)
    results = Results(matrix.program, matrix.text, point, bits_of(digits), digits)
    first = results.number(found.first, "value", "the value")
    values = tuple(results.number(x, f"values.{i}", "a value") for i, x in enumerate(found.values))
    entries = tuple(
        tuple(
            results.number(x, f"{i}.{name}", "an entry") for name, x in zip(matrix.columns, row, strict=True)
        )
        for i, row in enumerate(found.entries)
    )
    return Numbers(values, entries, (*found.notes, *_once(results.notes)), first, results.undecided)


def _once(notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple({(note.kind, note.message): note for note in notes}.values())
