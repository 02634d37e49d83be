"""What a point is where the gradient vanishes and second derivatives exist: certain signs, and what they leave open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import power_of_two
from gradcli.descent.certificates.degenerate_minima import variation
from gradcli.descent.certificates.degenerate_point import degenerate
from gradcli.descent.certificates.exact_minimum import is_smooth
from gradcli.descent.certificates.finding import Finding
from gradcli.descent.certificates.newton_polish import Polished
from gradcli.descent.certificates.quadratic_forms import Eliminated, copositive, eliminated, sign_of, solved
from gradcli.descent.certificates.smooth_finding import falls, unit
from gradcli.descent.objective.objective_in_balls import (
    BITS,
    Limits,
    ObjectiveInBalls,
    Point,
    around,
)
from gradcli.descent.objective.vectors import spectrum

#: Boxes on which second derivatives are looked for, and the smallest that counts, as powers of two of the region.
BOXES, SMALLEST = (-20, -30, -45, -60), -60


def finding(exact: ObjectiveInBalls, found: Polished, limits: Limits, spans: Sequence[float]) -> Finding:
    """What the stationary point *found* is."""
    with working_bits(BITS):
        x, value = found.x, exact.value(found.x)
        gradient, matrix = exact.derivatives(around(x, found.radius))
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
        base = Finding("open", x, held, weak, matrix=shown, balls=matrix)
        leaving = [i for i in weak if gradient[i] * sides[i] < 0]
        if leaving:
            return base._replace(kind="saddle", way=unit(exact.size, {leaving[0]: float(sides[leaving[0]])}))
        return _by_form(exact, found, limits, spans, base, matrix, value)


def _vanishes(
    exact: ObjectiveInBalls, found: Polished, gradient: Sequence[Any], value: Any, spans: Sequence[float]
) -> bool:
    """Whether the slopes of what is not held are 0, or nothing beside what f changes by in the region."""
    free = [(g, span) for g, span, held in zip(gradient, spans, found.held, strict=True) if not held]
    left = [(g, span) for g, span in free if sign_of(g)]
    if not left:
        return True
    whole = variation(exact, found.x, value, spans)
    return all(abs(ball(g)) * arb(span) <= whole * arb(2) ** -60 for g, span in left)


def _smooth(exact: ObjectiveInBalls, found: Polished, spans: Sequence[float]) -> bool:
    """Whether second derivatives exist in a box around the point that is not too small to be seen."""
    if is_smooth(exact.program):
        return True
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
            if falls(exact, x, value, unit(exact.size, way), spans, limits):
                return base._replace(kind="saddle", way=unit(exact.size, way))
    return degenerate(exact, base, value, parts, spans, limits)


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


def _falling(
    exact: ObjectiveInBalls, base: Finding, value: Any, parts: Eliminated, matrix: list[list[Any]], spans: Sequence[float],
    limits: Limits,
) -> Finding:  # fmt: skip
    """A Hessian with a certain negative sign: a maximum, or a saddle with the direction in which f falls fastest."""
    x, free = base.x, [i for i in range(exact.size) if not base.held[i] and i not in base.weak]
    rows = base.matrix or []
    vector = spectrum([[rows[i][j] for j in free] for i in free]).vectors[0]
    ways = [unit(exact.size, dict(zip(free, vector, strict=True)))]
    ways += [
        unit(exact.size, _completed(parts, matrix, {i: fmpq(1)}))
        for i, sign in zip(parts.order, parts.signs, strict=True)
        if sign < 0
    ]
    if len(parts.steps) < len(parts.order):
        i, j = parts.order[-2:]
        ways += [unit(exact.size, {i: 1.0, j: s * _balance(matrix, i, j)}) for s in (1.0, -1.0)]
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
