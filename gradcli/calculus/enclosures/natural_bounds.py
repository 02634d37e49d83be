"""Bounds of f where a ball around it has no end: parts of the box outside of the domain are left out."""

from __future__ import annotations

from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.enclosures.half_line_powers import raised, whole_power
from gradcli.calculus.enclosures.half_line_rules import RULES, by_balls, times_logarithm
from gradcli.calculus.enclosures.half_lines import ALL, Ends, Part, ends_of, from_to
from gradcli.calculus.enclosures.point_value import Nowhere


def bounds(field: BoxProgram, box: Any) -> Ends:
    """The ends of what f can be in a box of sides, as floats. Raises Nowhere."""
    found = SlotEnds(field, box)[field.derived.value]
    if found is None:
        raise Nowhere
    return found if field.sign > 0 else (-found[1], -found[0])


class SlotEnds:
    """The ends of every slot that f is made of, by its number; None for what has no value in the box."""

    def __init__(self, field: BoxProgram, box: Any) -> None:
        program, self._constants = field.derived.program, field.constants
        self._slots: dict[int, Part] = {}
        for slot, one in zip(field.inputs, box, strict=True):
            self._slots[slot] = from_to(one.low, one.high)
        for index in field.value_code:
            op, *places = program.code[index]
            self._slots[program.first + index] = _result(field, op, places, [self[place] for place in places])

    def __getitem__(self, place: int) -> Part:
        if place in self._slots:
            return self._slots[place]
        known = self._constants[place]
        return None if isinstance(known, Failure) else ALL if known is None else ends_of(ball(known))


def _result(field: BoxProgram, op: str, places: list[int], arguments: list[Part]) -> Part:
    if op == "select":
        return _selected(*arguments)
    if any(x is None for x in arguments):
        return None
    last = field.constants[places[-1]]
    if op in ("pow", "root") and exact(last) and (op == "pow" or _even(last)):
        exponent = last if op == "pow" else 1 / last
        if exponent.q == 1:
            return whole_power(arguments[0] or ALL, int(exponent.p)) if abs(exponent.p) < 1000 else ALL
        return raised(arguments[0] or ALL, exponent)
    if op == "mul":
        code, first = field.derived.program.code, field.derived.program.first
        for a, b in (places, places[::-1]):
            if b >= first and code[b - first] == ("log", a):
                return times_logarithm(arguments[places.index(a)] or ALL)
        if places[0] == places[1]:
            op, arguments = "square", arguments[:1]
    found = (RULES.get(op) or by_balls(op))(*arguments)
    return ALL if found is not None and not found[0] <= found[1] else found


def _even(order: Any) -> bool:
    return bool(order.q == 1 and order > 0 and int(order.p) % 2 == 0)


def _selected(condition: Part, a: Part, b: Part) -> Part:
    if condition is None:
        return None
    if condition[0] == condition[1]:
        return a if condition[0] else b
    if a is None or b is None:
        return a or b
    return min(a[0], b[0]), max(a[1], b[1])
