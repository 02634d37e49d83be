"""How far along a direction: shorter until f falls enough, longer while it keeps falling."""

from __future__ import annotations

import math

from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Vector, add_scaled, dot
from gradcli.language.records import NamedTuple

#: Armijo's condition: f must fall by this share of what its slope promises.
ENOUGH = 1e-4
#: Wolfe's condition: the slope along the way must have lost this share, or a longer step would pay.
FLATTER = 0.9
#: A fall below this share of f cannot be seen in floats.
INVISIBLE = 1e-18
#: Half of the last place of f: between two ends that promise less there is nothing but its rounding.
ROUNDING = 2.0**-53
#: Evaluations before a direction is given up; a fall over this many times the first length counts as endless.
TRIES, ENDLESS = 100, 2.0**60


class LineSearchResult(NamedTuple):
    """The place that a search accepted, at which length, and whether f was still falling when it stopped."""

    place: Evaluation
    length: float
    endless: bool = False


class _End(NamedTuple):
    """One end of the interval that is searched: its length, f there, and the slope along the direction."""

    length: float
    f: float
    slope: float


def line_search(
    objective: Objective, start: Evaluation, direction: Vector, bounds: Bounds, length: float, *, wolfe: bool
) -> LineSearchResult | None:
    """A place along *direction* that satisfies Armijo's condition (and Wolfe's, if *wolfe*); None if there is none.

    An interval between what is too short and what is too long shrinks around it, which needs no smoothness (Lewis &
    Overton 2013); where in it is guessed from f and its slopes.
    """
    short, long, best = _End(0.0, start.f, dot(start.g, direction)), math.inf, None
    for _ in range(TRIES):
        straight = add_scaled(start.x, length, direction)
        x = bounds.kept(straight)
        if best is not None and -short.slope * (long - short.length) < ROUNDING * abs(start.f):
            break
        if x == start.x or -short.slope * length < INVISIBLE * abs(start.f):
            break
        place = objective.look(x)
        if place is None or not _falls(start, place):
            long, length = length, _shorter(short, length, place)
            continue
        if best is None or place.f < best.place.f:
            best = LineSearchResult(place, length)
        end = _End(length, place.f, dot(place.g, direction))
        if not wolfe or x != straight or end.slope >= FLATTER * dot(start.g, direction):
            return LineSearchResult(place, length)
        short, length = end, _longer(short, end, long)
        if length > ENDLESS:
            return LineSearchResult(place, end.length, endless=True)
    return best


def _falls(start: Evaluation, place: Evaluation) -> bool:
    promised = dot(start.g, add_scaled(place.x, -1.0, start.x))
    return place.f < start.f and place.f <= start.f + ENOUGH * promised


def _shorter(short: _End, long: float, place: Evaluation | None) -> float:
    """The lowest point of the parabola through the short end and *place*, in the lower half of the interval."""
    gap = long - short.length
    bend = place.f - short.f - short.slope * gap if place is not None else 0.0
    share = -short.slope * gap / (2 * bend) if 0 < bend < math.inf else 0.5
    return short.length + gap * min(max(share, 0.1), 0.5)


def _longer(before: _End, short: _End, long: float) -> float:
    """Where a parabola through the last two slopes is lowest: up to ten times as far, or inside the interval."""
    last, bend = short.length - before.length, short.slope - before.slope
    further = -short.slope * last / bend if bend > 0 else math.inf
    if long < math.inf:
        gap = long - short.length
        return short.length + min(max(further, 0.1 * gap), 0.9 * gap)
    return short.length + min(max(further, last), 9 * last)
