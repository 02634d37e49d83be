"""How far along a direction: backtracking until f falls enough, and going on while it keeps falling."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.descent.bounds import Bounds
from gradcli.descent.linear import Vector, dot, moved
from gradcli.descent.objective import Objective, Place

#: Armijo's condition: f must fall by this share of what its slope promises.
ENOUGH = 1e-4
#: Wolfe's condition: the slope along the way must have lost this share, or a longer step would pay.
FLATTER = 0.9
#: Halvings before a direction is given up, doublings before a fall counts as endless.
TRIES, DOUBLINGS = 60, 60


class Found(NamedTuple):
    """The place that a search accepted, at which length, and whether f was still falling when it stopped."""

    place: Place
    length: float
    endless: bool = False


def along(
    objective: Objective, start: Place, direction: Vector, bounds: Bounds, length: float, *, wolfe: bool
) -> Found | None:
    """A place along *direction* that satisfies Armijo's condition (and Wolfe's, if *wolfe*); None if there is none.

    Bisection between what is too long and what is too short (Lewis & Overton 2013), which needs no smoothness.
    """
    short, long = 0.0, float("inf")
    slope, best = dot(start.g, direction), None
    for _ in range(TRIES + DOUBLINGS):
        x = bounds.kept(moved(start.x, length, direction))
        if x == start.x:
            break
        place = objective.look(x)
        promised = dot(start.g, moved(x, -1.0, start.x))
        if place is None or not place.f <= start.f + ENOUGH * promised or not place.f < start.f:
            long = length
            length = _shorter(short, long, None if place is None or short else (start.f, slope, place.f))
            continue
        if best is None or place.f < best.place.f:
            best = Found(place, length)
        if not wolfe or dot(place.g, direction) >= FLATTER * slope or x != moved(start.x, length, direction):
            return Found(place, length)
        short = length
        length = 2 * length if long == float("inf") else (short + long) / 2
        if length > 2.0**DOUBLINGS:
            return Found(place, length, endless=True)
    return best


def _shorter(short: float, long: float, fit: tuple[float, float, float] | None) -> float:
    """The lowest point of the parabola through what is known, within the middle of the interval."""
    if fit is None:
        return (short + long) / 2
    f, slope, at = fit
    bend = at - f - slope * long
    lowest = -slope * long * long / (2 * bend) if bend > 0 else long / 2
    return min(max(lowest, 0.1 * long), 0.5 * long)
