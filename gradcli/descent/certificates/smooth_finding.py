"""Whether f falls along a direction from a stationary point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.decimals import double, power_of_two
from gradcli.descent.certificates.finding import Finding
from gradcli.descent.objective.objective_in_balls import (
    Limits,
    ObjectiveInBalls,
    Point,
    floats,
    less,
)
from gradcli.descent.objective.vectors import norm

#: Distances at which f must fall along a direction, the nearest last.
FALLING = (-10, -20, -30)


def unit(size: int, way: dict[int, float]) -> list[float]:
    """A direction of length 1 from its coordinates, 0 for those that are left out."""
    length = norm(list(way.values())) or 1.0
    return [way.get(i, 0.0) / length + 0.0 for i in range(size)]


def falls(
    exact: ObjectiveInBalls,
    x: Point,
    value: Any,
    way: Sequence[float],
    spans: Sequence[float],
    limits: Limits,
) -> bool:
    """Whether f is certainly lower along *way* at the nearest distances, which can be gone inside of the bounds."""
    length = max(span for span, number in zip(spans, way, strict=True) if number) if any(way) else 0.0
    if not length:
        return False
    lower = []
    for exponent in FALLING:
        there = [a + power_of_two(length, exponent) * double(b) for a, b in zip(x, way, strict=True)]
        found = exact.value(there) if limits.kept(there) == there else None
        lower.append(found is not None and less(found, value))
    return lower[-1] and lower[-2]


def lower_around(
    exact: ObjectiveInBalls, x: Point, value: Any, spans: Sequence[float], limits: Limits
) -> bool:
    """Whether f is lower at some distance along an axis."""
    for i, span in enumerate(spans):
        for length in (0.1, 0.5, 1.0, 2.0, 4.0):
            for sign in (1, -1):
                there = limits.kept([a + sign * double(length * span) * (i == j) for j, a in enumerate(x)])
                found = exact.value(there)
                if found is not None and less(found, value):
                    return True
    return False


def nearest(found: Finding) -> list[float]:
    """The point in floats."""
    return floats(found.x)
