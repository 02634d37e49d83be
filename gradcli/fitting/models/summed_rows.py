"""A cost of each row, summed: its value, gradient and Hessian along the parameters, in floats and in balls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.fitting.models.fit_problem import FitData
from gradcli.fitting.models.row_model import RowModel
from gradcli.fitting.models.row_sums import RowSums

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
        own = model.program
        self._value = own._replace(gradient=(None,) * len(own.variables))
        self._all = program._replace(value=self._wanted[0], gradient=tuple(self._wanted[1:]))
        if data.parted is not None:
            self._sums = data.parted.sums
        else:
            arrays = not isinstance(next(iter(data.columns.values()), []), list)
            self._sums = RowSums(data.columns, data.rows, arrays=arrays)

    def _point(self, x: Sequence[float]) -> dict[str, float]:
        return {**self.data.held, **dict(zip(self.names, map(float, x), strict=True))}

    def value(self, x: Sequence[float]) -> float | None:
        """The sum, correctly rounded once the rows' values are there."""
        found = self._sums.numbers(self._value, self._point(x))
        return None if found is None else found[0]

    def derivatives(self, x: Sequence[float]) -> tuple[float, Vector, list[Vector]] | None:
        """The sum, its gradient and its Hessian."""
        found = self._sums.numbers(self._all, self._point(x))
        if found is None:
            return None
        sums = dict(zip(self._wanted, found, strict=True))

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
