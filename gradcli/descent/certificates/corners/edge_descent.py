"""Down along a curved edge of the domain, to where f is stationary on it."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.balls.decimals import power_of_two
from gradcli.descent.certificates.corners.edge_slopes import THERE
from gradcli.descent.certificates.corners.kink_residuals import settled
from gradcli.descent.certificates.corners.kinks_near import Local, kinks_near
from gradcli.descent.certificates.corners.manifold_equations import equations
from gradcli.descent.certificates.corners.smooth_manifold import (
    ALMOST,
    Balance,
    Landed,
    balance,
    landed,
    stationary,
)
from gradcli.descent.objective.objective_in_balls import BITS, Limits, ObjectiveInBalls, Point, less, rational
from gradcli.descent.objective.vectors import dot, norm, spectrum

#: Steps along an edge, after how many Newton's are tried alone, and how often one is halved until f falls.
STEPS, EACH, HALVES = 40, 5, 30
#: A step is at most this share of the region's size; curvature below this share of the largest counts as that.
LONGEST, BENT = 0.25, 1e-6


def is_curved(found: Landed) -> bool:
    """Whether an edge of the domain, or an end of a root's, depends on several variables: none of them can be held."""
    return any(
        found.kinks[row.kink].kind in ("edge", "root") and sum(b != 0 for b in row.slope) > 1
        for row in found.rows
    )


def slope_along_edge(exact: ObjectiveInBalls, x: Point, spans: Sequence[float], limits: Limits) -> float:
    """How steep f is along the edge that a point lies on, in units of the spans; nan where that is not known."""
    with working_bits(BITS):
        local = Local(exact, x, spans)
        kinks = tuple(kink for kink in kinks_near(local, spans) if kink.distance <= THERE)
        found = Landed(x, kinks, equations(local, kinks, spans) or [], settled(exact, x, kinks))
        here = balance(exact, found, spans, [i for i, side in enumerate(limits.sides(x)) if not side])
        return nan if here is None else norm([float(slope.mid()) for slope in here.slopes])


def stationary_below(
    exact: ObjectiveInBalls,
    found: Landed,
    value: Any,
    spans: Sequence[float],
    limits: Limits,
    free: Sequence[int],
) -> tuple[Landed, Balance] | None:
    """The point at which f is stationary along the edge, and below it, that steps down along it lead to; None without one."""
    for k in range(STEPS):
        there = _stationary(exact, found, value, spans, limits, free) if k % EACH == 0 else None
        if there is not None:
            return there
        here = balance(exact, found, spans, free)
        lower = None if here is None else _lower(exact, found, here, value, spans, limits)
        if lower is None:
            break
        found, value = lower
    return _stationary(exact, found, value, spans, limits, free)


def _stationary(
    exact: ObjectiveInBalls,
    found: Landed,
    value: Any,
    spans: Sequence[float],
    limits: Limits,
    free: Sequence[int],
) -> tuple[Landed, Balance] | None:
    """Where Newton's steps lead from a point, or from simple numbers next to it, if no higher; None without."""
    for begun in (found, landed(exact, found.x, found.kinks, spans, limits)):
        there = None if begun is None else stationary(exact, begun, spans, limits, free)
        reached = None if there is None else exact.value(there[0].x, there[0].facts)
        if reached is not None and not less(value, reached):
            return there
    return None


def _lower(
    exact: ObjectiveInBalls, found: Landed, here: Balance, value: Any, spans: Sequence[float], limits: Limits
) -> tuple[Landed, Any] | None:
    """A point of the edge at which f is certainly lower, and f there; None where none was found."""
    step = _step(here, spans)
    for k in range(HALVES if any(step) else 0):
        x = [rational(a + arb(d) * power_of_two(1.0, -k)) for a, d in zip(found.x, step, strict=True)]
        after = landed(exact, limits.kept(x), found.kinks, spans, limits, ALMOST)
        number = None if after is None else exact.value(after.x, after.facts)
        if after is not None and number is not None and less(number, value):
            return after, number
    return None


def _step(here: Balance, spans: Sequence[float]) -> list[float]:
    """Newton's step along the edge with its curvatures made positive, no longer than a share of the region."""
    slopes = [float(slope.mid()) for slope in here.slopes]
    parts = spectrum(here.curvature)
    least = BENT * max(map(abs, parts.values), default=0.0) or 1.0
    shares = [
        -dot(vector, slopes) / max(abs(value), least)
        for value, vector in zip(parts.values, parts.vectors, strict=True)
    ]
    ways = [sum(s * v[j] for s, v in zip(shares, parts.vectors, strict=True)) for j in range(len(here.ways))]
    step = [sum(w * way[i] for w, way in zip(ways, here.ways, strict=True)) for i in range(len(spans))]
    size = norm([d / span for d, span in zip(step, spans, strict=True)])
    return [d * min(1.0, LONGEST / size) for d in step] if 0 < size < float("inf") else [0.0] * len(step)
