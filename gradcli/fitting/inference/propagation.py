"""What is made of parameters: its value, and its error from the whole covariance (first order: √(gᵀ C g)).

In balls where the minimum is known in balls, so that no digit is lost where parameters are correlated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.program import Program
from gradcli.fitting.inference.estimates import Estimates, inverse_in_balls
from gradcli.fitting.models.row_function import row_function
from gradcli.fitting.models.row_model import off_data_seams, on_seams
from gradcli.fitting.solver.solution import Solution
from gradcli.language.records import NamedTuple

#: Bits in which a minimum's balls are carried on.
_BITS = 512


class Quantity(NamedTuple):
    """A value, and its standard error: None where there is none."""

    value: float
    error: float | None


class Parameters(NamedTuple):
    """What is known of the parameters: where they are, how sure that is, and those that are held, as texts."""

    solution: Solution
    estimates: Estimates
    fixed: Mapping[str, str]


def propagated(
    known: Parameters, program: Program, columns: Mapping[str, Sequence[Any]], rows: int
) -> list[Quantity]:
    """The value of a program in each row, with its error; None where it has no slope. columns: rationals, or floats.

    Raises ArithmeticError and ValueError where a row has no value.
    """
    solution, program = known.solution, off_data_seams(program, known.solution.names)
    if solution.certain is not None and solution.success:
        return _in_balls(known, program, columns, rows)
    return _in_floats(known, program, columns, rows)


def _gradient_slots(program: Program, names: Sequence[str]) -> list[int | None]:
    slots = dict(zip(program.variables, program.gradient, strict=True))
    return [slots.get(name) for name in names]


def _in_balls(
    known: Parameters, program: Program, columns: Mapping[str, Sequence[Any]], rows: int
) -> list[Quantity]:
    from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
    from gradcli.calculus.balls.decimals import double
    from gradcli.calculus.balls.programs.given_numbers import number_of
    from gradcli.fitting.models.ball_rows import Column, run_rows

    solution = known.solution
    assert solution.certain is not None  # noqa: S101  (who asks has it)
    polished = solution.certain.polished
    at = dict(zip(solution.names, map(repr, solution.x), strict=True))
    point: dict[str, Any] = {name: number_of(text, _BITS) for name, text in {**at, **known.fixed}.items()}
    point |= dict(zip(solution.free, polished.x, strict=True))
    point |= {
        name: Column([x if exact(x) else double(x) for x in numbers]) for name, numbers in columns.items()
    }
    slots = _gradient_slots(program, solution.free)
    wanted = list(dict.fromkeys([program.value, *(slot for slot in slots if slot is not None)]))
    used = {name: point[name] for name in program.variables}
    found = dict(zip(wanted, run_rows(program, used, wanted, rows, _BITS), strict=True))
    factor, inverse = factor_in_balls(known), inverse_in_balls(polished.squares.normal)
    quantities = []
    with working_bits(_BITS):
        for row in range(rows):
            slopes = [ball(found[slot][row]) if slot is not None else ball(double(0.0)) for slot in slots]
            error = None if factor is None or inverse is None else _root(factor * _form(inverse, slopes))
            quantities.append(Quantity(float(ball(found[program.value][row])), error))
    return quantities


def factor_in_balls(known: Parameters) -> Any:
    """s², or 1 where errors are not scaled; None where there is no degree of freedom."""
    from flint import arb

    if not known.estimates.scaled:
        return arb(1)
    if known.estimates.dof <= 0 or known.solution.certain is None:
        return None
    return known.solution.certain.polished.squares.value / known.estimates.dof


def _form(matrix: Sequence[Sequence[Any]], vector: Sequence[Any]) -> Any:
    total = 0 * vector[0]
    for row, x in zip(matrix, vector, strict=True):
        for entry, y in zip(row, vector, strict=True):
            total += x * entry * y
    return total


def _root(square: Any) -> float:
    return 0.0 if square.contains(0) else math.sqrt(float(square))


def _in_floats(
    known: Parameters, program: Program, columns: Mapping[str, Sequence[Any]], rows: int
) -> list[Quantity]:
    solution, covariance = known.solution, known.estimates.covariance
    point = {
        **dict(zip(solution.names, solution.x, strict=True)),
        **{n: float(x) for n, x in known.fixed.items()},
    }
    slots = _gradient_slots(program, solution.free)
    outputs = [program.value, *(slot for slot in slots if slot is not None)]
    function = row_function(program, tuple(columns), tuple(point), outputs)
    bare = row_function(on_seams(program), tuple(columns), tuple(point), [program.value])
    data: list[tuple[float, ...]] = list(zip(*columns.values(), strict=True)) if columns else [()] * rows
    quantities = []
    for row in data:
        try:
            ((value, *slopes),) = function([row], list(point.values()))
        except Kink:  # the model has a value there, and no slope
            ((value,),) = bare([row], list(point.values()))
            quantities.append(Quantity(value, None))
            continue
        waiting = iter(slopes)
        whole = [0.0 if slot is None else next(waiting) for slot in slots]
        quantities.append(Quantity(value, _error(covariance, whole)))
    return quantities


def _error(covariance: Sequence[Sequence[float]] | None, slopes: Sequence[float]) -> float | None:
    if covariance is None:
        return None
    size = range(len(slopes))
    terms = [slopes[i] * covariance[i][j] * slopes[j] for i in size for j in size if slopes[i] and slopes[j]]
    if not all(map(math.isfinite, terms)):  # a parameter that the rows do not determine has a part in it
        return None
    return math.sqrt(max(math.fsum(terms), 0.0))
