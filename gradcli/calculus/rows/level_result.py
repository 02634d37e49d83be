"""One level at a point: its number, and its slopes along all that it is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.careful_rows import CarefulRows
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
        """A bound of the error of the sum that was rounded to *value*, in units of 2**-53; sums do not underflow."""
        own = 0.0 if self._total.is_exactly(value) else abs(value)
        return (self.errors + own) * _ROUNDED


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
        whole = patched(block, careful, slots, sided)
        for place, output in enumerate(whole.outputs):
            bound = whole.errors[place] if bounds else None
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


def patched(
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
            if errors:
                errors[number][place] = 0.0 if here.origins else here.error
        if errors:
            errors[0][place] = row.error
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
    widest = max(map(abs, ends))
    total.errors += math.fsum(one.error for one in sided) + widest
    return Slope(ends[0], ends[1], total.bound(widest), frozenset((level,)))


def _joined(parts: Sequence[Numbers], arrays: bool) -> Numbers:
    if arrays:
        import numpy as np

        return np.concatenate([np.asarray(part, dtype=float) for part in parts]) if parts else np.empty(0)
    return [number for part in parts for number in part]
