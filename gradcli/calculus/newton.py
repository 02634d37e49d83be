"""Gradient and Hessian as functions → points where the gradient vanishes, by Newton's method from many starts."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

Vector = list[float]
Square = list[list[float]]

#: Gradient and Hessian at a point, None where there are none.
Field = Callable[[Vector], tuple[Vector, Square] | None]
Box = Sequence[tuple[float, float]]

#: Starts in one variable, and at most in several.
STARTS_ONE, STARTS = 400, 240
_ITERATIONS = 80


def zeros_in(box: Box, field: Field) -> list[Vector]:
    """The zeros of the gradient that Newton's method finds in *box*: not necessarily all, each of them once."""
    found: list[Vector] = []
    for start in _starts(box):
        x = _newton(start, field, box)
        if x is not None and _inside(x, box) and not any(_same(x, other, box) for other in found):
            found.append(x)
    return sorted(found)


def _starts(box: Box) -> Iterator[Vector]:
    """The middle, a grid in one variable, and points spread evenly at random, the same at every call."""
    yield [(low + high) / 2 for low, high in box]
    if len(box) == 1:
        ((low, high),) = box
        yield from ([low + (high - low) * i / STARTS_ONE] for i in range(STARTS_ONE + 1))
        return
    source = random.Random(len(box))  # noqa: S311  (nothing secret: the answer must be the same every time)
    for _ in range(STARTS):
        yield [source.uniform(low, high) for low, high in box]


def _newton(x: Vector, field: Field, box: Box) -> Vector | None:
    """Damped Newton steps: halved until the gradient shrinks, along the gradient of its square if singular."""
    here = field(x)
    for _ in range(_ITERATIONS):
        if here is None:
            return None
        gradient, hessian = here
        size = math.hypot(*gradient)
        if size == 0:
            return x
        step = solved(hessian, [-g for g in gradient])
        moved = _shorter(x, step, size, field, box) if step else None
        if moved is None:
            return x if _vanishes(gradient, hessian, x) else None
        x, here = moved, field(moved)
    return x if here is not None and _vanishes(here[0], here[1], x) else None


def _shorter(x: Vector, step: Vector, size: float, field: Field, box: Box) -> Vector | None:
    """The point after as much of *step* as makes the gradient shorter, None where nothing does."""
    share = 1.0
    reach = max(high - low for low, high in box)
    length = math.hypot(*step)
    if length > reach:
        share = reach / length
    while share > 1e-10:
        moved = [a + share * s for a, s in zip(x, step, strict=True)]
        there = field(moved)
        if there is not None and math.hypot(*there[0]) < size * (1 - 1e-4 * share):
            return moved
        share /= 2
    return None


def _vanishes(gradient: Vector, hessian: Square, x: Vector) -> bool:
    """Whether the gradient is as small as rounding and the steepness of the gradient allow."""
    steepness = max((abs(h) for row in hessian for h in row), default=0.0)
    return math.hypot(*gradient) <= 1e-10 * (1e-2 + steepness * (1 + max(map(abs, x))))


def _inside(x: Vector, box: Box) -> bool:
    return all(
        low - 1e-9 * (high - low) <= a <= high + 1e-9 * (high - low)
        for a, (low, high) in zip(x, box, strict=True)
    )


def _same(x: Vector, y: Vector, box: Box) -> bool:
    """Nearer than any two points are told apart here; degenerate zeros are only found to a few digits."""
    return all(abs(a - b) <= 1e-4 * min(high - low, 1) for a, b, (low, high) in zip(x, y, box, strict=True))


def solved(matrix: Square, right: Vector) -> Vector | None:
    """The solution of a linear system by elimination with pivots, None for a singular one."""
    n = len(right)
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    scale = max((abs(x) for row in matrix for x in row), default=0.0)
    for column in range(n):
        pivot = max(range(column, n), key=lambda r: abs(rows[r][column]))
        if abs(rows[pivot][column]) <= 1e-14 * scale:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, n):
            factor = rows[row][column] / rows[column][column]
            rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][j] * x[j] for j in range(i + 1, n))) / rows[i][i]
    return x if all(map(math.isfinite, x)) else None
