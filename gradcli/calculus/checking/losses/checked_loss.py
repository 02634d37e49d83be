"""A loss over rows and what it is compared with: numbers at points, each with the bound of its error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.checking.test_points import points
from gradcli.calculus.program.typed_numbers import text_of
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation, RowsAnswer
from gradcli.calculus.rows.row_program import RowsProgram
from gradcli.language.errors import DomainProblem

#: Points that are tried for each that is wanted, for each is a pass over all rows; so many of them are enough where no
#: one before had a slope.
TRIED, MOST_LOST = 5, 12

#: Digits of floats that are compared, and that tell any two of them apart.
_DIGITS, _ALL = 16, 17


class Told(NamedTuple):
    """A number and a bound of its error, absolute."""

    number: float
    error: float

    def is_apart(self, other: Told) -> bool:
        """Whether the two are certainly not one number."""
        return abs(self.number - other.number) > (self.error + other.error) * (1 + 2.0**-40)

    def digits(self, other: Told) -> int:
        """To how many digits of the larger the two are certainly the same; 0 where nothing is left of it."""
        size = max(abs(self.number), abs(other.number))
        gap = abs(self.number - other.number) + self.error + other.error
        if gap == 0:
            return _DIGITS
        return min(_DIGITS, math.floor(math.log10(size / gap))) if size > gap else 0


class Point(NamedTuple):
    """A value for each number beside the columns, and as each was typed."""

    numbers: Mapping[str, float]
    given: Mapping[str, Any]

    @property
    def shown(self) -> dict[str, str]:
        """As it is written."""
        return {
            name: text_of(self.given.get(name)) or repr(x).removesuffix(".0")
            for name, x in self.numbers.items()
        }


class CheckedLoss:
    """A loss over *data*. at: the point asked about, by name, as it was typed; empty for none. formulas: of its slopes."""

    def __init__(
        self, rows: RowsProgram, data: RowData, at: Mapping[str, Any], formulas: Mapping[str, str | None]
    ) -> None:
        self.rows, self.data, self.at, self.formulas = rows, data, at, formulas
        self.names = tuple(name for name in rows.variables if name not in rows.columns)
        self._evaluation = RowEvaluation(rows, data)
        self._answers: dict[tuple[float, ...], RowsAnswer | None] = {}

    @property
    def asked(self) -> Point | None:
        """The point asked about."""
        if not self.at:
            return None
        return Point({name: float(self.at[name]) for name in self.names}, self.at)

    def points(self, count: int) -> Iterator[Point]:
        """The point asked about, and others, the same ones every time, in which there may be a slope."""
        if (asked := self.asked) is not None:
            yield asked
        for _, texts in zip(range(TRIED * count), points(self.names), strict=False):
            yield Point({name: float(x) for name, x in zip(self.names, texts, strict=True)}, {})
            if not self.names:
                break

    def answer(self, point: Point) -> RowsAnswer | None:
        """Value and slopes at a point, with bounds; None where there is no value."""
        key = tuple(point.numbers[name] for name in self.names)
        if key not in self._answers:
            try:
                found = self._evaluation.at(point.numbers, bounds=True, given=point.given)
                self._answers[key] = found if math.isfinite(found.value) else None
            except DomainProblem:
                self._answers[key] = None
        return self._answers[key]

    def slope(self, variable: str, point: Point) -> Told | None:
        """The partial along a number; None where there is none, or no digit of it is certain."""
        found = self.answer(point)
        if found is None:
            return None
        if variable not in self.rows.connected:
            return Told(0.0, 0.0)
        one = found.slopes.get(variable)
        if one is None:
            return Told(0.0, 0.0)
        known = one.is_one and math.isfinite(one.left) and math.isfinite(one.error)
        return Told(one.left, one.error * UNIT) if known else None

    def slopes(self, point: Point) -> list[Told]:
        """All slopes that there are."""
        found = (self.slope(name, point) for name in self.rows.wrt if name in self.names)
        return [one for one in found if one is not None]


class ClaimedNumber:
    """What a claim has at points, over the same rows."""

    def __init__(self, rows: RowsProgram, data: RowData) -> None:
        self.rows, self._evaluation = rows, RowEvaluation(rows, data)

    @property
    def is_number(self) -> bool:
        """Whether it has no variables and no columns: it is about the point asked about."""
        return not self.rows.variables

    def at(self, point: Point) -> Told | None:
        """Its number; None where it has none."""
        try:
            found = self._evaluation.at(point.numbers, bounds=True, given=point.given)
        except DomainProblem:
            return None
        known = math.isfinite(found.value) and math.isfinite(found.error)
        return Told(found.value, found.error) if known else None


def written(number: Told, beside: Sequence[Told] = ()) -> str:
    """A number with the digits that are certain: 12 of them, or as many more as tell it from those *beside*."""
    if number.error >= abs(number.number):
        return "0"
    sure = _ALL
    if number.error:
        sure = min(_ALL, math.floor(math.log10(abs(number.number) / (2 * number.error))))
    digits = min(12, sure)
    for other in beside:
        gap = abs(number.number - other.number)
        if gap:
            size = max(abs(number.number), abs(other.number))
            digits = max(digits, min(sure, math.ceil(math.log10(size / gap)) + 3))
    return f"{number.number:.{max(digits, 1)}g}"
