"""Minima that are one another with parameters exchanged, or of other sign: the one that is nearest to the start is meant.

A sum of two exponentials has the same sum of squares with the two exchanged. Which of them a descent ends at is chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from gradcli.fitting.models.fit_problem import FitProblem
from gradcli.fitting.solver.variable_projection import solved_linear

Vector = list[float]

#: Parameters among which exchanges are tried, at most.
MOST = 9

#: How near two sums of squares are that are one.
SAME = 1e-8


def nearest_equal(
    problem: FitProblem, x: Sequence[float], start: Mapping[int, float], linear: Sequence[int], noise: float
) -> Vector:
    """The nearest to *start* of the points with the sum of squares of *x* that exchanges and signs lead to.

    start: what is known of it, by number; without one the parameters are rather positive and ascending. linear: the
    parameters that are solved for. noise: how long the rounding errors of the residuals may be.
    """
    moving = [j for j in range(len(x)) if j not in linear]
    here, value = list(x), problem.value(x)
    if value is None or len(moving) > MOST:
        return here
    far = _distance(start, moving)
    most = value * (1 + SAME) + noise * (noise + 2 * math.sqrt(value))
    for _ in range(len(moving)):
        best = min(_equals(problem, here, most, moving, linear), key=far, default=here)
        if far(best) >= far(here):
            break
        here = best
    return here


def _equals(
    problem: FitProblem, x: Vector, most: float, moving: Sequence[int], linear: Sequence[int]
) -> Iterator[Vector]:
    for point in _exchanged(x, moving):
        solved = solved_linear(problem, point, linear) if linear else point
        value = None if solved is None else problem.value(solved)
        if solved is not None and value is not None and value <= most:
            yield solved


def _exchanged(x: Vector, moving: Sequence[int]) -> Iterator[Vector]:
    """The point with one sign changed, with two parameters exchanged, with two pairs of them exchanged."""
    for j in moving:
        if x[j]:
            yield [-one if k == j else one for k, one in enumerate(x)]
    pairs = list(combinations(moving, 2))
    for pair in pairs:
        yield _swapped(x, pair)
    for one, two in combinations(pairs, 2):
        if not set(one) & set(two):
            yield _swapped(_swapped(x, one), two)


def _swapped(x: Sequence[float], pair: tuple[int, int]) -> Vector:
    found = list(x)
    found[pair[0]], found[pair[1]] = x[pair[1]], x[pair[0]]
    return found


def _distance(start: Mapping[int, float], moving: Sequence[int]) -> Callable[[Sequence[float]], float]:
    def far(x: Sequence[float]) -> float:
        """How far a point is from the start: decades squared, so that order is kept; another sign is further than any."""
        total = 0.0
        for j in moving:
            begun, one = start.get(j, 0.0), x[j]
            total += 1000.0 * (one < 0 if not begun else one * begun < 0)
            if begun and one:
                total += math.log10(abs(one / begun)) ** 2
        if not start:
            total += sum(x[i] > x[j] for i, j in combinations(moving, 2))
        return total

    return far
