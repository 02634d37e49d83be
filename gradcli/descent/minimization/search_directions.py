"""Where to go from here: Newton's direction, the quasi-Newton one of BFGS, or that of an optimizer's rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import (
    Matrix,
    Vector,
    add_scaled,
    dot,
    norm,
    scaled,
    solve_spectral,
    spectrum,
    times,
)
from gradcli.descent.rules.gradient_clipping import Clip, clipped
from gradcli.descent.rules.update_program import Update, apply_update

#: Eigenvalues below this share of the largest are lifted to it: Newton's direction stays finite.
SMALLEST = 1e-10


class Method(Protocol):
    """What proposes directions and learns from the steps that were taken.

    curved: whether its steps have a natural length of 1.
    """

    curved: bool

    def direction(self, place: Evaluation, free: Vector) -> Vector:
        """Where to go from *place*; *free* is its gradient without what bounds hold."""

    def learn(self, before: Evaluation, after: Evaluation) -> None:
        """A step was taken."""

    def forget(self) -> None:
        """What was learned no longer holds."""


class Bfgs:
    """The inverse Hessian as Broyden, Fletcher, Goldfarb and Shanno update it (Nocedal & Wright, chapter 6)."""

    curved = True

    def __init__(self) -> None:
        self._inverse: Matrix | None = None

    def direction(self, place: Evaluation, free: Vector) -> Vector:
        """−H⁻¹g with the inverse learned so far, at first along −g with a length of at most 1."""
        if self._inverse is None:
            return add_scaled([0.0] * len(free), -min(1.0, 1 / norm(free)), free)
        return [-d for d in times(_without_held(self._inverse, free), free)]

    def learn(self, before: Evaluation, after: Evaluation) -> None:
        """Two gradients tell the curvature along the step between them."""
        s, y = add_scaled(after.x, -1.0, before.x), add_scaled(after.g, -1.0, before.g)
        curved = dot(s, y)
        if not curved > 1e-14 * norm(s) * norm(y):
            return
        n = len(s)
        if self._inverse is None:
            first = dot(s, s) / curved
            self._inverse = [[first * (i == j) for j in range(n)] for i in range(n)]
        hy = times(self._inverse, y)
        rate = (1 + dot(y, hy) / curved) / curved
        for row, si, hi in zip(self._inverse, s, hy, strict=True):
            for j in range(n):
                row[j] += rate * si * s[j] - (hi * s[j] + si * hy[j]) / curved

    def forget(self) -> None:
        """Start again along the gradient."""
        self._inverse = None


def _without_held(inverse: Matrix, free: Vector) -> Matrix:
    """The inverse of the Hessian along the variables with a slope alone: what is held cannot make way for them.

    Each that is held is eliminated by its Schur complement (Golub & Van Loan, section 3.2).
    """
    rows = inverse
    for k, slope in enumerate(free):
        if slope == 0:
            pivot = rows[k]
            rows = [
                [0.0] * len(row) if i == k else add_scaled(row, -row[k] / pivot[k], pivot)
                for i, row in enumerate(rows)
            ]
    return rows


class LimitedBfgs:
    """BFGS from the last steps alone, for many variables (Nocedal & Wright, algorithm 7.4)."""

    curved, memory = True, 20

    def __init__(self) -> None:
        self._pairs: list[tuple[Vector, Vector, float]] = []

    def direction(self, place: Evaluation, free: Vector) -> Vector:
        """−H⁻¹g by the two loops over the steps that are remembered."""
        if not self._pairs:
            return add_scaled([0.0] * len(free), -min(1.0, 1 / norm(free)), free)
        q, shares = list(free), []
        for s, y, curved in reversed(self._pairs):
            shares.append(dot(s, q) / curved)
            q = add_scaled(q, -shares[-1], y)
        s, y, curved = self._pairs[-1]
        size = dot(y, y)
        q = [number * curved / size for number in q]
        for (s, y, curved), share in zip(self._pairs, reversed(shares), strict=True):
            q = add_scaled(q, share - dot(y, q) / curved, s)
        return [0.0 if slope == 0 else -d for d, slope in zip(q, free, strict=True)]

    def learn(self, before: Evaluation, after: Evaluation) -> None:
        """Remember the step, forget the oldest."""
        s, y = add_scaled(after.x, -1.0, before.x), add_scaled(after.g, -1.0, before.g)
        if dot(s, y) > 1e-14 * norm(s) * norm(y):
            self._pairs = [*self._pairs[1 - self.memory :], (s, y, dot(s, y))]

    def forget(self) -> None:
        """Start again along the gradient."""
        self._pairs = []


class Newton:
    """Newton's direction with the sizes of the Hessian's eigenvalues, so that it always descends."""

    curved = True

    def __init__(self, objective: Objective) -> None:
        self.objective = objective

    def direction(self, place: Evaluation, free: Vector) -> Vector:
        """−|H|⁻¹g along the variables that are free; −g where there is no Hessian."""
        matrix = self.objective.curvature(place.x)
        kept = [i for i, slope in enumerate(free) if slope]
        answer = [0.0] * len(free)
        if matrix is None:
            return [-slope for slope in free]
        scales, part = scaled([[matrix[i][j] for j in kept] for i in kept])
        parts = spectrum(part)
        floor = SMALLEST * max(map(abs, parts.values)) or 1.0
        right = [d * free[i] for i, d in zip(kept, scales, strict=True)]
        for i, d, number in zip(
            kept, scales, solve_spectral(parts, right, floor, absolute=True), strict=True
        ):
            answer[i] = -d * number
        return answer

    def learn(self, before: Evaluation, after: Evaluation) -> None:
        """The Hessian is computed anew at every point: there is nothing to learn."""

    def forget(self) -> None:
        """There is nothing to forget."""


class OptimizerDirection:
    """The update that an optimizer's rule would make, as a direction."""

    curved = False

    def __init__(self, update: Update, size: int, clip: Clip) -> None:
        self.update, self.size, self.clip, self.taken = update, size, clip, 0
        self.slots: list[Sequence[float]] = [update.initial] * size

    def direction(self, place: Evaluation, free: Vector) -> Vector:
        """The move of one step of the rule; its slots go on."""
        self.taken += 1
        answer = []
        for i, (w, g) in enumerate(zip(place.x, clipped(self.clip, free), strict=True)):
            after, self.slots[i] = apply_update(self.update, (w, g, float(self.taken), *self.slots[i]))
            answer.append(after - w)
        return answer

    def learn(self, before: Evaluation, after: Evaluation) -> None:
        """What a rule learns is in its slots."""

    def forget(self) -> None:
        """Fresh slots."""
        self.slots, self.taken = [self.update.initial] * self.size, 0
