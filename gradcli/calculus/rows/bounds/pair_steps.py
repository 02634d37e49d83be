"""A program in double-double numbers and the bounds of its errors as a list of steps on the rows of a block.

The numbers of the rows lie side by side, those of a pair's second floats behind those of its first. Places that nothing
needs any more are taken again, so that a block stays in the processor's cache.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from gradcli.calculus.native.rows.pair_code import ROWS, Operation
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.shared_errors import ErrorProgram
from gradcli.calculus.rows.float_blocks import outputs_of

#: Bytes of a number of all rows of a block.
WIDTH = 8 * ROWS


class Value(NamedTuple):
    """What a step makes or takes: the pair of a slot, or the float of a slot of the bounds."""

    slot: int
    pair: bool

    @property
    def width(self) -> int:
        """Its bytes."""
        return 2 * WIDTH if self.pair else WIDTH


class Step(NamedTuple):
    """An operation; with two results the second is where others have a second argument."""

    operation: Operation
    results: tuple[Value, ...]
    arguments: tuple[Value, ...]

    @property
    def words(self) -> tuple[Value, Value, Value]:
        """The result, and the two others."""
        rest = (*self.arguments[:1], *self.results[1:], *self.arguments[1:], *self.arguments[:1])
        return self.results[0], rest[0], rest[1]


class Area(NamedTuple):
    """Values that lie behind each other, and all their bytes."""

    offsets: dict[Value, int]
    size: int


def area(values: Sequence[Value]) -> Area:
    """One of these."""
    offsets, size = dict[Value, int](), 0
    for one in dict.fromkeys(values):
        offsets[one], size = size, size + one.width
    return Area(offsets, size)


def steps_of(program: Program, bounds: ErrorProgram) -> list[Step]:
    """First the slots, then the bounds; a slot's own number is the first float of its pair."""
    found, turned = list[tuple[str, dict[str, int], Sequence[int]]](), dict[int, dict[str, int]]()
    for slot, (op, *places) in enumerate(program.code, program.first):
        if op not in ("sin", "cos"):
            found.append((op, {op: slot}, places))
        elif op not in turned.get(places[0], {op: slot}):
            turned[places[0]][op] = slot
        else:
            turned[places[0]] = {op: slot}
            found.append(("sine_and_cosine", turned[places[0]], places))
    return [_on_pairs(*one) for one in found] + _of_bounds(bounds)


def _on_pairs(op: str, slots: dict[str, int], places: Sequence[int]) -> Step:
    """A step with its slots; a sine or cosine that nobody asks for is the negative of the other's."""
    results = [*slots.values()]
    if op == "sine_and_cosine":
        results = [slots.get(one, -1 - results[0]) for one in ("sin", "cos")]
    pairs = (tuple(Value(slot, True) for slot in part) for part in (results, places))
    return Step(Operation(op, pairs=True), *pairs)


def _of_bounds(bounds: ErrorProgram) -> list[Step]:
    """The lines of the bounds."""
    own = {place: Value(slot, True) for place, slot in enumerate(bounds.slots)}
    steps = []
    for slot, (op, *places) in enumerate(bounds.program.code, bounds.program.first):
        arguments = tuple(own.get(place, Value(place, False)) for place in places)
        steps.append(Step(Operation(op, pairs=False), (Value(slot, False),), arguments))
    return steps


def outputs_in_steps(program: Program, bounds: ErrorProgram) -> list[Value]:
    """The pairs of the outputs, then their bounds."""
    own = {place: Value(slot, True) for place, slot in enumerate(bounds.slots)}
    return [
        *(Value(slot, True) for slot in outputs_of(program)),
        *(own.get(slot, Value(slot, False)) for slot in outputs_of(bounds.program)),
    ]


def scratch(steps: Sequence[Step], elsewhere: set[Value]) -> Area:
    """Places of what is made on the way, each taken again once its last step is done."""
    last = {one: i for i, step in enumerate(steps) for one in (*step.results, *step.arguments)}
    offsets, free, size = dict[Value, int](), defaultdict[int, list[int]](list), 0
    for i, step in enumerate(steps):
        for one in step.results:
            if one not in elsewhere:
                if free[one.width]:
                    offsets[one] = free[one.width].pop()
                else:
                    offsets[one], size = size, size + one.width
        for one in {*step.results, *step.arguments}:
            if last[one] == i and one in offsets:
                free[one.width].append(offsets[one])
    return Area(offsets, size)
