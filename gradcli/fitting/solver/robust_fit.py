"""A fit by a loss that is not the square: least squares with weights that follow from the residuals, again and again.

The weights are ρ' at the residuals over the scale (iteratively reweighted least squares, Holland & Welsch 1977); the scale,
where none is given, is so many times the median absolute residual of the fit so far. A loss that lets far rows go begins
where Huber's ends, and keeps the spread that this has (Yohai 1987).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median

from gradcli.fitting.models.fit_problem import FitData, RowProblem
from gradcli.fitting.models.loss_functions import LOSSES, Loss
from gradcli.fitting.models.triangles import Triangle, damped_step
from gradcli.fitting.solver.levenberg_marquardt import Box, descend, free_part, offset_of
from gradcli.language.records import NamedTuple

Vector = list[float]

#: Rounds of weights at most, and iterations of each.
ROUNDS, EACH = 400, 30

#: What a median absolute deviation is to the standard deviation of the normal.
NORMAL = 0.6744897501960817

#: The share from which steps are taken instead of whole descents, and the least part of a step.
NEARBY, LEAST = 1e-2, 2.0**-10

#: How much of the weighted residuals the tangent plane may reach at the end, and the share that a last round leaves of it.
STATIONARY, SHRINKS = 1e-9, 0.8

#: How much of them it may reach where Newton's steps in balls are tried.
CLOSE = 1e-4


class Robust(NamedTuple):
    """Where a robust fit ended.

    x: the parameters. loss: Σ c²ρ((r/c)²) with weights. scale: c. spread: of the residuals, None where the scale was
    given. weights: ρ' of each row, between 0 and 1. offset: the share of the weighted residuals that the tangent plane
    reaches.
    """

    x: Vector
    loss: float
    scale: float
    spread: float | None
    weights: Vector
    offset: float


Make = Callable[[FitData], RowProblem]


def robust(
    make: Make, data: FitData, start: Sequence[float], box: Box, name: str, scale: float | None
) -> Robust | None:
    """The fit by the loss *name* from *start*; None where a row has no value on the way, or all residuals are 0."""
    first = LOSSES["huber"] if name == "tukey" else LOSSES[name]
    found = _reweighted(make, data, start, box, first, None if scale is None or name == "tukey" else scale)
    if found is None or name != "tukey":
        return found
    own = LOSSES[name]
    spread = found.spread
    chosen = scale if scale is not None else own.tuning * (spread or 0.0)
    ended = _reweighted(make, data, found.x, box, own, chosen) if chosen else None
    return None if ended is None else ended._replace(spread=None if scale is not None else spread)


def _reweighted(
    make: Make, data: FitData, start: Sequence[float], box: Box, loss: Loss, scale: float | None
) -> Robust | None:
    x, problem = list(start), make(data)
    found: Robust | None = None
    step: Vector | None = None
    share = 1.0
    for _ in range(ROUNDS):
        here = evaluated(problem, data, x, box, loss, scale)
        if here is None:
            return found
        before, (found, triangle) = found, here
        if before is not None and before.offset < STATIONARY and not found.offset < SHRINKS * before.offset:
            return before if before.offset < found.offset else found
        if before is not None and step is not None and found.offset >= before.offset and share > LEAST:
            share, found = (
                share / 2,
                before,
            )  # where residuals curve more than the tangent plane, whole steps go too far
        else:
            step = _step(triangle, found, box)
        x = descend(problem, x, box, EACH).x if step is None else _moved(found.x, step, share, box)
    return found


def evaluated(
    problem: RowProblem, data: FitData, x: Sequence[float], box: Box, loss: Loss, scale: float | None
) -> tuple[Robust, Triangle] | None:
    """The loss at *x*, and the triangle of its weighted rows, whose weights *problem* has then; None where it has no value."""
    roots = [1.0] * data.rows if data.roots is None else data.roots
    try:
        plain = [root * float(r) for root, r in zip(roots, problem.residuals(x), strict=True)]
    except (ValueError, ArithmeticError):
        return None
    spread = spread_of(plain)
    c = scale if scale is not None else loss.tuning * spread
    if not c:
        return None
    rho = [loss.rho(r / c * (r / c)) for r in plain]
    weights = [one[1] for one in rho]
    problem.data = data._replace(roots=[root * math.sqrt(w) for root, w in zip(roots, weights, strict=True)])
    here, total = problem.linearize(x), c * c * math.fsum(one[0] for one in rho)
    if here is None or not math.isfinite(total):
        return None
    offset = offset_of(free_part(here.triangle, x, box)[1])
    return Robust(list(x), total, c, None if scale is not None else spread, weights, offset), here.triangle


def _step(triangle: Triangle, here: Robust, box: Box) -> Vector | None:
    """One step of Gauss and Newton towards the weighted fit's minimum where it is near; None where it is not."""
    free, part = free_part(triangle, here.x, box)
    found = damped_step(part, [1.0] * len(free), 0.0) if here.offset < NEARBY else None
    if found is None:
        return None
    moves = dict(zip(free, found[0], strict=True))
    return [moves.get(j, 0.0) for j in range(len(here.x))]


def _moved(x: Sequence[float], step: Sequence[float], share: float, box: Box) -> Vector:
    return box.kept([a + share * move for a, move in zip(x, step, strict=True)])


def spread_of(residuals: Sequence[float]) -> float:
    """The median absolute residual as a standard deviation."""
    return median(map(abs, residuals)) / NORMAL


def sandwich(
    columns: Sequence[Sequence[float]], residuals: Sequence[float], loss: Loss, scale: float
) -> list[Vector] | None:
    """M⁻¹BM⁻¹ with M = Σψ'JJᵀ and B = Σ(ψ/(1 - h))²JJᵀ, for weighted columns and residuals; None where M is not definite.

    Source: Huber 1967, with the leverages h that few rows need (MacKinnon & White 1985, HC3).
    """
    squares = [r / scale * (r / scale) for r in residuals]
    if not all(map(math.isfinite, squares)):
        return None
    rho = list(map(loss.rho, squares))
    slopes = [one[1] + 2 * one[2] * z for one, z in zip(rho, squares, strict=True)]
    size = range(len(columns))
    lengths = [math.hypot(*column) for column in columns]
    if not all(lengths):
        return None
    unit = [[x / length for x in column] for column, length in zip(columns, lengths, strict=True)]
    middle = [
        [math.fsum(slope * a * b for slope, a, b in zip(slopes, unit[i], unit[j], strict=True)) for j in size]
        for i in size
    ]
    leverages = _leverages(unit)
    if leverages is None:
        return None
    scores = [
        one[1] * r / max(1 - leverage, 1e-3)
        for one, r, leverage in zip(rho, residuals, leverages, strict=True)
    ]
    spread = [
        [math.fsum(s * s * a * b for s, a, b in zip(scores, unit[i], unit[j], strict=True)) for j in size]
        for i in size
    ]
    inverse = _inverse(middle)
    if inverse is None:
        return None
    half = [[math.fsum(inverse[i][k] * spread[k][j] for k in size) for j in size] for i in size]
    return [
        [math.fsum(half[i][k] * inverse[k][j] for k in size) / lengths[i] / lengths[j] for j in size]
        for i in size
    ]


def _leverages(unit: Sequence[Sequence[float]]) -> Vector | None:
    """The diagonal of the projection onto the columns."""
    size = range(len(unit))
    inverse = _inverse(
        [[math.fsum(a * b for a, b in zip(unit[i], unit[j], strict=True)) for j in size] for i in size]
    )
    if inverse is None:
        return None
    return [
        min(math.fsum(row[i] * inverse[i][j] * row[j] for i in size for j in size), 1.0)
        for row in zip(*unit, strict=True)
    ]


def _inverse(matrix: Sequence[Sequence[float]]) -> list[Vector] | None:
    """The inverse of a symmetric positive definite matrix by Cholesky's factor; None for any other."""
    size = len(matrix)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            left = matrix[i][j] - math.fsum(lower[i][k] * lower[j][k] for k in range(j))
            if i == j:
                if left <= 1e-14:
                    return None
                lower[i][i] = math.sqrt(left)
            else:
                lower[i][j] = left / lower[j][j]
    columns = [_solved(lower, [float(i == j) for i in range(size)]) for j in range(size)]
    return [[columns[j][i] for j in range(size)] for i in range(size)]


def _solved(lower: Sequence[Sequence[float]], right: Sequence[float]) -> Vector:
    size, y = len(right), list(right)
    for i in range(size):
        y[i] = (y[i] - math.fsum(lower[i][k] * y[k] for k in range(i))) / lower[i][i]
    for i in range(size - 1, -1, -1):
        y[i] = (y[i] - math.fsum(lower[k][i] * y[k] for k in range(i + 1, size))) / lower[i][i]
    return y
