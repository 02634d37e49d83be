"""Lowered programs of rows → the statements of a function of numbers and arrays, still without its language's frame.

A level's number and its slopes are made in one pass over the rows; then the last expression, and from it the adjoints of
the levels backwards: what is held in all rows has the sum of the rows' slopes as its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.exporting.columns.row_programs import RowPrograms
from gradcli.calculus.exporting.identifiers import safe_names, temporary_prefix
from gradcli.calculus.exporting.statements import statements
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.program.program import Program
from gradcli.language.rows.row_levels import ROWS

Line = tuple[str, str]

#: Texts that need no brackets in a sum.
_PLAIN_TERM = re.compile(r"[\w.]+([*/]|\.\*|\./)?[\w.]*")


class Slope(NamedTuple):
    """The slope of a level along one name: of all rows by *target*, of one row by *text*.

    column: whether it stays row by row. varies: whether the text is another number in each row.
    """

    target: str
    text: str
    column: str
    varies: bool


class LevelParts(NamedTuple):
    """One level: statements of a row, the row's number, and what they become over all rows.

    target: of the level's number. row: a name for the rows' numbers. columns: those that a row is made of.
    """

    target: str
    row: str
    kind: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    value: str
    varies: bool
    slopes: tuple[Slope, ...]


class Entry(NamedTuple):
    """One entry of the gradient. alone: what the last expression gives by itself, or empty. terms: adjoints and slopes.

    column: what the entry is along, or empty. varies: whether the terms are another number in each row.
    """

    target: str
    column: str
    alone: str
    terms: tuple[tuple[str, str], ...]
    varies: bool


class ColumnParts(NamedTuple):
    """A function of numbers and arrays without its language.

    rows, known: what the number of rows, and the condition that all levels have numbers, are called. guarded: whether
    that must be asked. value: its text. adjoints: statements behind those of the last expression.
    """

    name: str
    arguments: tuple[str, ...]
    columns: tuple[str, ...]
    rows: str
    levels: tuple[LevelParts, ...]
    lines: tuple[Line, ...]
    value: str
    adjoints: tuple[Line, ...]
    gradient: tuple[Entry, ...]
    known: str
    guarded: bool
    operations: frozenset[str]
    doc: tuple[str, ...] = ()
    test: ColumnTest | None = None

    @property
    def counts(self) -> bool:
        """Whether the number of rows is asked for."""
        varying = [
            one for level in self.levels for one in (level.varies, *(slope.varies for slope in level.slopes))
        ]
        return not all(varying) or re.search(rf"\b{self.rows}\b", self.text) is not None

    @property
    def text(self) -> str:
        """All the statements as one text, to look in."""
        lines = [*self.lines, ("", self.value), *self.adjoints]
        for level in self.levels:
            lines += [*level.lines, ("", level.value), *(("", slope.text) for slope in level.slopes)]
        return "\n".join(text for _, text in lines)


class ColumnTest(NamedTuple):
    """A point, an array for each column; the value and the gradient there, and how far from them each may be."""

    point: tuple[float | tuple[float, ...], ...]
    wanted: tuple[float | tuple[float, ...], ...]
    allowed: tuple[float | tuple[float, ...], ...]


class Asked(NamedTuple):
    """Whose gradient is taken: all variables, the columns among them, the names along which, and the function's name."""

    variables: tuple[str, ...]
    columns: frozenset[str]
    along: tuple[str, ...]
    name: str


def column_parts(
    language: Language, made: RowPrograms, asked: Asked, names: Mapping[str, str], helpers: Iterable[str]
) -> ColumnParts:
    """The parts of the function. names: the variables' safe names. helpers: words of the frame's own."""
    writing = _Writing(language, made, asked, names, helpers)
    levels = tuple(writing.level(name) for name in made.kinds)
    lines, value, adjoints = writing.last()
    code = [op for program in made.programs.values() for op, *_ in program.code]
    return ColumnParts(
        asked.name, tuple(names[name] for name in asked.variables),
        tuple(names[name] for name in asked.variables if name in asked.columns), writing.rows, levels, lines,
        value, adjoints, writing.entries(), writing.free("known"), made.guarded,
        frozenset(code),
    )  # fmt: skip


class _Writing:
    """The names given out so far, and the slopes of each level by what they are along."""

    def __init__(
        self,
        language: Language,
        made: RowPrograms,
        asked: Asked,
        names: Mapping[str, str],
        helpers: Iterable[str],
    ) -> None:
        self.language, self.made, self.asked = language, made, asked
        self.outer = {inner: name for name, inner in made.inner.items()}
        self.names = dict(names)
        self.taken = {asked.name, *names.values(), *helpers}
        self.rows = self.names[made.inner[ROWS]] = self.free("rows")
        for name, kind in made.kinds.items():
            self.names[made.inner[name]] = self.free(f"{kind}_{name[1:]}")
        self.slopes: dict[str, dict[str, Slope]] = {}
        self.alone: dict[str, str] = {}
        self.nothing = ""
        self.adjoints: dict[str, str] = {}
        self.prefix = temporary_prefix([*self.taken])

    def free(self, wish: str) -> str:
        """A name of the code's own like *wish*."""
        name = safe_names([wish], self.language, self.taken)[wish]
        self.taken.add(name)
        return name

    def level(self, name: str) -> LevelParts:
        """The statements of a level."""
        program = self.made.programs[name]
        made = statements(program, self.language, self.names, self.prefix)
        varying = _varying(program, self.asked.columns)
        target, found = self.names[self.made.inner[name]], dict[str, Slope]()
        for variable, slot in zip(program.variables, program.gradient, strict=True):
            if slot is None:
                continue
            own = self.names[variable]
            column = own if variable in self.asked.columns else ""
            found[variable] = Slope(
                self.free(f"{target}_{own}"), made.gradient[variable], column, slot in varying
            )
        self.slopes[name] = found
        columns = tuple(self.names[v] for v in program.variables if v in self.asked.columns)
        return LevelParts(target, self.free(f"row_{name[1:]}"), self.made.kinds[name], columns, made.lines,
                          made.value, program.value in varying, tuple(found.values()))  # fmt: skip

    def last(self) -> tuple[tuple[Line, ...], str, tuple[Line, ...]]:
        """The statements of the last expression, its value, and the adjoints of the levels, the last one first."""
        made = statements(self.made.programs[""], self.language, self.names, self.prefix)
        self.alone, self.nothing = dict(made.gradient), made.nothing
        lines = list[Line]()
        for name in reversed(tuple(self.made.kinds)):
            inner = self.made.inner[name]
            terms = [self.product(self.adjoints[outer], slopes[inner].target)
                     for outer, slopes in self.slopes.items() if outer in self.adjoints and inner in slopes]  # fmt: skip
            if inner in self.alone:
                terms.insert(0, self.alone[inner])
            if terms:
                self.adjoints[name] = self.free(f"d_{self.names[inner]}")
                lines.append((self.adjoints[name], added(terms)))
        return made.lines, made.value, tuple(lines)

    def product(self, adjoint: str, slope: str) -> str:
        """The text of what a level's slope adds to the whole one."""
        return self.language.operations["mul"].text.format(adjoint, slope)

    def entries(self) -> tuple[Entry, ...]:
        """The entries of the gradient."""
        found = []
        for name in self.asked.along:
            terms = [(self.adjoints[level], slopes[name])
                     for level, slopes in self.slopes.items() if level in self.adjoints and name in slopes]  # fmt: skip
            column = self.names[name] if name in self.asked.columns else ""
            found.append(
                Entry(
                    self.free(f"d_{self.names[name]}"), column, self.alone.get(name, ""),
                    tuple((adjoint, slope.target) for adjoint, slope in terms),
                    any(slope.varies for _, slope in terms),
                )
            )  # fmt: skip
        return tuple(found)


def _varying(program: Program, columns: Iterable[str]) -> set[int]:
    """The slots that are another number in each row."""
    held = frozenset(columns)
    found = {place for place, name in enumerate(program.variables) if name in held}
    for slot, (_, *places) in enumerate(program.code, program.first):
        if any(place in found for place in places):
            found.add(slot)
    return found


def added(terms: Sequence[str]) -> str:
    """The text of a sum."""
    if len(terms) == 1:
        return terms[0]
    return " + ".join(term if _PLAIN_TERM.fullmatch(term) else f"({term})" for term in terms)


def shown(lines: Sequence[Line], indent: str, end: str = "") -> list[str]:
    """Statements as lines of a source."""
    return [f"{indent}{target} = {text}{end}" for target, text in lines]
