"""Error functions, exponential, logarithmic, trigonometric and Fresnel integrals, and the Lambert function.

Formulas are those of the Digital Library of Mathematical Functions (DLMF), named at each.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, fmpq

from gradcli.calculus.balls.ball_arithmetic import LARGEST_EXPONENT, exponential
from gradcli.calculus.balls.ball_numbers import (
    ONE,
    ZERO,
    Number,
    at_zero,
    ball,
    exact,
    finite,
    positive,
    sign,
)
from gradcli.calculus.balls.special.special_results import bounded, entire, not_one, of_positive, oscillating


def exponential_integral(n: Number, x: Number) -> Number:
    """E_n(x) for x > 0, and 1/(n - 1) at 0 for n > 1 (DLMF 8.19.6). Raises ValueError."""
    side = sign(x, 1)
    if side < 0:
        raise ValueError
    if side == 0:
        if sign(n - 1, 0, ONE) <= 0:
            raise ValueError
        return 1 / (n - 1)
    if ball(x) > LARGEST_EXPONENT:
        return exponential(-ball(x))
    return finite(ball(x).expint(ball(n)))


def lambert_w(x: Number) -> Number:
    """W₀(x) for x ≥ -1/e. Raises ValueError below."""
    if exact(x) and x == 0:
        return ZERO
    if sign(ball(x) * arb.const_e() + 1, None) < 0:
        raise ValueError
    return finite(ball(x).lambertw())


def _inverse_error_function(x: Number) -> Number:
    if exact(x) and x == 0:
        return ZERO
    for end in (-1, 1):
        if sign((end - x) * end, 0, fmpq(end)) <= 0:
            raise ValueError
    return finite(ball(x).erfinv())


def _logarithmic_integral(x: Number) -> Number:
    positive(x)
    not_one(x)
    return finite(ball(x).li())


def _ei(x: Number) -> Number:
    if sign(x) == 0:
        raise ValueError
    if ball(x) < -LARGEST_EXPONENT:  # above -exp(x) (DLMF 6.8.1)
        return -exponential(ball(x))
    return finite(bounded(x).ei())


INTEGRALS: dict[str, Callable[..., Number]] = {
    "erf": at_zero(0, lambda x: x.erf()),
    "erfc": at_zero(1, lambda x: x.erfc()),
    "erfi": entire(0, lambda x: x.erfi()),
    "erfinv": _inverse_error_function,
    "ei": _ei,
    "li": _logarithmic_integral,
    "si": at_zero(0, lambda x: x.si()),
    "ci": lambda x: finite(oscillating(positive(x)).ci()),
    "shi": entire(0, lambda x: x.shi()),
    "chi": of_positive(lambda x: x.chi()),
    "expint": exponential_integral,
    "fresnels": at_zero(0, lambda x: x.fresnel_s()),
    "fresnelc": at_zero(0, lambda x: x.fresnel_c()),
    "lambertw": lambert_w,
}
