"""The augmented Lagrangian, which needs no quadratic program: where those lead nowhere it goes on, and begins them anew.

Powell's and Hestenes's method (1969) with Rockafellar's terms for inequalities (1973), each round by Newton's steps with
exact second derivatives (Nocedal & Wright, Numerical Optimization, 2nd edition, section 17.3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.constrained.problems.dense_algebra import product, solve
from gradcli.descent.constrained.problems.step_matrix import step_matrix
from gradcli.descent.objective.vectors import Matrix, Vector, add_scaled, norm

#: Rounds, and steps of each; the share of the promised fall that a step must bring, and the shortest step.
ROUNDS, STEPS, ENOUGH, SHORTEST = 12, 25, 1e-4, 1e-8

#: The first price of a violation's square beside f's steepest slope, how many times dearer it becomes, and the dearest.
FIRST, DEARER, DEAREST = 1.0, 10.0, 1e8

#: Constraints that are missed by less than this share of the point's size are met; slopes below that share of f's are none.
MET = 1e-8

Told = Callable[[int, Place], None]

#: Beyond so many times the size of the start nothing is looked for.
FAR = 1e6


class AugmentedLagrangian:
    """Rounds from a place, with constraints multiplied by *scales*; taken: its steps, each of which is told."""

    def __init__(
        self, problem: ConstrainedProblem, start: Place, scales: Sequence[float], most: int, told: Told | None = None
    ) -> None:  # fmt: skip
        self.problem, self.place, self.scales, self.most, self.told = problem, start, list(scales), most, told
        self.multipliers = [0.0] * len(start.h)
        self.price = FIRST * max(norm(start.g), 1e-8)
        self.taken, self._first = 0, norm(start.x)

    def run(self) -> Place | None:
        """Where the rounds ended; None where they went nowhere."""
        missed = self._missed(self.place)
        for _ in range(ROUNDS):
            begun = self.place
            self._descend()
            now = self._missed(self.place)
            size = 1 + norm(self.place.x)
            if norm(self.place.x) > FAR * (1 + self._first):
                return None
            pulls = self._pulls(self.place)
            self.multipliers = pulls
            if now <= MET * size and norm(add_scaled(self.place.x, -1.0, begun.x)) <= MET * size:
                break
            if now > 0.25 * missed:
                self.price = min(DEARER * self.price, DEAREST * max(norm(self.place.g), 1e-8))
            missed = min(missed, now)
            if self.taken >= self.most:
                break
        return self.place if self.taken else None

    def _scaled(self, place: Place) -> Vector:
        return [a * s for a, s in zip(place.h, self.scales, strict=True)]

    def _missed(self, place: Place) -> float:
        held = zip(self._scaled(place), self.problem.equal, strict=True)
        return max((abs(a) if e else max(a, 0.0) for a, e in held), default=0.0)

    def _pulls(self, place: Place) -> Vector:
        """The multipliers of scaled constraints that the place itself says: at least 0 for inequalities."""
        found = [m + self.price * a for m, a in zip(self.multipliers, self._scaled(place), strict=True)]
        return [m if e else max(m, 0.0) for m, e in zip(found, self.problem.equal, strict=True)]

    def _merit(self, place: Place) -> float:
        pulls = self._pulls(place)
        return place.f + sum(a * a - b * b for a, b in zip(pulls, self.multipliers, strict=True)) / (
            2 * self.price
        )

    def _descend(self) -> None:
        """Newton's steps to where the augmented Lagrangian has no slope."""
        for _ in range(min(STEPS, self.most - self.taken)):
            place, pulls = self.place, self._pulls(self.place)
            slopes = list(place.g)
            for m, s, row in zip(pulls, self.scales, place.rows, strict=True):
                if m:
                    slopes = add_scaled(slopes, m * s, row)
            if norm(slopes) <= MET * max(norm(place.g), 1e-12) or not self._step(pulls, slopes):
                return

    def _hessian(self, pulls: Sequence[float]) -> Matrix:
        weights = [m * s for m, s in zip(pulls, self.scales, strict=True)]
        found = self.problem.lagrangian(self.place.x, weights)
        size = range(len(self.place.x))
        whole = found or [[float(i == j) for j in size] for i in size]
        for m, s, row, e in zip(pulls, self.scales, self.place.rows, self.problem.equal, strict=True):
            if e or m > 0:
                whole = [
                    [a + self.price * s * s * row[i] * b for a, b in zip(whole[i], row, strict=True)]
                    for i in size
                ]
        return whole

    def _step(self, pulls: Sequence[float], slopes: Vector) -> bool:
        """Whether a step brought the augmented Lagrangian down."""
        place = self.place
        matrix = step_matrix(self._hessian(pulls), [], [], 0.0)
        way = [-a for a in solve(matrix.lower, slopes)]
        longest = 10 * (1 + norm(place.x))
        share, here, fall = min(1.0, longest / (norm(way) or 1.0)), self._merit(place), product(slopes, way)
        while share >= SHORTEST:
            there = self.problem.look(add_scaled(place.x, share, way))
            if there is not None and self._merit(there) <= here + ENOUGH * share * fall:
                self.place, self.taken = there, self.taken + 1
                if self.told is not None:
                    self.told(self.taken, there)
                return share * norm(way) > 1e-14 * (1 + norm(there.x))
            share *= 0.5
        return False
