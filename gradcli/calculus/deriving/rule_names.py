"""What the derivatives of functions are called, where there is more to say than whose they are; read by explanations alone."""

from __future__ import annotations

_DENSITY = "a distribution function's derivative is its density"
_TAIL = "the upper tail falls by the density"
_INVERSE = "an inverse's derivative is the reciprocal"
_NEIGHBOURS = "a Bessel function's derivative by the next order"
_POLYNOMIAL = "a polynomial's derivative is one of lower degree"
_HYPERGEOMETRIC = "all parameters grow by 1"
_SHARE = "each argument's share of the sum"
_CLIPPED = "the argument itself, cut off at the ends"
_STEPS = "constant between its steps"
_QUARTER = "a quarter turn further, times pi"
_POWER = "the power that is one less"

#: Function -> the name of the rule that differentiates it.
RULE_NAMES: dict[str, str] = {
    "ndtr": "the derivative of the normal distribution function is its density",
    "normpdf": "the normal density times -x", "log_ndtr": "density over distribution function",
    "ndtri": _INVERSE, "erfcinv": _INVERSE, "erfinv": _INVERSE, "lambertw": _INVERSE, "lambertw_lower": _INVERSE,
    "gammainc": _DENSITY, "betainc": _DENSITY, "stdtr": _DENSITY, "fdtr": _DENSITY, "gammaincc": _TAIL, "betaincc": _TAIL,
    "betaln": "a difference of digammas", "poch": "a product with digammas", "rgamma": "minus digamma, times itself",
    "erfcx": "its own differential equation", "dawson": "its own differential equation",
    "huber": _CLIPPED, "smooth_l1": _CLIPPED, "sparse_plus": _CLIPPED, "pseudo_huber": "the argument over its own distance",
    "logaddexp": _SHARE, "logaddexp2": _SHARE, "bce_with_logits": "probability minus label",
    "xlogy": "the logarithm, and the quotient", "xlog1py": "the logarithm, and the quotient",
    "entr": "minus the logarithm, minus 1", "rel_entr": "the logarithm of the ratio, plus 1",
    "kl_div": "the logarithm of the ratio", "logcosh": "tanh, for it is sinh over cosh",
    "softsign": "the square of the shrinking factor", "celu": "1 above 0, the exponential below",
    "squareplus": "its own share of the root", "tanhshrink": "1 minus the slope of tanh",
    **dict.fromkeys(("spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"), _NEIGHBOURS),
    **dict.fromkeys(("besselj", "bessely", "besseli", "besselk"), "half of both neighbouring orders"),
    **dict.fromkeys(("legendre", "chebyshev_t", "chebyshev_u", "hermite", "hermite_e", "laguerre", "genlaguerre", "gegenbauer",
                     "jacobi"), _POLYNOMIAL),
    **dict.fromkeys(("hyp0f1", "hyp1f1", "hyp2f1", "hyperu"), _HYPERGEOMETRIC),
    "hurwitz_zeta": "a power series, term by term", "elliptic_pi": "by complete elliptic integrals",
    **dict.fromkeys(("trunc", "round", "gammasgn", "floor", "ceil", "sign", "heaviside"), _STEPS),
    "fmod": "a line between its jumps", "mod": "a line between its jumps",
    "sinpi": _QUARTER, "cospi": _QUARTER, "tandg": "1 over the cosine's square, in degrees",
    "cosm1": "that of cos: 1 does not matter", "versin": "minus that of cos", "haversin": "half of minus that of cos",
    "gd": "the hyperbolic secant", "exprel": "the quotient rule",
    "boxcox": _POWER, "boxcox1p": _POWER, "xdivy": "that of a quotient", "multiply_no_nan": "that of a product",
}  # fmt: skip


def rule_name(function: str) -> str:
    """The name of the rule that differentiates *function*."""
    return RULE_NAMES.get(function, f"derivative of {function}")
