"""How far the slots of a float run may be from the truth: a running bound of the rounding error that is never below it.

Each instruction passes its arguments' errors on through the steepest slope over the arguments' whole intervals and
adds its own rounding (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., chapters 2 and 3), plus a term
for underflow. Errors are absolute, in units of 2**-53, and their absolute values are added. Exact is only what is
shown to be: sums, products, quotients and roots that fit, and values such as sin(0).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gradcli.calculus.program.instructions import SPECIAL, SUM
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import text_of

#: An answer is looked at again whose error may be larger than so many units: then it may have fewer than 14 right digits.
TOLERANCE = 45.0

#: Programs of more instructions are not looked at again: what speaks for them is their speed.
LARGEST = 5_000

#: One unit; and what underflow may take from a result (2**-1075), in units, with room for that of the bound itself.
UNIT, UNDERFLOW = 2.0**-53, 2.0**-1020

#: The characters of a decimal without an exponent.
_FIGURES = frozenset("0123456789.-")

#: The bound itself is calculated in floats: so much more than their rounding in one instruction's bound.
_ROUNDED = 1 + 2.0**-45

#: How far the doubles of the two constants are from them, in units.
_CONSTANTS = {"pi": 1.1031, "e": 1.3022}

Bound = Callable[..., float]

NEVER = math.inf


def digits_may_be_lost(
    program: Program, slots: Sequence[float], outputs: Sequence[int], inputs: Sequence[float]
) -> bool:
    """Whether one of the slots *outputs* may have fewer right digits than TOLERANCE says.

    inputs: the errors of the variables' values, in units of 2**-53.
    """
    if len(program.code) > LARGEST:
        return False
    errors = errors_of(program, slots, inputs)
    # An error that is no number, as of 1/(x*x) where x*x overflows, is in doubt as well.
    return not all(errors[slot] <= TOLERANCE * abs(slots[slot]) for slot in outputs)


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


def is_short(x: float) -> bool:
    """Whether a double is a multiple of 2**-20 that a decimal of 15 digits can spell exactly."""
    return abs(x) < 1e9 and (x * 1048576.0).is_integer()


def error_of(op: str, r: float, values: Sequence[float], errors: Sequence[float]) -> float:
    """A bound of the error of one instruction's result *r*; infinite where none is known."""
    try:
        if not any(errors):
            if op in _EXACT_WHERE and _EXACT_WHERE[op](r, *values):
                return 0.0
        elif op in SPECIAL or op in _MEASURED:
            return _by_balls(op, r, values, errors)
        spread = _SPREADS[op](r, *values, *errors) if op in _SPREADS else 0.0
        if op in _UNROUNDED:
            return spread
        if op in ("add", "sub"):  # which never underflow
            return (spread + _RESIDUALS[op](r, *values)) * _ROUNDED
        if op in _RESIDUALS:
            if r == 0 and any(x == 0 == e for x, e in zip(values, errors, strict=True)):
                return 0.0  # a factor is 0
            return (spread + _RESIDUALS[op](r, *values) + UNDERFLOW) * _ROUNDED
        factor, constant = ROUNDINGS.get(op, (1.0, 0.0))
        return (spread + factor * abs(r) + constant + UNDERFLOW) * _ROUNDED
    except (ArithmeticError, ValueError):
        return NEVER


def _by_balls(op: str, r: float, values: Sequence[float], errors: Sequence[float]) -> float:
    """The radius of what the operation makes of the arguments' intervals."""
    from gradcli.calculus.intervals.rounding_radius import radius

    return (radius(op, r, values, errors) + 4 * abs(r) + UNDERFLOW) * _ROUNDED


def over(above: float, below: float) -> float:
    """A quotient of bounds; infinite where the divisor may be 0."""
    return above / below if below > 0 else 0.0 if above == 0 else NEVER


# --- what is exact -----------------------------------------------------------------------------------------------


def _bits(x: float) -> int:
    """The significant binary digits of a double."""
    mantissa = int(math.frexp(x)[0] * 2.0**53)
    return mantissa.bit_length() - (mantissa & -mantissa).bit_length() + 1 if mantissa else 0


def _exact_sum(r: float, a: float, b: float) -> bool:
    """Whether a + b was rounded by nothing (Knuth's two-sum)."""
    back = r - a
    return (a - (r - back)) + (b - back) == 0


def _exact_product(r: float, a: float, b: float) -> bool:
    return a == 0 or b == 0 or (_bits(a) + _bits(b) <= 53 and abs(r) > 1e-300)


def _exact_power(r: float, a: float, b: float) -> bool:
    return b == 0 or a in (0, 1) or (b == int(b) and 0 < b < 64 and _bits(a) * b <= 53 and abs(r) > 1e-300)


def _zero(r: float, a: float) -> bool:
    return a == 0


def _one(r: float, a: float) -> bool:
    return a == 1


_EXACT_WHERE: dict[str, Callable[..., bool]] = {
    "add": _exact_sum, "sub": lambda r, a, b: _exact_sum(r, a, -b), "mul": _exact_product, "gate": _exact_product,
    SUM: lambda r, *terms: math.fsum((*terms, -r)) == 0, "square": lambda r, a: _exact_product(r, a, a), "pow": _exact_power,
    "div": lambda r, a, b: a == 0 or (_exact_product(a, r, b) and r * b == a),
    "sqrt": lambda r, a: _exact_product(a, r, r) and r * r == a, "power_log": lambda r, a, b: a in (0, 1),
    **dict.fromkeys(("sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "erf", "expm1", "log1p", "cbrt", "cos",
                     "exp", "cosh", "sech", "sec", "sinc", "sincprime", "erfc", "sigmoid"), _zero),
    **dict.fromkeys(("log", "log2", "log10", "acos", "acosh", "lgamma", "gamma"), _one),
    "atan2": lambda r, y, x: y == 0 and x > 0, "hypot": lambda r, a, b: a == 0 or b == 0,
    "mod": lambda r, a, b: a >= 0 < b, "elu": lambda r, a, b: a >= 0, "leaky_relu": lambda r, a, b: a >= 0,
}  # fmt: skip

# --- what rounding took from a result ---------------------------------------------------------------------------


def _product_residual(r: float, a: float, b: float) -> float:
    """|a*b - r| in units, by Dekker's product; the whole of r's half last place where that could overflow or underflow."""
    if not (1e-140 < abs(a) < 1e140 and 1e-140 < abs(b) < 1e140):
        return abs(r)
    high_a, low_a = _split(a)
    high_b, low_b = _split(b)
    return abs(((high_a * high_b - r) + high_a * low_b + low_a * high_b) + low_a * low_b) / UNIT


def _split(x: float) -> tuple[float, float]:
    """A double as the sum of two of 26 bits (Veltkamp)."""
    shifted = 134217729.0 * x
    high = shifted - (shifted - x)
    return high, x - high


def _sum_residual(r: float, a: float, b: float) -> float:
    """|a + b - r| in units, by Knuth's two-sum."""
    back = r - a
    return abs((a - (r - back)) + (b - back)) / UNIT


def _quotient_residual(r: float, a: float, b: float) -> float:
    """|a/b - r| in units: a - r*b is a double, and what the product's rounding took is added to it."""
    if not 1e-140 < abs(r) < 1e140:
        return abs(r)
    product = r * b
    return min(abs(r), (abs(a - product) / UNIT + _product_residual(product, r, b)) * (1 + 1e-9) / abs(b))


#: Own roundings that are known exactly, or nearly.
_RESIDUALS: dict[str, Callable[..., float]] = {
    "add": _sum_residual, "sub": lambda r, a, b: _sum_residual(r, a, -b), "mul": _product_residual,
    "gate": _product_residual, "square": lambda r, a: _product_residual(r, a, a), "div": _quotient_residual,
}  # fmt: skip

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


# --- how errors are passed on -----------------------------------------------------------------------------------


def _near(gap: float, error: float) -> bool:
    return error != 0 and not abs(gap) > 1.01 * error * UNIT


def _larger(r: float, a: float, b: float, ea: float, eb: float) -> float:
    """The larger error; no number where one is none."""
    return max(ea, eb) if ea + eb >= 0 else math.nan


def _step(r: float, a: float, ea: float) -> float:
    """floor and its kind: sure of themselves unless an integer is near."""
    return NEVER if _near(a - round(a), ea) else 0.0


def _compare(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return NEVER if _near(a - b, ea + eb) else 0.0


def _against_zero(r: float, a: float, ea: float) -> float:
    return NEVER if _near(a, ea) else 0.0


def _power(r: float, a: float, b: float, ea: float, eb: float) -> float:
    """|(a + δ)**(b + η) - a**b|: the exponent of the quotient is at most L, and exp(L) - 1 at most L/(1 - L)."""
    if a == 0 or (a < 0 and eb):
        return 0.0 if not (ea or eb) else NEVER
    share = over(ea * UNIT, abs(a) - ea * UNIT)
    exponent = (abs(b) + eb * UNIT) * share + eb * UNIT * (abs(math.log(abs(a))) + share)
    return abs(r) * over(exponent, 1 - exponent) / UNIT


def _power_log(r: float, a: float, b: float, ea: float, eb: float) -> float:
    if a == 0:
        return 0.0 if not (ea or eb) else NEVER
    whole = math.pow(a, b)
    slope = over(ea, abs(a) - ea * UNIT)
    spread = _power(whole, a, b, ea, eb) + 4 * whole + UNDERFLOW
    return spread * (abs(math.log(a)) + slope * UNIT) + (whole + spread * UNIT) * slope


def _root(r: float, a: float, n: float, ea: float, en: float) -> float:
    # The exponent 1/n is rounded too, which log|a| multiplies.
    rounded = abs(r) * abs(math.log(abs(a))) / abs(n) if a and n != 3 else 0.0
    if not ea:
        return rounded if not en else NEVER
    nearest = abs(a) - ea * UNIT
    if en or nearest < abs(a) / 2:
        return NEVER
    return rounded + 2 * abs(r) * ea / (abs(n) * nearest)


def _unit(r: float, a: float, ea: float) -> float:
    """asin and acos: the slope is steepest at the end of the interval that is nearest to 1."""
    end = abs(a) + ea * UNIT
    return over(ea, math.sqrt((1 - end) * (1 + end))) if end < 1 else NEVER if ea else 0.0


def _beside_pole(below: float, ea: float) -> float:
    """What is divided by a sine or cosine *below*: |1/c - 1/(c + δ)| is at most |δ|/(|c|(|c| - |δ|)), tan's slope as well."""
    size = abs(below) * 0.999
    return over(over(ea, size), size - ea * UNIT)


def _bell(r: float, a: float, ea: float) -> float:
    """erf and erfc: 2/sqrt(pi)*exp(-x**2) where the interval is nearest to 0."""
    return 1.13 * _decay(_inner(a, ea) ** 2) * ea


def _inner(a: float, ea: float) -> float:
    """The smallest absolute value in the interval."""
    return max(0.0, abs(a) - ea * UNIT)


def _sech(x: float) -> float:
    return 2 * _decay(x)


def _decay(x: float) -> float:
    """exp(-x), never below it where that underflows."""
    return math.exp(-x) + 1e-300


def _reciprocal(function: Bound) -> Bound:
    """A function of 1/x: first the quotient's error, then the function's."""

    def bound(r: float, a: float, ea: float) -> float:
        y = 1 / a
        return function(r, y, over(ea * abs(y), abs(a) - ea * UNIT) + abs(y) + UNDERFLOW)

    return bound


def _acosh(r: float, a: float, ea: float) -> float:
    end = a - ea * UNIT
    return over(ea, math.sqrt(end - 1) * math.sqrt(end + 1)) if end > 1 else NEVER if ea else 0.0


def _atanh(r: float, a: float, ea: float) -> float:
    end = abs(a) + ea * UNIT
    return over(ea, (1 - end) * (1 + end)) if end < 1 else NEVER if ea else 0.0


def _asinh(r: float, a: float, ea: float) -> float:
    return ea / math.hypot(1, _inner(a, ea))


def _atan(r: float, a: float, ea: float) -> float:
    steepness = math.hypot(1, _inner(a, ea))
    return ea / steepness / steepness


def _csch(r: float, a: float, ea: float) -> float:
    end = _inner(a, ea)
    return ea * 3 * _decay(end) if end > 20 else over(ea * math.cosh(end), math.sinh(end) ** 2)


def _coth(r: float, a: float, ea: float) -> float:
    end = _inner(a, ea)
    return ea * 5 * _decay(2 * end) if end > 20 else over(ea, math.sinh(end) ** 2)


def _atan2(r: float, y: float, x: float, ey: float, ex: float) -> float:
    if (
        x <= ex * UNIT
        and (abs(y) <= ey * UNIT and (ey or ex))
        and not (ey == 0 and y == 0 and x < -ex * UNIT)
    ):
        return NEVER
    radius = math.hypot(x, y) - (ex + ey) * UNIT
    if not radius > 0:
        return NEVER
    return (abs(x) / radius * ey + abs(y) / radius * ex + 2 * ex * UNIT / radius * ey) / radius


def _mod(r: float, a: float, b: float, ea: float, eb: float) -> float:
    quotient = a / b
    error = over(ea + abs(quotient) * eb, abs(b) - eb * UNIT) + abs(quotient)
    if ea or eb:
        if _near(quotient - round(quotient), error):
            return NEVER
        return ea + (abs(math.floor(quotient)) + 1) * eb + abs(b)
    return abs(b)


def _leaky(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return ea * max(1.0, abs(b) + eb * UNIT) + abs(a) * eb


def _elu(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return ea * max(1.0, abs(b) + eb * UNIT) + eb


def _quotient(r: float, a: float, b: float, ea: float, eb: float) -> float:
    return over(ea + abs(r) * eb, abs(b) - eb * UNIT)


def _square_root(r: float, a: float, ea: float) -> float:
    return over(0.6 * ea, r) if ea * UNIT <= a / 2 else NEVER


def _sincprime(r: float, a: float, ea: float) -> float:
    """|sinc''| is at most 1/3; outside of [-1, 1] two terms of at most 1/|x| are subtracted."""
    return 0.34 * ea + (12 / abs(a) if abs(a) > 1 else 12 * abs(r))


def _of_sum(r: float, *terms: float) -> float:
    return math.fsum(terms[len(terms) // 2 :])


#: The error that the arguments' errors make.
_SPREADS: dict[str, Bound] = {
    SUM: _of_sum,
    "neg": lambda r, a, ea: ea, "abs": lambda r, a, ea: ea,
    **dict.fromkeys(("min", "max", "and", "or"), _larger),
    "select": lambda r, c, a, b, ec, ea, eb: NEVER if ec else ea if c else eb, "relu": lambda r, a, ea: ea,
    "floor": _step, "ceil": _step, "flat_integer": _step, "floor_side": _step,
    **dict.fromkeys(("sign", "heaviside", "sign_side", "heaviside_side", "first_side", "second_side", "relu_side",
                     "flat_zero", "flat_cut"), _against_zero),
    **dict.fromkeys(("lt", "le", "eq", "ne", "lt_side", "le_side", "eq_side", "ne_side"), _compare),
    "add": lambda r, a, b, ea, eb: ea + eb, "sub": lambda r, a, b, ea, eb: ea + eb,
    **dict.fromkeys(("mul", "gate"), lambda r, a, b, ea, eb: abs(b) * ea + abs(a) * eb + ea * UNIT * eb),
    "div": _quotient, "square": lambda r, a, ea: (2 * abs(a) + ea * UNIT) * ea, "pow": _power, "power_log": _power_log,
    "exp": lambda r, a, ea: over(r * ea, 1 - ea * UNIT), "expm1": lambda r, a, ea: over((r + 1) * ea, 1 - ea * UNIT),
    "log": lambda r, a, ea: over(ea, a - ea * UNIT), "log10": lambda r, a, ea: over(ea / 2.3, a - ea * UNIT),
    "log2": lambda r, a, ea: over(ea / 0.69, a - ea * UNIT),
    "log1p": lambda r, a, ea: over(ea, (1 + a) * (1 - UNIT) - ea * UNIT),
    "sqrt": _square_root, "root": _root, "hypot": lambda r, a, b, ea, eb: ea + eb,
    "cbrt": lambda r, a, ea: over(ea, 3 * math.cbrt(_inner(a, ea)) ** 2),
    "sin": lambda r, a, ea: (abs(math.cos(a)) + ea * UNIT) * ea, "cos": lambda r, a, ea: (abs(math.sin(a)) + ea * UNIT) * ea,
    **dict.fromkeys(("tan", "sec"), lambda r, a, ea: _beside_pole(math.cos(a), ea)),
    **dict.fromkeys(("cot", "csc"), lambda r, a, ea: _beside_pole(math.sin(a), ea)),
    "asin": _unit, "acos": _unit, "atan": _atan, "atan2": _atan2, "asec": _reciprocal(_unit),
    "acsc": _reciprocal(_unit), "acot": _reciprocal(_atan),
    "sinc": lambda r, a, ea: 0.5 * ea, "sincprime": _sincprime,
    "sinh": lambda r, a, ea: over((1 + abs(r)) * ea, 1 - ea * UNIT), "cosh": lambda r, a, ea: over(r * ea, 1 - ea * UNIT),
    "tanh": lambda r, a, ea: ea * min(1.0, 2 * _sech(2 * _inner(a, ea))),
    "sech": lambda r, a, ea: ea * min(1.0, _sech(_inner(a, ea))),
    "csch": _csch, "coth": _coth, "asinh": _asinh, "acosh": _acosh, "atanh": _atanh,
    "asech": _reciprocal(_acosh), "acsch": _reciprocal(_asinh), "acoth": _reciprocal(_atanh),
    **dict.fromkeys(("erf", "erfc"), _bell),
    "sigmoid": lambda r, a, ea: ea * min(0.25, _decay(_inner(a, ea))),
    "softplus": lambda r, a, ea: ea * min(1.0, _decay(max(-a - ea * UNIT, 0.0))), "mod": _mod,
    "leaky_relu": _leaky, "elu": _elu,
}  # fmt: skip
