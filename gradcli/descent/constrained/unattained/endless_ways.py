"""Ways along which f may fall without end: where the descent went, against f's slopes, along axes, along curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcli.calculus.balls.decimals import double
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import Place
from gradcli.descent.constrained.unattained.curved_falls import falls_along_curve
from gradcli.descent.constrained.unattained.falls_without_end import Told, falls_without_end
from gradcli.descent.objective.vectors import Vector, add_scaled, norm

#: Axes along which f may fall that are looked at one by one, and how far out the point has to be for that.
ALONE, OUT = 12, 1e3

#: Components below this share of the longest are none; the largest denominator of what simple directions have.
SMALL, SIMPLE = 1e-3, 4


def endless(
    exactly: ConstrainedInBalls, start: Sequence[float], place: Place, earlier: Sequence[float]
) -> Told | None:
    """The ending where f falls without end from *place* on, to which the way led from *start* by *earlier*; else None."""
    tried: list[Vector] = []
    for way in _ways(add_scaled(place.x, -1.0, start), place):
        if way in tried:
            continue
        tried.append(way)
        found = falls_without_end(exactly, place.x, way)
        if found is not None:
            return found
    return falls_along_curve(exactly, place, earlier)


def _ways(went: Vector, place: Place) -> Iterator[Vector]:
    longest = norm(went)
    yield went
    yield [a if abs(a) > SMALL * longest else 0.0 for a in went]
    yield [-b for b in place.g]
    if longest <= OUT:
        return
    yield _simple(went)
    yield _simple(place.x)
    for i in range(min(len(went), ALONE)):
        yield [a if j == i else 0.0 for j, a in enumerate(went)]


def _simple(way: Sequence[float]) -> Vector:
    """The direction with simple proportions that is next to one: what cancels along it cancels exactly."""
    largest = max(map(abs, way), default=0.0) or 1.0
    return [float(nearest_simple(double(a / largest), SIMPLE)) for a in way]
