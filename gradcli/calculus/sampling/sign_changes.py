"""A narrow interval in which a program decides something → the exact place, with what is shown there.

What is decided are arguments that pass through 0 (or another number): divisors, the arguments of logarithms, roots and
absolute values, both sides of a comparison. A place is a rational at which that is exact, or the only zero of it between
two numbers of different sign, to as many bits as are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from flint import arb, fmpq, fmpz

from gradcli.calculus.balls.ball_numbers import ZERO, Number, Undecided, ball, exact, working_bits
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.program.program import Program
from gradcli.calculus.sampling.bracketed_zero import zero_between
from gradcli.calculus.sampling.smooth_pieces import Line, Piece

#: Bits of a place that is no rational: one-sided limits look at it from 10**-80 away.
BITS = 700


class Place(NamedTuple):
    """Where something is decided: x is a rational, or a ball; facts: what is known of the slots there."""

    x: Number
    facts: dict[tuple[int, ...], Number]


class _Decision(NamedTuple):
    """A slot that a program compares with a number, or two slots with each other; through: a function of it first."""

    slots: tuple[int, ...]
    value: Number = ZERO
    through: Callable[[Any], Any] | None = None


#: Functions → what vanishes at their poles and ends, as a function of their last argument.
_VANISHING: dict[str, Callable[[Any], Any]] = {
    "tan": lambda x: x.cos(), "sec": lambda x: x.cos(), "cot": lambda x: x.sin(), "csc": lambda x: x.sin(),
    "gamma": lambda x: x.rgamma(), "polygamma": lambda x: x.rgamma(), "lambertw": lambda x: x * arb.const_e() + 1,
}  # fmt: skip

_PAIRS = frozenset(("lt", "le", "eq", "ne", "lt_side", "le_side", "eq_side", "ne_side"))

#: Operations that vanish where one of their arguments does → which ones.
_FACTORS = {
    "neg": (0,), "mul": (0, 1), "gate": (0, 1), "square": (0,), "sqrt": (0,), "cbrt": (0,), "root": (0,), "abs": (0,),
    "div": (0,), "pow": (0,), "hypot": (0, 1),
}  # fmt: skip


def place_of(line: Line, cluster: Sequence[Piece]) -> Place | None:
    """The place within pieces where something is decided, None where it is not shown that there is one."""
    program, low, high = line.first.program, cluster[0].low, cluster[-1].high
    decisions = list(dict.fromkeys(one for piece in cluster for one in _decisions(program, piece)))
    for x in _round(low, high):
        if _decided_at(line, x, decisions):
            return Place(x, {})
    for decision in decisions:
        found = _changing(line, decision, low, high)
        if found is not None:
            return Place(found, {} if decision.through else {decision.slots: decision.value})
    return None


def _round(low: Any, high: Any) -> Iterator[Any]:
    """The shortest decimal and the simplest fraction between two rationals."""
    if low <= 0 <= high:
        yield ZERO
        return
    middle, scale = (low + high) / 2, fmpz(1)
    while scale < fmpz(10) ** 40:
        x = fmpq(int((middle * scale + fmpq(1, 2)).floor())) / scale
        if low <= x <= high:
            yield x
            break
        scale *= 10
    yield _simplest(low, high)


def _simplest(low: Any, high: Any) -> Any:
    """The fraction of the smallest denominator between two rationals (by continued fractions)."""
    if low < 0:
        return -_simplest(-high, -low)
    whole = fmpq(low.floor())
    if whole == low or whole + 1 <= high:
        return whole if whole == low else whole + 1
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))


def _decisions(program: Program, piece: Piece) -> Iterator[_Decision]:
    """What keeps the piece from being smooth, and the factors of that."""
    for index, slot in enumerate(piece.over.slots[program.first :]):
        if not (
            isinstance(slot, Failure) and slot.instruction == index and isinstance(slot.error, Undecided)
        ):
            continue
        op, *places = program.code[index]
        argument, value = slot.error.argument, slot.error.value
        if op in _PAIRS:
            yield _Decision((places[0], places[1]))
        elif argument is None:
            if op in _VANISHING:
                yield _Decision((places[-1],), ZERO, _VANISHING[op])
        elif op == "mod" and argument == 0:
            yield _Decision((places[0], places[1], places[1]), value)
        else:
            chosen = places[argument] if argument < len(places) else places[0]
            number = -value if op == "ceil" else value
            yield from (_Decision((part,), number) for part in _parts(program, chosen, number))


def _parts(program: Program, slot: int, value: Number) -> list[int]:
    """The slots of which one vanishes where *slot* does: its factors, itself last."""
    if value != 0 or slot < program.first:
        return [slot]
    op, *places = program.code[slot - program.first]
    parts = [part for i in _FACTORS.get(op, ()) for part in _parts(program, places[i], ZERO)]
    return [*parts, slot]


def _number(decision: _Decision, slots: Sequence[Any]) -> Any:
    """What has to vanish, as a number; None where it has none."""
    numbers = [slots[slot] for slot in decision.slots]
    if any(isinstance(number, Failure) for number in numbers):
        return None
    first = numbers[0]
    if decision.through:
        return decision.through(ball(first))
    if len(numbers) == 1:
        return first - decision.value
    if len(numbers) == 2:
        return first - numbers[1]
    return first - decision.value * numbers[1]


def _decided_at(line: Line, x: Any, decisions: Sequence[_Decision]) -> bool:
    """Whether one of them is exactly what it is compared with at a rational."""
    slots = run(line.first.program, line.point(x), 192)
    for decision in decisions:
        number = _number(decision, slots)
        if number is not None and not decision.through and exact(number) and number == 0:
            return True
        if number is not None and decision.through and not exact(number) and number.is_zero():
            return True
    return False


def _changing(line: Line, decision: _Decision, low: Any, high: Any) -> Any:
    """The ball around the zero between two numbers of different sign, None where they do not differ."""

    program = line.first.program
    end = max(decision.slots) + 1 - program.first
    program = program._replace(code=program.code[: max(end, 0)])  # what comes after it is not needed

    def at(x: Any) -> Any:
        """What has to vanish, at x, as a ball; None where it has no number."""
        with working_bits(BITS + 64):
            number = _number(decision, run(program, line.point(x), BITS + 64))
            return None if number is None else ball(number)

    return zero_between(at, low, high, BITS - 200)
