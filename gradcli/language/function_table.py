"""The table of functions: every function the language knows, one row each.

Parser, compiler, help, suggestions and tests read these rows. A row is of one of two kinds:

- it has `slopes`: its partial derivatives in the language itself, in a form that loses no digits; an empty one means
  that none is known, and no slopes that there are none. `sympy` names the class of a function that sympy knows too,
  and the tests hold every slope against sympy's own derivative;
- it has a `meaning` in terms of other rows, and is replaced by it; one that has `slopes` as well is differentiated
  by them and replaced afterwards, where its meaning has a corner or cancels and the function does not.
"""

from __future__ import annotations

from gradcli.language.functions.activation_rows import ACTIVATIONS
from gradcli.language.functions.arithmetic_rows import ARITHMETIC
from gradcli.language.functions.function_row import (
    ACT as _ACT,
)
from gradcli.language.functions.function_row import (
    GAMMA as _GAMMA,
)
from gradcli.language.functions.function_row import (
    HYP as _HYP,
)
from gradcli.language.functions.function_row import (
    LOGS as _LOGS,
)
from gradcli.language.functions.function_row import (
    NOT_ZERO as _NOT_ZERO,
)
from gradcli.language.functions.function_row import (
    OPEN as _OPEN,
)
from gradcli.language.functions.function_row import (
    OUTSIDE as _OUTSIDE,
)
from gradcli.language.functions.function_row import (
    PIECE as _PIECE,
)
from gradcli.language.functions.function_row import (
    POLE as _POLE,
)
from gradcli.language.functions.function_row import (
    POSITIVE as _POSITIVE,
)
from gradcli.language.functions.function_row import (
    ROOTS as _ROOTS,
)
from gradcli.language.functions.function_row import (
    ROUND as _ROUND,
)
from gradcli.language.functions.function_row import (
    SPECIAL as _SPECIAL,
)
from gradcli.language.functions.function_row import (
    TRIG as _TRIG,
)
from gradcli.language.functions.function_row import (
    UNIT as _UNIT,
)
from gradcli.language.functions.function_row import (
    Function,
)
from gradcli.language.functions.further_spellings import FURTHER_SPELLINGS
from gradcli.language.functions.loss_rows import LOSSES
from gradcli.language.functions.special_rows import SPECIAL_ROWS
from gradcli.language.functions.statistics_rows import STATISTICS

_F = Function

FUNCTIONS: dict[str, Function] = {
    "pow": _F(_ROOTS, "x, y", "x**y", meaning="x**y", aliases=("power",)),
    "square": _F(_ROOTS, "x", "x**2", meaning="x**2"),
    "sqrt": _F(_ROOTS, "x", "square root", "its argument must not be negative", "sqrt",
               slopes=("1/(2*sqrt(x))",), aliases=("√",)),
    "cbrt": _F(_ROOTS, "x", "real cube root, of negative numbers too", slopes=("1/(3*cbrt(x)**2)",), aliases=("∛",)),
    "root": _F(_ROOTS, "x, n", "real n-th root; of negative x for odd n",
               "an even root of a negative number is not real, and n must be an integer, not 0",
               slopes=("1/(n*root(x,n)**(n-1))", "")),
    "hypot": _F(_ROOTS, "x, y, ...", "sqrt(x**2 + y**2 + …) without overflow", slopes=("x/hypot(x,y)", "y/hypot(x,y)")),
    "exp": _F(_LOGS, "x", "e to the power x", sympy="exp", slopes=("exp(x)",)),
    "exp2": _F(_LOGS, "x", "2**x", meaning="2**x"),
    "expm1": _F(_LOGS, "x", "exp(x) - 1, exact near 0", slopes=("exp(x)",)),
    "log": _F(_LOGS, "x, base", "natural logarithm, or to a base", _POSITIVE, "log",
              slopes=("1/x",), optional=1, aliases=("ln",)),
    "log10": _F(_LOGS, "x", "logarithm to base 10", _POSITIVE, slopes=("1/(x*log(10))",)),
    "log2": _F(_LOGS, "x", "logarithm to base 2", _POSITIVE, slopes=("1/(x*log(2))",)),
    "log1p": _F(_LOGS, "x", "log(1 + x), exact near 0", "its argument must be greater than -1", slopes=("1/(1+x)",)),
    "sin": _F(_TRIG, "x", "sine (radians)", sympy="sin", slopes=("cos(x)",)),
    "cos": _F(_TRIG, "x", "cosine (radians)", sympy="cos", slopes=("-sin(x)",)),
    "tan": _F(_TRIG, "x", "tangent (radians)", _POLE, "tan", slopes=("1+tan(x)**2",)),
    "sec": _F(_TRIG, "x", "secant, 1/cos(x)", _POLE, "sec", slopes=("sec(x)*tan(x)",)),
    "csc": _F(_TRIG, "x", "cosecant, 1/sin(x)", _POLE, "csc", slopes=("-csc(x)*cot(x)",)),
    "cot": _F(_TRIG, "x", "cotangent, cos(x)/sin(x)", _POLE, "cot", slopes=("-csc(x)**2",)),
    "asin": _F(_TRIG, "x", "inverse sine", _UNIT, "asin", slopes=("1/sqrt((1-x)*(1+x))",), aliases=("arcsin",)),
    "acos": _F(_TRIG, "x", "inverse cosine", _UNIT, "acos", slopes=("-1/sqrt((1-x)*(1+x))",), aliases=("arccos",)),
    "atan": _F(_TRIG, "x", "inverse tangent", sympy="atan", slopes=("1/(1+x**2)",), aliases=("arctan",)),
    "atan2": _F(_TRIG, "y, x", "angle of the point (x, y)", "the angle of (0, 0) is not defined", "atan2",
                slopes=("x/(x**2+y**2)", "-y/(x**2+y**2)"), aliases=("arctan2",)),
    "asec": _F(_TRIG, "x", "inverse secant", _OUTSIDE, "asec",
               slopes=("1/(abs(x)*sqrt((x-1)*(x+1)))",), aliases=("arcsec",)),
    "acsc": _F(_TRIG, "x", "inverse cosecant", _OUTSIDE, "acsc",
               slopes=("-1/(abs(x)*sqrt((x-1)*(x+1)))",), aliases=("arccsc",)),
    "acot": _F(_TRIG, "x", "inverse cotangent, atan(1/x)", _NOT_ZERO, "acot",
               slopes=("-1/(1+x**2)",), aliases=("arccot",)),
    "sinc": _F(_TRIG, "x", "sin(x)/x, and 1 at 0", sympy="sinc"),
    "sincprime": _F(_TRIG, "x", "derivative of sinc", slopes=("-sinc(x)-2*sincprime(x)/x",)),
    "sinh": _F(_HYP, "x", "hyperbolic sine", sympy="sinh", slopes=("cosh(x)",)),
    "cosh": _F(_HYP, "x", "hyperbolic cosine", sympy="cosh", slopes=("sinh(x)",)),
    "tanh": _F(_HYP, "x", "hyperbolic tangent", sympy="tanh", slopes=("sech(x)**2",)),
    "sech": _F(_HYP, "x", "1/cosh(x)", sympy="sech", slopes=("-sech(x)*tanh(x)",)),
    "csch": _F(_HYP, "x", "1/sinh(x)", _POLE, "csch", slopes=("-csch(x)*coth(x)",)),
    "coth": _F(_HYP, "x", "1/tanh(x)", _POLE, "coth", slopes=("-csch(x)**2",)),
    "asinh": _F(_HYP, "x", "inverse hyperbolic sine", sympy="asinh",
                slopes=("1/hypot(x,1)",), aliases=("arcsinh", "arsinh")),
    "acosh": _F(_HYP, "x", "inverse hyperbolic cosine", "its argument must be at least 1", "acosh",
                slopes=("1/(sqrt(x-1)*sqrt(x+1))",), aliases=("arccosh", "arcosh")),
    "atanh": _F(_HYP, "x", "inverse hyperbolic tangent", _OPEN, "atanh",
                slopes=("1/((1-x)*(1+x))",), aliases=("arctanh", "artanh")),
    "asech": _F(_HYP, "x", "inverse hyperbolic secant", "its argument must be above 0 and at most 1", "asech",
                slopes=("-1/(x*sqrt((1-x)*(1+x)))",), aliases=("arcsech", "arsech")),
    "acsch": _F(_HYP, "x", "inverse hyperbolic cosecant", _NOT_ZERO, "acsch",
                slopes=("-1/(abs(x)*hypot(x,1))",), aliases=("arccsch", "arcsch")),
    "acoth": _F(_HYP, "x", "inverse hyperbolic cotangent", "its argument must be below -1 or above 1", "acoth",
                slopes=("1/((1-x)*(1+x))",), aliases=("arccoth", "arcoth")),
    "abs": _F(_ROUND, "x", "absolute value", sympy="Abs", slopes=("sign(x)",), aliases=("Abs", "fabs")),
    "sign": _F(_ROUND, "x", "-1, 0 or 1", slopes=("0",), aliases=("sgn",)),
    "floor": _F(_ROUND, "x", "largest integer not above x", slopes=("0",)),
    "ceil": _F(_ROUND, "x", "smallest integer not below x", slopes=("0",), aliases=("ceiling",)),
    "mod": _F(_ROUND, "x, y", "x - y*floor(x/y), with the sign of y", "the divisor must not be 0",
              slopes=("1", "-floor(x/y)"), aliases=("Mod",)),
    "min": _F(_ROUND, "x, ...", "the smallest of its arguments", slopes=("heaviside(y-x)", "heaviside(x-y)"),
              aliases=("Min", "minimum")),
    "max": _F(_ROUND, "x, ...", "the largest of its arguments", slopes=("heaviside(x-y)", "heaviside(y-x)"),
              aliases=("Max", "maximum")),
    "clip": _F(_ROUND, "x, low, high", "x moved into [low, high]", meaning="min(max(x,low),high)",
               aliases=("clamp",)),
    "heaviside": _F(_PIECE, "x", "0 below 0, 1 above, 1/2 at 0", slopes=("0",), aliases=("Heaviside", "step")),
    "where": _F(_PIECE, "condition, a, b", "a where the condition holds, b elsewhere"),
    "piecewise": _F(_PIECE, "condition, a, ...", "the value after the first condition that holds, else the last"),
    "stop_gradient": _F(_PIECE, "x", "x itself, but a constant to every derivative", slopes=("0",)),
    "sigmoid": _F(_ACT, "x", "1/(1 + exp(-x))", slopes=("sigmoid(x)*sigmoid(-x)",), aliases=("expit",)),
    "softplus": _F(_ACT, "x", "log(1 + exp(x))", slopes=("sigmoid(x)",)),
    "logit": _F(_ACT, "x", "log(x/(1 - x)), the inverse of sigmoid", meaning="log(x)-log1p(-x)"),
    "silu": _F(_ACT, "x", "x*sigmoid(x)", meaning="x*sigmoid(x)", aliases=("swish",)),
    "relu": _F(_ACT, "x", "max(x, 0)", slopes=("heaviside(x)",), aliases=("ReLU",)),
    "leaky_relu": _F(_ACT, "x, slope", "x above 0, slope*x below (slope 0.01)",
                     slopes=("where(x>0,1,slope)", "min(x,0)"), optional=1, defaults=("0.01",)),
    "elu": _F(_ACT, "x, alpha", "x above 0, alpha*(exp(x) - 1) below (alpha 1)",
              slopes=("where(x>0,1,alpha*exp(x))", "expm1(min(x,0))"), optional=1, defaults=("1",)),
    "gelu": _F(_ACT, "x", "x times the normal distribution function of x", meaning="x*erfc(-x/sqrt(2))/2"),
    "erf": _F(_SPECIAL, "x", "error function", sympy="erf", slopes=("2*exp(-x**2)/sqrt(pi)",)),
    "erfc": _F(_SPECIAL, "x", "1 - erf(x)", sympy="erfc", slopes=("-2*exp(-x**2)/sqrt(pi)",)),
    "erfi": _F(_SPECIAL, "x", "imaginary error function", sympy="erfi", slopes=("2*exp(x**2)/sqrt(pi)",)),
    "erfinv": _F(_SPECIAL, "x", "inverse of erf", _OPEN, "erfinv", slopes=("sqrt(pi)*exp(erfinv(x)**2)/2",)),
    "gamma": _F(_SPECIAL, "x", "gamma function", _GAMMA, "gamma",
                slopes=("gamma(x)*polygamma(0,x)",), aliases=("Gamma",)),
    "lgamma": _F(_SPECIAL, "x", "logarithm of gamma(x)", _POSITIVE, "loggamma",
                 slopes=("polygamma(0,x)",), aliases=("loggamma", "gammaln")),
    "factorial": _F(_SPECIAL, "n", "n!, gamma(n + 1)", _GAMMA, meaning="gamma(n+1)"),
    "binomial": _F(_SPECIAL, "n, k", "binomial coefficient", _GAMMA, "binomial",
                   slopes=("binomial(n,k)*(polygamma(0,n+1)-polygamma(0,n-k+1))",
                           "binomial(n,k)*(polygamma(0,n-k+1)-polygamma(0,k+1))")),
    "digamma": _F(_SPECIAL, "x", "derivative of lgamma", _GAMMA, meaning="polygamma(0,x)", aliases=("psi",)),
    "trigamma": _F(_SPECIAL, "x", "derivative of digamma", _GAMMA, meaning="polygamma(1,x)"),
    "polygamma": _F(_SPECIAL, "n, x", "n-th derivative of digamma",
                    "n must be an integer from 0, x not 0 or a negative integer", "polygamma",
                    slopes=("", "polygamma(n+1,x)")),
    "beta": _F(_SPECIAL, "x, y", "gamma(x)*gamma(y)/gamma(x + y)", _GAMMA, "beta",
               slopes=("beta(x,y)*(polygamma(0,x)-polygamma(0,x+y))", "beta(x,y)*(polygamma(0,y)-polygamma(0,x+y))"),
               aliases=("Beta",)),
    "zeta": _F(_SPECIAL, "s", "Riemann zeta function", "its argument must not be 1", slopes=("zetaprime(s)",)),
    "zetaprime": _F(_SPECIAL, "s", "derivative of zeta", "its argument must not be 1"),
    "polylog": _F(_SPECIAL, "s, z", "polylogarithm", "z must be below 1", "polylog",
                  slopes=("", "polylog(s-1,z)/z")),
    "besselj": _F(_SPECIAL, "n, x", "Bessel function of the first kind", "it is not real there", "besselj",
                  slopes=("", "besselj(n-1,x)/2-besselj(n+1,x)/2")),
    "bessely": _F(_SPECIAL, "n, x", "Bessel function of the second kind", "it is not real there", "bessely",
                  slopes=("", "bessely(n-1,x)/2-bessely(n+1,x)/2")),
    "besseli": _F(_SPECIAL, "n, x", "modified Bessel function of the first kind", "it is not real there", "besseli",
                  slopes=("", "besseli(n-1,x)/2+besseli(n+1,x)/2")),
    "besselk": _F(_SPECIAL, "n, x", "modified Bessel function of the second kind", "it is not real there", "besselk",
                  slopes=("", "-besselk(n-1,x)/2-besselk(n+1,x)/2")),
    "airyai": _F(_SPECIAL, "x", "Airy function Ai", sympy="airyai", slopes=("airyaiprime(x)",)),
    "airybi": _F(_SPECIAL, "x", "Airy function Bi", sympy="airybi", slopes=("airybiprime(x)",)),
    "airyaiprime": _F(_SPECIAL, "x", "derivative of Ai", sympy="airyaiprime", slopes=("x*airyai(x)",)),
    "airybiprime": _F(_SPECIAL, "x", "derivative of Bi", sympy="airybiprime", slopes=("x*airybi(x)",)),
    "lambertw": _F(_SPECIAL, "x", "Lambert W, principal branch", "its argument must be at least -1/e", "LambertW",
                   slopes=("exp(-lambertw(x))/(1+lambertw(x))",), aliases=("LambertW",)),
    "ei": _F(_SPECIAL, "x", "exponential integral Ei", _NOT_ZERO, "Ei",
             slopes=("exp(x)/x",), aliases=("Ei",)),
    "li": _F(_SPECIAL, "x", "logarithmic integral", "its argument must be positive and not 1", "li",
             slopes=("1/log(x)",)),
    "si": _F(_SPECIAL, "x", "sine integral", sympy="Si", slopes=("sinc(x)",), aliases=("Si",)),
    "ci": _F(_SPECIAL, "x", "cosine integral", _POSITIVE, "Ci", slopes=("cos(x)/x",), aliases=("Ci",)),
    "shi": _F(_SPECIAL, "x", "hyperbolic sine integral", sympy="Shi",
              slopes=("sinh(x)/x",), aliases=("Shi",)),
    "chi": _F(_SPECIAL, "x", "hyperbolic cosine integral", _POSITIVE, "Chi",
              slopes=("cosh(x)/x",), aliases=("Chi",)),
    "expint": _F(_SPECIAL, "n, x", "generalised exponential integral", _POSITIVE, "expint",
                 slopes=("", "-expint(n-1,x)")),
    "lowergamma": _F(_SPECIAL, "s, x", "lower incomplete gamma function", "s must be positive and x not negative",
                     "lowergamma",
                     slopes=("", "x**(s-1)*exp(-x)")),
    "uppergamma": _F(_SPECIAL, "s, x", "upper incomplete gamma function", "it is not real there", "uppergamma",
                     slopes=("", "-x**(s-1)*exp(-x)")),
    "elliptic_k": _F(_SPECIAL, "m", "complete elliptic integral of the first kind", "its argument must be below 1",
                     "elliptic_k",
                     slopes=("(-(1-m)*elliptic_k(m)+elliptic_e(m))/(2*m*(1-m))",)),
    "elliptic_e": _F(_SPECIAL, "phi, m", "elliptic integral of the second kind: elliptic_e(m), or incomplete",
                     "it is not real there", "elliptic_e",
                     slopes=("sqrt(1-m*sin(phi)**2)", "(elliptic_e(phi,m)-elliptic_f(phi,m))/(2*m)"), optional=1),
    "elliptic_f": _F(_SPECIAL, "phi, m", "incomplete elliptic integral of the first kind", "it is not real there",
                     "elliptic_f",
                     slopes=("1/sqrt(1-m*sin(phi)**2)",
                             "elliptic_e(phi,m)/(2*m*(1-m))-elliptic_f(phi,m)/(2*m)-sin(2*phi)/(4*(1-m)*sqrt(1-m*sin(phi)**2))")),
    "fresnels": _F(_SPECIAL, "x", "Fresnel integral S", sympy="fresnels", slopes=("sin(pi*x**2/2)",)),
    "fresnelc": _F(_SPECIAL, "x", "Fresnel integral C", sympy="fresnelc", slopes=("cos(pi*x**2/2)",)),
}  # fmt: skip

FUNCTIONS |= {
    name: FUNCTIONS[name]._replace(aliases=(*FUNCTIONS[name].aliases, *further))
    for name, further in FURTHER_SPELLINGS.items()
}
FUNCTIONS |= ARITHMETIC | ACTIVATIONS | LOSSES | STATISTICS | SPECIAL_ROWS

#: Functions that take fewer arguments than their slopes are about -> these arguments, and the slopes in them.
SHORT_CALLS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "elliptic_e": (("m",), ("(elliptic_e(m)-elliptic_k(m))/(2*m)",)),
}

#: Every accepted spelling of a function -> its name in FUNCTIONS.
SPELLINGS: dict[str, str] = {
    spelling: name for name, row in FUNCTIONS.items() for spelling in (name, *row.aliases)
}

#: Names that are numbers unless they are given a value.
CONSTANTS: dict[str, str] = {"pi": "π, 3.14159…", "e": "Euler's number, 2.71828…", "π": "the same as pi",
                             "deg": "pi/180, one degree"}  # fmt: skip

#: Functions whose names are never those of variables, unless these are given values: `sin + 1` is a slip.
_NEVER = (
    "sin cos tan asin acos atan atan2 arcsin arccos arctan sinh cosh tanh asinh acosh atanh arcsinh arccosh arctanh "
    "arsinh arcosh artanh exp expm1 log ln log10 log2 log1p sqrt cbrt abs"
)
NEVER_VARIABLES = frozenset(_NEVER.split())
