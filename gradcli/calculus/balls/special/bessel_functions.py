"""Bessel and Airy functions.

Formulas are those of the Digital Library of Mathematical Functions (DLMF), named at each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_arithmetic import LARGEST_EXPONENT, exponential
from gradcli.calculus.balls.ball_numbers import ONE, ZERO, Number, ball, finite, positive, real, sign, whole
from gradcli.calculus.balls.special.special_results import bounded, oscillating


def _bessel_even_or_odd(
    function: Callable[[Any, Any], Any], within: Callable[[Number], Any]
) -> Callable[[Number, Number], Number]:
    """J and I: of negative x for whole orders only, there even or odd in x as the order is (DLMF 10.11.1, 10.34.1)."""

    def of_numbers(n: Number, x: Number) -> Number:
        order, side = whole(n, 0), sign(x, 1)
        if side == 0:
            if order is None and sign(n) < 0:
                raise ValueError
            return ONE if order == 0 else ZERO
        if order is None:
            if side < 0:
                raise ValueError
            return finite(function(ball(n), within(x)))
        found = finite(function(arb(abs(order)), abs(within(x))))
        return -found if order % 2 and side < 0 else found

    return of_numbers


def _bessel_j(n: Number, x: Number) -> Number:
    order = whole(n, 0)
    found = _bessel_even_or_odd(lambda m, a: a.bessel_j(m), oscillating)(n, x)
    return -found if order is not None and order < 0 and order % 2 else found  # DLMF 10.4.1


def _bessel_y(n: Number, x: Number) -> Number:
    positive(x, 1)
    order = whole(n, 0)
    if order is not None and order < 0:
        found = finite(oscillating(x).bessel_y(arb(-order)))
        return -found if order % 2 else found
    return finite(oscillating(x).bessel_y(ball(n)))


def _bessel_k(n: Number, x: Number) -> Number:
    positive(x, 1)
    if (
        ball(x) > LARGEST_EXPONENT and abs(ball(n)) < 2**30
    ):  # below exp(-x) where n² is below x (DLMF 10.40.10)
        return exponential(-ball(x))
    return finite(bounded(x).bessel_k(abs(ball(n))))


BESSELS: dict[str, Callable[..., Number]] = {
    "besselj": _bessel_j,
    "bessely": _bessel_y,
    "besseli": _bessel_even_or_odd(lambda n, x: x.bessel_i(n), bounded),
    "besselk": _bessel_k,
    "airyai": real(lambda x: x.airy_ai()),
    "airybi": real(lambda x: x.airy_bi()),
    "airyaiprime": real(lambda x: x.airy_ai(derivative=1)),
    "airybiprime": real(lambda x: x.airy_bi(derivative=1)),
}
