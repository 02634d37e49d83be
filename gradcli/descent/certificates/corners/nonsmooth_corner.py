"""What was found at a corner, a cusp, a jump or an edge; and what f comes to towards a point without a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double, power_of_two
from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls, Point


class Corner(NamedTuple):
    """What was found: minimum, level, saddle (f falls along *way*), unattained (it jumps down along it), or pole.

    kinds: of the kinks that are active. how: what shows it. margin: how far 0 lies inside of the subdifferential, as a
    share. held: variables that press against bounds. limit: what f comes down to where it is not attained; None where that
    is not certain.
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


def limits_towards(
    exact: ObjectiveInBalls, corner: Corner, spans: Sequence[float]
) -> tuple[Any, bool, bool] | None:
    """What f comes to towards a point without a value, whether it falls without bound there, and whether that is about 0.

    Of what is about 0 the number is only how near the last point was.
    """
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
    endless = bool(second > first / 4) and bool(second > fmpq(1, 10**9) * abs(values[2]))
    nearly = float(values[2].mid()) != 0 and bool(abs(values[2]) <= abs(first) * power_of_two(1.0, -30))
    return values[2], endless, nearly
