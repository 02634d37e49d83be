"""Whether the Hessian of a sum of squares is positive definite at a point that floats have found to be stationary.

The tangent plane cannot tell: at a maximum it reaches as little of the residuals as at a minimum. Where second derivatives are
known they are added up exactly; else slopes at either side of the point tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.linear_algebra.inertia import inertia_of
from gradcli.descent.objective.vectors import spectrum
from gradcli.fitting.models.fit_problem import FitProblem
from gradcli.fitting.models.summed_squares import SummedSquares
from gradcli.fitting.models.triangles import Triangle, inverse_of
from gradcli.fitting.solver.newton_in_balls import BITS

Vector = list[float]

#: How far the sides are, as a share of the residuals' length, and in lengths of their rounding errors.
ASIDE, ABOVE = 1e-3, 1e4


def exact_definiteness(problem: SummedSquares, x: Sequence[float], places: Sequence[int]) -> str | None:
    """The word of the Hessian's inertia along the parameters at *places*, by exact sums; None where it is not known."""
    with working_bits(BITS):
        here = problem.squares(x)
        if here is None or here.hessian is None:
            return None
        return inertia_of([[here.hessian[i, j] for j in places] for i in places]).word


def definiteness(
    problem: FitProblem, x: Sequence[float], places: Sequence[int], triangle: Triangle, noise: float
) -> str | None:
    """The same by differences of slopes, where two lengths of them agree; triangle: of the parameters at *places*.

    Directions are those in which the tangent plane has length 1, so that the Hessian is 1 without second derivatives.
    """
    inverse = inverse_of(triangle.rows)
    if inverse is None or not all(triangle.lengths):
        return None
    ways = [[one / length for one, length in zip(way, triangle.lengths, strict=True)] for way in inverse]
    size = ASIDE * math.hypot(triangle.rest, *triangle.right) + ABOVE * noise
    near, far = (_hessian(problem, x, places, ways, length) for length in (size, 2 * size))
    if near is None or far is None:
        return None
    error = math.hypot(
        *(a - b for one, two in zip(near, far, strict=True) for a, b in zip(one, two, strict=True))
    )
    values = spectrum(near).values
    if min(values) > error:
        return "positive definite"
    if max(values) < -error:
        return "negative definite"
    return "indefinite" if min(values) < -error and max(values) > error else None


def _hessian(
    problem: FitProblem, x: Sequence[float], places: Sequence[int], ways: Sequence[Vector], length: float
) -> list[Vector] | None:
    """Half the second derivatives along the *ways*, from the slopes at that *length* to either side of *x*."""
    rows = []
    for way in ways:
        sides = []
        for sign in (1.0, -1.0):
            slopes = _slopes(problem, _moved(x, places, way, sign * length))
            if slopes is None:
                return None
            sides.append(
                [math.fsum(slopes[j] * one for j, one in zip(places, other, strict=True)) for other in ways]
            )
        rows.append([(a - b) / (2 * length) for a, b in zip(*sides, strict=True)])
    size = range(len(ways))
    return [[(rows[i][j] + rows[j][i]) / 2 for j in size] for i in size]


def _moved(x: Sequence[float], places: Sequence[int], way: Sequence[float], length: float) -> Vector:
    target = list(x)
    for j, one in zip(places, way, strict=True):
        target[j] += length * one
    return target


def _slopes(problem: FitProblem, x: Sequence[float]) -> Vector | None:
    """Half the slopes of the sum of squares, -Jᵀr; None where a row has no value."""
    here: Any = problem.linearize(x)
    if here is None:
        return None
    triangle, size = here.triangle, range(len(x))
    return [
        -triangle.lengths[j] * math.fsum(triangle.rows[i][j] * triangle.right[i] for i in size) for j in size
    ]
