"""The table of instructions: what a program may do, and how Python floats do it.

An instruction is its name and the slots of its arguments; its result goes to the next slot. Every row maps
numbers to one number, and raises ValueError outside its domain, ZeroDivisionError at a pole, OverflowError
where the result is too large, and Kink where a derivative has a corner. Conditions are 1 and 0.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

Float = Callable[..., float]

#: The instruction of any number of arguments: in floats their exact sum, correctly rounded once.
SUM = "sum"


class Kink(ArithmeticError):
    """The slope of this operation is not one number here: a corner or a jump."""


class TooHard(ArithmeticError):
    """A limit was hit: it would take too long to compute this. limit: its name in the table of limits."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


def exact_sum(*terms: float) -> float:
    """The float nearest to the exact sum of *terms*. Raises OverflowError where that is too large."""
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):
        return _in_integers(terms)


def _in_integers(terms: tuple[float, ...]) -> float:
    """The same where floats overflow on the way."""
    from fractions import Fraction

    if not all(map(math.isfinite, terms)):
        return float(sum(terms))
    return float(sum(map(Fraction, terms)))


def _sec(x: float) -> float:
    return 1 / math.cos(x)


def _sech(x: float) -> float:
    small = math.exp(-abs(x))
    return 2 * small / (1 + small * small)


def _csch(x: float) -> float:
    return 1 / math.sinh(x) if abs(x) < 20 else math.copysign(2 * math.exp(-abs(x)), x)


def _sinc(x: float) -> float:
    return math.sin(x) / x if x else 1.0


def _sincprime(x: float) -> float:
    """The derivative of sin(x)/x: its Taylor series near 0, where the closed form cancels."""
    if abs(x) > 1:
        return (math.cos(x) - math.sin(x) / x) / x
    term, total = -x / 3, 0.0
    for k in range(1, 12):
        total += term
        term *= -x * x * (2 * k + 2) / (2 * k) / ((2 * k + 2) * (2 * k + 3))
    return total


def _lgamma(x: float) -> float:
    if x <= 0:
        raise ValueError
    return math.lgamma(x)


def _atan2(y: float, x: float) -> float:
    if x == 0 and y == 0:
        raise ValueError
    return math.atan2(y + 0.0, x + 0.0)  # of real numbers: there is no -0


def _root(x: float, n: float) -> float:
    if n == 0 or n != int(n) or (x < 0 and int(n) % 2 == 0):
        raise ValueError
    if n == 3:
        return math.cbrt(x)
    return math.copysign(math.pow(abs(x), 1 / n), x)


def _power_log(x: float, y: float) -> float:
    """∂(x**y)/∂y = x**y*log(x), and 0 at x = 0 for positive y."""
    return 0.0 if x == 0 and y > 0 else math.pow(x, y) * math.log(x)


def _sigmoid(x: float) -> float:
    small = math.exp(-abs(x))
    return 1 / (1 + small) if x >= 0 else small / (1 + small)


def _mod(x: float, y: float) -> float:
    return x - y * math.floor(x / y) if math.isinf(x) else x % y


def _kink_at_zero(x: float) -> None:
    if x == 0:
        raise Kink


def _sign(x: float) -> float:
    return math.nan if math.isnan(x) else (x > 0) - (x < 0) + 0.0


def _sign_side(x: float) -> float:
    _kink_at_zero(x)
    return _sign(x)


def _heaviside_side(x: float) -> float:
    _kink_at_zero(x)
    return math.nan if math.isnan(x) else float(x > 0)


def _flat_zero(x: float) -> float:
    _kink_at_zero(x)
    return math.nan if math.isnan(x) else 0.0


def _flat_integer(x: float) -> float:
    _kink_at_zero(x - math.floor(x))
    return 0.0


def _floor_side(x: float) -> float:
    _flat_integer(x)
    return float(math.floor(x))


def _comparison(compare: Callable[[Any, Any], bool]) -> Float:
    return lambda a, b: math.nan if math.isnan(a) or math.isnan(b) else compare(a, b)


def _settled(compare: Callable[[Any, Any], bool]) -> Float:
    def side(a: float, b: float) -> float:
        _kink_at_zero(a - b)
        return math.nan if math.isnan(a) or math.isnan(b) else float(compare(a, b))

    return side


def _min(a: float, b: float) -> float:
    return b if b < a or math.isnan(b) else a


def _max(a: float, b: float) -> float:
    return b if b > a or math.isnan(b) else a


def _select(condition: float, a: float, b: float) -> float:
    return math.nan if math.isnan(condition) else a if condition else b


def _and(a: float, b: float) -> float:
    return math.nan if math.isnan(a) or math.isnan(b) else float(bool(a) and bool(b))


def _or(a: float, b: float) -> float:
    return math.nan if math.isnan(a) or math.isnan(b) else float(bool(a) or bool(b))


def _gate(adjoint: float, slope: float) -> float:
    """A product in which 0 wins: what an untaken branch would have as slope does not matter."""
    return adjoint * slope if adjoint else 0.0


#: Instructions in Python floats; what is not here is special and is computed in balls. What fails in a piece that need not
#: be taken is nan, and so are comparisons and steps of it, and what is chosen by them.
FLOATS: dict[str, Float] = {
    "neg": operator.neg, "add": operator.add, SUM: exact_sum, "sub": operator.sub, "mul": operator.mul,
    "div": operator.truediv, "pow": math.pow, "square": lambda x: x * x, "power_log": _power_log,
    "sqrt": math.sqrt, "cbrt": math.cbrt, "root": _root, "hypot": math.hypot,
    "exp": math.exp, "expm1": math.expm1, "log": math.log, "log10": math.log10, "log2": math.log2,
    "log1p": math.log1p,
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "sec": _sec, "csc": lambda x: 1 / math.sin(x),
    "cot": lambda x: 1 / math.tan(x),
    "asin": math.asin, "acos": math.acos, "atan": math.atan, "atan2": _atan2,
    "asec": lambda x: math.acos(1 / x), "acsc": lambda x: math.asin(1 / x), "acot": lambda x: math.atan(1 / x),
    "sinc": _sinc, "sincprime": _sincprime,
    "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "sech": _sech, "csch": _csch,
    "coth": lambda x: 1 / math.tanh(x),
    "asinh": math.asinh, "acosh": math.acosh, "atanh": math.atanh, "asech": lambda x: math.acosh(1 / x),
    "acsch": lambda x: math.asinh(1 / x), "acoth": lambda x: math.atanh(1 / x),
    "abs": abs, "sign": _sign, "floor": lambda x: float(math.floor(x)), "ceil": lambda x: float(math.ceil(x)),
    "mod": _mod, "min": _min, "max": _max, "heaviside": lambda x: (_sign(x) + 1) / 2,
    "sigmoid": _sigmoid, "softplus": lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
    "relu": lambda x: max(x, 0.0), "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * math.expm1(x),
    "erf": math.erf, "erfc": math.erfc, "gamma": math.gamma, "lgamma": _lgamma,
    "lt": _comparison(operator.lt), "le": _comparison(operator.le),
    "eq": _comparison(operator.eq), "ne": _comparison(operator.ne),
    "and": _and, "or": _or, "select": _select, "gate": _gate,
    "sign_side": _sign_side, "heaviside_side": _heaviside_side,
    "first_side": _heaviside_side, "second_side": _heaviside_side, "relu_side": _heaviside_side, "floor_side": _floor_side,
    "flat_zero": _flat_zero, "flat_cut": _flat_zero, "flat_integer": _flat_integer,
    "lt_side": _settled(operator.lt), "le_side": _settled(operator.le),
    "eq_side": _settled(operator.eq), "ne_side": _settled(operator.ne),
}  # fmt: skip

#: Special functions: computed in balls, in every precision.
SPECIAL = (
    "erfi", "erfinv", "binomial", "polygamma", "beta", "zeta", "zetaprime", "polylog", "besselj", "bessely",
    "besseli", "besselk", "airyai", "airybi", "airyaiprime", "airybiprime", "lambertw", "ei", "li", "si", "ci",
    "shi", "chi", "expint", "lowergamma", "uppergamma", "elliptic_k", "elliptic_e", "elliptic_e2", "elliptic_f",
    "fresnels", "fresnelc", "erfcinv", "erfcx", "dawson", "rgamma", "betainc", "hurwitz_zeta", "lambertw_lower",
    "spherical_jn", "spherical_yn", "spherical_in", "spherical_kn", "hyp0f1", "hyp1f1", "hyp2f1", "hyperu", "elliptic_pi",
    "legendre", "chebyshev_t", "chebyshev_u", "hermite", "genlaguerre", "gegenbauer", "jacobi",
)  # fmt: skip

#: How many arguments an instruction takes, where it is not one.
ARITY = {
    **dict.fromkeys(
        ("add", "sub", "mul", "div", "pow", "power_log", "root", "hypot", "atan2", "mod", "min", "max", "lt", "le",
         "eq", "ne", "and", "or", "gate", "lt_side", "le_side", "eq_side", "ne_side", "leaky_relu", "elu",
         "binomial", "polygamma", "beta", "polylog", "besselj", "bessely", "besseli", "besselk", "expint",
         "lowergamma", "uppergamma", "elliptic_e2", "elliptic_f", "hurwitz_zeta", "spherical_jn", "spherical_yn",
         "spherical_in", "spherical_kn", "hyp0f1", "elliptic_pi", "legendre", "chebyshev_t", "chebyshev_u", "hermite"), 2),
    **dict.fromkeys(("select", "betainc", "hyp1f1", "hyperu", "genlaguerre", "gegenbauer"), 3),
    **dict.fromkeys(("hyp2f1", "jacobi"), 4),
}  # fmt: skip

NAMES = tuple(sorted({*FLOATS, *SPECIAL}))
