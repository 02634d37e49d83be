"""Where derivatives cannot tell, f itself is tried around a place."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.descent.bounds import Bounds
from gradcli.descent.linear import Vector, moved, norm
from gradcli.descent.objective import Objective, Place
from gradcli.descent.outcome import Ending, listed

#: How far f is tried, as shares of the point's size.
DISTANCES = (1e-1, 1e-2, 1e-3, 1e-4)
#: Distances from which a fall is looked for, how many of them must fall on, and rounding errors of f as its share.
LADDER, STEADY, NOISE = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1), 2, 1e-14
#: Diagonals that are tried at most.
MOST = 200


def at_corner(objective: Objective, place: Place, bounds: Bounds) -> Ending:
    """What a corner is: f is tried along the axes and their diagonals."""
    n = len(place.x)
    axes = [[float(i == j) for j in range(n)] for i in range(n)]
    diagonals = [moved(axes[i], sign, axes[j]) for i in range(n) for j in range(i) for sign in (1.0, -1.0)]
    rises = tried(objective, place, [*axes, *diagonals[:MOST]], bounds)
    where, word = named(objective, place), objective.extreme
    if rises is True:
        return Ending("minimum-at-corner", f"a {word} at a corner, at {where}: f has no gradient there, and every "
                      "direction tried leads the other way")  # fmt: skip
    if rises is False:
        return Ending("flat", f"a corner at {where} from which f does not change in some direction")
    way = dict(zip(objective.names, rises, strict=True))
    message = f"a corner at {where} that is no {word}: f {objective.falls} along {listed(way)}"
    return Ending("saddle", message, direction=way)


def tried(objective: Objective, place: Place, directions: Sequence[Vector], bounds: Bounds) -> bool | Vector:
    """True if f rises along *directions* both ways, inside the bounds; False if it does not change; else where it falls."""
    size, rises = 1 + norm(place.x), True
    for direction in directions:
        for sign in (1.0, -1.0):
            way = [sign * number for number in direction]
            points = [bounds.kept(moved(place.x, size * distance, way)) for distance in DISTANCES]
            after = [objective.look(x) for x in points if x != place.x]
            if any(there is not None and there.f < place.f - 1e-15 * abs(place.f) for there in after):
                return way
            rises = rises and all(there is None or there.f > place.f for there in after)
    return rises


def opens(objective: Objective, place: Place, way: Vector, bounds: Bounds) -> bool:
    """Whether f falls along *way* from the first distance on at which it changes at all, and goes on falling."""
    size, last = 1 + norm(place.x), place.f
    noise = NOISE * abs(place.f)
    falls = 0
    for distance in LADDER:
        x = bounds.kept(moved(place.x, size * distance, way))
        there = objective.look(x) if x != place.x else None
        if there is None or there.f > place.f + noise or (falls and there.f >= last):
            return False
        if there.f < place.f - noise:
            falls, last = falls + 1, there.f
        if falls == STEADY:
            return True
    return False


def named(objective: Objective, place: Place) -> str:
    """The moving variables of a place with their numbers."""
    return listed(dict(zip(objective.names, place.x, strict=True)))
