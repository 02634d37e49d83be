"""Bessel functions by their orders, hypergeometric functions, orthogonal polynomials and other special functions."""

from __future__ import annotations

from gradcli.language.functions.function_row import (
    BESSEL,
    HYPER,
    NOT_REAL,
    ORTHOGONAL,
    POSITIVE,
    SPECIAL,
    Function,
)

_F = Function
_WHOLE = "n must be a whole number, not negative"
_BELOW_1 = "x must be at most 1"
_LOWER = "b must not be 0 or a negative integer"
_BOTH_BELOW_1 = "n and m must be below 1"


def _orders(letter: str, function: str, kind: str, domain: str = "") -> dict[str, Function]:
    """The orders 0 and 1 of a Bessel function, with what PyTorch, TensorFlow and gnuplot call them."""
    patterns = ("modified_bessel_{}", "bessel_{}", "bes{}") if letter in "ik" else ("bessel_{}", "bes{}")
    return {
        name: _F(BESSEL, "x", f"{kind} of order {name[1]}", domain, meaning=f"{function}({name[1]},x)",
                 aliases=tuple(pattern.format(name) for pattern in patterns))
        for name in (f"{letter}0", f"{letter}1")
    }  # fmt: skip


def _scaled(letter: str, function: str, factor: str, kind: str, domain: str = "") -> dict[str, Function]:
    """The same without their exponential."""
    return {
        f"{name}e": _F(BESSEL, "x", f"{factor}*{name}(x), {kind}", domain, meaning=f"{factor}*{function}({name[1]},x)",
                       aliases=(f"bessel_{name}e", f"scaled_modified_bessel_{name}"))
        for name in (f"{letter}0", f"{letter}1")
    }  # fmt: skip


SPECIAL_ROWS: dict[str, Function] = {
    **_orders("j", "besselj", "Bessel function of the first kind"),
    **_orders("y", "bessely", "Bessel function of the second kind", POSITIVE),
    **_orders("i", "besseli", "modified Bessel function of the first kind"),
    **_orders("k", "besselk", "modified Bessel function of the second kind", POSITIVE),
    **_scaled("i", "besseli", "exp(-abs(x))", "which does not overflow"),
    **_scaled("k", "besselk", "exp(x)", "which does not underflow", POSITIVE),
    "ive": _F(BESSEL, "n, x", "exp(-abs(x))*besseli(n, x)", NOT_REAL, meaning="exp(-abs(x))*besseli(n,x)"),
    "kve": _F(BESSEL, "n, x", "exp(x)*besselk(n, x)", NOT_REAL, meaning="exp(x)*besselk(n,x)"),
    "spherical_jn": _F(BESSEL, "n, x", "spherical Bessel function of the first kind", _WHOLE,
                       slopes=("", "n/x*spherical_jn(n,x)-spherical_jn(n+1,x)"), aliases=("sphericalbesselj",)),
    "spherical_yn": _F(BESSEL, "n, x", "spherical Bessel function of the second kind", f"{_WHOLE}, and x not 0",
                       slopes=("", "n/x*spherical_yn(n,x)-spherical_yn(n+1,x)"), aliases=("sphericalbessely",)),
    "spherical_in": _F(BESSEL, "n, x", "modified spherical Bessel function of the first kind", _WHOLE,
                       slopes=("", "n/x*spherical_in(n,x)+spherical_in(n+1,x)")),
    "spherical_kn": _F(BESSEL, "n, x", "modified spherical Bessel function of the second kind",
                       f"{_WHOLE}, and x positive", slopes=("", "n/x*spherical_kn(n,x)-spherical_kn(n+1,x)")),
    "hyp0f1": _F(HYPER, "b, x", "confluent hypergeometric limit function 0F1", _LOWER,
                 slopes=("", "hyp0f1(b+1,x)/b")),
    "hyp1f1": _F(HYPER, "a, b, x", "Kummer's confluent hypergeometric function 1F1", _LOWER,
                 slopes=("", "", "a/b*hyp1f1(a+1,b+1,x)")),
    "hyp2f1": _F(HYPER, "a, b, c, x", "Gauss's hypergeometric function 2F1",
                 "x must be below 1, and c not 0 or a negative integer",
                 slopes=("", "", "", "a*b/c*hyp2f1(a+1,b+1,c+1,x)")),
    "hyperu": _F(HYPER, "a, b, x", "Tricomi's confluent hypergeometric function U", "x must be positive",
                 slopes=("", "", "-a*hyperu(a+1,b+1,x)")),
    "legendre": _F(ORTHOGONAL, "n, x", "Legendre polynomial", _WHOLE, slopes=("", "gegenbauer(n-1,3/2,x)"),
                   aliases=("eval_legendre", "legendre_polynomial_p", "legendrep")),
    "chebyshev_t": _F(ORTHOGONAL, "n, x", "Chebyshev polynomial of the first kind", _WHOLE,
                      slopes=("", "n*chebyshev_u(n-1,x)"),
                      aliases=("chebyt", "eval_chebyt", "chebyshev_polynomial_t", "chebyshevt")),
    "chebyshev_u": _F(ORTHOGONAL, "n, x", "Chebyshev polynomial of the second kind", _WHOLE,
                      slopes=("", "2*gegenbauer(n-1,2,x)"),
                      aliases=("chebyu", "eval_chebyu", "chebyshev_polynomial_u", "chebyshevu")),
    "hermite": _F(ORTHOGONAL, "n, x", "Hermite polynomial of the physicists", _WHOLE, slopes=("", "2*n*hermite(n-1,x)"),
                  aliases=("eval_hermite", "hermite_polynomial_h", "hermiteh")),
    "hermite_e": _F(ORTHOGONAL, "n, x", "Hermite polynomial of probability", _WHOLE,
                    meaning="hermite(n,x/sqrt(2))/2**(n/2)", slopes=("", "n*hermite_e(n-1,x)"),
                    aliases=("hermitenorm", "eval_hermitenorm", "hermite_polynomial_he")),
    "laguerre": _F(ORTHOGONAL, "n, x", "Laguerre polynomial", _WHOLE, meaning="genlaguerre(n,0,x)",
                   slopes=("", "-genlaguerre(n-1,1,x)"),
                   aliases=("eval_laguerre", "laguerre_polynomial_l", "laguerrel")),
    "genlaguerre": _F(ORTHOGONAL, "n, alpha, x", "generalized Laguerre polynomial", _WHOLE,
                      slopes=("", "", "-genlaguerre(n-1,alpha+1,x)"),
                      aliases=("assoc_laguerre", "eval_genlaguerre")),
    "gegenbauer": _F(ORTHOGONAL, "n, alpha, x", "Gegenbauer polynomial", _WHOLE,
                     slopes=("", "", "2*alpha*gegenbauer(n-1,alpha+1,x)"), aliases=("eval_gegenbauer",)),
    "jacobi": _F(ORTHOGONAL, "n, alpha, beta, x", "Jacobi polynomial", _WHOLE,
                 slopes=("", "", "", "(n+alpha+beta+1)/2*jacobi(n-1,alpha+1,beta+1,x)"), aliases=("eval_jacobi",)),
    "dilog": _F(SPECIAL, "x", "dilogarithm, polylog(2, x)", _BELOW_1, meaning="polylog(2,x)", aliases=("Li2",)),
    "spence": _F(SPECIAL, "x", "polylog(2, 1 - x)", "its argument must not be negative", meaning="polylog(2,1-x)"),
    "hurwitz_zeta": _F(SPECIAL, "s, a", "Hurwitz zeta function, also zeta(s, a)", "s must not be 1, and a positive",
                       slopes=("", "-s*hurwitz_zeta(s+1,a)"), aliases=("hurwitzzeta",)),
    "lambertw_lower": _F(SPECIAL, "x", "Lambert W, the branch below -1, also lambertw(x, -1)",
                         "its argument must be at least -1/e and below 0",
                         slopes=("exp(-lambertw_lower(x))/(1+lambertw_lower(x))",), aliases=("lambertwm1",)),
    "e1": _F(SPECIAL, "x", "exponential integral E1", POSITIVE, meaning="expint(1,x)", aliases=("exp1", "E1")),
    "elliptic_pi": _F(SPECIAL, "n, m", "complete elliptic integral of the third kind", _BOTH_BELOW_1,
                      slopes=("(elliptic_e(m)+(m-n)/n*elliptic_k(m)+(n**2-m)/n*elliptic_pi(n,m))/(2*(m-n)*(n-1))",
                              "(elliptic_e(m)/(m-1)+elliptic_pi(n,m))/(2*(n-m))"), aliases=("EllipticPi",)),
    "ellipkm1": _F(SPECIAL, "p", "elliptic_k(1 - p)", POSITIVE, meaning="elliptic_k(1-p)"),
}  # fmt: skip
