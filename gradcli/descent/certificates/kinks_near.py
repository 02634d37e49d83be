"""Where derivatives end: the instructions with a corner, a cusp, a jump or an end of the domain near a point.

Each is where a residual vanishes: the argument of |x|, the difference of what max compares, the distance to an integer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, whole
from gradcli.calculus.balls.ball_operations import Failure
from gradcli.descent.certificates.box_certificates import power_of_two
from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls, Point

#: Differences are taken over 2**STEP times the region's size.
STEP = -200
#: A residual that vanishes within this share of the region's size may be what a descent runs into.
REACH = 0.02

Residual = Callable[..., Any]


class Kink(NamedTuple):
    """An instruction, the slots of its arguments, its residual, and how f goes on beside it.

    kind: corner (slopes below and above the residual's 0, as far as the instruction's own result goes), root (infinitely
    steep), edge (a root at the end of its domain), jump, or pole.
    """

    slot: int
    op: str
    places: tuple[int, ...]
    kind: str
    distance: float = 0.0


def _difference(a: Any, b: Any) -> Any:
    return ball(a) - ball(b)


def _first(a: Any, *_: Any) -> Any:
    return ball(a)


def _to_integer(a: Any) -> Any:
    return ball(a) - arb(nearest_integer(a))


def nearest_integer(a: Any) -> int:
    """The integer nearest to the middle of a number."""
    found = (ball(a).mid() + arb(fmpq(1, 2))).mid().floor().unique_fmpz()
    return int(found) if found is not None else 0


def _quotient(a: Any, b: Any) -> Any:
    return _to_integer(ball(a) / ball(b))


def _to_one(a: Any) -> Any:
    return abs(ball(a)) - 1


def _squares(a: Any, b: Any) -> Any:
    return ball(a) * ball(a) + ball(b) * ball(b)


#: The residual of each instruction, and what is there.
RESIDUALS: Mapping[str, tuple[str, Residual]] = {
    **dict.fromkeys(("abs", "relu", "leaky_relu", "elu"), ("corner", _first)),
    **dict.fromkeys(("max", "min"), ("corner", _difference)),
    **dict.fromkeys(("cbrt", "root", "pow", "sqrt"), ("root", _first)), "hypot": ("root", _squares),
    **dict.fromkeys(("acos", "asin", "asec", "acsc"), ("edge", _to_one)), "acosh": ("edge", lambda a: ball(a) - 1),
    **dict.fromkeys(("sign", "heaviside"), ("jump", _first)), **dict.fromkeys(("lt", "le", "eq", "ne"), ("jump", _difference)),
    **dict.fromkeys(("floor", "ceil"), ("jump", _to_integer)), "mod": ("jump", _quotient),
    **dict.fromkeys(("log", "log2", "log10"), ("pole", _first)), "log1p": ("pole", lambda a: ball(a) + 1),
    "div": ("pole", lambda a, b: ball(b)), "atanh": ("pole", _to_one),
}  # fmt: skip


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


def residual(kink: Kink, slots: Sequence[Any]) -> Any:
    """The kink's residual at a point; None where its arguments have no value."""
    arguments = [slots[place] for place in kink.places]
    if any(isinstance(argument, Failure) for argument in arguments):
        return None
    return RESIDUALS[kink.op][1](*arguments)


def kinks_near(local: Local, spans: Sequence[float]) -> list[Kink]:
    """The kinks within reach of a point, the nearest first."""
    at, found = local.exact, []
    from gradcli.calculus.intervals.interval_arithmetic import needed

    for index in needed(at.program, [at.program.value]):
        op, *places = at.program.code[index]
        if op not in RESIDUALS or (op == "pow" and _always_whole(local, places[1])):
            continue
        kink = Kink(at.program.first + index, op, tuple(places), RESIDUALS[op][0])
        distance = _distance(local, kink, spans)
        if distance is not None and distance <= REACH:
            found.append(kink._replace(distance=distance))
    return sorted(found, key=lambda kink: kink.distance)


def _always_whole(local: Local, place: int) -> bool:
    """Whether an exponent is a whole number of at least 0, at the point and beside it: then a power has no kink."""
    runs = [local.here, *(local.beside((i, 1)) for i in range(len(local.steps)))]
    orders = [
        None if isinstance(run[place], Failure) or not exact(run[place]) else whole(run[place])
        for run in runs
    ]
    return all(order is not None and order >= 0 for order in orders)


def _distance(local: Local, kink: Kink, spans: Sequence[float]) -> float | None:
    """How far the residual's 0 is, as a share of the region's size; None where it does not depend on what moves."""
    here = residual(kink, local.here)
    if here is None:
        return None
    slopes = local.gradient(lambda slots: residual(kink, slots))
    if slopes is None:
        return 0.0 if here == 0 or here.contains(0) else None
    steep = sum((abs(b) * arb(span) for b, span in zip(slopes, spans, strict=True)), arb(0)).mid()
    if not steep > 0:
        return 0.0 if here.contains(0) and _moves(local, kink) else None
    share = float((abs(here) / steep).mid())
    return None if isnan(share) else share


def _moves(local: Local, kink: Kink) -> bool:
    """Whether the residual is another beside the point: no constant."""
    here = residual(kink, local.here)
    for i in range(len(local.steps)):
        there = residual(kink, local.beside((i, 1)))
        if there is None or not (ball(there) - ball(here)).contains(0):
            return True
    return False


def _zero(*_: Any) -> Any:
    return fmpq(0)


def settled(at: ObjectiveInBalls, x: Point, kinks: Sequence[Kink]) -> dict[tuple[int, ...], Any]:
    """What the kinks' instructions result in where their residuals are 0, whatever rounding left of them at *x*."""
    facts: dict[tuple[int, ...], Any] = {}
    for kink in sorted(kinks, key=lambda kink: kink.slot):
        slots = at.slots(x, facts)
        if kink.kind == "pole" or any(isinstance(slots[place], Failure) for place in kink.places):
            continue
        at_zero: Callable[..., Any] = _AT.get(kink.op, _zero)
        facts[kink.slot,] = at_zero(*(slots[place] for place in kink.places))
    return facts


_AT: Mapping[str, Callable[..., Any]] = {
    "max": lambda a, b: a, "min": lambda a, b: a, "le": lambda a, b: fmpq(1), "eq": lambda a, b: fmpq(1),
    "heaviside": lambda a: fmpq(1, 2), "floor": lambda a: fmpq(nearest_integer(a)), "ceil": lambda a: fmpq(nearest_integer(a)),
    "acos": lambda a: fmpq(0) if ball(a) > 0 else arb.pi(), "asin": lambda a: arb.pi() / 2 if ball(a) > 0 else -arb.pi() / 2,
    "asec": lambda a: fmpq(0) if ball(a) > 0 else arb.pi(), "acsc": lambda a: arb.pi() / 2 if ball(a) > 0 else -arb.pi() / 2,
}  # fmt: skip
