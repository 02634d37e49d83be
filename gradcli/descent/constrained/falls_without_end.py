"""Does f fall without end where constraints hold? A ray, each time twice as far, and back onto the constraints."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.constrained.optimality.feasible_arcs import is_feasible, restored
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.objective.objective_in_balls import BITS, floats
from gradcli.descent.objective.vectors import add_scaled, norm
from gradcli.descent.verdicts.outcome import Ending, listed
from gradcli.descent.verdicts.verdict_sentences import named

#: Doublings of the distance, falls that are too few to say anything, and the fall that counts as deep.
FAR, FEW, DEEP = 120, 4, 1e15


def falls_without_end(
    exactly: ConstrainedInBalls, x: Sequence[float], way: Sequence[float]
) -> tuple[Ending, list[tuple[dict[str, float], float]]] | None:
    """The ending if f falls from *x* along *way* as far as numbers go, with points of the arc; None if it does not."""
    length = norm(way)
    if not 0 < length < float("inf"):
        return None
    unit = [a / length for a in way]
    with working_bits(BITS):
        found = _followed(exactly, x, unit, max(norm(x), length, 1.0))
    if found is None:
        return None
    values, points = found
    problem = exactly.problem
    falls = [a - b for a, b in itertools.pairwise(values)]
    slower = not falls[-1] > falls[len(falls) // 2] / 2
    told = listed(named(problem, unit))  # type: ignore[arg-type]
    end = f"and the constraints hold there (f = {problem.sign * float(values[-1]):.3g} at {listed(points[-1][0])})"
    if slower:
        message = f"no {problem.extreme}: f {problem.falls} ever more slowly along {told}, {end}"
        return Ending("asymptote", message, direction=named(problem, unit)), points  # type: ignore[arg-type]
    if len(values) < FAR / 4 or not values[0] - values[-1] > DEEP:
        return None
    message = f"no {problem.extreme}: f {problem.falls} without end along {told}, {end}"
    return Ending("unbounded", message, direction=named(problem, unit)), points  # type: ignore[arg-type]


def _followed(
    exactly: ConstrainedInBalls, x: Sequence[float], unit: Sequence[float], step: float
) -> tuple[list[Any], list[tuple[dict[str, float], float]]] | None:
    values: list[Any] = []
    points: list[tuple[dict[str, float], float]] = []
    problem, last = exactly.problem, list[Any]()
    for k in range(-1, FAR):
        there = [double(a) for a in (add_scaled(x, step * 2.0**k, unit) if k >= 0 else x)]
        place = exactly.look(there)
        if place is None:
            break
        kept = [i for i, (h, e) in enumerate(zip(place.h, problem.equal, strict=True)) if e or not h < 0]
        back = restored(exactly, there, kept)
        here = exactly.look(back) if back is not None else None
        if back is None or here is None or not is_feasible(exactly, here.h, kept):
            break
        value = ball(here.f)
        if values and not value < values[-1]:
            if value > values[-1] or (value - values[-1]).is_zero():
                return None
            break
        values.append(value)
        if k % 20 == 0:
            points.append(_point(problem, back, value))
        last = back
    if values:
        points.append(_point(problem, last, values[-1]))
    return (values, points) if len(values) > FEW and points else None


def _point(problem: ConstrainedProblem, x: Sequence[Any], value: Any) -> tuple[dict[str, float], float]:
    return dict(zip(problem.names, floats(x), strict=True)), problem.sign * float(value)
