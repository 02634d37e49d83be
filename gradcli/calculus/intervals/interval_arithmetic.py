"""Programs over boxes: an interval that holds every value that f has in a box, ends that are as good as they can be.

Where a part of the box lies outside of the domain, or across a seam or a jump, the interval holds what f has on the rest,
or on both sides. (Moore, Kearfott & Cloud, Introduction to interval analysis, 2009, chapters 2 and 5.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import Undecided, ball, working_bits
from gradcli.calculus.balls.programs.given_numbers import Given, number_of
from gradcli.calculus.intervals.interval_numbers import Interval, Outside, Unknown, around, holds_zero
from gradcli.calculus.intervals.interval_operations import operation
from gradcli.calculus.program.program import Program, made_of

#: Bits of the ends.
BITS = 192


#: Slopes that jump where the argument is 0: all that is between both sides.
_KINKS = {
    "sign_side": Interval(arb(-1), arb(1)),
    **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), Interval(arb(0), arb(1))),
}


def needed(program: Program, slots: Sequence[int]) -> list[int]:
    """The instructions that the *slots* depend on, in order."""
    return sorted(slot - program.first for slot in made_of(program, slots) if slot >= program.first)


def enclosure(
    program: Program, box: Sequence[Given | Interval], code: Sequence[int] | None = None
) -> Interval:
    """An interval around the values of f in *box*. Raises Outside, Unknown.

    code: what `needed` gives for the program's value.
    """
    slots = enclosures(program, box, needed(program, [program.value]) if code is None else code)
    found = slots[program.value]
    if isinstance(found, Exception):
        raise found
    answer: Interval = found
    return answer


def enclosures(
    program: Program, box: Sequence[Given | Interval], code: Sequence[int], *, kinks: bool = False
) -> dict[int, Any]:
    """By slot an interval around its values in *box*, or the exception that stands for none; the instructions *code* alone.

    kinks: whether slopes next to a kink take all numbers between both sides, as differences of f do.
    """
    with working_bits(BITS):
        slots: dict[int, Any] = {}
        for slot, given in enumerate((*box, *program.constants)):
            slots[slot] = given if isinstance(given, Interval) else around(ball(number_of(given, BITS)))
        for index in code:
            op, *places = program.code[index]
            arguments = [slots[place] for place in places]
            found = (
                _KINKS[op] if kinks and op in _KINKS and holds_zero(arguments[0]) else _result(op, arguments)
            )
            slots[program.first + index] = found
        return slots


def _result(op: str, arguments: Sequence[Any]) -> Any:
    """An interval, or the exception that stands for it."""
    if op == "select" and not isinstance(arguments[0], Exception):
        return _selected(*arguments)
    for argument in arguments:
        if isinstance(argument, Exception):
            return argument
    try:
        found = operation(op)(*arguments)
    except (Outside, Unknown) as error:
        return error
    except Undecided:
        return Unknown()
    except (ValueError, ZeroDivisionError):
        return Outside()
    except ArithmeticError:
        return Unknown()
    return found if found.low.is_finite() and found.high.is_finite() else Unknown()


def _selected(condition: Interval, a: Any, b: Any) -> Any:
    if condition.low == condition.high:
        return a if condition.low != 0 else b
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Unknown):
            return one
        if isinstance(one, Outside):
            return other
    return Interval(a.low.min(b.low), a.high.max(b.high))
