"""Newton's method in balls: from where a descent ended to the point where the gradient vanishes, to a hundred digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.certificates.quadratic_forms import eliminated, solved
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.objective.objective_in_balls import BITS, Limits, ObjectiveInBalls, Point, less, rational
from gradcli.language.records import NamedTuple

#: Steps that are taken at most; a step below this share of the point's size is none.
STEPS, DONE = 60, fmpq(1, 2**400)
#: Steps over which their size must have halved.
PATIENCE = 8
#: Where no step brings the gradient down any more, one below this share of the point's size says that it is found.
SMALL = fmpq(1, 2**150)
#: Ratios of steps to those before, between which they tell a degenerate point ahead, and how steady they must be.
SLOW, SLOWEST, STEADY = 0.25, 0.98, 0.08
#: Within this share of the region's size such numbers are tried where steps are slow.
NEAR = fmpq(1, 100)


class Polished(NamedTuple):
    """A point where the gradient of the free variables vanishes.

    x: rationals. radius: how far from it the true point may be, in each coordinate; 0 where the gradient is exactly 0.
    held: which variables stand at a bound that the descent pushes against.
    """

    x: Point
    radius: list[Any]
    held: tuple[bool, ...]


def polished(
    exact: ObjectiveInBalls, start: Sequence[float], limits: Limits, spans: Sequence[float]
) -> Polished | None:
    """The stationary point that Newton's method leads to from *start*, inside of the bounds; None if it leads to none.

    spans: the size of the region of interest along each variable.
    """
    x, held = [double(number) for number in start], [False] * exact.size
    with working_bits(BITS):
        gradient = exact.gradient(x)
        if gradient is None:
            return None
        held = list(pressed(x, gradient, limits))
        for _ in range(exact.size + 1):
            try:
                found = _newton(exact, x, held, limits, [double(span) for span in spans])
            except OverflowError:  # it led to where no numbers are
                return None
            if found is None or isinstance(found, Polished):
                return found
            x, held = found
    return None


def pressed(x: Sequence[Any], gradient: Sequence[Any], limits: Limits) -> tuple[bool, ...]:
    """Which variables stand at a bound with a slope that certainly presses against it."""
    sides = limits.sides(x)
    return tuple(side == 2 or bool(side and b * side > 0) for side, b in zip(sides, gradient, strict=True))


def _newton(
    exact: ObjectiveInBalls, start: Point, held: Sequence[bool], limits: Limits, spans: Sequence[Any]
) -> Polished | tuple[Point, list[bool]] | None:
    """Newton's steps along what is free; or, where one leads across a bound, the point there with what is held now."""
    x, free = list(start), [i for i, h in enumerate(held) if not h]
    last: dict[int, Any] = {}
    ratios: dict[int, float] = {}
    sizes: list[Any] = []
    for _ in range(STEPS):
        gradient = exact.gradient(x)
        if gradient is None:
            return None
        if all(gradient[i] == 0 for i in free):
            return Polished(x, [fmpq(0)] * exact.size, tuple(held))
        step = _step(exact, x, gradient, free)
        if step is None:
            return None
        size = {i: max(abs(x[i]), spans[i]) for i in free}
        if all(abs(number) <= DONE * size[i] for i, number in step.items()):
            return _snapped(exact, x, step, held, spans)
        sizes.append(max((abs(number) / size[i] for i, number in step.items()), default=fmpq(0)))
        if len(sizes) > PATIENCE and sizes[-1] * 2 > sizes[-1 - PATIENCE]:
            return _simple(exact, x, held, spans)
        after, ratios = _further(exact, x, step, last, ratios, free)
        exactly = (
            _simple(exact, x, held, spans)
            if after is None or any(r > SLOW for r in ratios.values())
            else None
        )
        if exactly is not None:
            return exactly
        if after is None:
            return _snapped(exact, x, step, held, spans) if _settled(step, x, spans) else None
        inside = limits.kept(after)
        if inside != after:
            return inside, [h or a != b for h, a, b in zip(held, inside, after, strict=True)]
        x, last = after, step
    return _snapped(exact, x, last, held, spans) if _settled(last, x, spans) else None


def _settled(step: dict[int, Any], x: Point, spans: Sequence[Any]) -> bool:
    return all(abs(number) <= SMALL * max(abs(x[i]), spans[i]) for i, number in step.items())


def _step(
    exact: ObjectiveInBalls, x: Point, gradient: Sequence[Any], free: Sequence[int]
) -> dict[int, Any] | None:
    """Newton's step along the free variables, as far as the Hessian is regular."""
    matrix = exact.hessian(x)
    if matrix is None:
        return None
    found = solved(eliminated(matrix, free), gradient)
    if not all(arb(number).is_finite() for number in found.values()):
        return None
    return {i: -rational(number) for i, number in found.items()}


def _further(
    exact: ObjectiveInBalls,
    x: Point,
    step: dict[int, Any],
    last: dict[int, Any],
    ratios: dict[int, float],
    free: Sequence[int],
) -> tuple[Point | None, dict[int, float]]:
    """The point after a step, which is made longer where steps before tell that the point ahead is degenerate.

    Near a root of multiplicity m steps shrink by (m - 1)/m: m times the step is Newton's for a simple root.
    """
    found = {i: float(number / last[i]) for i, number in step.items() if last.get(i, 0) != 0}
    slow = {
        i: ratio for i, ratio in found.items()
        if SLOW < ratio < SLOWEST and abs(ratio - ratios.get(i, 9.0)) < STEADY * (1 - ratio)
    }  # fmt: skip
    plain = _moved(x, step, 1.0)
    if slow:
        longer = {i: number / double(1 - slow[i]) if i in slow else number for i, number in step.items()}
        there = _moved(x, longer, 1.0)
        if _lower(exact, there, plain, free):
            return there, {}
    for share in (1.0, 0.5, 0.25, 0.125, 2.0**-6, 2.0**-10):
        after = _moved(x, step, share)
        if _lower(exact, after, x, free):
            return after, found if share == 1.0 else {}
    return None, found


def _moved(x: Point, step: dict[int, Any], share: float) -> Point:
    return [rational(a + step[i] * double(share)) if i in step else a for i, a in enumerate(x)]


def _lower(exact: ObjectiveInBalls, there: Point, here: Point, free: Sequence[int]) -> bool:
    """Whether the gradient, measured by the Hessian here, is smaller there."""
    gradient, before, matrix = exact.gradient(there), exact.gradient(here), exact.hessian(here)
    if gradient is None:
        return False
    if before is None or matrix is None:
        return True
    parts = eliminated(matrix, free)
    after, first = solved(parts, gradient), solved(parts, before)
    return less(_length(after), _length(first))


def _length(step: dict[int, Any]) -> Any:
    return sum((arb(number) * arb(number) for number in step.values()), arb(0))


def _simple(exact: ObjectiveInBalls, x: Point, held: Sequence[bool], spans: Sequence[Any]) -> Polished | None:
    """Numbers with a small denominator near a point that steps come to slowly, if the gradient is exactly 0 there."""
    for most in (1, 10, 100, 1000):
        simple = [a if h else nearest_simple(a, most) for a, h in zip(x, held, strict=True)]
        if all(abs(a - b) <= span * NEAR for a, b, span in zip(x, simple, spans, strict=True)):
            gradient = exact.gradient(simple)
            if gradient is not None and all(h or g == 0 for h, g in zip(held, gradient, strict=True)):
                return Polished(simple, [fmpq(0)] * exact.size, tuple(held))
    return None


def _snapped(
    exact: ObjectiveInBalls, x: Point, step: dict[int, Any], held: Sequence[bool], spans: Sequence[Any]
) -> Polished:
    """The point, or the simple rational numbers next to it where the gradient is exactly 0 there."""
    free = [i for i, h in enumerate(held) if not h]
    simple = [nearest_simple(a) if i in free else a for i, a in enumerate(x)]
    near = all(
        abs(a - b) <= fmpq(1, 2**30) * max(abs(a), c) for a, b, c in zip(x, simple, spans, strict=True)
    )
    gradient = exact.gradient(simple) if near else None
    if gradient is not None and all(gradient[i] == 0 for i in free):
        return Polished(simple, [fmpq(0)] * exact.size, tuple(held))
    most = max([abs(number) for number in step.values()], default=fmpq(0))
    radius = [max(1000 * most, DONE * c) if i in free else fmpq(0) for i, c in enumerate(spans)]
    return Polished(x, radius, tuple(held))
