"""Constraints that say the same, up to a factor: one of each for the steps, all of them for whoever asks."""

from __future__ import annotations

import random
from collections.abc import Sequence

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.objective.vectors import Matrix, Vector

#: The share to which numbers of constraints that say the same are in one proportion, and at how many places beside the start.
SAME, PLACES = 1e-13, 2


class DistinctConstraints:
    """A problem with one of each constraint.

    kept: their places in the problem. copies: for each of the others the place among those kept of the one that says the same,
    and how many times that it is.
    """

    def __init__(self, problem: ConstrainedProblem, start: Place) -> None:
        self.problem = problem
        copies = _copies(problem, start)
        self.kept = [i for i in range(len(start.h)) if i not in copies]
        self.copies = {i: (self.kept.index(j), factor) for i, (j, factor) in copies.items()}
        self.equal = [problem.equal[i] for i in self.kept]

    def look(self, x: Vector) -> Place | None:
        """The place at x, None where something has no value or no slope there."""
        found = self.problem.look(x)
        return None if found is None else self.reduced(found)

    def reduced(self, place: Place) -> Place:
        """A place of the problem with one of each constraint."""
        if not self.copies:
            return place
        return place._replace(h=[place.h[i] for i in self.kept], rows=[place.rows[i] for i in self.kept])

    def whole(self, place: Place) -> Place:
        """The place with all constraints."""
        if not self.copies:
            return place
        h, rows = [0.0] * len(self.problem.equal), [place.g] * len(self.problem.equal)
        for k, i in enumerate(self.kept):
            h[i], rows[i] = place.h[k], place.rows[k]
        for i, (k, factor) in self.copies.items():
            h[i], rows[i] = factor * place.h[k], [factor * b for b in place.rows[k]]
        return place._replace(h=h, rows=rows)

    def all_scales(self, scales: Sequence[float]) -> list[float]:
        """The scales of all constraints, from those of the ones that are kept."""
        found = [1.0] * len(self.problem.equal)
        for k, i in enumerate(self.kept):
            found[i] = scales[k]
        for i, (k, factor) in self.copies.items():
            found[i] = scales[k] / abs(factor)
        return found

    def lagrangian(self, x: Sequence[float], multipliers: Sequence[float]) -> Matrix | None:
        """The second derivatives of f plus the multipliers times h; None where there are none."""
        whole = [0.0] * len(self.problem.equal)
        for k, i in enumerate(self.kept):
            whole[i] = multipliers[k]
        return self.problem.lagrangian(x, whole)


def _copies(problem: ConstrainedProblem, start: Place) -> dict[int, tuple[int, float]]:
    """For each constraint that says what one before it does: which one, and how many times that it is.

    Shown at a few places: steps alone rest on it, and no verdict.
    """
    found = _proportions(start, problem.equal)
    if not found:
        return {}
    source = random.Random(1)  # noqa: S311  (nothing secret: the same every time)
    for _ in range(PLACES):
        place = problem.look([a + source.uniform(-1, 1) * (1 + abs(a)) for a in start.x])
        if place is None:
            return {}
        now = _proportions(place, problem.equal)
        found = {
            i: (j, factor) for i, (j, factor) in found.items()
            if i in now and now[i][0] == j and abs(now[i][1] - factor) <= SAME * abs(factor)
        }  # fmt: skip
    return {i: (j, factor) for i, (j, factor) in found.items() if j not in found}


def _proportions(place: Place, equal: Sequence[bool]) -> dict[int, tuple[int, float]]:
    """For each constraint the first one before it whose value and slopes are in one proportion to its own."""
    found: dict[int, tuple[int, float]] = {}
    numbers = [[h, *row] for h, row in zip(place.h, place.rows, strict=True)]
    for i, own in enumerate(numbers):
        for j in range(i):
            if equal[i] != equal[j] or j in found:
                continue
            factor = _factor(own, numbers[j])
            if factor is not None and (equal[i] or factor > 0):
                found[i] = (j, factor)
                break
    return found


def _factor(own: Sequence[float], other: Sequence[float]) -> float | None:
    """How many times *other* a vector is; None where it is no multiple of it."""
    k = max(range(len(other)), key=lambda i: abs(other[i]))
    if not other[k] or not own[k]:
        return None
    factor = own[k] / other[k]
    room = SAME * abs(own[k])
    return factor if all(abs(a - factor * b) <= room for a, b in zip(own, other, strict=True)) else None
