"""f and its constraints in balls: values, slopes and the Lagrangian's second derivatives at exact points and around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs import ball_backend
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.objective.objective_in_balls import BITS
from gradcli.language.records import NamedTuple


class PlaceInBalls(NamedTuple):
    """f and its slopes, the constraints h and theirs: rationals or balls, with the signs that floats have."""

    f: Any
    g: list[Any]
    h: list[Any]
    rows: list[list[Any]]


class ConstrainedInBalls:
    """A problem under constraints, in balls."""

    def __init__(self, problem: ConstrainedProblem) -> None:
        self.problem, self.size = problem, len(problem.names)

    def numbers(
        self, x: Sequence[Any], names: Sequence[str], more: dict[str, Any] | None = None
    ) -> list[Any]:
        """The numbers of the variables *names*."""
        fixed = {name: double(number) for name, number in self.problem.base.items()}
        known = {**fixed, **dict(zip(self.problem.names, x, strict=True)), **(more or {})}
        return [known[name] for name in names]

    def look(self, x: Sequence[Any], bits: int = BITS) -> PlaceInBalls | None:
        """All first derivatives at *x*; None where one has no value, or none that balls can tell."""
        table, problem = self.problem.table, self.problem
        slots = ball_backend.run(table.program, self.numbers(x, table.program.variables), bits)
        values = [slots[slot] for slot in table.values]
        rows = [[fmpq(0) if slot is None else slots[slot] for slot in row] for row in table.slots]
        if _failed(values) or any(map(_failed, rows)):
            return None
        signs = [int(problem.sign), *map(int, problem.signs)]
        f, *h = [s * v for s, v in zip(signs, values, strict=True)]
        g, *slopes = [[s * b for b in row] for s, row in zip(signs, rows, strict=True)]
        return PlaceInBalls(f, g, h, slopes)

    def lagrangian(
        self, x: Sequence[Any], multipliers: Sequence[Any], bits: int = BITS
    ) -> list[list[Any]] | None:
        """The second derivatives of f plus the multipliers times h; None where there are none."""
        problem = self.problem
        table = problem.second
        if table is None:
            return None
        weights = [int(problem.sign), *(int(s) * m for s, m in zip(problem.signs, multipliers, strict=True))]
        more = dict(
            zip(problem.weights, [fmpq(w) if isinstance(w, int) else w for w in weights], strict=True)
        )
        slots = ball_backend.run(table.program, self.numbers(x, table.program.variables, more), bits)
        rows = [[fmpq(0) if slot is None else slots[slot] for slot in row] for row in table.slots]
        return None if any(map(_failed, rows)) else rows


def _failed(numbers: Sequence[Any]) -> bool:
    return any(isinstance(number, Failure) or not (exact(number) or number.is_finite()) for number in numbers)


def middle(x: Any) -> float:
    """The double nearest to a number's middle."""
    return float(x.mid()) if isinstance(x, arb) else float(arb(x).mid())
