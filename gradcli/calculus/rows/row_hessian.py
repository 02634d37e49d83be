"""Second derivatives along the numbers beside columns: sums of those of the rows, chained from level to level forward.

A level's number m has, along the numbers a, the gradient and the Hessian of a sum over rows of g(a, m1, m2, …), where m1, m2
are levels before it: Σ(g_aa + g_am m' + m'ᵀ g_ma + m'ᵀ g_mm m' + g_m m'').
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.graph.derivative_programs import Derived, derived
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.level_result import OpenSum, Total, numbers_held, sums_and_sizes
from gradcli.calculus.rows.row_data import Binding, Held
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import LevelProgram, RowsProgram

Matrix = list[list[float]]

#: An entry that is smaller than this share of the sizes of all that it was added from is not told from 0.
NOISE = 1e-13


class _Second(NamedTuple):
    """A number's derivatives along the names: its gradient and its Hessian, and the sizes of all that each was added from."""

    slopes: list[float]
    matrix: Matrix
    slope_sizes: list[float]
    sizes: Matrix


class Wanted(NamedTuple):
    """A level, what it is differentiated along, and the program that has the derivatives as its slopes.

    outputs: the slots of its value and of these. sized: the program with the size of each of them behind it.
    """

    level: LevelProgram
    along: tuple[str, ...]
    program: Program
    places: dict[int, int]
    found: Derived
    outputs: tuple[int, ...]
    sized: Program


class RowHessian:
    """The Hessian along *names* of a program of rows; `at` gives it at a point."""

    def __init__(self, rows: RowsProgram, evaluation: RowEvaluation, names: Sequence[str]) -> None:
        self.rows, self.evaluation, self.names = rows, evaluation, tuple(names)
        active = set(names)
        self.is_known = "stop_gradient" not in rows.text  # which holds constant what is differentiated here
        self.levels: list[Wanted] = []
        for level in (*rows.levels, LevelProgram("", "sum", rows.last)):
            connected = zip(level.program.variables, level.program.gradient, strict=True)
            along = tuple(name for name, slot in connected if name in active and slot is not None)
            if along:
                active.add(level.name)
            found = derived(level.program, along, seconds=True)
            self.levels.append(_wanted(level, along, found))

    def at(self, numbers: Mapping[str, float]) -> Matrix | None:
        """The matrix where the numbers are so; None where a level has no second derivatives or no value."""
        if not self.is_known:
            return None
        held = {name: Held(x) for name, x in numbers.items()}
        size = len(self.names)
        known: dict[str, _Second] = {}
        for place, name in enumerate(self.names):
            unit = [float(place == i) for i in range(size)]
            known[name] = _Second(unit, _zeros(size), unit, _zeros(size))
        for wanted in self.levels:
            sums = self._sums(wanted, held)
            if sums is None:
                return None
            held[wanted.level.name] = Held(sums[0][0])
            known[wanted.level.name] = _chained(wanted, sums, known, size)
        pairs = [
            list(zip(*both, strict=True)) for both in zip(known[""].matrix, known[""].sizes, strict=True)
        ]
        matrix = [[0.0 if abs(x) <= NOISE * whole else x for x, whole in row] for row in pairs]
        return matrix if all(math.isfinite(x) for row in matrix for x in row) else None

    def _sums(self, wanted: Wanted, held: Mapping[str, Held]) -> list[tuple[float, float]] | None:
        """The sums over the rows of the value and of all that is asked for, and of their sizes; None for rows without one."""
        level, evaluation = wanted.level, self.evaluation
        if level.kind != "sum":
            return self._extreme(wanted, held)
        last = not level.name
        bindings = evaluation.data.bound(self.rows, wanted.program.variables, level.over, held)
        count = 1 if last else evaluation.data.count(level.over, self.rows.text)
        arrays = evaluation.arrays and not last
        if not last and (passes := evaluation.passes_of(level)) is not None:
            totals = passes.sums(wanted.program, level, held, evaluation.manner)
        elif not last and (known := self._natively(wanted, bindings, count)) is not None:
            return known
        else:
            totals = sums_and_sizes(wanted.program, bindings, count, arrays=arrays)
        if totals is None:
            return None
        try:
            return [(number.rounded(), size.rounded()) for number, size in map(Total.gathered, totals)]
        except OverflowError:
            return None

    def _natively(
        self, wanted: Wanted, bindings: Sequence[Binding], count: int
    ) -> list[tuple[float, float]] | None:
        """The same by machine code; None where it does not pay, or a row or a sum is in doubt."""
        native, program, given = self.evaluation.native, wanted.sized, numbers_held(bindings)
        slots = [
            *wanted.outputs,
            *range(program.first + len(wanted.program.code), program.first + len(program.code)),
        ]
        for way in native.ways(program) if native is not None and given is not None else ():
            found = way.sums(program, slots, given or [], count, self.evaluation.arrays)
            if found is None or found.left:
                return None
            totals = [Total(arrays=False) for _ in wanted.outputs]
            for total, numbers, bound in zip(totals, found.numbers, found.bounds, strict=False):
                total.add_open(numbers, bound)
            try:
                sizes = map(sum, found.numbers[len(totals) :])
                return [(total.rounded(), size) for total, size in zip(totals, sizes, strict=True)]
            except OpenSum:
                way.was_open()
            except OverflowError:
                return None
        return None

    def _extreme(self, wanted: Wanted, held: Mapping[str, Held]) -> list[tuple[float, float]] | None:
        """Those of the row that has the least or the greatest number; None where nothing depends on it alone."""
        if wanted.along:
            return None
        numbers = {name: one.value for name, one in held.items()}
        value = self.evaluation.number_of(wanted.level, numbers)
        return None if value is None else [(value, abs(value))]


def _wanted(level: LevelProgram, along: Sequence[str], found: Derived) -> Wanted:
    """The program whose slopes are the first and second derivatives: in the place of slopes along so many variables."""
    slots = [slot for slot in found.slopes if slot is not None]
    slots += [slot for i, row in enumerate(found.seconds) for slot in row[: i + 1] if slot is not None]
    distinct = list(dict.fromkeys(slots))
    program = found.program._replace(value=found.value, gradient=tuple(distinct))
    outputs = (program.value, *distinct)
    sized = program._replace(code=(*program.code, *(("abs", slot) for slot in outputs)))
    places = {slot: i for i, slot in enumerate(distinct)}
    return Wanted(level, tuple(along), program, places, found, outputs, sized)


def _zeros(size: int) -> Matrix:
    return [[0.0] * size for _ in range(size)]


def _chained(
    wanted: Wanted, sums: Sequence[tuple[float, float]], known: Mapping[str, _Second], size: int
) -> _Second:
    """A level's derivatives along the names, from those along what it is made of."""
    found = _Second([0.0] * size, _zeros(size), [0.0] * size, _zeros(size))
    if not wanted.along:
        return found

    def of(slot: int | None) -> tuple[float, float]:
        return (math.nan, math.nan) if slot is None else sums[1 + wanted.places[slot]]

    inner = [known[name] for name in wanted.along]
    for one, slot in zip(inner, wanted.found.slopes, strict=True):
        _add_first(found, one, *of(slot))
    for p, a in enumerate(inner):
        for q, b in enumerate(inner):
            _add_second(found, a, b, *of(wanted.found.seconds[max(p, q)][min(p, q)]))
    return found


def _add_first(found: _Second, one: _Second, first: float, whole: float) -> None:
    """Add what the slope along *one* makes of its derivatives; whole: the size of all that the slope was added from."""
    for i in range(len(found.slopes)):
        found.slopes[i] += first * one.slopes[i]
        found.slope_sizes[i] += whole * one.slope_sizes[i]
        for j in range(len(found.slopes)):
            found.matrix[i][j] += first * one.matrix[i][j]
            found.sizes[i][j] += whole * one.sizes[i][j]


def _add_second(found: _Second, a: _Second, b: _Second, second: float, whole: float) -> None:
    """Add what the second derivative along *a* and *b* makes of their slopes."""
    for i in range(len(found.slopes)):
        for j in range(len(found.slopes)):
            found.matrix[i][j] += second * a.slopes[i] * b.slopes[j]
            found.sizes[i][j] += whole * a.slope_sizes[i] * b.slope_sizes[j]
