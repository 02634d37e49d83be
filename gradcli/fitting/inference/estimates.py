"""A solved fit → what is known of its parameters: errors, covariance, intervals, and measures of the fit.

Covariance is s²(JᵀWJ)⁻¹, with s² the sum of squares over the degrees of freedom, or 1 where the rows' standard deviations
are absolute (Bates & Watts 1988, Nonlinear Regression Analysis, section 2.2).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.fitting.inference.student_t import (
    normal_quantile,
    normal_tail,
    student_quantile,
    student_tail,
)
from gradcli.fitting.models.triangles import inverse_of, singular_values
from gradcli.fitting.solver.solution import Solution
from gradcli.language.records import NamedTuple

Vector = list[float]


class Rows(NamedTuple):
    """What the measures of a fit need of its rows.

    rows: how many. total: the weighted sum of squares of the target around its weighted mean. log_weights: the sum of
    the logarithms of the weights. absolute: whether the weights are those of known standard deviations.
    """

    rows: int
    total: float
    log_weights: float
    absolute: bool


class Estimates(NamedTuple):
    """What is known of the parameters.

    By name, None where nothing is: errors, t (the estimate over its error), p (of a t as large, were the parameter 0),
    intervals. names: those of the covariance, which no bound holds. covariance, correlation: by rows in their order.
    dof: degrees of freedom, rows less the parameters that they determine. sigma: the standard deviation of the residuals,
    of unit weight. scaled: whether errors are scaled by it. condition: of the Jacobian with columns of length 1.
    """

    names: tuple[str, ...]
    errors: Mapping[str, float | None]
    t: Mapping[str, float | None]
    p: Mapping[str, float | None]
    intervals: Mapping[str, tuple[float, float] | None]
    covariance: list[Vector] | None
    correlation: list[Vector] | None
    level: float
    quantile: float | None
    dof: int
    sigma: float | None
    scaled: bool
    r_squared: float | None
    adjusted: float | None
    aic: float | None
    bic: float | None
    condition: float | None


def estimate(solution: Solution, rows: Rows, level: float) -> Estimates:
    """The errors of a solution's parameters and the measures of its fit, with intervals that hold with *level*."""
    dof = rows.rows - solution.rank
    sigma = math.sqrt(solution.value / dof) if dof > 0 and math.isfinite(solution.value) else None
    factor = 1.0 if rows.absolute else None if sigma is None else sigma * sigma
    inverse = unscaled_covariance(solution)
    covariance = None
    if inverse is not None and factor is not None:
        covariance = [[factor * x for x in row] for row in inverse]
    found = with_covariance(solution, covariance, level, math.inf if rows.absolute else dof)
    correlation = _correlation(inverse) if covariance is not None else None
    shares, criteria = _shares(solution, rows, dof), _criteria(solution, rows, dof)
    return found._replace(
        correlation=correlation, dof=dof, sigma=sigma, scaled=not rows.absolute, r_squared=shares[0], adjusted=shares[1],
        aic=criteria[0], bic=criteria[1], condition=_condition(solution),
    )  # fmt: skip


def with_covariance(
    solution: Solution, covariance: list[Vector] | None, level: float, dof: float
) -> Estimates:
    """What follows from a covariance alone; dof: infinite for the normal in the place of Student's t."""
    errors = _errors(solution, covariance)
    quantile = (
        normal_quantile(level) if math.isinf(dof) else student_quantile(level, dof) if dof > 0 else None
    )
    at = dict(zip(solution.names, solution.x, strict=True))
    t = {name: _ratio(at[name], error) for name, error in errors.items()}
    return Estimates(
        solution.free, errors, t, {name: _tail(one, dof) for name, one in t.items()},
        {name: _interval(at[name], error, quantile) for name, error in errors.items()},
        covariance, _correlation(covariance), level, quantile, 0 if math.isinf(dof) else int(dof), None, True,
        None, None, None, None, None,
    )  # fmt: skip


def unscaled_covariance(solution: Solution) -> list[Vector] | None:
    """(JᵀWJ)⁻¹ along the free parameters; None where it is singular. In balls where the minimum is one in balls."""
    if solution.certain is not None and solution.success:
        exact = inverse_in_balls(solution.certain.polished.squares.normal)
        if exact is not None:
            return [[0.0 if x.contains(0) else float(x) for x in row] for row in exact]
    if solution.triangle is None or solution.loose:
        return _determined_part(solution)
    inverse = inverse_of(solution.triangle.rows)
    return None if inverse is None else _product(inverse, solution.triangle.lengths)


def inverse_in_balls(normal: Any) -> list[list[Any]] | None:
    """The inverse of a positive definite `arb_mat`, scaled first; None where it may be singular."""
    from flint import arb, arb_mat

    from gradcli.calculus.balls.ball_numbers import working_bits

    count = normal.nrows()
    with working_bits(512):
        sizes = [normal[i, i].mid() for i in range(count)]
        if not all(one > 0 for one in sizes):
            return None
        scale = [(1 / one.sqrt()).mid() for one in sizes]
        entries = [scale[i] * normal[i, j] * scale[j] for i in range(count) for j in range(count)]
        try:
            found = arb_mat(count, count, entries).inv()
        except ZeroDivisionError:
            return None
        return [[arb(scale[i]) * found[i, j] * scale[j] for j in range(count)] for i in range(count)]


def _product(inverse: Sequence[Vector], lengths: Sequence[float]) -> list[Vector]:
    """R⁻¹R⁻ᵀ with the lengths taken out again; *inverse* by columns."""
    count = len(lengths)
    return [
        [
            math.fsum(column[i] * column[j] for column in inverse) / lengths[i] / lengths[j]
            for j in range(count)
        ]
        for i in range(count)
    ]


def _determined_part(solution: Solution) -> list[Vector] | None:
    """The covariance where some directions are loose: inf for what they move, that of the others by the pseudo-inverse."""
    if solution.triangle is None:
        return None
    lost = {name for one in solution.loose for name in one}
    if lost >= set(solution.free):
        return None
    singular = singular_values(solution.triangle)
    kept = [
        (value, vector)
        for value, vector in zip(singular.values, singular.vectors, strict=True)
        if value > 1e-9
    ]
    count, lengths = len(solution.free), solution.triangle.lengths
    return [
        [
            math.inf if {solution.free[i], solution.free[j]} & lost
            else math.fsum(v[i] * v[j] / s**2 for s, v in kept) / lengths[i] / lengths[j]
            for j in range(count)
        ]
        for i in range(count)
    ]  # fmt: skip


def _errors(solution: Solution, covariance: list[Vector] | None) -> dict[str, float | None]:
    errors: dict[str, float | None] = dict.fromkeys(solution.names)
    if covariance is not None:
        for i, name in enumerate(solution.free):
            if math.isfinite(covariance[i][i]):
                errors[name] = math.sqrt(max(covariance[i][i], 0.0))
    return errors


def _correlation(inverse: list[Vector] | None) -> list[Vector] | None:
    if inverse is None or not all(math.isfinite(x) for row in inverse for x in row):
        return None
    sizes = [math.sqrt(row[i]) for i, row in enumerate(inverse)]
    if not all(sizes):
        return None
    return [
        [1.0 if i == j else max(-1.0, min(1.0, x / sizes[i] / sizes[j])) for j, x in enumerate(row)]
        for i, row in enumerate(inverse)
    ]


def _ratio(x: float, error: float | None) -> float | None:
    return x / error if error else None


def _tail(t: float | None, dof: float) -> float | None:
    if t is None or dof <= 0:
        return None
    return normal_tail(t) if math.isinf(dof) else student_tail(t, dof)


def _interval(x: float, error: float | None, quantile: float | None) -> tuple[float, float] | None:
    if error is None or quantile is None:
        return None
    return x - quantile * error, x + quantile * error


def _shares(solution: Solution, rows: Rows, dof: int) -> tuple[float | None, float | None]:
    """R² and its adjusted form: of the target's variation around its mean, what the model takes."""
    if not rows.total:
        return None, None
    left = solution.value / rows.total
    if abs(1 - left) < 1e-14:
        left = 1.0
    return 1 - left, 1 - left * (rows.rows - 1) / dof if dof > 0 and rows.rows > 1 else None


def _criteria(solution: Solution, rows: Rows, dof: int) -> tuple[float | None, float | None]:
    """Akaike's and Schwarz's criteria of the normal likelihood, the standard deviation a parameter unless it is known.

    None where no degree of freedom is left: what remains of the residuals is rounding.
    """
    if dof <= 0:
        return None, None
    n, known = rows.rows, solution.rank + (0 if rows.absolute else 1)
    if rows.absolute:
        deviance = solution.value + n * math.log(2 * math.pi) - rows.log_weights
    elif solution.value > 0:
        deviance = n * (math.log(2 * math.pi * solution.value / n) + 1) - rows.log_weights
    else:
        return None, None
    return deviance + 2 * known, deviance + known * math.log(n)


def _condition(solution: Solution) -> float | None:
    if solution.triangle is None or not solution.free:
        return None
    values = singular_values(solution.triangle).values
    return values[-1] / values[0] if values[0] else None
