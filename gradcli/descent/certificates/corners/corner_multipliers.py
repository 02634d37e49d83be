"""How far inside of the subdifferential 0 is at a corner: the multipliers of its kinks, and their limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.descent.certificates.corners.kink_residuals import Kink
from gradcli.descent.certificates.corners.smooth_manifold import Landed
from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls
from gradcli.descent.objective.vectors import norm


def strength(exact: ObjectiveInBalls, found: Landed, value: Any, spans: Sequence[float]) -> float:
    """How strongly f changes across the manifold."""
    most = 0.0
    for row, multiplier in zip(found.rows, [1.0] * len(found.rows), strict=True):
        most = max(most, multiplier * norm([a * b for a, b in zip(row.slope, spans, strict=True)]))
    return most * 1e-3


def margin_of(
    exact: ObjectiveInBalls, found: Landed, kink: Kink, number: int, shares: Sequence[float], value: Any
) -> float | None:
    """How far inside of its limits the multiplier of a kink is, as a share; None where f does not rise across it."""
    settled = found.facts[kink.slot,]
    small = arb(2) ** -200
    there = exact.value(found.x, {**found.facts, (kink.slot,): ball(settled) + small})
    if there is None:
        return None
    strength = float(((ball(there) - ball(value)) / (small * arb(2) ** kink.scale)).mid())
    if kink.kind in ("root", "edge") and not (kink.op in ("sqrt", "hypot") and _squared(found, number)):
        turned = -1.0 if kink.op in ("acos", "asin", "asec", "acsc") and settled != 0 else 1.0
        turned = -1.0 if kink.op == "asin" and settled > 0 else turned
        return 1.0 if strength * turned > 0 and kink.op not in ("cbrt", "root") else None
    if not shares:
        return None
    if kink.kind == "root":
        return 1 - norm(list(shares)) / strength if strength > 0 else None
    low, high = sorted(strength * slope for slope in _slopes(exact, found, kink))
    below, above = _slopes(exact, found, kink)
    if strength * (above - below) <= 0 or len(shares) != 1:
        return None
    return min(shares[0] - low, high - shares[0]) / (high - low)


def _squared(found: Landed, number: int) -> bool:
    """Whether a root's residual is a sum of squares, so that a square root of it is a norm."""
    return any(row.kink == number and row.squared for row in found.rows)


def _slopes(exact: ObjectiveInBalls, found: Landed, kink: Kink) -> tuple[float, float]:
    """The slopes of a corner's instruction below and above its residual's 0, beside the smooth part that is kept."""
    second = exact.slots(found.x, found.facts)[kink.places[-1]]
    return {
        "abs": (-1.0, 1.0), "relu": (0.0, 1.0), "max": (-1.0, 0.0), "min": (0.0, -1.0),
        "leaky_relu": (float(ball(second).mid()), 1.0), "elu": (float(ball(second).mid()), 1.0),
    }[kink.op]  # fmt: skip
