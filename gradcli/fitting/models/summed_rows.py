"""A cost of each row, summed: its value, gradient and Hessian along the parameters, in floats and in balls."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.fitting.models.fit_problem import FitData
from gradcli.fitting.models.row_function import columns_of_results, row_function
from gradcli.fitting.models.row_model import RowModel

Vector = list[float]


class SummedRows:
    """The sum over rows of a model's values as a function of the parameters that move; None where a row has no value."""

    def __init__(self, model: RowModel, data: FitData) -> None:
        self.names = tuple(name for name in model.parameters if name not in data.held)
        self.model, self.data = model, data
        table = model.second
        assert table is not None  # noqa: S101  (who asks has second derivatives)
        program = table.program
        gradient = dict(zip(program.variables, program.gradient, strict=True))
        place = {name: k for k, name in enumerate(model.parameters)}
        self._first = [gradient[name] for name in self.names]
        self._second = [[table.slots[place[a]][place[b]] for b in self.names] for a in self.names]
        slots = [program.value, *self._first, *(slot for row in self._second for slot in row)]
        self._wanted = list(dict.fromkeys(slot for slot in slots if slot is not None))
        self._value = row_function(model.program, model.columns, model.parameters, [model.program.value])
        self._all = row_function(program, model.columns, model.parameters, self._wanted)
        columns = [data.columns[name] for name in model.columns]
        self._rows: list[tuple[float, ...]] = (
            list(zip(*columns, strict=True)) if columns else [()] * data.rows
        )

    def _point(self, x: Sequence[float]) -> Vector:
        found = {**self.data.held, **dict(zip(self.names, x, strict=True))}
        return [found[name] for name in self.model.parameters]

    def value(self, x: Sequence[float]) -> float | None:
        """The sum, correctly rounded once the rows' values are there."""
        try:
            found = math.fsum(one for (one,) in self._value(self._rows, self._point(x)))
        except (ValueError, ArithmeticError):
            return None
        return found if math.isfinite(found) else None

    def derivatives(self, x: Sequence[float]) -> tuple[float, Vector, list[Vector]] | None:
        """The sum, its gradient and its Hessian."""
        try:
            columns = columns_of_results(self._all(self._rows, self._point(x)), len(self._wanted))
            sums = dict(zip(self._wanted, map(math.fsum, columns), strict=True))
        except (ValueError, ArithmeticError):
            return None
        if not all(map(math.isfinite, sums.values())):
            return None

        def number(slot: int | None) -> float:
            """The sum of a slot, 0 where there is none."""
            return 0.0 if slot is None else sums[slot]

        assert self.model.second is not None  # noqa: S101  (as above)
        value = sums[self.model.second.program.value]
        return (
            value,
            [number(one) for one in self._first],
            [[number(one) for one in row] for row in self._second],
        )


class SummedBalls:
    """The same in balls, in the form that `newton_in_balls` descends: gradients downhill, the Hessian twice."""

    def __init__(
        self,
        model: RowModel,
        columns: Mapping[str, Sequence[Any]],
        held: Mapping[str, Any],
        rows: int,
        bits: int,
    ) -> None:
        from gradcli.fitting.models.ball_problem import BallData, BallProblem

        self.names = tuple(name for name in model.parameters if name not in held)
        self._plain = BallProblem(model, BallData(columns, [0] * rows, None, held), self.names, bits)
        self.model, self.bits, self.rows = model, bits, rows

    def value(self, x: Sequence[Any]) -> Any:
        """The sum."""
        from gradcli.calculus.balls.ball_numbers import working_bits

        values = self._plain.values(x, [self.model.program.value], self.model.program)[0]
        with working_bits(self.bits):
            return _total(values)

    def squares(self, x: Sequence[Any]) -> Any:
        """The sum with minus its gradient, and its Hessian in the place of both matrices."""
        from flint import arb_mat

        from gradcli.calculus.balls.ball_numbers import working_bits
        from gradcli.fitting.models.ball_problem import BallSquares

        table = self.model.second
        assert table is not None  # noqa: S101  (who asks has second derivatives)
        gradient = dict(zip(table.program.variables, table.program.gradient, strict=True))
        place = {name: k for k, name in enumerate(self.model.parameters)}
        first = [gradient[name] for name in self.names]
        second = [table.slots[place[a]][place[b]] for a in self.names for b in self.names]
        slots = [table.program.value, *first, *second]
        wanted = list(dict.fromkeys(slot for slot in slots if slot is not None))
        columns = self._plain.values(x, wanted, table.program)
        with working_bits(self.bits):
            sums = dict(zip(wanted, map(_total, columns), strict=True))
            zero = _total([])
            numbers = [zero if slot is None else sums[slot] for slot in second]
            hessian = arb_mat(len(first), len(first), numbers)
            downhill = [zero if slot is None else -sums[slot] for slot in first]
            return BallSquares(sums[table.program.value], downhill, hessian, hessian)


def _total(numbers: Sequence[Any]) -> Any:
    from flint import arb

    from gradcli.calculus.balls.ball_numbers import ball

    total = arb(0)
    for one in numbers:
        total += ball(one)
    return total
