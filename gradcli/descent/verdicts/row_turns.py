"""Whether a stationary point is next to a place where f is a sum over many rows: the slopes turn beside it.

A small gradient and a Hessian that is definite are found on the way to infinity as well: of log(1 + exp(-b)) both fall like
exp(-b), and Newton's step is 1 long wherever one stands. Where there is a point, the slope along each direction has one
sign on the one side and the other one on the other, twice as far away as Newton's step, or as the slope's error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Spectrum, Vector, add_scaled, dot, norm, solve_spectral

#: Directions of the least curvature that are looked along, beside Newton's.
DIRECTIONS = 8

#: The least distance, as a share of the point's own size: there slopes are told from those of the point.
LEAST = 2.0**-30

#: A slope may be so many times the bound of its error.
WITHIN = 4.0


def slopes_turn(
    objective: Objective,
    place: Evaluation,
    bounds: Bounds,
    parts: Spectrum,
    errors: Sequence[float],
    free: Sequence[int],
) -> bool:
    """Whether they do along Newton's step and where f bends least.

    parts: the spectrum of the Hessian along the variables *free*. errors: bounds of those of all slopes.
    """
    slopes = [place.g[i] for i in free]
    for way in _directions(parts, slopes):
        curvature = sum(a * dot(v, way) ** 2 for a, v in zip(parts.values, parts.vectors, strict=True))
        error = sum(abs(b) * errors[i] for b, i in zip(way, free, strict=True))
        if not curvature:
            continue
        length = 2 * max(abs(dot(slopes, way)), WITHIN * error) / abs(curvature)
        length = max(length, LEAST * (norm(place.x) or 1.0))
        whole = _whole(way, free, place)
        sides = (_rises(objective, place, bounds, whole, side * length) for side in (-1, 1))
        if not all(rises == (curvature > 0) for rises in sides):
            return False
    return True


def _directions(parts: Spectrum, slopes: Vector) -> Iterator[Vector]:
    step = solve_spectral(parts, slopes)
    if norm(step):
        yield [d / norm(step) for d in step]
    least = sorted(range(len(parts.values)), key=lambda i: abs(parts.values[i]))
    for i in least[:DIRECTIONS]:
        yield list(parts.vectors[i])


def _whole(way: Vector, free: Sequence[int], place: Evaluation) -> Vector:
    """A direction of the free variables as one of all."""
    whole = [0.0] * len(place.x)
    for i, b in zip(free, way, strict=True):
        whole[i] = b
    return whole


def _rises(
    objective: Objective, place: Evaluation, bounds: Bounds, way: Vector, length: float
) -> bool | None:
    """Whether f rises away from the place at this distance; None where nobody knows, or it neither rises nor falls."""
    x = add_scaled(place.x, length, way)
    if bounds.kept(x) != x:
        x = bounds.kept(add_scaled(place.x, length * LEAST, way))
    there = objective.look(x)
    slope = 0.0 if there is None else dot(there.g, way) * length
    return None if slope == 0 else slope > 0
