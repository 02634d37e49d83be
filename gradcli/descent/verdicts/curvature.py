"""The curvature at a place along what bounds leave free, in floats, and Newton's steps by it: for steps, not verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Matrix, Spectrum, norm, scaled, solve_spectral, spectrum

#: Eigenvalues below this share of the largest, for each variable, are rounding errors of 0.
NOTHING = 1e-14

#: Steps below this share of the point's length leave the Hessian as it is, to more digits than such steps need.
SAME = 1e-7


class Look(NamedTuple):
    """The Hessian's spectrum at a place along the variables that are free, and their positions.

    sign: 1 where it is positive definite, −1 where f falls in some direction, 0 where it is singular.
    """

    parts: Spectrum
    free: tuple[int, ...]
    sign: int


def looked(objective: Objective, place: Evaluation, bounds: Bounds) -> Look | None:
    """The curvature along what bounds leave free, or None where there is no Hessian. In floats: for steps, not verdicts."""
    matrix = objective.curvature(place.x)
    if matrix is None:
        return None
    free = tuple(i for i, held in enumerate(bounds.pressed(place.x, place.g)) if not held)
    part = [[matrix[i][j] for j in free] for i in free]
    return Look(spectrum(part), free, _sign(part))


def _sign(matrix: Matrix) -> int:
    """The sign of the smallest eigenvalue, 0 where it is a rounding error of 0."""
    values = spectrum(scaled(matrix)[1]).values
    zero = NOTHING * len(values) * max(map(abs, values), default=0.0)
    return 1 if not values or values[0] > zero else -1 if values[0] < -zero else 0


def polished(objective: Objective, place: Evaluation, bounds: Bounds, tries: int = 40) -> Evaluation:
    """The place that Newton's steps in floats lead to while each brings the free gradient down and f does not rise.

    Where the Hessian is positive definite this takes the gradient down to its rounding errors. That of a long program,
    which takes as long as many evaluations, is taken for the one after a step that is as good as none.
    """
    look, same = None, False
    for _ in range(tries):
        look = look if same else looked(objective, place, bounds)
        if look is None or not look.parts.values or look.sign < 1:
            return place
        step = solve_spectral(look.parts, [place.g[i] for i in look.free])
        if norm(step) <= 1e-16 * norm(place.x):
            return place
        same = objective.long is not None and not bounds.any and norm(step) <= SAME * norm(place.x)
        x = list(place.x)
        for i, d in zip(look.free, step, strict=True):
            x[i] -= d
        x = bounds.kept(x)
        after = objective.look(x) if x != place.x else None
        if after is None or after.f > place.f + 1e-12 * abs(place.f):
            return place
        if not norm(bounds.free(x, after.g)) < norm(bounds.free(place.x, place.g)):
            return place
        place = after
    return place


def spans_of(start: Sequence[float], x: Sequence[float]) -> list[float]:
    """The size of the region that a descent from *start* to *x* is about, along each variable."""
    sizes = [max(abs(a), abs(a - b)) for a, b in zip(x, start, strict=True)]
    largest = max(sizes, default=0.0) or 1.0
    return [size or largest for size in sizes]
