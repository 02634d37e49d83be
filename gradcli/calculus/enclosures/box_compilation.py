"""A program → the operations on balls that carry it out, with all that does not vary worked out beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import exact, working_bits
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure, result_of
from gradcli.calculus.balls.programs.given_numbers import Given, number_of
from gradcli.calculus.enclosures.wide_balls import UNKNOWN, by_balls
from gradcli.calculus.enclosures.wide_powers import polygamma
from gradcli.calculus.enclosures.wide_slopes import Seen, slope_operations
from gradcli.calculus.enclosures.wide_values import value_operations, with_exponent
from gradcli.calculus.intervals.interval_arithmetic import needed
from gradcli.calculus.program.program import Program

#: What is carried out: the slot of the result, the operation, the slots of its arguments; -1 for no second, no third.
Step = tuple[int, Callable[..., Any], int, int, int]

Row = list[Any]

#: Arguments of a step at most.
_MOST = 3

Operation = tuple[Callable[..., Any], tuple[int, ...]]


def constant_slots(program: Program, names: Sequence[str], held: Mapping[str, Given], bits: int) -> Row:
    """Every slot that depends on none of *names*, as an exact number or a ball; None for the others."""
    with working_bits(bits):
        slots: Row = [None if name in names else number_of(held[name], bits) for name in program.variables]
        slots += [number_of(text, bits) for text in program.constants]
        for index, (op, *places) in enumerate(program.code):
            if any(slots[place] is None for place in places) or op not in OPERATIONS:
                slots.append(None)
            else:
                slots.append(result_of(OPERATIONS[op], index, op, places, slots, {}))
        return slots


def compiled_stages(
    program: Program, stages: Sequence[Sequence[int]], constants: Row, seen: Seen
) -> list[list[Step]]:
    """The steps that make the slots of each stage from those before it. The first stage is the value."""
    tables = value_operations(seen), *[slope_operations(seen)] * 2
    done: set[int] = set()
    compiled = []
    for number, wanted in enumerate(stages):
        steps: list[Step] = []
        for index in needed(program, wanted):
            slot = program.first + index
            if slot in done or constants[slot] is not None:
                continue
            done.add(slot)
            op, *places = program.code[index]
            operation, used = _operation(tables[number], op, places, constants, None if number else seen)
            a, b, c = (*used, -1, -1)[:3]
            steps.append((slot, operation, a, b, c))
        compiled.append(steps)
    return compiled


def _operation(
    table: Mapping[str, Callable[..., Any]], op: str, places: Sequence[int], constants: Row, seen: Seen | None
) -> Operation:
    """The operation and the places of its arguments: powers have their exponents in them, x*x is a square.

    seen: in values.
    """
    last, order = constants[places[-1]], constants[places[0]]
    if op in ("pow", "root") and last is not None and not isinstance(last, Failure):
        exponent = last if op == "pow" else _root_exponent(last)
        found = None if exponent is None else with_exponent(exponent, seen)
        if found is not None:
            return found, (places[0],)
    if op == "polygamma" and exact(order) and order.q == 1 and order >= 0:
        return polygamma(order), (places[1],)
    if op == "mul" and places[0] == places[1]:
        return table["square"], (places[0],)
    known = [constants[place] for place in places]
    if len(places) > _MOST:  # never carried out on some of them alone
        return lambda _: UNKNOWN, tuple(places[:1])
    if op not in table and any(map(exact, known)):
        return _with_orders(op, known), tuple(
            p for p, one in zip(places, known, strict=True) if not exact(one)
        )
    return table.get(op) or by_balls(op), tuple(places)


def _with_orders(op: str, known: Sequence[Any]) -> Callable[..., Any]:
    """An operation of the table whose exact arguments, the orders of special functions, stay exact numbers."""
    inner = by_balls(op)

    def carried_out(*arguments: Any) -> Any:
        """The operation on the other arguments."""
        left = iter(arguments)
        return inner(*(one if exact(one) else next(left) for one in known))

    return carried_out


def _root_exponent(order: Any) -> Any:
    """The exponent of an even root."""
    even = type(order) is fmpq and order.q == 1 and order > 0 and int(order.p) % 2 == 0
    return 1 / order if even else None
