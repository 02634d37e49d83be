"""Special functions of exact rationals and balls; what Arb lacks is composed from what it has.

Formulas are those of the Digital Library of Mathematical Functions (DLMF), named at each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flint import acb, arb, arb_series, ctx, fmpq, fmpz

from gradcli.calculus.balls.ball_arithmetic import LARGEST_EXPONENT, exponential
from gradcli.calculus.balls.ball_hypergeometric import HYPERGEOMETRIC
from gradcli.calculus.balls.ball_numbers import (
    ONE,
    ZERO,
    Number,
    Undecided,
    at_zero,
    ball,
    exact,
    finite,
    integer_below,
    is_huge,
    positive,
    real,
    sign,
    whole,
)
from gradcli.calculus.balls.orthogonal_polynomials import ORTHOGONAL

#: Whole arguments up to this are taken by a finite sum, a product or a recurrence; larger ones are refused.
_MOST_TERMS = 10_000

#: Orders of a polylogarithm above which its sum is carried out term by term.
_LARGE_ORDER = 100

#: Factors of a binomial coefficient that are carried out as rationals where n is not whole.
_MOST_FACTORS = 64


def _real_part(z: Any) -> Any:
    """The real part of a result that is real by the mathematics of its function."""
    return finite(z.real)


def _bounded(x: Number) -> Any:
    """The number as a ball. Raises OverflowError where no exponent could hold what grows like its exponential."""
    found = ball(x)
    if abs(found) > LARGEST_EXPONENT:
        raise OverflowError
    return found


def _oscillating(x: Number) -> Any:
    """The number as a ball. Raises OverflowError where Arb could not reduce it by whole turns."""
    found = ball(x)
    if is_huge(found):
        raise OverflowError
    return found


def _entire(value: int, function: Callable[[Any], Any]) -> Callable[[Number], Number]:
    """A function without poles that may grow like an exponential, and its value at 0."""
    inner = at_zero(value, function)

    def of_number(x: Number) -> Number:
        _bounded(x)
        return inner(x)

    return of_number


def _of_positive(function: Callable[[Any], Any]) -> Callable[[Number], Number]:
    return lambda x: finite(function(_bounded(positive(x))))


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
    if bottom is not None and 0 <= bottom <= (_MOST_TERMS if top is not None else _MOST_FACTORS) and exact(n):
        product = ONE
        for i in range(bottom):
            product = product * (n - i) / (i + 1)
        return product
    if top is not None and bottom is not None:
        if bottom < 0:
            return ZERO if top >= 0 or bottom > top else binomial(n, n - k)
        if top >= 0:
            return (
                ZERO if bottom > top else binomial(n, n - k) if top - bottom <= _MOST_TERMS else _gammas(n, k)
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
    if order is None or not 0 <= order < _MOST_TERMS or (place is not None and place <= 0):
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


def zeta(s: Number) -> Number:
    """Riemann's ζ(s). Raises ValueError at 1."""
    _not_one(s)
    return finite(ball(s).zeta())


def zeta_slope(s: Number) -> Number:
    """ζ'(s), by power series. Raises ValueError at 1."""
    _not_one(s)
    before = ctx.cap
    ctx.cap = 2
    try:
        return finite(arb_series([ball(s), 1]).zeta().coeffs()[1])
    finally:
        ctx.cap = before


def _not_one(s: Number) -> None:
    if sign(s - 1, 0, ONE) == 0:
        raise ValueError


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
    return _real_part(acb(ball(z)).polylog(acb(ball(s))))


def _polylog_sum(s: Any, z: Any) -> Any:
    """Σ z**k/k**s for a large order: the rest after K terms is at most |z|**(K + 1)/((K + 1)**s (1 - |z|))."""
    total, power = arb(0), arb(1)
    for k in range(1, _MOST_TERMS):
        power = power * z
        total += power * (-s * arb(k).log()).exp()
        rest = abs(power * z) * (-s * arb(k + 1).log()).exp() / (1 - abs(z))
        if rest < abs(total) * arb(2) ** -ctx.prec:
            break
    return finite(total + arb(0, rest.upper()))


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
    found = _bessel_even_or_odd(lambda m, a: a.bessel_j(m), _oscillating)(n, x)
    return -found if order is not None and order < 0 and order % 2 else found  # DLMF 10.4.1


def _bessel_y(n: Number, x: Number) -> Number:
    positive(x, 1)
    order = whole(n, 0)
    if order is not None and order < 0:
        found = finite(_oscillating(x).bessel_y(arb(-order)))
        return -found if order % 2 else found
    return finite(_oscillating(x).bessel_y(ball(n)))


def _bessel_k(n: Number, x: Number) -> Number:
    positive(x, 1)
    if (
        ball(x) > LARGEST_EXPONENT and abs(ball(n)) < 2**30
    ):  # below exp(-x) where n² is below x (DLMF 10.40.10)
        return exponential(-ball(x))
    return finite(_bounded(x).bessel_k(abs(ball(n))))


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


def lower_gamma(s: Number, x: Number) -> Number:
    """γ(s, x) for s > 0 and x ≥ 0. Raises ValueError."""
    positive(s)
    side = sign(x, 1)
    if side < 0:
        raise ValueError
    if side == 0:
        return ZERO
    if ball(x) < _MOST_TERMS:
        return _lower_gamma_sum(ball(s), ball(x))
    return finite(ball(x).gamma_lower(ball(s)))


def _lower_gamma_sum(s: Any, x: Any) -> Any:
    """x**s exp(-x) Σ x**k/(s)_(k + 1) (DLMF 8.11.4): no term is negative, the rest is bounded by a geometric series."""
    term = 1 / s
    total = term
    for k in range(1, 3 * _MOST_TERMS):
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
    if order is None or not 0 < order <= _MOST_TERMS:
        raise ValueError
    a, term, total = ball(x), arb(1), arb(0)
    for k in range(order):
        total += term
        term = term * a / (k + 1)
    return finite(arb(fmpz.fac_ui(fmpz(order - 1))) * (-a).exp() * total)


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


def _elliptic(function: Callable[[Any], Any], *, closed: bool) -> Callable[[Number], Number]:
    """A complete elliptic integral of its parameter m, below 1 or up to 1."""

    def of_number(m: Number) -> Number:
        side = sign(m - 1, 0, ONE)
        if side > 0 or (side == 0 and not closed):
            raise ValueError
        return ONE if side == 0 else _real_part(function(acb(ball(m))))

    return of_number


def _incomplete(function: Callable[[Any, Any], Any], *, closed: bool) -> Callable[[Number, Number], Number]:
    """An incomplete elliptic integral: real as long as m sin²θ stays below 1 (or at most 1) up to the amplitude."""

    def of_numbers(phi: Number, m: Number) -> Number:
        if exact(phi) and phi == 0:
            return ZERO
        a, b = ball(phi), ball(m)
        if closed and exact(m) and m == 1:
            return _elliptic_e_at_one(a)
        if not m < 1:
            quarter = abs(a) * 2 - arb.pi()
            gap = sign(1 - m, 1, ONE) if quarter > 0 else sign(1 - b * a.sin() ** 2, None)
            if gap < 0 or (gap == 0 and not closed):
                raise ValueError
        return _real_part(function(acb(a), acb(b)))

    return of_numbers


def _elliptic_e_at_one(phi: Any) -> Any:
    """E(φ|1), the integral of |cos|: sin φ up to a quarter turn, and 2 more for each half turn. No slope is above 1."""
    if is_huge(phi):
        raise OverflowError
    middle = phi.mid()
    n = arb(integer_below(middle / arb.pi() + 0.5))
    return 2 * n + (middle - n * arb.pi()).sin() + arb(0, phi.rad())


def _elliptic_e_at_turn(phi: Number, m: Number) -> Number:
    """E(φ|m) where m sin²φ is 1, by complete integrals of 1/m (DLMF 19.7.4)."""
    if abs(ball(phi)) * 2 > arb.pi():
        raise ValueError
    k = acb(1 / ball(m))
    size = ball(m).sqrt() * _real_part(k.elliptic_e() - (1 - k) * k.elliptic_k())
    return size if sign(phi) > 0 else -size


def _outside(*arguments: Number) -> Number:
    raise ValueError


def _logarithmic_integral(x: Number) -> Number:
    positive(x)
    _not_one(x)
    return finite(ball(x).li())


def _ei(x: Number) -> Number:
    if sign(x) == 0:
        raise ValueError
    if ball(x) < -LARGEST_EXPONENT:  # above -exp(x) (DLMF 6.8.1)
        return -exponential(ball(x))
    return finite(_bounded(x).ei())


_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "erf": at_zero(0, lambda x: x.erf()), "erfc": at_zero(1, lambda x: x.erfc()), "erfi": _entire(0, lambda x: x.erfi()),
    "erfinv": _inverse_error_function, "gamma": gamma,
    "lgamma": lambda x: ZERO if exact(x) and x in (1, 2) else finite(ball(positive(x)).lgamma()),
    "binomial": binomial, "beta": beta, "polygamma": polygamma, "zeta": zeta, "zetaprime": zeta_slope,
    "polylog": polylog, "besselj": _bessel_j, "bessely": _bessel_y,
    "besseli": _bessel_even_or_odd(lambda n, x: x.bessel_i(n), _bounded), "besselk": _bessel_k,
    "airyai": real(lambda x: x.airy_ai()), "airybi": real(lambda x: x.airy_bi()),
    "airyaiprime": real(lambda x: x.airy_ai(derivative=1)), "airybiprime": real(lambda x: x.airy_bi(derivative=1)),
    "lambertw": lambert_w, "ei": _ei, "li": _logarithmic_integral, "si": at_zero(0, lambda x: x.si()),
    "ci": lambda x: finite(_oscillating(positive(x)).ci()),
    "shi": _entire(0, lambda x: x.shi()), "chi": _of_positive(lambda x: x.chi()),
    "expint": exponential_integral, "lowergamma": lower_gamma, "uppergamma": upper_gamma,
    "elliptic_k": _elliptic(lambda m: m.elliptic_k(), closed=False),
    "elliptic_e": _elliptic(lambda m: m.elliptic_e(), closed=True),
    "elliptic_e2": _incomplete(acb.elliptic_e_inc, closed=True),
    "elliptic_f": _incomplete(acb.elliptic_f, closed=False),
    "fresnels": at_zero(0, lambda x: x.fresnel_s()), "fresnelc": at_zero(0, lambda x: x.fresnel_c()),
}  # fmt: skip


class End(NamedTuple):
    """An end of a domain: a text that is 0 there, in which x and y are the arguments, and the function there."""

    vanishing: str
    function: Callable[..., Number]


#: Ends at which no ball, however narrow, lies inside: balls ask with Undecided(None), and sympy may show that it is the end.
ENDS = {
    "lambertw": End("x*e + 1", lambda x: fmpq(-1)),
    "elliptic_f": End("y*sin(x)**2 - 1", _outside), "elliptic_e2": End("y*sin(x)**2 - 1", _elliptic_e_at_turn),
}  # fmt: skip

#: Sizes of arguments and bits in which a call was measured to end within 0.1 s (2 cores, FLINT 3.6, python-flint 0.9; the
#: largest of 16 or 25 random calls each, in processor seconds): for arguments up to the first the call may have up to the
#: second. Others are made
#: in a child, which a clock ends. No entry: arguments of any size, up to CHEAP_BITS.
_CHEAP: dict[str, tuple[tuple[float, int], ...]] = {
    **dict.fromkeys(("besselj", "bessely", "besseli", "besselk", "expint", "uppergamma"), ((30, 3_400), (1_000, 256))),
    "lowergamma": ((10_000, 8_000),), "polylog": ((30, 800),),
    **dict.fromkeys(("polygamma", "zeta", "zetaprime"), ((100_000, 2_000),)),
    **dict.fromkeys(("betainc", "hurwitz_zeta", "hyp2f1"), ((1_000, 2_000), (100_000, 256))),
    **dict.fromkeys(("spherical_in", "spherical_kn", "hyperu"), ((30, 8_000), (100_000, 256))),
    **dict.fromkeys(("spherical_jn", "spherical_yn", "legendre", "chebyshev_t", "chebyshev_u", "hermite", "genlaguerre",
                     "gegenbauer", "jacobi", "hyp0f1", "hyp1f1"), ((1_000, 8_000), (100_000, 2_000))),
    **dict.fromkeys(("airyai", "airyaiprime", "airybi", "airybiprime"), ((100_000, 8_000),)),
}  # fmt: skip
CHEAP_BITS = 8_000


def _is_cheap(name: str, arguments: Sequence[Number]) -> bool:
    boxes = _CHEAP.get(name)
    if boxes is None:
        return ctx.prec <= CHEAP_BITS
    return any(ctx.prec <= bits and all(abs(ball(x)) <= size for x in arguments) for size, bits in boxes)


def _within_reach(name: str, function: Callable[..., Number]) -> Callable[..., Number]:
    """The function, called here where that was measured to be cheap, and in a child elsewhere."""

    def called(*arguments: Number) -> Number:
        if _is_cheap(name, arguments):
            return function(*arguments)
        from gradcli.calculus.balls.child_process import in_child

        return in_child(function, arguments)

    return called


SPECIAL: dict[str, Callable[..., Number]] = {
    name: _within_reach(name, function)
    for name, function in {**_FUNCTIONS, **HYPERGEOMETRIC, **ORTHOGONAL}.items()
}
