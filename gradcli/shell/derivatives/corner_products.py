"""Products with a matrix where it has corners: the numbers that --corner chooses, times the components.

As in `gradcli grad --along`: what the limits from both sides agree on is the product, and only where they do not, the
entries are chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.point_answer import Note, Value

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix

#: Notes about an entry for which a number can be chosen.
CHOSEN = ("corner", "jump")

#: Digits of the entries beyond those of the product, which its sums may lose.
SPARE = 15


class ChosenEntries:
    """The entries of *matrix* at a point with the numbers that *corner* chooses, and what there is to say of them."""

    def __init__(self, matrix: Matrix, point: Mapping[str, Value], digits: int, corner: str) -> None:
        from gradcli.calculus.evaluation.notes import with_sub_expressions
        from gradcli.calculus.evaluation.table_at_point import tabulate

        found = tabulate(matrix, point, max(digits, 15) + SPARE, corner)
        self.matrix, self.entries, self.digits = matrix, found.entries, digits
        self.notes = list(with_sub_expressions(found.notes, matrix.text))

    def row_times(self, row: int, direction: Sequence[Value]) -> Value | None:
        """A row times a direction; None where an entry that counts has no number, or none is connected."""
        return self._sum([(row, column, x) for column, x in enumerate(direction)])

    def times_column(self, weights: Sequence[Value], column: int) -> Value | None:
        """Weights times a column; None likewise."""
        return self._sum([(row, column, weight) for row, weight in enumerate(weights)])

    def _sum(self, terms: Sequence[tuple[int, int, Value]]) -> Value | None:
        from gradcli.calculus.evaluation.directional_derivative import combination

        connected = [term for term in terms if self._is_connected(*term[:2])]
        if not connected:
            return None
        counting = [term for term in connected if float(term[2]) != 0]
        numbers = [self.entries[row][column] for row, column, _ in counting]
        return combination(numbers, [x for _, _, x in counting], self.digits)

    def _is_connected(self, row: int, column: int) -> bool:
        return self.matrix.slots[row][column] is not None or (row, column) in self.matrix.unknown


def is_chosen(corner: str, notes: Sequence[Note]) -> bool:
    """Whether a number is asked for where a product has none."""
    return corner != "none" and any(note.kind in CHOSEN for note in notes)


def is_filled(components: Iterable[Any], notes: Iterable[Note]) -> bool:
    """Whether none is without a number but those along variables that nothing depends on."""
    return sum(x is None for x in components) == sum(note.kind == "unconnected" for note in notes)


def with_chosen(found: Sequence[Any], chosen: Sequence[Value | None]) -> list[Any]:
    """The components that have no number, chosen."""
    return [other if own is None else own for own, other in zip(found, chosen, strict=True)]
