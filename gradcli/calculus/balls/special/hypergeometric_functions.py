"""Scaled and inverse error functions, hypergeometric functions, spherical Bessel functions and others, in balls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, fmpq

from gradcli.calculus.balls.ball_arithmetic import LARGEST_EXPONENT, exponential
from gradcli.calculus.balls.ball_numbers import (
    ONE,
    ZERO,
    Number,
    at_zero,
    ball,
    exact,
    finite,
    is_huge,
    positive,
    sign,
    whole,
)
from gradcli.calculus.balls.special.special_results import bounded

_HALF, _TWO = fmpq(1, 2), fmpq(2)


def _below(x: Number, end: Number, argument: int = 0) -> bool:
    """Whether x is below *end*, and not at it. Raises ValueError above."""
    side = sign(x - end if exact(x) and exact(end) else ball(x) - ball(end), argument, end)
    if side > 0:
        raise ValueError
    return side < 0


def erfc_inverse(x: Number) -> Number:
    """The number whose erfc is x, for x between 0 and 2. Raises ValueError."""
    positive(x)
    if not _below(x, _TWO):
        raise ValueError
    return ZERO if exact(x) and x == 1 else finite(ball(x).erfcinv())


def scaled_erfc(x: Number) -> Number:
    """exp(x²) erfc(x), and U(1/2, 1/2, x²)/√π to the right of 0 (DLMF 7.11.5)."""
    if exact(x) and x == 0:
        return ONE
    a = ball(x)
    if a > 1:
        return finite((a * a).hypgeom_u(arb(_HALF), arb(_HALF)) / arb.pi().sqrt())
    return finite(exponential(a * a) * a.erfc())


def dawson(x: Any) -> Any:
    """x ₁F₁(1; 3/2; -x²) (DLMF 7.5.8 with 7.11.4): nothing cancels."""
    return x * (-x * x).hypgeom_1f1(arb(1), arb(fmpq(3, 2)))


def reciprocal_gamma(x: Number) -> Number:
    """1/Γ(x), which is 0 at 0 and the negative integers."""
    if exact(x) and x.q == 1 and x <= 0:
        return ZERO
    found = ball(x)
    if found > 2**56:  # below exp(-x)
        return exponential(-found)
    return finite(found.rgamma())


def beta_ratio(a: Number, b: Number, x: Number) -> Number:
    """The incomplete beta function over the complete one, for a, b > 0 and x from 0 to 1. Raises ValueError."""
    positive(a, 0)
    positive(b, 1)
    side = sign(x, 2)
    if side < 0:
        raise ValueError
    if side == 0:
        return ZERO
    if not _below(x, ONE, 2):
        return ONE
    if (
        ball(x) * (ball(a) + ball(b) + 2) > ball(a) + 1
    ):  # beyond the middle the other end is near (DLMF 8.17.4)
        return finite(1 - ball(1 - x).beta_lower(ball(b), ball(a), 1))
    return finite(ball(x).beta_lower(ball(a), ball(b), 1))


def hurwitz_zeta(s: Number, a: Number) -> Number:
    """ζ(s, a) for a > 0. Raises ValueError at s = 1."""
    if sign(s - 1, 0, ONE) == 0:
        raise ValueError
    return finite(ball(s).zeta(ball(positive(a, 1))))


def lambert_w_lower(x: Number) -> Number:
    """W₋₁(x) for -1/e ≤ x < 0. Raises ValueError elsewhere."""
    if sign(x) >= 0 or sign(ball(x) * arb.const_e() + 1, None) < 0:
        raise ValueError
    return finite(ball(x).lambertw(-1))


def _order(n: Number) -> int:
    """A whole order from 0. Raises ValueError for any other."""
    order = whole(n, 0)
    if order is None or order < 0:
        raise ValueError
    return order


def _spherical(
    function: Callable[[Any, Any], Any], odd: int, at_0: bool, grows: bool = False
) -> Callable[[Number, Number], Number]:
    """√(π/(2x)) times a Bessel function of order n + 1/2; of negative x by its parity, that of n + *odd* (DLMF 10.47)."""

    def of_numbers(n: Number, x: Number) -> Number:
        order, side = _order(n), sign(x, 1)
        if side == 0:
            if not at_0:
                raise ValueError
            return ONE if order == 0 else ZERO
        a = abs(bounded(x) if grows else ball(x))
        if is_huge(a):
            raise OverflowError
        found = finite((arb.pi() / (2 * a)).sqrt() * function(a, arb(order) + arb(_HALF)))
        return -found if side < 0 and (order + odd) % 2 else found

    return of_numbers


def _spherical_k(n: Number, x: Number) -> Number:
    order = _order(n)
    if ball(positive(x, 1)) > LARGEST_EXPONENT and order < 2**30:
        return exponential(-ball(x))
    a = bounded(x)
    return finite((arb.pi() / (2 * a)).sqrt() * a.bessel_k(arb(order) + arb(_HALF)))


def _not_a_pole(b: Number, argument: int) -> None:
    if b > 0:
        return
    pole = whole(b, argument)
    if pole is not None and pole <= 0:
        raise ValueError


def _hyp0f1(b: Number, x: Number) -> Number:
    _not_a_pole(b, 0)
    return ONE if exact(x) and x == 0 else finite(ball(x).hypgeom_0f1(ball(b)))


def _hyp1f1(a: Number, b: Number, x: Number) -> Number:
    _not_a_pole(b, 1)
    return ONE if exact(x) and x == 0 else finite(bounded(x).hypgeom_1f1(ball(a), ball(b)))


def _hyp2f1(a: Number, b: Number, c: Number, x: Number) -> Number:
    """₂F₁ for x < 1, and Gauss's sum at 1 where it converges (DLMF 15.4.20). Raises ValueError."""
    _not_a_pole(c, 2)
    if exact(x) and x == 0:
        return ONE
    if not _below(x, ONE, 3):
        first, second, third = (ball(number) for number in (a, b, c))
        left = c - a - b if exact(a) and exact(b) and exact(c) else third - first - second
        gammas = (
            third.gamma()
            * ball(positive(left, 2)).gamma()
            * (third - first).rgamma()
            * (third - second).rgamma()
        )
        return finite(gammas)
    return finite(ball(x).hypgeom_2f1(ball(a), ball(b), ball(c)))


def _hyperu(a: Number, b: Number, x: Number) -> Number:
    return finite(ball(positive(x, 2)).hypgeom_u(ball(a), ball(b)))


def _elliptic_pi(n: Number, m: Number) -> Number:
    """Π(n, m), for both below 1. Raises ValueError."""
    if not (_below(n, ONE, 0) and _below(m, ONE, 1)):
        raise ValueError
    return finite(acb.elliptic_pi(acb(ball(n)), acb(ball(m))).real)


HYPERGEOMETRIC: dict[str, Callable[..., Number]] = {
    "erfcinv": erfc_inverse, "erfcx": scaled_erfc, "dawson": at_zero(0, dawson), "rgamma": reciprocal_gamma,
    "betainc": beta_ratio, "hurwitz_zeta": hurwitz_zeta, "lambertw_lower": lambert_w_lower,
    "spherical_jn": _spherical(lambda x, n: x.bessel_j(n), 0, at_0=True),
    "spherical_yn": _spherical(lambda x, n: x.bessel_y(n), 1, at_0=False),
    "spherical_in": _spherical(lambda x, n: x.bessel_i(n), 0, at_0=True, grows=True), "spherical_kn": _spherical_k,
    "hyp0f1": _hyp0f1, "hyp1f1": _hyp1f1, "hyp2f1": _hyp2f1, "hyperu": _hyperu, "elliptic_pi": _elliptic_pi,
}  # fmt: skip
