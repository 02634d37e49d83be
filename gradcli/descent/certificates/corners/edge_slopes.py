"""The slopes of f where its domain ends: those along variables that the edge does not depend on."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.descent.certificates.corners.kink_residuals import Kink, residual, settled
from gradcli.descent.certificates.corners.kinks_near import Local, kinks_near
from gradcli.descent.objective.objective_in_balls import BITS, ObjectiveInBalls, Point, floats

#: Kinks within this share of the region's size are at the point.
THERE = 1e-30


def slopes_beside_edge(exact: ObjectiveInBalls, x: Point, spans: Sequence[float]) -> list[float]:
    """f's slopes at a point, as the nearest doubles have it; no number along a variable that a kink there depends on."""
    with working_bits(BITS):
        local = Local(exact, x, spans)
        kinks = [kink for kink in kinks_near(local, spans) if kink.distance <= THERE]
        held = [any(_depends(local, kink, i) for kink in kinks) for i in range(exact.size)]
        shown = [a if one else double(b) for a, b, one in zip(x, floats(x), held, strict=True)]
        frozen = Local(exact, shown, spans, settled(exact, shown, kinks))
        sign = -1 if exact.objective.sign < 0 else 1
        return [nan if one else sign * _slope(frozen, i) for i, one in enumerate(held)]


def _depends(local: Local, kink: Kink, i: int) -> bool:
    """Whether a kink's residual is another, or none, beside the point along an axis."""
    here = residual(kink, local.here)
    for side in (1, -1):
        there = residual(kink, local.beside((i, side)))
        if here is None or there is None or not (ball(there) - ball(here)).contains(0):
            return True
    return False


def _slope(local: Local, i: int) -> float:
    """The slope of the program's value along an axis; 0 where differences do not tell it, nan without a side."""
    near, far = _difference(local, i, 1), _difference(local, i, 2)
    if near is None or far is None:
        return nan
    return 0.0 if abs(near) <= 4 * abs(far - near) else float(near.mid())


def _difference(local: Local, i: int, times: int) -> Any:
    """The central difference over so many steps; None where f has no value on a side."""
    place = local.exact.program.value
    above, below = (local.beside((i, side))[place] for side in (times, -times))
    if isinstance(above, Failure) or isinstance(below, Failure):
        return None
    return (ball(above) - ball(below)) / arb(2 * times * local.steps[i])
