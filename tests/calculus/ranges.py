"""For every function of the table: calls with free arguments, each with a range of numbers where it is smooth.

What stands as a number in a call is an order or a count, along which nobody knows a derivative. The ranges keep
away from corners, poles and holes in formulas: those have tests of their own.
"""

from __future__ import annotations

from gradcli.language.function_table import FUNCTIONS
from tests.independent.further_functions import REFERENCES, SMOOTH

Range = tuple[float, float]
Call = tuple[str, dict[str, Range]]

#: Functions whose derivative is not the limit of differences: a constant by decree, and one that nobody knows.
OTHERS = ("stop_gradient", "zetaprime")

_ANY, _POSITIVE, _UNIT = (-3.0, 3.0), (0.1, 5.0), (-0.9, 0.9)
_THREE = {"x": (1.0, 2.0), "y": (3.0, 4.0), "z": (-1.0, 0.0)}

_ONE: dict[Range, tuple[str, ...]] = {
    _ANY: (
        "square", "exp", "exp2", "expm1", "sin", "cos", "atan", "sinh", "cosh", "tanh", "sech", "asinh",
        "sigmoid", "softplus", "silu", "gelu", "erf", "erfc", "erfi", "airyai", "airybi",
        "airyaiprime", "airybiprime", "fresnels", "fresnelc",
    ),
    _POSITIVE: (
        "sqrt", "cbrt", "log", "log10", "log2", "csch", "coth", "acot", "acsch", "abs", "sign", "relu", "leaky_relu",
        "elu", "heaviside", "gamma", "lgamma", "factorial", "digamma", "trigamma", "ei", "ci", "chi",
        "lambertw", "sinc", "sincprime", "si", "shi",
    ),
    _UNIT: ("log1p", "asin", "acos", "atanh", "erfinv", "tan", "sec"),
    (0.1, 0.9): ("csc", "cot", "asech", "floor", "ceil", "logit", "li", "elliptic_k"),
    (1.2, 4.0): ("acosh", "asec", "acsc", "acoth", "zeta"),
}  # fmt: skip

CALLS: dict[str, tuple[Call, ...]] = {
    name: ((f"{name}(x)", {"x": span}),) for span, names in _ONE.items() for name in names
} | {
    "pow": (("pow(x, y)", {"x": _POSITIVE, "y": _ANY}),),
    "root": (("root(x, 3)", {"x": _POSITIVE}), ("root(x, 4)", {"x": _POSITIVE})),
    "hypot": (("hypot(x, y)", {"x": _POSITIVE, "y": _ANY}),),
    "log": (("log(x)", {"x": _POSITIVE}), ("log(x, y)", {"x": _POSITIVE, "y": (1.5, 5.0)})),
    "atan2": (("atan2(x, y)", {"x": _POSITIVE, "y": _ANY}),),
    "mod": (("mod(x, y)", {"x": (7.1, 7.9), "y": (2.1, 2.3)}),),
    "min": (("min(x, y)", {"x": (-3.0, 0.0), "y": (1.0, 3.0)}), ("min(x, y, z)", _THREE)),
    "max": (("max(x, y)", {"x": (-3.0, 0.0), "y": (1.0, 3.0)}), ("max(x, y, z)", _THREE)),
    "clip": (("clip(x, y, z)", {"x": (-3.0, 3.0), "y": (-9.0, -4.0), "z": (4.0, 9.0)}),),
    "where": (("where(x < y, x**2, y)", {"x": (-3.0, 0.0), "y": (1.0, 3.0)}),),
    "piecewise": (("piecewise(x > 5, x, x > 0, x**3, sin(x))", {"x": (0.5, 4.5)}),),
    "leaky_relu": (("leaky_relu(x)", {"x": _POSITIVE}), ("leaky_relu(x, y)", {"x": (-3.0, -0.1), "y": _POSITIVE})),
    "elu": (("elu(x)", {"x": _POSITIVE}), ("elu(x, y)", {"x": (-3.0, -0.1), "y": _POSITIVE})),
    "binomial": (("binomial(x, y)", {"x": (3.0, 6.0), "y": (0.5, 2.5)}),),
    "polygamma": (("polygamma(2, x)", {"x": _POSITIVE}),),
    "beta": (("beta(x, y)", {"x": _POSITIVE, "y": _POSITIVE}),),
    "polylog": (("polylog(3, x)", {"x": (0.1, 0.9)}),),
    "besselj": (("besselj(2, x)", {"x": _POSITIVE}),),
    "bessely": (("bessely(2, x)", {"x": _POSITIVE}),),
    "besseli": (("besseli(2, x)", {"x": _POSITIVE}),),
    "besselk": (("besselk(2, x)", {"x": _POSITIVE}),),
    "expint": (("expint(2, x)", {"x": _POSITIVE}),),
    "lowergamma": (("lowergamma(2, x)", {"x": _POSITIVE}),),
    "uppergamma": (("uppergamma(2, x)", {"x": _POSITIVE}),),
    "elliptic_e": (("elliptic_e(x)", {"x": (0.1, 0.9)}), ("elliptic_e(x, y)", {"x": _UNIT, "y": (0.1, 0.8)})),
    "elliptic_f": (("elliptic_f(x, y)", {"x": _UNIT, "y": (0.1, 0.8)}),),
}  # fmt: skip


def _further(name: str) -> Call:
    """A call of one of the further functions: what has one number for a range stands as that number."""
    row = FUNCTIONS[name]
    ranges = (SMOOTH.get(name, []) + [_ANY] * 3)[: row.most or 3]
    free = {letter: span for letter, span in zip("xyzw", ranges, strict=False) if span[0] != span[1]}
    texts = [
        letter if letter in free else f"{span[0]:g}" for letter, span in zip("xyzw", ranges, strict=False)
    ]
    return f"{name}({', '.join(texts)})", free


CALLS |= {name: (_further(name),) for name in REFERENCES}
