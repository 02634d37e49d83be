"""Why no step brings f down although its gradient is not 0: an edge of the domain, or a corner that is never hit."""

from __future__ import annotations

import random

from gradcli.descent.around import at_corner, named
from gradcli.descent.bounds import Bounds
from gradcli.descent.linear import Vector, dot, moved, norm
from gradcli.descent.objective import Objective, Place
from gradcli.descent.outcome import Ending
from gradcli.language.limits import limit

#: How far around a place slopes and edges are looked for, as a share of its size.
AROUND = 1e-8


def edge_or_corner(objective: Objective, place: Place, bounds: Bounds) -> Ending | None:
    """The ending at a place that a line search could not leave, if it is at an edge or a corner."""
    radius, slope = AROUND * (1 + norm(place.x)), bounds.free(place.x, place.g)
    steepest = norm(slope)
    if not 0 < steepest < float("inf") or len(place.x) > limit("eigenvalues"):
        return None
    beyond = moved(place.x, -radius / steepest, slope)
    if objective.look(beyond) is None and objective.problem is not None:
        if "too large" in objective.problem.message:
            return None
        return _at_edge(objective, place)
    if _flips(objective, place, radius):
        ending = at_corner(objective, place, bounds)
        return ending if ending.status == "minimum-at-corner" else None
    return None


def _at_edge(objective: Objective, place: Place) -> Ending:
    message = f"f {objective.falls} up to the edge of its domain near {named(objective, place)}: {objective.problem}"
    return Ending("domain", message)


def _flips(objective: Objective, place: Place, radius: float) -> bool:
    """Whether slopes close by turn against each other: some mixture of them is nearly 0."""
    from gradcli.calculus.subgradient import least_norm

    n, source = len(place.x), random.Random(0)  # noqa: S311  (nothing secret: the same sides every time)
    ways = [[sign * float(i == j) for j in range(n)] for i in range(n) for sign in (1.0, -1.0)]
    ways += [[source.choice((-1.0, 1.0)) for _ in range(n)] for _ in range(4 * n)]
    places = [objective.look(moved(place.x, radius, way)) for way in ways]
    gradients: list[Vector] = [place.g, *(there.g for there in places if there is not None)]
    if not any(dot(g, place.g) < 0.5 * dot(place.g, place.g) for g in gradients):
        return False
    matrix = objective.curvature(place.x)
    jump = max(norm(moved(g, -1.0, place.g)) for g in gradients)
    if matrix is not None and radius * max(map(norm, matrix)) > 0.1 * jump:
        return False  # steep, but smooth: the Hessian explains how the slopes turn
    largest = max(map(norm, gradients))
    try:
        shares = least_norm([[slope / largest for slope in g] for g in gradients])
    except ValueError:
        return False  # slopes so different in size that no mixture is found: a pole, not a corner
    return norm(shares) <= 1e-3
