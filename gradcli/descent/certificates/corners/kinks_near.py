"""Where derivatives end: the instructions with a corner, a cusp, a jump or an end of the domain near a point.

Each is where a residual vanishes: the argument of |x|, the difference of what max compares, the distance to an integer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, exact, whole
from gradcli.calculus.balls.decimals import power_of_two
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.descent.certificates.corners.kink_residuals import RESIDUALS, Kink, residual
from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls, Point

#: Differences are taken over 2**STEP times the region's size.
STEP = -200
#: A residual that vanishes within this share of the region's size may be what a descent runs into.
REACH = 0.02
#: Slopes beyond 2**FAR, or as far below, are scaled.
FAR = 500


class Local:
    """All slots at a point and beside it, so that differences give the derivatives of any of them."""

    def __init__(
        self, at: ObjectiveInBalls, x: Point, spans: Sequence[float], facts: Mapping[Any, Any] | None = None
    ) -> None:
        self.exact, self.x, self.facts = at, x, dict(facts or {})
        self.steps = [power_of_two(span, STEP) for span in spans]
        self.here = at.slots(x, self.facts)
        self._beside: dict[tuple[tuple[int, int], ...], list[Any]] = {}

    def beside(self, *moves: tuple[int, int]) -> list[Any]:
        """The slots a step away along some axes."""
        if moves not in self._beside:
            x = list(self.x)
            for i, sign in moves:
                x[i] += sign * self.steps[i]
            self._beside[moves] = self.exact.slots(x, self.facts)
        return self._beside[moves]

    def gradient(self, of: Callable[[list[Any]], Any]) -> list[Any] | None:
        """The partials of what *of* makes of the slots; None where it has no value beside the point."""
        partials = []
        for i, h in enumerate(self.steps):
            above, below = of(self.beside((i, 1))), of(self.beside((i, -1)))
            if above is None or below is None:
                return None
            partials.append((ball(above) - ball(below)) / arb(2 * h))
        return partials

    def hessian(self, of: Callable[[list[Any]], Any]) -> list[list[float]] | None:
        """The second derivatives of the same, in floats."""
        size, middle = len(self.steps), of(self.here)
        rows = [[0.0] * size for _ in range(size)]
        single = [[of(self.beside((i, s))) for s in (1, -1)] for i in range(size)]
        if middle is None or any(value is None for pair in single for value in pair):
            return None
        for i, h in enumerate(self.steps):
            rows[i][i] = float(
                ((ball(single[i][0]) + ball(single[i][1]) - 2 * ball(middle)) / arb(h * h)).mid()
            )
            for j in range(i):
                both = of(self.beside((i, 1), (j, 1)))
                if both is None:
                    return None
                other = of(self.beside((i, -1), (j, -1)))
                if other is None:
                    return None
                sides = sum((ball(value) for k in (i, j) for value in single[k]), arb(0))
                mixed = (ball(both) + ball(other) + 2 * ball(middle) - sides) / 2
                rows[i][j] = rows[j][i] = float((mixed / arb(h * self.steps[j])).mid())
        return rows


def kinks_near(local: Local, spans: Sequence[float]) -> list[Kink]:
    """The kinks within reach of a point, the nearest first."""
    at, found = local.exact, []
    from gradcli.calculus.intervals.interval_arithmetic import needed

    for index in needed(at.program, [at.program.value]):
        op, *places = at.program.code[index]
        if op not in RESIDUALS or (op == "pow" and _always_whole(local, places[1])):
            continue
        kink = _measured(local, Kink(at.program.first + index, op, tuple(places), RESIDUALS[op][0]), spans)
        if kink is not None and kink.distance <= REACH:
            found.append(kink)
    return sorted(found, key=lambda kink: kink.distance)


def _always_whole(local: Local, place: int) -> bool:
    """Whether an exponent is a whole number of at least 0, at the point and beside it: then a power has no kink."""
    runs = [local.here, *(local.beside((i, 1)) for i in range(len(local.steps)))]
    orders = [
        None if isinstance(run[place], Failure) or not exact(run[place]) else whole(run[place])
        for run in runs
    ]
    return all(order is not None and order >= 0 for order in orders)


def _measured(local: Local, kink: Kink, spans: Sequence[float]) -> Kink | None:
    """A kink, how far its residual's 0 is as a share of the region's size, and its scale; None where nothing moves it."""
    here = residual(kink, local.here)
    if here is None:
        return None
    slopes = local.gradient(lambda slots: residual(kink, slots))
    if slopes is None:
        return kink if here == 0 or here.contains(0) else None
    steep = sum((abs(b) * arb(span) for b, span in zip(slopes, spans, strict=True)), arb(0)).mid()
    if not steep > 0:
        return kink if here.contains(0) and _moves(local, kink) else None
    share = float((abs(here) / steep).mid())
    return None if isnan(share) else kink._replace(distance=share, scale=_scale(kink, steep))


def _scale(kink: Kink, steep: Any) -> int:
    """What brings slopes that floats may not hold next to 1; multipliers of roots know no such factor."""
    mantissa, exponent = steep.man_exp()
    size = int(mantissa).bit_length() + int(exponent)
    return -size if abs(size) > FAR and kink.kind in ("corner", "jump") else 0


def _moves(local: Local, kink: Kink) -> bool:
    """Whether the residual is another beside the point: no constant."""
    here = residual(kink, local.here)
    for i in range(len(local.steps)):
        there = residual(kink, local.beside((i, 1)))
        if there is None or not (ball(there) - ball(here)).contains(0):
            return True
    return False
