"""A fit whose rows are added up exactly, here or by workers: the same bits for every cut and order of the rows.

The normal matrix squares the condition of the Jacobian, and loses nothing by it: where columns are near to each other what
rounding took from each product is added up as well, so that it is the product of the float Jacobian with itself, exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.fit_problem import FitData, Linearization
from gradcli.fitting.models.row_model import RowModel
from gradcli.fitting.models.row_sums import RowSums
from gradcli.fitting.models.squares_program import Measured, Pair, SquaresProgram, squares_program
from gradcli.fitting.models.triangles import Triangle
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.fitting.models.ball_problem import BallSquares

#: The least pivot of the scaled normal matrix's root down to which its products may be rounded.
APART = 1e-2


class _Sums(NamedTuple):
    """The exact sums at a point: of products by pair, and of residuals times second derivatives."""

    products: dict[Pair, Any]
    bends: dict[Pair, Any]


class SummedSquares:
    """The sum of squares from sums over the rows; `fit_problem.FitProblem` says what it answers.

    fine: whether products are added up with what rounding took; it becomes so where columns are near to each other.
    """

    def __init__(self, model: RowModel, measured: Measured, sums: RowSums, data: FitData) -> None:
        self.names = tuple(name for name in model.parameters if name not in data.held)
        self.rows, self.evaluations, self.data = sums.rows, 0, data
        self.model, self.measured, self.sums = model, measured, sums
        self.fine = False
        self._programs: dict[tuple[bool, bool], SquaresProgram] = {}
        self._last: tuple[Any, tuple[_Sums, Triangle] | None] | None = None

    def value(self, x: Sequence[float]) -> float | None:
        """The sum of squares: what there is to know of the point is kept, for a step to it comes next."""
        found = self.linearize(x)
        return None if found is None else found.value

    def linearize(self, x: Sequence[float], order: Sequence[int] | None = None) -> Linearization | None:
        """The sum of squares and its triangle."""
        found = self._known(x)
        if found is None:
            return None
        sums, triangle = found
        if order is not None:
            chosen = self._triangle(sums, order)
            if chosen is None:
                return None
            triangle = chosen
        count = len(self.names)
        return Linearization(float(_ball(sums.products[count, count])), triangle)

    def squares(self, x: Sequence[float]) -> BallSquares | None:
        """The sum of squares with its derivatives, as exact as the rows' own numbers; None where a row has no value."""
        from flint import arb, arb_mat

        from gradcli.fitting.models.ball_problem import BallSquares

        found = self._added(x, self.model.second is not None)
        if found is None:
            return None
        count, size = len(self.names), range(len(self.names))
        normal = arb_mat(count, count, [_ball(_entry(found.products, i, j)) for i in size for j in size])
        hessian = None
        if self.model.second is not None:
            bends = [_ball(_entry(found.bends, i, j)) for i in size for j in size]
            hessian = normal - arb_mat(count, count, bends)
        slopes = [_ball(_entry(found.products, i, count)) for i in size]
        return BallSquares(arb(_ball(found.products[count, count])), slopes, normal, hessian)

    def _known(self, x: Sequence[float]) -> tuple[_Sums, Triangle] | None:
        key = (list(x), dict(self.data.held), self.fine)
        if self._last is None or self._last[0] != key:
            self._last = (key, self._found(x))
        return self._last[1]

    def _found(self, x: Sequence[float]) -> tuple[_Sums, Triangle] | None:
        """The sums at *x* and their triangle, finer where the columns are near to each other."""
        sums = self._added(x, False)
        triangle = None if sums is None else self._triangle(sums, range(len(self.names)))
        if sums is None or triangle is None:
            return None
        if not self.fine and nearest(triangle) < APART:
            self.fine = True
            return self._found(x)
        return sums, triangle

    def _triangle(self, sums: _Sums, order: Sequence[int]) -> Triangle | None:
        from gradcli.fitting.models.exact_triangle import triangle_of

        places = [*order, len(self.names)]
        return triangle_of([[_entry(sums.products, i, j) for j in places] for i in places])

    def _point(self, x: Sequence[float]) -> dict[str, float]:
        return {**self.data.held, **dict(zip(self.names, map(float, x), strict=True))}

    def _added(self, x: Sequence[float], bent: bool) -> _Sums | None:
        """The sums at *x*; bent: those of second derivatives too."""
        from gradcli.fitting.models.exact_triangle import rational

        self.evaluations += 1
        made = self._programs.get((self.fine, bent))
        if made is None:
            made = squares_program(self.model, self.measured, self.names, fine=self.fine, bent=bent)
            self._programs[self.fine, bent] = made
        found = self.sums.of(made.program, self._point(x))
        exact = [] if found is None else [one.exact() for one in found]
        if found is None or None in exact:
            return None
        numbers = [rational(*one) for one in exact if one is not None]
        products = {pair: sum(numbers[k] for k in places) for pair, places in made.products.items()}
        return _Sums(products, {pair: numbers[k] for pair, k in made.bends.items()})


def _entry(found: dict[Pair, Any], i: int, j: int) -> Any:
    return found.get((min(i, j), max(i, j)), 0)


def _ball(number: Any) -> Any:
    from flint import arb

    return arb(number)


def nearest(triangle: Triangle) -> float:
    """The least pivot of the columns that have a length."""
    return min((abs(triangle.rows[k][k]) for k, one in enumerate(triangle.lengths) if one), default=1.0)
