"""Hessians that fall into parts of one or two rows → their spectrum in whole numbers, without a look at balls.

The entries are doubles, so exact quotients of whole numbers; what they may be away from the truth is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.rounding_error import TOLERANCE, errors_of, input_errors
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.point_answer import Value

#: Binary places of a square root of whole numbers; results below this are left to balls, whose exponents do not end.
_PLACES, _SMALLEST = 200, 1e-290

Floats = Sequence[Sequence[float]]

#: A whole number over a positive one.
Quotient = tuple[int, int]


def spectrum(matrix: Matrix, point: Mapping[str, Value]) -> tuple[tuple[float, ...], str, float] | None:
    """Eigenvalues, definiteness and condition; None where floats are not sure, or parts are larger."""
    program = matrix.program
    given = [point[name] for name in program.variables]
    try:
        numbers = [float(x) for x in given]
        slots = [*float_backend.run(program, numbers), 0.0]
        errors = [*errors_of(program, slots[:-1], input_errors(given, numbers)), 0.0]
        rows = [[slots[-1 if i is None else i] for i in row] for row in matrix.slots]
        wrong = [[errors[-1 if i is None else i] for i in row] for row in matrix.slots]
        return _spectrum(rows, wrong)
    except (ValueError, ArithmeticError):
        return None


def _spectrum(rows: Floats, errors: Floats) -> tuple[tuple[float, ...], str, float] | None:
    values: list[Quotient] = []
    for part in _parts(rows, errors):
        if len(part) > 2:
            return None
        error = math.hypot(*(errors[i][j] for i in part for j in part))
        found = (
            _pair(*(rows[i][j] for i in part for j in part if i <= j))
            if len(part) == 2
            else [rows[part[0]][part[0]].as_integer_ratio()]
        )
        if not all(_sure(x, error) for x in found):
            return None
        values += found
    values.sort(key=_float)
    return tuple(map(_float, values)), _word([p for p, _ in values]), _condition(values)


def _parts(rows: Floats, errors: Floats) -> list[list[int]]:
    """The rows in groups between which every entry is exactly 0, as far as these have two rows at the most."""
    linked = [{i, *(j for j, x in enumerate(row) if x or errors[i][j])} for i, row in enumerate(rows)]
    parts = [sorted(set().union(*(linked[j] for j in group))) for group in linked]
    return [part for i, part in enumerate(parts) if part[0] == i or len(part) > 2]


def _float(x: Quotient) -> float:
    return x[0] / x[1]


def _sure(x: Quotient, error: float) -> bool:
    """Whether its entries' error leaves a number enough digits, away from where floats end."""
    size = abs(_float(x))
    return error == 0 if x[0] == 0 else error <= TOLERANCE * size and size > _SMALLEST


def _pair(a: float, b: float, d: float) -> list[Quotient]:
    """The eigenvalues of [[a, b], [b, d]] to 200 binary places or exactly; raises OverflowError for infinite entries."""
    quotients = [x.as_integer_ratio() for x in (a, b, d)]
    below = max(q for _, q in quotients)
    a_, b_, d_ = (p * (below // q) for p, q in quotients)
    trace, determinant = a_ + d_, a_ * d_ - b_ * b_
    root = math.isqrt(((a_ - d_) ** 2 + 4 * b_ * b_) << 2 * _PLACES)
    large = (trace << _PLACES) + (root if trace >= 0 else -root)
    return [(large, below << _PLACES + 1), _upright(determinant << _PLACES + 1, large * below)]


def _upright(above: int, below: int) -> Quotient:
    return (above, below) if below > 0 else (-above, -below)


def _word(values: Sequence[int]) -> str:
    """What the signs of ascending numbers say."""
    if values[0] < 0 < values[-1]:
        return "indefinite"
    if values[0] == 0 == values[-1]:
        return "zero"
    sign = "positive" if values[-1] > 0 else "negative"
    return f"{sign} semidefinite" if 0 in values else f"{sign} definite"


def _condition(values: Sequence[Quotient]) -> float:
    """The ratio of the sizes; raises OverflowError where that is more than a float can be."""
    sizes = sorted(((abs(p), q) for p, q in values), key=_float)
    (p, q), (r, s) = sizes[0], sizes[-1]
    return (r * q) / (s * p) if p else math.inf
