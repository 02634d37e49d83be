"""The table of instructions in balls, and one instruction carried out: what fails is a value that travels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.balls.ball_arithmetic import ARITHMETIC
from gradcli.calculus.balls.ball_elementary import ELEMENTARY
from gradcli.calculus.balls.ball_numbers import ZERO, Number, Undecided, exact
from gradcli.calculus.balls.ball_pieces import PIECES
from gradcli.calculus.balls.special.special_functions import SPECIAL

#: The table of instructions in balls.
OPERATIONS: dict[str, Callable[..., Number]] = {**ARITHMETIC, **ELEMENTARY, **PIECES, **SPECIAL}


#: Of two equal slots these say so without a look at the numbers.
_COMPARISONS = frozenset(("sub", "lt", "le", "eq", "ne", "lt_side", "le_side", "eq_side", "ne_side"))


class Failure(NamedTuple):
    """An instruction without a result: its number, and what it raised."""

    instruction: int
    error: ArithmeticError | ValueError


#: A slot after a run: a rational, a ball or a Failure.
Slot = Any


#: What was shown of slots whose balls cannot show it: their exact rational, POLE, END, or that two of them are equal.
Facts = Mapping[tuple[int, ...], Any]


def undecided(slot: Slot) -> bool:
    """Whether a slot has no result because its balls were too wide."""
    return isinstance(slot, Failure) and isinstance(slot.error, Undecided)


def result_of(
    operation: Callable[..., Number], index: int, op: str, places: Sequence[int], slots: list[Slot], facts: Facts,
) -> Slot:  # fmt: skip
    """The result of instruction number *index*, which may need only some of the slots at *places*; or its Failure."""
    arguments = [slots[place] for place in places]
    first = arguments[0]
    if op == "gate" and exact(first) and first == 0:
        return ZERO
    if op == "select" and not isinstance(first, Failure):
        return arguments[1] if first != 0 else arguments[2]
    if op in ("and", "or") and (short := _short_cut(op, arguments)) is not None:
        return short
    for argument in arguments:
        if isinstance(argument, Failure):
            return argument
    if op in _COMPARISONS and (places[0] == places[1] or tuple(sorted(places)) in facts):
        arguments = [ZERO, ZERO]
    try:
        return operation(*arguments)
    except (ValueError, ArithmeticError) as error:
        return Failure(index, error)


def _short_cut(op: str, arguments: Sequence[Slot]) -> Slot:
    """What one side of `and` or `or` says whatever the other, whose ball may not say; None where it says nothing."""
    for argument, other in zip(arguments, reversed(arguments), strict=True):
        if undecided(other) and not isinstance(argument, Failure) and (argument != 0) == (op == "or"):
            return argument
    return None
