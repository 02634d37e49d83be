"""How far the slots of a float run may be from the truth: which answers deserve a second, longer look.

Each instruction passes its arguments' errors on through its slope and adds one rounding (first-order error
analysis: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., chapter 3). Errors are absolute, in
units of 2**-53, and are added as independent ones are: square roots of sums of squares.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.calculus.operations import float_operation
from gradcli.calculus.program import Program
from gradcli.language.errors import DomainProblem

#: An answer is doubted whose error may be larger than so many units: four in the last place of a float.
TOLERANCE = 8.0

#: Programs of more instructions are not looked at again: what speaks for them is their speed.
LARGEST = 5_000

Error = Callable[..., float]

_DOUBTED = math.inf


def doubtful(program: Program, slots: Sequence[float], outputs: Sequence[int]) -> bool:
    """Whether one of the slots *outputs* may have fewer right digits than a float has."""
    if len(program.code) > LARGEST:
        return False
    errors = [_of_input(x) for x in slots[: program.first]]
    for slot, (op, *places) in enumerate(program.code, program.first):
        errors.append(_of_result(op, slots[slot], [slots[p] for p in places], [errors[p] for p in places]))
    # An error that is no number, as of 1/(x*x) where x*x overflows, is in doubt as well.
    return not all(errors[slot] <= TOLERANCE * abs(slots[slot]) for slot in outputs)


def _is_short(x: float) -> bool:
    """A number of few binary digits: what such numbers make by + - * is exact as long as it is short itself."""
    return abs(x) < 1e9 and (x * 1048576.0).is_integer()


def _of_input(x: float) -> float:
    return 0.0 if _is_short(x) else abs(x) / 2


def _of_result(op: str, r: float, values: list[float], errors: list[float]) -> float:
    if op in _CLOSED and not any(errors) and _is_short(r):
        return 0.0
    try:
        if op in _EXACT:
            return _EXACT[op](r, *values, *errors)
        spread = _SLOPES[op](r, *values, *errors) if op in _SLOPES else _unknown(op, r, values, errors)
    except (ArithmeticError, ValueError):
        return _DOUBTED
    return math.hypot(spread, r)


def _unknown(op: str, r: float, values: list[float], errors: list[float]) -> float:
    """For functions without a slope here: the slope is measured beside the point, where an error calls for it."""
    spread = 0.0
    for place, error in enumerate(errors):
        if error:
            beside = values[place] * (1 + 2.0**-20)
            moved = float_operation(op)(*values[:place], beside, *values[place + 1 :])
            spread = math.hypot(spread, (moved - r) / (beside - values[place]) * error)
    return spread


def _near(gap: float, error: float) -> bool:
    return error > 0 and abs(gap) <= 4 * error * 2.0**-53


def _step(a: float, ea: float) -> float:
    """floor and its kind: sure of themselves unless an integer is near."""
    return _DOUBTED if _near(a - round(a), ea) else 0.0


def _compare(_: float, a: float, b: float, ea: float, eb: float) -> float:
    return _DOUBTED if _near(a - b, math.hypot(ea, eb)) else 0.0


def _power(r: float, a: float, b: float, ea: float, eb: float) -> float:
    along_exponent = math.log(abs(a)) * eb if eb else 0.0
    return abs(r) * math.hypot(b / a * ea if ea else 0.0, along_exponent)


def _unit(r: float, a: float, ea: float) -> float:
    return ea / math.sqrt((1 - a) * (1 + a)) if ea else 0.0


def _gamma(r: float, a: float, ea: float) -> float:
    beside_poles = 1 / abs(a - round(a)) if a < 1 else 0.0
    return r * (math.log(abs(a) + 2) + beside_poles) * ea if ea else 0.0


def _mod(r: float, a: float, b: float, ea: float, eb: float) -> float:
    error = math.hypot(ea, a / b * eb)
    return _DOUBTED if _near(a / b - round(a / b), error / abs(b)) else error


#: Operations that round nothing themselves.
_EXACT: dict[str, Error] = {
    "neg": lambda r, a, ea: ea, "abs": lambda r, a, ea: ea,
    "min": lambda r, a, b, ea, eb: max(ea, eb), "max": lambda r, a, b, ea, eb: max(ea, eb),
    "select": lambda r, c, a, b, ec, ea, eb: _DOUBTED if ec == _DOUBTED else ea if c else eb,
    "relu": lambda r, a, ea: _DOUBTED if _near(a, ea) else ea if a > 0 else 0.0,
    "floor": lambda r, a, ea: _step(a, ea), "ceil": lambda r, a, ea: _step(a, ea),
    "sign": lambda r, a, ea: _compare(r, a, 0.0, ea, 0.0), "heaviside": lambda r, a, ea: _compare(r, a, 0.0, ea, 0.0),
    "and": lambda r, a, b, ea, eb: max(ea, eb), "or": lambda r, a, b, ea, eb: max(ea, eb),
    **dict.fromkeys(("lt", "le", "eq", "ne", "lt_side", "le_side", "eq_side", "ne_side"), _compare),
    **dict.fromkeys(
        ("sign_side", "heaviside_side", "first_side", "second_side", "relu_side", "flat_zero"),
        lambda r, a, ea: _compare(r, a, 0.0, ea, 0.0),
    ),
    **dict.fromkeys(("flat_integer", "floor_side"), lambda r, a, ea: _step(a, ea)),
}  # fmt: skip

_CLOSED = frozenset(("add", "sub", "mul", "square", "pow"))

#: The error that the arguments' errors make: absolute values of the slopes times them.
_SLOPES: dict[str, Error] = {
    "add": lambda r, a, b, ea, eb: math.hypot(ea, eb), "sub": lambda r, a, b, ea, eb: math.hypot(ea, eb),
    "mul": lambda r, a, b, ea, eb: math.hypot(b * ea, a * eb), "gate": lambda r, a, b, ea, eb: math.hypot(b * ea, a * eb),
    "div": lambda r, a, b, ea, eb: math.hypot(ea, r * eb) / abs(b), "square": lambda r, a, ea: 2 * abs(a) * ea,
    "pow": _power, "exp": lambda r, a, ea: r * ea, "expm1": lambda r, a, ea: (r + 1) * ea,
    "log": lambda r, a, ea: ea / a, "log10": lambda r, a, ea: ea / a / 2.3, "log2": lambda r, a, ea: ea / a / 0.69,
    "log1p": lambda r, a, ea: ea / (1 + a), "sqrt": lambda r, a, ea: ea / (2 * r) if ea else 0.0,
    "cbrt": lambda r, a, ea: ea / (3 * r * r) if ea else 0.0, "hypot": lambda r, a, b, ea, eb: math.hypot(ea, eb),
    "sin": lambda r, a, ea: math.cos(a) * ea, "cos": lambda r, a, ea: math.sin(a) * ea,
    "tan": lambda r, a, ea: (1 + r * r) * ea, "cot": lambda r, a, ea: (1 + r * r) * ea,
    "sec": lambda r, a, ea: r * math.tan(a) * ea, "csc": lambda r, a, ea: r / math.tan(a) * ea,
    "asin": _unit, "acos": _unit, "atan": lambda r, a, ea: ea / (1 + a * a),
    "sinh": lambda r, a, ea: math.hypot(1, r) * ea, "cosh": lambda r, a, ea: r * ea,
    "tanh": lambda r, a, ea: (1 - r) * (1 + r) * ea, "sech": lambda r, a, ea: r * ea,
    "asinh": lambda r, a, ea: ea / math.hypot(1, a), "acosh": lambda r, a, ea: ea / math.sqrt((a - 1) * (a + 1)) if ea else 0.0,
    "atanh": lambda r, a, ea: ea / ((1 - a) * (1 + a)) if ea else 0.0,
    "erf": lambda r, a, ea: 1.13 * math.exp(-a * a) * ea, "erfc": lambda r, a, ea: 1.13 * math.exp(-a * a) * ea,
    "gamma": _gamma, "lgamma": lambda r, a, ea: (math.log(a + 1) + 1 / a) * ea,
    "sigmoid": lambda r, a, ea: r * (1 - r) * ea, "softplus": lambda r, a, ea: ea, "mod": _mod,
    "leaky_relu": lambda r, a, b, ea, eb: ea, "elu": lambda r, a, b, ea, eb: math.hypot(ea, eb),
}  # fmt: skip


def settled(program: Program, point: Sequence[str], outputs: Sequence[int]) -> list[float] | None:
    """The slots *outputs* as the floats nearest to the truth; None where some operation fails or is too hard.

    In more and more digits until the floats stay the same. A number that only gets smaller is 0, as far as 400
    digits can tell. Raises DomainProblem where one does not settle, such as 1/sin(pi).
    """
    from gradcli.calculus.assured import exactly

    if (fractions := exactly(program, point, outputs)) is not None:
        return fractions
    from gradcli.calculus import wide

    last: list[Any] = []
    gap = 0
    for digits in (50, 100, 200, 400):
        slots = wide.run(program, point, digits + gap)
        gap = wide.apart(slots)
        before, last = last, [slots[slot] for slot in outputs]
        if any(isinstance(number, wide.Failure) for number in last):
            return None
        now = [float(number) for number in last]
        if now == [float(number) for number in before] and all(map(math.isfinite, now)):
            return now
    return [in_the_end(a, b, digits) for a, b in zip(before, last, strict=True)]


def in_the_end(a: Any, b: Any, digits: int) -> float:
    """The float nearest to a number that is *a* in some digits and *b* in twice as many, or 0 where that is what it goes to.

    Raises DomainProblem where they are two numbers: *digits* are not enough.
    """
    if abs(a - b) <= 1e-15 * abs(b):
        return float(b)
    if abs(b) <= 1e-20 * abs(a):
        return 0.0
    raise unsettled(digits)


def unsettled(digits: int) -> DomainProblem:
    """What is to be said where more digits make another number of it."""
    return DomainProblem(f"the digits do not settle: {digits} digits of working precision are not enough")
