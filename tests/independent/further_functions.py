"""The further functions of the table: where they are smooth, and what they are in mpmath, by other formulas than gradcli's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import mpmath

mp = mpmath.mp.clone()
mp.dps = 60

Span = tuple[float, float]

_ANY, _PLUS, _UNIT, _SHARE = (-3.0, 3.0), (0.1, 3.0), (-0.9, 0.9), (0.1, 0.9)
_N = (3, 3)

#: Function → a range for each argument, within which it is smooth; one number is a whole order or a count.
_SPANS: dict[str, Sequence[Span]] = {
    **dict.fromkeys(
        ("softsign", "selu", "mish", "tanhshrink", "log_sigmoid", "gelu_tanh", "quick_gelu", "logcosh", "exp10", "exprel",
         "radians", "degrees", "sindg", "cosdg", "cosm1", "versin", "haversin", "gd", "ndtr", "log_ndtr", "normpdf",
         "erfcx", "dawson", "j0", "j1", "i0", "i1", "i0e", "i1e"), (_PLUS,)),
    **dict.fromkeys(("reciprocal", "rsqrt", "harmonic", "rgamma", "gammasgn", "lfactorial", "y0", "y1", "k0", "k1", "k0e",
                     "k1e", "e1", "spence", "ellipkm1"), (_PLUS,)),
    **dict.fromkeys(("relu6", "hard_sigmoid", "hard_swish"), ((0.1, 2.9),)),
    **dict.fromkeys(("trunc", "round", "frac"), ((1.1, 1.4),)),
    **dict.fromkeys(("sinpi", "cospi", "tandg", "hardtanh", "sparse_plus", "sparse_sigmoid"), ((0.1, 0.4),)),
    **dict.fromkeys(("entr", "ndtri"), (_SHARE,)), "erfcinv": [(0.1, 1.9)], "dilog": [_SHARE],
    "hardtanh": [_SHARE, (-2, -1), (1, 2)], "softshrink": [(0.6, 3), (0.1, 0.5)], "hardshrink": [(0.6, 3), (0.1, 0.5)],
    "threshold": [(1, 3), (-1, 0.5), _ANY], "prelu": [(-3, -0.1), _ANY], "celu": [(-3, -0.1), _PLUS],
    "squareplus": [_ANY, _PLUS], "huber": [(0.1, 0.9), (1, 2)], "smooth_l1": [(0.1, 0.9), (1, 2)],
    "pseudo_huber": [_ANY, _PLUS], "huber_loss": [(0.1, 0.5), (-0.4, 0.05), (1, 2)],
    "smooth_l1_loss": [(0.1, 0.5), (-0.4, 0.05), (1, 2)], "bce_with_logits": [_ANY, _ANY], "mse_loss": [_ANY, _ANY],
    "l1_loss": [(0.1, 1), (1.1, 2)], "soft_margin_loss": [_ANY, _ANY], "hinge_loss": [(1, 2), (-2, -1)],
    "binary_cross_entropy": [_SHARE, _SHARE], "xlogy": [_ANY, _PLUS], "xlog1py": [_ANY, (-0.9, 3)],
    "rel_entr": [_PLUS, _PLUS], "kl_div": [_PLUS, _PLUS], "boxcox": [_PLUS, _PLUS], "boxcox1p": [(-0.9, 3), _PLUS],
    "fmod": [(7.1, 7.9), (2.1, 2.3)], "copysign": [_PLUS, _PLUS], "xdivy": [_PLUS, _PLUS],
    "divide_no_nan": [_PLUS, _PLUS], "multiply_no_nan": [_PLUS, _PLUS], "perm": [(3.1, 6), (0.2, 3)],
    "poch": [_PLUS, _PLUS], "betaln": [_PLUS, _PLUS], "gammainc": [(2.5, 2.5), _PLUS], "gammaincc": [(2.5, 2.5), _PLUS],
    "betainc": [(2.5, 2.5), (1.5, 1.5), _SHARE], "betaincc": [(2.5, 2.5), (1.5, 1.5), _SHARE],
    "stdtr": [(3, 3), _PLUS], "chdtr": [(3, 3), _PLUS], "chdtrc": [(3, 3), _PLUS], "fdtr": [(3, 3), (5, 5), _PLUS],
    **dict.fromkeys(("ive", "kve", "spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"), (_N, _PLUS,)),
    "hyp0f1": [(1.5, 1.5), _ANY], "hyp1f1": [(0.5, 0.5), (1.5, 1.5), _ANY],
    "hyp2f1": [(0.5, 0.5), (1.5, 1.5), (2.5, 2.5), (-3, 0.9)], "hyperu": [(0.5, 0.5), (1.5, 1.5), _PLUS],
    **dict.fromkeys(("legendre", "chebyshev_t", "chebyshev_u", "hermite", "hermite_e", "laguerre"), (_N, _ANY,)),
    "genlaguerre": [_N, (0.5, 0.5), _ANY], "gegenbauer": [_N, (1.5, 1.5), _ANY],
    "jacobi": [_N, (0.5, 0.5), (1.5, 1.5), _ANY], "hurwitz_zeta": [(2.5, 2.5), _PLUS],
    "lambertw_lower": [(-0.36, -0.05)], "elliptic_pi": [(-0.9, -0.1), (0.4, 0.9)],
}  # fmt: skip

SMOOTH: dict[str, list[Span]] = {name: list(spans) for name, spans in _SPANS.items()}


def _kept(x: Any, low: Any, high: Any) -> Any:
    return min(max(x, low), high)


def _logsumexp(*numbers: Any) -> Any:
    return mp.log(mp.fsum(mp.exp(x) for x in numbers))


def _round(x: Any) -> Any:
    low = mp.floor(x)
    gap = x - low
    return low if gap < 0.5 or (gap == 0.5 and low % 2 == 0) else low + 1


def _trunc(x: Any) -> Any:
    return mp.sign(x) * mp.floor(abs(x))


def _xlogy(x: Any, y: Any) -> Any:
    return x * mp.log(y) if x else mp.mpf(0)


def _spherical(function: Callable[..., Any], odd: int) -> Callable[..., Any]:
    """By the order n + 1/2, and for negative x by the parity of n + *odd*."""

    def of_numbers(n: Any, x: Any) -> Any:
        if x == 0:
            return mp.mpf(n == 0) if not odd else mp.inf
        found = mp.sqrt(mp.pi / (2 * abs(x))) * function(n + mp.mpf(1) / 2, abs(x))
        return found * (-1) ** int(n + odd) if x < 0 else found

    return of_numbers


def _scaled_i(n: Any, x: Any) -> Any:
    return mp.exp(-abs(x)) * mp.besseli(n, x)


def _scaled_k(n: Any, x: Any) -> Any:
    return mp.exp(x) * mp.besselk(n, x)


def _huber(x: Any, delta: Any) -> Any:
    return x * x / 2 if abs(x) <= delta else delta * abs(x) - delta * delta / 2


def _student(df: Any, t: Any) -> Any:
    tail = mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return tail if t < 0 else 1 - tail


_SCALE, _ALPHA = mp.mpf("1.0507009873554804934193349852946"), mp.mpf("1.6732632423543772848170429916717")

#: Function → what it is.
REFERENCES: dict[str, Callable[..., Any]] = {
    "softsign": lambda x: x / (1 + abs(x)),
    "selu": lambda x: _SCALE * (x if x > 0 else _ALPHA * (mp.exp(x) - 1)),
    "celu": lambda x, a=1: max(x, mp.mpf(0)) + (a * (mp.exp(x / a) - 1) if x < 0 else 0),
    "mish": lambda x: x * mp.tanh(mp.log(1 + mp.exp(x))), "relu6": lambda x: _kept(x, 0, 6),
    "hardtanh": lambda x, low=-1, high=1: _kept(x, low, high), "hard_sigmoid": lambda x: _kept(x + 3, 0, 6) / mp.mpf(6),
    "hard_swish": lambda x: x * _kept(x + 3, 0, 6) / mp.mpf(6),
    "softshrink": lambda x, c=0.5: x - min(max(x, -c), c), "hardshrink": lambda x, c=0.5: x if abs(x) > c else mp.mpf(0),
    "tanhshrink": lambda x: x - mp.tanh(x), "threshold": lambda x, edge, value: x if x > edge else value,
    "prelu": lambda x, w: x if x > 0 else w * x, "log_sigmoid": lambda x: -mp.log1p(mp.exp(-x)),
    "squareplus": lambda x, b=4: (x + mp.sqrt(x * x + b)) / 2,
    "gelu_tanh": lambda x: x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3))),
    "quick_gelu": lambda x: x / (1 + mp.exp(-mp.mpf("1.702") * x)), "logcosh": lambda x: mp.log(mp.cosh(x)),
    "sparse_plus": lambda x: mp.mpf(0) if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4,
    "sparse_sigmoid": lambda x: _kept((x + 1) / 2, 0, 1),
    "huber": lambda x, d=1: _huber(x, mp.mpf(d)), "smooth_l1": lambda x, b=1: _huber(x, mp.mpf(b)) / b,
    "huber_loss": lambda x, y, d=1: _huber(x - y, mp.mpf(d)),
    "smooth_l1_loss": lambda x, y, b=1: _huber(x - y, mp.mpf(b)) / b,
    "pseudo_huber": lambda x, d=1: mp.mpf(d) ** 2 * (mp.sqrt(1 + (x / d) ** 2) - 1),
    "logaddexp": _logsumexp, "logsumexp": _logsumexp, "logaddexp2": lambda x, y: mp.log(mp.mpf(2) ** x + mp.mpf(2) ** y, 2),
    "xlogy": _xlogy, "xlog1py": lambda x, y: _xlogy(x, 1 + y), "entr": lambda x: -_xlogy(x, x),
    "rel_entr": lambda x, y: _xlogy(x, x / y), "kl_div": lambda x, y: _xlogy(x, x / y) - x + y,
    "binary_cross_entropy": lambda p, y: -_xlogy(y, p) - _xlogy(1 - y, 1 - p),
    "bce_with_logits": lambda x, y: mp.log1p(mp.exp(x)) - x * y, "mse_loss": lambda x, y: (x - y) ** 2,
    "l1_loss": lambda x, y: abs(x - y), "soft_margin_loss": lambda x, y: mp.log1p(mp.exp(-x * y)),
    "hinge_loss": lambda x, y: max(1 - x * y, mp.mpf(0)),
    "reciprocal": lambda x: 1 / x, "rsqrt": lambda x: 1 / mp.sqrt(x), "exp10": lambda x: mp.mpf(10) ** x,
    "exprel": lambda x: mp.expm1(x) / x if x else mp.mpf(1),
    "boxcox": lambda x, c: (x**c - 1) / c if c else mp.log(x),
    "boxcox1p": lambda x, c: ((1 + x) ** c - 1) / c if c else mp.log1p(x),
    "trunc": _trunc, "round": _round, "frac": lambda x: x - _trunc(x), "fmod": lambda x, y: x - y * _trunc(x / y),
    "copysign": lambda x, y: -abs(x) if y < 0 else abs(x), "xdivy": lambda x, y: x / y if x else mp.mpf(0),
    "divide_no_nan": lambda x, y: x / y if y else mp.mpf(0), "multiply_no_nan": lambda x, y: x * y,
    "radians": mp.radians, "degrees": mp.degrees, "sinpi": mp.sinpi, "cospi": mp.cospi,
    "sindg": lambda x: mp.sinpi(mp.fmod(x, 360) / 180), "cosdg": lambda x: mp.cospi(mp.fmod(x, 360) / 180),
    "tandg": lambda x: mp.tan(mp.pi * mp.fmod(x, 360) / 180),
    "cosm1": lambda x: mp.cos(x) - 1, "versin": lambda x: 1 - mp.cos(x), "haversin": lambda x: (1 - mp.cos(x)) / 2,
    "gd": lambda x: mp.asin(mp.tanh(x)), "perm": mp.ff, "poch": mp.rf, "harmonic": mp.harmonic, "rgamma": mp.rgamma,
    "ndtr": mp.ncdf, "log_ndtr": lambda x: mp.log(mp.ncdf(x)), "normpdf": mp.npdf,
    "ndtri": lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), "erfcinv": lambda x: mp.erfinv(1 - x),
    "gammainc": lambda a, x: mp.gammainc(a, 0, x, regularized=True),
    "gammaincc": lambda a, x: mp.gammainc(a, x, mp.inf, regularized=True),
    "betainc": lambda a, b, x: mp.betainc(a, b, 0, x, regularized=True),
    "betaincc": lambda a, b, x: mp.betainc(a, b, x, 1, regularized=True),
    "betaln": lambda x, y: mp.log(mp.beta(x, y)), "stdtr": _student,
    "chdtr": lambda df, x: mp.gammainc(df / 2, 0, x / 2, regularized=True),
    "chdtrc": lambda df, x: mp.gammainc(df / 2, x / 2, mp.inf, regularized=True),
    "fdtr": lambda m, n, x: mp.betainc(m / 2, n / 2, 0, m * x / (m * x + n), regularized=True),
    "erfcx": lambda x: mp.exp(x * x) * mp.erfc(x), "dawson": lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x),
    "gammasgn": lambda x: mp.sign(mp.gamma(x)), "lfactorial": lambda n: mp.loggamma(n + 1),
    **{
        f"{letter}{n}": partial(function, n)
        for letter, function in {"j": mp.besselj, "y": mp.bessely, "i": mp.besseli, "k": mp.besselk}.items()
        for n in (0, 1)
    },
    **{f"i{n}e": partial(_scaled_i, n) for n in (0, 1)}, **{f"k{n}e": partial(_scaled_k, n) for n in (0, 1)},
    "ive": _scaled_i, "kve": _scaled_k,
    "spherical_jn": _spherical(mp.besselj, 0), "spherical_yn": _spherical(mp.bessely, 1),
    "spherical_in": _spherical(mp.besseli, 0),
    "spherical_kn": lambda n, x: mp.sqrt(mp.pi / (2 * x)) * mp.besselk(n + mp.mpf(1) / 2, x),
    "hyp0f1": mp.hyp0f1, "hyp1f1": mp.hyp1f1, "hyp2f1": mp.hyp2f1, "hyperu": mp.hyperu,
    "legendre": mp.legendre, "chebyshev_t": mp.chebyt, "chebyshev_u": mp.chebyu, "hermite": mp.hermite,
    "hermite_e": lambda n, x: mp.hermite(n, x / mp.sqrt(2)) / mp.mpf(2) ** (n / 2),
    "laguerre": lambda n, x: mp.laguerre(n, 0, x), "genlaguerre": mp.laguerre, "gegenbauer": mp.gegenbauer,
    "jacobi": mp.jacobi, "dilog": lambda x: mp.polylog(2, x), "spence": lambda x: mp.polylog(2, 1 - x),
    "hurwitz_zeta": mp.zeta, "lambertw_lower": lambda x: mp.lambertw(x, -1), "e1": mp.e1,
    "elliptic_pi": mp.ellippi, "ellipkm1": lambda p: mp.pi / (2 * mp.agm(1, mp.sqrt(p))),
}  # fmt: skip
