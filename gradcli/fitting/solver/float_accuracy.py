"""A minimum that floats alone have found: last steps that make it stationary, and how many of its digits are right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.fitting.models.fit_problem import FitProblem
from gradcli.fitting.models.triangles import Triangle, damped_step, inverse_of
from gradcli.fitting.solver.levenberg_marquardt import Box, free_part, offset_of

Vector = list[float]

#: Last steps at most.
STEPS = 8

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
    found[""] = right_digits(value, 2 * SAFETY * noise * math.sqrt(value) + noise * noise)
    return found


def right_digits(size: float, error: float) -> int:
    """How many digits of a number of that size are right where it is off by no more than *error*."""
    if not error:
        return 15
    return max(1, min(15, math.floor(math.log10(size / error)))) if size > error else 1
