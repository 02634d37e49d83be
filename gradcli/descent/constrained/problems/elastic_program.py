"""The quadratic program of a step, with constraints that give way at a price, so that it always has a solution.

    least over d of   g·d + d·B·d/2 + price*(sum of max(0, h + A*d), and of |h + A*d| for equations)

Its dual has one variable for each constraint, between 0 (for equations -price) and price: a convex quadratic over a box,
solved by an active-set method (Nocedal & Wright, Numerical Optimization, 2nd edition, section 16.7) that can begin at
the multipliers of the step before. B is positive definite.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.descent.constrained.problems.dense_algebra import cholesky, forward, product, solve
from gradcli.descent.objective.vectors import Matrix, Vector
from gradcli.language.records import NamedTuple

#: What makes the dual strictly convex where constraints depend on each other, as a share of its largest entry.
REGULAR = 1e-11

#: Times that the dual is solved at most, each time nearer to what it is without that.
ROUNDS = 4


class ElasticStep(NamedTuple):
    """The step, the multipliers, and what the linearised constraints give way by in all."""

    d: Vector
    multipliers: Vector
    excess: float


class ElasticProgram:
    """The program for one matrix and one set of slopes; solved for several values of the constraints."""

    def __init__(self, lower: Matrix, g: Vector, rows: Matrix, equal: Sequence[bool], price: float) -> None:
        self.lower, self.g, self.rows, self.equal, self.price = lower, g, rows, equal, price
        self._slope = forward(lower, g)
        self._rows = [forward(lower, row) for row in rows]
        self._dual = [[0.0] * len(rows) for _ in rows]
        for i, a in enumerate(self._rows):
            for j in range(i + 1):
                self._dual[i][j] = self._dual[j][i] = product(a, self._rows[j])
        largest = max((self._dual[i][i] for i in range(len(rows))), default=0.0)
        self._added = [REGULAR * self._dual[i][i] + 1e-16 * largest + 1e-300 for i in range(len(rows))]
        for i, more in enumerate(self._added):
            self._dual[i][i] += more

    def solved(self, h: Vector, begin: Sequence[float]) -> ElasticStep:
        """The step where the constraints have the values *h*."""
        linear = [product(a, self._slope) - b for a, b in zip(self._rows, h, strict=True)]
        low = [-self.price if e else 0.0 for e in self.equal]
        u = list(begin)
        for _ in range(ROUNDS):  # proximal steps take out what makes the dual strictly convex
            moved = [b - more * m for b, more, m in zip(linear, self._added, u, strict=True)]
            before, u = u, box_quadratic(self._dual, moved, low, [self.price] * len(h), u)
            if all(abs(a - b) <= 1e-9 * (abs(a) + 1e-300) for a, b in zip(before, u, strict=True)):
                break
        pull = list(self.g)
        for row, m in zip(self.rows, u, strict=True):
            if m:
                pull = [a + m * b for a, b in zip(pull, row, strict=True)]
        d = [-number for number in solve(self.lower, pull)]
        left = [b + product(row, d) for row, b in zip(self.rows, h, strict=True)]
        return ElasticStep(
            d, u, sum(abs(r) if e else max(r, 0.0) for r, e in zip(left, self.equal, strict=True))
        )


def box_quadratic(
    matrix: Matrix, linear: Vector, low: Sequence[float], high: Sequence[float], begin: Sequence[float]
) -> Vector:
    """The least of u·matrix*u/2 + linear·u over low <= u <= high; the matrix is positive definite."""
    count = len(linear)
    u = [min(max(a, b), c) for a, b, c in zip(begin, low, high, strict=True)]
    free = [b < a < c for a, b, c in zip(u, low, high, strict=True)]
    size = [abs(b) + 1e-300 for b in linear]
    for _ in range(20 * count + 50):
        u, free = _on_free(matrix, linear, low, high, u, free)
        slopes = [product(row, u) + b for row, b in zip(matrix, linear, strict=True)]
        noise = [
            1e-13 * (s + sum(abs(x * y) for x, y in zip(row, u, strict=True)))
            for s, row in zip(size, matrix, strict=True)
        ]
        wrong = [
            (abs(slope) / matrix[i][i] ** 0.5, i)
            for i, slope in enumerate(slopes)
            if not free[i]
            and ((u[i] <= low[i] and slope < -noise[i]) or (u[i] >= high[i] and slope > noise[i]))
        ]
        if not wrong:
            break
        free[max(wrong)[1]] = True
    return u


def _on_free(
    matrix: Matrix, linear: Vector, low: Sequence[float], high: Sequence[float], u: Vector, free: list[bool]
) -> tuple[Vector, list[bool]]:
    """The least along what is free; what meets an end of the box on the way there is free no more."""
    while places := [i for i, f in enumerate(free) if f]:
        lower = cholesky([[matrix[i][j] for j in places] for i in places])
        if lower is None:
            break
        slopes = [product(matrix[i], u) + linear[i] for i in places]
        step = solve(lower, [-b for b in slopes])
        share, meets = 1.0, -1
        for i, s in zip(places, step, strict=True):
            room = (low[i] - u[i]) / s if s < 0 else (high[i] - u[i]) / s if s > 0 else 2.0
            if room < share:
                share, meets = max(room, 0.0), i
        for i, s in zip(places, step, strict=True):
            u[i] += share * s
        if meets < 0:
            break
        u[meets] = low[meets] if step[places.index(meets)] < 0 else high[meets]
        free[meets] = False
    return u, free
