"""Where the Hessian is singular: f along the curves on which only what it leaves open is free.

By the splitting lemma (Gromoll & Meyer 1969) a point is a minimum just where f is one along them: for every move of
the coordinates without curvature the others go to where their slopes vanish.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import log2
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double, nearest_double, power_of_two
from gradcli.descent.certificates.quadratic_forms import eliminated, sign_of, solved
from gradcli.descent.objective.objective_in_balls import BITS, Limits, ObjectiveInBalls, Point, rational
from gradcli.language.records import NamedTuple

#: Distances along a curve, as powers of two of the region's size, the nearest last, which doubles just tell from the point.
LADDER = (-5, -11, -17, -36, -56)
#: Where f does not change at so many of the nearest it does not change; directions that are tried.
STILL, DIRECTIONS = 4, 48
#: Changes of f below this share of what it changes by further away are none.
NOTHING = -300
#: Newton's steps to a curve.
STEPS = 25


class Curve(NamedTuple):
    """What f does along one curve: sign 1 where it rises, -1 where it falls, 0 where it does not change.

    way: its tangent at the point, nearest doubles. there: its point next to it. order: the power with which f changes.
    """

    sign: int
    way: list[float]
    there: Point
    order: float = 0.0


def curves(
    exact: ObjectiveInBalls,
    x: Point,
    value: Any,
    order: Sequence[int],
    rest: Sequence[int],
    limits: Limits,
    spans: Sequence[float],
    *,
    few: bool = False,
) -> list[Curve] | None:
    """f along curves through *x*, both ways, on which the coordinates *rest* move and those of *order* follow.

    Only curves inside of the bounds; None where one cannot be followed. few: only those of single coordinates.
    """
    found: list[Curve] = []
    with working_bits(BITS):
        whole = variation(exact, x, value, spans)
        for way in _ways(len(rest))[: 2 * len(rest)] if few else _ways(len(rest)):
            offsets = dict(zip(rest, way, strict=True))
            curve = _along(exact, x, value, order, offsets, limits, spans, whole)
            if curve is None:
                return None
            if curve.there != x:
                found.append(curve)
                if curve.sign < 0:
                    break
    return found


def _ways(count: int) -> list[list[float]]:
    """Axes and diagonals both ways, and others at random, the same ones every time."""
    axes = [[float(i == j) for j in range(count)] for i in range(count)]
    ways = [*axes]
    if count > 1:
        source = random.Random(count)  # noqa: S311  (nothing secret: the verdict must be the same every time)
        pairs = [
            [float(k == i) + s * float(k == j) for k in range(count)]
            for i in range(count)
            for j in range(i)
            for s in (1, -1)
        ]
        ways += pairs[:DIRECTIONS]
        ways += [[round(source.uniform(-1, 1), 3) for _ in range(count)] for _ in range(DIRECTIONS // 2)]
    return [[s * number for number in way] for way in ways for s in (1.0, -1.0)]


def variation(exact: ObjectiveInBalls, x: Point, value: Any, spans: Sequence[float]) -> Any:
    """How much f changes a little away."""
    most = arb(0)
    for i, span in enumerate(spans):
        for sign in (1, -1):
            there = exact.value([a + sign * power_of_two(span, -3) * (i == j) for j, a in enumerate(x)])
            if there is not None:
                most = most.max(abs(ball(there) - ball(value)).mid())
    return most


def _along(
    exact: ObjectiveInBalls, x: Point, value: Any, order: Sequence[int], offsets: dict[int, float],
    limits: Limits, spans: Sequence[float],
    whole: Any,
) -> Curve | None:  # fmt: skip
    """The curve in one direction: its differences from far to near, and what the two nearest say."""
    signs: list[int] = []
    sizes: list[float] = []
    there = x
    for exponent in LADDER:
        start = [
            a + power_of_two(spans[i], exponent) * double(offsets[i]) if i in offsets else a
            for i, a in enumerate(x)
        ]
        if limits.kept(start) != start:
            return Curve(1, [0.0] * exact.size, x)
        followed = _followed(exact, start, order)
        change = None if followed is None else exact.value(followed)
        if followed is None or change is None or limits.kept(followed) != followed:
            if signs or exponent != LADDER[-1]:
                signs, sizes = [], []
                continue
            return None
        gap = ball(change) - ball(value)
        nothing = bool(abs(gap) <= whole * arb(2) ** NOTHING) or sign_of(gap) == 0
        signs.append(0 if nothing else sign_of(gap))
        sizes.append(log2_of(gap))
        there = followed
    if len(signs) < 2:
        return None
    sign, power = nearest_change(signs, sizes)
    return Curve(sign, _tangent(exact, x, order, offsets, spans), there, power)


def nearest_change(signs: Sequence[int], sizes: Sequence[float]) -> tuple[int, float]:
    """The sign of f's change at the nearest point where it is one, and the power of the distance that it goes with."""
    last = next((k for k in range(1, min(len(signs), STILL) + 1) if signs[-k]), None)
    if last is None:
        return 0, 0.0
    if last == len(signs) or signs[-last - 1] != signs[-last]:
        return signs[-last], 0.0
    return signs[-last], (sizes[-last - 1] - sizes[-last]) / (LADDER[-last - 1] - LADDER[-last])


def log2_of(x: Any) -> float:
    """The binary logarithm of a number's absolute value; 0 of 0."""
    middle = abs(x).mid()
    if middle.is_zero():
        return 0.0
    mantissa, exponent = middle.man_exp()
    return log2(abs(int(mantissa))) + int(exponent)


def _tangent(
    exact: ObjectiveInBalls, x: Point, order: Sequence[int], offsets: dict[int, float], spans: Sequence[float]
) -> list[float]:
    """The direction in which a curve leaves *x*: what follows goes where the Hessian wants it."""
    moves: dict[int, Any] = {i: double(spans[i]) * double(b) for i, b in offsets.items()}
    matrix = exact.hessian(x) if order else None
    if matrix is not None:
        right = [sum((row[i] * b for i, b in moves.items()), fmpq(0)) for row in matrix]
        moves |= {i: -b for i, b in solved(eliminated(matrix, list(order)), right).items()}
    balls = [ball(moves.get(i, fmpq(0))) for i in range(len(x))]
    length = sum((b * b for b in balls), arb(0)).sqrt()
    return [0.0 if b.contains(0) else nearest_double(b / length) for b in balls]


def _followed(exact: ObjectiveInBalls, start: Point, order: Sequence[int]) -> Point | None:
    """The point where the slopes along the coordinates *order* vanish, the others as they are."""
    x = list(start)
    if not order:
        return x
    for _ in range(STEPS):
        gradient = exact.gradient(x)
        if gradient is not None and all(gradient[i] == 0 for i in order):
            return x
        matrix = exact.hessian(x)
        if gradient is None or matrix is None:
            return None
        parts = eliminated(matrix, list(order))
        if parts.rest or any(sign < 0 for sign in parts.signs):
            return None
        try:
            step = {i: rational(number) for i, number in solved(parts, gradient).items()}
        except OverflowError:  # it leads to where no numbers are
            return None
        x = [a - step[i] if i in step else a for i, a in enumerate(x)]
        if all(abs(number) <= fmpq(1, 2**400) * max(abs(x[i]), fmpq(1, 2**60)) for i, number in step.items()):
            return x
    return (
        x
        if all(abs(number) <= fmpq(1, 2**250) * max(abs(x[i]), fmpq(1, 2**60)) for i, number in step.items())
        else None
    )
