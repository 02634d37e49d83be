"""Levenberg–Marquardt within bounds: steps by QR of the scaled columns, damping that follows how well they were foretold.

Scales are the largest lengths that a column of J has had (Moré 1978, The Levenberg–Marquardt algorithm), or those that it
has now (Marquardt 1963); the damping is updated by the gain ratio (Nielsen 1999, Damping parameter in Marquardt's method).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.fitting.models.fit_problem import FitProblem, Linearization
from gradcli.fitting.models.triangles import Triangle, damped_step, restricted
from gradcli.language.records import NamedTuple

Vector = list[float]

#: The damping at the start, and the one at which no step is long enough any more.
FIRST, LAST = 1e-3, 1e25

#: A reduction of the sum of squares that floats can no longer tell, in units of the sum.
UNSEEN = 1e-15


class Box(NamedTuple):
    """The lowest and the highest value of each parameter that moves, infinite where there is none."""

    low: Sequence[float]
    high: Sequence[float]

    def kept(self, x: Sequence[float]) -> Vector:
        """The nearest point of the box."""
        return [min(max(one, low), high) for one, low, high in zip(x, self.low, self.high, strict=True)]

    def pressed(self, x: Sequence[float], downhill: Sequence[float]) -> list[bool]:
        """Which parameters are at a bound beyond which the direction downhill leads."""
        return [
            (one <= low and slope <= 0 and low > -math.inf) or (one >= high and slope >= 0 and high < math.inf)
            for one, low, high, slope in zip(x, self.low, self.high, downhill, strict=True)
        ]  # fmt: skip


class Descent(NamedTuple):
    """Where a descent ended.

    offset: how much of the residuals the model's tangent plane still reaches, from 0 to 1: 0 at a stationary point.
    ended: `converged`, `flat` (no parameter has an influence), `steps` (the limit), `stuck` or `outside` (no value at the
    start).
    """

    x: Vector
    value: float
    offset: float
    ended: str
    iterations: int


def downhill(triangle: Triangle) -> Vector:
    """Jᵀr in units of the columns' lengths: minus half the slope of the sum of squares."""
    count = len(triangle.rows)
    return [math.fsum(triangle.rows[i][j] * triangle.right[i] for i in range(j + 1)) for j in range(count)]


def offset_of(triangle: Triangle) -> float:
    """The share of the residuals that the tangent plane reaches (Bates & Watts 1981, A relative offset criterion)."""
    reached = math.hypot(*triangle.right)
    whole = math.hypot(reached, triangle.rest)
    return reached / whole if whole else 0.0


def descend(
    problem: FitProblem, start: Sequence[float], box: Box, most: int, *, remembers: bool = True
) -> Descent:  # fmt: skip
    """Go down from *start*, which is brought into the box, in at most so many iterations.

    remembers: whether scales are the largest lengths so far.
    """
    x = box.kept(start)
    here = problem.linearize(x)
    if here is None:
        return Descent(x, math.inf, 1.0, "outside", 0)
    scales, state = [0.0] * len(x), _Damping()
    for iteration in range(most):
        free, triangle = free_part(here.triangle, x, box)
        if not here.value or not free:
            return Descent(x, here.value, 0.0, "converged", iteration)
        if not any(triangle.lengths):
            return Descent(x, here.value, 0.0, "flat", iteration)
        for j, length in zip(free, triangle.lengths, strict=True):
            scales[j] = max(scales[j] if remembers else 0.0, length)
        weights = [
            scales[j] / length if length else 1.0 for j, length in zip(free, triangle.lengths, strict=True)
        ]
        found = _accepted(problem, x, here, (free, triangle, weights), box, state)
        if found is None:
            offset = offset_of(triangle)
            return Descent(x, here.value, offset, "converged" if offset < 1e-3 else "stuck", iteration)
        x, here = found
    return Descent(x, here.value, offset_of(free_part(here.triangle, x, box)[1]), "steps", most)


def free_part(triangle: Triangle, x: Sequence[float], box: Box) -> tuple[list[int], Triangle]:
    """The parameters that no bound holds, and the triangle of their columns. What has no influence is held by none."""
    pressed = box.pressed(x, downhill(triangle))
    free = [j for j, held in enumerate(pressed) if not (held and triangle.lengths[j])]
    return free, triangle if len(free) == len(x) else restricted(triangle, free)


class _Damping:
    """The damping and the factor by which it rises."""

    def __init__(self) -> None:
        self.now, self.factor = FIRST, 2.0

    def lower(self, gain: float, least: float) -> None:
        """After a step whose reduction was *gain* times the one foretold, to no less than *least*."""
        self.now = max(self.now * max(1 / 3, 1 - (2 * gain - 1) ** 3), least)
        self.factor = 2.0

    def raise_it(self) -> None:
        """After a step that was none."""
        self.now, self.factor = self.now * self.factor, min(self.factor * 2, 1024.0)


def _least(triangle: Triangle) -> float:
    """The least damping: a good deal where rounding alone tells columns apart, for steps along them mean nothing."""
    pivots = [abs(triangle.rows[k][k]) for k in range(len(triangle.rows))]
    return 1e-12 if min(pivots) < 1e-14 else 1e-20


def _accepted(
    problem: FitProblem, x: Vector, here: Linearization, part: tuple[list[int], Triangle, Vector], box: Box, state: _Damping
) -> tuple[Vector, Linearization] | None:  # fmt: skip
    """The next point; None where no step lowers the sum of squares by as much as floats can tell."""
    free, triangle, weights = part
    while state.now < LAST:
        step = damped_step(triangle, weights, state.now)
        if step is None:
            state.raise_it()
            continue
        move, foretold = step
        if foretold <= UNSEEN * here.value:
            return None
        target = list(x)
        for j, one in zip(free, move, strict=True):
            target[j] += one
        target = box.kept(target)
        if target == x:
            return None
        value = problem.value(target)
        if value is not None and value < here.value:
            there = problem.linearize(target)
            if there is not None:
                state.lower((here.value - value) / foretold, _least(triangle))
                return target, there
        state.raise_it()
    return None
