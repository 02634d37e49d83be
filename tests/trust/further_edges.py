"""The edges of the further functions, as in `edges`, and those of them that have none."""

from __future__ import annotations

from .edges import Row, mp

_HALF = mp.mpf(1) / 2


def _kept(low: int, high: int):
    return lambda x: min(max(x, mp.mpf(low)), mp.mpf(high))


def _xlogx(x):
    return x * mp.log(x) if x else mp.mpf(0)


def _huber(x):
    return x * x / 2 if abs(x) <= 1 else abs(x) - _HALF


def _trunc(x):
    return mp.sign(x) * mp.floor(abs(x))


def _round(x):
    low = mp.floor(x)
    return low if x - low < _HALF or (x - low == _HALF and low % 2 == 0) else low + 1


_SCALE, _ALPHA = mp.mpf("1.0507009873554804934193349852946"), mp.mpf("1.6732632423543772848170429916717")

FURTHER_EDGES: list[Row] = [
    ("softsign(x)", "0", lambda x: x / (1 + abs(x)), "..."),
    ("selu(x)", "0", lambda x: _SCALE * (x if x > 0 else _ALPHA * mp.expm1(x)), ".c."),
    ("celu(x,2)", "0", lambda x: x if x > 0 else 2 * mp.expm1(x / 2), "..."),
    ("relu6(x)", "0", _kept(0, 6), ".c."),
    ("relu6(x)", "6", _kept(0, 6), ".c."),
    ("hardtanh(x)", "-1", _kept(-1, 1), ".c."),
    ("hard_sigmoid(x)", "3", lambda x: _kept(0, 6)(x + 3) / 6, ".c."),
    ("hard_swish(x)", "-3", lambda x: x * _kept(0, 6)(x + 3) / 6, ".c."),
    ("softshrink(x)", "0.5", lambda x: mp.sign(x) * max(abs(x) - _HALF, 0), ".c."),
    ("hardshrink(x)", "0.5", lambda x: x if abs(x) > _HALF else mp.mpf(0), ".c."),
    ("tanhshrink(x)", "0", lambda x: x - mp.tanh(x), "..."),
    ("threshold(x,1,3)", "1", lambda x: x if x > 1 else mp.mpf(3), ".c."),
    ("prelu(x,0.25)", "0", lambda x: x if x > 0 else x / 4, ".c."),
    ("squareplus(x,0)", "0", lambda x: max(x, mp.mpf(0)), ".c."),
    ("squareplus(x)", "0", lambda x: (x + mp.sqrt(x * x + 4)) / 2, "..."),
    ("logcosh(x)", "0", lambda x: mp.log(mp.cosh(x)), "..."),
    ("logcosh(x)", "1", lambda x: mp.log(mp.cosh(x)), "..."),
    ("sparse_plus(x)", "1", lambda x: x if x >= 1 else (x + 1) ** 2 / 4, "..."),
    ("sparse_plus(x)", "-1", lambda x: max(x + 1, 0) ** 2 / 4, "..."),
    ("sparse_sigmoid(x)", "1", lambda x: min((x + 1) / 2, mp.mpf(1)), ".c."),
    ("huber(x)", "1", _huber, "..."),
    ("huber_loss(x,0)", "1", _huber, "..."),
    ("smooth_l1(x)", "-1", _huber, "..."),
    ("smooth_l1_loss(x,0)", "1", _huber, "..."),
    ("logaddexp(x,1)", "1", lambda x: mp.log(mp.exp(x) + mp.e), "..."),
    ("logaddexp2(x,1)", "1", lambda x: mp.log(mp.power(2, x) + 2, 2), "..."),
    ("logsumexp(x,1,1)", "1", lambda x: mp.log(mp.exp(x) + 2 * mp.e), "..."),
    ("xlogy(x,2)", "0", lambda x: x * mp.log(2), "..."),
    ("xlogy(0,x)", "0", lambda x: mp.mpf(0), "..."),
    ("xlogy(1,x)", "0", mp.log, "--."),
    ("xlog1py(2,x)", "-1", lambda x: 2 * mp.log1p(x), "--."),
    ("entr(x)", "0", lambda x: -_xlogx(x), "-i."),
    ("rel_entr(x,1)", "0", _xlogx, "-i."),
    ("rel_entr(1,x)", "0", lambda x: -mp.log(x), "--."),
    ("kl_div(x,1)", "0", lambda x: _xlogx(x) - x + 1, "-i."),
    ("kl_div(x,1)", "1", lambda x: _xlogx(x) - x + 1, "..."),
    ("kl_div(1,x)", "0", lambda x: x - 1 - mp.log(x), "--."),
    ("binary_cross_entropy(x,0.5)", "0", lambda x: -(mp.log(x) + mp.log(1 - x)) / 2, "--."),
    ("binary_cross_entropy(x,0)", "1", lambda x: -mp.log(1 - x), ".--"),
    ("l1_loss(x,1)", "1", lambda x: abs(x - 1), ".c."),
    ("hinge_loss(x,1)", "1", lambda x: max(1 - x, mp.mpf(0)), ".c."),
    ("reciprocal(x)", "0", lambda x: 1 / x, ".-."),
    ("rsqrt(x)", "0", lambda x: 1 / mp.sqrt(x), "--."),
    ("exprel(x)", "0", lambda x: mp.expm1(x) / x, "..."),
    ("boxcox(x,2)", "0", lambda x: (x * x - 1) / 2, "--."),
    ("boxcox(2,x)", "0", lambda x: mp.expm1(x * mp.log(2)) / x, "..."),
    ("boxcox1p(x,3)", "-1", lambda x: ((1 + x) ** 3 - 1) / 3, "--."),
    ("trunc(x)", "1", _trunc, ".c."),
    ("trunc(x)", "0", _trunc, "..."),
    ("round(x)", "0.5", _round, ".c."),
    ("round(x)", "1.5", _round, ".c."),
    ("round(x)", "1", _round, "..."),
    ("frac(x)", "-1", lambda x: x - _trunc(x), ".c."),
    ("frac(x)", "0", lambda x: x - _trunc(x), "..."),
    ("fmod(x,2)", "2", lambda x: x - 2 * _trunc(x / 2), ".c."),
    ("fmod(x,-2)", "0", lambda x: x + 2 * _trunc(-x / 2), "..."),
    ("fmod(7.5,x)", "2.5", lambda x: 7.5 - x * _trunc(7.5 / x), ".c."),
    ("copysign(x,1)", "0", abs, ".c."),
    ("copysign(1,x)", "0", lambda x: mp.mpf(1 if x >= 0 else -1), ".c."),
    ("xdivy(1,x)", "0", lambda x: 1 / x, ".-."),
    ("divide_no_nan(x,2)", "0", lambda x: x / 2, "..."),
    ("multiply_no_nan(x,2)", "0", lambda x: x * 2, "..."),
    ("sinpi(x)", "1", mp.sinpi, "..."),
    ("sinpi(x)", "0.5", mp.sinpi, "..."),
    ("cospi(x)", "0.5", mp.cospi, "..."),
    ("cospi(x)", "0", mp.cospi, "..."),
    ("sindg(x)", "180", lambda x: mp.sinpi(x / 180), "..."),
    ("cosdg(x)", "90", lambda x: mp.cospi(x / 180), "..."),
    ("tandg(x)", "90", lambda x: mp.tan(mp.pi * x / 180), ".-."),
    ("cosm1(x)", "0", lambda x: mp.cos(x) - 1, "..."),
    ("versin(x)", "0", lambda x: 1 - mp.cos(x), "..."),
    ("haversin(x)", "0", lambda x: (1 - mp.cos(x)) / 2, "..."),
    ("gd(x)", "0", lambda x: mp.asin(mp.tanh(x)), "..."),
    ("perm(x,2)", "0", lambda x: x * (x - 1), "..."),
    ("poch(x,2)", "0", lambda x: x * (x + 1), "..."),
    ("harmonic(x)", "-1", mp.harmonic, ".-."),
    ("rgamma(x)", "0", mp.rgamma, "..."),
    ("rgamma(x)", "-1", mp.rgamma, "..."),
    ("log_ndtr(x)", "-1", lambda x: mp.log(mp.ncdf(x)), "..."),
    ("ndtri(x)", "0", lambda x: mp.sqrt(2) * mp.erfinv(2 * x - 1), "--."),
    ("ndtri(x)", "0.5", lambda x: mp.sqrt(2) * mp.erfinv(2 * x - 1), "..."),
    ("ndtri(x)", "1", lambda x: mp.sqrt(2) * mp.erfinv(2 * x - 1), ".--"),
    ("gammainc(3,x)", "0", lambda x: mp.gammainc(3, 0, x, regularized=True), "-.."),
    ("gammaincc(3,x)", "0", lambda x: mp.gammainc(3, x, mp.inf, regularized=True), "?.."),
    ("chdtr(6,x)", "0", lambda x: mp.gammainc(3, 0, x / 2, regularized=True), "-.."),
    ("chdtrc(6,x)", "0", lambda x: mp.gammainc(3, x / 2, mp.inf, regularized=True), "?.."),
    ("betainc(2,3,x)", "0", lambda x: mp.betainc(2, 3, 0, x, regularized=True), "-.."),
    ("betainc(2,3,x)", "1", lambda x: mp.betainc(2, 3, 0, x, regularized=True), "..-"),
    ("betaincc(2,3,x)", "1", lambda x: mp.betainc(2, 3, x, 1, regularized=True), "..-"),
    ("betaln(x,2)", "0", lambda x: mp.log(mp.beta(x, 2)), "--."),
    (
        "stdtr(3,x)",
        "0",
        lambda x: _HALF + (mp.atan(x / mp.sqrt(3)) + x * mp.sqrt(3) / (x * x + 3)) / mp.pi,
        "...",
    ),
    ("fdtr(4,4,x)", "0", lambda x: mp.betainc(2, 2, 0, x / (x + 1), regularized=True), "-.."),
    ("erfcinv(x)", "0", lambda x: mp.erfinv(1 - x), "--."),
    ("erfcinv(x)", "1", lambda x: mp.erfinv(1 - x), "..."),
    ("erfcinv(x)", "2", lambda x: mp.erfinv(1 - x), ".--"),
    ("erfcx(x)", "0", lambda x: mp.exp(x * x) * mp.erfc(x), "..."),
    ("erfcx(x)", "1", lambda x: mp.exp(x * x) * mp.erfc(x), "..."),
    ("dawson(x)", "0", lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x), "..."),
    ("gammasgn(x)", "-1", lambda x: mp.sign(mp.gamma(x)), ".-."),
    ("lfactorial(x)", "-1", lambda x: mp.loggamma(x + 1), "--."),
    ("j0(x)", "0", lambda x: mp.besselj(0, x), "..."),
    ("j1(x)", "0", lambda x: mp.besselj(1, x), "..."),
    ("i0(x)", "0", lambda x: mp.besseli(0, x), "..."),
    ("i1(x)", "0", lambda x: mp.besseli(1, x), "..."),
    ("i0e(x)", "0", lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), ".c."),
    ("i1e(x)", "0", lambda x: mp.exp(-abs(x)) * mp.besseli(1, x), "..."),
    ("ive(2,x)", "0", lambda x: mp.exp(-abs(x)) * mp.besseli(2, x), "..."),
    ("spherical_jn(1,x)", "0", lambda x: mp.sin(x) / x**2 - mp.cos(x) / x, "..."),
    ("spherical_yn(1,x)", "0", lambda x: -mp.cos(x) / x**2 - mp.sin(x) / x, ".-."),
    ("spherical_in(1,x)", "0", lambda x: mp.cosh(x) / x - mp.sinh(x) / x**2, "..."),
    ("spherical_kn(1,x)", "0", lambda x: mp.pi / 2 * mp.exp(-x) * (1 / x + 1 / x**2), "--."),
    ("hyp0f1(1.5,x)", "0", lambda x: mp.hyp0f1(1.5, x), "..."),
    ("hyp1f1(1,2,x)", "0", lambda x: mp.hyp1f1(1, 2, x), "..."),
    ("hyp2f1(1,1,3,x)", "0", lambda x: mp.hyp2f1(1, 1, 3, x), "..."),
    ("hyp2f1(1,1,2,x)", "1", lambda x: -mp.log(1 - x) / x, ".--"),
    ("hyperu(1,2,x)", "0", lambda x: 1 / x, "--."),
    ("legendre(3,x)", "1", lambda x: (5 * x**3 - 3 * x) / 2, "..."),
    ("chebyshev_t(3,x)", "1", lambda x: 4 * x**3 - 3 * x, "..."),
    ("chebyshev_u(2,x)", "1", lambda x: 4 * x**2 - 1, "..."),
    ("hermite(3,x)", "0", lambda x: 8 * x**3 - 12 * x, "..."),
    ("hermite_e(3,x)", "0", lambda x: x**3 - 3 * x, "..."),
    ("laguerre(2,x)", "0", lambda x: (x * x - 4 * x + 2) / 2, "..."),
    ("genlaguerre(1,0.5,x)", "1.5", lambda x: 1.5 - x, "..."),
    ("gegenbauer(2,1.5,x)", "1", lambda x: (15 * x * x - 3) / 2, "..."),
    ("jacobi(1,1,1,x)", "0", lambda x: 2 * x, "..."),
    ("dilog(x)", "0", lambda x: mp.polylog(2, x), "..."),
    ("dilog(x)", "1", lambda x: mp.polylog(2, x), ".i-"),
    ("spence(x)", "0", lambda x: mp.polylog(2, 1 - x), "-i."),
    ("hurwitz_zeta(2,x)", "0", lambda x: mp.zeta(2, x), "--."),
    ("lambertw_lower(x)", "0", lambda x: mp.lambertw(x, -1), ".--"),
    ("e1(x)", "0", mp.e1, "--."),
    ("elliptic_pi(x,0.5)", "1", lambda x: mp.ellippi(x, _HALF), ".--"),
    ("elliptic_pi(x,0.5)", "0", lambda x: mp.ellippi(x, _HALF), "..."),
    ("elliptic_pi(x,0.5)", "0.5", lambda x: mp.ellippi(x, _HALF), "..."),
    ("elliptic_pi(0.5,x)", "1", lambda x: mp.ellippi(_HALF, x), ".--"),
    ("ellipkm1(x)", "0", lambda x: mp.ellipk(1 - x), "--."),
]

#: Functions that are others of a fixed order, whose edges are tested.
ORDERS = frozenset(("y0", "y1", "k0", "k1", "k0e", "k1e", "kve"))

#: Functions without edges: nothing is special about any point.
SMOOTH_EVERYWHERE = ORDERS | frozenset(
    ("mish", "log_sigmoid", "gelu_tanh", "quick_gelu", "pseudo_huber", "bce_with_logits", "mse_loss", "soft_margin_loss",
     "exp10", "radians", "degrees", "ndtr", "normpdf")
)  # fmt: skip
