"""Does f fall without end along a curve that keeps the constraints, on which variables grow as powers of one of them?

So they do far out on the curves of polynomials: x**3 = y**2 is x = t, y = t**1.5. Powers are read off the constraints' tangent,
or off the way so far; every point is brought back onto the constraints, and f looked at there in balls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.constrained.optimality.feasible_arcs import restored
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import Place
from gradcli.descent.constrained.problems.dense_algebra import orthonormal, product
from gradcli.descent.constrained.unattained.falls_without_end import Told, ending_along
from gradcli.descent.objective.objective_in_balls import BITS, Point, floats
from gradcli.descent.objective.vectors import Vector, norm
from gradcli.descent.verdicts.verdict_sentences import named

#: Powers next to a fraction with this denominator, within so much, are that.
TWELFTHS, NEAR = 12, 0.02

#: What grows begins no smaller than this share of the size of the point: next to 0 every constraint nearly holds.
SMALLEST = 1e-6

#: Inequalities within this share of the point's size of 0 are kept at 0.
ACTIVE = 1e-6


def falls_along_curve(exactly: ConstrainedInBalls, place: Place, earlier: Sequence[float]) -> Told | None:
    """The ending if f falls along a curve from *place* on, to which the way led from *earlier*; None if it does not."""
    equations = [i for i, equal in enumerate(exactly.problem.equal) if equal]
    least = SMALLEST * (1 + norm(list(earlier)))
    for kept in (_near(exactly, place), equations):
        begun = _on_constraints(exactly, place, kept)
        if begun is None:
            continue
        x, there = begun
        for powers in (_tangent(there, kept), _grown(there.x, earlier)):
            for still, scaled in _scalings(powers):
                if scaled[still] > 0 and abs(there.x[still]) < least:
                    continue
                found = _along(exactly, x, still, scaled)
                if found is not None:
                    return found
    return None


def _near(exactly: ConstrainedInBalls, place: Place) -> list[int]:
    """Equations, and inequalities that nearly are."""
    room = [ACTIVE * max(1.0, norm(row)) * (1 + norm(place.x)) for row in place.rows]
    return [
        i
        for i, (h, e, r) in enumerate(zip(place.h, exactly.problem.equal, room, strict=True))
        if e or h >= -r
    ]


def _on_constraints(
    exactly: ConstrainedInBalls, place: Place, kept: Sequence[int]
) -> tuple[Point, Place] | None:
    """The point brought onto the constraints *kept*."""
    try:
        with working_bits(BITS):
            x = restored(exactly, [double(a) for a in place.x], kept)
            there = None if x is None else exactly.problem.look(floats(x))
    except OverflowError:
        return None
    return None if x is None or there is None else (x, there)


def _tangent(there: Place, kept: Sequence[int]) -> Vector:
    """How fast each variable grows, as a share of itself, against f's slopes along the constraints *kept*."""
    sizes = [abs(a) for a in there.x]
    rows = [[a * b for a, b in zip(sizes, there.rows[i], strict=True)] for i in kept]
    basis, _ = orthonormal([row for row in rows if any(row) and norm(row) < math.inf])
    way = [-a * b for a, b in zip(sizes, there.g, strict=True)]
    for one in basis:
        share = product(one, way)
        way = [a - share * b for a, b in zip(way, one, strict=True)]
    return [math.copysign(1.0, a) * b if a else 0.0 for a, b in zip(there.x, way, strict=True)]


def _grown(x: Sequence[float], earlier: Sequence[float]) -> Vector:
    """How fast each variable grew on the way from *earlier*."""
    return [math.log(a / b) if b and a / b > 0 else 0.0 for a, b in zip(x, earlier, strict=True)]


def _scalings(powers: Vector) -> Iterator[tuple[int, Vector]]:
    """The places of what grows fastest and what shrinks fastest, with all powers as shares of that one's size."""
    places = range(len(powers))
    fastest = max(places, key=lambda i: powers[i]), max(places, key=lambda i: abs(powers[i]))
    for still in dict.fromkeys(fastest):
        size = abs(powers[still])
        if size and size < math.inf:
            yield still, [_snapped(a / size) for a in powers]


def _snapped(power: float) -> float:
    near = round(power * TWELFTHS) / TWELFTHS
    return near if abs(near - power) <= NEAR else power


def _along(exactly: ConstrainedInBalls, x: Point, still: int, powers: Vector) -> Told | None:
    """The ending along the curve on which all variables grow with these powers of two."""
    if any(abs(p) > 1e3 for p in powers):
        return None

    def reached(k: int) -> Point:
        """The point after k doublings."""
        found = []
        for a, p in zip(x, powers, strict=True):
            whole = math.floor((k + 1) * p)
            found.append(a * double(2.0 ** ((k + 1) * p - whole)) * double(2) ** whole)
        return found

    begin = floats(x)
    grow = {
        name: f"{name} = {a:.6g}*t**{p:.6g}" if p else f"{name} = {a:.6g}"
        for name, a, p in zip(exactly.problem.names, begin, powers, strict=True)
    }
    told = f"near the curve {', '.join(grow.values())}".replace("*t**1,", "*t,").removesuffix("**1")
    direction = named(exactly.problem, [a * p for a, p in zip(begin, powers, strict=True)])  # type: ignore[arg-type]
    found = ending_along(exactly, reached, (still,), direction, told)
    far = any(a > 0 and b for a, b in zip(powers, begin, strict=True))
    # What comes to a point more and more slowly may take its least value there.
    return found if far or found is None or found[0].status != "asymptote" else None
