"""Sequential quadratic programs with exact second derivatives, whose constraints give way at a price.

Fletcher's ℓ1 method (Practical Methods of Optimization, 2nd edition, section 12.4) by line searches, with a second-order
correction where the first step is refused, and Powell's rule for the prices of the merit function (1978).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.constrained.problems.dense_algebra import least_squares, product
from gradcli.descent.constrained.problems.distinct_constraints import DistinctConstraints
from gradcli.descent.constrained.problems.elastic_program import ElasticProgram, ElasticStep
from gradcli.descent.constrained.problems.step_matrix import StepMatrix, step_matrix
from gradcli.descent.objective.vectors import Matrix, Vector, add_scaled, norm

#: The share of the promised fall that a step must bring; the shortest step, as a share of the whole one.
ENOUGH, SHORTEST = 1e-4, 1e-9
#: Where slopes and violations are below these shares of their sizes, Newton's steps on the KKT equations take over.
CLOSE = 1e-7
#: The least bend along any direction: what the slope makes of it over the radius, so many times.
LEAST = 1e-7
#: Slopes below this share of the steepest one that was met are compared with it.
GENTLE = 1e-4
#: What a scaled constraint costs at least and at most, in units of the steepest slope of f.
CHEAPEST, DEAREST = 1e-2, 1e10
#: Steps without getting nearer to constraints that give way, after which they are held to contradict each other here.
BLOCKED = 5
#: In so many steps a point is to come further than this, as a share of its size, or constraints half way nearer.
WINDOW, CRAWL = 40, 1e-6
#: f is followed no further than this.
DEEP, FAR = 1e14, 1e10

Told = Callable[[int, Place], None]


class ElasticSqp:
    """Steps from a place until there is something to judge.

    place: where it is, h and rows of distinct constraints scaled; multipliers: of the scaled h. ended: "close", "stuck",
    "infeasible", "deep" or "limit"; it is for the verdict to say what that is.
    """

    def __init__(
        self, problem: ConstrainedProblem, start: Place, most: int, told: Told | None = None,
        tol: float | None = None,
    ) -> None:  # fmt: skip
        self.problem, self.most, self.told = DistinctConstraints(problem, start), most, told
        begin = self.problem.reduced(start)
        self.factors = [_scale(h, row) for h, row in zip(begin.h, begin.rows, strict=True)]
        self.place = self._scaled(begin)
        self.taken, self.ended = 0, ""
        self.radius = 10.0 * (1.0 + norm(start.x))
        self.multipliers = self._first()
        self.prices = [abs(m) for m in self.multipliers]
        self.first = start
        self.steepest, self.price = norm(start.g), math.inf
        self.least, self.blocked, self.close = math.inf, 0, CLOSE
        self.seen, self.tol = self.place, tol

    def _scaled(self, place: Place) -> Place:
        h = [a * s for a, s in zip(place.h, self.factors, strict=True)]
        rows = [[b * s for b in row] for row, s in zip(place.rows, self.factors, strict=True)]
        return place._replace(h=h, rows=rows)

    def look(self, x: Vector) -> Place | None:
        """The place at x, its constraints scaled."""
        found = self.problem.look(x)
        return None if found is None else self._scaled(found)

    def _first(self) -> Vector:
        """Least-squares multipliers of what is held at the start."""
        held = [
            i for i, (h, e) in enumerate(zip(self.place.h, self.problem.equal, strict=True)) if e or h >= 0
        ]
        found = [0.0] * len(self.place.h)
        for i, m in zip(
            held, least_squares([self.place.rows[i] for i in held], [-b for b in self.place.g]), strict=True
        ):
            found[i] = m if self.problem.equal[i] else max(m, 0.0)
        most = 10 * (norm(self.place.g) or 1.0)
        return found if max(map(abs, found), default=0.0) <= most else [0.0] * len(found)

    @property
    def raw(self) -> Place:
        """The place with constraints as they are."""
        h = [a / s for a, s in zip(self.place.h, self.factors, strict=True)]
        rows = [[b / s for b in row] for row, s in zip(self.place.rows, self.factors, strict=True)]
        return self.problem.whole(self.place._replace(h=h, rows=rows))

    @property
    def scales(self) -> list[float]:
        """What each constraint is multiplied by, all of them."""
        return self.problem.all_scales(self.factors)

    @property
    def missed(self) -> float:
        """The most that a scaled constraint is missed by."""
        return max(self._violations(self.place.h), default=0.0)

    @property
    def unscaled(self) -> Vector:
        """The multipliers of h as it is."""
        return [m * s for m, s in zip(self.multipliers, self.factors, strict=True)]

    def violation(self, place: Place) -> float:
        """The sum of what scaled constraints are violated by."""
        return sum(self._violations(place.h))

    def _violations(self, h: Vector) -> Vector:
        return [abs(a) if e else max(a, 0.0) for a, e in zip(h, self.problem.equal, strict=True)]

    def merit(self, place: Place) -> float:
        """f and the priced violations."""
        return place.f + product(self.prices, self._violations(place.h))

    def run(self) -> None:
        """Take steps until `ended` says something."""
        while not self.ended:
            if self.is_close():
                self.ended = "close"
            elif self.taken >= self.most:
                self.ended = "limit"
            elif self._lost():
                self.ended = "deep"
            elif self._crawls():
                self.ended = "stuck"
            else:
                self._step()

    def is_close(self) -> bool:
        """Whether the KKT equations nearly hold."""
        place = self.place
        pull, size = list(place.g), norm(place.g)
        for m, row in zip(self.multipliers, place.rows, strict=True):
            if m:
                pull = add_scaled(pull, m, row)
                size = max(size, abs(m) * norm(row))
        slack = max((abs(m * h) for m, h in zip(self.multipliers, place.h, strict=True)), default=0.0)
        broken = max(self._violations(place.h), default=0.0)
        if self.tol is not None and self.close == CLOSE:  # where that was too early, sizes decide
            return max(norm(pull), broken, slack) <= self.tol
        room = 1.0 + norm(place.x)
        size = self.close * max(size, GENTLE * self.steepest, 1e-300)
        return norm(pull) <= size and broken <= self.close * room and slack <= size * room

    def closer(self) -> bool:
        """Whether there is a nearer end to go on to from one that was close."""
        if self.ended != "close" or self.close < 1e-3 * CLOSE:
            return False
        self.close, self.ended = 1e-3 * self.close, ""
        return True

    def _crawls(self) -> bool:
        """Whether neither the point nor what it misses has come anywhere in so many steps."""
        if self.taken % WINDOW:
            return False
        before, self.seen = self.seen, self.place
        if not self.taken or before is self.place:
            return False
        room = CRAWL * (1.0 + norm(self.place.x))
        moved = norm([a - b for a, b in zip(self.place.x, before.x, strict=True)])
        missed = self.violation(self.place)
        return moved <= room and missed >= 0.5 * self.violation(before)

    def _lost(self) -> bool:
        deep = self.first.f - self.place.f > DEEP * (1 + abs(self.first.f))
        return deep or norm(self.place.x) > FAR * (1 + norm(self.first.x))

    def _matrix(self) -> Matrix:
        found = self.problem.lagrangian(self.place.x, self.unscaled)
        n = len(self.place.x)
        return found or [[float(i == j) for j in range(n)] for i in range(n)]

    def _step(self) -> None:
        place = self.place
        hessian = self._matrix()
        held = [
            i for i, (m, e) in enumerate(zip(self.multipliers, self.problem.equal, strict=True)) if e or m > 0
        ]
        bend = (
            max((abs(number) for row in hessian for number in row), default=0.0) if self.taken == 0 else 0.0
        )
        self.steepest = max(self.steepest, norm(place.g), bend * (1.0 + norm(place.x)))
        inside = [abs(m) for m in self.multipliers if abs(m) < 0.9 * self.price]
        self.price = min(1e4 * max([self.steepest, 1e-8, *inside]), DEAREST * (self.steepest or 1.0))
        damping = LEAST * norm(place.g) / self.radius
        for _ in range(60):
            matrix = step_matrix(hessian, place.rows, held, damping)
            program = ElasticProgram(matrix.lower, place.g, place.rows, self.problem.equal, self.price)
            step = program.solved(place.h, self._begin(matrix))
            length = norm(step.d)
            if length <= 1.5 * self.radius:
                break
            slope = max(
                norm(place.g), max((abs(v) for row in hessian for v in row), default=0.0) * self.radius
            )
            damping = max(10 * damping, 1e-6 * slope / self.radius)
        if self._is_blocked(step):
            self.ended = "infeasible"
            return
        multipliers = matrix.turned(step.multipliers, place.rows, step.d)
        multipliers = [m if e else max(m, 0.0) for m, e in zip(multipliers, self.problem.equal, strict=True)]
        if length <= 1e-15 * (1.0 + norm(place.x)):
            self.multipliers = multipliers
            self.ended = "infeasible" if self.violation(place) > CLOSE * (1 + norm(place.x)) else "stuck"
            return
        self._price(multipliers)
        self._search(step, program, matrix, multipliers)

    def _is_blocked(self, step: ElasticStep) -> bool:
        """Whether constraints that give way have not come nearer for some steps."""
        missed = self.violation(self.place)
        gives = any(abs(m) >= 0.99 * self.price for m in step.multipliers)
        nearer = missed < 0.9 * self.least
        self.least = min(self.least, missed)
        self.blocked = (
            0 if nearer or not gives or missed <= CLOSE * (1 + norm(self.place.x)) else self.blocked + 1
        )
        return self.blocked >= BLOCKED

    def _begin(self, matrix: StepMatrix) -> Vector:
        return (
            [0.0 if i in matrix.held else m for i, m in enumerate(self.multipliers)]
            if matrix.held
            else self.multipliers
        )

    def _price(self, multipliers: Sequence[float]) -> None:
        """Powell's prices: at least the multipliers', else half way down to them."""
        least, sizes = CHEAPEST * (self.steepest or 1.0), map(abs, multipliers)
        self.prices = [max(1.1 * m, 0.5 * (p + m), least) for p, m in zip(self.prices, sizes, strict=True)]

    def _promised(self, d: Vector, matrix: StepMatrix) -> float:
        """The fall of the merit function along a step, to first order; prices rise until it is one."""
        place = self.place
        after = [b + product(row, d) for row, b in zip(place.rows, place.h, strict=True)]
        gains = [a - b for a, b in zip(self._violations(place.h), self._violations(after), strict=True)]
        weighted = matrix.weight * sum(product(place.rows[i], d) ** 2 for i in matrix.held)
        wanted, all_gains = 0.25 * max(matrix.curved(d) - weighted, 0.0), sum(gains)
        promised = product(self.prices, gains) - product(place.g, d)
        if promised < wanted and all_gains > 0:
            more = (wanted - promised) / all_gains
            self.prices = [p + more for p in self.prices]
            promised = wanted
        return max(promised, 0.0)

    def _search(
        self, step: ElasticStep, program: ElasticProgram, matrix: StepMatrix, multipliers: Vector
    ) -> None:
        place, d = self.place, step.d
        promised, here = self._promised(d, matrix), self.merit(place)
        noise = 1e-14 * (abs(place.f) + abs(here - place.f))
        share = 1.0
        while share >= SHORTEST:
            there = self.look(add_scaled(place.x, share, d))
            if there is not None and self.merit(there) <= here - ENOUGH * share * promised + noise:
                return self._go(there, multipliers, share, norm(d))
            if (
                there is not None
                and share == 1.0
                and self._corrected(there, step, program, multipliers, here - ENOUGH * promised)
            ):
                return None
            share *= 0.5 if there is None else _shorter(here, promised, share, self.merit(there))
        self.multipliers = multipliers
        self.ended = "infeasible" if self.violation(place) > 1e3 * CLOSE * (1 + norm(place.x)) else "stuck"
        return None

    def _corrected(
        self, there: Place, step: ElasticStep, program: ElasticProgram, multipliers: Vector, wanted: float
    ) -> bool:
        """Whether the step with the constraints' bend taken into account is taken (the Maratos effect)."""
        place = self.place
        h = [b - product(row, step.d) for row, b in zip(place.rows, there.h, strict=True)]
        bent = program.solved(h, step.multipliers)
        if norm(bent.d) > 2 * norm(step.d) or not any(bent.d):
            return False
        found = self.look(add_scaled(place.x, 1.0, bent.d))
        if found is None or self.merit(found) > wanted:
            return False
        self._go(found, multipliers, 1.0, norm(bent.d))
        return True

    def _go(self, there: Place, multipliers: Vector, share: float, length: float) -> None:
        moved = [a + share * (b - a) for a, b in zip(self.multipliers, multipliers, strict=True)]
        self.place, self.multipliers = there, multipliers if share == 1.0 else moved
        self.taken += 1
        if share == 1.0:
            self.radius = min(3 * self.radius, 1e12 * (1 + norm(there.x)))
        elif share < 0.1:
            self.radius = max(4 * share * length, 1e-8 * (1 + norm(there.x)))
        if self.told is not None:
            self.told(self.taken, there)


def _scale(h: float, row: Sequence[float]) -> float:
    """A power of two that brings a constraint's slopes, or its value where it has none, to about 1."""
    size = norm(row) or abs(h) or 1.0
    return 2.0 ** -math.frexp(size)[1] if 1e-300 < size < 1e300 else 1.0


def _shorter(here: float, promised: float, share: float, there: float) -> float:
    """The factor to the least of the parabola through what is known, between a tenth and a half."""
    bend = there - here + share * promised
    return min(0.5, max(0.1, share * promised / (2 * bend))) if bend > 0 else 0.5
