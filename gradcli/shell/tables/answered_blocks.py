"""Blocks of rows → blocks with the value and the partials of an expression in each row.

Few rows are answered as single points are. Where a block has many operations NumPy carries them out, and a number is
computed again only where the bound of its error leaves fewer than eleven digits (DESIGN of large data: all digits that text
shows are right, and the floats are as near as the bound says).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.backends.rounding_error import TOLERANCE, input_errors
from gradcli.calculus.program.instructions import FLOATS
from gradcli.calculus.rows.row_data import Held, Varying
from gradcli.calculus.rows.row_evaluation import MANY
from gradcli.language.rows.loadable_libraries import has_arrays
from gradcli.shell.tables.point_answers import PointAnswers

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.data.columns.column_block import Block
    from gradcli.shell.problems.problem import Problem

#: What an error may be of a number among many, in units of 2**-53: a share of 1e-11.
_SURE_OF_MANY = 1e-11 * 2**53

#: The numbers of a column: a list with None where there is none, or an array with nan there.
Numbers = Any


class AnsweredBlock(NamedTuple):
    """A block with its answers: the values, the partials in the order asked for (None: nothing depends on it).

    problems: the place of a row without a number -> why it has none.
    """

    block: Block
    value: Numbers
    partials: tuple[Numbers | None, ...]
    problems: dict[int, str]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.block.numbers)


class BlockAnswers:
    """The answers of *compiled* along *names*, block after block. varying: the variables that are columns.

    begun: whether there were large blocks already, before those or among them; at_once: whether the first was one itself.
    """

    def __init__(
        self, compiled: Compiled, problem: Problem, names: Sequence[str], varying: Sequence[str], corner: str, *,
        begun: bool = False,
    ) -> None:  # fmt: skip
        self.begun, self.at_once = begun, False
        self._how = (compiled, problem, names, varying, corner)
        self._program, self._varying, self._names = compiled.program, tuple(varying), tuple(names)
        self._at = problem.at
        self._exact = PointAnswers(*self._how, sure=TOLERANCE)
        known = not self._program.unknown and all(one[0] in FLOATS for one in self._program.code)
        self._arrays = known and has_arrays()

    def each(self, blocks: Iterable[Block]) -> Iterator[AnsweredBlock]:
        """The answers. Raises what the blocks raise."""
        found = iter(blocks)
        for place, block in enumerate(found):
            large = len(block.numbers) * max(len(self._program.code), 1) >= MANY
            if large or self.begun:
                self.begun, self.at_once = True, large and not place
                many = PointAnswers(*self._how, sure=_SURE_OF_MANY)
                whole = chain([block], found)
                yield from self._by_arrays(whole, many) if self._arrays else self._one_by_one(whole, many)
                return
            yield self._by_points(block, self._exact)

    def _one_by_one(self, blocks: Iterable[Block], answers: PointAnswers) -> Iterator[AnsweredBlock]:
        for block in blocks:
            yield self._by_points(block, answers)

    def _by_points(self, block: Block, answers: PointAnswers) -> AnsweredBlock:
        found = [answers.at(numbers) for numbers in zip(*(v.tolist() for v in block.values), strict=True)]
        partials = tuple([one.partials[place] for one in found] for place in range(len(self._names)))
        problems = {place: one.problem for place, one in enumerate(found) if one.problem is not None}
        return AnsweredBlock(block, [one.value for one in found], partials, problems)

    def _by_arrays(self, blocks: Iterable[Block], answers: PointAnswers) -> Iterator[AnsweredBlock]:
        """One block is computed in a thread of its own while another is read or written."""
        from concurrent.futures import Future, ThreadPoolExecutor

        waiting: tuple[Block, Future[tuple[list[Any], Any]]] | None = None
        with ThreadPoolExecutor(1) as pool:
            for block in blocks:
                begun = block, pool.submit(self._computed, block)
                if waiting is not None:
                    yield self._looked_at_again(waiting[0], *waiting[1].result(), answers)
                waiting = begun
            if waiting is not None:
                yield self._looked_at_again(waiting[0], *waiting[1].result(), answers)

    def _looked_at_again(
        self, block: Block, outputs: list[Any], doubtful: Any, answers: PointAnswers
    ) -> AnsweredBlock:
        """The block with the rows that are in doubt answered as single points are."""
        import numpy as np

        problems: dict[int, str] = {}
        value, *slopes = outputs
        slots = dict(zip(self._program.variables, self._program.gradient, strict=True))
        connected = [name for name in self._program.variables if slots[name] is not None]
        along = dict(zip(connected, slopes, strict=True))
        partials = [along.get(name) for name in self._names]
        for place in np.flatnonzero(doubtful).tolist():
            found = answers.carefully([float(column[place]) for column in block.values])
            value[place] = np.nan if found.value is None else found.value
            for column, number in zip(partials, found.partials, strict=True):
                if column is not None:
                    column[place] = np.nan if number is None else number
            if found.problem is not None:
                problems[place] = found.problem
        return AnsweredBlock(block, value, tuple(partials), problems)

    def _computed(self, block: Block) -> tuple[list[Any], Any]:
        """The value and all slopes in floats, and which rows need a second look."""
        import numpy as np

        from gradcli.calculus.rows.array_blocks import array_blocks

        size = len(block.numbers)
        parts = list(array_blocks(self._program, self._bindings(block), size, bounds=True))
        doubtful = np.zeros(size, dtype=bool)
        for part in parts:
            here = doubtful[part.start : part.start + len(part.outputs[0])]
            for numbers, errors in zip(part.outputs, part.errors, strict=True):
                here |= ~(errors <= _SURE_OF_MANY * np.abs(numbers))
            here[part.failed] = True
        columns = zip(*(part.outputs for part in parts), strict=True)
        return [np.concatenate(column) for column in columns], doubtful

    def _bindings(self, block: Block) -> list[Held | Varying]:
        held = {name: x for name, x in self._at.items() if name in self._program.variables}
        errors = input_errors(list(held.values()), [float(x) for x in held.values()])
        known = dict(zip(held, errors, strict=True))
        return [
            Varying(block.values[self._varying.index(name)])
            if name in self._varying
            else Held(float(held[name]), known[name])
            for name in self._program.variables
        ]
