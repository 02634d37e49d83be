"""One level at a point: its number, and its slopes along all that it is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.native.rows.native_rows import NativeWay
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.careful_rows import CarefulRows
from gradcli.calculus.rows.float_blocks import Block, float_blocks, outputs_of
from gradcli.calculus.rows.row_data import ELSEWHERE, Binding, Held, Numbers, Varying
from gradcli.calculus.rows.sided_slopes import Slope, slope
from gradcli.calculus.summation.partial_sum import PartialSum

#: The bounds of sums are floats themselves: so much more than their rounding.
_ROUNDED = 1 + 2.0**-40

#: Instructions of all rows from which they are shared between two threads, and rows that may fail in each.
SHARED, _MOST_FAILED = 10_000_000, 10_000

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

    held: along numbers that all rows share. rows: along those of each row. unfit: how many rows had a value only in more
    digits than floats have, where parts were merged.
    """

    value: float
    error: float
    held: Mapping[int, Slope]
    rows: Mapping[int, RowSlopes]
    unfit: int = 0


class OpenSum(Exception):
    """A sum is known too loosely to be rounded."""


class ExactTotal:
    """An exact sum that grows by blocks of numbers, lists or arrays."""

    def __init__(self, arrays: bool) -> None:
        self._arrays, self._total = arrays, PartialSum()
        self._block: Any = None

    def add(self, numbers: Numbers) -> None:
        """Add a block."""
        if not self._arrays or isinstance(numbers, list):
            self._total.add(numbers)
            return
        if self._block is None:
            from gradcli.calculus.summation.block_sum import BlockSum

            self._block = BlockSum()
        self._block.add(numbers)

    def gathered(self) -> PartialSum:
        """The sum of all that was added."""
        if self._block is not None:
            self._total.merge(self._block.total)
            self._block.total = PartialSum()
        return self._total


class Total:
    """The exact sum of a column of outputs, and that of the bounds of their errors: no cut into blocks shows in either."""

    def __init__(self, arrays: bool) -> None:
        self._numbers, self._errors, self._open = ExactTotal(arrays), ExactTotal(arrays), 0.0

    def add(self, numbers: Numbers, errors: Numbers | None) -> None:
        """Add a block."""
        self._numbers.add(numbers)
        if errors is not None:
            self._errors.add(errors)

    @property
    def is_open(self) -> bool:
        """Whether the sum is not known exactly."""
        return self._open != 0

    def add_open(self, numbers: Sequence[float], bound: float) -> None:
        """Add numbers whose sum may be off by *bound*."""
        self._numbers.gathered().add(numbers)
        self._open += bound if all(map(math.isfinite, numbers)) else math.nan

    def merge(self, numbers: PartialSum, errors: PartialSum) -> None:
        """Add what was summed elsewhere."""
        self._numbers.gathered().merge(numbers)
        self._errors.gathered().merge(errors)

    def gathered(self) -> tuple[PartialSum, PartialSum]:
        """The sum, and that of the bounds of its terms' errors."""
        return self._numbers.gathered(), self._errors.gathered()

    def rounded(self) -> float:
        """The sum, rounded once. Raises OverflowError, and OpenSum where it is not known to which float."""
        if not self.is_open:
            return self._numbers.gathered().rounded()
        low, high = (self._moved(bound) for bound in (-self._open, self._open))
        if low != high:  # and nan
            raise OpenSum
        if math.isinf(low):
            raise OverflowError
        return low

    def _moved(self, bound: float) -> float:
        """The sum and a bound, rounded; infinite where that is too large."""
        whole = PartialSum([bound])
        whole.merge(self._numbers.gathered())
        try:
            return whole.rounded()
        except OverflowError:
            return math.copysign(math.inf, bound) if math.isfinite(bound) else math.nan

    def bound(self, value: float) -> float:
        """A bound of the error of the sum that was rounded to *value*, in units of 2**-53; sums do not underflow."""
        numbers, errors = self.gathered()
        own = 0.0 if not self.is_open and numbers.is_exactly(value) else abs(value)
        try:
            return (errors.rounded() + own) * _ROUNDED
        except OverflowError:
            return math.inf


class SidedSums(NamedTuple):
    """The sums of the slopes at corners on the left and on the right, and of the bounds of their errors."""

    left: PartialSum
    right: PartialSum
    errors: PartialSum

    @classmethod
    def of(cls, slopes: Collection[Slope]) -> SidedSums:
        """Those of some slopes."""
        sides = ([one.left for one in slopes], [one.right for one in slopes], [one.error for one in slopes])
        return cls(*map(PartialSum, sides))

    def merge(self, other: SidedSums) -> None:
        """Add those of other rows."""
        for own, more in zip(self, other, strict=True):
            own.merge(more)


class Gathered(NamedTuple):
    """What a pass over rows adds up: the value and each slope, in the order of the program's outputs.

    sided: the slopes at corners by the place of the variable, row by row. rows, errors: blocks of those along columns.
    """

    totals: list[Total]
    sided: dict[int, dict[int, Slope]]
    rows: dict[int, list[Numbers]]
    errors: dict[int, list[Numbers]]


def slots_of(program: Program) -> list[int]:
    """The places of the variables along which there are slopes."""
    return [i for i, slot in enumerate(program.gradient) if slot is not None]


def gathered(
    program: Program, bindings: Sequence[Binding], count: int, careful: CarefulRows, blocks: Blocks, *, arrays: bool,
    bounds: bool, native: NativeWay | None = None,
) -> Gathered:  # fmt: skip
    """Add up what all rows have; those without a value are kept in mind by *careful*. native: what adds up most of them."""
    slots = slots_of(program)
    held = [isinstance(bindings[i], Held) for i in slots]
    found = Gathered(
        [Total(arrays) for _ in range(1 + len(slots))], {i: {} for i in slots},
        *({i: [] for i, one in zip(slots, held, strict=True) if not one} for _ in range(2)),
    )  # fmt: skip
    left = (
        None if native is None or bounds else _added(native, program, bindings, count, found.totals, arrays)
    )
    shared = arrays and all(held) and count * len(program.code) >= SHARED
    if (
        left is None
        and shared
        and (halves := in_halves(program, bindings, count, len(found.totals), bounds=bounds)) is not None
    ):
        for half in halves:
            _add_half(half, found.totals, careful, slots, found.sided)
        return found
    rest = (
        blocks(program, bindings, count, bounds=bounds)
        if left is None
        else _blocks_of(left, program, bindings)
    )
    for block in rest:
        whole = patched(block, careful, slots, found.sided)
        for place, output in enumerate(whole.outputs):
            bound = whole.errors[place] if bounds else None
            if place == 0 or held[place - 1]:
                found.totals[place].add(output, bound)
            else:
                found.rows[slots[place - 1]].append(output)
                found.errors[slots[place - 1]].append(bound)
    return found


def _added(
    native: NativeWay, program: Program, bindings: Sequence[Binding], count: int, totals: Sequence[Total], arrays: bool
) -> list[tuple[int, int]] | None:  # fmt: skip
    """Add what machine code makes of rows to *totals*; the others: (first, how many). None where it makes nothing."""
    given = numbers_held(bindings)
    if given is None or not all(isinstance(bindings[i], Held) for i in slots_of(program)):
        return None
    found = native.sums(program, outputs_of(program), given, count, arrays)
    if found is None:
        return None
    for total, numbers, bound in zip(totals, found.numbers, found.bounds, strict=True):
        total.add_open(numbers, bound)
    return found.left


def numbers_held(bindings: Sequence[Binding]) -> list[Any] | None:
    """The number of each binding, or those of its column; None where one is not in memory."""
    if any(isinstance(one, Varying) and isinstance(one.numbers, ELSEWHERE) for one in bindings):
        return None
    return [one.value if isinstance(one, Held) else one.numbers for one in bindings]


def _blocks_of(
    left: Sequence[tuple[int, int]], program: Program, bindings: Sequence[Binding]
) -> Iterator[Block]:
    """The blocks of some of the rows, (first, how many), in floats, which machine code has as well."""
    for first, size in left:
        part = [one.cut(first, size) if isinstance(one, Varying) else one for one in bindings]
        for block in float_blocks(program, part, size, bounds=False):
            yield block._replace(start=first + block.start)


def summed(
    program: Program, bindings: Sequence[Binding], count: int, careful: CarefulRows, blocks: Blocks, *, arrays: bool,
    bounds: bool, native: NativeWay | None = None,
) -> LevelResult:  # fmt: skip
    """The sum over all rows. Raises OverflowError where it, or that of its slopes, is too large, and OpenSum."""
    found = gathered(program, bindings, count, careful, blocks, arrays=arrays, bounds=bounds, native=native)
    careful.check()
    corners = {i: SidedSums.of(sided.values()) for i, sided in found.sided.items() if sided}
    held = {i for i in slots_of(program) if i not in found.rows}
    value, error, slopes = finished(program, found.totals, corners, held, careful.level, bounds=bounds)
    along = {
        i: RowSlopes(
            _joined(parts, arrays), _joined(found.errors[i], arrays) if bounds else None, found.sided[i]
        )
        for i, parts in found.rows.items()
    }
    return LevelResult(value, error, slopes, along)


def finished(
    program: Program, totals: Sequence[Total], corners: Mapping[int, SidedSums], held: Collection[int], level: str, *,
    bounds: bool,
) -> tuple[float, float, dict[int, Slope]]:  # fmt: skip
    """The value with its error, and the slopes along the variables at the places *held*. Raises OverflowError."""
    value = totals[0].rounded()
    slopes = {
        i: _held_slope(totals[place], corners.get(i), level)
        for place, i in enumerate(slots_of(program), 1)
        if i in held
    }
    return value, totals[0].bound(value) if bounds else 0.0, slopes


class Half(NamedTuple):
    """The sums of half of the rows, without those that failed: the numbers of these, in their order."""

    totals: list[Total]
    failed: list[int]


def in_halves(
    program: Program, bindings: Sequence[Binding], count: int, wide: int, *, bounds: bool
) -> list[Half] | None:
    """The sums of each half of the rows, in arrays, one in a thread of its own; None where very many rows fail."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from gradcli.calculus.rows.array_blocks import BLOCK, array_blocks

    stopped = Event()

    def half(first: int, end: int) -> Half | None:
        found = Half([Total(True) for _ in range(wide)], [])
        for block in array_blocks(program, bindings, end, bounds=bounds, first=first):
            for place, output in enumerate(block.outputs):
                found.totals[place].add(output, block.errors[place] if bounds else None)
            found.failed.extend(block.start + place for place in block.failed)
            if len(found.failed) > _MOST_FAILED or stopped.is_set():
                return None
        return found

    middle = count // 2 // BLOCK * BLOCK
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(half, middle, count)
        try:
            halves = [half(0, middle), second.result()]
        except BaseException:  # an interrupt does not wait for the other half
            stopped.set()
            raise
    return None if None in halves else [one for one in halves if one is not None]


def _add_half(
    half: Half,
    totals: Sequence[Total],
    careful: CarefulRows,
    slots: Sequence[int],
    sided: Mapping[int, dict[int, Slope]],
) -> None:
    """Add the sums of half of the rows, and what a careful look gives for those that failed."""
    for total, other in zip(totals, half.totals, strict=True):
        total.merge(*other.gathered())
    for place in half.failed:
        row = careful.look(place)
        if row is None:
            continue
        totals[0].add([row.value], [row.error])
        for number, slot in enumerate(slots, 1):
            here = row.slopes.get(slot, slope(0.0))
            if here.origins:
                sided[slot][place] = here
            else:
                totals[number].add([here.left], [here.error])


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


def _held_slope(total: Total, corners: SidedSums | None, level: str) -> Slope:
    if corners is None:
        number = total.rounded()
        return slope(number, total.bound(number))
    if total.is_open:
        raise OpenSum
    plain, _ = total.gathered()
    ends = []
    for side in (corners.left, corners.right):
        whole = PartialSum()
        whole.merge(side)
        whole.merge(plain)
        ends.append(whole.rounded())
    widest = max(map(abs, ends))
    total.merge(PartialSum(), corners.errors)
    total.merge(PartialSum(), PartialSum([widest]))
    return Slope(ends[0], ends[1], total.bound(widest), frozenset((level,)))


def _joined(parts: Sequence[Numbers], arrays: bool) -> Numbers:
    if arrays:
        import numpy as np

        return np.concatenate([np.asarray(part, dtype=float) for part in parts]) if parts else np.empty(0)
    return [number for part in parts for number in part]


def plain_sums(
    program: Program, bindings: Sequence[Binding], count: int, *, arrays: bool
) -> list[PartialSum] | None:
    """The sums of all outputs over the rows; None where a row has no value. In two threads where there is much to do."""
    from gradcli.calculus.rows.array_blocks import array_blocks

    wide = len(outputs_of(program))
    if arrays and count * len(program.code) >= SHARED:
        halves = in_halves(program, bindings, count, wide, bounds=False)
        if halves is None or any(half.failed for half in halves):
            return None
        totals = [half.totals for half in halves]
    else:
        totals = [[Total(arrays) for _ in range(wide)]]
        for block in (array_blocks if arrays else float_blocks)(program, bindings, count, bounds=False):
            if block.failed:
                return None
            for total, output in zip(totals[0], block.outputs, strict=True):
                total.add(output, None)
    found = [PartialSum() for _ in range(wide)]
    for part in totals:
        for one, total in zip(found, part, strict=True):
            one.merge(total.gathered()[0])
    return found


def sums_and_sizes(
    program: Program, bindings: Sequence[Binding], count: int, *, arrays: bool
) -> list[Total] | None:
    """The sums of all outputs over the rows, with those of their sizes for errors; None where a row has no value."""
    from gradcli.calculus.rows.array_blocks import array_blocks

    totals = [Total(arrays) for _ in outputs_of(program)]
    blocks = array_blocks if arrays else float_blocks
    for block in blocks(program, bindings, count, bounds=False):
        if block.failed:
            return None
        for total, output in zip(totals, block.outputs, strict=True):
            total.add(output, list(map(abs, output)) if isinstance(output, list) else abs(output))
    return totals
