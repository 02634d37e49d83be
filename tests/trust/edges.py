"""Every function's edges: where its domain ends, its poles, corners and jumps, with what must hold on each side.

Rows: expression in x, the edge, the function in mpmath, and for left, edge and right what is there:
`.` a number with its derivative, `-` no value, `c` a corner or jump (a value, no derivative), `i` an infinite slope.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

Row = tuple[str, str, Callable[[Any], Any], str]

mp = mpmath.mp.clone()
mp.dps = 200


def _when(condition: bool, a: Any, b: Any) -> Any:
    return a if condition else b


EDGES: list[Row] = [
    ("sqrt(x)", "0", mp.sqrt, "-i."),
    ("cbrt(x)", "0", lambda x: mp.sign(x) * mp.cbrt(abs(x)), ".i."),
    ("root(x,3)", "0", lambda x: mp.sign(x) * mp.cbrt(abs(x)), ".i."),
    ("root(x,4)", "0", lambda x: mp.root(x, 4), "-i."),
    ("hypot(x,0)", "0", abs, ".c."),
    ("exp(x)", "0", mp.exp, "..."),
    ("expm1(x)", "0", mp.expm1, "..."),
    ("log(x)", "0", mp.log, "--."),
    ("log(x,2)", "0", lambda x: mp.log(x, 2), "--."),
    ("log10(x)", "0", mp.log10, "--."),
    ("log2(x)", "0", lambda x: mp.log(x, 2), "--."),
    ("log1p(x)", "-1", mp.log1p, "--."),
    ("log1p(x)", "0", mp.log1p, "..."),
    ("tan(x)", "0", mp.tan, "..."),
    ("sec(x)", "0", mp.sec, "..."),
    ("csc(x)", "0", mp.csc, ".-."),
    ("cot(x)", "0", mp.cot, ".-."),
    ("asin(x)", "1", mp.asin, ".i-"),
    ("asin(x)", "-1", mp.asin, "-i."),
    ("acos(x)", "1", mp.acos, ".i-"),
    ("acos(x)", "-1", mp.acos, "-i."),
    ("atan(x)", "0", mp.atan, "..."),
    ("atan2(x,1)", "0", mp.atan, "..."),
    ("asec(x)", "1", mp.asec, "-i."),
    ("asec(x)", "-1", mp.asec, ".i-"),
    ("acsc(x)", "1", mp.acsc, "-i."),
    ("acsc(x)", "-1", mp.acsc, ".i-"),
    ("acot(x)", "0", lambda x: mp.atan(1 / x), ".-."),
    ("sinc(x)", "0", mp.sinc, "..."),
    ("sinh(x)", "0", mp.sinh, "..."),
    ("cosh(x)", "0", mp.cosh, "..."),
    ("tanh(x)", "0", mp.tanh, "..."),
    ("sech(x)", "0", mp.sech, "..."),
    ("csch(x)", "0", mp.csch, ".-."),
    ("coth(x)", "0", mp.coth, ".-."),
    ("asinh(x)", "0", mp.asinh, "..."),
    ("acosh(x)", "1", mp.acosh, "-i."),
    ("atanh(x)", "1", mp.atanh, ".--"),
    ("atanh(x)", "-1", mp.atanh, "--."),
    ("asech(x)", "1", mp.asech, ".i-"),
    ("asech(x)", "0", mp.asech, "--."),
    ("acsch(x)", "0", mp.acsch, ".-."),
    ("acoth(x)", "1", mp.acoth, "--."),
    ("acoth(x)", "-1", mp.acoth, ".--"),
    ("abs(x)", "0", abs, ".c."),
    ("sign(x)", "0", mp.sign, ".c."),
    ("floor(x)", "3", mp.floor, ".c."),
    ("ceil(x)", "3", mp.ceil, ".c."),
    ("mod(x,3)", "6", lambda x: x - 3 * mp.floor(x / 3), ".c."),
    ("1/x", "0", lambda x: 1 / x, ".-."),
    ("x**-2", "0", lambda x: x**-2, ".-."),
    ("x**0.5", "0", mp.sqrt, "-i."),
    ("x**1.5", "0", lambda x: x ** mp.mpf("1.5"), "-?."),
    ("x**x", "0", lambda x: x**x, "-?."),
    ("min(x,2)", "2", lambda x: min(x, mp.mpf(2)), ".c."),
    ("max(x,2)", "2", lambda x: max(x, mp.mpf(2)), ".c."),
    ("clip(x,1,2)", "1", lambda x: max(x, mp.mpf(1)), ".c."),
    ("clip(x,1,2)", "2", lambda x: min(x, mp.mpf(2)), ".c."),
    ("heaviside(x)", "0", lambda x: mp.mpf(x > 0), ".c."),
    ("where(x<1,x**2,2-x)", "1", lambda x: _when(x < 1, x**2, 2 - x), ".c."),
    ("where(x<1,x**2,2*x-1)", "1", lambda x: _when(x < 1, x**2, 2 * x - 1), "..."),
    ("piecewise(x<0,-x,x<1,x,1)", "1", lambda x: _when(x < 1, abs(x), mp.mpf(1)), ".c."),
    ("relu(x)", "0", lambda x: max(x, mp.mpf(0)), ".c."),
    ("leaky_relu(x,0.5)", "0", lambda x: _when(x > 0, x, x / 2), ".c."),
    ("elu(x)", "0", lambda x: _when(x > 0, x, mp.expm1(x)), "..."),
    ("elu(x,2)", "0", lambda x: _when(x > 0, x, 2 * mp.expm1(x)), ".c."),
    ("sigmoid(x)", "0", lambda x: 1 / (1 + mp.exp(-x)), "..."),
    ("softplus(x)", "0", lambda x: mp.log1p(mp.exp(x)), "..."),
    ("gelu(x)", "0", lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2, "..."),
    ("erf(x)", "0", mp.erf, "..."),
    ("erfc(x)", "0", mp.erfc, "..."),
    ("erfi(x)", "0", mp.erfi, "..."),
    ("erfinv(x)", "0", mp.erfinv, "..."),
    ("gamma(x)", "0", mp.gamma, ".-."),
    ("gamma(x)", "-2", mp.gamma, ".-."),
    ("lgamma(x)", "0", mp.loggamma, "--."),
    ("lgamma(x)", "1", mp.loggamma, "..."),
    ("factorial(x)", "-1", mp.factorial, ".-."),
    ("binomial(x,2)", "0", lambda x: x * (x - 1) / 2, "..."),
    ("digamma(x)", "0", mp.digamma, ".-."),
    ("trigamma(x)", "0", lambda x: mp.psi(1, x), ".-."),
    ("polygamma(2,x)", "-1", lambda x: mp.psi(2, x), ".-."),
    ("beta(x,2)", "0", lambda x: 1 / (x * (x + 1)), ".-."),
    ("zeta(x)", "1", mp.zeta, ".-."),
    ("besselj(0,x)", "0", lambda x: mp.besselj(0, x), "..."),
    ("besselj(1,x)", "0", lambda x: mp.besselj(1, x), "..."),
    ("bessely(0,x)", "0", lambda x: mp.bessely(0, x), "--."),
    ("besseli(0,x)", "0", lambda x: mp.besseli(0, x), "..."),
    ("besselk(0,x)", "0", lambda x: mp.besselk(0, x), "--."),
    ("airyai(x)", "0", mp.airyai, "..."),
    ("airybi(x)", "0", mp.airybi, "..."),
    ("lambertw(x)", "0", mp.lambertw, "..."),
    ("ei(x)", "0", mp.ei, ".-."),
    ("li(x)", "1", mp.li, ".-."),
    ("li(x)", "0", mp.li, "--."),
    ("si(x)", "0", mp.si, "..."),
    ("ci(x)", "0", mp.ci, "--."),
    ("shi(x)", "0", mp.shi, "..."),
    ("chi(x)", "0", mp.chi, "--."),
    ("expint(1,x)", "0", lambda x: mp.expint(1, x), "--."),
    ("elliptic_k(x)", "1", mp.ellipk, ".--"),
    ("elliptic_e(x)", "1", mp.ellipe, ".i-"),
    ("fresnels(x)", "0", mp.fresnels, "..."),
    ("fresnelc(x)", "0", mp.fresnelc, "..."),
]

#: Expression, the last point with a value, the first without one: too large for a float, and said so.
OVERFLOWS = [
    ("exp(x)", "709.7", "709.8"),
    ("expm1(x)", "709.7", "709.8"),
    ("sinh(x)", "710.4", "710.5"),
    ("cosh(x)", "710.4", "710.5"),
    ("gamma(x)", "171.2", "171.7"),
    ("factorial(x)", "170.2", "170.7"),
    ("x**2", "1.3e154", "1.4e154"),
    ("1/x", "1e-150", "1e-160"),
    ("10**x", "307.8", "308.3"),
    ("besseli(0,x)", "713", "800"),
    ("erfi(x)", "26.6", "26.8"),
    ("ei(x)", "715", "720"),
]
