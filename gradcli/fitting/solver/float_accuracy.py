"""A minimum that floats alone have found: last steps that make it stationary, and how many of its digits are right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.fitting.models.fit_problem import FitProblem
from gradcli.fitting.models.triangles import Triangle, damped_step, inverse_of, singular_values
from gradcli.fitting.solver.levenberg_marquardt import Box, free_part, offset_of
from gradcli.fitting.solver.variable_projection import solved_linear

Vector = list[float]

#: Last steps at most.
STEPS = 8

#: A singular value of the scaled Jacobian below which floats do not tell columns apart.
SINGULAR = 1e-9

#: How many times the rounding of the residuals is allowed for.
SAFETY = 8.0


def refined(problem: FitProblem, x: Sequence[float], box: Box) -> Vector:
    """*x* after steps of Gauss and Newton for as long as each halves what the tangent plane reaches of the residuals.

    They go on where the sum of squares no longer changes, for its slope still does.
    """
    best, here = list(x), problem.linearize(x)
    if here is None:
        return best
    free, triangle = free_part(here.triangle, best, box)
    for _ in range(STEPS):
        step = damped_step(triangle, [1.0] * len(free), 0.0)
        if step is None:
            break
        target = list(best)
        for j, move in zip(free, step[0], strict=True):
            target[j] += move
        target = box.kept(target)
        there = problem.linearize(target)
        if there is None:
            break
        now, after = free_part(there.triangle, target, box)
        if now != free or not offset_of(after) < 0.5 * offset_of(triangle):
            break
        best, triangle = target, after
    return best


def solved_again(problem: FitProblem, x: Vector, linear: Sequence[int], noise: float) -> Vector:
    """*x* with the parameters numbered *linear* solved for twice, the others as they stand; *x* where that is no better.

    noise: how long the rounding errors of the residuals may be.
    """
    value = problem.value(x)
    if not linear or value is None:
        return x
    most = value + noise * (2 * math.sqrt(value) + noise)
    best = x
    for _ in range(2):
        found = solved_linear(problem, best, linear)
        after = None if found is None else problem.value(found)
        if found is None or after is None or after > most:
            break
        best = found
    return best


def loose_digits(
    known: Sequence[str], names: Sequence[str], x: Mapping[str, float], triangle: Triangle, noise: float, value: float
) -> dict[str, int]:  # fmt: skip
    """As `known_digits`, of the *known* among the *names*, where rows say nothing along some directions."""
    singular, found = singular_values(triangle), dict[str, int]()
    pairs = [
        (size, vector)
        for size, vector in zip(singular.values, singular.vectors, strict=True)
        if size > SINGULAR
    ]
    reach = SAFETY * noise + math.hypot(*triangle.right)
    for i, name in enumerate(names):
        if name in known and triangle.lengths[i]:
            error = reach * math.hypot(*(vector[i] / size for size, vector in pairs)) / triangle.lengths[i]
            found[name] = right_digits(abs(x[name]), error)
    return {**found, "": _value_digits(value, noise)}


def known_digits(
    names: Sequence[str], x: Mapping[str, float], triangle: Triangle, noise: float, value: float
) -> dict[str, int]:
    """How many digits of each parameter are right, and under "" those of the sum of squares.

    noise: how long the rounding errors of the residuals may be. A residual that is off by so much moves a parameter by
    no more than the length of its row of R⁻¹ says.
    """
    found: dict[str, int] = {}
    inverse = inverse_of(triangle.rows)
    reach = SAFETY * noise + math.hypot(*triangle.right)
    for i, name in enumerate(names):
        if inverse is None or not triangle.lengths[i]:
            found[name] = 1
            continue
        error = reach * math.hypot(*(column[i] for column in inverse)) / triangle.lengths[i]
        found[name] = right_digits(abs(x[name]), error)
    found[""] = _value_digits(value, noise)
    return found


def _value_digits(value: float, noise: float) -> int:
    return right_digits(value, 2 * SAFETY * noise * math.sqrt(value) + noise * noise)


def right_digits(size: float, error: float) -> int:
    """How many digits of a number of that size are right where it is off by no more than *error*."""
    if not error:
        return 15
    return max(1, min(15, math.floor(math.log10(size / error)))) if size > error else 1
