"""Programs in balls: every slot holds the truth, and what fails is a value of its own that travels to all that needs it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import (
    ZERO,
    Number,
    Undecided,
    ball,
    exact,
    integer_below,
    working_bits,
)
from gradcli.calculus.balls.child_process import forget_failures
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Facts, Failure, Slot, result_of
from gradcli.calculus.balls.programs.given_numbers import Given, number_of
from gradcli.calculus.balls.special.special_functions import ENDS
from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.program import Program

#: Bits of the first try, bits at which a program ends undecided, and how many bits times instructions it may take then.
FIRST_BITS, MOST_BITS, _MOST_WORK = 192, 16_384, 2**24

#: Given numbers up to this size are asked of sympy whether they are an integer.
LARGEST_WHOLE = 2**64

#: What jumps and seams answer at ties in every framework: no slope, and the piece that the condition takes.
_FLAT = {"flat_zero": "0", "flat_cut": "0", "flat_integer": "0"} | dict.fromkeys(
    ("lt_side", "le_side", "eq_side", "ne_side", "floor_side", "heaviside_side"), ""
)


#: What is shown of a slot that is infinite, and of one at the end of its function's domain (`special_functions.ENDS`).
POLE, END = "pole", "end"

#: What operations with a kink answer at it: by name, or by the number of one instruction, which has the last word.
Ties = Mapping[str, str] | Mapping[str | int, str]


def run(
    program: Program,
    point: Sequence[Given],
    bits: int,
    ties: Ties | None = None,
    facts: Facts | None = None,
) -> list[Slot]:
    """All slots at *point*, in balls of so many bits; Failure where there is no result.

    point: numbers as they were given, rationals or balls. A failure travels to all that needs it; a piece that is
    not taken needs nothing. ties: what operations with a kink answer at it. facts: what was shown of slots.
    """
    with working_bits(bits):
        known = facts or {}
        table: Mapping[Any, Callable[..., Number]] = OPERATIONS if ties is None else _tied(program, ties)
        slots: list[Slot] = [number_of(x, bits) for x in (*point, *program.constants)]
        if known:
            slots = [known.get((slot,), x) for slot, x in enumerate(slots)]
        for index, (op, *places) in enumerate(program.code):
            shown = known.get((program.first + index,)) if known else None
            operation = ENDS[op].function if shown is END else table.get(index) or table[op]
            found = result_of(operation, index, op, places, slots, known)
            if shown is not None and shown is not END:
                found = Failure(index, ZeroDivisionError()) if shown is POLE else shown
            slots.append(found)
        return slots


def _tied(program: Program, ties: Ties) -> dict[str | int, Callable[..., Number]]:
    answers: dict[str | int, tuple[str, str]] = {name: (name, text) for name, text in _FLAT.items()}
    answers |= {
        key: (key if isinstance(key, str) else str(program.code[key][0]), text) for key, text in ties.items()
    }
    table: dict[str | int, Callable[..., Number]] = dict(OPERATIONS.items())
    return table | {key: _answering(name, text) for key, (name, text) in answers.items()}


def _answering(name: str, text: str) -> Callable[..., Number]:
    plain = OPERATIONS.get(name.removesuffix("_side"))

    def tied(*arguments: Number) -> Number:
        try:
            return OPERATIONS[name](*arguments)
        except Kink:
            return number_of(text, 64) if text or plain is None else plain(*arguments)

    return tied


def most_bits(program: Program) -> int:
    """The bits at which *program* ends undecided: fewer for very long ones."""
    return max(FIRST_BITS * 2, min(MOST_BITS, _MOST_WORK // max(len(program.code), 1)))


def run_to_bits(
    program: Program,
    point: Sequence[Given],
    outputs: Collection[int],
    bits: int,
    ties: Ties | None = None,
) -> dict[int, Slot]:
    """The slots *outputs* at *point*: exact, or balls of so many right bits, or the reason why there is no number.

    Precision doubles until every output is there. What is undecided at the documented limit (`most_bits`, or 16 times
    *bits* where that is more) is asked of sympy; what then still is, is a ball that holds 0, or Failure(Undecided).
    """
    forget_failures()
    found: dict[int, Slot] = {}
    facts: dict[tuple[int, ...], Any] = {}
    working, most = max(FIRST_BITS, bits + 64), max(most_bits(program), 16 * bits)
    waiting = list(dict.fromkeys(outputs))
    while waiting:
        slots = run(program, point, working, ties, facts)
        found |= {slot: slots[slot] for slot in waiting}
        waiting = [slot for slot in waiting if not _done(slots[slot], bits)]
        if working < most:
            working = min(2 * working, most)
        elif not waiting or not _shown(program, point, slots, waiting, facts):
            break
    return found


def run_to_digits(
    program: Program,
    point: Sequence[Given],
    digits: int,
    ties: Ties | None = None,
    outputs: Collection[int] | None = None,
) -> dict[int, Slot]:
    """The slots of f and of its partials, or *outputs*, at *point* to so many digits, as `run_to_bits` has them, as balls."""
    chosen = [program.value, *(g for g in program.gradient if g is not None)] if outputs is None else outputs
    found = run_to_bits(program, point, chosen, int(digits * 3.33) + 8, ties)
    return {slot: x if isinstance(x, Failure) else ball(x) for slot, x in found.items()}


def _done(slot: Slot, bits: int) -> bool:
    if isinstance(slot, Failure):
        return not isinstance(slot.error, Undecided)
    return exact(slot) or slot.is_exact() or slot.rel_accuracy_bits() >= bits


def _shown(
    program: Program, point: Sequence[Given], slots: Sequence[Slot], waiting: Sequence[int],
    facts: dict[tuple[int, ...], Any],
) -> bool:  # fmt: skip
    """Whether sympy shows something new of what keeps the slots *waiting*; it is added to *facts*."""
    before = len(facts)
    for slot in waiting:
        place = slots[slot]
        if isinstance(place, Failure):
            key, fact = _asked(program, place)
        else:
            key, fact = (slot,), ZERO if place.contains(0) else None
        if fact is not None and key not in facts and _holds(program, point, key, fact):
            facts[key] = fact
    return len(facts) > before or _whole(program, point, slots, waiting, facts)


def _asked(program: Program, failure: Failure) -> tuple[tuple[int, ...], Any]:
    """What would answer an undecided instruction: slots, and their fact; None for a step inside of an operation."""
    error, (op, *places) = failure.error, program.code[failure.instruction]
    assert isinstance(error, Undecided)  # noqa: S101  (the others do not wait)
    here = (program.first + failure.instruction,)
    if error.pole:
        return here, POLE
    if error.argument is None:
        return (here, END) if op in ENDS else (tuple(sorted(places[:2])), error.value)
    if error.argument >= len(places):
        return here, None
    return (places[error.argument],), error.value


def _holds(program: Program, point: Sequence[Given], key: tuple[int, ...], fact: Any) -> bool:
    """Whether sympy shows the fact."""
    from gradcli.calculus.balls.programs.symbolic_equality import equal, infinite, vanishes

    if fact is POLE:
        return infinite(program, point, key[0])
    if fact is END:
        op, *places = program.code[key[0] - program.first]
        return vanishes(program, point, places, ENDS[op].vanishing)
    return equal(program, point, key, fact)


def _whole(
    program: Program, point: Sequence[Given], slots: Sequence[Slot], waiting: Sequence[int],
    facts: dict[tuple[int, ...], Any],
) -> bool:  # fmt: skip
    """Whether one of the given numbers that *waiting* slots depend on is shown to be an integer; they are added to *facts*."""
    from gradcli.calculus.balls.programs.symbolic_equality import needed

    before = len(facts)
    for slot in needed(program, waiting):
        x = slots[slot]
        if slot >= len(point) or exact(x) or (slot,) in facts or not abs(x) < LARGEST_WHOLE:
            continue
        if x.contains_integer() and _holds(program, point, (slot,), n := fmpq(integer_below(x + 0.5))):
            facts[(slot,)] = n
    return len(facts) > before
