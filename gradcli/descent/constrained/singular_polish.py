"""A point next to which constraints' slopes depend on each other → that point, to many digits, where it is no simple number.

The constraints are 0 there and a sum of their slopes is: Gauss and Newton's steps on both, in balls, several times as long
where they shrink by a steady ratio, as they do towards a root of higher order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, arb_mat, fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.constrained.optimality.kkt_polish import longer
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, PlaceInBalls, middle
from gradcli.descent.objective.objective_in_balls import BITS, Point, rational
from gradcli.descent.objective.vectors import norm, spectrum

#: Steps at most, and how small the last of them is where the point is known, as a share of the region.
STEPS, DONE = 150, fmpq(1, 10**20)

#: What is added where the equations depend on each other, and the share of the region within which the point is looked for.
ADDED, NEAR = arb(2) ** -500, 0.05


def singular_point(
    exactly: ConstrainedInBalls, start: Sequence[float], active: Sequence[int], spans: Sequence[float]
) -> Point | None:
    """The point; None where the steps lead to none next to *start*."""
    x, sizes = [double(a) for a in start], list[Any]()
    try:
        with working_bits(BITS):
            shares = _first(exactly, x, active)
            for _ in range(STEPS if shares else 0):
                found = _step(exactly, x, active, shares or [])
                if found is None:
                    return None
                d, turns = found
                sizes.append(max(abs(a) / double(span) for a, span in zip(d, spans, strict=True)))
                times = longer(sizes)
                x = [rational(a + times * b) for a, b in zip(x, d, strict=True)]
                shares = [rational(a + times * b) for a, b in zip(shares or [], turns, strict=True)]
                if times != 1:
                    sizes.clear()
                gap = norm([(middle(ball(a)) - b) / s for a, b, s in zip(x, start, spans, strict=True)])
                if not gap <= NEAR:
                    return None
                if sizes and sizes[-1] <= DONE:
                    return x
    except (OverflowError, ZeroDivisionError, ValueError):
        return None
    return None


def _first(exactly: ConstrainedInBalls, x: Point, active: Sequence[int]) -> list[Any] | None:
    """Shares of the slopes whose sum is nearly 0, the largest of them 1."""
    place = exactly.look(x)
    if place is None:
        return None
    rows = [[middle(ball(b)) for b in place.rows[i]] for i in active]
    vector = spectrum([[sum(a * b for a, b in zip(r, q, strict=True)) for q in rows] for r in rows]).vectors[
        0
    ]
    largest = max(vector, key=abs)
    return [double(a / largest) for a in vector]


def _step(
    exactly: ConstrainedInBalls, x: Point, active: Sequence[int], shares: Sequence[Any]
) -> tuple[list[Any], list[Any]] | None:
    """The change of the point and of the shares, of which the largest stays."""
    place = exactly.look(x)
    weights = dict(zip(active, shares, strict=True))
    every = [weights.get(i, fmpq(0)) for i in range(len(exactly.problem.constraints))]
    with_them, alone = exactly.lagrangian(x, every), exactly.lagrangian(x, [fmpq(0)] * len(every))
    if place is None or with_them is None or alone is None:
        return None
    moving = [k for k, share in enumerate(shares) if share != 1]
    bend = [[a - b for a, b in zip(*both, strict=True)] for both in zip(with_them, alone, strict=True)]
    rows, right = _equations(place, active, weights, bend, moving)
    normal = [[_sum(p, q) for q in zip(*rows, strict=True)] for p in zip(*rows, strict=True)]
    size = max((abs(a[i]).upper() for i, a in enumerate(normal)), default=arb(1)) + arb(2) ** -900
    for i, row in enumerate(normal):
        row[i] = row[i] + ADDED * size
    sums = [[-_sum(p, right)] for p in zip(*rows, strict=True)]
    found = arb_mat([[a.mid() for a in row] for row in normal]).solve(
        arb_mat([[a.mid() for a in row] for row in sums])
    )
    numbers = [found[i, 0] for i in range(len(normal))]
    if not all(a.is_finite() for a in numbers):
        return None
    n = len(x)
    turns = [fmpq(0)] * len(shares)
    for k, a in zip(moving, numbers[n:], strict=True):
        turns[k] = rational(a)
    return [rational(a) for a in numbers[:n]], turns


def _equations(
    place: PlaceInBalls,
    active: Sequence[int],
    weights: dict[int, Any],
    bend: list[list[Any]],
    moving: Sequence[int],
) -> tuple[list[list[Any]], list[Any]]:
    """Rows of slopes, and the values: the constraints, and the sum of their slopes."""
    rows = [[*map(ball, place.rows[i]), *([arb(0)] * len(moving))] for i in active]
    right = [ball(place.h[i]) for i in active]
    for j, own in enumerate(bend):
        rows.append([*map(ball, own), *(ball(place.rows[active[k]][j]) for k in moving)])
        right.append(ball(sum((w * place.rows[i][j] for i, w in weights.items()), fmpq(0))))
    return rows, right


def _sum(a: Sequence[Any], b: Sequence[Any]) -> Any:
    found = arb(0)
    for p, q in zip(a, b, strict=True):
        found = found + p * q
    return found
