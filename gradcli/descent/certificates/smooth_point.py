"""What a point is where the gradient vanishes and second derivatives exist: certain signs, and what they leave open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.certificates.box_certificates import nowhere_lower, power_of_two, sides_of
from gradcli.descent.certificates.degenerate_minima import Curve, curves, variation
from gradcli.descent.certificates.finding import Finding
from gradcli.descent.certificates.newton_polish import Polished
from gradcli.descent.certificates.quadratic_forms import Eliminated, copositive, eliminated, sign_of, solved
from gradcli.descent.objective.objective_in_balls import (
    BITS,
    Limits,
    ObjectiveInBalls,
    Point,
    around,
    floats,
    less,
)
from gradcli.descent.objective.vectors import norm, spectrum

#: Boxes on which second derivatives are looked for, and the smallest that counts, as powers of two of the region.
BOXES, SMALLEST = (-20, -30, -45, -60), -60
#: Boxes to whose sides f must rise where nothing else tells.
RISING = (-20, -10)
#: Distances at which f must fall along a direction, the nearest last.
FALLING = (-10, -20, -30)


def finding(exact: ObjectiveInBalls, found: Polished, limits: Limits, spans: Sequence[float]) -> Finding:
    """What the stationary point *found* is."""
    with working_bits(BITS):
        x, value = found.x, exact.value(found.x)
        matrix, gradient = exact.hessian(around(x, found.radius)), exact.gradient(around(x, found.radius))
        if value is None or matrix is None or gradient is None or not _smooth(exact, found, spans):
            return Finding("rough", x)
        if not _vanishes(exact, found, gradient, value, spans):
            return Finding("rough", x)
        sides = limits.sides(x)
        held = tuple(
            side == 2 or bool(side and g * side > 0) for side, g in zip(sides, gradient, strict=True)
        )
        weak = tuple(i for i, side in enumerate(sides) if side and not held[i])
        shown = [[float(ball(number).mid()) for number in row] for row in matrix]
        base = Finding("open", x, held, weak, matrix=shown)
        leaving = [i for i in weak if gradient[i] * sides[i] < 0]
        if leaving:
            return base._replace(kind="saddle", way=_unit(exact.size, {leaving[0]: float(sides[leaving[0]])}))
        return _by_form(exact, found, limits, spans, base, matrix, value)


def _vanishes(
    exact: ObjectiveInBalls, found: Polished, gradient: Sequence[Any], value: Any, spans: Sequence[float]
) -> bool:
    """Whether the slopes of what is not held are 0, or nothing beside what f changes by in the region."""
    whole = variation(exact, found.x, value, spans)
    free = [(g, span) for g, span, held in zip(gradient, spans, found.held, strict=True) if not held]
    return all(sign_of(g) == 0 or abs(ball(g)) * arb(span) <= whole * arb(2) ** -60 for g, span in free)


def _smooth(exact: ObjectiveInBalls, found: Polished, spans: Sequence[float]) -> bool:
    """Whether second derivatives exist in a box around the point that is not too small to be seen."""
    for exponent in BOXES:
        radius = [max(r, power_of_two(span, exponent)) for r, span in zip(found.radius, spans, strict=True)]
        if exact.hessian(around(found.x, radius), 320) is not None:
            return True
    return False


def _by_form(
    exact: ObjectiveInBalls, found: Polished, limits: Limits, spans: Sequence[float], base: Finding,
    matrix: list[list[Any]], value: Any
) -> Finding:  # fmt: skip
    """The verdict of the Hessian on the cone of directions that can be gone, or of f itself where it is singular."""
    x, free = found.x, [i for i in range(exact.size) if not base.held[i]]
    parts = eliminated(matrix, free, base.weak)
    if any(sign < 0 for sign in parts.signs):
        return _falling(exact, base, value, parts, matrix, spans, limits)
    if not parts.rest:
        return base._replace(kind="minimum")
    if set(parts.rest) == set(base.weak):
        form = copositive(parts.form)
        if form is True:
            return base._replace(kind="minimum")
        if isinstance(form, list):
            way = _completed(
                parts, matrix, dict(zip(parts.rest, _inward(form, parts.rest, limits, x), strict=True))
            )
            if falls(exact, x, value, _unit(exact.size, way), spans, limits):
                return base._replace(kind="saddle", way=_unit(exact.size, way))
    return _degenerate(exact, base, value, parts, spans, limits)


def _inward(form: list[Any], rest: Sequence[int], limits: Limits, x: Point) -> list[Any]:
    sides = limits.sides(x)
    return [number * sides[i] for number, i in zip(form, rest, strict=True)]


def _completed(parts: Eliminated, matrix: list[list[Any]], way: dict[int, Any]) -> dict[int, float]:
    """The direction in which the coordinates with a pivot make way for those of *way*, as the Hessian wants it."""
    right = [sum((row[i] * number for i, number in way.items()), fmpq(0)) for row in matrix]
    rest = [i for i in parts.order if i not in way]
    follow = solved(eliminated(matrix, rest), right) if rest else {}
    return {i: float(ball(number).mid()) for i, number in way.items()} | {
        i: -float(ball(number).mid()) for i, number in follow.items()
    }


def _unit(size: int, way: dict[int, float]) -> list[float]:
    length = norm(list(way.values())) or 1.0
    return [way.get(i, 0.0) / length + 0.0 for i in range(size)]


def _falling(
    exact: ObjectiveInBalls, base: Finding, value: Any, parts: Eliminated, matrix: list[list[Any]], spans: Sequence[float],
    limits: Limits,
) -> Finding:  # fmt: skip
    """A Hessian with a certain negative sign: a maximum, or a saddle with the direction in which f falls fastest."""
    x, free = base.x, [i for i in range(exact.size) if not base.held[i] and i not in base.weak]
    rows = base.matrix or []
    vector = spectrum([[rows[i][j] for j in free] for i in free]).vectors[0]
    ways = [_unit(exact.size, dict(zip(free, vector, strict=True)))]
    ways += [
        _unit(exact.size, _completed(parts, matrix, {i: fmpq(1)}))
        for i, sign in zip(parts.order, parts.signs, strict=True)
        if sign < 0
    ]
    if len(parts.steps) < len(parts.order):
        i, j = parts.order[-2:]
        ways += [_unit(exact.size, {i: 1.0, j: s * _balance(matrix, i, j)}) for s in (1.0, -1.0)]
    whole = not base.weak and not any(base.held) and not parts.rest
    kind = "maximum" if whole and all(sign < 0 for sign in parts.signs) else "saddle"
    for way in ways:
        for sign in (1.0, -1.0):
            turned = [sign * number for number in way]
            if falls(exact, x, value, turned, spans, limits):
                return base._replace(kind=kind, way=[number + 0.0 for number in turned])
    return base


def _balance(matrix: list[list[Any]], i: int, j: int) -> float:
    a, b = abs(float(ball(matrix[i][i]).mid())), abs(float(ball(matrix[j][j]).mid()))
    return (a / b) ** 0.5 if a and b else 1.0


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


def _degenerate(
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


def _of_one(base: Finding, found: Sequence[Curve], level: list[float] | None) -> Finding:
    """One direction is left open: the ways of its curve that can be gone decide."""
    if level is not None:
        return base._replace(kind="level", way=level, how="curves")
    return base._replace(kind="minimum", way=found[0].way, order=round(found[0].order), how="order")


def nearest(found: Finding) -> list[float]:
    """The point in floats."""
    return floats(found.x)
