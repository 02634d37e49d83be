"""Slopes along the numbers of a column, gathered from all levels that they are in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gradcli.calculus.backends.error_propagation import UNDERFLOW, UNIT
from gradcli.calculus.rows.row_data import Numbers, Varying
from gradcli.calculus.rows.sided_slopes import Slope, added, slope, through

if TYPE_CHECKING:
    from gradcli.calculus.rows.level_result import RowSlopes


class ColumnSlopes:
    """One slope for each row of a column. sided: those that come from corners, by row.

    numbers, errors: of all others; errors in units of 2**-53, None where nobody asked for them.
    """

    def __init__(self, rows: int, arrays: bool) -> None:
        self.rows, self.arrays = rows, arrays
        self.numbers: Numbers = None
        self.errors: Numbers = None
        self.sided: dict[int, Slope] = {}

    def add_one(self, row: int, one: Slope) -> None:
        """Add a slope along one number of the column."""
        self._begin(bounds=True)
        if one.origins:
            self.sided[row] = added(self.sided.get(row, slope(0.0)), one)
            return
        self.numbers[row] += one.left
        self.errors[row] += one.error + abs(self.numbers[row]) + UNDERFLOW

    def add_rows(self, binding: Varying, rows: RowSlopes, adjoint: Slope) -> None:
        """Add the slopes of a level's rows, times what the level's number does to the whole."""
        start, step = binding.start, binding.step
        if rows.places is not None or adjoint.origins:
            bounds = rows.errors if rows.errors is not None else [0.0] * len(rows.numbers)
            places = range(len(rows.numbers)) if rows.places is None else rows.places
            for j, place in enumerate(places):
                one = rows.sided.get(j) or slope(float(rows.numbers[j]), float(bounds[j]))
                self.add_one(start + step * place, through(adjoint, one))
            return
        self._begin(bounds=rows.errors is not None)
        add = self._add_arrays if self.arrays else self._add_lists
        add(_slice(start, step, len(rows.numbers)), rows, adjoint)
        for place, one in rows.sided.items():
            self.add_one(start + step * place, through(adjoint, one))

    def _begin(self, *, bounds: bool) -> None:
        if self.numbers is None:
            self.numbers = self._zeros()
        if self.errors is None and bounds:
            self.errors = self._zeros()

    def _zeros(self) -> Numbers:
        if not self.arrays:
            return [0.0] * self.rows
        import numpy as np

        return np.zeros(self.rows)

    def _add_arrays(self, places: slice, rows: RowSlopes, adjoint: Slope) -> None:
        import numpy as np

        parts = adjoint.left * rows.numbers
        self.numbers[places] += parts
        if rows.errors is not None:
            steep = abs(adjoint.left) + adjoint.error * UNIT
            bound = steep * rows.errors + adjoint.error * np.abs(rows.numbers) + np.abs(parts)
            self.errors[places] += bound + np.abs(self.numbers[places]) + UNDERFLOW

    def _add_lists(self, places: slice, rows: RowSlopes, adjoint: Slope) -> None:
        factor = adjoint.left
        whole = [a + factor * b for a, b in zip(self.numbers[places], rows.numbers, strict=True)]
        if rows.errors is not None:
            steep = abs(factor) + adjoint.error * UNIT
            self.errors[places] = [
                e + steep * bound + adjoint.error * abs(b) + abs(factor * b) + abs(a) + UNDERFLOW
                for e, bound, a, b in zip(self.errors[places], rows.errors, whole, rows.numbers, strict=True)
            ]
        self.numbers[places] = whole

    def each(self) -> Iterator[Slope]:
        """The slope along each row's number."""
        if self.numbers is None:
            self._begin(bounds=False)
        errors: Any = self.errors if self.errors is not None else [0.0] * self.rows
        for row, (number, error) in enumerate(zip(self.numbers, errors, strict=True)):
            plain = slope(float(number), float(error))
            yield added(self.sided[row], plain) if row in self.sided else plain

    @property
    def widest(self) -> float:
        """The largest bound of an error, in units of 2**-53."""
        return 0.0 if self.errors is None else float(max(self.errors, default=0.0))


def _slice(start: int, step: int, count: int) -> slice:
    end = start + step * count
    return slice(start, end if end >= 0 else None, step)
