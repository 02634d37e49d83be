"""The numbers that the rows of a level are made of: those of columns, of shifted columns, of an index, and held ones."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from gradcli.calculus.backends.error_propagation import UNDERFLOW
from gradcli.calculus.backends.rounding_error import input_errors
from gradcli.calculus.program.typed_numbers import is_short, shortest_decimal, text_of
from gradcli.calculus.rows.numbers_in_blocks import Decimals, NumbersInBlocks, counted
from gradcli.calculus.rows.row_program import RowsProgram
from gradcli.language.errors import NameProblem, SyntaxProblem, ValueProblem
from gradcli.language.rows.row_levels import ROWS, Element, Index, Line

if TYPE_CHECKING:
    from gradcli.calculus.program.program import Program
    from gradcli.calculus.rows.row_program import LevelProgram

#: Numbers of the rows: an array of floats, of the standard library or NumPy's, or NumbersInBlocks.
Numbers = Any


class Held(NamedTuple):
    """A number that is the same in every row. error: in units of 2**-53. column, row: what it is one number of.

    given: what was given, to which the float is only near; None for what is computed, or is its float.
    """

    value: float
    error: float = 0.0
    column: str = ""
    row: int = 0
    given: Any = None

    @property
    def exact(self) -> Any:
        """What was given, or the float where that is what it is."""
        return self.value if self.given is None else self.given


class Varying(NamedTuple):
    """A number for each row. given: the numbers of the whole column as they were typed; None where they are their floats.

    errors: how far the floats are from what was given, where that is not told from the floats, for the whole column.
    column, start, step: which numbers of which column they are; no column for an index.
    """

    numbers: Numbers
    given: Sequence[Any] | Decimals | None = None
    column: str = ""
    start: int = 0
    step: int = 1
    errors: Numbers = None

    @property
    def typed(self) -> bool:
        """Whether the floats are only near to what was given."""
        return self.given is not None

    def cut(self, first: int, size: int) -> Varying:
        """The same for some of the rows, with plain floats."""
        start, numbers = self.start + self.step * first, self.numbers[first : first + size]
        return self._replace(numbers=array("d", numbers.tolist()), start=start)

    def own_errors(self, first: int, size: int) -> Numbers:
        """The errors of *size* rows from *first* on, where they are known; None where the floats tell them."""
        if self.errors is None:
            return None
        place, end = self.start + self.step * first, self.start + self.step * (first + size)
        return self.errors[place : end if end >= 0 else None : self.step]

    def given_at(self, row: int) -> Any:
        """What was given for a row."""
        return float(self.numbers[row]) if self.given is None else self.given[self.start + self.step * row]


Binding = Held | Varying


class Manner(NamedTuple):
    """How rows are gone over: the text that messages point at, how many rows there are, and whether NumPy does it.

    decimals: whether the columns' floats stand for decimals.
    """

    text: str
    rows: int
    arrays: bool
    decimals: bool = False


class Passes(Protocol):
    """Who goes over rows that are not held here but in parts elsewhere."""

    def level(
        self, level: LevelProgram, held: Mapping[str, Held], manner: Manner, corner: str, *, bounds: bool
    ) -> tuple[Any, Any]:
        """The LevelResult of all rows, and the first Corner. Raises DomainProblem and OverflowError."""

    def sums(self, program: Program, level: LevelProgram, held: Mapping[str, Held], manner: Manner) -> Any:
        """What `sums_and_sizes` gives, of all rows."""

    def plain(self, program: Program, held: Mapping[str, Held], manner: Manner) -> Any:
        """What `plain_sums` gives, of all rows."""


class Elsewhere:
    """The numbers of a column that are not held here; how many there are is known."""

    def __init__(self, rows: int) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return self._rows


#: Numbers of columns that are not in memory.
ELSEWHERE = (Elsewhere, NumbersInBlocks)


class RowData:
    """Columns of one length. where: what messages call a row. passes: who goes over the rows where they are not held here.

    decimals: whether each float stands for the shortest decimal that is read as it, as those of files do; then the numbers
    beside the columns do as well, so that they meet a cell where their floats do.

    given: the numbers of columns that were typed, as they were typed. errors: how far the floats are from them, in units of
    2**-53, for columns where the floats do not tell that (`decimal_error`).
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[float]],
        given: Mapping[str, Sequence[Any]] | None = None,
        where: Callable[[int], str] = "row {}".format,
        passes: Passes | None = None,
        *,
        decimals: bool = False,
    ) -> None:
        self.passes, self.decimals = passes, decimals
        self.columns: dict[str, Numbers] = {
            name: array("d", numbers) if isinstance(numbers, list | tuple) else numbers
            for name, numbers in columns.items()
        }
        self.where = where
        self.errors: dict[str, Numbers] = {
            name: array("d", input_errors(numbers, columns[name]))
            for name, numbers in (given or {}).items()
            if not all(map(_is_plain, numbers))
        }
        self.given: Mapping[str, Sequence[Any] | Decimals] = given or {}
        if decimals:
            self.given = {name: Decimals(numbers) for name, numbers in self.columns.items()}
        self.rows = len(next(iter(self.columns.values()), ()))

    def as_arrays(self) -> RowData:
        """The same in NumPy's arrays, which share what they can; numbers that are read in blocks stay so."""
        if self.passes is not None:
            return self
        import numpy as np

        found = RowData({}, where=self.where, decimals=self.decimals)
        found.given = self.given
        found.errors = {name: np.asarray(errors) for name, errors in self.errors.items()}
        found.columns = {
            name: numbers if isinstance(numbers, NumbersInBlocks) else np.asarray(numbers, dtype=float)
            for name, numbers in self.columns.items()
        }
        found.rows = self.rows
        return found

    def count(self, index: Index | None, text: str) -> int:
        """How many rows a level has: those of the columns, or the terms of its index."""
        if index is None:
            return self.rows
        low, high = self.ends(index, text)
        return max(high - low + 1, 0)

    def ends(self, index: Index, text: str) -> tuple[int, int]:
        """The bounds of an index. Raises SyntaxProblem where they are no whole numbers."""
        found = []
        for line in (index.low, index.high):
            bound = line.at(self.rows)
            if bound.denominator != 1:
                message = f"a bound of sum is a whole number, not {bound}"
                raise SyntaxProblem(message, text=text, span=index.span)
            found.append(int(bound))
        return found[0], found[1]

    def bound(
        self, rows: RowsProgram, names: Sequence[str], index: Index | None, held: Mapping[str, Held]
    ) -> list[Binding]:
        """What each of *names* is in the rows of a level. Raises NameProblem for a row beyond those that there are."""
        return [self._bound(rows, name, index, held) for name in names]

    def _bound(self, rows: RowsProgram, name: str, index: Index | None, held: Mapping[str, Held]) -> Binding:
        if name == ROWS:
            return Held(float(self.rows))
        if name in held:
            return held[name]
        if index is not None and name == index.name:
            low, high = self.ends(index, rows.text)
            return Varying(counted(low, high))
        if name in rows.elements:
            return self._element(rows.elements[name], index, rows.text)
        return self._varying(self.columns[name], name, 0, 1)

    def _varying(self, numbers: Numbers, column: str, start: int, step: int) -> Varying:
        return Varying(numbers, self.given.get(column), column, start, step, self.errors.get(column))

    def _element(self, element: Element, index: Index | None, text: str) -> Binding:
        column = self.columns[element.column]
        if not element.over or index is None:
            row = self._row(element, element.row, 0, text)
            return self._one(element.column, row)
        low, high = self.ends(index, text)
        if high < low:
            return self._varying(column[:0], element.column, 0, 1)
        start, last = (self._row(element, element.row, i, text) for i in (low, high))
        step = int(element.row.step) if high > low else 1
        numbers = column[start : last + 1 : step] if step > 0 else column[last : start + 1][::-1][::-step]
        if element.row.step.denominator != 1:
            raise _no_row(element, element.row.at(self.rows) + element.row.step * (low + 1), self.rows, text)
        return self._varying(numbers, element.column, start, step)

    def _one(self, column: str, row: int) -> Held:
        value, numbers = float(self.columns[column][row]), self.given.get(column)
        if numbers is None:
            return Held(value, 0.0, column, row)
        return Held(value, input_errors([numbers[row]], [value])[0], column, row, numbers[row])

    def _row(self, element: Element, line: Line, index: int, text: str) -> int:
        row = line.at(self.rows) + line.step * index
        if row.denominator != 1 or not 0 <= row < self.rows:
            raise _no_row(element, row, self.rows, text)
        return int(row)

    def held(self, number: float, given: Any = None) -> Held:
        """A number beside the columns. given: as it was typed, None for a computed one."""
        if text_of(given) is not None:
            return Held(float(number), input_errors([given], [float(number)])[0], given=given)
        if not self.decimals or is_short(number):
            return Held(float(number))
        return Held(float(number), decimal_error(number), given=shortest_decimal(float(number)))


def _no_row(element: Element, row: Fraction, rows: int, text: str) -> NameProblem:
    message = f"{element.column} has the rows 0 to {rows - 1}, and no row {row}"
    return NameProblem(message, text=text, span=element.span)


def check_rows(rows: RowsProgram, data: RowData) -> None:
    """Raises ValueProblem for columns of different lengths, and where var and std have nothing left to divide by."""
    lengths = {name: len(numbers) for name, numbers in data.columns.items()}
    for name, count in lengths.items():
        if count != data.rows:
            first = next(iter(lengths))
            message = f"{first} has {data.rows} numbers and {name} has {count}: columns have one length"
            raise ValueProblem(message, hint="numbers beside columns hold for every row").about(name)
    if rows.less and not rows.less < data.rows:
        message = f"var and std divide by the {data.rows} rows less {rows.less}, which is not positive"
        raise ValueProblem(message)


def _is_plain(given: object) -> bool:
    """Whether a number is its float, or a decimal that is short enough for its float to tell how far it is away."""
    text = text_of(given)
    return text is None or (len(text) <= _PLAIN and not set(text) - _CHARACTERS)


#: Characters of a decimal whose float tells how far away it is; no more of them, for it is a float's shortest decimal then.
_PLAIN, _CHARACTERS = 15, frozenset("0123456789.-")


def decimal_error(x: float) -> float:
    """How far a float may be from the decimal that it was read from, in units of 2**-53."""
    return 0.0 if is_short(x) else abs(x) + UNDERFLOW


def same_number(bindings: Sequence[Binding], row: int) -> tuple[int, int] | None:
    """The places of a shared number and of the row's own that are one number of one column, as x[0] is in the first row.

    None where there are none.
    """
    own = {
        (one.column, one.start + one.step * row): place
        for place, one in enumerate(bindings)
        if isinstance(one, Varying) and one.column
    }
    for place, one in enumerate(bindings):
        if isinstance(one, Held) and one.column and (one.column, one.row) in own:
            return place, own[one.column, one.row]
    return None


def part_of(numbers: Any, rows: Any) -> Any:
    """Some rows of an array; what all rows share as it is."""
    return numbers[rows] if getattr(numbers, "ndim", 0) else numbers
