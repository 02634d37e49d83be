"""What intervals show about a box around a point: that f rises to all of its sides, or is nowhere lower inside."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.intervals.interval_arithmetic import BITS
from gradcli.calculus.intervals.interval_numbers import Interval, Outside, Unknown
from gradcli.descent.objective.objective_in_balls import Limits, ObjectiveInBalls, Point, less, rational
from gradcli.language.records import NamedTuple

#: Instructions that may be carried out on boxes for one question, boxes at least, and the dimensions of such boxes.
WORK, FEWEST, DIMENSIONS = 40_000, 400, 3


class Sides(NamedTuple):
    """What was found on the sides of a box: whether f is above its middle on all of them, and else a lower point."""

    rises: bool
    lower: Point | None = None


def sides_of(exact: ObjectiveInBalls, x: Point, value: Any, radius: Sequence[Any], limits: Limits) -> Sides:
    """Whether f is certainly above *value* on all sides of the box around *x*, bounds and the domain's end aside.

    f is continuous or not: what it has inside of the box is not asked. radius: powers of two.
    """
    if exact.size > DIMENSIONS:
        return Sides(False)
    most = max(FEWEST, WORK // max(len(exact.program.code), 1))
    with working_bits(BITS):
        waiting, level = deque(_faces(x, radius, limits)), ball(value).upper()
        while waiting and most:
            box, most = waiting.popleft(), most - 1
            try:
                if exact.enclosure(box).low > level:
                    continue
            except Outside:
                continue
            except Unknown:
                pass
            middle = [rational((side.low + side.high) / 2) for side in box]
            there = exact.value(middle)
            if there is not None and less(there, value):
                return Sides(False, middle)
            halves = _halved(box, radius)
            if halves is None:
                return Sides(False)
            waiting.extend(halves)
        return Sides(not waiting)


def nowhere_lower(
    exact: ObjectiveInBalls, x: Point, value: Any, radius: Sequence[Any], limits: Limits
) -> bool:
    """Whether f is nowhere in the box around *x* certainly lower than *value*, to a hundred bits of its variation."""
    with working_bits(BITS):
        box = [_side(*sides) for sides in zip(x, radius, limits.low, limits.high, strict=True)]
        try:
            found = exact.enclosure(box)
        except (Outside, Unknown):
            return False
        return not ball(value) - found.low > (found.high - found.low) * arb(2) ** -100


def _side(a: Any, r: Any, low: Any, high: Any) -> Interval:
    below = a - r if low is None or a - r >= low else low
    above = a + r if high is None or a + r <= high else high
    return Interval(arb(below).lower(), arb(above).upper())


def _faces(x: Point, radius: Sequence[Any], limits: Limits) -> list[list[Interval]]:
    """The sides of the box that lie inside of the bounds."""
    whole = [_side(*sides) for sides in zip(x, radius, limits.low, limits.high, strict=True)]
    faces = []
    for i, (a, r) in enumerate(zip(x, radius, strict=True)):
        if r == 0:
            continue
        for end, bound in ((a - r, limits.low[i]), (a + r, limits.high[i])):
            if bound is None or (end >= bound if end < a else end <= bound):
                at = arb(end).mid()
                faces.append([Interval(at, at) if j == i else side for j, side in enumerate(whole)])
    return faces


def _halved(box: Sequence[Interval], radius: Sequence[Any]) -> list[list[Interval]] | None:
    """The halves of a box across its widest side, measured by *radius*; None for a point."""
    shares = [
        0.0 if r == 0 else float((side.high - side.low) / arb(r)) for side, r in zip(box, radius, strict=True)
    ]
    widest = max(range(len(box)), key=shares.__getitem__)
    if not shares[widest] > 0:
        return None
    low, high = box[widest]
    middle = ((low + high) / 2).mid()
    return [[half if i == widest else side for i, side in enumerate(box)]
            for half in (Interval(low, middle), Interval(middle, high))]  # fmt: skip
