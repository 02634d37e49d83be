"""The Hessian of a program of rows with a bound of each entry's error: sums over the rows, chained with their errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNDERFLOW, UNIT
from gradcli.calculus.rows.array_blocks import array_blocks
from gradcli.calculus.rows.float_blocks import Block, float_blocks
from gradcli.calculus.rows.level_result import Total
from gradcli.calculus.rows.row_data import Binding, Held
from gradcli.calculus.rows.row_hessian import RowHessian, Wanted
from gradcli.calculus.rows.row_in_balls import enclosed, slots_in_balls
from gradcli.language.errors import DomainProblem

#: The bounds are floats themselves.
_ROUNDED = 1 + 2.0**-40


class Bounded(NamedTuple):
    """A number, and a bound of its error in units of 2**-53."""

    number: float
    error: float = 0.0

    def plus(self, other: Bounded) -> Bounded:
        """The sum."""
        if not other.number and not other.error:
            return self
        if not self.number and not self.error:
            return other
        number = self.number + other.number
        return Bounded(number, (self.error + other.error + abs(number)) * _ROUNDED)

    def times(self, other: Bounded) -> Bounded:
        """The product."""
        if (not self.number and not self.error) or (not other.number and not other.error):
            return NOTHING
        number = self.number * other.number
        wide = abs(self.number) * other.error + abs(other.number) * self.error
        wide += self.error * other.error * UNIT + abs(number) + UNDERFLOW
        return Bounded(number, wide * _ROUNDED)


NOTHING, ONE = Bounded(0.0), Bounded(1.0)


class BoundedHessian(NamedTuple):
    """The second derivatives along the names, row by row."""

    names: tuple[str, ...]
    entries: list[list[Bounded]]


class _Second(NamedTuple):
    """A number's first and second derivatives along the names."""

    slopes: list[Bounded]
    matrix: list[list[Bounded]]


def bounded_hessian(
    hessian: RowHessian, numbers: Mapping[str, float], given: Mapping[str, Any]
) -> BoundedHessian | None:
    """The matrix of *hessian* where the numbers are so. given: these as they were typed.

    None where a level is the least or greatest number of rows, or nobody knows a derivative. Raises DomainProblem for rows
    in which one has no value, and for sums that are too large.
    """
    if not hessian.is_known:
        return None
    held = {name: hessian.evaluation.data.held(x, given.get(name)) for name, x in numbers.items()}
    size = range(len(hessian.names))
    known = {
        name: _Second([ONE if i == place else NOTHING for i in size], _zeros(len(size)))
        for place, name in enumerate(hessian.names)
    }
    for wanted in hessian.levels:
        if any(slot is None for slot in _slots(wanted)) or (wanted.along and wanted.level.kind != "sum"):
            return None
        value, sums = _sums(hessian, wanted, held)
        held[wanted.level.name] = Held(value.number, value.error)
        known[wanted.level.name] = _chained(wanted, sums, known, len(size))
    return BoundedHessian(hessian.names, known[""].matrix)


def _slots(wanted: Wanted) -> list[int | None]:
    """The slots of all first and second derivatives."""
    size = range(len(wanted.along))
    return [*wanted.found.slopes, *(wanted.found.seconds[i][j] for i in size for j in range(i + 1))]


def _zeros(size: int) -> list[list[Bounded]]:
    return [[NOTHING] * size for _ in range(size)]


def _sums(
    hessian: RowHessian, wanted: Wanted, held: Mapping[str, Held]
) -> tuple[Bounded, dict[int, Bounded]]:
    """The level's number, and the sums over the rows of its derivatives by their slots."""
    level, evaluation = wanted.level, hessian.evaluation
    if level.kind != "sum":
        return _extreme(hessian, wanted, held), {}
    last = not level.name
    bindings = evaluation.data.bound(hessian.rows, wanted.program.variables, level.over, held)
    count = 1 if last else evaluation.data.count(level.over, hessian.rows.text)
    arrays = evaluation.arrays and not last
    totals = [Total(arrays) for _ in range(1 + len(wanted.places))]
    blocks = array_blocks if arrays else float_blocks
    for block in blocks(wanted.program, bindings, count, bounds=True):
        whole = _patched(block, hessian, wanted, bindings)
        for total, numbers, errors in zip(totals, whole.outputs, whole.errors, strict=True):
            total.add(numbers, errors)
    try:
        found = [Bounded(number := total.rounded(), total.bound(number)) for total in totals]
    except OverflowError:
        message = "a sum over the rows is too large for a float"
        raise DomainProblem(message, text=hessian.rows.text) from None
    return found[0], {slot: found[1 + place] for slot, place in wanted.places.items()}


def _extreme(hessian: RowHessian, wanted: Wanted, held: Mapping[str, Held]) -> Bounded:
    """The least or greatest number of rows, on which nothing depends that is asked for."""
    numbers = {name: one.value for name, one in held.items()}
    value = hessian.evaluation.number_of(wanted.level, numbers)
    if value is None:
        raise DomainProblem("a row has no value", text=hessian.rows.text)
    return Bounded(value, 2.0**13 * abs(value) + UNDERFLOW)


def _patched(block: Block, hessian: RowHessian, wanted: Wanted, bindings: Sequence[Binding]) -> Block:
    """The block with the rows that failed computed in balls. Raises DomainProblem where one has no second derivative."""
    from gradcli.calculus.rows.float_blocks import outputs_of

    if not block.failed:
        return block
    from gradcli.calculus.balls.programs.ball_operations import Failure

    outputs, errors = [list(one) for one in block.outputs], [list(one) for one in block.errors]
    for place in block.failed:
        slots = slots_in_balls(wanted.program, bindings, block.start + place)
        for i, slot in enumerate(outputs_of(wanted.program)):
            if isinstance(slots[slot], Failure):
                where = hessian.evaluation.data.where(block.start + place)
                message = f"a second derivative has no value in {where}"
                raise DomainProblem(message, text=hessian.rows.text)
            outputs[i][place], errors[i][place] = enclosed(slots[slot], "a second derivative")
    return block._replace(outputs=outputs, errors=errors)


def _chained(wanted: Wanted, sums: Mapping[int, Bounded], known: Mapping[str, _Second], size: int) -> _Second:
    """A level's derivatives along the names, from those along what it is made of (the formula at the top of `row_hessian`)."""
    slopes, matrix = [NOTHING] * size, _zeros(size)
    inner = [known[name] for name in wanted.along]
    pairs = [(i, j) for i in range(size) for j in range(i + 1)]
    for one, slot in zip(inner, wanted.found.slopes, strict=True):
        first = sums[slot]  # type: ignore[index]  # all have slots
        slopes = [a.plus(first.times(b)) for a, b in zip(slopes, one.slopes, strict=True)]
        for i, j in pairs:
            matrix[i][j] = matrix[i][j].plus(first.times(one.matrix[i][j]))
    for p, a in enumerate(inner):
        for q, b in enumerate(inner):
            second = sums[wanted.found.seconds[max(p, q)][min(p, q)]]  # type: ignore[index]
            for i, j in pairs:
                matrix[i][j] = matrix[i][j].plus(second.times(a.slopes[i]).times(b.slopes[j]))
    for i, j in pairs:
        matrix[j][i] = matrix[i][j]
    return _Second(slopes, matrix)


def is_told(one: Bounded) -> bool:
    """Whether a number is certainly finite, and is not 0 or is exactly that."""
    return math.isfinite(one.error) and (abs(one.number) > one.error * UNIT or one == NOTHING)
