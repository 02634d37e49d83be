"""Programs of rows at a point: one pass over the rows for each level, then the adjoints of the levels backwards.

A level's slopes are sums over the rows, so they are made in the same pass as its number; what its number does to the
whole is known when all passes are over: the adjoint of a sum is a number for all rows, and what is held in all rows has the
sum of the rows' slopes as its own (Griewank & Walther, Evaluating Derivatives, 2nd ed., chapter 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.native.rows.native_rows import NativeRows, NativeWay
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.array_blocks import array_blocks
from gradcli.calculus.rows.careful_rows import CarefulRows, Corner, Corners, check_unfit
from gradcli.calculus.rows.extreme_rows import extreme
from gradcli.calculus.rows.float_blocks import float_blocks
from gradcli.calculus.rows.level_result import LevelResult, OpenSum, summed
from gradcli.calculus.rows.row_data import Binding, Held, Manner, Passes, RowData, Varying, check_rows
from gradcli.calculus.rows.row_program import LevelProgram, RowsProgram
from gradcli.calculus.rows.row_slopes import ColumnSlopes
from gradcli.calculus.rows.sided_slopes import NOTHING, Slope, added, slope, through
from gradcli.language.errors import DomainProblem
from gradcli.language.rows.loadable_libraries import has_arrays
from gradcli.language.rows.row_levels import Index

#: Rows that may need more digits than floats have, wherever a descent looks; twice as many as at its first point where
#: there are more: a line search goes where rows lose their values one by one, and each of them takes milliseconds.
UNFIT = 20

#: Instructions of all rows from which NumPy's arrays are worth their import.
MANY = 200_000

#: What the level that is not summed is called where corners come from.
LAST = "last"


class RowsAnswer(NamedTuple):
    """The value and the slopes, with bounds of their errors.

    error: of the value. slopes: along numbers. columns: along each column, row by row. corners: the first of each
    level along each of its variables.
    """

    value: float
    error: float
    slopes: Mapping[str, Slope]
    columns: Mapping[str, ColumnSlopes]
    corners: Mapping[str, Corners]

    def corner_of(self, name: str, found: Slope) -> Corner | None:
        """The first corner that makes a slope along *name* two: one along it, else one along what it moves."""
        levels = [corners for level, corners in self.corners.items() if level in found.origins]
        along = (corners[name] for corners in levels if name in corners)
        return next(along, None) or next((one for corners in levels for one in corners.values()), None)


class _Done(NamedTuple):
    program: Program
    bindings: list[Binding]
    result: LevelResult


class RowEvaluation:
    """Programs of rows over columns: evaluated at as many points as are asked for.

    arrays: whether NumPy does it; None where it does if there is enough to do. native: what does it by machine code.
    """

    def __init__(
        self, rows: RowsProgram, data: RowData, arrays: bool | None = None, native: NativeRows | None = None
    ) -> None:
        check_rows(rows, data)
        if arrays is None:
            arrays = data.rows * rows.instructions >= MANY and has_arrays()
        self.rows, self.arrays, self.native = rows, arrays, native
        self.data = data.as_arrays() if arrays else data
        self._most, self._worst = math.inf, 0
        self.hasty = False  # whether nobody counts the rows without a value

    def at(
        self,
        numbers: Mapping[str, float],
        corner: str = "none",
        *,
        bounds: bool = False,
        given: Mapping[str, Any] | None = None,
    ) -> RowsAnswer:
        """The answer where the numbers beside the columns are *numbers*. given: these as they were typed.

        Raises DomainProblem for rows without a value, and for what is too large.
        """
        held = {name: self.data.held(x, (given or {}).get(name)) for name, x in numbers.items()}
        exact = {name: one.exact for name, one in held.items()}
        done: list[tuple[str, _Done]] = []
        corners: dict[str, Corners] = {}
        for level in (*self.rows.levels, LevelProgram("", "sum", self.rows.last)):
            found, first = self._level(level, held, corner, bounds, exact)
            here = None if self.data.passes is not None else _attained(level, found)
            held[level.name] = here or Held(found.result.value, found.result.error)
            done.append((level.name, found))
            if first:
                corners[level.name or LAST] = first
        if not bounds and self._most == math.inf:
            self._most = max(UNFIT, 2 * self._worst)
        return self._backwards(done, corners)

    def number_of(self, level: LevelProgram, numbers: Mapping[str, float]) -> float | None:
        """The number of one level where those before it are *numbers*; None where it has none."""
        plain = level._replace(
            program=level.program._replace(gradient=(None,) * len(level.program.variables))
        )
        alone = RowEvaluation(self.rows, self.data, self.arrays)
        try:
            found, _ = alone._level(plain, {name: Held(x) for name, x in numbers.items()}, "none", False, {})
        except DomainProblem:
            return None
        return found.result.value

    def _level(
        self,
        level: LevelProgram,
        held: Mapping[str, Held],
        corner: str,
        bounds: bool,
        given: Mapping[str, Any],
    ) -> tuple[_Done, Corners]:
        program, text, last = level.program, self.rows.text, not level.name
        bindings = self.data.bound(self.rows, program.variables, level.over, held)
        count = 1 if last else self._count(level.over)
        if not last and (passes := self.passes_of(level)) is not None:
            try:
                found, first = passes.level(level, held, self.manner, corner, bounds=bounds)
            except OverflowError:
                raise _too_large(text) from None
            if not bounds:
                check_unfit(found.unfit, self._most, text)
            self._worst = max(self._worst, found.unfit)
            return _Done(program, bindings, found), first
        where = "".format if last else self.data.where if level.over is None else "row {}".format
        natives = [] if last or self.native is None else self.native.ways(program)
        for native in (*natives, None):
            careful = CarefulRows(program, bindings, text, level.name or LAST, corner, where)
            careful.hasty = self.hasty
            if not bounds:
                careful.most = self._most
            else:  # what is shown; descents go on in floats
                careful.refine = partial(self._refined, level, given)
            try:
                result = self._result(level, careful, count, bounds, native)
            except OpenSum:
                assert native is not None  # noqa: S101  (sums are open where it made them)
                native.was_open()
            except OverflowError:
                raise _too_large(text) from None
            else:
                break
        self._worst = max(self._worst, careful.unfit)
        return _Done(program, bindings, result), careful.corners

    def _result(
        self, level: LevelProgram, careful: CarefulRows, count: int, bounds: bool, native: NativeWay | None
    ) -> LevelResult:
        """The level's number. Raises OpenSum and OverflowError."""
        arrays = self.arrays and bool(level.name)
        blocks = array_blocks if arrays else float_blocks
        what = level.program, careful.bindings, count, careful, blocks
        if level.kind == "sum":
            return summed(*what, arrays=arrays, bounds=bounds, native=native)
        return extreme(*what, arrays=arrays, bounds=bounds, least=level.kind == "min")

    def passes_of(self, level: LevelProgram) -> Passes | None:
        """Who goes over the rows of a level; None for those that are held here, and the terms of an index."""
        return self.data.passes if level.over is None else None

    @property
    def manner(self) -> Manner:
        """How the rows are gone over."""
        return Manner(self.rows.text, self.data.rows, self.arrays, self.data.decimals)

    def _refined(self, level: LevelProgram, given: Mapping[str, Any]) -> list[Binding] | None:
        """What the rows of *level* are made of, the numbers of the levels before it as rationals or narrow balls.

        None where there is too much to do, or a level has no number.
        """
        from gradcli.calculus.rows.row_in_balls import MOST_BITS, are_few, levels_in_balls

        if self.data.passes is not None or not are_few(self.rows, self.data):
            return None
        known = levels_in_balls(self.rows, self.data, given, MOST_BITS, level.name)
        if known is None:
            return None
        held = {name: Held(float(x), 0.0, given=x) for name, x in given.items()}
        held |= {name: Held(0.0, 0.0, given=x) for name, x in known.items()}
        return self.data.bound(self.rows, level.program.variables, level.over, held)

    def _count(self, index: Index | None) -> int:
        return self.data.count(index, self.rows.text)

    def _backwards(self, done: list[tuple[str, _Done]], corners: Mapping[str, Corners]) -> RowsAnswer:
        """The slopes along what was given, level by level from the last."""
        adjoints: dict[str, Slope] = {"": slope(1.0)}
        slopes: dict[str, Slope] = {}
        columns = {
            name: ColumnSlopes(self.data.rows, self.arrays)
            for name in self.rows.wrt
            if name in self.rows.columns
        }
        names = {name for name, _ in done}
        for name, (program, bindings, result) in reversed(done):
            adjoint = adjoints.get(name, NOTHING)
            for place, along in result.held.items():
                one, variable = through(adjoint, along), program.variables[place]
                binding = bindings[place]
                if isinstance(binding, Held) and binding.column:
                    columns[binding.column].add_one(binding.row, one)
                elif variable in names:
                    adjoints[variable] = added(adjoints.get(variable, NOTHING), one)
                else:
                    slopes[variable] = added(slopes.get(variable, NOTHING), one)
            for place, rows in result.rows.items():
                binding = bindings[place]
                assert not isinstance(binding, Held)  # noqa: S101  (rows are of columns)
                columns[binding.column].add_rows(binding, rows, adjoint)
        _, last = done[-1]
        return RowsAnswer(last.result.value, last.result.error * UNIT, slopes, columns, corners)


def _too_large(text: str) -> DomainProblem:
    return DomainProblem("a sum over the rows is too large for a float", text=text)


def _attained(level: LevelProgram, done: _Done) -> Held | None:
    """The number of a column that is its least or greatest, where one row alone has it; None for any other level."""
    program, bindings, result = done
    if level.kind == "sum" or program.value >= len(bindings) or program.value not in result.rows:
        return None
    one, places = bindings[program.value], result.rows[program.value].places
    if not isinstance(one, Varying) or not one.column or places is None or len(places) != 1:
        return None
    row = places[0]
    given = None if one.given is None else one.given_at(row)
    return Held(result.value, result.error, one.column, one.start + one.step * row, given)
