"""A text with columns as levels: one expression of a row for each call that brings rows to one number, and the last one.

Nothing here grows with the number of rows: `sum((x - mean(x))**2)` is the level #1, the sum of x, the level #2, the sum of
(x - #1/#rows)**2, and the last expression, #2. A # begins a comment in every text, so that no name of a user has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from gradcli.language.errors import GradcliError
from gradcli.language.tree import Expression, Span

#: The name of the number of rows in the expressions of levels.
ROWS = "#rows"

#: How rows become one number: their exact sum, or the least or the greatest of them.
KINDS = ("sum", "min", "max")


class NotByLevels(GradcliError):
    """A text with columns that has no levels: it must be written out row by row."""

    kind = "columns"


class Line(NamedTuple):
    """A whole number that depends on the number of rows n and on an index i: constant + rows*n + step*i."""

    constant: Fraction = Fraction(0)
    rows: Fraction = Fraction(0)
    step: Fraction = Fraction(0)

    def at(self, rows: int) -> Fraction:
        """Its value where there are so many rows, for the index 0."""
        return self.constant + self.rows * rows


class Index(NamedTuple):
    """An index and its bounds. span: the characters of the sum."""

    name: str
    low: Line
    high: Line
    span: Span


class Element(NamedTuple):
    """One number of a column that is not that of the row itself: x[i+1], or x[0] for every row.

    over: the index that it depends on, empty for none. span: its characters.
    """

    column: str
    row: Line
    over: str
    span: Span


class Level(NamedTuple):
    """One number made of all rows. name: by which later levels call it. over: the index of a sum over one."""

    name: str
    kind: str
    expression: Expression
    over: Index | None = None


class Levels(NamedTuple):
    """A text with columns.

    levels: each of numbers, columns and the levels before it. last: of numbers and levels. elements: by their names in the
    expressions. variables: all names of the text that have values, columns among them. less: what var and std take
    off the number of rows at the most.
    """

    text: str
    levels: tuple[Level, ...]
    last: Expression
    elements: Mapping[str, Element]
    columns: frozenset[str]
    variables: tuple[str, ...]
    less: int = 0
    remarks: tuple[str, ...] = ()


def is_inner(name: str) -> bool:
    """Whether a name in the expressions of levels is none of the text's own."""
    return "#" in name
