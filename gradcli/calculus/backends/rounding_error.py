"""How far the slots of a float run may be from the truth: a running bound of the rounding error that is never below it.

Each instruction passes its arguments' errors on through the steepest slope over the arguments' whole intervals and
adds its own rounding (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., chapters 2 and 3), plus a term
for underflow. Errors are absolute, in units of 2**-53, and their absolute values are added. Exact is only what is
shown to be: sums, products, quotients and roots that fit, and values such as sin(0).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.calculus.backends.error_propagation import NEVER, SPREADS, UNDERFLOW, UNIT, Bound
from gradcli.calculus.backends.rounding_residuals import EXACT_WHERE, RESIDUALS
from gradcli.calculus.program.instructions import SPECIAL
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import is_short, text_of

#: An answer is looked at again whose error may be larger than so many units: then it may have fewer than 14 right digits.
TOLERANCE = 45.0

#: Programs of more instructions are not looked at again: what speaks for them is their speed.
LARGEST = 5_000

#: The characters of a decimal without an exponent.
_FIGURES = frozenset("0123456789.-")

#: The bound itself is calculated in floats: so much more than their rounding in one instruction's bound.
_ROUNDED = 1 + 2.0**-45

#: How far the doubles of the two constants are from them, in units.
_CONSTANTS = {"pi": 1.1031, "e": 1.3022}


def digits_may_be_lost(
    program: Program,
    slots: Sequence[float],
    outputs: Sequence[int],
    inputs: Sequence[float],
    tolerance: float = TOLERANCE,
) -> bool:
    """Whether one of the slots *outputs* may have fewer right digits than *tolerance* says.

    inputs: the errors of the variables' values. Both in units of 2**-53.
    """
    if len(program.code) > LARGEST:
        return False
    errors = errors_of(program, slots, inputs)
    # An error that is no number, as of 1/(x*x) where x*x overflows, is in doubt as well.
    return not all(errors[slot] <= tolerance * abs(slots[slot]) for slot in outputs)


def errors_of(program: Program, slots: Sequence[float], inputs: Sequence[float]) -> list[float]:
    """A bound of every slot's error, in units of 2**-53; infinite or no number where none is known."""
    errors = list(inputs)
    errors += [
        constant_error(text, x) for text, x in zip(program.constants, slots[len(errors) :], strict=False)
    ]
    for slot, (op, *places) in enumerate(program.code, program.first):
        errors.append(error_of(op, slots[slot], [slots[p] for p in places], [errors[p] for p in places]))
    return errors


def input_errors(point: Sequence[object], numbers: Sequence[float]) -> list[float]:
    """The errors of the floats *numbers* for what was given: none for a computed float, half a last place for a decimal."""
    return [_given_error(given, x) for given, x in zip(point, numbers, strict=True)]


def _given_error(given: object, x: float) -> float:
    text = text_of(given)
    if text is None:
        return 0.0
    bound = constant_error(text, x)
    return bound if bound == 0 or set(text) - _FIGURES or len(text) > 40 else _decimal_error(text, x)


def _decimal_error(text: str, x: float) -> float:
    """How far the float *x* is from a decimal without an exponent, in units; its quotient is rounded once."""
    whole, _, fraction = text.partition(".")
    above, below = int(whole + fraction), 10 ** len(fraction)
    p, q = x.as_integer_ratio()
    gap: float = abs(above * q - p * below) / (below * q)
    return gap / UNIT * (1 + 1e-9)


def constant_error(text: str, x: float) -> float:
    """The error of the float *x* for the constant that *text* spells."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return 0.0 if is_short(x) and len(text) <= 15 and not set(text) - _FIGURES else abs(x) + UNDERFLOW


def error_of(op: str, r: float, values: Sequence[float], errors: Sequence[float]) -> float:
    """A bound of the error of one instruction's result *r*; infinite where none is known."""
    if math.isnan(r):
        return NEVER
    try:
        if not any(errors):
            if op in EXACT_WHERE and EXACT_WHERE[op](r, *values):
                return 0.0
        elif op in SPECIAL or op in _MEASURED:
            return _by_balls(op, r, values, errors)
        passed_on = SPREADS.get(op) or _spread_of_function(op)
        spread = passed_on(r, *values, *errors) if passed_on else 0.0
        if op in _UNROUNDED:
            return spread
        if op in ("add", "sub"):  # which never underflow
            return (spread + RESIDUALS[op](r, *values)) * _ROUNDED
        if op in RESIDUALS:
            if r == 0 and any(x == 0 == e for x, e in zip(values, errors, strict=True)):
                return 0.0  # a factor is 0
            return (spread + RESIDUALS[op](r, *values) + UNDERFLOW) * _ROUNDED
        factor, constant = ROUNDINGS.get(op, (1.0, 0.0))
        return (spread + factor * abs(r) + constant + UNDERFLOW) * _ROUNDED
    except (ArithmeticError, ValueError):
        return NEVER


def _spread_of_function(op: str) -> Bound | None:
    """How a function passes errors on; None for one that is never asked with errors."""
    from gradcli.calculus.backends.function_error_propagation import FUNCTION_SPREADS

    return FUNCTION_SPREADS.get(op)


def _by_balls(op: str, r: float, values: Sequence[float], errors: Sequence[float]) -> float:
    """The radius of what the operation makes of the arguments' intervals."""
    from gradcli.calculus.intervals.rounding_radius import radius

    return (radius(op, r, values, errors) + 4 * abs(r) + UNDERFLOW) * _ROUNDED


#: Operations that round nothing themselves.
_UNROUNDED = frozenset(
    ("neg", "abs", "min", "max", "select", "relu", "floor", "ceil", "sign", "heaviside", "and", "or", "lt", "le", "eq",
     "ne", "lt_side", "le_side", "eq_side", "ne_side", "sign_side", "heaviside_side", "first_side", "second_side",
     "relu_side", "flat_zero", "flat_cut", "flat_integer", "floor_side")
)  # fmt: skip

#: Own rounding of an operation: units for each unit of the result, and units beside that. Twice what was measured against
#: balls (tests/trust/test_rounding.py) with glibc 2.36, for other machines; one unit is half of a last place or more.
ROUNDINGS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("exp", "sin", "cos", "pow", "hypot", "log2", "atan", "asin", "acos", "atan2", "log"), (2.0, 0.0)),
    **dict.fromkeys(("tan", "erf", "log1p", "expm1"), (2.6, 0.0)),
    **dict.fromkeys(("sinh", "cosh", "asinh", "acosh", "atanh", "sinc", "sec", "csc", "cot", "softplus", "elu", "log10",
                     "acot"), (4.0, 0.0)),
    **dict.fromkeys(("tanh", "sech", "csch", "coth", "sigmoid", "power_log", "asec", "acsc", "asech", "acsch", "acoth"),
                    (5.5, 0.0)),
    **dict.fromkeys(("erfc", "cbrt", "root"), (8.0, 0.0)),
    "gamma": (16.0, 0.0), "lgamma": (16.0, 16.0), "mod": (1.0, 0.0),
    **dict.fromkeys(SPECIAL, (2.0, 0.0)),
}  # fmt: skip

#: Operations whose steepest slope has no short formula: their intervals are carried out in balls.
_MEASURED = frozenset(("gamma", "lgamma"))
