"""Numbers as they were given → exact rationals, or balls of any width.

A typed number is its decimal, a constant expression its exact value, a computed float its double.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import Number, working_bits
from gradcli.calculus.balls.decimals import DECIMAL, double, rational, rational_of
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure, Slot, result_of, undecided
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import text_of

#: A value as it arrives: a float, a text, something with the `text` that it was typed as, or a number of balls.
Given = Any

#: Constant expressions, at a precision each, that are remembered.
_WIDTHS = 64


class Moved(NamedTuple):
    """A given number plus a rational."""

    base: Any
    offset: Any


def number_of(given: Given, bits: int) -> Number:
    """A given number as a rational, or as a ball of so many bits where it is none. Raises what constants raise."""
    if type(given) is fmpq:
        return given
    if type(given) is arb:
        return rational_of(given) if given.is_exact() else given
    if isinstance(given, Moved):
        base = number_of(given.base, bits)
        return base + given.offset if type(base) is fmpq else _sum(base, given.offset, bits)
    text = text_of(given)
    if text is None:
        return double(given)
    found = rational(text)
    return found if found is not None else _constant(text, bits)


def _sum(base: Any, offset: Any, bits: int) -> Any:
    with working_bits(bits):
        return base + arb(offset)


def _constant(text: str, bits: int) -> Number:
    with working_bits(bits):
        if text in ("pi", "π"):
            return arb.pi()
        if text == "e":
            return arb.const_e()
        if DECIMAL.fullmatch(text):
            return arb(text)
    return _expression(text, bits)


#: How many times the bits a constant expression may take that lies next to a pole, a seam or an end.
_MORE = (1, 4, 16, 64)


@lru_cache(_WIDTHS)
def _expression(text: str, bits: int) -> Number:
    """The value of a constant expression. Raises Undecided or DomainProblem where it has none."""
    from gradcli.calculus.balls.programs.domain_errors import no_value
    from gradcli.calculus.graph.reverse_sweep import compile_value

    program = compile_value(text)
    for more in _MORE:
        value = _run(program, bits * more)
        if not undecided(value):
            break
    if undecided(value):
        raise value.error
    if isinstance(value, Failure):
        raise no_value(program, text, {}, value)
    return value


def _run(program: Program, bits: int) -> Slot:
    """The value of a program without variables."""
    with working_bits(bits):
        slots: list[Slot] = [number_of(x, bits) for x in program.constants]
        for index, (op, *places) in enumerate(program.code):
            slots.append(result_of(OPERATIONS[op], index, op, places, slots, {}))
    return slots[program.value]
