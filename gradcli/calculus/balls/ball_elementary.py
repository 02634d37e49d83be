"""Trigonometric and hyperbolic functions, their inverses, and activations, of exact rationals and balls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_arithmetic import divided, exponential, exponential_less_one, multiplied
from gradcli.calculus.balls.ball_numbers import (
    ONE,
    ZERO,
    Number,
    Undecided,
    at_zero,
    ball,
    exact,
    finite,
    hull,
    positive,
    real,
    sign,
)


def _not_zero(function: Callable[[Any], Any]) -> Callable[[Number], Number]:
    """A function with a pole at 0."""

    def of_number(x: Number) -> Number:
        if sign(x) == 0:
            raise ZeroDivisionError
        return finite(function(ball(x)))

    return of_number


def _within(
    low: int, high: int, function: Callable[[Any], Any], *, closed: bool
) -> Callable[[Number], Number]:
    """A function on an interval between integers, which belong to it where it is *closed*."""

    def of_number(x: Number) -> Number:
        for end, inside in ((low, 1), (high, -1)):
            if exact(x):
                gap = (x - end) * inside
                if gap < 0 or (gap == 0 and not closed):
                    raise ValueError
                continue
            gap = (x - end) * inside
            if gap < 0:
                raise ValueError
            if not gap > 0:
                raise Undecided(0, fmpq(end))
        return finite(function(ball(x)))

    return of_number


def _of_inverse(function: Callable[[Number], Number]) -> Callable[[Number], Number]:
    """A function of 1/x."""
    return lambda x: function(divided(ONE, x))


def arc_tangent_of(y: Number, x: Number) -> Number:
    """The angle of (x, y). Raises ValueError for the origin, Undecided across the cut."""
    if exact(x) and exact(y) and x == 0 and y == 0:
        raise ValueError
    if exact(y) and y == 0:
        side = sign(x, 1)
        return ZERO if side > 0 else arb.pi()
    found = arb.atan2(ball(y), ball(x))
    if not ball(x) > 0 and not (ball(y) > 0 or ball(y) < 0):
        raise Undecided(0)
    return finite(found)


def cardinal_sine_slope(x: Number) -> Number:
    """(sin(x)/x)' = -j₁(x) = -x/3 ₀F₁(; 5/2; -x²/4) (DLMF 10.53.1): nothing cancels next to 0."""
    if exact(x) and x == 0:
        return ZERO
    a = ball(x)
    if abs(a) > 1:
        return finite((a.cos() - a.sinc()) / a)
    return finite(-a / 3 * (-a * a / 4).hypgeom_0f1(arb(fmpq(5, 2))))


def logistic(x: Number) -> Number:
    """1/(1 + exp(-x)): the exponential is that of what is negative."""
    if exact(x) and x == 0:
        return fmpq(1, 2)
    a = ball(x)
    if a > 0:
        return 1 / (1 + ball(exponential(-a)))
    small = ball(exponential(a)) if a < 0 else a.exp()
    return finite(small / (1 + small))


def softplus(x: Number) -> Number:
    """log(1 + exp(x))."""
    a = ball(x)
    if a > 0:
        return a + ball(exponential(-a)).log1p()
    return finite((ball(exponential(a)) if a < 0 else a.exp()).log1p())


def leaky_relu(x: Number, slope: Number) -> Number:
    """x above 0, slope*x below."""
    if exact(x) or ball(x) > 0 or ball(x) < 0:
        return x if x > 0 else multiplied(slope, x)
    return hull(ball(x), ball(slope) * ball(x))


def elu(x: Number, alpha: Number) -> Number:
    """x above 0, alpha*(exp(x) - 1) below."""
    if exact(x) or ball(x) > 0 or ball(x) < 0:
        return x if x > 0 else multiplied(alpha, exponential_less_one(x))
    return hull(ball(x), ball(alpha) * ball(x).expm1())


def _hyperbolic(function: Callable[[Any], Any], at: int | None) -> Callable[[Number], Number]:
    """Hyperbolic functions, refused as too large where no exponent could hold them."""
    inner = real(function) if at is None else at_zero(at, function)

    def of_number(x: Number) -> Number:
        if abs(ball(x)) > 2**62:
            raise OverflowError
        return inner(x)

    return of_number


_asin = _within(-1, 1, lambda x: x.asin(), closed=True)
_acos = _within(-1, 1, lambda x: x.acos(), closed=True)
_atanh = _within(-1, 1, lambda x: x.atanh(), closed=False)
_atan = at_zero(0, lambda x: x.atan())
_asinh = at_zero(0, lambda x: x.asinh())


def _acosh(x: Number) -> Number:
    s = sign(x - 1, 0, ONE)
    if s < 0:
        raise ValueError
    return ZERO if s == 0 else ball(x).acosh()


def _asech(x: Number) -> Number:
    return _acosh(divided(ONE, positive(x)))


def _asin_exact(x: Number) -> Number:
    return ZERO if exact(x) and x == 0 else _asin(x)


def _acos_exact(x: Number) -> Number:
    return ZERO if exact(x) and x == 1 else _acos(x)


ELEMENTARY: dict[str, Callable[..., Number]] = {
    "sin": at_zero(0, lambda x: x.sin()), "cos": at_zero(1, lambda x: x.cos()), "tan": at_zero(0, lambda x: x.tan()),
    "sec": at_zero(1, lambda x: x.sec()), "csc": _not_zero(lambda x: x.csc()), "cot": _not_zero(lambda x: x.cot()),
    "asin": _asin_exact, "acos": _acos_exact, "atan": _atan, "atan2": arc_tangent_of,
    "asec": _of_inverse(_acos_exact), "acsc": _of_inverse(_asin), "acot": _of_inverse(_atan),
    "sinc": at_zero(1, lambda x: x.sinc()), "sincprime": cardinal_sine_slope,
    "sinh": _hyperbolic(lambda x: x.sinh(), 0), "cosh": _hyperbolic(lambda x: x.cosh(), 1),
    "tanh": at_zero(0, lambda x: x.tanh()), "sech": at_zero(1, lambda x: x.sech()),
    "csch": _not_zero(lambda x: x.csch()), "coth": _not_zero(lambda x: x.coth()),
    "asinh": _asinh, "acosh": _acosh, "atanh": lambda x: ZERO if exact(x) and x == 0 else _atanh(x),
    "asech": _asech, "acsch": _of_inverse(_asinh), "acoth": _of_inverse(_atanh),
    "sigmoid": logistic, "softplus": softplus, "leaky_relu": leaky_relu, "elu": elu,
}  # fmt: skip
