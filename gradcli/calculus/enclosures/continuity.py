"""Whether f has a value and no jump in all of a box: by where each operation that f takes breaks off.

Across the seam of a condition on one variable that is a number, f is looked at on both sides: pieces that meet are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor, isinf
from typing import Any

from gradcli.calculus.balls.ball_numbers import exact, working_bits
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure, result_of
from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.enclosures.half_line_rules import RULES
from gradcli.calculus.enclosures.half_lines import Ends
from gradcli.calculus.enclosures.natural_bounds import SlotEnds
from gradcli.calculus.program.instructions import SPECIAL

_BITS = 128

_CONDITIONS = frozenset(("lt", "le", "eq", "ne", "and", "or"))


def _beside_zero(a: Ends) -> bool:
    return a[0] > 0 or a[1] < 0 or a[0] == a[1]


def _same(step: Callable[[float], float]) -> Callable[[Ends], bool]:
    return lambda a: not isinf(a[0]) and not isinf(a[1]) and step(a[0]) == step(a[1])


def _one_quotient(a: Ends, b: Ends) -> bool:
    """Whether a remainder does not jump."""
    quotient = RULES["div"](a, b)
    return quotient is not None and _same(floor)(quotient)


def _within(low: float, high: float) -> Callable[[Ends], bool]:
    return lambda a: low <= a[0] and a[1] <= high


#: Operations that break off somewhere: whether they do not, by the ends of their arguments.
UNBROKEN: dict[str, Callable[..., bool]] = {
    "div": lambda a, b: b[0] > 0 or b[1] < 0, "sqrt": lambda a: a[0] >= 0, "mod": _one_quotient,
    **dict.fromkeys(("log", "log2", "log10"), lambda a: a[0] > 0), "log1p": lambda a: a[0] > -1,
    "asin": _within(-1, 1), "acos": _within(-1, 1), "floor": _same(floor), "ceil": _same(ceil),
    **dict.fromkeys(("sign", "heaviside", "csch", "coth"), _beside_zero),
    **{op: lambda *ends: all(low == high for low, high in ends) for op in _CONDITIONS},
    "atan2": lambda y, x: x[0] > 0 or y[0] > 0 or y[1] < 0,
}  # fmt: skip

#: Operations that never break off.
_WHOLE = frozenset((
    "add", "sub", "mul", "neg", "square", "gate", "exp", "expm1", "sin", "cos", "sinh", "cosh", "tanh", "sech", "asinh", "atan",
    "erf", "erfc", "sigmoid", "softplus", "cbrt", "abs", "min", "max", "relu", "hypot", "leaky_relu", "elu",
))  # fmt: skip


def is_unbroken(field: BoxProgram, box: Any) -> bool:
    """Whether f is shown to have a value and no jump in a box of sides."""
    return _is_shown(field, box, _holds)


def takes_its_least(field: BoxProgram, box: Any) -> bool:
    """Whether f is shown to have a least value in a closed box: it is unbroken, or its lower piece has the seam."""
    return _is_shown(field, box, _holds_from_below)


def _is_shown(field: BoxProgram, box: Any, holds: Callable[..., bool]) -> bool:
    look = field.look([one.ball for one in box])
    if look.value.is_finite() and not (look.partial or look.jump):
        return True
    ends = SlotEnds(field, box)
    return all(holds(field, box, ends, slot) for slot in _taken(field, ends))


def _holds_from_below(field: BoxProgram, box: Any, ends: SlotEnds, slot: int) -> bool:
    """Whether an operation does not break off, or is f itself and jumps up from its seams."""
    if _holds(field, box, ends, slot):
        return True
    program = field.derived.program
    op, *places = program.code[slot - program.first] if slot >= program.first else ("",)
    if op != "select" or slot != field.derived.value:
        return False
    seams = _seams(field, box, places[0])
    return bool(seams) and all(_is_lower(field, box, x, places) for x in seams)


def _is_lower(field: BoxProgram, box: Any, x: Any, places: Sequence[int]) -> bool:
    """Whether the piece that is taken at a point is not above the other one there."""
    condition, first, second = _exactly(field, box, x, places)
    if not (exact(condition) and exact(first) and exact(second)):
        return False
    rise = second - first if condition != 0 else first - second
    return bool(field.sign * rise >= 0)


def _taken(field: BoxProgram, ends: SlotEnds) -> Iterator[int]:
    """The slots of instructions that f is made of, without branches that are not taken, and without conditions."""
    program = field.derived.program
    varies, seen, waiting = {program.first + i for i in field.value_code}, set[int](), [field.derived.value]
    while waiting:
        slot = waiting.pop()
        if slot in seen or slot not in varies:
            if slot == field.derived.value and isinstance(field.constants[slot], Failure):
                yield slot
            continue
        seen.add(slot)
        yield slot
        op, *places = program.code[slot - program.first]
        if op == "select":
            truth = ends[places[0]] or (0.0, 1.0)
            waiting += places[1:] if truth[0] != truth[1] else [places[1 if truth[0] else 2]]
        else:
            waiting += places


def _holds(field: BoxProgram, box: Any, ends: SlotEnds, slot: int) -> bool:
    program = field.derived.program
    if slot < program.first or isinstance(field.constants[slot], Failure):
        return False
    op, *places = program.code[slot - program.first]
    if isinstance(next((c for p in places if isinstance(c := field.constants[p], Failure)), None), Failure):
        return False
    arguments = [ends[place] for place in places]
    if op == "select":
        truth = arguments[0]
        return truth is not None and (truth[0] == truth[1] or _meet(field, box, places))
    known = [one for one in arguments if one is not None]
    if len(known) < len(arguments):
        return False
    if op in ("pow", "root"):
        return _power_holds(known[0], field.constants[places[-1]], op)
    if op in UNBROKEN:
        return UNBROKEN[op](*known)
    return op in _WHOLE or (op in SPECIAL and _is_bounded(ends[slot]))


def _is_bounded(ends: Ends | None) -> bool:
    return ends is not None and not (isinf(ends[0]) or isinf(ends[1]))


def _power_holds(base: Ends, exponent: Any, op: str) -> bool:
    if not exact(exponent) or exponent == 0:
        return base[0] > 0
    if op == "root":
        return exponent.q == 1 and exponent > 0 and (int(exponent.p) % 2 == 1 or base[0] >= 0)
    if exponent < 0:
        return base[0] > 0 or (exponent.q == 1 and base[1] < 0)
    return exponent.q == 1 or base[0] >= 0


def _meet(field: BoxProgram, box: Any, places: Sequence[int]) -> bool:
    """Whether both pieces have one value at each seam of a condition on the one variable that moves."""
    seams = _seams(field, box, places[0])
    return bool(seams) and all(_agree(field, box, x, places[1], places[2]) for x in seams)


def _seams(field: BoxProgram, box: Any, condition: int) -> list[Any]:
    """The exact numbers at which a comparison of the one variable, or of its size, with a number changes; none unknown."""
    program = field.derived.program
    moving = [slot for slot, one in zip(field.inputs, box, strict=True) if not one.fixed]
    op, *sides = program.code[condition - program.first] if condition >= program.first else ("",)
    if op not in ("lt", "le") or len(moving) != 1:
        return []
    for one, other in (sides, sides[::-1]):
        number = field.constants[other]
        if not exact(number):
            continue
        if one == moving[0]:
            return [number]
        if one >= program.first and program.code[one - program.first] == ("abs", moving[0]):
            return [number, -number]
    return []


def _agree(field: BoxProgram, box: Any, x: Any, a: int, b: int) -> bool:
    """Whether two slots are one exact number at a point of the one variable that moves."""
    first, second = _exactly(field, box, x, (a, b))
    return exact(first) and exact(second) and bool(first == second)


def _exactly(field: BoxProgram, box: Any, x: Any, wanted: Sequence[int]) -> list[Any]:
    """The slots *wanted* at a point of the one variable that moves: exact numbers, balls, or Failure and None."""
    program = field.derived.program
    with working_bits(_BITS):
        slots = list(field.constants)
        for slot, one in zip(field.inputs, box, strict=True):
            slots[slot] = one.ball if one.fixed else x
        for index in range(max(wanted) - program.first + 1):
            slot = program.first + index
            op, *places = program.code[index]
            if slots[slot] is None:
                known = op in OPERATIONS and all(slots[place] is not None for place in places)
                slots[slot] = result_of(OPERATIONS[op], index, op, places, slots, {}) if known else None
    return [slots[slot] for slot in wanted]
