"""A fit in balls, its data the decimals that were typed: the sum of squares with its first and second derivatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, arb_mat, fmpq

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.fitting.models.ball_rows import Column, Number, run_rows
from gradcli.fitting.models.row_model import RowModel, off_data_seams
from gradcli.language.records import NamedTuple

#: How wide parameters are at least, as a power of two relative to their size: exact ones would grow as fractions do.
_WIDTH = 8


class BallData(NamedTuple):
    """The numbers of a fit as rationals and balls: by row those of columns, target and weights (None where all are 1)."""

    columns: Mapping[str, Sequence[Number]]
    target: Sequence[Number]
    weights: Sequence[Number] | None
    held: Mapping[str, Number]


class BallSquares(NamedTuple):
    """At a point: the sum of squares, g = Jᵀ W r, JᵀWJ, and half the Hessian of the sum of squares.

    Both matrices are `arb_mat`. hessian: None where there are no second derivatives.
    """

    value: Any
    gradient: list[Any]
    normal: Any
    hessian: Any


class BallProblem:
    """The sum of squares as a function of the parameters that move, in balls of so many bits."""

    def __init__(self, model: RowModel, data: BallData, names: Sequence[str], bits: int) -> None:
        self.data, self.names, self.bits = data, tuple(names), bits
        second = model.second
        if second is not None:
            second = second._replace(program=off_data_seams(second.program, names))
        self.model = model._replace(program=off_data_seams(model.program, names), second=second)
        self.rows = len(data.target)
        self._columns = {name: Column(list(data.columns[name])) for name in model.columns}

    def around(self, x: Sequence[Any]) -> list[Any]:
        """The numbers of *x* as balls that are not exact."""
        with working_bits(self.bits):
            return [
                one if not one.is_exact() else arb(one, abs(one) * arb(2) ** (_WIDTH - self.bits) + arb(2) ** (-2 * self.bits))
                for one in map(ball, x)
            ]  # fmt: skip

    def _point(self, x: Sequence[Any]) -> dict[str, Number | Column]:
        return {**self._columns, **self.data.held, **dict(zip(self.names, self.around(x), strict=True))}

    def values(self, x: Sequence[Any], slots: Sequence[int], program: Any) -> list[list[Any]]:
        """Slots of a program of the model in each row. Raises ArithmeticError or ValueError where a row has none."""
        return run_rows(program, self._point(x), slots, self.rows, self.bits)

    def residuals(self, x: Sequence[Any]) -> list[Any]:
        """y - f at *x*. Raises ArithmeticError or ValueError where a row has no value."""
        program = self.model.program
        (f,) = run_rows(program, self._point(x), [program.value], self.rows, self.bits)
        with working_bits(self.bits):
            return [ball(y) - ball(g) for y, g in zip(self.data.target, f, strict=True)]

    def value(self, x: Sequence[Any]) -> Any:
        """The sum of squares."""
        residuals = self.residuals(x)
        with working_bits(self.bits):
            return self._sum(one * one for one in residuals)

    def _sum(self, terms: Any) -> Any:
        total = arb(0)
        if self.data.weights is None:
            for term in terms:
                total += term
        else:
            for term, weight in zip(terms, self.data.weights, strict=True):
                total += term * ball(weight)
        return total

    def squares(self, x: Sequence[Any], *, curved: bool = True) -> BallSquares:
        """The sum of squares with its derivatives. Raises ArithmeticError or ValueError where a row has none.

        curved: whether the second derivatives of f are wanted.
        """
        table = self.model.second if curved else None
        program = self.model.program if table is None else table.program
        slots = dict(zip(program.variables, program.gradient, strict=True))
        places: list[int] = [program.value]
        first = [slots[name] for name in self.names]
        pairs = _pairs(self.model, self.names) if table is not None else {}
        wanted = dict.fromkeys(slot for slot in (*places, *first, *pairs.values()) if slot is not None)
        found = run_rows(program, self._point(x), list(wanted), self.rows, self.bits)
        by_slot = dict(zip(wanted, found, strict=True))
        zeros = [fmpq(0)] * self.rows
        with working_bits(self.bits):
            residuals = [
                ball(y) - ball(f) for y, f in zip(self.data.target, by_slot[program.value], strict=True)
            ]
            slopes = [zeros if slot is None else by_slot[slot] for slot in first]
            return self._assembled(
                residuals, slopes, {pair: by_slot[slot] for pair, slot in pairs.items()}, curved
            )

    def _assembled(
        self, residuals: list[Any], slopes: list[list[Number]], bends: Mapping[tuple[int, int], list[Number]], curved: bool
    ) -> BallSquares:  # fmt: skip
        count = len(slopes)
        whole = arb_mat(
            self.rows, count + 1, [ball(x) for row in zip(*slopes, residuals, strict=True) for x in row]
        )
        weighted = whole
        if self.data.weights is not None:
            weights = [ball(one) for one in self.data.weights]
            weighted = arb_mat(
                self.rows,
                count + 1,
                [w * ball(x) for w, *row in zip(weights, *slopes, residuals, strict=True) for x in row],
            )
        gram = weighted.transpose() * whole
        normal = arb_mat(count, count, [gram[i, j] for i in range(count) for j in range(count)])
        hessian = None
        if curved and self.model.second is not None:
            hessian = arb_mat(normal)
            for (i, j), bend in bends.items():
                bent = self._sum(r * ball(b) for r, b in zip(residuals, bend, strict=True))
                hessian[i, j] = normal[i, j] - bent
                hessian[j, i] = hessian[i, j]
        return BallSquares(gram[count, count], [gram[i, count] for i in range(count)], normal, hessian)


def _pairs(model: RowModel, names: Sequence[str]) -> dict[tuple[int, int], int]:
    """The slots of the second derivatives that are not constantly 0, on and above the diagonal."""
    table = model.second
    assert table is not None  # noqa: S101  (who asks has one)
    place = {name: k for k, name in enumerate(model.parameters)}
    found = {}
    for i, one in enumerate(names):
        for j in range(i, len(names)):
            slot = table.slots[place[one]][place[names[j]]]
            if slot is not None and not model.is_zero(slot):
                found[i, j] = slot
    return found
