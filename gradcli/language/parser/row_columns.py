"""Rows of columns, and the calls that bring them to one number, written out row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gradcli.language.column_names import column_of, element, is_element
from gradcli.language.errors import NameProblem, SyntaxProblem, ValueProblem
from gradcli.language.parser.node_store import NodeStore
from gradcli.language.tree import EXACT, Node, Span


class Columns(NamedTuple):
    """The names with many numbers, and how many each of them has."""

    names: frozenset[str] = frozenset()
    rows: int = 0

    @classmethod
    def of(cls, columns: Mapping[str, int]) -> Columns:
        """The columns with so many rows each. Raises ValueProblem where their lengths differ."""
        (first, rows), *others = columns.items()
        for name, count in others:
            if count != rows:
                message = f"{first} has {_numbers(rows)} and {name} has {count}: columns have one length"
                raise ValueProblem(message, hint="numbers beside columns hold for every row").about(name)
        return cls(frozenset(columns), rows)


#: Where no name has many numbers.
NONE = Columns()


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"


class VariesByRow(NameProblem):
    """An expression that has a number for each row of its columns, where one number is needed.

    mixed: whether it also brings rows together.
    """

    mixed = False


class NoRowError(NameProblem):
    """A row that a column has not."""


def varies_by_row(text: str, name: str, columns: Columns, span: Span, *, mixed: bool = True) -> VariesByRow:
    """The error for a column where one number is needed."""
    message = f"{name} has a number in each row, and one number is needed here"
    problem = VariesByRow(
        message, text=text, span=span, hint="sum(e) and mean(e) bring the rows of e to one number"
    )
    problem.mixed = mixed
    return problem


def row_element(store: NodeStore, text: str, node: Node, row: int, columns: Columns) -> int:
    """The variable of one row of the column *node*. Raises NoRowError beyond the rows that there are."""
    if not 0 <= row < columns.rows:
        message = f"{node.text} has the rows 0 to {columns.rows - 1}, and no row {row}"
        raise NoRowError(message, text=text, span=node.span)
    return store.add("name", (), element(node.text, row), node.span)


class Reduction:
    """The tree of one reducing call, made of the nodes of its rows."""

    def __init__(self, store: NodeStore, name: str, span: Span) -> None:
        self.store, self.name, self.span = store, name, span

    def of(self, rows: list[int], others: list[int], less: int) -> int:
        """The call's node. rows, others: its arguments row by row; less: what is taken off the divisor of var and std."""
        return int(getattr(self, f"_{self.name}")(rows, others, less))

    def _node(self, op: str, *args: int, text: str = "") -> int:
        return self.store.add(op, args, text, self.span)

    def _total(self, rows: list[int]) -> int:
        return self._node("+", *rows, text=EXACT) if len(rows) > 1 else rows[0]

    def _sum(self, rows: list[int], others: list[int], less: int) -> int:
        return self._total(rows)

    def _mean(self, rows: list[int], others: list[int], less: int) -> int:
        return self._node("/", self._total(rows), self.store.number(len(rows) - less, self.span))

    def _var(self, rows: list[int], others: list[int], less: int) -> int:
        middle, two = self._mean(rows, others, 0), self.store.number(2, self.span)
        gaps = [self._node("+", row, self._node("neg", middle)) for row in rows]
        return self._mean([self._node("**", gap, two) for gap in gaps], others, less)

    def _std(self, rows: list[int], others: list[int], less: int) -> int:
        return self._node("sqrt", self._var(rows, others, less))

    def _norm(self, rows: list[int], others: list[int], less: int) -> int:
        two = self.store.number(2, self.span)
        return self._node("sqrt", self._total([self._node("**", row, two) for row in rows]))

    def _dot(self, rows: list[int], others: list[int], less: int) -> int:
        return self._total([self._node("*", a, b) for a, b in zip(rows, others, strict=True)])

    def _min(self, rows: list[int], others: list[int], less: int) -> int:
        return self._node("min", *rows)

    def _max(self, rows: list[int], others: list[int], less: int) -> int:
        return self._node("max", *rows)

    def _logsumexp(self, rows: list[int], others: list[int], less: int) -> int:
        return self._node("logsumexp", *rows)


def check_divisor(text: str, name: str, less: int, rows: int, span: Span) -> None:
    """Raises SyntaxProblem where nothing is left to divide by."""
    if not 0 <= less < rows:
        message = f"{name} divides by the {rows} rows less {less}, which is not positive"
        raise SyntaxProblem(message, text=text, span=span)


def with_all_rows(names: set[str], columns: Columns) -> set[str]:
    """*names*, and all elements of each column of which one is among them."""
    used = {column_of(name) for name in names if is_element(name)}
    return names | {element(column, row) for column in used for row in range(columns.rows)}
