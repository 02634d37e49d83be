"""Directions from a corner in which f itself is tried: along which it falls, and along which it comes down from the domain."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double, power_of_two
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.descent.certificates.corners.manifold_equations import tangents
from gradcli.descent.certificates.corners.smooth_manifold import Landed
from gradcli.descent.objective.objective_in_balls import Limits, ObjectiveInBalls, Point, less
from gradcli.descent.objective.vectors import norm

#: How much a direction along the manifold is turned to either side of it: f may jump across.
TURNED = 2.0**-12

#: Directions in which f itself is tried, and the distances, the nearest last.
WAYS, FALLING = 40, (-12, -24, -40, -60, -80)


def ways_from(found: Landed, size: int, spans: Sequence[float]) -> list[list[float]]:
    """Directions in which f itself is tried: the axes, across and along the manifold, beside it, and others, both ways."""
    source = random.Random(size)  # noqa: S311  (nothing secret: the verdict must be the same every time)
    ways = [[span * (i == j) for j in range(size)] for i, span in enumerate(spans)]
    across, along = [row.slope for row in found.rows], tangents(found.rows, spans, range(size))
    ways += across + along
    ways += [_turned(a, b, sign, spans) for a in along for b in across for sign in (1.0, -1.0)]
    ways += [[source.choice((-1.0, 1.0)) * span for span in spans] for _ in range(WAYS // 4)]
    ways += [[source.uniform(-1, 1) * span for span in spans] for _ in range(WAYS // 2)]
    sizes = [_size(way, spans) for way in ways]
    return [
        [sign * b / c for b in way] for way, c in zip(ways, sizes, strict=True) if c for sign in (1.0, -1.0)
    ]


def _turned(way: Sequence[float], aside: Sequence[float], sign: float, spans: Sequence[float]) -> list[float]:
    """A direction turned a little towards another one."""
    share = sign * TURNED * _size(way, spans) / (_size(aside, spans) or 1.0)
    return [a + share * b for a, b in zip(way, aside, strict=True)]


def _size(way: Sequence[float], spans: Sequence[float]) -> float:
    return max(abs(b) / span for b, span in zip(way, spans, strict=True))


def falling_way(
    exact: ObjectiveInBalls, found: Landed, value: Any, limits: Limits, spans: Sequence[float]
) -> list[float] | None:
    """A direction along which f is certainly lower at the nearest distances."""
    for way in ways_from(found, exact.size, spans):
        lower = 0
        for exponent in reversed(FALLING):
            there = [a + double(b) * power_of_two(1.0, exponent) for a, b in zip(found.x, way, strict=True)]
            number = exact.value(there) if limits.kept(there) == there else None
            if number is None or not less(number, value):
                break
            lower += 1
        if lower >= 3:
            return way
    return None


def inward_way(
    found: Landed, here: Any, exact: ObjectiveInBalls, limits: Limits, spans: Sequence[float]
) -> list[float] | None:
    """A direction from a point without a value into the domain, along which f falls towards the point."""
    for way in ways_from(found, exact.size, spans):
        values = [
            exact.value([a + double(b) * power_of_two(1.0, k) for a, b in zip(found.x, way, strict=True)])
            for k in (-20, -40, -60)
        ]
        if all(v is not None for v in values) and less(values[2], values[1]) and less(values[1], values[0]):
            return [b / norm(way) for b in way]
    return None


def limit_beside(exact: ObjectiveInBalls, found: Landed, there: Point, far: Any, close: Any) -> Any:
    """What f comes to at a jump from the side of *there*: its value with the jumps' results as they are on that side.

    far, close: f there, and much nearer by. None where something else than steps jumps, or f does not come to it.
    """
    slots, facts = exact.slots(there), dict(found.facts)
    for kink in found.kinks:
        if kink.kind == "jump":
            if kink.op == "mod" or isinstance(slots[kink.slot], Failure):
                return None
            facts[kink.slot,] = slots[kink.slot]
    limit = exact.value(found.x, facts)
    if limit is None or not abs(close - ball(limit)) <= abs(far - ball(limit)) / 32:
        return None
    return ball(limit)
