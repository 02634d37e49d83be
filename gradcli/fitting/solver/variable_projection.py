"""Separable least squares: parameters in which the model is linear follow from the others, and only those descend.

The step along the others is that of Kaufman (1975, A variable projection method): the triangle with the linear columns
first has it in its lower corner. After each step the linear ones are solved for anew (Golub & Pereyra 1973).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.fitting.models.fit_problem import FitProblem, Linearization
from gradcli.fitting.models.triangles import Triangle, back_substituted, damped_step, factored
from gradcli.fitting.solver.levenberg_marquardt import FIRST, LAST, UNSEEN, Box, Descent, offset_of

Vector = list[float]

#: What is left of a column beside those before it, below which it is taken for one of their combinations.
DEPENDENT = 1e-13


def solved_linear(problem: FitProblem, x: Sequence[float], linear: Sequence[int]) -> Vector | None:
    """*x* with the best values of the parameters numbered *linear*, in which f is linear; None where there are none."""
    here = problem.linearize(x, linear)
    if here is None:
        return None
    triangle = here.triangle
    if any(abs(triangle.rows[k][k]) <= DEPENDENT for k in range(len(linear))):
        step = damped_step(triangle, [1.0] * len(linear), 1e-16)
        if step is None:
            return None
        moves = step[0]
    else:
        solved = back_substituted(triangle.rows, triangle.right)
        if solved is None:
            return None
        moves = [one / length for one, length in zip(solved, triangle.lengths, strict=True)]
    found = list(x)
    for j, one in zip(linear, moves, strict=True):
        found[j] += one
    return found if all(map(math.isfinite, found)) else None


def descend_separably(
    problem: FitProblem, start: Sequence[float], linear: Sequence[int], box: Box, most: int
) -> Descent:
    """Go down along the parameters that are not *linear*, in at most so many iterations."""
    others = [j for j in range(len(start)) if j not in linear]
    x = solved_linear(problem, box.kept(start), linear)
    order = [*linear, *others]
    here = None if x is None else problem.linearize(x, order)
    if x is None or here is None:
        return Descent(list(start), math.inf, 1.0, "outside", 0)
    damping, factor, iteration = FIRST, 2.0, 0
    while iteration < most:
        corner = lower_corner(here.triangle, len(linear))
        step = damped_step(corner, [1.0] * len(others), damping) if any(corner.lengths) else None
        if step is None or step[1] <= UNSEEN * here.value or damping > LAST:
            break
        found = _tried(problem, x, step[0], linear, others, box)
        if found is not None and found[1].value < here.value:
            gain = (here.value - found[1].value) / step[1]
            x, here = found
            damping, factor = damping * max(1 / 3, 1 - (2 * gain - 1) ** 3), 2.0
            iteration += 1
        else:
            damping, factor = damping * factor, factor * 2
    offset = offset_of(here.triangle)
    ended = "steps" if iteration == most else "converged" if offset < 1e-3 else "stuck"
    return Descent(x, here.value, offset, ended, iteration)


def _tried(
    problem: FitProblem, x: Sequence[float], move: Sequence[float], linear: Sequence[int], others: Sequence[int], box: Box
) -> tuple[Vector, Linearization] | None:  # fmt: skip
    target = list(x)
    for j, one in zip(others, move, strict=True):
        target[j] += one
    solved = solved_linear(problem, box.kept(target), linear)
    there = None if solved is None else problem.linearize(solved, [*linear, *others])
    return None if solved is None or there is None else (solved, there)


def lower_corner(triangle: Triangle, first: int) -> Triangle:
    """The triangle of the columns after the *first* ones, made orthogonal to these."""
    count = len(triangle.rows)
    columns = [[triangle.rows[i][j] for i in range(first, count)] for j in range(first, count)]
    found = factored(columns, triangle.right[first:])
    lengths = [a * b for a, b in zip(found.lengths, triangle.lengths[first:], strict=True)]
    return found._replace(lengths=lengths, rest=triangle.rest)
