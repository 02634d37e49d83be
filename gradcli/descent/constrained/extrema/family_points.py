"""A point of a family of solutions that keeps all constraints, exactly: so that f does take its value there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import exact, working_bits
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.extrema.solution_families import Family
from gradcli.descent.constrained.optimality.feasible_arcs import restored
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.objective.objective_in_balls import BITS

#: Coordinates that are begun from, the largest denominator of simple ones, and how many beginnings there are at most.
BEGUN, SIMPLE, MOST = (fmpq(0), fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 2)), 100, 60


def with_point(low: ConstrainedInBalls, family: Family) -> Family:
    """The family with a point of it, if one is found."""
    with working_bits(BITS):
        for start in itertools.islice(_starts(low.size), MOST):
            try:
                there = restored(low, start, family.held)
            except OverflowError:
                continue
            near = None if there is None else [nearest_simple(a, SIMPLE) for a in there]
            if near is not None and _is_point(low, near, family):
                return family._replace(sample=tuple(near))
    return family


def _starts(size: int) -> Iterator[list[Any]]:
    """Simple points, those with few coordinates that are not 0 first."""
    every = sorted(itertools.product(BEGUN, repeat=min(size, 3)), key=lambda p: sum(a != 0 for a in p))
    for point in every:
        yield list(point) + [fmpq(0)] * (size - len(point))


def _is_point(low: ConstrainedInBalls, x: list[Any], family: Family) -> bool:
    """Whether all constraints hold exactly, the held ones with equality, and f has the family's value."""
    place = low.look(x)
    if place is None or not exact(place.f) or place.f != family.value:
        return False
    held = zip(place.h, low.problem.equal, strict=True)
    return all(
        exact(h) and (h == 0 if equal or i in family.held else h <= 0) for i, (h, equal) in enumerate(held)
    )
