"""Programs of plain operations in Arb's balls alone: without rationals, without failures that travel.

Plain is what Arb by itself makes no number of, or a ball without an end, where an argument may be outside of the domain or
at a pole; no other plain operation makes a number of that again. So where the outputs are numbers, `ball_backend.run` has
the same ones.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flint import arb, ctx

from gradcli.calculus.balls.ball_arithmetic import LARGEST_EXPONENT
from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.program.program import Program

#: Whole exponents up to this are carried out as products.
_LARGEST_POWER = 64

#: Right bits of a ball that tell a float: more than it has.
RIGHT_BITS = 64

#: The outputs at a point, as the floats nearest to them; None where a ball does not tell one.
StraightLine = Callable[[Sequence[Any]], list[float] | None]


def straight_line(program: Program, outputs: Sequence[int], bits: int) -> StraightLine | None:
    """The slots *outputs* by balls of so many bits, at points of floats, decimals and balls.

    None where an operation is not plain, or a constant has no number.
    """
    steps: list[tuple[Callable[..., Any], int, int | None]] = []
    for op, *places in program.code:
        function: Callable[..., Any] | None = _PLAIN.get(op) or (
            _power(program, places[1]) if op == "pow" else None
        )
        if function is None:
            return None
        steps.append((function, places[0], places[1] if len(places) == 2 and op != "pow" else None))
    try:
        with working_bits(bits):
            constants = [ball(number_of(text, bits)) for text in program.constants]
    except (ValueError, ArithmeticError):
        return None

    def at(point: Sequence[Any]) -> list[float] | None:
        """The floats nearest to the outputs."""
        before = ctx.prec
        ctx.prec = bits
        try:
            slots = [*map(arb, point), *constants]
            if not all(x.is_finite() for x in slots):
                return None
            append = slots.append
            for function, a, b in steps:
                append(function(slots[a]) if b is None else function(slots[a], slots[b]))
            return _all(_nearest(slots[slot]) for slot in outputs)
        except OverflowError:
            return None
        finally:
            ctx.prec = before

    return at


def _all(numbers: Iterable[float | None]) -> list[float] | None:
    """The numbers; None where one is missing."""
    found = []
    for x in numbers:
        if x is None:
            return None
        found.append(x)
    return found


def _nearest(x: Any) -> float | None:
    """The float nearest to all of a ball; None where there is none, or it is next to 0 or too large."""
    if x.is_exact():
        number = float(x) + 0.0
        return number if math.isfinite(number) and (number or x.is_zero()) else None
    if not x.rel_accuracy_bits() >= RIGHT_BITS:
        return None
    number = float(x.lower())
    return number if number and math.isfinite(number) and number == float(x.upper()) else None


def _power(program: Program, exponent: int) -> Callable[[Any], Any] | None:
    """x**n of a constant n that is whole and small."""
    at = exponent - len(program.variables)
    text = program.constants[at] if 0 <= at < len(program.constants) else ""
    n = int(text) if text.isdecimal() and len(text) <= 2 else 0
    return (lambda x: x**n) if 0 < n <= _LARGEST_POWER else None


def _within_exponents(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that is refused as too large or too small where no exponent could hold it."""

    def of_ball(x: Any) -> Any:
        """Raises OverflowError, of what is no number too."""
        if not abs(x) < LARGEST_EXPONENT:
            raise OverflowError
        return function(x)

    return of_ball


#: The functions of Arb without an end at a number, that are no number outside of their domain and at a pole.
_FUNCTIONS = (
    "sqrt", "log", "log1p", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "tanh", "sech", "csch", "coth",
    "asinh", "acosh", "atanh",
)  # fmt: skip

#: Operation -> what Arb does. (`sinc` is not here: of what is no number it makes one.)
_PLAIN: dict[str, Callable[..., Any]] = {
    "neg": operator.neg, "add": operator.add, "sub": operator.sub, **dict.fromkeys(("mul", "gate"), operator.mul),
    "div": operator.truediv, "square": lambda x: x * x, **{name: getattr(arb, name) for name in _FUNCTIONS},
    **{name: _within_exponents(getattr(arb, name)) for name in ("exp", "expm1", "sinh", "cosh")},
}  # fmt: skip
