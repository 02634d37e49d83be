"""Newton's method on the KKT equations in balls: the point where the held constraints and the slopes balance, to 100 digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, arb_mat, fmpq, fmpq_mat

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.certificates.newton_polish import DONE, PATIENCE, SLOW, SLOWEST, SMALL, STEADY, STEPS
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.optimality.linear_rows import combined
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, PlaceInBalls
from gradcli.descent.objective.objective_in_balls import BITS, Point, rational
from gradcli.language.records import NamedTuple

#: What is added to second derivatives where they are singular, as a share of the largest.
ADDED = fmpq(1, 2**20)

#: How near simple numbers are looked for where steps do not end: this share of the region.
NEAR = fmpq(1, 20)


class KktPoint(NamedTuple):
    """A point where the held constraints are 0 and f's slopes are balanced by theirs.

    x: rationals. radius: how far from it the true point may be, 0 where all of it holds exactly. multipliers: of each held
    constraint. residual: the largest of what is left of the equations.
    """

    x: Point
    radius: list[Any]
    held: tuple[int, ...]
    multipliers: Mapping[int, Any]
    residual: float


def polished(
    exactly: ConstrainedInBalls, start: Sequence[float], held: Sequence[int], begin: Mapping[int, float],
    spans: Sequence[float],
) -> KktPoint | None:  # fmt: skip
    """The KKT point that Newton's steps lead to from *start*, with the constraints *held*; None if they lead to none."""
    x, multipliers = [double(a) for a in start], {i: double(begin.get(i, 0.0)) for i in held}
    room = [double(span) for span in spans]
    sizes: list[Any] = []
    with working_bits(BITS):
        for _ in range(STEPS):
            step = _newton(exactly, x, held, multipliers)
            if step is None:
                return simple_point(exactly, x, held, room)
            d, multipliers = step
            shares = [abs(a) / max(abs(b), c) for a, b, c in zip(d, x, room, strict=True)]
            sizes.append(max(shares, default=fmpq(0)))
            if sizes[-1] <= DONE:
                return _settled(exactly, x, held, multipliers, d, room)
            if sizes[-1] > 4 and len(sizes) > 2:
                return simple_point(exactly, [double(a) for a in start], held, room)
            if len(sizes) > PATIENCE and sizes[-1] * 2 > sizes[-1 - PATIENCE]:
                break
            share = longer(sizes)
            x = [rational(a + share * b) for a, b in zip(x, d, strict=True)]
            if share != 1:
                sizes.clear()
        return simple_point(exactly, x, held, room) or (
            _settled(exactly, x, held, multipliers, d, room) if sizes and sizes[-1] <= SMALL else None
        )


def longer(sizes: Sequence[Any]) -> Any:
    """How many times a step is to be taken where those before shrink by one steady ratio: the point ahead is degenerate.

    Near a root of multiplicity m steps shrink by (m - 1)/m: m times the step is Newton's for a simple root.
    """
    if len(sizes) < 4 or 0 in sizes[-4:]:
        return fmpq(1)
    ratios = [float(b / a) for a, b in zip(sizes[-4:], sizes[-3:], strict=False)]
    if not all(SLOW < r < SLOWEST for r in ratios) or max(ratios) - min(ratios) > STEADY * (1 - ratios[-1]):
        return fmpq(1)
    return double(1 / (1 - ratios[-1]))


def _newton(
    exactly: ConstrainedInBalls, x: Point, held: Sequence[int], multipliers: Mapping[int, Any]
) -> tuple[list[Any], dict[int, Any]] | None:
    """The step, and the multipliers after it; None where the equations are singular, or something has no value."""
    place = exactly.look(x)
    whole = [multipliers.get(i, fmpq(0)) for i in range(len(exactly.problem.constraints))]
    matrix = exactly.lagrangian(x, whole) if place is not None else None
    if place is None or matrix is None:
        return None
    n = len(x)
    rows = [[*matrix[i], *(place.rows[k][i] for k in held)] for i in range(n)]
    rows += [[*place.rows[k], *([fmpq(0)] * len(held))] for k in held]
    right = [[-b] for b in place.g] + [[-place.h[k]] for k in held]
    found = _solved(rows, right)
    if (
        found is None
    ):  # f may not change along some direction: a little more bend there leaves that coordinate where it is
        bend = ADDED * max([fmpq(1), *(abs(rational(ball(a))) for row in matrix for a in row)])
        found = _solved(
            [[a + bend if i == j < n else a for j, a in enumerate(row)] for i, row in enumerate(rows)], right
        )
    if found is None:
        return None
    return [rational(a) for a in found[:n]], {k: rational(m) for k, m in zip(held, found[n:], strict=True)}


def _solved(rows: list[list[Any]], right: list[list[Any]]) -> list[Any] | None:
    if not rows:
        return []
    try:
        found = arb_mat([[ball(a) for a in row] for row in rows]).solve(
            arb_mat([[ball(a) for a in row] for row in right])
        )
    except (ZeroDivisionError, ValueError):
        return None
    numbers = [found[i, 0] for i in range(len(rows))]
    return numbers if all(a.is_finite() for a in numbers) else None


def _settled(
    exactly: ConstrainedInBalls, x: Point, held: Sequence[int], multipliers: Mapping[int, Any], d: Sequence[Any],
    room: Sequence[Any],
) -> KktPoint | None:  # fmt: skip
    """The point, or the simple numbers next to it where the equations hold exactly."""
    near = [nearest_simple(a) for a in x]
    if all(abs(a - b) <= fmpq(1, 2**30) * max(abs(a), c) for a, b, c in zip(x, near, room, strict=True)):
        found = exact_point(exactly, near, held)
        if found is not None:
            return found
    tiny = [(abs(a - b), fmpq(1, 2**150) * max(abs(a), c)) for a, b, c in zip(x, near, room, strict=True)]
    partly = [b if gap <= least else a for a, b, (gap, least) in zip(x, near, tiny, strict=True)]
    if partly != x and (found := exact_point(exactly, partly, held)) is not None:
        return found
    most = max(map(abs, d), default=fmpq(0))
    radius = [max(1000 * most, DONE * c) for c in room]
    x = [b if abs(a - b) <= r else a for a, b, r in zip(x, near, radius, strict=True)]
    place = exactly.look(x)
    return (
        None
        if place is None
        else KktPoint(x, radius, tuple(held), multipliers, _residual(place, multipliers))
    )


def _residual(place: PlaceInBalls, multipliers: Mapping[int, Any]) -> float:
    pull = list(place.g)
    for i, m in multipliers.items():
        pull = [a + m * b for a, b in zip(pull, place.rows[i], strict=True)]
    left = [abs(ball(a)).upper() for a in (*pull, *(place.h[i] for i in multipliers))]
    return max((float(a) for a in left), default=0.0)


def simple_point(
    exactly: ConstrainedInBalls, x: Point, held: Sequence[int], room: Sequence[Any]
) -> KktPoint | None:
    """Numbers with a small denominator near a point that steps come to slowly, where the equations hold exactly."""
    for most in (1, 10, 100, 1000):
        near = [nearest_simple(a, most) for a in x]
        if all(abs(a - b) <= NEAR * span for a, b, span in zip(x, near, room, strict=True)):
            found = exact_point(exactly, near, held)
            if found is not None:
                return found
    return None


def exact_point(exactly: ConstrainedInBalls, x: Point, held: Sequence[int]) -> KktPoint | None:
    """The point *x* if the equations hold there exactly, in rationals."""
    place = exactly.look(x)
    if place is None or any(not exact(place.h[i]) or place.h[i] != 0 for i in held):
        return None
    rows = [place.rows[i] for i in held]
    if not all(map(exact, (*place.g, *(b for row in rows for b in row)))):
        return None
    found: dict[int, Any] = {}
    if held:
        gram = fmpq_mat(
            [[sum((a * b for a, b in zip(r, q, strict=True)), fmpq(0)) for q in rows] for r in rows]
        )
        right = fmpq_mat([[-sum((a * b for a, b in zip(r, place.g, strict=True)), fmpq(0))] for r in rows])
        try:
            solution = gram.solve(right)
        except ZeroDivisionError:
            return None
        found = {i: solution[k, 0] for k, i in enumerate(held)}
    left = combined([fmpq(1), *found.values()], [place.g, *rows], len(x))
    if any(a != 0 for a in left):
        return None
    return KktPoint(list(x), [fmpq(0)] * len(x), tuple(held), found, 0.0)


def is_exact(point: KktPoint) -> bool:
    """Whether the equations hold exactly at the point."""
    return all(r == 0 for r in point.radius)


def multiplier_balls(point: KktPoint, exactly: ConstrainedInBalls) -> list[Any]:
    """The multipliers of all constraints, 0 for those not held; balls where the point is not exact."""
    rough = not is_exact(point)
    width = arb(0, arb(max((abs(r) for r in point.radius), default=fmpq(0)) * 2**40)) if rough else fmpq(0)
    return [
        (ball(point.multipliers[i]) * (1 + width) + width if rough else point.multipliers[i])
        if i in point.multipliers
        else fmpq(0)
        for i in range(len(exactly.problem.constraints))
    ]
