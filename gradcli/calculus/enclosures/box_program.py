"""A program and what of it varies → f, slopes and curvature over boxes, each carried out only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.given_numbers import Given
from gradcli.calculus.enclosures.box_compilation import Row, compiled_stages, constant_slots
from gradcli.calculus.enclosures.wide_balls import UNKNOWN
from gradcli.calculus.enclosures.wide_slopes import Seen
from gradcli.calculus.graph.derivative_programs import Derived
from gradcli.calculus.intervals.interval_arithmetic import needed

#: Bits of the balls around boxes: one machine word is fastest, and boxes are wide.
BITS = 64


class BoxProgram:
    """f (times *sign*), its slopes along *names* and its second derivatives as functions of balls.

    held: the numbers of the other variables. smooth: whether slopes are known at all. curved: whether second
    derivatives are.
    """

    def __init__(
        self, derived: Derived, names: Sequence[str], held: Mapping[str, Given], sign: int = 1
    ) -> None:
        self.derived, self.names, self.sign, self.held = derived, tuple(names), sign, dict(held)
        self.seen = Seen()
        self.inputs = [derived.program.variables.index(name) for name in names]
        self.smooth = all(slot is not None for slot in derived.slopes)
        entries = [slot for row in derived.seconds for slot in row]
        self.curved = self.smooth and bool(entries) and all(slot is not None for slot in entries)
        self._templates: dict[int, Row] = {}
        stages = [[derived.value]]
        stages += [[slot for slot in derived.slopes if slot is not None]] if self.smooth else []
        stages += [[slot for slot in entries if slot is not None]] if self.curved else []
        #: Of every slot: its exact number or ball, where it depends on no name, or None.
        self.constants = self._constants(4 * BITS)
        first = derived.program.first
        #: The instructions of the value that depend on a name.
        self.value_code = [i for i in needed(derived.program, stages[0]) if self.constants[first + i] is None]
        self._stages = compiled_stages(derived.program, stages, self.constants, self.seen)

    def look(self, box: Sequence[Any], bits: int = BITS) -> Look:
        """What f is over a box of balls, in the order of *names*."""
        return Look(self, box, bits)

    def template(self, bits: int) -> Row:
        """Slots in which all that does not depend on the box is filled in."""
        if bits not in self._templates:
            known = self._constants(bits)
            with working_bits(bits):
                self._templates[bits] = [
                    UNKNOWN if slot is None or isinstance(slot, Failure) else ball(slot) for slot in known
                ]
        return self._templates[bits]

    def _constants(self, bits: int) -> Row:
        return constant_slots(self.derived.program, self.names, self.held, bits)

    def run(self, stage: int, slots: Row) -> None:
        """Carry out the instructions of a stage: 0 the value, 1 the slopes, 2 the second derivatives."""
        for slot, operation, a, b, c in self._stages[stage]:
            if b < 0:
                slots[slot] = operation(slots[a])
            elif c < 0:
                slots[slot] = operation(slots[a], slots[b])
            else:
                slots[slot] = operation(slots[a], slots[b], slots[c])


class Look:
    """f over one box; slopes and second derivatives are worked out when they are asked for.

    value: a ball, no number where nothing is known. partial, jump: whether the domain ends in the box, whether f may
    jump there: then `slopes` is None. kink: whether slopes may: then `seconds` is None.
    """

    def __init__(self, field: BoxProgram, box: Sequence[Any], bits: int) -> None:
        self._field, self.box, self._bits = field, box, bits
        self._slots = field.template(bits).copy()
        for slot, side in zip(field.inputs, box, strict=True):
            self._slots[slot] = side
        seen = field.seen
        seen.clear()
        with working_bits(bits):
            field.run(0, self._slots)
            found = self._slots[field.derived.value]
            self.value = found if field.sign > 0 else -found
        self.partial, self.jump, self.kink = seen.partial, seen.jump, False
        self._slopes: Row | bool | None = False

    @property
    def slopes(self) -> Row | None:
        """The slopes; None where one is not known, or f does not have one everywhere in the box."""
        if self._slopes is False:
            self._slopes = self._first()
        return self._slopes  # type: ignore[return-value]

    def _first(self) -> Row | None:
        field = self._field
        if self.partial or self.jump or not field.smooth or not self.value.is_finite():
            return None
        field.seen.clear()
        with working_bits(self._bits):
            field.run(1, self._slots)
            found = [self._slots[slot or 0] for slot in field.derived.slopes]
            self.kink = field.seen.kink
            if not all(x.is_finite() for x in found):
                return None
            return found if field.sign > 0 else [-x for x in found]

    def seconds(self) -> list[Row] | None:
        """The second derivatives; None where one is not known everywhere in the box."""
        field = self._field
        if not field.curved or self.slopes is None or self.kink:
            return None
        field.seen.clear()
        with working_bits(self._bits):
            field.run(2, self._slots)
            found = [[self._slots[slot or 0] for slot in row] for row in field.derived.seconds]
            if field.seen.kink or not all(x.is_finite() for row in found for x in row):
                return None
            return found if field.sign > 0 else [[-x for x in row] for row in found]
