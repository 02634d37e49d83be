"""What a corner, a cusp, a jump or an edge is: 0 in the subdifferential with a margin, or what intervals and f itself say."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.certificates.box_certificates import nowhere_lower, power_of_two, sides_of
from gradcli.descent.certificates.kinks_near import Kink, Local, kinks_near
from gradcli.descent.certificates.smooth_manifold import Balance, Landed, landed, stationary
from gradcli.descent.objective.objective_in_balls import BITS, Limits, ObjectiveInBalls, Point, less
from gradcli.descent.objective.vectors import norm, spectrum

#: Sets of kinks that are tried, directions in which f itself is tried, and the distances, the nearest last.
TRIES, WAYS, FALLING = 8, 40, (-12, -24, -40, -60, -80)
#: Boxes to whose sides f must rise where no multipliers tell.
RISING = (-24, -14, -8)
#: A multiplier this near to its limit is on it; curvature along the manifold below this share is none.
MARGIN, FLAT = 1e-9, 1e-9


class Corner(NamedTuple):
    """What was found: minimum, level, saddle (f falls along *way*), unattained (it jumps down along it), or pole.

    kinds: of the kinks that are active. how: what shows it. margin: how far 0 lies inside of the subdifferential, as a
    share. held: variables that press against bounds. limit: what f comes down to where it is not attained.
    """

    kind: str
    x: Point
    value: Any
    kinds: frozenset[str]
    way: list[float] | None = None
    how: str = ""
    margin: float = 0.0
    held: tuple[bool, ...] = ()
    limit: Any = None


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
    along = stationary(exact, found, spans, limits, free)
    if along is not None:
        found = along[0]
    kinds = frozenset(kink.kind for kink in found.kinks)
    value = exact.value(found.x, found.facts)
    if value is None:
        return Corner("pole", found.x, None, kinds, _inward(found, here, exact, limits, spans))
    shown = _by_multipliers(exact, found, along[1], value, kinds, spans, free) if along is not None else None
    if here is not None and less(here, value) and shown is None and not kinds & {"jump", "edge"}:
        return None
    down = _falling(exact, found, value, limits, spans)
    if down is not None:
        return _fallen(exact, found, value, kinds, down, spans)
    if shown is not None and len(free) == exact.size:
        return shown
    for exponent in RISING:
        sides_found = sides_of(
            exact, found.x, value, [power_of_two(span, exponent) for span in spans], limits
        )
        if sides_found.rises:
            return Corner(
                "minimum", found.x, value, kinds, how="rises", held=tuple(side != 0 for side in sides)
            )
    small = [power_of_two(span, RISING[0]) for span in spans]
    if nowhere_lower(exact, found.x, value, small, limits):
        return Corner(
            "level", found.x, value, kinds, how="nowhere lower", held=tuple(side != 0 for side in sides)
        )
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
    for way in _ways(found, exact.size, spans):
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
    if norm([left[i] * spans[i] for i in free]) > 1e-9 * max(steep, _strength(exact, found, value, spans)):
        return None
    margins = []
    for number, kink in enumerate(found.kinks):
        shares = [s for s, row in zip(here.multipliers, found.rows, strict=True) if row.kink == number]
        margin = _margin(exact, found, kink, number, shares, value)
        if margin is None:
            return None
        margins.append(margin)
    bends = spectrum(here.curvature).values if here.ways else ()
    if bends and bends[0] <= FLAT * max(map(abs, bends)):
        return None
    margin = min(margins, default=0.0)
    return (
        Corner("minimum", found.x, value, kinds, how="multipliers", margin=margin)
        if margin > MARGIN
        else None
    )


def _strength(exact: ObjectiveInBalls, found: Landed, value: Any, spans: Sequence[float]) -> float:
    """How strongly f changes across the manifold."""
    most = 0.0
    for row, multiplier in zip(found.rows, [1.0] * len(found.rows), strict=True):
        most = max(most, multiplier * norm([a * b for a, b in zip(row.slope, spans, strict=True)]))
    return most * 1e-3


def _margin(
    exact: ObjectiveInBalls, found: Landed, kink: Kink, number: int, shares: Sequence[float], value: Any
) -> float | None:
    """How far inside of its limits the multiplier of a kink is, as a share; None where f does not rise across it."""
    settled = found.facts[kink.slot,]
    small = arb(2) ** -200
    there = exact.value(found.x, {**found.facts, (kink.slot,): ball(settled) + small})
    if there is None:
        return None
    strength = float(((ball(there) - ball(value)) / small).mid())
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


def _ways(found: Landed, size: int, spans: Sequence[float]) -> list[list[float]]:
    """Directions in which f itself is tried: the axes, across and along the manifold, and others, both ways."""
    from gradcli.descent.certificates.smooth_manifold import tangents

    source = random.Random(size)  # noqa: S311  (nothing secret: the verdict must be the same every time)
    ways = [[span * (i == j) for j in range(size)] for i, span in enumerate(spans)]
    ways += [row.slope for row in found.rows] + tangents(found.rows, spans, range(size))
    ways += [[source.choice((-1.0, 1.0)) * span for span in spans] for _ in range(WAYS // 4)]
    ways += [[source.uniform(-1, 1) * span for span in spans] for _ in range(WAYS // 2)]
    sizes = [max(abs(b) / span for b, span in zip(way, spans, strict=True)) for way in ways]
    return [
        [sign * b / c for b in way] for way, c in zip(ways, sizes, strict=True) if c for sign in (1.0, -1.0)
    ]


def _falling(
    exact: ObjectiveInBalls, found: Landed, value: Any, limits: Limits, spans: Sequence[float]
) -> list[float] | None:
    """A direction along which f is certainly lower at the nearest distances."""
    for way in _ways(found, exact.size, spans):
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


def _fallen(
    exact: ObjectiveInBalls,
    found: Landed,
    value: Any,
    kinds: frozenset[str],
    way: list[float],
    spans: Sequence[float],
) -> Corner:
    """A point from which f falls: along the way, or at once, where it jumps."""
    gaps = []
    for exponent in (-100, -160):
        number = exact.value(
            [a + double(b) * power_of_two(1.0, exponent) for a, b in zip(found.x, way, strict=True)]
        )
        gaps.append(None if number is None else ball(value) - ball(number))
    unit = [b / norm(way) for b in way]
    if "jump" in kinds and gaps[0] is not None and gaps[1] is not None and gaps[1] > gaps[0] / 2:
        return Corner("unattained", found.x, value, kinds, unit, limit=ball(value) - gaps[1])
    return Corner("saddle", found.x, value, kinds, unit)


def _inward(
    found: Landed, here: Any, exact: ObjectiveInBalls, limits: Limits, spans: Sequence[float]
) -> list[float] | None:
    """A direction from a point without a value into the domain, along which f falls towards the point."""
    for way in _ways(found, exact.size, spans):
        values = [
            exact.value([a + double(b) * power_of_two(1.0, k) for a, b in zip(found.x, way, strict=True)])
            for k in (-20, -40, -60)
        ]
        if all(v is not None for v in values) and less(values[2], values[1]) and less(values[1], values[0]):
            return [b / norm(way) for b in way]
    return None


def limits_towards(
    exact: ObjectiveInBalls, corner: Corner, spans: Sequence[float]
) -> tuple[Any, bool] | None:
    """What f comes to towards a point without a value, and whether it falls without bound there."""
    if corner.way is None:
        return None
    values = []
    for exponent in (-60, -100, -140):
        scale = max(spans)
        number = exact.value(
            [
                a + double(b * scale) * power_of_two(1.0, exponent)
                for a, b in zip(corner.x, corner.way, strict=True)
            ]
        )
        if number is None:
            return None
        values.append(ball(number))
    first, second = values[0] - values[1], values[1] - values[2]
    return values[2], bool(second > first / 4) and bool(second > fmpq(1, 10**9) * abs(values[2]))
