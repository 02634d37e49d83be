"""The gamma function and what is made of it: binomial coefficients, beta, polygamma, the incomplete gammas.

Formulas are those of the Digital Library of Mathematical Functions (DLMF), named at each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, arb_series, ctx, fmpq, fmpz

from gradcli.calculus.balls.ball_numbers import (
    ONE,
    ZERO,
    Number,
    Undecided,
    ball,
    exact,
    finite,
    positive,
    sign,
    whole,
)
from gradcli.calculus.balls.special.special_results import MOST_TERMS

#: Factors of a binomial coefficient that are carried out as rationals where n is not whole.
_MOST_FACTORS = 64


def gamma(x: Number) -> Number:
    """Γ(x). Raises ZeroDivisionError at its poles, OverflowError."""
    n = None if x > 0 and not exact(x) else whole(x)
    if n is not None and n <= 0:
        raise ZeroDivisionError
    if n is not None and n <= 2_000:
        return fmpq(fmpz.fac_ui(fmpz(n - 1)))
    found = ball(x)
    if found > 2**56:
        raise OverflowError
    return finite(found.gamma())


def binomial(n: Number, k: Number) -> Number:
    """Γ(n + 1)/(Γ(k + 1)Γ(n - k + 1)); for whole n and k the coefficient of (1 + t)**n. Raises ZeroDivisionError."""
    top, bottom = whole(n, 0), whole(k, 1)
    if bottom is not None and 0 <= bottom <= (MOST_TERMS if top is not None else _MOST_FACTORS) and exact(n):
        product = ONE
        for i in range(bottom):
            product = product * (n - i) / (i + 1)
        return product
    if top is not None and bottom is not None:
        if bottom < 0:
            return ZERO if top >= 0 or bottom > top else binomial(n, n - k)
        if top >= 0:
            return (
                ZERO if bottom > top else binomial(n, n - k) if top - bottom <= MOST_TERMS else _gammas(n, k)
            )
        return (-1 if bottom % 2 else 1) * ball(binomial(k - n - 1, k))
    if top is not None and top < 0:
        raise ZeroDivisionError
    return _gammas(n, k)


def _gammas(n: Number, k: Number) -> Number:
    a, b = ball(n), ball(k)
    return finite((a + 1).gamma() * (b + 1).rgamma() * (a - b + 1).rgamma())


def beta(x: Number, y: Number) -> Number:
    """Γ(x)Γ(y)/Γ(x + y), with its limits where poles meet (DLMF 5.12.1). Raises ZeroDivisionError."""
    a, b = whole(x, 0), whole(y, 1)
    for one, other in ((a, b), (b, a)):
        if one is not None and one <= 0:
            if other is None or other <= 0 or one + other > 0:
                raise ZeroDivisionError
            rising = binomial(fmpq(-one), fmpq(other))  # Γ(-m)/Γ(-m + n) = (-1)^n (m - n)!/m!
            return (-1 if other % 2 else 1) / (rising * other)
    return finite(ball(x).gamma() * ball(y).gamma() * (ball(x) + ball(y)).rgamma())


def polygamma(n: Number, x: Number) -> Number:
    """The n-th derivative of digamma, by Hurwitz's zeta function (DLMF 5.15.1) and reflection (DLMF 5.15.6)."""
    order, place = whole(n, 0), None if x > 0 else whole(x, 1)
    if order is None or not 0 <= order < MOST_TERMS or (place is not None and place <= 0):
        raise ValueError
    a = ball(x)
    if a > 0:
        return _polygamma_right(order, a)
    if not a < 0:
        raise Undecided(1)
    reflected = _polygamma_right(order, 1 - a)
    slope = _cotangent_slope(order, a)
    return finite((reflected if order % 2 == 0 else -reflected) - slope)


def _polygamma_right(order: int, a: Any) -> Any:
    if order == 0:
        return finite(a.digamma())
    found = arb(order + 1).zeta(a) * arb(fmpz.fac_ui(fmpz(order)))
    return finite(found if order % 2 else -found)


def _cotangent_slope(order: int, a: Any) -> Any:
    """The n-th derivative of π cot(πx)."""
    before = ctx.cap
    ctx.cap = order + 1
    try:
        series = arb_series([a, 1]).cot_pi()
        coefficient = series.coeffs()[order] if order < series.length() else arb(0)
    finally:
        ctx.cap = before
    return finite(arb.pi() * coefficient * arb(fmpz.fac_ui(fmpz(order))))


def lower_gamma(s: Number, x: Number) -> Number:
    """γ(s, x) for s > 0 and x ≥ 0. Raises ValueError."""
    positive(s)
    side = sign(x, 1)
    if side < 0:
        raise ValueError
    if side == 0:
        return ZERO
    if ball(x) < MOST_TERMS:
        return _lower_gamma_sum(ball(s), ball(x))
    return finite(ball(x).gamma_lower(ball(s)))


def _lower_gamma_sum(s: Any, x: Any) -> Any:
    """x**s exp(-x) Σ x**k/(s)_(k + 1) (DLMF 8.11.4): no term is negative, the rest is bounded by a geometric series."""
    term = 1 / s
    total = term
    for k in range(1, 3 * MOST_TERMS):
        ratio = x / (s + k)
        term = term * ratio
        total += term
        if ratio < 0.5 and term < total * arb(2) ** -ctx.prec:
            break
    else:
        raise Undecided(None)
    return finite((s * x.log() - x).exp() * (total + arb(0, (2 * term).upper())))


def upper_gamma(s: Number, x: Number) -> Number:
    """Γ(s, x) for x > 0, Γ(s) at 0 for s > 0, and of negative x for positive whole s (DLMF 8.4.8). Raises ValueError."""
    side = sign(x, 1)
    if side > 0:
        return finite(ball(x).gamma_upper(ball(s)))
    if side == 0:
        positive(s)
        return gamma(s)
    order = whole(s, 0)
    if order is None or not 0 < order <= MOST_TERMS:
        raise ValueError
    a, term, total = ball(x), arb(1), arb(0)
    for k in range(order):
        total += term
        term = term * a / (k + 1)
    return finite(arb(fmpz.fac_ui(fmpz(order - 1))) * (-a).exp() * total)


GAMMAS: dict[str, Callable[..., Number]] = {
    "gamma": gamma,
    "lgamma": lambda x: ZERO if exact(x) and x in (1, 2) else finite(ball(positive(x)).lgamma()),
    "binomial": binomial,
    "beta": beta,
    "polygamma": polygamma,
    "lowergamma": lower_gamma,
    "uppergamma": upper_gamma,
}
