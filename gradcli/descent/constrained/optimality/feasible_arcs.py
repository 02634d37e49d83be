"""Arcs from a point along which constraints keep holding: the point moved along a direction, and back onto the constraints."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flint import arb, arb_mat, fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double, power_of_two
from gradcli.descent.constrained.optimality.linear_rows import reduced_rows, total
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.objective.objective_in_balls import Point, less, rational
from gradcli.language.records import NamedTuple

#: Distances of an arc's points, as powers of two of the region's size, the nearest last.
DISTANCES = (-3, -6, -10, -20, -30)
#: What is left of a constraint that counts as 0, and Newton's steps back onto constraints.
LEFT, STEPS = fmpq(1, 2**300), 12
#: Newton's next step that is longer than this leads away.
CLOSE = arb(2) ** -60


class Arc(NamedTuple):
    """Points of an arc, the farthest first, with f there; whether f is certainly lower at the two nearest ones."""

    points: list[Point]
    values: list[Any]
    falls: bool


def arc_along(
    exactly: ConstrainedInBalls, x: Point, value: Any, way: Sequence[float], kept: Sequence[int], span: float
) -> Arc | None:
    """The arc that leaves *x* along *way* and keeps the constraints *kept* at 0; None where the others do not hold near by."""
    points, values = [], []
    near: list[bool] = []
    for exponent in DISTANCES:
        there = [a + power_of_two(span, exponent) * double(b) for a, b in zip(x, way, strict=True)]
        back = restored(exactly, there, kept)
        place = exactly.look(back) if back is not None else None
        fits = back is not None and place is not None and is_feasible(exactly, place.h, kept)
        near.append(bool(fits and place is not None and less(place.f, value)))
        if fits and place is not None and back is not None:
            points.append(back)
            values.append(place.f)
    if not points:
        return None
    return Arc(points, values, near[-1] and near[-2])


def is_feasible(exactly: ConstrainedInBalls, h: Sequence[Any], kept: Sequence[int]) -> bool:
    """Whether constraints hold: those *kept* to a hundred digits, the others for certain."""
    for i, (a, equal) in enumerate(zip(h, exactly.problem.equal, strict=True)):
        small = abs(ball(a)).upper() <= arb(LEFT)
        if not (small if equal or i in kept else (small or bool(a < 0))):
            return False
    return True


def is_near(h: Any, row: Sequence[Any], close: Any = CLOSE) -> bool:
    """Whether a small constraint is 0 next to the point, and not far away or nowhere, as exp(x) <= 0."""
    left = abs(ball(h)).upper()
    return bool(left == 0 or left <= close * sum((abs(ball(b)).upper() for b in row), arb(0)))


def restored(
    exactly: ConstrainedInBalls, start: Point, kept: Sequence[int], still: Collection[int] = ()
) -> Point | None:
    """The point next to *start* where the constraints *kept* are 0, by Newton's least steps; None where they lead to none.

    still: places of coordinates that do not move.
    """
    x, sizes = list(start), list[Any]()
    for _ in range(STEPS):
        place = exactly.look(x)
        if place is None:
            return None
        left = max((abs(ball(place.h[i])).upper() for i in kept), default=arb(0))
        if left <= arb(LEFT):
            return x if all(is_near(place.h[i], place.rows[i]) for i in kept) else None
        if len(sizes) > 2 and left > sizes[-3]:
            return None
        sizes.append(left)
        moving = [
            [fmpq(0) if j in still else b for j, b in enumerate(place.rows[i])] if still else place.rows[i]
            for i in kept
        ]
        independent = reduced_rows(moving, len(x)).kept
        chosen, rows = [kept[k] for k in independent], [moving[k] for k in independent]
        gram = arb_mat([[ball(total(a, b)) for b in rows] for a in rows])
        try:
            shares = gram.solve(arb_mat([[ball(place.h[i])] for i in chosen]))
        except (ZeroDivisionError, ValueError):
            return None
        if not all(shares[k, 0].is_finite() for k in range(len(rows))):
            return None
        for k, row in enumerate(rows):
            x = [rational(a - shares[k, 0] * b) for a, b in zip(x, row, strict=True)]
    return None
