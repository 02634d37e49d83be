"""Does f fall without end? A walk along a ray, each time twice as far."""

from __future__ import annotations

from gradcli.descent.around import named
from gradcli.descent.bounds import Bounds
from gradcli.descent.linear import Vector, moved, norm, solved
from gradcli.descent.objective import Objective, Place
from gradcli.descent.outcome import Ending, listed
from gradcli.descent.stationary import judged, looked

#: Doublings of the distance that are tried.
FAR = 200
#: What falls below this before it is too large for a float falls without end.
DEEPEST = -1e100


def endless(objective: Objective, place: Place, way: Vector, bounds: Bounds) -> Ending | None:
    """The ending if f falls along *way* from *place* as far as floats go, else None."""
    size = norm(way)
    if size == 0 or any(map(bounds_reached, way, bounds.low, bounds.high)):
        return None
    unit, falls, last = [number / size for number in way], [], place
    length = max(1.0, norm(place.x))
    for _ in range(FAR):
        there = objective.look(moved(place.x, length, unit))
        if there is None:
            break
        if not there.f < last.f:
            return None
        falls.append(last.f - there.f)
        last, length = there, 2 * length
    bottom = last.f < DEEPEST and _too_large(objective)
    if not bottom and (len(falls) < 20 or (len(falls) < FAR and not _too_large(objective))):
        return None
    direction = dict(zip(objective.names, unit, strict=True))
    down, extreme = objective.falls, objective.extreme
    reached = f"f = {objective.sign * last.f:.3g} at {named(objective, last)}"
    if not bottom and falls[-1] < 0.5 * falls[len(falls) // 2]:
        return Ending("asymptote", f"no {extreme}: f {down} ever more slowly along {listed(direction)} ({reached})",
                      direction=direction)  # fmt: skip
    message = f"no {extreme}: f {down} without end along {listed(direction)} ({reached})"
    return Ending("unbounded", message, direction=direction)


def bounds_reached(way: float, low: float, high: float) -> bool:
    """Whether a component of a ray runs into a bound at some distance."""
    return (way < 0 and low != float("-inf")) or (way > 0 and high != float("inf"))


def _too_large(objective: Objective) -> bool:
    return objective.problem is not None and "too large" in objective.problem.message


def with_saddle(objective: Objective, start: Place, ending: Ending, bounds: Bounds) -> Ending:
    """The same ending, with the stationary point that Newton's method finds from *start*, if there is one."""
    place = start
    for _ in range(30):
        look = looked(objective, place, bounds)
        if look is None or len(look.free) < len(place.x):
            return ending
        step = solved(look.parts, place.g, 1e-12 * max(map(abs, look.parts.values), default=0.0))
        after = objective.look(moved(place.x, -1.0, step))
        if after is None:
            return ending
        place = after
        if norm(step) <= 1e-12 * (1 + norm(place.x)):
            break
    if norm(place.g) > 1e-8:
        return ending
    found = judged(objective, place, bounds)[1]
    if found.status != "saddle":
        return ending
    return ending._replace(
        message=f"{ending.message}; there is {found.message}", eigenvalues=found.eigenvalues
    )
