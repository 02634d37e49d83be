"""One level at a point: its number, and its slopes along all that it is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNDERFLOW
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.careful_rows import CarefulRow, CarefulRows
from gradcli.calculus.rows.float_blocks import Block
from gradcli.calculus.rows.row_data import Binding, Held, Numbers
from gradcli.calculus.rows.sided_slopes import Slope, slope
from gradcli.calculus.summation.partial_sum import PartialSum

#: The bounds of sums are floats themselves: so much more than their rounding.
_ROUNDED = 1 + 2.0**-40

Blocks = Callable[..., Iterator[Block]]


class RowSlopes(NamedTuple):
    """The slopes along the numbers of a column, row by row of the level. sided: those at corners, by place.

    errors: in units of 2**-53, one for each; None where they were not asked for.
    """

    numbers: Numbers
    errors: Numbers | None
    sided: Mapping[int, Slope] = {}
    places: Sequence[int] | None = None


class LevelResult(NamedTuple):
    """A level's number with a bound of its error, its slopes by the place of the variable in its program.

    held: along numbers that all rows share. rows: along those of each row.
    """

    value: float
    error: float
    held: Mapping[int, Slope]
    rows: Mapping[int, RowSlopes]


class Total:
    """The exact sum of a column of outputs and of the bounds of their errors."""

    def __init__(self, arrays: bool) -> None:
        self.errors = 0.0
        self._block: Any = None
        self._total = PartialSum()
        if arrays:
            from gradcli.calculus.summation.block_sum import BlockSum

            self._block = BlockSum()

    def add(self, numbers: Numbers, errors: Numbers | None) -> None:
        """Add a block."""
        if self._block is not None and not isinstance(numbers, list):
            self._block.add(numbers)
        else:
            self._total.add(numbers)
        if errors is not None:
            self.errors += float(errors.sum()) if hasattr(errors, "sum") else math.fsum(errors)

    def rounded(self) -> float:
        """The sum, rounded once. Raises OverflowError."""
        if self._block is not None:
            self._total.merge(self._block.total)
            self._block.total = PartialSum()
        return self._total.rounded()

    def bound(self, value: float) -> float:
        """A bound of the rounded sum's error, in units of 2**-53."""
        return (self.errors + abs(value)) * _ROUNDED + UNDERFLOW


def summed(
    program: Program, bindings: Sequence[Binding], count: int, careful: CarefulRows, blocks: Blocks, *, arrays: bool,
    bounds: bool,
) -> LevelResult:  # fmt: skip
    """The sum over all rows. Raises OverflowError where it, or that of its slopes, is too large."""
    slots = [i for i, slot in enumerate(program.gradient) if slot is not None]
    held = [isinstance(bindings[i], Held) for i in slots]
    totals = [Total(arrays), *(Total(arrays) for _ in slots)]
    rows: dict[int, list[Numbers]] = {i: [] for i, one in zip(slots, held, strict=True) if not one}
    errors: dict[int, list[Numbers]] = {i: [] for i in rows}
    sided: dict[int, dict[int, Slope]] = {i: {} for i in slots}
    for block in blocks(program, bindings, count, bounds=bounds):
        patched = _patched(block, careful, slots, sided)
        for place, output in enumerate(patched.outputs):
            bound = patched.errors[place] if bounds else None
            if place == 0 or held[place - 1]:
                totals[place].add(output, bound)
            else:
                rows[slots[place - 1]].append(output)
                errors[slots[place - 1]].append(bound)
    careful.check()
    value = totals[0].rounded()
    found = {
        i: _held_slope(totals[place], sided[i].values(), careful.level)
        for place, i in enumerate(slots, 1)
        if held[place - 1]
    }
    along = {
        i: RowSlopes(_joined(parts, arrays), _joined(errors[i], arrays) if bounds else None, sided[i])
        for i, parts in rows.items()
    }
    return LevelResult(value, totals[0].bound(value) if bounds else 0.0, found, along)


def _patched(
    block: Block, careful: CarefulRows, slots: Sequence[int], sided: Mapping[int, dict[int, Slope]]
) -> Block:
    """The block with what a careful look gives for the rows that failed."""
    if not block.failed:
        return block
    outputs, errors = [list(one) for one in block.outputs], [list(one) for one in block.errors]
    for place in block.failed:
        row = careful.look(block.start + place)
        if row is None:
            continue
        outputs[0][place] = row.value
        for number, slot in enumerate(slots, 1):
            here = row.slopes.get(slot, slope(0.0))
            if here.origins:
                sided[slot][block.start + place] = here
            else:
                outputs[number][place] = here.left
        for number, bound in enumerate(errors):
            bound[place] = abs(outputs[number][place]) + UNDERFLOW
    return block._replace(outputs=outputs, errors=errors)


def _held_slope(total: Total, sided: Any, level: str) -> Slope:
    sided = list(sided)
    if not sided:
        number = total.rounded()
        return slope(number, total.bound(number))
    ends = []
    for side in ("left", "right"):
        whole = PartialSum([getattr(one, side) for one in sided])
        total.rounded()  # which gathers what it has in blocks
        whole.merge(total._total)
        ends.append(whole.rounded())
    return Slope(ends[0], ends[1], total.bound(max(map(abs, ends))), frozenset((level,)))


def _joined(parts: Sequence[Numbers], arrays: bool) -> Numbers:
    if arrays:
        import numpy as np

        return np.concatenate([np.asarray(part, dtype=float) for part in parts]) if parts else np.empty(0)
    return [number for part in parts for number in part]


def extreme(
    program: Program, bindings: Sequence[Binding], count: int, careful: CarefulRows, blocks: Blocks, *, arrays: bool,
    bounds: bool, least: bool,
) -> LevelResult:  # fmt: skip
    """The least or the greatest number of all rows, and the slopes of the rows that attain it."""
    plain = program._replace(gradient=(None,) * len(program.variables))
    pick, best, widest = min if least else max, math.inf if least else -math.inf, 0.0
    tied: list[int] = []
    for block in blocks(plain, bindings, count, bounds=bounds):
        numbers, errors = _listed(_patched(block, careful, (), {}))
        widest = max([widest, *errors])
        here = pick(numbers)
        if here != pick(here, best):
            continue
        if here != best:
            best, tied = here, []
        if len(tied) < MOST_TIED:
            tied += [block.start + place for place, number in enumerate(numbers) if number == here]
    careful.check()
    tied = tied[:MOST_TIED]
    found = [careful.exactly(place) for place in tied]
    return _of_tied(program, bindings, best, widest, found, tied, careful.level, least)


def _listed(block: Block) -> tuple[list[float], list[float]]:
    """The values of a block, and the bounds of their errors, as lists: the least of a list is found quickly."""
    parts = (block.outputs[0], block.errors[0] if block.errors else [])
    numbers, errors = (part if isinstance(part, list) else part.tolist() for part in parts)
    return numbers, errors


#: Rows that attain a minimum or maximum together and are looked at.
MOST_TIED = 1000


def _of_tied(
    program: Program, bindings: Sequence[Binding], value: float, error: float, found: Sequence[CarefulRow],
    places: Sequence[int], level: str, least: bool,
) -> LevelResult:  # fmt: skip
    """The slopes of the rows that attain the extreme; where they differ it has a corner."""
    held: dict[int, Slope] = {}
    rows: dict[int, RowSlopes] = {}
    slots = [i for i, slot in enumerate(program.gradient) if slot is not None]
    for i in slots:
        slopes = [row.slopes.get(i, slope(0.0)) for row in found]
        if isinstance(bindings[i], Held):
            held[i] = _tied(slopes, level, least)
        elif len(slopes) == 1:
            sided = {0: slopes[0]} if slopes[0].origins else {}
            rows[i] = RowSlopes([slopes[0].left], [slopes[0].error], sided, places)
        else:  # each of them can leave the others behind, or stay with them
            sided = {j: _tied([one, slope(0.0)], level, least) for j, one in enumerate(slopes)}
            rows[i] = RowSlopes(
                [0.0] * len(slopes),
                [0.0] * len(slopes),
                {j: s for j, s in sided.items() if s.origins},
                places,
            )
    return LevelResult(value, error, held, rows)


def _tied(slopes: Sequence[Slope], level: str, least: bool) -> Slope:
    """The slopes of the least or greatest of numbers that are one here."""
    first = slopes[0]
    if all(one[:2] == first[:2] for one in slopes):
        return first
    if any(math.isnan(one.left) for one in slopes):
        return Slope(math.nan, math.nan, math.inf, frozenset((level,)))
    rights, lefts = [one.right for one in slopes], [one.left for one in slopes]
    ends = (max(lefts), min(rights)) if least else (min(lefts), max(rights))
    return Slope(*ends, max(one.error for one in slopes), frozenset((level,)))
