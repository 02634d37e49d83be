"""Steps that keep constraints: an update's least-norm projection onto them as they are linearised, then back onto them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.constrained.problems.dense_algebra import least_squares, product
from gradcli.descent.constrained.problems.elastic_program import ElasticProgram
from gradcli.descent.objective.vectors import Vector, add_scaled, norm
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import DomainProblem

#: Newton's steps back onto constraints, and what they may be missed by there.
STEPS, KEPT = 40, 1e-13


class StepProjection:
    """The numbers of all variables before and after an update → those after the step that keeps the constraints.

    For plain descent with the rate r it solves the quadratic program with the Hessian 1/r. names: those of the numbers, the
    variables that only constraints have among them.
    """

    def __init__(
        self, text: str, constraints: Sequence[Constraint], at: Mapping[str, float], names: Sequence[str],
        moving: Collection[str] | None,
    ) -> None:  # fmt: skip
        self.names = tuple(names)
        self.problem = ConstrainedProblem([text], constraints, at, names if moving is None else moving)
        self._places = [self.names.index(name) for name in self.problem.names]

    def __call__(self, before: tuple[float, ...], after: tuple[float, ...]) -> tuple[float, ...]:
        """The numbers after the step. Raises DomainProblem where a constraint has no value on the way."""
        start = [before[i] for i in self._places]
        update = [after[i] - before[i] for i in self._places]
        place = self._look(start)
        n = len(start)
        identity = [[float(i == j) for j in range(i + 1)] for i in range(n)]
        price = 1e6 * (1.0 + norm(update) + max((abs(h) for h in place.h), default=0.0))
        program = ElasticProgram(identity, [-a for a in update], place.rows, self.problem.equal, price)
        step = program.solved(place.h, [0.0] * len(place.h))
        held = [i for i, m in enumerate(step.multipliers) if m]
        rows = [place.rows[i] for i in held]
        back = _shift(rows, [product(row, update) + place.h[i] for i, row in zip(held, rows, strict=True)])
        x = self._restored(
            add_scaled(add_scaled(start, 1.0, update), -1.0, back) if held else add_scaled(start, 1.0, update)
        )
        numbers = list(after)
        for i, number in zip(self._places, x, strict=True):
            numbers[i] = number
        return tuple(numbers)

    def _look(self, x: Vector) -> Place:
        place = self.problem.look(x)
        if place is None:
            where = ", ".join(
                f"{name} = {number:.6g}" for name, number in zip(self.problem.names, x, strict=True)
            )
            raise DomainProblem(f"a constraint or the expression has no value or no slope at {where}")
        return place

    def _restored(self, x: Vector) -> Vector:
        """The point where constraints that are missed are met, by Newton's least steps."""
        room, best = KEPT, (float("inf"), x)
        for _ in range(STEPS):
            place = self._look(x)
            broken = [
                i
                for i, (h, e) in enumerate(zip(place.h, self.problem.equal, strict=True))
                if (h if not e else abs(h)) > 0
            ]
            missed = max((abs(place.h[i]) for i in broken), default=0.0)
            if missed < best[0]:
                best = (missed, x)
            elif missed <= 1e-12:
                return best[1]
            if missed <= room * 1e-3:
                return x
            rows = [place.rows[i] for i in broken]
            shares = least_squares(rows, _shift(rows, [place.h[i] for i in broken]))
            for share, row in zip(shares, rows, strict=True):
                x = add_scaled(x, -share, row)
        return best[1]


def _shift(rows: Sequence[Vector], h: Sequence[float]) -> Vector:
    """A vector whose products with *rows* are *h*, the least one."""
    gram = [[product(a, b) for b in rows] for a in rows]
    from gradcli.descent.objective.vectors import solve_spectral, spectrum

    parts = spectrum(gram)
    shares = solve_spectral(parts, list(h), 1e-13 * max(map(abs, parts.values), default=0.0))
    found = [0.0] * len(rows[0]) if rows else []
    for share, row in zip(shares, rows, strict=True):
        found = add_scaled(found, share, row)
    return found
