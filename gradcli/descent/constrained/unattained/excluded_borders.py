"""Borders that < and > leave out: do points beside one keep all constraints, or none at all?

By Gordan's theorem either a way leads inside, or a sum of the constraints with multipliers of 0 and more has no slope there.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import exact, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.constrained.optimality.convex_lagrangian import is_positive_everywhere
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.linear_rows import reduced_rows, total
from gradcli.descent.constrained.optimality.multipliers import multipliers_of
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, middle
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.objective.objective_in_balls import BITS, floats
from gradcli.descent.objective.vectors import add_scaled, norm
from gradcli.language.problem_text import divided

#: Slopes along a way below this share of their size are none.
NONE = 1e-7

#: Steps from the border within which points inside are looked for, and variables whose axes and diagonals they go along.
STEPS, MOST = (1e-2, 1e-4, 1e-6), 4


def has_inside(exactly: ConstrainedInBalls, found: KktFinding) -> bool:
    """Whether points as near to *found* as one likes keep all constraints, the strict ones too."""
    problem = exactly.problem
    slopes = _active_slopes(exactly, found)
    if slopes is None:
        return False
    unequal = [i for i in found.active if not problem.equal[i]]
    strict = [i for i in unequal if problem.constraints[i].strict]
    alone = _Alone(exactly)
    held = [i for i in found.active if problem.equal[i]]
    straight = all(map(alone.is_affine, held))
    if not straight and set(held) & set(found.dependent):
        return False
    ways = [strict + [i for i in unequal if i not in strict and not alone.is_affine(i)]] if straight else []
    return any(_leads_inside(problem, slopes, inner) for inner in (unequal, *ways)) or (
        not held and _is_seen(exactly, floats(found.x), strict)
    )


def contradiction_at(exactly: ConstrainedInBalls, found: KktFinding) -> tuple[int, ...]:
    """Constraints that no point keeps, as strict as some are, by a sum of them that is nowhere below 0; none unless shown."""
    problem = exactly.problem
    slopes = _active_slopes(exactly, found)
    strict = [i for i in found.active if problem.constraints[i].strict]
    if slopes is None:
        return ()
    for inner in ([i for i in found.active if not problem.equal[i]], strict):
        numbers, left = _balance(problem, slopes, inner)
        chosen = [i for i in slopes if numbers[i]]
        if norm(left) <= NONE and set(chosen) & set(strict):
            weights = _exactly_balanced(exactly, found, chosen)
            if weights is not None and _is_nowhere_negative(exactly, found, weights):
                return tuple(sorted(weights))
    return ()


def _active_slopes(exactly: ConstrainedInBalls, found: KktFinding) -> dict[int, list[float]] | None:
    """The slopes of what is active, each of length 1 or 0."""
    with working_bits(BITS):
        place = exactly.look(found.x)
    if place is None:
        return None
    rows = {i: [middle(b) for b in place.rows[i]] for i in found.active}
    return {i: [b / (norm(row) or 1.0) for b in row] for i, row in rows.items()}


def _balance(
    problem: ConstrainedProblem, slopes: dict[int, list[float]], inner: Sequence[int]
) -> tuple[list[float], list[float]]:
    """Multipliers that bring the sum of slopes next to 0 where those of *inner* sum to 1, and what is left of both."""
    size = len(problem.names)
    rows = [[0.0] * (size + 1) for _ in problem.constraints]
    for i, row in slopes.items():
        rows[i] = [*row, float(i in inner)]
    aim = [0.0] * size + [-1.0]
    numbers = multipliers_of(aim, rows, problem.equal, list(slopes)).numbers
    left = aim
    for i in slopes:
        left = add_scaled(left, numbers[i], rows[i])
    return numbers, left


def _leads_inside(problem: ConstrainedProblem, slopes: dict[int, list[float]], inner: Sequence[int]) -> bool:
    """Whether a way certainly leads inside of all of *inner*, and to first order out of none of the others."""
    _, left = _balance(problem, slopes, inner)
    way = [-a for a in left[:-1]]
    length = norm(way)
    if length <= NONE:
        return False
    along = {i: sum(a * b for a, b in zip(row, way, strict=True)) / length for i, row in slopes.items()}
    return all(
        abs(a) <= NONE**1.5 if problem.equal[i] else a < -NONE if i in inner else a <= NONE**1.5
        for i, a in along.items()
    )


def _is_seen(exactly: ConstrainedInBalls, x: Sequence[float], strict: Sequence[int]) -> bool:
    """Whether each of several steps along an axis or a diagonal from x leads to a point that certainly keeps everything."""
    if len(x) > MOST:
        return False
    for way in itertools.product((0, 1, -1), repeat=len(x)):
        if any(way) and all(_keeps(exactly, x, way, step, strict) for step in STEPS):
            return True
    return False


def _keeps(
    exactly: ConstrainedInBalls, x: Sequence[float], way: Sequence[int], step: float, strict: Sequence[int]
) -> bool:
    size = 1.0 + norm(list(x))
    place = exactly.look([double(a + step * size * b) for a, b in zip(x, way, strict=True)])
    return place is not None and all(h < 0 if i in strict else h <= 0 for i, h in enumerate(place.h))


def _exactly_balanced(
    exactly: ConstrainedInBalls, found: KktFinding, chosen: Sequence[int]
) -> dict[int, Any] | None:
    """The multipliers with which the slopes of what is *chosen* sum to 0, exactly; None where that is not shown."""
    problem = exactly.problem
    place = exactly.look(found.x)
    if place is None or not all(exact(b) for i in chosen for b in place.rows[i]):
        return None
    columns = [[place.rows[i][j] for i in chosen] for j in range(exactly.size)]
    free = reduced_rows(columns, len(chosen)).null()
    if len(free) != 1:
        return None
    (weights,) = free
    turned = next(
        (-1 if w < 0 else 1 for i, w in zip(chosen, weights, strict=True) if not problem.equal[i]), 1
    )
    signed = {i: turned * w for i, w in zip(chosen, weights, strict=True) if w != 0}
    strict = any(problem.constraints[i].strict for i in signed)
    return signed if strict and all(problem.equal[i] or w > 0 for i, w in signed.items()) else None


def _is_nowhere_negative(exactly: ConstrainedInBalls, found: KktFinding, weights: dict[int, Any]) -> bool:
    """Whether the constraints' sum, which has no slope at the point, is convex and at least 0 there."""
    place = exactly.look(found.x)
    numbers = [weights.get(i, fmpq(0)) for i in range(len(exactly.problem.constraints))]
    least = None if place is None else total(numbers, place.h)
    return bool(least is not None and exact(least) and least >= 0) and _Alone(exactly).is_convex(numbers)


class _Alone:
    """The constraints without f."""

    def __init__(self, exactly: ConstrainedInBalls) -> None:
        problem = exactly.problem
        nothing = "; ".join([*divided(problem.text).definitions, "0"])
        self._exactly = ConstrainedInBalls(
            ConstrainedProblem([nothing], problem.constraints, problem.base, problem.names)
        )

    def is_convex(self, weights: Sequence[Any]) -> bool:
        """Whether the constraints' sum with these weights is a convex function of second degree, exactly."""
        return is_positive_everywhere(self._exactly, weights)

    def is_affine(self, place: int) -> bool:
        """Whether a constraint is one of first degree, exactly."""
        count = len(self._exactly.problem.constraints)
        return all(
            self.is_convex([fmpq(sign if i == place else 0) for i in range(count)]) for sign in (1, -1)
        )
