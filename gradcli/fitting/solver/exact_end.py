"""The end of a fit over many rows: Newton's steps by exact sums from a rounded point, so that no way there shows in it.

Descents end within the noise of floats around a minimum, each elsewhere. Rounded to a millionth or so of what the rows
tell of a parameter their ends are one point, from which exact sums lead to the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.fitting.models.summed_squares import APART, SummedSquares, nearest
from gradcli.fitting.models.triangles import Triangle, inverse_of
from gradcli.fitting.solver.levenberg_marquardt import Box
from gradcli.fitting.solver.newton_in_balls import BITS, solved

Vector = list[float]

#: Steps at most, and by how much the decrease that one foretells is less than the last one's.
STEPS, LESS = 12, 0.1

#: A last step, and a first one from the rounded end of a descent that had ended there, squared, in units of the variance.
SHORT, NEAR = 1e-16, 1e-9

#: Ends that are rounded, at most.
ROUNDS = 3

#: A parameter is rounded to this share of its error, or of what rounding alone may move it times so much.
SHARE, NOISE = 2.0**-18, 16.0


def settled(problem: SummedSquares, x: Sequence[float], triangle: Triangle, box: Box, noise: float) -> Vector:
    """The stationary point next to *x*, as exact sums of the rows' float residuals have it; *x* where there is none, or a
    higher one.

    triangle: at *x*, nearly. noise: how long the rounding errors of the residuals may be.
    """
    problem.fine = nearest(triangle) < APART
    variance = triangle.rest**2 / max(problem.rows - len(x), 1)
    unit = max(SHARE * math.sqrt(variance), NOISE * noise)
    best = list(x)
    for _ in range(ROUNDS):
        best, first = _descended(problem, _rounded(best, triangle, box, unit), best, box, variance)
        if first <= NEAR * variance:  # it began where the rounded ends of other ways are too
            break
    return best if _is_no_higher(problem, best, x, noise) else list(x)


def _is_no_higher(problem: SummedSquares, end: Sequence[float], begin: Sequence[float], noise: float) -> bool:
    """Whether the sum of squares at *end* is not above that at *begin* by more than rounding errors of that length."""
    found = [problem.squares(begin), problem.squares(end)]
    before, after = (math.inf if one is None else float(one.value) for one in found)
    return before == math.inf or after <= before + noise * (2 * math.sqrt(before) + noise)


def _descended(
    problem: SummedSquares, begin: Vector, before: Vector, box: Box, variance: float
) -> tuple[Vector, float]:
    """Where Newton's steps end, and twice what the first one takes off; *before* where no step can be taken."""
    best, last, first = begin, math.inf, 0.0
    for number in range(STEPS):
        found = _step(problem, best, box)
        if found is None:
            return (best if number else before), first
        target, foretold = found
        first = first if number else foretold
        if not foretold < LESS * last:
            break
        best, last = target, foretold
        if foretold < SHORT * variance:  # the next one would be as long as the square of this one
            break
    return best, first


def _rounded(x: Sequence[float], triangle: Triangle, box: Box, unit: float) -> Vector:
    """*x* with each number that no bound holds rounded to the power of two by which a residual of that length moves it."""
    inverse = inverse_of(triangle.rows)
    if inverse is None or not all(triangle.lengths):
        return list(x)
    found = []
    for j, (one, low, high) in enumerate(zip(x, box.low, box.high, strict=True)):
        reach = unit * math.hypot(*(column[j] for column in inverse)) / triangle.lengths[j]
        step = 2.0 ** math.floor(math.log2(reach)) if math.isfinite(reach) and reach > 1e-300 else 0.0
        inside = low < one < high and step and abs(one) / step < 2.0**52
        found.append(round(one / step) * step if inside else one)
    return box.kept(found)


def _step(problem: SummedSquares, x: Sequence[float], box: Box) -> tuple[Vector, float] | None:
    """The next point and twice what the step to it takes off; None where a row has no value, or nothing can be solved."""
    with working_bits(BITS):
        here = problem.squares(x)
        if here is None:
            return None
        downhill = [float(one) for one in here.gradient]
        free = [j for j, held in enumerate(box.pressed(x, downhill)) if not held]
        right = [here.gradient[j] for j in free]
        for matrix in (here.hessian, here.normal):
            moves = None if matrix is None else solved(_part(matrix, free), right)
            if moves is None:
                continue
            foretold = float(sum(a * b for a, b in zip(moves, right, strict=True)))
            if foretold >= 0:
                target = list(x)
                for j, move in zip(free, moves, strict=True):
                    target[j] = float(x[j] + move)
                return box.kept(target), foretold
    return None


def _part(matrix: Any, places: Sequence[int]) -> Any:
    """The rows and columns at *places*."""
    from flint import arb_mat

    return arb_mat(len(places), len(places), [matrix[i, j] for i in places for j in places])
