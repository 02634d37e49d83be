"""Does f fall without end where constraints hold? A ray, each time twice as far, and back onto the constraints."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.constrained.optimality.feasible_arcs import is_feasible, restored
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.objective.objective_in_balls import BITS, Point, floats
from gradcli.descent.objective.vectors import add_scaled, norm
from gradcli.descent.verdicts.outcome import Ending, listed
from gradcli.descent.verdicts.verdict_sentences import named
from gradcli.language.records import NamedTuple

#: Doublings of the distance, falls that are too few to say anything, and the fall that counts as deep.
FAR, FEW, DEEP = 120, 4, 1e15

#: A fall that is less is none, however steady.
NOTHING = 1e-30


#: A way that ends at a point is one without end where each halving of what is left of it brings f down by this share of it.
STEADY = 1e-9

#: A component of a direction that is another by more than this is one to which constraints turned the way.
TURNED = 1e-9

#: How many times as far out as it begins a way without end is gone at least.
LEAVES = 4.0


class Gone(NamedTuple):
    """The way that was gone: f at each point, some of the points, and whether it went as far as was wished."""

    values: list[Any]
    points: list[tuple[dict[str, float], float]]
    whole: bool


Told = tuple[Ending, list[tuple[dict[str, float], float]]]


def falls_without_end(exactly: ConstrainedInBalls, x: Sequence[float], way: Sequence[float]) -> Told | None:
    """The ending if f falls from *x* along *way* as far as numbers go, with points of the arc; None if it does not."""
    length = norm(way)
    if not 0 < length < float("inf"):
        return None
    unit = [a / length for a in way]
    step = max(norm(x), length, 1.0)

    def reached(k: int) -> Point:
        """The point after k doublings of the distance."""
        return [double(a) for a in (add_scaled(x, step * 2.0**k, unit) if k >= 0 else x)]

    return ending_along(exactly, reached, (), named(exactly.problem, unit), None)  # type: ignore[arg-type]


def ending_along(
    exactly: ConstrainedInBalls, reached: Callable[[int], Point], still: Collection[int],
    direction: Mapping[str, float], told: str | None,
) -> Told | None:  # fmt: skip
    """The ending if f falls at all points *reached* and brought back onto the constraints, from -1 on; None if it does not.

    told: the way in words; None for that along the direction, or along the one that the points kept to.
    """
    with working_bits(BITS):
        found = _followed(exactly, reached, still)
    if found is None:
        return None
    problem, (values, points, whole) = exactly.problem, found
    if told is None:
        direction = _kept_to(direction, points)
        told = f"along {listed(direction)}"
    falls = [a - b for a, b in itertools.pairwise(values)]
    slower = not falls[-1] > falls[len(falls) // 2] / 2
    end = f"and the constraints hold there (f = {problem.sign * float(values[-1]):.3g} at {listed(points[-1][0])})"
    deep = len(values) >= FAR / 4 and values[0] - values[-1] > DEEP
    steady = not slower and falls[-1] > STEADY * max(1.0, abs(float(values[-1])))
    if not (_leaves(points) or (deep and not slower) or (whole and steady)):
        return None
    if slower:
        message = f"no {problem.extreme}: f {problem.falls} ever more slowly {told}, {end}"
        return Ending("asymptote", message, direction=direction), points
    fallen = bool(values[0] - values[-1] > abs(values[0]) / 2 + NOTHING)
    if not (deep or (whole and fallen)):
        return None
    message = f"no {problem.extreme}: f {problem.falls} without end {told}, {end}"
    return Ending("unbounded", message, direction=direction), points


def _kept_to(
    direction: Mapping[str, float], points: Sequence[tuple[Mapping[str, float], float]]
) -> Mapping[str, float]:
    """The direction, or that from the first point to the last where constraints turned the way to another."""
    moves = {name: points[-1][0][name] - a for name, a in points[0][0].items()}
    length = norm(list(moves.values()))
    if not 0 < length < float("inf"):
        return direction
    gone = {name: move / length + 0.0 for name, move in moves.items()}
    return gone if any(abs(gone[name] - a) > TURNED for name, a in direction.items()) else direction


def _leaves(points: Sequence[tuple[Mapping[str, float], float]]) -> bool:
    """Whether the way goes out: brought back onto the constraints, it may end at a point after all."""
    first, last = ([abs(a) for a in points[k][0].values()] for k in (0, -1))
    return max(last, default=0.0) >= LEAVES * max([1.0, *first])


def _followed(
    exactly: ConstrainedInBalls, reached: Callable[[int], Point], still: Collection[int]
) -> Gone | None:
    values: list[Any] = []
    points: list[tuple[dict[str, float], float]] = []
    problem, last, whole = exactly.problem, list[Any](), False
    for k in range(-1, FAR):
        here = _kept_point(exactly, reached, k, still)
        if here is None:
            break
        x, value = here
        if values and not value < values[-1]:
            if value > values[-1] or (value - values[-1]).is_zero():
                return None
            break
        values.append(value)
        if k % 20 == 0:
            points.append(_point(problem, x, value))
        last, whole = x, k == FAR - 1
    if values:
        points.append(_point(problem, last, values[-1]))
    return Gone(values, points, whole) if len(values) > FEW and points else None


def _kept_point(
    exactly: ConstrainedInBalls, reached: Callable[[int], Point], k: int, still: Collection[int]
) -> tuple[Point, Any] | None:
    """The point of the way that keeps the constraints, and f there; None where there is none."""
    try:
        there = reached(k)
        place = exactly.look(there)
        if place is None:
            return None
        kept = [
            i for i, (h, e) in enumerate(zip(place.h, exactly.problem.equal, strict=True)) if e or not h < 0
        ]
        back = restored(exactly, there, kept, still)
    except OverflowError:
        return None
    here = exactly.look(back) if back is not None else None
    if back is None or here is None or not is_feasible(exactly, here.h, kept):
        return None
    return back, ball(here.f)


def _point(problem: ConstrainedProblem, x: Sequence[Any], value: Any) -> tuple[dict[str, float], float]:
    return dict(zip(problem.names, floats(x), strict=True)), problem.sign * float(value)
