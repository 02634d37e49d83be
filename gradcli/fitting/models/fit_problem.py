"""What a solver sees of a fit: the sum of squares at a point, and there the triangle of its weighted residuals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import mul
from typing import TYPE_CHECKING, Any, Protocol

from gradcli.fitting.models.row_function import columns_of_results, row_function
from gradcli.fitting.models.row_model import RowModel, on_seams
from gradcli.fitting.models.triangles import Triangle, factored
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.fitting.models.row_sums import RowSums
    from gradcli.fitting.models.squares_program import Measured

Vector = list[float]


class FitData(NamedTuple):
    """The numbers of a fit.

    columns: those of the model, by name. target: what is to be fitted. roots: the square roots of the rows' weights, None
    where all are 1. held: parameters that do not move, with their values. parted: where the rows are in parts elsewhere,
    what adds them up and a few of them; then columns and target have no numbers here.
    """

    columns: Mapping[str, Sequence[float]]
    target: Sequence[float]
    roots: Sequence[float] | None
    held: Mapping[str, float]
    parted: Parted | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.target)


class Parted(NamedTuple):
    """Rows in parts elsewhere.

    sums: what adds them up. measured: what is fitted and how much each row counts, None for a likelihood. few: rows at even
    distances.
    """

    sums: RowSums
    measured: Measured | None
    few: FitData


class Linearization(NamedTuple):
    """A point's sum of squares, and the triangle of J and r there: J = ∂f/∂b, r = y - f, both with weights."""

    value: float
    triangle: Triangle


class FitProblem(Protocol):
    """The sum of squares as a function of the parameters that move, in the order of `names`.

    Its methods answer None where a row has no value, or the sum is too large.
    """

    names: tuple[str, ...]
    rows: int
    evaluations: int
    data: FitData

    def value(self, x: Sequence[float]) -> float | None:
        """The sum of the squares of the weighted residuals."""

    def linearize(self, x: Sequence[float], order: Sequence[int] | None = None) -> Linearization | None:
        """The same with the triangle of the slopes along the parameters numbered *order*, or all."""


class RowProblem(FitProblem, Protocol):
    """One whose rows can be looked at one by one."""

    def residuals(self, x: Sequence[float]) -> Any:
        """The residuals y - f without weights. Raises what the operations raise."""

    def slopes(self, x: Sequence[float]) -> list[Any]:
        """The columns ∂f/∂b without weights. Raises what the operations raise."""


class PlainProblem:
    """A fit in Python's floats, row by row."""

    def __init__(self, model: RowModel, data: FitData) -> None:
        self.names = tuple(name for name in model.parameters if name not in data.held)
        self.rows, self.evaluations, self.data = data.rows, 0, data
        self._all, program = model.parameters, on_seams(model.program)
        slots = dict(zip(program.variables, program.gradient, strict=True))
        self._moving = [slots[name] for name in self.names]
        outputs = [program.value, *(slot for slot in self._moving if slot is not None)]
        self._width = len(outputs)
        self._value = row_function(program, model.columns, model.parameters, [program.value])
        self._slopes = row_function(program, model.columns, model.parameters, outputs)
        columns = [data.columns[name] for name in model.columns]
        self._rows: list[tuple[float, ...]] = (
            list(zip(*columns, strict=True)) if columns else [()] * data.rows
        )

    def _point(self, x: Sequence[float]) -> Vector:
        found = {**self.data.held, **dict(zip(self.names, x, strict=True))}
        return [found[name] for name in self._all]

    def residuals(self, x: Sequence[float]) -> Vector:
        """y - f."""
        return [
            y - f for y, (f,) in zip(self.data.target, self._value(self._rows, self._point(x)), strict=True)
        ]

    def slopes(self, x: Sequence[float]) -> list[Vector]:
        """∂f/∂b, a column of zeros along what f does not depend on."""
        return self._evaluated(x)[1]

    def _evaluated(self, x: Sequence[float]) -> tuple[Vector, list[Vector]]:
        f, *found = columns_of_results(self._slopes(self._rows, self._point(x)), self._width)
        waiting = iter(found)
        columns = [[0.0] * self.rows if slot is None else next(waiting) for slot in self._moving]
        return [y - g for y, g in zip(self.data.target, f, strict=True)], columns

    def value(self, x: Sequence[float]) -> float | None:
        """The sum of squares, correctly rounded once the residuals are there."""
        self.evaluations += 1
        try:
            return _squares(_weighted(self.residuals(x), self.data.roots))
        except (ValueError, ArithmeticError):
            return None

    def linearize(self, x: Sequence[float], order: Sequence[int] | None = None) -> Linearization | None:
        """The sum of squares and its triangle."""
        self.evaluations += 1
        try:
            plain, slopes = self._evaluated(x)
            chosen = slopes if order is None else [slopes[place] for place in order]
            residuals = _weighted(plain, self.data.roots)
            columns = [_weighted(column, self.data.roots) for column in chosen]
            value = _squares(residuals)
            if value is None or not all(math.isfinite(math.hypot(*column)) for column in columns):
                return None
            return Linearization(value, factored(columns, residuals))
        except (ValueError, ArithmeticError):
            return None


def _weighted(column: Vector, roots: Sequence[float] | None) -> Vector:
    return column if roots is None else list(map(mul, column, roots))


def _squares(residuals: Sequence[float]) -> float | None:
    found = math.fsum(map(mul, residuals, residuals))
    return found if math.isfinite(found) else None
