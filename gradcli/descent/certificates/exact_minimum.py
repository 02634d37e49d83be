"""Minima that floats are enough for: the gradient is 0 there, exactly, and the Hessian, exactly known, positive definite.

So it is where f is made of sums, products and squares, and its minimum and what is calculated on the way fit into floats,
as they do in most examples: then nothing was rounded, and a bound of the error of 0 says so. All else is decided in balls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.rounding_error import errors_of
from gradcli.calculus.program.program import Program
from gradcli.descent.certificates.finding import Finding
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.hessian_function import hessian
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Matrix, solve_spectral, spectrum

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix as Table

#: Operations that have derivatives of any order everywhere.
_SMOOTH = frozenset(
    ("neg", "add", "sub", "mul", "square", "exp", "sin", "cos", "sinh", "cosh", "tanh", "sech", "atan", "erf")
)

#: Variables at the most; digits of the coordinates that are tried; how far they are from where a descent ends.
MOST, DIGITS, NEAR = 20, (3, 6, 9), 1e-6


def exact_minimum(
    objective: Objective, place: Evaluation, bounds: Bounds, spans: Sequence[float]
) -> Finding | None:
    """The minimum next to *place*, where floats show all of it; None where they do not.

    spans: the size of the region that the descent is about, along each variable.
    """
    table, program = objective.table, objective.course.program
    if table is None or bounds.any or len(place.x) > MOST:
        return None
    if not (is_smooth(program) and is_smooth(table.program)):
        return None
    partials = [program.gradient[i] for i in objective.course.moving]
    for x in _candidates(objective, table, place, spans):
        slopes = _exactly(program, objective.whole(x), partials)
        if slopes is None or any(slopes):
            continue
        at = objective.at(x)
        numbers = [at[name] for name in table.program.variables]
        rows = [_exactly(table.program, numbers, row) for row in table.slots]
        matrix = [[objective.sign * number for number in row] for row in rows if row is not None]
        if len(matrix) == len(x) and is_positive_definite(matrix):
            return Finding("minimum", x, (False,) * len(x), matrix=matrix)
    return None


def is_smooth(program: Program) -> bool:
    """Whether all that a program does has derivatives of any order everywhere."""
    return all(
        op in _SMOOTH or (op == "pow" and _is_whole(program, places[1])) for op, *places in program.code
    )


def _is_whole(program: Program, place: int) -> bool:
    """Whether a slot holds a literal that is a whole number from 2 on."""
    text = (
        program.constants[place - len(program.variables)]
        if len(program.variables) <= place < program.first
        else ""
    )
    return text.isdigit() and text not in ("0", "1")


def _candidates(
    objective: Objective, table: Table, place: Evaluation, spans: Sequence[float]
) -> Iterator[list[float]]:
    """Points with few digits where one of Newton's steps leads."""
    matrix = hessian(table, objective.at(place.x))
    if matrix is None:
        return
    step = solve_spectral(spectrum([[objective.sign * number for number in row] for row in matrix]), place.g)
    for digits in DIGITS:
        x = [round(a - d, digits) + 0.0 for a, d in zip(place.x, step, strict=True)]
        if all(abs(a - b) <= NEAR * span for a, b, span in zip(place.x, x, spans, strict=True)):
            yield x


def _exactly(program: Program, numbers: Sequence[float], places: Sequence[int | None]) -> list[float] | None:
    """The numbers in some slots, 0 for None, where nothing on the way was rounded; None elsewhere."""
    try:
        slots = float_backend.run(program, numbers)
    except (ValueError, ArithmeticError):
        return None
    errors = errors_of(program, slots, [0.0] * len(numbers))
    if any(
        place is not None and not (errors[place] == 0 and math.isfinite(slots[place])) for place in places
    ):
        return None
    return [0.0 if place is None else slots[place] for place in places]


def is_positive_definite(matrix: Matrix) -> bool:
    """Whether all leading principal minors are above 0 (Sylvester), in whole numbers (Bareiss 1968)."""
    quotients = [[number.as_integer_ratio() for number in row] for row in matrix]
    below = max(
        (bottom for row in quotients for _, bottom in row), default=1
    )  # powers of two: the largest is common
    rows = [[top * (below // bottom) for top, bottom in row] for row in quotients]
    before = 1
    for k, pivot in enumerate(rows):
        if pivot[k] <= 0:
            return False
        for row in rows[k + 1 :]:
            row[k + 1 :] = [(pivot[k] * row[j] - row[k] * pivot[j]) // before for j in range(k + 1, len(row))]
        before = pivot[k]
    return True
