"""A program and what of it varies → f, slopes and curvature over boxes, each carried out only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.ball_operations import OPERATIONS, Failure, result_of
from gradcli.calculus.balls.given_numbers import Given, number_of
from gradcli.calculus.enclosures.wide_operations import UNKNOWN, by_balls, polygamma
from gradcli.calculus.enclosures.wide_slopes import Seen, slope_operations
from gradcli.calculus.enclosures.wide_values import value_operations, with_exponent
from gradcli.calculus.graph.derivative_programs import Derived
from gradcli.calculus.intervals.interval_arithmetic import needed

#: Bits of the balls around boxes: one machine word is fastest, and boxes are wide.
BITS = 64

#: What is carried out: the slot of the result, the operation, the slots of its arguments; -1 for no second, no third.
Step = tuple[int, Callable[..., Any], int, int, int]

Row = list[Any]


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
        with working_bits(4 * BITS):
            #: Of every slot: its exact number or ball, where it depends on no name, or None.
            self.constants = self._constants(4 * BITS)
        first = derived.program.first
        #: The instructions of the value that depend on a name.
        self.value_code = [i for i in needed(derived.program, stages[0]) if self.constants[first + i] is None]
        self._stages = self._compiled(stages)

    def look(self, box: Sequence[Any], bits: int = BITS) -> Look:
        """What f is over a box of balls, in the order of *names*."""
        return Look(self, box, bits)

    def template(self, bits: int) -> Row:
        """Slots in which all that does not depend on the box is filled in."""
        if bits not in self._templates:
            with working_bits(bits):
                self._templates[bits] = [
                    UNKNOWN if slot is None or isinstance(slot, Failure) else ball(slot)
                    for slot in self._constants(bits)
                ]
        return self._templates[bits]

    def run(self, stage: int, slots: Row) -> None:
        """Carry out the instructions of a stage: 0 the value, 1 the slopes, 2 the second derivatives."""
        for slot, operation, a, b, c in self._stages[stage]:
            if b < 0:
                slots[slot] = operation(slots[a])
            elif c < 0:
                slots[slot] = operation(slots[a], slots[b])
            else:
                slots[slot] = operation(slots[a], slots[b], slots[c])

    def _constants(self, bits: int) -> Row:
        """Every slot that depends on no name, as an exact number or a ball; None for the others."""
        program = self.derived.program
        slots: Row = [
            None if name in self.names else number_of(self.held[name], bits) for name in program.variables
        ]
        slots += [number_of(text, bits) for text in program.constants]
        for index, (op, *places) in enumerate(program.code):
            if any(slots[place] is None for place in places) or op not in OPERATIONS:
                slots.append(None)
            else:
                slots.append(result_of(OPERATIONS[op], index, op, places, slots, {}))
        return slots

    def _compiled(self, stages: Sequence[Sequence[int]]) -> list[list[Step]]:
        program = self.derived.program
        tables = value_operations(self.seen), *[slope_operations(self.seen)] * 2
        done: set[int] = set()
        compiled = []
        with working_bits(4 * BITS):
            constants = self.constants
            for number, wanted in enumerate(stages):
                steps: list[Step] = []
                for index in needed(program, wanted):
                    slot = program.first + index
                    if slot in done or constants[slot] is not None:
                        continue
                    done.add(slot)
                    op, *places = program.code[index]
                    operation, used = self._operation(tables[number], op, places, constants, number)
                    a, b, c = (*used, -1, -1)[:3]
                    steps.append((slot, operation, a, b, c))
                compiled.append(steps)
        return compiled

    def _operation(
        self,
        table: Mapping[str, Callable[..., Any]],
        op: str,
        places: Sequence[int],
        constants: Row,
        stage: int,
    ) -> tuple[Callable[..., Any], tuple[int, ...]]:
        """The operation and the places of its arguments: powers have their exponents in them, x*x is a square."""
        last = constants[places[-1]]
        if op in ("pow", "root") and last is not None and not isinstance(last, Failure):
            exponent = last if op == "pow" else _root_exponent(last)
            found = None if exponent is None else with_exponent(exponent, None if stage else self.seen)
            if found is not None:
                return found, (places[0],)
        order = constants[places[0]]
        if op == "polygamma" and exact(order) and order.q == 1 and order >= 0:
            return polygamma(order), (places[1],)
        if op == "mul" and places[0] == places[1]:
            return table["square"], (places[0],)
        if op not in table and any(exact(constants[place]) for place in places):
            return _with_orders(op, [constants[place] for place in places]), _varying(constants, places)
        return table.get(op) or by_balls(op), tuple(places)


def _varying(constants: Row, places: Sequence[int]) -> tuple[int, ...]:
    return tuple(place for place in places if not exact(constants[place]))


def _with_orders(op: str, known: Sequence[Any]) -> Callable[..., Any]:
    """An operation of the table whose exact arguments, the orders of special functions, stay exact numbers."""
    inner = by_balls(op)

    def carried_out(*arguments: Any) -> Any:
        left = iter(arguments)
        return inner(*(one if exact(one) else next(left) for one in known))

    return carried_out


def _root_exponent(order: Any) -> Any:
    """The exponent of an even root."""
    from flint import fmpq

    exact = type(order) is fmpq and order.q == 1 and order > 0 and int(order.p) % 2 == 0
    return 1 / order if exact else None


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
