"""Lagrange's systems of any functions, in a box: by bisection in balls, each zero proved to be one and the rest to hold none.

The multipliers, that of f among them, are on the unit sphere: so both systems are one, and all unknowns are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from flint import arb, arb_mat

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.critical.boxes.bisection import Searched, search
from gradcli.calculus.critical.boxes.gradient_enclosure import Field
from gradcli.calculus.tables.jacobian_table import jacobian_of
from gradcli.descent.constrained.extrema.candidates import Candidate, Candidates
from gradcli.descent.constrained.extrema.lagrange_systems import active_sets
from gradcli.descent.constrained.extrema.smooth_everywhere import has_slopes
from gradcli.descent.constrained.optimality.linear_rows import reduced_rows, total
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.language.limits import limit
from gradcli.language.problem_text import joined, wrapped

#: How far from 0 is looked where nobody says how far, and boxes for each system.
REACH, BOXES = 10.0, 20_000

#: What is said where places without slopes may be missing.
NO_SLOPE = "f or a constraint may have no slope somewhere, and such places are not looked for"

Box = Mapping[str, tuple[float, float]]


def searched_candidates(
    exactly: ConstrainedInBalls, box: Box, enclosing: Box, most: int = BOXES
) -> Candidates:
    """The points in the box, -10 to 10 along every variable that it does not name. most: boxes for each system.

    enclosing: a box that holds all points that keep the constraints, which is searched where it is no larger.
    """
    problem = exactly.problem
    asked = {name: box.get(name, (-REACH, REACH)) for name in problem.names}
    whole = {name: common(ends, enclosing[name], name in box) for name, ends in asked.items()}
    inside = all(a <= c and d <= b for (a, b), (c, d) in ((whole[n], enclosing[n]) for n in whole))
    texts_of_all = [problem.text, *(one.difference for one in problem.constraints)]
    smooth = has_slopes(texts_of_all, problem.given, whole)
    found = Candidates([], smooth, [] if smooth else [NO_SLOPE], {} if inside else asked)
    for held in active_sets(problem.constraints, len(problem.names)):
        texts, unknowns = _system(exactly, held)
        ends = [wider(*whole[name]) if name in whole else (-1.0, 1.0) for name in unknowns]
        if unknowns[len(problem.names) :]:
            ends[len(problem.names)] = (0.0, 1.0)
        matrix = jacobian_of(texts, (*problem.given, *unknowns), unknowns, formulas=False)
        result = search(Field(matrix, unknowns, {}), ends, int(min(most, limit("boxes"))))
        points = [candidate_at(exactly, zero, held) for zero in result.zeros]
        found = found.with_more(Candidates(points, not result.undecided, _why(result)))
    return found


def common(asked: tuple[float, float], enclosing: tuple[float, float], typed: bool) -> tuple[float, float]:
    """What is searched along a variable: all that is needed where nobody says how far, no more than is needed else."""
    if not typed and isfinite(enclosing[0]) and isfinite(enclosing[1]):
        return enclosing if enclosing[0] < enclosing[1] else asked
    low, high = max(asked[0], enclosing[0]), min(asked[1], enclosing[1])
    return (low, high) if low < high else asked


def wider(low: float, high: float) -> tuple[float, float]:
    """The ends with a little room beside them, so that what lies on an edge is inside."""
    room = (high - low) / 1000
    return low - room, high + room


def _why(result: Searched) -> list[str]:
    return ["a system was not decided everywhere in the box"] if result.undecided else []


def _system(exactly: ConstrainedInBalls, held: Sequence[int]) -> tuple[list[str], list[str]]:
    """The equations as texts, and the unknowns: coordinates, and multipliers where they are not eliminated."""
    from gradcli.calculus.formulas.texts.compiler import compile_text

    problem = exactly.problem
    names = list(problem.names)
    differences = [problem.constraints[i].difference for i in held]
    if len(held) >= len(names):
        return differences[: len(names)], names
    formulas = [
        compile_text([text], (*problem.given, *names), names).formulas
        for text in (problem.text, *differences)
    ]
    slopes = [[(f.get(name) or "0") for name in names] for f in formulas]
    if not held:
        return slopes[0], names
    if len(names) == len(held) + 1 == 2:
        (a, b), (c, d) = slopes
        return [f"({a})*({d}) - ({b})*({c})", *differences], names
    weights = list(problem.weights[: len(held) + 1])
    sums = [
        joined([wrapped(row[j], f"{w}*(", ")") for w, row in zip(weights, slopes, strict=True)])
        for j in range(len(names))
    ]
    sphere = " + ".join(f"{w}**2" for w in weights) + " - 1"
    return [*sums, *differences, sphere], [*names, *weights]


def candidate_at(exactly: ConstrainedInBalls, zero: Sequence[Any], held: Sequence[int]) -> Candidate:
    """A point with least-squares multipliers, or with none where the slopes of constraints are dependent."""
    size = exactly.size
    x = [ball(a) for a in zero[:size]]
    place = exactly.look(x)
    rows = [] if place is None else [place.rows[i] for i in held]
    independent = place is not None and len(reduced_rows(rows, size).kept) == len(held)
    multipliers: Callable[[int], list[Any]] | None = None
    if place is not None and independent:
        numbers = _balanced(exactly, held, place.g, rows)

        def multipliers(bits: int) -> list[Any]:
            """The multipliers of the held constraints."""
            return numbers

    return Candidate(tuple(held), lambda bits: x, multipliers, dict.fromkeys(exactly.problem.names))


def _balanced(
    exactly: ConstrainedInBalls, held: Sequence[int], g: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> list[Any]:
    if not held:
        return []
    gram = arb_mat([[ball(total(a, b)) for b in rows] for a in rows])
    right = arb_mat([[ball(total(a, g))] for a in rows])
    try:
        found = gram.solve(right)
    except ZeroDivisionError:
        return [arb(0)] * len(held)
    return [found[k, 0] * int(exactly.problem.signs[i]) for k, i in enumerate(held)]
