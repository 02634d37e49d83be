"""A stationary point whose Hessian is singular: curves of f, the sides of boxes, and intervals say what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.decimals import power_of_two
from gradcli.descent.certificates.box_certificates import nowhere_lower, sides_of
from gradcli.descent.certificates.degenerate_minima import Curve, curves
from gradcli.descent.certificates.finding import Finding
from gradcli.descent.certificates.quadratic_forms import Eliminated
from gradcli.descent.certificates.smooth_finding import lower_around
from gradcli.descent.objective.objective_in_balls import (
    Limits,
    ObjectiveInBalls,
)
from gradcli.descent.objective.vectors import norm

#: Boxes to whose sides f must rise where nothing else tells.
RISING = (-20, -10)


def degenerate(
    exact: ObjectiveInBalls,
    base: Finding,
    value: Any,
    parts: Eliminated,
    spans: Sequence[float],
    limits: Limits,
) -> Finding:
    """A form that is nowhere below 0 and not above it everywhere: curves tell, or what intervals show of f."""
    x, steady = base.x, [i for i in parts.order if i not in base.weak]
    small = [power_of_two(span, RISING[0]) for span in spans]
    alone = len(parts.rest) == 1
    lowest = not alone and nowhere_lower(exact, x, value, small, limits)
    found = curves(exact, x, value, steady, parts.rest, limits, spans, few=lowest)
    down = next((curve for curve in found or () if curve.sign < 0), None)
    if down is not None:
        return base._replace(kind="saddle", way=down.way, how="curve")
    level = next((curve.way for curve in found or () if curve.sign == 0), None)
    same = bool(found) and not parts.order and all(curve.sign == 0 for curve in found or ())
    if same and lower_around(exact, x, value, spans, limits):
        return base._replace(kind="flat", way=level)
    if found and alone:
        return _of_one(base, found, level)
    if lowest or (alone and nowhere_lower(exact, x, value, small, limits)):
        return base._replace(kind="level" if level else "minimum", way=level, how="nowhere lower")
    return _risen(exact, base, value, spans, limits, found, level)


def _risen(
    exact: ObjectiveInBalls, base: Finding, value: Any, spans: Sequence[float], limits: Limits, found: Sequence[Curve] | None,
    level: list[float] | None,
) -> Finding:  # fmt: skip
    """The same where several directions are left open: what the sides of a box say, or all curves that were tried."""
    for exponent in RISING:
        sides = sides_of(exact, base.x, value, [power_of_two(span, exponent) for span in spans], limits)
        if sides.rises:
            return base._replace(kind="minimum", how="rises")
        if sides.lower is not None and exponent == RISING[0]:
            way = [float(b - a) for a, b in zip(base.x, sides.lower, strict=True)]
            return base._replace(kind="saddle", way=[number / norm(way) for number in way], how="curve")
    if found:
        return base._replace(kind="level" if level else "minimum", way=level, how="curves")
    return base


def _of_one(base: Finding, found: Sequence[Curve], level: list[float] | None) -> Finding:
    """One direction is left open: the ways of its curve that can be gone decide."""
    if level is not None:
        return base._replace(kind="level", way=level, how="curves")
    return base._replace(kind="minimum", way=found[0].way, order=round(found[0].order), how="order")
