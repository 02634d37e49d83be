"""NumPy, with SciPy's special functions where they hold what they promise."""

from __future__ import annotations

from gradcli.calculus.exporting.languages.array_library import Library, library
from gradcli.calculus.exporting.meanings.composed_special import binomial
from gradcli.calculus.exporting.templates import named, templates

#: Functions of the same names in NumPy, JAX and TensorFlow's mathematics.
SAME = "sqrt exp expm1 log log10 log2 log1p sin cos tan sinh cosh tanh floor ceil sign abs hypot cbrt"

#: Functions of NumPy's own names.
RENAMED = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh",
           "acosh": "arccosh", "atanh": "arctanh", "max": "maximum", "min": "minimum", "pow": "power",
           "mod": "mod"}  # fmt: skip

_SIDES = "np.cos({0})**2, 1.0 - {1}*np.sin({0})**2, 1.0"
_RF, _RD = f"special.elliprf({_SIDES})", f"special.elliprd({_SIDES})"


def _beyond(own: str, carlson: str) -> str:
    """An incomplete elliptic integral: SciPy's up to m = 1, Carlson's forms above (DLMF 19.25.5 and 19.25.9)."""
    return f"np.where({{1}} > 1.0, np.where(np.abs({{0}}) < np.pi/2, {carlson}, np.nan), {own})"


_SPECIAL = named("special.{}", {
    "erf": "erf", "erfc": "erfc", "erfi": "erfi", "erfinv": "erfinv", "gamma": "gamma", "beta": "beta",
    "ei": "expi", "elliptic_k": "ellipk", "elliptic_e": "ellipe", "binomial": "binom", "lgamma": "gammaln",
    "erfcinv": "erfcinv", "erfcx": "erfcx", "dawson": "dawsn", "rgamma": "rgamma",
}) | templates({
    "polygamma": "special.polygamma(int({0}), {1})",
    "besselj": "special.jv({0}, {1})", "bessely": "special.yv({0}, {1})", "besseli": "special.iv({0}, {1})",
    "besselk": "special.kv({0}, {1})", "airyai": "special.airy({0})[0]", "airyaiprime": "special.airy({0})[1]",
    "airybi": "special.airy({0})[2]", "airybiprime": "special.airy({0})[3]", "si": "special.sici({0})[0]",
    "ci": "special.sici({0})[1]", "shi": "special.shichi({0})[0]", "chi": "special.shichi({0})[1]",
    "fresnels": "special.fresnel({0})[0]", "fresnelc": "special.fresnel({0})[1]",
    "elliptic_f": _beyond("special.ellipkinc({0}, {1})", f"np.sin({{0}})*{_RF}"),
    "elliptic_e2": _beyond("special.ellipeinc({0}, {1})", f"np.sin({{0}})*{_RF} - {{1}}/3.0*np.sin({{0}})**3*{_RD}"),
    "lowergamma": "(special.gammainc({0}, {1})*special.gamma({0}))",
    "uppergamma": "(special.gammaincc({0}, {1})*special.gamma({0}))",
    "lambertw": "np.real(special.lambertw({0}))", "lambertw_lower": "np.real(special.lambertw({0}, -1))",
    "betainc": "special.betainc({0}, {1}, {2})", "hurwitz_zeta": "special.zeta({0}, {1})",
    **{f"spherical_{kind}n": f"special.spherical_{kind}n(int({{0}}), {{1}})" for kind in "jyik"},
    "hyp0f1": "special.hyp0f1({0}, {1})", "hyp1f1": "special.hyp1f1({0}, {1}, {2})",
    "hyp2f1": "special.hyp2f1({0}, {1}, {2}, {3})", "hyperu": "special.hyperu({0}, {1}, {2})",
    "jacobi": "special.eval_jacobi({0}, {1}, {2}, {3})", "legendre": "special.eval_legendre({0}, {1})",
    "chebyshev_t": "special.eval_chebyt({0}, {1})", "chebyshev_u": "special.eval_chebyu({0}, {1})",
    "hermite": "special.eval_hermite(int({0}), {1})", "genlaguerre": "special.eval_genlaguerre({0}, {1}, {2})",
    "gegenbauer": "special.eval_gegenbauer({0}, {1}, {2})",
    "elliptic_pi": "(special.elliprf(0.0, 1.0 - {1}, 1.0) + {0}/3.0*special.elliprj(0.0, 1.0 - {1}, 1.0, 1.0 - {0}))",
})  # fmt: skip

NUMPY = library(
    Library(
        "numpy", ("import numpy as np",), "np.asarray({}, dtype=float)", "np.broadcast_arrays({1})[:{2}]",
        "np.nan", "np.where", "np.isfinite", decorator='@np.errstate(all="ignore")',
        special="from scipy import special",
    ),
    named("np.{}", SAME) | named("np.{}", RENAMED) | _SPECIAL,
    {"binomial": binomial("where(x>=0 and y>=0,binomial(x,y),gamma(x+1)*rgamma(y+1)*rgamma(x-y+1))")},
)  # fmt: skip
