"""Levels → programs of one row each: plain data, linear in the text, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.program import Program, from_data, made_of, to_data
from gradcli.language.rows.row_levels import KINDS, ROWS, Element, Index, Levels, Line
from gradcli.language.tree import Expression


class LevelProgram(NamedTuple):
    """The program of one row, whose number is that of all rows by its kind."""

    name: str
    kind: str
    program: Program
    over: Index | None = None


class RowsProgram(NamedTuple):
    """The programs of a text with columns, and of what is made of their numbers at last.

    variables: all names that have values, columns among them. wrt: the names along which there are slopes, columns whole.
    """

    text: str
    levels: tuple[LevelProgram, ...]
    last: Program
    elements: Mapping[str, Element]
    columns: frozenset[str]
    variables: tuple[str, ...]
    wrt: tuple[str, ...]
    less: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def instructions(self) -> int:
        """The instructions of one row through all levels."""
        return sum(len(level.program.code) for level in self.levels)

    @property
    def size(self) -> int:
        """The operations, numbers and names of one row through all levels, without those of slopes."""
        return sum(1 + value_size(level.program) for level in self.levels) + value_size(self.last)

    @property
    def unknown(self) -> frozenset[str]:
        """The names along which nobody knows the slope."""
        needs: dict[str, frozenset[str]] = {}
        lost: set[str] = set()
        for name, program in [*((level.name, level.program) for level in self.levels), ("", self.last)]:
            places = {one: self._own(one, needs) for one in program.variables}
            needs[name] = frozenset().union(*places.values())
            lost |= frozenset().union(*(places[one] for one in program.unknown))
        return frozenset(lost)

    @property
    def connected(self) -> frozenset[str]:
        """The names of `wrt` on which the value depends where it has slopes."""
        needs: dict[str, frozenset[str]] = {}
        for name, program in [*((level.name, level.program) for level in self.levels), ("", self.last)]:
            paired = zip(program.variables, program.gradient, strict=True)
            found = (self._own(one, needs) for one, slot in paired if slot is not None)
            needs[name] = frozenset().union(*found)
        return needs[""]

    def _own(self, name: str, needs: Mapping[str, frozenset[str]]) -> frozenset[str]:
        if name in needs:
            return needs[name]
        own = self.elements[name].column if name in self.elements else name
        return frozenset((own,)) & frozenset(self.wrt)


def value_size(program: Program) -> int:
    """The operations, numbers and names that a program's value is made of."""
    return len(made_of(program, (program.value,)))


def compile_levels(levels: Levels, wrt: Collection[str] | None = None) -> RowsProgram:
    """The programs of *levels*, with slopes along the names *wrt*, or along all."""
    chosen = tuple(name for name in levels.variables if wrt is None or name in wrt)
    active = set(chosen) | {name for name, one in levels.elements.items() if one.column in chosen}
    programs = []
    for level in levels.levels:
        program = _program(level.expression, active)
        programs.append(LevelProgram(level.name, level.kind, program, level.over))
        if any(slot is not None for slot in program.gradient) or program.unknown:
            active.add(level.name)
    last = _program(levels.last, active)
    used = _with_slope(last)
    for place in range(len(programs) - 1, -1, -1):  # nobody asks for slopes of what is held constant
        made = programs[place]
        if made.name in used:
            used |= _with_slope(made.program)
        elif not made.program.unknown:
            programs[place] = made._replace(program=_program(levels.levels[place].expression, ()))
    return RowsProgram(
        levels.text, tuple(programs), last, dict(levels.elements), levels.columns, levels.variables, chosen, levels.less,
        levels.remarks,
    )  # fmt: skip


def _with_slope(program: Program) -> set[str]:
    named = zip(program.variables, program.gradient, strict=True)
    return {name for name, slot in named if slot is not None}


def _program(expression: Expression, active: Collection[str]) -> Program:
    names = [name for name in expression.variables if name in active and name != ROWS]
    return program_of(swept(expression, names), expression.variables)


# --- as data ---------------------------------------------------------------------------------------------------


def rows_to_data(rows: RowsProgram) -> list[Any]:
    """The programs as JSON-ready lists."""
    levels = [
        [one.name, one.kind, to_data(one.program), None if one.over is None else _index_data(one.over)]
        for one in rows.levels
    ]
    elements = [
        [name, one.column, _line_data(one.row), one.over, list(one.span)]
        for name, one in rows.elements.items()
    ]
    return [rows.text, levels, to_data(rows.last), elements, sorted(rows.columns), list(rows.variables), list(rows.wrt),
            rows.less, list(rows.remarks)]  # fmt: skip


def _index_data(index: Index) -> list[Any]:
    return [index.name, _line_data(index.low), _line_data(index.high), list(index.span)]


def _line_data(line: Line) -> list[str]:
    return [str(number) for number in line]


def rows_from_data(data: Any) -> RowsProgram:
    """What `rows_to_data` gave. Raises ValueError for anything else."""
    try:
        text, levels, last, elements, columns, variables, wrt, less, remarks = data
        rows = RowsProgram(
            str(text), tuple(_level(*one) for one in levels), from_data(last),
            {str(name): Element(str(column), _line(row), str(index), _span(span))
             for name, column, row, index, span in elements},
            frozenset(map(str, columns)), tuple(map(str, variables)), tuple(map(str, wrt)), int(less),
            tuple(map(str, remarks)),
        )  # fmt: skip
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError("no program of rows") from error
    _check(rows)
    return rows


def _level(name: Any, kind: Any, program: Any, index: Any) -> LevelProgram:
    if kind not in KINDS:
        raise ValueError(kind)
    found = None
    if index is not None:
        own, low, high, span = index
        found = Index(str(own), _line(low), _line(high), _span(span))
    return LevelProgram(str(name), kind, from_data(program), found)


def _line(data: Sequence[str]) -> Line:
    constant, rows, step = map(Fraction, data)
    return Line(constant, rows, step)


def _span(data: Sequence[Any]) -> tuple[int, int]:
    start, end = map(int, data)
    return start, end


def _check(rows: RowsProgram) -> None:
    """Raises ValueError where a program needs a name that nothing before it gives."""
    known = {ROWS, *rows.elements, *rows.variables}
    for level in rows.levels:
        own = {level.over.name} if level.over else set()
        if not known | own >= set(level.program.variables) or level.name in known:
            raise ValueError("no program of rows")
        known.add(level.name)
    if not known >= set(rows.last.variables):
        raise ValueError("no program of rows")
