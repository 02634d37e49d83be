"""The least of a sum of costs of rows: Newton's method with its Hessian made definite, ended in balls.

Directions of negative or of almost no curvature are turned downhill and kept short (Nocedal & Wright 2006, Numerical
Optimization, section 3.4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.descent.objective.vectors import dot, scaled, solve_spectral, spectrum
from gradcli.fitting.models.summed_rows import SummedRows
from gradcli.language.records import NamedTuple

Vector = list[float]

#: Iterations and halvings of a step at most.
MOST, HALVINGS = 200, 60

#: The least eigenvalue, of the Hessian with 1 on its diagonal, that is not flat.
FLAT = 1e-9

#: What a step may foretell at the end, relative to the cost.
UNSEEN = 1e-13


class Lowest(NamedTuple):
    """Where a descent ended: its point, the sum, Newton's decrement there, and whether the Hessian is definite.

    polished: what balls say of it, None where they were not asked.
    """

    x: Vector
    value: float
    decrement: float
    definite: bool
    hessian: list[Vector]
    polished: Any = None


def lowest(problem: SummedRows, start: Sequence[float]) -> Lowest | None:
    """Go down from *start*; None where a row has no value there."""
    x = list(start)
    here = problem.derivatives(x)
    if here is None:
        return None
    for _ in range(MOST):
        value, gradient, hessian = here
        step, foretold, _ = _direction(gradient, hessian)
        if foretold <= UNSEEN * max(abs(value), 1e-300):
            break
        moved = _shortened(problem, x, value, step, foretold)
        there = None if moved is None else problem.derivatives(moved)
        if moved is None or there is None:
            break
        x, here = moved, there
    value, gradient, hessian = here
    _, foretold, definite = _direction(gradient, hessian)
    return Lowest(x, value, foretold, definite, hessian)


def _direction(gradient: Sequence[float], hessian: list[Vector]) -> tuple[Vector, float, bool]:
    """Newton's step, or one downhill; how much it foretells; and whether the Hessian is positive definite."""
    d, matrix = scaled(hessian)
    parts = spectrum(matrix)
    right = [-g * s for g, s in zip(gradient, d, strict=True)]
    solved = solve_spectral(parts, right, FLAT, absolute=True)
    step = [one * s for one, s in zip(solved, d, strict=True)]
    return step, -0.5 * dot(list(gradient), step), min(parts.values, default=1.0) > FLAT


def _shortened(
    problem: SummedRows, x: Sequence[float], value: float, step: Sequence[float], foretold: float
) -> Vector | None:
    length = 1.0
    for _ in range(HALVINGS):
        target = [a + length * b for a, b in zip(x, step, strict=True)]
        found = problem.value(target)
        if found is not None and found <= value - 1e-4 * length * foretold:
            return target
        length /= 2
    return None


def best_of(
    problem: SummedRows, starts: Sequence[Sequence[float]], polish: Callable[[Sequence[float]], Any] | None
) -> Lowest | None:
    """The lowest end of the descents from *starts*, looked at in balls; definite ones before others."""
    ends = [one for one in (lowest(problem, start) for start in starts) if one is not None]
    ends.sort(key=lambda one: (not one.definite, one.value))
    if not ends:
        return None
    best = ends[0]
    return best._replace(polished=polish(best.x)) if polish is not None else best


def flat_directions(end: Lowest, names: Sequence[str]) -> list[dict[str, float]]:
    """The directions along which the sum does not change, by name."""
    d, matrix = scaled(end.hessian)
    parts = spectrum(matrix)
    found = []
    for value, vector in zip(parts.values, parts.vectors, strict=True):
        if abs(value) <= FLAT:
            moved = {name: x * s for name, x, s in zip(names, vector, d, strict=True) if abs(x) > 1e-6}
            size = math.hypot(*moved.values())
            found.append({name: x / size for name, x in moved.items()})
    return found
