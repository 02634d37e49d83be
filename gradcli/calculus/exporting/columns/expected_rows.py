"""What a function of arrays gives at a point, and how far from that another machine's may be: its programs row by row."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

from gradcli.calculus.exporting.columns.column_parts import Asked, ColumnTest
from gradcli.calculus.exporting.columns.row_programs import RowPrograms
from gradcli.calculus.exporting.expected_floats import moved, moved_slots, own_and_allowed
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import RowsProgram
from gradcli.calculus.rows.sided_slopes import NOTHING
from gradcli.language.errors import DomainProblem
from gradcli.language.rows.row_levels import ROWS

#: The value of a name: a number, or one for each row.
Values = Mapping[str, float | Sequence[float]]


def column_test(
    rows: RowsProgram, made: RowPrograms, language: Language, asked: Asked, point: Values
) -> ColumnTest:
    """The test at *point*, at which gradcli's own numbers are wanted. Raises DomainProblem where there are none."""
    columns = {name: list(x) for name, x in point.items() if isinstance(x, Sequence)}
    numbers = {name: float(x) for name, x in point.items() if not isinstance(x, Sequence)}
    answer = RowEvaluation(rows, RowData(columns)).at(numbers)
    slopes = []
    for name in asked.along:
        along = (
            [answer.slopes.get(name, NOTHING)] if name not in columns else list(answer.columns[name].each())
        )
        slopes += along
    if not all(one.is_one and math.isfinite(one.left) for one in slopes):
        raise DomainProblem(
            "--with-test: the gradient is not one number at this point", hint="choose another point"
        )
    found = own_and_allowed(_Run(made, language, asked, numbers, columns).at)
    if found is None:
        raise DomainProblem("--with-test: the code answers NaN at this point: a number on the way is not finite",
                            hint="choose another point")  # fmt: skip
    wanted = (answer.value, *(one.left for one in slopes))
    sizes = [len(columns[name]) if name in columns else 0 for name in asked.along]
    given = tuple(tuple(columns[n]) if n in columns else numbers[n] for n in asked.variables)
    return ColumnTest(given, _in_parts(wanted, sizes), _in_parts(found[1], sizes))


def _in_parts(flat: Sequence[float], sizes: Sequence[int]) -> tuple[float | tuple[float, ...], ...]:
    """The value and the gradient's entries, those along columns as arrays. sizes: 0 for a number."""
    parts: list[float | tuple[float, ...]] = [flat[0]]
    place = 1
    for size in sizes:
        parts.append(tuple(flat[place : place + size]) if size else flat[place])
        place += size or 1
    return tuple(parts)


class _Run:
    """The code's programs over the rows of a point."""

    def __init__(
        self,
        made: RowPrograms,
        language: Language,
        asked: Asked,
        numbers: Mapping[str, float],
        columns: Mapping[str, Sequence[float]],
    ) -> None:
        self.made, self.language, self.asked = made, language, asked
        self.numbers, self.columns = numbers, columns
        self.count = len(next(iter(columns.values())))

    def at(self, source: random.Random | None) -> tuple[float, ...]:
        """Value and gradient, all results moved by *source*."""
        held = {**self.numbers, self.made.inner[ROWS]: float(self.count)}
        slopes: dict[str, dict[str, list[float]]] = {}
        for name in self.made.kinds:
            held[self.made.inner[name]], slopes[name] = self._level(name, held, source)
        program = self.made.programs[""]
        slots = moved_slots(program, self.language, [held[v] for v in program.variables], source)
        alone = {v: slots[place] for v, place in zip(program.variables, program.gradient, strict=True)
                 if place is not None}  # fmt: skip
        return (slots[program.value], *self._gradient(alone, slopes, source))

    def _level(
        self, name: str, held: Mapping[str, float], source: random.Random | None
    ) -> tuple[float, dict[str, list[float]]]:
        """The level's number, and its slopes in each row."""
        program, kind = self.made.programs[name], self.made.kinds[name]
        places = {
            v: slot for v, slot in zip(program.variables, program.gradient, strict=True) if slot is not None
        }
        values, slopes = list[float](), {v: list[float]() for v in places}
        for row in range(self.count):
            point = [self.columns[v][row] if v in self.columns else held[v] for v in program.variables]
            slots = moved_slots(program, self.language, point, source)
            values.append(slots[program.value])
            for v, slot in places.items():
                slopes[v].append(slots[slot])
        if kind == "sum":
            return _total(values, source), slopes
        best = min(values) if kind == "min" else max(values)
        first = values.index(best) if best in values else 0
        return best, {
            v: [s if row == first else 0.0 for row, s in enumerate(found)] for v, found in slopes.items()
        }

    def _gradient(
        self,
        alone: Mapping[str, float],
        slopes: Mapping[str, Mapping[str, list[float]]],
        source: random.Random | None,
    ) -> list[float]:
        adjoints: dict[str, float] = {}
        for name in reversed(tuple(self.made.kinds)):
            inner = self.made.inner[name]
            adjoints[name] = alone.get(inner, 0.0) + sum(
                moved(adjoints[outer] * _total(slopes[outer][inner], source), source)
                for outer in adjoints
                if inner in slopes[outer]
            )
        found = list[float]()
        for name in self.asked.along:
            with_it = [level for level in slopes if name in slopes[level]]
            if name in self.columns:
                for row in range(self.count):
                    found.append(
                        sum(moved(adjoints[one] * slopes[one][name][row], source) for one in with_it)
                    )
            else:
                totals = (moved(adjoints[one] * _total(slopes[one][name], source), source) for one in with_it)
                found.append(alone.get(name, 0.0) + sum(totals))
        return found


def _total(terms: Sequence[float], source: random.Random | None) -> float:
    """The plain sum of floats, in another order each time that results are moved."""
    if source is None:
        return math.fsum(terms) if all(map(math.isfinite, terms)) else math.nan
    order = list(terms)
    source.shuffle(order)
    return sum(order)
