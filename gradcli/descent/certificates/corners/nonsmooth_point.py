"""What a corner, a cusp, a jump or an edge is: 0 in the subdifferential with a margin, or what intervals and f itself say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double, power_of_two
from gradcli.descent.certificates.box_certificates import nowhere_lower, sides_of
from gradcli.descent.certificates.corners.corner_multipliers import margin_of, strength
from gradcli.descent.certificates.corners.corner_ways import falling_way, inward_way, limit_beside, ways_from
from gradcli.descent.certificates.corners.edge_descent import is_curved, stationary_below
from gradcli.descent.certificates.corners.kink_residuals import Kink
from gradcli.descent.certificates.corners.kinks_near import Local, kinks_near
from gradcli.descent.certificates.corners.nonsmooth_corner import Corner
from gradcli.descent.certificates.corners.smooth_manifold import Balance, Landed, landed, stationary
from gradcli.descent.objective.objective_in_balls import BITS, Limits, ObjectiveInBalls, Point, less
from gradcli.descent.objective.vectors import norm, spectrum

#: Sets of kinks that are tried.
TRIES = 8
#: Boxes to whose sides f must rise where no multipliers tell.
RISING = (-24, -14, -8)
#: A multiplier this near to its limit is on it; curvature along the manifold below this share is none.
MARGIN, FLAT = 1e-9, 1e-9


def corner_of(
    exact: ObjectiveInBalls, start: Sequence[float], limits: Limits, spans: Sequence[float]
) -> Corner | None:
    """What the kinks near *start* make of the point where they meet; None where there are none, or nothing is shown."""
    with working_bits(BITS):
        x, best = [double(number) for number in start], None
        kinks = kinks_near(Local(exact, x, spans), spans)
        here = exact.value(x)
        for chosen in _sets(kinks):
            found = landed(exact, x, chosen, spans, limits)
            if found is None or not _near(found.x, x, spans):
                continue
            corner = _judged(exact, found, here, limits, spans)
            if corner is not None and corner.kind in ("minimum", "level"):
                return corner
            if corner is not None and (best is None or _order(corner) < _order(best)):
                best = corner
        return best


def _order(corner: Corner) -> int:
    return ("unattained", "pole", "saddle").index(corner.kind)


def _sets(kinks: Sequence[Kink]) -> list[list[Kink]]:
    """Those at the point itself, then each further one with all nearer ones."""
    first = [kink for kink in kinks if kink.distance <= 1e-9]
    counts = [len(first)] if first else []
    counts += [k for k in range(1, len(kinks) + 1) if k != len(first)]
    return [list(kinks[:k]) for k in counts[:TRIES]]


def _near(x: Point, start: Point, spans: Sequence[float]) -> bool:
    return all(abs(a - b) <= double(0.1 * span) for a, b, span in zip(x, start, spans, strict=True))


def _judged(
    exact: ObjectiveInBalls, found: Landed, here: Any, limits: Limits, spans: Sequence[float]
) -> Corner | None:
    """The verdict at a point of the manifold, once f is stationary along it."""
    sides = limits.sides(found.x)
    free = [i for i, side in enumerate(sides) if not side]
    along = _along(exact, found, spans, limits, free)
    if along is not None:
        found = along[0]
    kinds = frozenset(kink.kind for kink in found.kinks)
    value = exact.value(found.x, found.facts)
    if value is None:
        return Corner("pole", found.x, None, kinds, inward_way(found, here, exact, limits, spans))
    shown = _by_multipliers(exact, found, along[1], value, kinds, spans, free) if along is not None else None
    if here is not None and less(here, value) and shown is None and not kinds & {"jump", "edge"}:
        return None
    down = falling_way(exact, found, value, limits, spans)
    if down is not None:
        return _fallen(exact, found, value, kinds, down, spans)
    if shown is not None and len(free) == exact.size:
        return shown
    held = tuple(side != 0 for side in sides)
    return _by_boxes(exact, found, value, kinds, limits, spans, held, RISING if along else RISING[:1])


def _along(
    exact: ObjectiveInBalls, found: Landed, spans: Sequence[float], limits: Limits, free: Sequence[int]
) -> tuple[Landed, Balance] | None:
    """The point next to one of the manifold at which f is stationary along it, or below it on a curved edge."""
    value = exact.value(found.x, found.facts) if is_curved(found) else None
    if value is None:
        return stationary(exact, found, spans, limits, free)
    return stationary_below(exact, found, value, spans, limits, free)


def _by_boxes(
    exact: ObjectiveInBalls, found: Landed, value: Any, kinds: frozenset[str], limits: Limits, spans: Sequence[float],
    held: tuple[bool, ...], rising: Sequence[int],
) -> Corner | None:  # fmt: skip
    """What boxes around the point say: that f rises to their sides, or is nowhere lower in them.

    held: at bounds. rising: the sizes of boxes; where f is not shown to be stationary at the point, the smallest alone, for
    what is lowest is somewhere in the box.
    """
    for exponent in rising:
        radius = [power_of_two(span, exponent) for span in spans]
        if sides_of(exact, found.x, value, radius, limits).rises:
            return Corner("minimum", found.x, value, kinds, how="rises", held=held)
    small = [power_of_two(span, RISING[0]) for span in spans]
    if nowhere_lower(exact, found.x, value, small, limits):
        return Corner("level", found.x, value, kinds, how="nowhere lower", held=held)
    return _level(exact, found, value, kinds, limits, spans)


def _level(
    exact: ObjectiveInBalls,
    found: Landed,
    value: Any,
    kinds: frozenset[str],
    limits: Limits,
    spans: Sequence[float],
) -> Corner | None:
    """A minimum from which f does not change in some direction, and is nowhere lower along those that were tried."""
    for way in ways_from(found, exact.size, spans):
        there = [a + power_of_two(1.0, -12) * double(b) for a, b in zip(found.x, way, strict=True)]
        number = exact.value(there) if limits.kept(there) == there else None
        if number is not None and ball(number - value).is_zero():
            return Corner("level", found.x, value, kinds, way, "tried")
    return None


def _by_multipliers(
    exact: ObjectiveInBalls, found: Landed, here: Balance, value: Any, kinds: frozenset[str],
    spans: Sequence[float], free: Sequence[int]
) -> Corner | None:  # fmt: skip
    """A minimum where 0 is inside of the subdifferential, and f bends upward along the manifold."""
    if not kinds <= {"corner", "root", "edge"}:
        return None
    left = [
        here.gradient[i] + sum(s * row.slope[i] for s, row in zip(here.multipliers, found.rows, strict=True))
        for i in range(exact.size)
    ]
    steep = norm([a * b for a, b in zip(here.gradient, spans, strict=True)]) or 1.0
    if norm([left[i] * spans[i] for i in free]) > 1e-9 * max(steep, strength(exact, found, value, spans)):
        return None
    margin = _smallest_margin(exact, found, here, value)
    if margin is None:
        return None
    bends = spectrum(here.curvature).values if here.ways else ()
    if bends and bends[0] <= FLAT * max(map(abs, bends)):
        return None
    shown = Corner("minimum", found.x, value, kinds, how="multipliers", margin=margin)
    return shown if margin > MARGIN else None


def _smallest_margin(exact: ObjectiveInBalls, found: Landed, here: Balance, value: Any) -> float | None:
    """The smallest share by which a multiplier is inside of its limits; None where f does not rise across a kink."""
    margins = []
    for number, kink in enumerate(found.kinks):
        shares = [s for s, row in zip(here.multipliers, found.rows, strict=True) if row.kink == number]
        margin = margin_of(exact, found, kink, number, shares, value)
        if margin is None:
            return None
        margins.append(margin)
    return min(margins, default=0.0)


def _fallen(
    exact: ObjectiveInBalls,
    found: Landed,
    value: Any,
    kinds: frozenset[str],
    way: list[float],
    spans: Sequence[float],
) -> Corner:
    """A point from which f falls: along the way, or at once, where it jumps."""
    near = [
        [a + double(b) * power_of_two(1.0, exponent) for a, b in zip(found.x, way, strict=True)]
        for exponent in (-100, -160)
    ]
    far, close = (exact.value(there) for there in near)
    unit = [b / norm(way) for b in way]
    if "jump" in kinds and far is not None and close is not None:
        gaps = [ball(value) - ball(number) for number in (far, close)]
        if gaps[1] > gaps[0] / 2:
            shown = limit_beside(exact, found, near[0], ball(far), ball(close))
            return Corner("unattained", found.x, value, kinds, unit, limit=shown)
    return Corner("saddle", found.x, value, kinds, unit)
