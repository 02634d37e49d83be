"""Levels of the least or the greatest number: which rows attain it, and the slopes that they have together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.careful_rows import CarefulRows, Corner
from gradcli.calculus.rows.float_blocks import Block
from gradcli.calculus.rows.level_result import Blocks, LevelResult, RowSlopes, patched
from gradcli.calculus.rows.row_data import Binding, Held, Varying
from gradcli.calculus.rows.row_in_balls import BITS, MOST_BITS, is_known, least_of, slots_in_balls
from gradcli.calculus.rows.sided_slopes import Slope, slope

#: Rows of different numbers that may attain a minimum or maximum together and are looked at.
MOST_TIED = 1000

#: The bounds of errors are floats themselves.
_ROUNDED = 1 + 2.0**-20


class _Row(NamedTuple):
    """A row that may attain the extreme: its number, the bound of its error in units, and where it is."""

    number: float
    error: float
    place: int


class _Nearest:
    """The rows that may have the least number, with a sign the greatest. rows: those so far."""

    def __init__(self, sign: int) -> None:
        self.sign, self.best, self.rows = sign, _Row(math.inf, 0.0, -1), list[_Row]()

    def add(self, block: Block) -> None:
        """Look at the rows of a block."""
        numbers, errors = _listed(block)
        least = min(numbers) if self.sign > 0 else -max(numbers)
        widest = max(errors, default=0.0)
        if least < self.best.number:
            place = numbers.index(self.sign * least)
            self.best = _Row(least, errors[place] if errors else 0.0, block.start + place)
            self.rows = self._near(self.rows)
        most = self.best.number + 2 * self._reach(widest) + math.ulp(self.best.number)
        if least <= most:
            signed = enumerate(numbers if self.sign > 0 else [-x for x in numbers])
            found = [(i, x) for i, x in signed if x <= most]
            self.rows += self._near(
                [_Row(x, errors[i] if errors else 0.0, block.start + i) for i, x in found]
            )

    def _reach(self, error: float) -> float:
        return (error + self.best.error) * UNIT * _ROUNDED

    def _near(self, rows: list[_Row]) -> list[_Row]:
        """Those whose number may be the least."""
        least = self.best.number
        return [row for row in rows if row.number == least or row.number - least <= self._reach(row.error)]


def _listed(block: Block) -> tuple[list[float], list[float]]:
    """The values of a block, and the bounds of their errors, as lists: the least of a list is found quickly."""
    parts = (block.outputs[0], block.errors[0] if block.errors else [])
    numbers, errors = (part if isinstance(part, list) else part.tolist() for part in parts)
    return numbers, errors


def extreme(
    program: Program, bindings: Sequence[Binding], count: int, careful: CarefulRows, blocks: Blocks, *, arrays: bool,
    bounds: bool, least: bool,
) -> LevelResult:  # fmt: skip
    """The least or the greatest number of all rows, and the slopes of the rows that attain it."""
    plain = program._replace(gradient=(None,) * len(program.variables))
    nearest = _Nearest(1 if least else -1)
    for block in blocks(plain, bindings, count, bounds=bounds):
        nearest.add(patched(block, careful, (), {}))
    careful.check()
    value = nearest.sign * nearest.best.number
    error = max(row.error for row in nearest.rows) if bounds else 0.0
    if all(slot is None for slot in program.gradient):
        return LevelResult(value, error, {}, {})
    groups = _Tied(careful, nearest.rows, least)
    return LevelResult(value, error, groups.held(), groups.columns())


class _Tied:
    """The rows that attain the extreme, together where they are made of the same numbers.

    certain: whether it is known that all of these do, and no others.
    """

    def __init__(self, careful: CarefulRows, rows: Sequence[_Row], least: bool) -> None:
        self.program, self.bindings, self.least = careful.program, careful.bindings, least
        self.level = careful.level
        varying = [one for one in self.bindings if not isinstance(one, Held)]
        groups: dict[tuple[float, ...], list[int]] = {}
        for row in rows:
            groups.setdefault(tuple(float(one.numbers[row.place]) for one in varying), []).append(row.place)
        self.groups = list(groups.values())
        self.certain = self._decide()
        if not self.certain and careful.first is None:
            careful.first = Corner("", "undecided", None)
        few = len(self.groups) <= MOST_TIED
        self.found = [careful.exactly(places[0]) for places in self.groups] if few else []

    def _decide(self) -> bool:
        """Leave out the rows that do not attain it. Whether the others do is what is given back."""
        if len(self.groups) == 1:
            return True
        bits, most = BITS, MOST_BITS if is_known(self.bindings) else BITS
        while len(self.groups) <= MOST_TIED and bits <= most:
            found = least_of([self._value(places[0], bits) for places in self.groups])
            if found is not None:
                self.groups = [self.groups[i] for i in found]
                return True
            bits *= 2
        return False

    def _value(self, row: int, bits: int) -> Any:
        value = slots_in_balls(self.program, self.bindings, row, bits)[self.program.value]
        return value if self.least or isinstance(value, tuple) else -value

    def _slopes(self, place: int) -> list[Slope]:
        """The slopes along a variable of each group; none where there are too many groups."""
        return [row.slopes.get(place, slope(0.0)) for row in self.found]

    def held(self) -> dict[int, Slope]:
        """The slopes along numbers that all rows share."""
        return {i: self._together(self._slopes(i)) for i in self._places(Held)}

    def _places(self, kind: type) -> list[int]:
        slots = enumerate(self.program.gradient)
        return [i for i, slot in slots if slot is not None and isinstance(self.bindings[i], kind)]

    def _together(self, slopes: Sequence[Slope]) -> Slope:
        """The slope of the least or greatest of numbers that are one here."""
        if slopes and all(one[:2] == slopes[0][:2] for one in slopes):
            return slopes[0]._replace(error=max(one.error for one in slopes))
        if not self.certain or any(math.isnan(one.left) for one in slopes):
            return Slope(math.nan, math.nan, math.inf, frozenset((self.level,)))
        rights, lefts = [one.right for one in slopes], [one.left for one in slopes]
        ends = (max(lefts), min(rights)) if self.least else (min(lefts), max(rights))
        return Slope(*ends, max(one.error for one in slopes), frozenset((self.level,)))

    def columns(self) -> dict[int, RowSlopes]:
        """The slopes along the numbers of columns."""
        return {i: self._along(i) for i in self._places(Varying)}

    def _along(self, place: int) -> RowSlopes:
        """Each row can leave the others behind, or stay with them."""
        alone = len(self.groups) == 1 and len(self.groups[0]) == 1
        unknown = Slope(math.nan, math.nan, math.inf, frozenset((self.level,)))
        ones = self._slopes(place) or [unknown] * len(self.groups)
        ones = ones if alone else [self._together([one, slope(0.0)]) for one in ones]
        spread = [one for one, places in zip(ones, self.groups, strict=True) for _ in places]
        sided = {j: one for j, one in enumerate(spread) if one.origins}
        plain = [slope(0.0) if one.origins else one for one in spread]
        places = [row for group in self.groups for row in group]
        return RowSlopes([one.left for one in plain], [one.error for one in plain], sided, places)
