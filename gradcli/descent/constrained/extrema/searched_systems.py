"""Lagrange's systems of any functions, in a box: by bisection in balls, each zero proved to be one and the rest to hold none.

The multipliers, that of f among them, are on the unit sphere: so both systems are one, and all unknowns are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import arb, arb_mat

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.critical.boxes.bisection import Searched, search
from gradcli.calculus.critical.boxes.gradient_enclosure import Field
from gradcli.calculus.tables.jacobian_table import jacobian_of
from gradcli.descent.constrained.extrema.candidates import Candidate, Candidates
from gradcli.descent.constrained.extrema.lagrange_systems import active_sets
from gradcli.descent.constrained.optimality.linear_rows import reduced_rows, total
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.language.limits import limit
from gradcli.language.problem_text import joined, wrapped

#: How far from 0 is looked where nobody says how far, and boxes for each system.
REACH, BOXES = 10.0, 20_000


def searched_candidates(
    exactly: ConstrainedInBalls, box: Mapping[str, tuple[float, float]], most: int = BOXES
) -> Candidates:
    """The points in the box, -10 to 10 along every variable that it does not name. most: boxes for each system."""
    problem = exactly.problem
    whole = {name: box.get(name, (-REACH, REACH)) for name in problem.names}
    found = Candidates([], True, [], whole)
    for held in active_sets(problem.constraints, len(problem.names)):
        texts, unknowns = _system(exactly, held)
        ends = [whole.get(name, (-1.0, 1.0)) for name in unknowns]
        if unknowns[len(problem.names) :]:
            ends[len(problem.names)] = (0.0, 1.0)
        matrix = jacobian_of(texts, (*problem.given, *unknowns), unknowns, formulas=False)
        result = search(Field(matrix, unknowns, {}), ends, int(min(most, limit("boxes"))))
        points = [_candidate(exactly, zero, held) for zero in result.zeros]
        found = found.with_more(Candidates(points, not result.undecided, _why(result)))
    return found


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


def _candidate(exactly: ConstrainedInBalls, zero: Sequence[Any], held: Sequence[int]) -> Candidate:
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
