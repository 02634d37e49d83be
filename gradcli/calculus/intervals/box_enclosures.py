"""A program over a whole box → what every slot can be there: a ball, a sign, or the reason why there is no number.

A box is *clear* for a slot where its ball is finite: then the slot is a continuous function of the point there. Beside
its ball a slot has a sign, which products keep even where a wide ball around exp(-1e9*x**2) does not show it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from gradcli.calculus.balls.ball_numbers import ZERO, Number, Undecided, ball, exact, finite, working_bits
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.program.program import Program

#: Bits of the balls: a box is wide, and its balls need no more.
BITS = 128


#: Programs whose instructions are kept ready.
_PLANS = 16

#: The sign of what is not 0; the signs of what is not 0.
EITHER = 2
NOT_ZERO = (-1, 1, EITHER)


class Enclosed:
    """Of every slot: its number or Failure, and its sign wherever it has a value.

    A sign is -1, 1, 0 for exactly 0, EITHER where it is not 0, None where nothing is known.
    """

    def __init__(self, program: Program, slots: list[Any], known: Mapping[int, int]) -> None:
        self.slots = slots
        self._program, self._known = program, known

    @cached_property
    def signs(self) -> list[int | None]:
        """The signs of all slots, found when one is asked for."""
        slots = self.slots
        before = len(slots) - len(self._program.code)
        signs = [_own_sign(x) for x in slots[:before]]
        for place, sign in self._known.items():
            signs[place] = sign
        for found, (_, op, _, places) in zip(slots[before:], _plan(self._program), strict=True):
            own = _own_sign(found)
            if own is None:
                own = _sign(op, [signs[p] for p in places], [slots[p] for p in places])
            signs.append(own)
        return signs

    def clear(self, slot: int) -> bool:
        """Whether the slot has a number everywhere in the box."""
        return not isinstance(self.slots[slot], Failure)

    def void(self, slot: int) -> bool:
        """Whether the slot has no value anywhere in the box: outside of a domain, not merely too large."""
        found = self.slots[slot]
        return isinstance(found, Failure) and not isinstance(found.error, Undecided | OverflowError)


def enclosed(
    program: Program, point: Sequence[Number], bits: int = BITS, known: Mapping[int, int] | None = None
) -> Enclosed:
    """All slots of *program* over the box that *point* spans: rationals and balls, as wide as its sides.

    known: signs of variables by their place, where a side ends at 0 without it.
    """
    with working_bits(bits):
        slots: list[Any] = [number_of(x, bits) for x in point]
        slots += _constants(program.constants, bits)
        for index, op, function, places in _plan(program):
            arguments = [slots[p] for p in places]
            if op in _ARITHMETIC and Failure not in map(type, arguments):
                slots.append(function(*arguments))
            else:
                slots.append(_result(index, op, function, arguments, places))
        return Enclosed(program, slots, known or {})


@lru_cache(64)
def _constants(texts: tuple[str, ...], bits: int) -> list[Any]:
    """A program's constants in balls of so many bits."""
    return [number_of(text, bits) for text in texts]


#: An instruction: its number, its name, what carries it out, its slots.
_Planned = tuple[int, str, Callable[..., Any], tuple[int, ...]]

#: The last programs, and their instructions with what carries them out: one is gone through for thousands of boxes.
_plans: dict[int, tuple[Program, list[_Planned]]] = {}


def _plan(program: Program) -> list[_Planned]:
    known = _plans.get(id(program))
    if known is None or known[0] is not program:
        if len(_plans) >= _PLANS:
            _plans.clear()
        instructions = enumerate(program.code)
        plan = [(i, op, _WIDE.get(op) or OPERATIONS[op], tuple(places)) for i, (op, *places) in instructions]
        known = _plans[id(program)] = program, plan
    return known[1]


def _result(
    index: int, op: str, function: Callable[..., Any], arguments: Sequence[Any], places: Sequence[int]
) -> Any:
    first = arguments[0]
    if op == "gate" and exact(first) and first == 0:
        return first
    if op == "select" and not isinstance(first, Failure):
        return arguments[1] if first != 0 else arguments[2]
    for argument in arguments:
        if type(argument) is Failure:
            return argument
    try:
        if op in _ALIKE and places[0] == places[1]:
            arguments = [ZERO, ZERO]
        return function(*arguments)
    except (ValueError, ArithmeticError) as error:
        return Failure(index, error)


#: What has a number wherever its arguments have.
_ARITHMETIC = frozenset(("add", "mul", "neg", "square"))

#: Of two equal slots these say so without a look at the numbers.
_ALIKE = frozenset(("sub", "lt", "le", "eq", "ne", "lt_side", "le_side", "eq_side", "ne_side"))


def _square(x: Number) -> Number:
    """A square is not below 0, however wide the ball."""
    found = x * x
    return found if exact(x) or x > 0 or x < 0 else found.nonnegative_part()


def _power(x: Number, y: Number) -> Number:
    """Where the base is positive the exponent may hold whole numbers; even powers are not below 0."""
    if not exact(y) and ball(x) > 0:
        return finite((y * ball(x).log()).exp())
    found = OPERATIONS["pow"](x, y)
    even = exact(y) and y.q == 1 and y.p % 2 == 0 and y > 0
    return found.nonnegative_part() if even and not exact(x) and not (x > 0 or x < 0) else found


def _power_log(x: Number, y: Number) -> Number:
    if not exact(y) and ball(x) > 0:
        log = ball(x).log()
        return finite((y * log).exp() * log)
    return OPERATIONS["power_log"](x, y)


def _gamma(x: Number) -> Number:
    """Above 0 whole numbers are nothing special."""
    return finite(x.gamma()) if not exact(x) and x > 0 else OPERATIONS["gamma"](x)


def _polygamma(n: Number, x: Number) -> Number:
    if not exact(x) and x > 0 and exact(n) and n == 0:
        return finite(x.digamma())
    return OPERATIONS["polygamma"](n, x)


#: Operations that know more of wide balls than those for points.
_WIDE: dict[str, Callable[..., Any]] = {
    "square": _square, "pow": _power, "power_log": _power_log, "gamma": _gamma, "polygamma": _polygamma,
}  # fmt: skip

#: Above 0 whatever the argument; as its argument; with no sign but that of its product.
_POSITIVE = frozenset(("exp", "cosh", "sech", "sigmoid", "softplus", "erfc"))
_ODD = frozenset(
    ("cbrt", "sinh", "tanh", "asinh", "atan", "erf", "sign", "sign_side", "expm1", "erfi", "neg")
)
_EVEN = frozenset(("square", "abs"))


def _own_sign(x: Any) -> int | None:
    if type(x) is Failure:
        return None
    return 1 if x > 0 else -1 if x < 0 else 0 if (exact(x) or x.is_zero()) else None


def _sign(op: str, signs: Sequence[int | None], arguments: Sequence[Any]) -> int | None:
    """The sign of a result whose ball does not show it, from the signs of what it is made of."""
    a, b = signs[0], signs[-1]
    if op in _POSITIVE:
        return 1
    if op in _ODD:
        return -a if op == "neg" and a in (-1, 1) else a
    if op in _EVEN:
        return None if a is None else 0 if a == 0 else 1
    if op == "div":
        return _times(a, EITHER if b is None else b)  # where there is a quotient its divisor is not 0
    if op in ("mul", "gate"):
        return _times(a, b)
    if op in ("add", "sub"):
        second = -b if op == "sub" and b in (-1, 1) else b
        return second if a == 0 else a if second == 0 or (a == second and a != EITHER) else None
    if op == "pow":
        return 1 if a == 1 else EITHER if a in NOT_ZERO else None
    if op == "select" and not isinstance(arguments[0], Failure):
        return signs[1] if arguments[0] != 0 else signs[2]
    return None


def _times(a: int | None, b: int | None) -> int | None:
    if a == 0 or b == 0:
        return 0
    if a is None or b is None:
        return None
    return EITHER if EITHER in (a, b) else a * b
