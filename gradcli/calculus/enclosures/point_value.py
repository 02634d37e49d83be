"""f at one point, as typed: exact numbers where operations keep them, so that ends of domains and seams are decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure, result_of
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.intervals.interval_arithmetic import needed


class Nowhere(Exception):
    """f has no value there."""


def value_at(field: BoxProgram, point: Sequence[Any], bits: int) -> Any:
    """A ball around f (times the field's sign) at a point of thin balls; None where none is known. Raises Nowhere."""
    program = field.derived.program
    with working_bits(bits):
        slots: list[Any] = [None] * program.first
        for name, x in field.held.items():
            if name in program.variables:
                slots[program.variables.index(name)] = number_of(x, bits)
        for slot, x in zip(field.inputs, point, strict=True):
            slots[slot] = number_of(x, bits)
        for slot, text in enumerate(program.constants, len(program.variables)):
            slots[slot] = number_of(text, bits)
        slots += [None] * len(program.code)
        for index in needed(program, [field.derived.value]):
            op, *places = program.code[index]
            slots[program.first + index] = result_of(OPERATIONS[op], index, op, places, slots, {})
        found = slots[field.derived.value]
        if isinstance(found, Failure) and isinstance(found.error, ValueError | ZeroDivisionError):
            raise Nowhere
        if isinstance(found, Failure) or not ball(found).is_finite():
            return None
        return ball(found) if field.sign > 0 else -ball(found)
