"""A program of rows over its columns, in the place of a program: a function of the numbers that move, for steps and descents.

It has variables and says along which it has slopes; of instructions it has none, and whoever would carry them out asks
`run`, `answer` and `hessian` instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.point_answer import WHAT, Answer, Note
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.sided_slopes import NOTHING, Slope, chosen_slope
from gradcli.language.column_names import element
from gradcli.language.errors import DomainProblem

if TYPE_CHECKING:
    from gradcli.calculus.native.rows.native_rows import NativeRows
    from gradcli.calculus.rows.row_data import RowData
    from gradcli.calculus.rows.row_evaluation import RowEvaluation, RowsAnswer
    from gradcli.calculus.rows.row_hessian import RowHessian
    from gradcli.calculus.rows.row_program import RowsProgram


#: Instructions of rows that take as long as what a pass over any rows takes beside them.
PASS = 500_000


class BoundRows(Program):
    """The program of *rows* over *data*: its variables are the numbers, and the elements of columns in `rows.wrt`."""

    rows: RowsProgram
    data: RowData
    evaluation: RowEvaluation
    moving: tuple[str, ...]
    numbers: tuple[str, ...]
    _hessian: RowHessian | None
    _others: dict[str, BoundRows]
    _sampled: dict[tuple[float, ...], tuple[float, list[float]]]

    @classmethod
    def of(
        cls, rows: RowsProgram, data: RowData, arrays: bool | None = None, native: NativeRows | None = None
    ) -> BoundRows:
        """Bind the columns of *data*. arrays, native: those of `RowEvaluation`. Raises ValueProblem where they do not fit."""
        from gradcli.calculus.rows.row_evaluation import RowEvaluation

        numbers = tuple(name for name in rows.variables if name not in rows.columns)
        moving = tuple(name for name in rows.wrt if name in rows.columns)
        variables = [*numbers, *(element(name, row) for name in moving for row in range(data.rows))]
        connected, unknown = rows.connected, rows.unknown
        gradient: list[int | None] = [0 if name in connected else None for name in numbers]
        for name in moving:
            gradient += [0 if name in connected else None] * data.rows
        lost = [name for name in variables if name.partition("[")[0] in unknown]
        made = cls(tuple(variables), (), (), 0, 0, tuple(gradient), tuple(lost), (), frozenset())
        made.rows, made.data, made.moving, made.numbers = rows, data, moving, numbers
        made.evaluation, made._hessian, made._others = RowEvaluation(rows, data, arrays, native), None, {}
        made._sampled = {}
        return made

    def by(self, backend: str) -> BoundRows:
        """The same carried out by one of BACKENDS, made once for each."""
        if backend not in self._others:
            from gradcli.calculus.native.rows.native_rows import NativeRows
            from gradcli.language.rows.loadable_libraries import has_arrays

            arrays = {"python": False, "numpy": has_arrays() or None}.get(backend)
            native = NativeRows(backend) if backend in ("auto", "native") else None
            made = self._others[backend] = BoundRows.of(self.rows, self.data, arrays, native)
            made.evaluation.hasty = self.evaluation.hasty
        return self._others[backend]

    def at_many_points(self) -> BoundRows:
        """The same for so many points that arrays and machine code pay for fewer rows as well; made once."""
        if "many" not in self._others:
            from gradcli.calculus.native.rows.native_rows import NativeRows
            from gradcli.language.rows.loadable_libraries import has_arrays

            made = BoundRows.of(self.rows, self.data, has_arrays() or None, NativeRows("auto"))
            made.evaluation.hasty = True
            self._others["many"] = made
        return self._others["many"]

    def kept(self, name: str, made: Callable[[BoundRows], BoundRows]) -> BoundRows:
        """What *made* makes of this program, made once for each name."""
        if name not in self._others:
            self._others[name] = made(self)
        return self._others[name]

    def missing(self, backend: str) -> str:
        """Why it is not carried out as was asked for; nothing where it is."""
        if backend == "numpy" and not self.evaluation.arrays:
            return "NumPy cannot be loaded"
        if backend == "native" and self.moving:
            return "there are slopes along each number of a column"
        native = self.evaluation.native
        return native.missing if backend == "native" and native is not None else ""

    def run(self, *point: float) -> tuple[float, ...]:
        """The value and the partials that there are.

        Raises Kink at corners, ValueError and ArithmeticError where there is no value.
        """
        try:
            found = self._at(point, bounds=False)
        except DomainProblem as problem:
            raise ValueError(problem.message) from None
        slopes = [one.left for one in self._checked(found)]
        return (found.value, *slopes)

    def sampled(self, point: tuple[float, ...]) -> tuple[float, list[float]]:
        """The value and the partial along each variable, nan where there is none; kept, for pictures ask again."""
        if point not in self._sampled:
            blank = [math.nan] * len(self.variables)
            try:
                found = self._at(point, bounds=False)
            except DomainProblem:
                self._sampled[point] = math.nan, blank
            else:
                slopes = iter(self._slopes(found))
                each = (NOTHING if slot is None else next(slopes) for slot in self.gradient)
                self._sampled[point] = found.value, [one.left if one.is_one else math.nan for one in each]
        return self._sampled[point]

    def within(self, work: float, least: int, most: int) -> int:
        """How many points there may be for so many instructions of rows, at least and at most so many."""
        each = self.data.rows * self.rows.instructions + PASS
        return max(least, min(most, int(work / each)))

    def _at(self, point: Sequence[float], *, bounds: bool, corner: str = "none") -> RowsAnswer:
        numbers = dict(zip(self.numbers, point, strict=False))
        evaluation = self.evaluation
        if self.moving:
            from gradcli.calculus.rows.row_data import RowData
            from gradcli.calculus.rows.row_evaluation import RowEvaluation

            rest, columns = point[len(self.numbers) :], dict(self.data.columns)
            for place, name in enumerate(self.moving):
                columns[name] = list(rest[place * self.data.rows : (place + 1) * self.data.rows])
            evaluation = RowEvaluation(self.rows, RowData(columns), evaluation.arrays)
        return evaluation.at(numbers, corner, bounds=bounds)

    def _checked(self, found: RowsAnswer) -> list[Slope]:
        slopes = self._slopes(found)
        if not all(one.is_one for one in slopes):
            raise Kink
        return slopes

    def _slopes(self, found: RowsAnswer) -> list[Slope]:
        """The slopes along all variables that the value depends on, in their order."""
        connected = self.rows.connected
        slopes = [found.slopes.get(name, NOTHING) for name in self.numbers if name in connected]
        for name in self.moving:
            slopes += found.columns[name].each() if name in connected else ()
        return slopes

    def answer(self, at: Mapping[str, float], corner: str) -> Answer:
        """The value and the partials by the rule for corners, with a note for each corner. Raises DomainProblem."""
        found = self._at([float(at[name]) for name in self.variables], bounds=True, corner=corner)
        if not math.isfinite(found.value):
            raise DomainProblem("the value is too large for a float", text=self.rows.text)
        slopes, notes = iter(self._slopes(found)), list[Note]()
        partials: dict[str, float | None] = {}
        for name, slot in zip(self.variables, self.gradient, strict=True):
            one = next(slopes) if slot is not None else None
            partials[name] = None if one is None else chosen_slope(one, corner)
            if one is not None and not one.is_one:
                notes.append(self._corner(name, float(at[name]), one, found))
        return Answer(found.value, partials, tuple(notes))

    def _corner(self, name: str, x: float, one: Slope, found: RowsAnswer) -> Note:
        where = found.corner_of(name, one)
        sides = None if math.isnan(one.left) else (one.left, one.right)
        row = (f" in {where.where}" if where and where.where else "") + f" at {name} = {x:.10g}"
        has = WHAT.get(where.kind if where else "", WHAT["corner"])
        message = f"{{0}} {has}{row}: " + (
            f"along {name}, slope {sides[0]:.10g} on the left, {sides[1]:.10g} on the right"
            if sides
            else "it has no one slope"
        )
        if where and where.kind == "undecided":
            message = f"whether {{0}} has a corner{row} is not decided"
        left, right = sides or (None, None)
        return Note("corner", message, name, left, right, where.span if where else None)

    def errors(self, at: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        """Bounds of the errors of the value and of the partials, for doubles that are what they are."""
        found = self._at([float(at[name]) for name in self.variables], bounds=True)
        slopes = iter(self._slopes(found))
        named = zip(self.variables, self.gradient, strict=True)
        return found.error, {name: next(slopes).error * UNIT for name, slot in named if slot is not None}

    def hessian(self, at: Mapping[str, float], names: Sequence[str]) -> list[list[float]] | None:
        """The second derivatives along numbers, summed over the rows; None where there are none, or columns move."""
        if not set(names) <= set(self.numbers):
            return None
        from gradcli.calculus.rows.row_hessian import RowHessian

        if self._hessian is None or self._hessian.names != tuple(names):
            self._hessian = RowHessian(self.rows, self.evaluation, names)
        return self._hessian.at({name: float(at[name]) for name in self.numbers})
