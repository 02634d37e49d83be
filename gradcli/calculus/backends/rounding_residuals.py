"""What rounding took from a result, where that is known: nothing from what is exact, and the rest of sums and products."""

from __future__ import annotations

import math
from collections.abc import Callable

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.program.instructions import SUM


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


EXACT_WHERE: dict[str, Callable[..., bool]] = {
    "add": _exact_sum, "sub": lambda r, a, b: _exact_sum(r, a, -b), "mul": _exact_product, "gate": _exact_product,
    SUM: lambda r, *terms: math.fsum((*terms, -r)) == 0,
    "square": lambda r, a: _exact_product(r, a, a), "pow": _exact_power,
    "div": lambda r, a, b: a == 0 or (_exact_product(a, r, b) and r * b == a),
    "sqrt": lambda r, a: _exact_product(a, r, r) and r * r == a, "power_log": lambda r, a, b: a in (0, 1),
    **dict.fromkeys(("sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "erf", "expm1", "log1p", "cbrt", "cos",
                     "exp", "cosh", "sech", "sec", "sinc", "sincprime", "erfc", "sigmoid"), _zero),
    **dict.fromkeys(("log", "log2", "log10", "acos", "acosh", "lgamma", "gamma"), _one),
    "atan2": lambda r, y, x: y == 0 and x > 0, "hypot": lambda r, a, b: a == 0 or b == 0,
    "mod": lambda r, a, b: a >= 0 < b, "elu": lambda r, a, b: a >= 0, "leaky_relu": lambda r, a, b: a >= 0,
}  # fmt: skip


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
RESIDUALS: dict[str, Callable[..., float]] = {
    "add": _sum_residual, "sub": lambda r, a, b: _sum_residual(r, a, -b), "mul": _product_residual,
    "gate": _product_residual, "square": lambda r, a: _product_residual(r, a, a), "div": _quotient_residual,
}  # fmt: skip
