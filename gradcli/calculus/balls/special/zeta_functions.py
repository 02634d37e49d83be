"""Riemann's zeta function, its slope, and polylogarithms.

Formulas are those of the Digital Library of Mathematical Functions (DLMF), named at each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, arb_series, ctx

from gradcli.calculus.balls.ball_numbers import ONE, ZERO, Number, ball, exact, finite, sign
from gradcli.calculus.balls.special.special_results import MOST_TERMS, not_one, real_part

#: Orders of a polylogarithm above which its sum is carried out term by term.
_LARGE_ORDER = 100


def zeta(s: Number) -> Number:
    """Riemann's ζ(s). Raises ValueError at 1."""
    not_one(s)
    return finite(ball(s).zeta())


def zeta_slope(s: Number) -> Number:
    """ζ'(s), by power series. Raises ValueError at 1."""
    not_one(s)
    before = ctx.cap
    ctx.cap = 2
    try:
        return finite(arb_series([ball(s), 1]).zeta().coeffs()[1])
    finally:
        ctx.cap = before


def polylog(s: Number, z: Number) -> Number:
    """Li_s(z) for z < 1, and ζ(s) at 1 for s > 1 (DLMF 25.12.10). Raises ValueError."""
    side = sign(z - 1, 1, ONE)
    if side > 0 or (side == 0 and sign(s - 1, 0, ONE) <= 0):
        raise ValueError
    if side == 0:
        return zeta(s)
    if exact(z) and z == 0:
        return ZERO
    if ball(s) > _LARGE_ORDER and abs(ball(z)) < 1:
        return _polylog_sum(ball(s), ball(z))
    return real_part(acb(ball(z)).polylog(acb(ball(s))))


def _polylog_sum(s: Any, z: Any) -> Any:
    """Σ z**k/k**s for a large order: the rest after K terms is at most |z|**(K + 1)/((K + 1)**s (1 - |z|))."""
    total, power = arb(0), arb(1)
    for k in range(1, MOST_TERMS):
        power = power * z
        total += power * (-s * arb(k).log()).exp()
        rest = abs(power * z) * (-s * arb(k + 1).log()).exp() / (1 - abs(z))
        if rest < abs(total) * arb(2) ** -ctx.prec:
            break
    return finite(total + arb(0, rest.upper()))


ZETAS: dict[str, Callable[..., Number]] = {
    "zeta": zeta,
    "zetaprime": zeta_slope,
    "polylog": polylog,
}
