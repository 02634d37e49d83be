"""Blocks of rows → blocks with the numbers that are asked for in each row.

Few rows are answered as single points are. Where a block has many operations NumPy carries them out, and a number is
computed again only where the bound of its error leaves fewer than eleven digits (DESIGN of large data: all digits that text
shows are right, and the floats are as near as the bound says).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.backends.rounding_error import TOLERANCE, input_errors
from gradcli.calculus.program.instructions import FLOATS
from gradcli.calculus.rows.numbers_in_blocks import Decimals
from gradcli.calculus.rows.row_data import Held, Varying
from gradcli.calculus.rows.row_evaluation import MANY
from gradcli.data.columns.concurrent_blocks import THREADS, concurrently
from gradcli.language.rows.loadable_libraries import has_arrays
from gradcli.shell.tables.point_answers import PointAnswers
from gradcli.shell.tables.row_question import RowQuestion

if TYPE_CHECKING:
    from gradcli.calculus.rows.bounds.block_numbers import BlockNumbers
    from gradcli.data.columns.column_block import Block

#: What an error may be of a number among many, in units of 2**-53: a share of 1e-11.
_SURE_OF_MANY = 1e-11 * 2**53

#: The numbers of a column: a list with None where there is none, or an array with nan there.
Numbers = Any


class AnsweredBlock(NamedTuple):
    """A block with its answers: the values, the other numbers in the order asked for (None: there are none).

    problems: the place of a row without a number -> why it has none. gaps: whether a row may be without one in an array.
    """

    block: Block
    value: Numbers
    partials: tuple[Numbers | None, ...]
    problems: dict[int, str]
    gaps: bool = True

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.block.numbers)


class BlockAnswers:
    """The answers of a question, block after block.

    begun: whether there were large blocks already, before those or among them; at_once: whether the first was one itself.
    rows: how many there are, as far as that is known: many are computed by machine code.
    """

    def __init__(self, asked: RowQuestion, *, begun: bool = False, rows: int = 0) -> None:
        self.begun, self.at_once, self._rows = begun, False, rows
        self._asked, self._program = asked, asked.outputs
        self._exact = PointAnswers(asked, sure=TOLERANCE)
        known = not self._program.unknown and all(one[0] in FLOATS for one in self._program.code)
        self._arrays = known and has_arrays()

    def each(self, blocks: Iterable[Block]) -> Iterator[AnsweredBlock]:
        """The answers. Raises what the blocks raise."""
        found = iter(blocks)
        for place, block in enumerate(found):
            large = len(block.numbers) * max(len(self._program.code), 1) >= MANY
            if large or self.begun:
                self.begun, self.at_once = True, large and not place
                many = PointAnswers(self._asked, sure=_SURE_OF_MANY)
                whole = chain([block], found)
                yield from self._by_arrays(whole, many) if self._arrays else self._one_by_one(whole, many)
                return
            yield self._by_points(block, self._exact)

    def _one_by_one(self, blocks: Iterable[Block], answers: PointAnswers) -> Iterator[AnsweredBlock]:
        for block in blocks:
            yield self._by_points(block, answers)

    def _by_points(self, block: Block, answers: PointAnswers) -> AnsweredBlock:
        found = [answers.at(numbers) for numbers in zip(*(v.tolist() for v in block.values), strict=True)]
        partials = tuple([one.partials[place] for one in found] for place in range(len(self._asked.places)))
        problems = {place: one.problem for place, one in enumerate(found) if one.problem is not None}
        return AnsweredBlock(block, [one.value for one in found], partials, problems)

    def _by_arrays(self, blocks: Iterator[Block], answers: PointAnswers) -> Iterator[AnsweredBlock]:
        """Blocks are computed in threads of their own while others are read or written; in one where Python has to help."""
        from gradcli.calculus.backends.numpy_operations import table
        from gradcli.calculus.rows.bounds.sure_rows import numbers_in_blocks

        threads = THREADS if all(op in table() for op, *_ in self._program.code) else 1
        numbers_of = numbers_in_blocks(self._program)
        for first in islice(blocks, 1):
            numbers_of = numbers_of.natively(self._bindings(first), self._rows)
            yield self._looked_at_again(first, *self._computed(numbers_of, first), answers)
        for block, found in concurrently(blocks, partial(self._computed, numbers_of), threads):
            yield self._looked_at_again(block, *found, answers)

    def _looked_at_again(
        self, block: Block, outputs: list[Any], doubtful: list[int], answers: PointAnswers
    ) -> AnsweredBlock:
        """The block with the rows that are in doubt answered as single points are."""
        import numpy as np

        problems, gaps = dict[int, str](), False
        value, *slopes = outputs
        left = iter(slopes)
        pairs = zip(self._asked.places, self._asked.fills, strict=True)
        partials = [
            next(left) if place is not None else None if fill is None else np.full(len(value), fill)
            for place, fill in pairs
        ]
        for place in doubtful:
            found = answers.in_balls([float(column[place]) for column in block.values])
            value[place] = np.nan if found.value is None else found.value
            gaps = gaps or found.value is None or None in found.partials
            for column, number in zip(partials, found.partials, strict=True):
                if column is not None:
                    column[place] = np.nan if number is None else number
            if found.problem is not None:
                problems[place] = found.problem
        return AnsweredBlock(block, value, tuple(partials), problems, gaps)

    def _computed(self, numbers_of: BlockNumbers, block: Block) -> tuple[list[Any], list[int]]:
        """The value and all slopes in floats, and which rows need a second look."""
        from gradcli.calculus.rows.bounds.sure_rows import sure_rows

        count = len(block.numbers)
        return sure_rows(self._program, self._bindings(block), count, _SURE_OF_MANY, numbers_of)

    def _bindings(self, block: Block) -> list[Held | Varying]:
        asked, program = self._asked, self._program
        held = {name: x for name, x in asked.at.items() if name in program.variables}
        errors = input_errors(list(held.values()), [float(x) for x in held.values()])
        known = dict(zip(held, errors, strict=True))
        return [
            _cells(block.values[asked.varying.index(name)], name)
            if name in asked.varying
            else Held(float(held[name]), known[name], given=held[name])
            for name in program.variables
        ]


def _cells(numbers: Numbers, name: str) -> Varying:
    """A column, whose floats stand for decimals."""
    return Varying(numbers, Decimals(numbers), name)
