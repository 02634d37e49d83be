"""How the errors of an operation's arguments are passed on: the steepest slope over the arguments' whole intervals.

Errors are absolute, in units of 2**-53; infinite where no bound is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from gradcli.calculus.program.instructions import SUM

#: One unit.
UNIT = 2.0**-53

#: What underflow may take from a result (2**-1075), in units, with room for that of the bound itself.
UNDERFLOW = 2.0**-1020

#: The least positive double: more than the rounding of an error below the normal ones may take from a difference.
TINY = 2.0**-1074

#: A double below this has fewer digits than are shown.
FEW_DIGITS = 2.0**-1038

#: Bounds are calculated in floats too: so much more than the roundings in those of a whole program.
SLACK = 1 + 1e-9

Bound = Callable[..., float]

NEVER = math.inf


def over(above: float, below: float) -> float:
    """A quotient of bounds; infinite where the divisor may be 0."""
    return above / below if below > 0 else 0.0 if above == 0 else NEVER


def inside(size: float, error: float) -> float:
    """The least size of what is *error* units from a number of that *size*: 0 or less where it may be 0."""
    return size - error * UNIT - TINY if error else size


def _near(gap: float, error: float) -> bool:
    return error != 0 and not abs(gap) > 1.01 * error * UNIT


def _larger(r: float, a: float, b: float, ea: float, eb: float) -> float:
    """The larger error; no number where one is none."""
    return max(ea, eb) if ea + eb >= 0 else math.nan


def _picked(r: float, a: float, b: float, ea: float, eb: float) -> float:
    """The error of the one that is less or greater; the larger one where that is not certain; no number where one is none."""
    if abs(a - b) > 1.01 * (ea + eb) * UNIT:
        return ea if r == a else eb
    return _larger(r, a, b, ea, eb)


def _step(r: float, a: float, ea: float) -> float:
    """floor and its kind: sure of themselves unless an integer is near."""
    return NEVER if _near(a - round(a), ea) else 0.0


def _compare(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return NEVER if _near(a - b, ea + eb) else 0.0


def _against_zero(r: float, a: float, ea: float) -> float:
    return NEVER if _near(a, ea) else 0.0


#: So much more than the rounding of a power of floats, and of what it is made of.
ROUNDED_POWER = 1 + 2.0**-40


def raised_spread(r: float, a: float, b: float, ea: float, eb: float) -> float:
    """|(a + δ)**(b + η) - a**b|: the exponent of the quotient is at most L, and exp(L) - 1 at most L/(1 - L).

    Of a whole b from 1 on that is exact, |a| may be small: the steepest slope in between is b*(|a| + |δ|)**(b - 1).
    """
    if not eb and b >= 1 and b == math.floor(b):
        return (ROUNDED_POWER + b * 2.0**-51) * b * math.pow(abs(a) + ea * UNIT + TINY, b - 1) * ea
    if a == 0 or (a < 0 and eb):
        return 0.0 if not (ea or eb) else NEVER
    share = over(ea, inside(abs(a), ea))
    exponent = ((abs(b) + eb * UNIT) * share + eb * (abs(math.log(abs(a))) + share * UNIT)) * UNIT
    return (abs(r) + TINY) * over(exponent, 1 - exponent) / UNIT


def _mod(r: float, a: float, b: float, ea: float, eb: float) -> float:
    quotient = a / b
    error = over(ea + abs(quotient) * eb, inside(abs(b), eb)) + abs(quotient)
    if ea or eb:
        if _near(quotient - round(quotient), error):
            return NEVER
        return ea + (abs(math.floor(quotient)) + 1) * eb + abs(b)
    return abs(b)


def _quotient(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return over(ea + (abs(r) + TINY) * eb, inside(abs(b), eb))


def _square_root(r: float, a: float, ea: float) -> float:
    return over(0.6 * ea, r) if ea * UNIT <= a / 2 else NEVER


def _of_sum(r: float, *terms: float) -> float:
    return math.fsum(terms[len(terms) // 2 :])


#: The error that the arguments' errors make.
SPREADS: dict[str, Bound] = {
    "neg": lambda r, a, ea: ea, "abs": lambda r, a, ea: ea,
    **dict.fromkeys(("min", "max"), _picked), **dict.fromkeys(("and", "or"), _larger),
    "select": lambda r, c, a, b, ec, ea, eb: NEVER if ec else ea if c else eb,
    "relu": lambda r, a, ea: 0.0 if a < -1.01 * ea * UNIT - TINY else ea,
    "floor": _step, "ceil": _step, "flat_integer": _step, "floor_side": _step,
    **dict.fromkeys(("sign", "heaviside", "sign_side", "heaviside_side", "first_side", "second_side", "relu_side",
                     "flat_zero", "flat_cut"), _against_zero),
    **dict.fromkeys(("lt", "le", "eq", "ne", "lt_side", "le_side", "eq_side", "ne_side"), _compare),
    SUM: _of_sum, "add": lambda r, a, b, ea, eb: ea + eb, "sub": lambda r, a, b, ea, eb: ea + eb,
    **dict.fromkeys(("mul", "gate"), lambda r, a, b, ea, eb: abs(b) * ea + abs(a) * eb + ea * UNIT * eb),
    "div": _quotient, "square": lambda r, a, ea: (2 * abs(a) + ea * UNIT) * ea, "pow": raised_spread, "mod": _mod,
    "sqrt": _square_root,
    "exp": lambda r, a, ea: over((r + TINY) * ea, 1 - ea * UNIT), "log": lambda r, a, ea: over(ea, inside(a, ea)),
    "sin": lambda r, a, ea: (abs(math.cos(a)) + ea * UNIT) * ea, "cos": lambda r, a, ea: (abs(math.sin(a)) + ea * UNIT) * ea,
    "hypot": lambda r, a, b, ea, eb: ea + eb,
}  # fmt: skip
