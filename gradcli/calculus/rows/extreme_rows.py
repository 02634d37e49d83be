"""Levels of the least or the greatest number: which rows attain it, and the slopes that they have together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.careful_rows import CarefulRows, Corner
from gradcli.calculus.rows.float_blocks import Block
from gradcli.calculus.rows.level_result import Blocks, LevelResult, RowSlopes, patched
from gradcli.calculus.rows.row_data import Binding, Held, Numbers, Varying
from gradcli.calculus.rows.row_in_balls import BITS, MOST_BITS, is_known, least_of, slots_in_balls
from gradcli.calculus.rows.sided_slopes import Slope, slope

#: Rows of different numbers that may attain a minimum or maximum together and are looked at.
MOST_TIED = 1000

#: The bounds of errors are floats themselves.
_ROUNDED = 1 + 2.0**-20


class Group(NamedTuple):
    """Rows of the same numbers that may attain the extreme: their value, the bound of its error in units, where they are."""

    number: float
    error: float
    places: list[int]


class Nearest:
    """The rows that may have the least number, with the sign -1 the greatest. groups: those so far, by what they are made of.

    whole: whether all rows of a group are kept, and not the first one alone.
    """

    def __init__(self, sign: int, bindings: Sequence[Binding], *, whole: bool) -> None:
        self.sign, self.whole = sign, whole
        self.varying = [one for one in bindings if not isinstance(one, Held)]
        self.best, self.error = math.inf, 0.0
        self.groups: dict[tuple[float, ...], Group] = {}

    def add(self, block: Block) -> None:
        """Look at the rows of a block."""
        signed = _signed(block.outputs[0], self.sign)
        errors = block.errors[0] if block.errors else [0.0] * len(signed)
        place = _place_of_least(signed)
        self._improve(float(signed[place]), float(errors[place]))
        most = (
            self.best
            + 2 * self._reach(float(max(errors) if isinstance(errors, list) else errors.max()))
            + math.ulp(self.best)
        )
        if signed[place] <= most:
            for i in _places_up_to(signed, most):
                self._keep(float(signed[i]), float(errors[i]), block.start + i)

    def merge(self, best: float, error: float, groups: Iterable[tuple[tuple[float, ...], Group]]) -> None:
        """Look at what was found among later rows: the least number with its error, and the rows near to it."""
        self._improve(best, error)
        for key, one in groups:
            for row in one.places:
                self._keep(one.number, one.error, row, key)

    def _improve(self, number: float, error: float) -> None:
        if number < self.best:
            self.best, self.error = number, error
            near = {key: one for key, one in self.groups.items() if self._is_near(one.number, one.error)}
            self.groups = near

    def _keep(self, number: float, error: float, row: int, key: tuple[float, ...] | None = None) -> None:
        if not self._is_near(number, error):
            return
        if key is None:
            key = tuple(float(one.numbers[row]) for one in self.varying)
        group = self.groups.setdefault(key, Group(number, error, []))
        if self.whole or not group.places:
            group.places.append(row)

    def _reach(self, error: float) -> float:
        return (error + self.error) * UNIT * _ROUNDED

    def _is_near(self, number: float, error: float) -> bool:
        return number == self.best or number - self.best <= self._reach(error)


def _signed(numbers: Numbers, sign: int) -> Numbers:
    if isinstance(numbers, list):
        return numbers if sign > 0 else [-x for x in numbers]
    return numbers * sign


def _place_of_least(numbers: Numbers) -> int:
    return numbers.index(min(numbers)) if isinstance(numbers, list) else int(numbers.argmin())


def _places_up_to(numbers: Numbers, most: float) -> list[int]:
    if isinstance(numbers, list):
        return [i for i, x in enumerate(numbers) if x <= most]
    places: list[int] = (numbers <= most).nonzero()[0].tolist()
    return places


def extreme(
    program: Program, bindings: Sequence[Binding], count: int, careful: CarefulRows, blocks: Blocks, *, arrays: bool,
    bounds: bool, least: bool,
) -> LevelResult:  # fmt: skip
    """The least or the greatest number of all rows, and the slopes of the rows that attain it."""
    nearest = nearest_rows(program, bindings, count, careful, blocks, bounds=bounds, least=least)
    careful.check()
    return attained(nearest, careful, bounds=bounds)


def nearest_rows(
    program: Program, bindings: Sequence[Binding], count: int, careful: CarefulRows, blocks: Blocks, *,
    bounds: bool, least: bool,
) -> Nearest:  # fmt: skip
    """The rows that may have the least or the greatest number."""
    plain = program._replace(gradient=(None,) * len(program.variables))
    named = zip(program.gradient, bindings, strict=True)
    whole = any(slot is not None and isinstance(one, Varying) for slot, one in named)
    nearest = Nearest(1 if least else -1, bindings, whole=whole)
    for block in blocks(plain, bindings, count, bounds=bounds):
        nearest.add(patched(block, careful, (), {}))
    return nearest


def attained(nearest: Nearest, careful: CarefulRows, *, bounds: bool) -> LevelResult:
    """The number that the nearest rows have, and their slopes."""
    groups, program = list(nearest.groups.values()), careful.program
    value = nearest.sign * nearest.best
    error = max(one.error for one in groups) if bounds else 0.0
    if all(slot is None for slot in program.gradient):
        return LevelResult(value, error, {}, {})
    tied = _Tied(careful, [one.places for one in groups], nearest.sign > 0)
    if bounds and tied.certain and tied.found and abs(value) <= error * UNIT:  # more digits tell it from 0
        value, error = tied.found[0].value, tied.found[0].error
    return LevelResult(value, error, tied.held(), tied.columns())


class _Tied:
    """The rows that attain the extreme, together where they are made of the same numbers.

    certain: whether it is known that all of these do, and no others.
    """

    def __init__(self, careful: CarefulRows, groups: Sequence[list[int]], least: bool) -> None:
        self.program, self.bindings, self.least = careful.program, careful.bindings, least
        self.level, self.groups = careful.level, list(groups)
        self.certain = self._decide()
        if not self.certain:
            careful.corners.setdefault("", Corner("", "undecided", None))
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
