"""A form that is 0 along one direction: f along the curve on which all else is where its slopes balance.

By the splitting lemma (Gromoll & Meyer 1969), applied on the constraints, the point is a minimum just where f is one along it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb_mat, fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double, power_of_two
from gradcli.descent.certificates.degenerate_minima import LADDER, log2_of, nearest_change
from gradcli.descent.certificates.quadratic_forms import sign_of
from gradcli.descent.constrained.optimality.feasible_arcs import Arc
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.objective.objective_in_balls import Point, rational

#: Newton's steps to the curve; changes that are none.
STEPS, NOTHING = 30, fmpq(1, 2**300)


def by_power(
    exactly: ConstrainedInBalls, base: KktFinding, held: Sequence[int], way: Sequence[float], span: float
) -> KktFinding:
    """What the point is by f along the curve that leaves it along *way*, both ways."""
    orders = []
    for sign in (1, -1):
        values, points = [], []
        for exponent in LADDER:
            there = _followed(exactly, base, held, way, sign * power_of_two(span, exponent))
            if there is None:
                return base._replace(kind="flat", way=list(way))
            points.append(there[0])
            values.append(there[1] - base.value)
        changes, power = nearest_change([_sign(v) for v in values], [log2_of(ball(v)) for v in values])
        if changes < 0:
            turned = [sign * a for a in way]
            arc = Arc(points, [v + base.value for v in values], True)
            return base._replace(kind="saddle", way=turned, arc=arc, how="curve")
        orders.append(round(power) if changes else 0)
    if all(orders):
        return base._replace(kind="minimum", way=list(way), how="power", order=min(orders))
    return base._replace(kind="level", way=list(way), how="curve")


def _sign(change: Any) -> int:
    """The sign of a change of f, 0 where it is none."""
    return 0 if abs(ball(change)) <= ball(NOTHING) else sign_of(change)


def _followed(
    exactly: ConstrainedInBalls, base: KktFinding, held: Sequence[int], way: Sequence[float], distance: Any
) -> tuple[Point, Any] | None:
    """The point of the curve at a distance along *way*, and f there."""
    along = [double(a) for a in way]
    x = [a + distance * b for a, b in zip(base.x, along, strict=True)]
    weights = [double(m) for m in base.multipliers]
    count, n = len(exactly.problem.constraints), len(x)
    for _ in range(STEPS):
        place, matrix = exactly.look(x), exactly.lagrangian(x, weights)
        if place is None or matrix is None:
            return None
        offset = sum(
            (b * (a - c) for a, b, c in zip(x, along, base.x, strict=True)), fmpq(0)
        ) - distance * sum((b * b for b in along), fmpq(0))
        rows = [[*matrix[i], *(place.rows[k][i] for k in held), along[i]] for i in range(n)]
        rows += [[*row, *([fmpq(0)] * (len(held) + 1))] for row in (*(place.rows[k] for k in held), along)]
        right = [[-b] for b in place.g] + [[-place.h[k]] for k in held] + [[-offset]]
        try:
            found = arb_mat([[ball(a) for a in r] for r in rows]).solve(
                arb_mat([[ball(a) for a in r] for r in right])
            )
        except (ZeroDivisionError, ValueError):
            return None
        step = [found[i, 0] for i in range(n + len(held))]
        if not all(a.is_finite() for a in step):
            return None
        weights = [fmpq(0)] * count
        for k, m in zip(held, step[n:], strict=True):
            weights[k] = rational(m)
        x = [rational(a + b) for a, b in zip(x, step[:n], strict=True)]
        if all(
            abs(b) < ball(distance) ** 2 * ball(fmpq(1, 2**250)) + ball(fmpq(1, 2**400)) for b in step[:n]
        ):
            after = exactly.look(x)
            return None if after is None else (x, after.f)
    return None
