"""Functions of other programs and of textbooks, and how each is written here.

SPELLED has texts in the language, with the call's arguments in `{0}`, `{1}`, …; `:b` puts brackets around an argument
that needs them. DEFINED has functions that one defines for oneself: parameters and meaning. A name is asked for as it was
typed, and then in lower case and without underscores. A name that is a function here is never asked for.
"""

from __future__ import annotations

_TRIGONOMETRIC = {
    "sin": "sine sinus sen seno", "cos": "cosine cosinus coseno kos", "tan": "tg tangent tangens tangente tang",
    "cot": "ctg cotg ctan cotan cotangent cotangens", "sec": "secant sekans", "csc": "cosec cosecant csec",
}  # fmt: skip
_HYPERBOLIC = {
    "sinh": "sh senh sinhyp sinushyperbolicus hypsin", "cosh": "ch coshyp hypcos", "tanh": "th tgh tanhyp hyptan",
    "coth": "cth ctgh cotgh cotanh", "sech": "sch", "csch": "cosech csh",
}  # fmt: skip
_DEGREES = ("sin", "cos", "tan", "sec", "csc", "cot")

#: A function here -> the names it has elsewhere, called with the same arguments.
_RENAMED = {
    "abs": "absolute absolutevalue absval mag magnitude betrag iabs dabs valabs llabs labs",
    "sqrt": "squareroot sqroot sqrtof wurzel quadratwurzel racine raiz raizq radice pierwiastek rac",
    "cbrt": "cuberoot cubicroot cubrt curt croot thirdroot",
    "root": "nthroot nroot surd realroot",
    "hypot": "hypotenuse pythag pyth length2",
    "pow": "floatpower powr powi powf pown expt mpower raise potenz",
    "exp": "exponential exponent expo natexp",
    "exp2": "pow2 twoexp",
    "log": "nlog loge natlog naturallog lne alog logn logarithm",
    "log10": "lg log10e dlog10 alog10 decimallog",
    "log2": "ld lb log2n binlog",
    "log1p": "ln1p lnp1 log1px logp1",
    "expm1": "expminus1 exp1m",
    "acot": "arcctg actg arccotg acotan arccotan", "atan": "arctg atg arctangent arctang", "asec": "arcsecant",
    "acsc": "arccosec acosec arccosecant", "asin": "arcsine arcsinus arcsen", "acos": "arccosine arccosinus",
    "asinh": "arsh ash argsinh areasinh argsh asinushyp", "acosh": "arch ach argcosh areacosh argch",
    "atanh": "arth ath argtanh areatanh argth artgh", "acoth": "arcth argcoth areacoth",
    "floor": "entier gif intpart ipart rounddown floordown",
    "ceil": "roundup ceilup",
    "mod": "modulo rem remainder",
    "sign": "signof",
    "min": "pmin smallest least nanmin min2", "max": "pmax largest greatest nanmax max2",
    "clip": "clipbyvalue constrain clamped saturated",
    "heaviside": "unitstep ustep stepfunction hstep",
    "where": "if iff iif ifelse ifthenelse ifthen ifte select cond tern ternary cifelse whenelse",
    "piecewise": "ifs cases casewhen pw",
    "stop_gradient": "detach stopgrad nograd blockgrad blockgradient zerogradient ignorederivatives disconnected",
    "sigmoid": "logistic sigmoide logsig invlogit inverselogit sigm sig",
    "tanh": "tansig", "relu": "poslin ramp relu1 rectifier", "leaky_relu": "prelu lrelu", "softplus": "smoothrelu",
    "erfinv": "inverf inverseerf ierf", "lgamma": "lgam lngamma logofgamma gammalnprecise",
    "gamma": "tgamma gammafn gammafunction",
    "factorial": "fac fact fakultaet", "binomial": "nchoosek choose combin combinations binom binomialcoefficient",
    "digamma": "psi0 digammafn", "beta": "betafn betafunction",
    "besselj": "jn jv bessel besselfirst", "bessely": "yn yv", "besseli": "iv", "besselk": "kn kv",
    "airyai": "airy ai", "airybi": "bi",
    "elliptic_k": "ellipk ellpk", "elliptic_f": "ellipf ellipkinc", "elliptic_e": "ellipe ellpe ellipeinc",
    "ei": "expi expintegralei eint", "expint": "expn", "si": "sinint sinintegral", "ci": "cosint cosintegral",
    "li": "logint logintegral", "lambertw": "productlog plog omegafunction w0", "zeta": "riemannzeta",
    "atan2": "arctg2 angle phase",
}  # fmt: skip

#: Functions of several arguments -> how they are shown where other arguments were typed.
PARAMETERS = {
    "mod": "x, y", "atan2": "y, x", "root": "x, n", "hypot": "x, y", "pow": "x, y", "binomial": "n, k", "beta": "x, y",
    "besselj": "n, x", "bessely": "n, x", "besseli": "n, x", "besselk": "n, x", "expint": "n, x", "elliptic_f": "phi, m",
    "clip": "x, low, high", "piecewise": "x > 0, a, b", "min": "x, y", "max": "x, y",
}  # fmt: skip

#: A name -> the text that is typed here instead.
SPELLED: dict[str, str] = {
    **{f"{name}d": f"{name}({{0:b}}*pi/180)" for name in _DEGREES},
    **{f"a{name}d": f"a{name}({{0}})*180/pi" for name in _DEGREES},
    "square": "{0:b}**2", "squared": "{0:b}**2", "cube": "{0:b}**3", "cubed": "{0:b}**3", "inv": "1/{0:b}",
    "recip": "1/{0:b}",
    "neg": "-{0:b}", "negative": "-{0:b}", "negate": "-{0:b}", "unaryminus": "-{0:b}",
    "add": "{0} + {1}", "plus": "{0} + {1}", "addn": "{0} + {1}", "sub": "{0} - {1:b}", "subtract": "{0} - {1:b}",
    "minus": "{0} - {1:b}", "mul": "{0:b}*{1:b}", "mult": "{0:b}*{1:b}", "multiply": "{0:b}*{1:b}", "times": "{0:b}*{1:b}",
    "product": "{0:b}*{1:b}", "div": "{0:b}/{1:b}", "divide": "{0:b}/{1:b}", "truediv": "{0:b}/{1:b}",
    "truedivide": "{0:b}/{1:b}", "divnonan": "{0:b}/{1:b}", "ratio": "{0:b}/{1:b}", "rdivide": "{0:b}/{1:b}",
    "quotient": "floor({0:b}/{1:b})", "floordiv": "floor({0:b}/{1:b})", "floordivide": "floor({0:b}/{1:b})",
    "idiv": "floor({0:b}/{1:b})", "intdiv": "floor({0:b}/{1:b})",
    "fma": "{0:b}*{1:b} + {2}", "sumsq": "{0:b}**2 + {1:b}**2", "sumofsquares": "{0:b}**2 + {1:b}**2",
    "logbase": "log({0}, {1})", "logb": "log({0}, {1})", "antilog": "10**{0:b}", "alog10x": "10**{0:b}",
    "fix": "sign({0})*floor(abs({0}))", "rint": "floor({0} + 1/2)", "nearbyint": "floor({0} + 1/2)",
    "nint": "floor({0} + 1/2)", "anint": "floor({0} + 1/2)", "fpart": "{0} - floor({0})", "fractpart": "{0} - floor({0})",
    "fractionalpart": "{0} - floor({0})", "copysign": "abs({0})*sign({1})", "ptp": "max(x, y) - min(x, y)",
    "isqrt": "floor(sqrt({0}))", "xlogx": "{0:b}*log({0})", "log1m": "log1p(-{0:b})",
    "logdiffexp": "log(exp({0}) - exp({1}))",
    "lse": "log(exp({0}) + exp({1}))", "haversine": "sin({0:b}/2)**2", "hav": "sin({0:b}/2)**2", "vers": "1 - cos({0})",
    "versine": "1 - cos({0})", "chord": "2*sin({0:b}/2)", "crd": "2*sin({0:b}/2)", "gd": "2*atan(tanh({0:b}/2))",
    "sinhc": "sinh({0})/{0:b}", "jinc": "besselj(1, {0})/{0:b}", "wrightomega": "lambertw(exp({0}))",
    "qfunc": "erfc({0:b}/sqrt(2))/2", "pnorm": "erfc(-{0:b}/sqrt(2))/2", "normsdist": "erfc(-{0:b}/sqrt(2))/2",
    "normalcdf": "erfc(-{0:b}/sqrt(2))/2", "stdnormcdf": "erfc(-{0:b}/sqrt(2))/2", "Φ": "erfc(-{0:b}/sqrt(2))/2",
    "dnorm": "exp(-{0:b}**2/2)/sqrt(2*pi)", "normalpdf": "exp(-{0:b}**2/2)/sqrt(2*pi)",
    "qnorm": "sqrt(2)*erfinv(2*{0:b} - 1)", "invnorm": "sqrt(2)*erfinv(2*{0:b} - 1)",
    "normsinv": "sqrt(2)*erfinv(2*{0:b} - 1)", "rgamma": "1/gamma({0})", "poch": "gamma({0} + {1})/gamma({0})",
    "pochhammer": "gamma({0} + {1})/gamma({0})", "risingfactorial": "gamma({0} + {1})/gamma({0})",
    "fallingfactorial": "gamma({0} + 1)/gamma({0} - {1:b} + 1)", "saturate": "clip({0}, 0, 1)", "sat": "clip({0}, -1, 1)",
    "rational": "{0:b}/{1:b}", "fraction": "{0:b}/{1:b}", "Γ": "gamma({0})", "ζ": "zeta({0})", "ψ": "digamma({0})",
    "Ψ": "digamma({0})", "Β": "beta({0}, {1})", "σ": "sigmoid({0})", "lnΓ": "lgamma({0})", "logΓ": "lgamma({0})",
    "J₀": "besselj(0, {0})", "J₁": "besselj(1, {0})", "Y₀": "bessely(0, {0})", "I₀": "besseli(0, {0})",
    "K₀": "besselk(0, {0})",
    "xroot": "root({1}, {0})", "SUM": "{0} + {1}", "addcmul": "{0} + {1:b}*{2:b}", "dividenonan": "{0:b}/{1:b}",
    "sumx2my2": "{0:b}**2 - {1:b}**2", "sumx2py2": "{0:b}**2 + {1:b}**2", "sumxmy2": "({0} - {1:b})**2",
    "exp1": "expint(1, {0})", "zetac": "zeta({0}) - 1", "modf": "{0} - floor({0})", "powm1": "{0:b}**{1:b} - 1",
    **dict.fromkeys(("eta", "dirichleteta", "altzeta"), "(1 - 2**(1 - {0}))*zeta({0})"), "ncdf": "erfc(-{0:b}/sqrt(2))/2",
    "npdf": "exp(-{0:b}**2/2)/sqrt(2*pi)", **{f"{name}dg": f"{name}({{0:b}}*pi/180)" for name in _DEGREES},
    "fadd": "{0} + {1}", "fsub": "{0} - {1:b}", "fmul": "{0:b}*{1:b}", "fdiv": "{0:b}/{1:b}", "fneg": "-{0:b}",
    "ff": "gamma({0} + 1)/gamma({0} - {1:b} + 1)", "rf": "gamma({0} + {1})/gamma({0})",
    "cdf": "erfc(-{0:b}/sqrt(2))/2", "pdf": "exp(-{0:b}**2/2)/sqrt(2*pi)", "ppf": "sqrt(2)*erfinv(2*{0:b} - 1)",
    "sqrtpi": "sqrt(pi*{0:b})", "sqrt1pm1": "sqrt(1 + {0}) - 1", "cospim1": "cos(pi*{0:b}) - 1",
    "softabs": "sqrt({0:b}**2 + 1)",
}  # fmt: skip

#: A name -> the function it is called here, with the same arguments.
RENAMED: dict[str, str] = {
    word: name
    for table in (_TRIGONOMETRIC, _HYPERBOLIC, _RENAMED)
    for name, words in table.items()
    for word in words.split()
}


#: A name -> parameters and meaning, for those who define it before their expression.
DEFINED: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("mse", "mseloss", "meansquarederror", "squareddifference", "squarederror", "l2loss", "l2"),
                    ("a, b", "(a - b)**2")),
    **dict.fromkeys(("mae", "l1loss", "meanabsoluteerror", "absdifference", "l1"), ("a, b", "abs(a - b)")),
    **dict.fromkeys(("rmse", "rootmeansquarederror"), ("a, b, u, v", "sqrt(((a - u)**2 + (b - v)**2)/2)")),
    **dict.fromkeys(("msle", "meansquaredlogarithmicerror"), ("a, b", "(log1p(a) - log1p(b))**2")),
    **dict.fromkeys(("mape", "meanabsolutepercentageerror"), ("a, b", "100*abs((a - b)/a)")),
    **dict.fromkeys(("bce", "bceloss", "binarycrossentropy", "logloss", "crossentropybinary"),
                    ("p, y", "-y*log(p) - (1 - y)*log(1 - p)")),
    **dict.fromkeys(("bcewithlogits", "bcewithlogitsloss", "binarycrossentropywithlogits", "sigmoidcrossentropywithlogits",
                     "sigmoidcrossentropy"), ("z, y", "softplus(z) - y*z")),
    **dict.fromkeys(("crossentropy", "crossentropyloss", "categoricalcrossentropy", "nllloss", "nll",
                     "sparsecategoricalcrossentropy", "softmaxcrossentropywithlogits"), ("a, b",
    "log(exp(a) + exp(b)) - a")),
    "softmax": ("a, b", "exp(a)/(exp(a) + exp(b))"), "softmin": ("a, b", "exp(-a)/(exp(-a) + exp(-b))"),
    "softargmax": ("a, b", "exp(a)/(exp(a) + exp(b))"), "logsoftmax": ("a, b", "a - log(exp(a) + exp(b))"),
    "gumbelsoftmax": ("a, b, t", "exp(a/t)/(exp(a/t) + exp(b/t))"), "sparsemax": ("a, b", "clip((1 + a - b)/2, 0, 1)"),
    **dict.fromkeys(("hinge", "hingeloss", "hingeembeddingloss"), ("y, p", "max(0, 1 - y*p)")),
    "squaredhinge": ("y, p", "max(0, 1 - y*p)**2"), "marginrankingloss": ("a, b, y", "max(0, y*(b - a))"),
    **dict.fromkeys(("tripletloss", "tripletmarginloss"), ("p, n, m", "max(0, p - n + m)")),
    **dict.fromkeys(("contrastiveloss", "contrastive"), ("d, y, m", "y*d**2 + (1 - y)*max(0, m - d)**2")),
    **dict.fromkeys(("focalloss", "focal"), ("p, g", "-(1 - p)**g*log(p)")),
    **dict.fromkeys(("poissonnllloss", "poissonloss"), ("m, k", "m - k*log(m)")),
    **dict.fromkeys(("gaussiannllloss", "gaussiannll"), ("x, m, v", "log(v)/2 + (x - m)**2/(2*v)")),
    **dict.fromkeys(("kldivergence", "kldivloss", "kl"), ("p, q", "p*log(p/q)")), "jsd": ("p, q", "(p - q)*log(p/q)/2"),
    **dict.fromkeys(("entropy", "shannonentropy"), ("p, q", "-p*log(p) - q*log(q)")),
    **dict.fromkeys(("dice", "diceloss"), ("p, y", "1 - 2*p*y/(p + y)")),
    **dict.fromkeys(("quantileloss", "pinballloss", "pinball"), ("e, q", "max(q*e, (q - 1)*e)")),
    **dict.fromkeys(("tukey", "tukeybiweight", "biweight"), ("e, c", "where(abs(e) < c, 1 - (1 - (e/c)**2)**3, 1)")),
    **dict.fromkeys(("cauchyloss", "lorentzian"), ("e, c", "log1p((e/c)**2)")),
    **dict.fromkeys(("cosinesimilarity", "cosinedistance"), ("a, b, u, v", "(a*u + b*v)/(hypot(a, b)*hypot(u, v))")),
    **dict.fromkeys(("dropout", "alphadropout", "dropout2d"), ("a, keep, p", "a*keep/(1 - p)")),
    **dict.fromkeys(("batchnorm", "layernorm", "batchnormalization", "layernormalization", "standardize", "zscore",
                     "normalize", "instancenorm", "groupnorm"), ("a, m, v", "(a - m)/sqrt(v + 1e-5)")),
    **dict.fromkeys(("linear", "dense", "affine", "fullyconnected"), ("a, w, b", "w*a + b")),
    "glu": ("a, b", "a*sigmoid(b)"), "swiglu": ("a, b", "silu(a)*b"), "geglu": ("a, b", "gelu(a)*b"),
    "snake": ("a, f", "a + sin(f*a)**2/f"), "threshold": ("a, t, v", "where(a > t, a, v)"),
    "thresholdedrelu": ("a, t", "where(a > t, a, 0)"), "maxout": ("a, b", "max(a, b)"), "rrelu": ("a, s", "max(a, s*a)"),
    **dict.fromkeys(("lerp", "mix", "interpolate", "interp"), ("a, b, t", "a + t*(b - a)")), "smoothstep": ("t",
    "t**2*(3 - 2*t)"),
    **dict.fromkeys(("gaussian", "gauss", "normdist", "gaussianpdf"), ("x, m, s", "exp(-((x - m)/s)**2/2)/(s*sqrt(2*pi))")),
    **dict.fromkeys(("rbf", "radbas", "rbfkernel"), ("r, l", "exp(-(r/l)**2/2)")),
    **dict.fromkeys(("distance", "dist", "euclidean", "cdist"), ("a, b, u, v", "hypot(a - u, b - v)")),
    **dict.fromkeys(("geomean", "geometricmean"), ("a, b", "sqrt(a*b)")),
    **dict.fromkeys(("harmmean", "harmonicmean"), ("a, b", "2*a*b/(a + b)")),
    "weightedmean": ("a, b, v, w", "(v*a + w*b)/(v + w)"),

    "cross": ("a, b, u, v", "a*v - b*u"), **dict.fromkeys(("det", "determinant", "mdeterm"), ("a, b, c, d", "a*d - b*c")),
    **dict.fromkeys(("trace", "tr"), ("a, b, c, d", "a + d")),
    **dict.fromkeys(("rect", "rectangle", "boxcar", "rectpuls", "unitbox"), ("a", "where(abs(a) < 1/2, 1, 0)")),
    **dict.fromkeys(("tri", "triangle", "tripuls", "unittriangle"), ("a", "max(0, 1 - abs(a))")),
    "sawtooth": ("a", "a - floor(a)"), "boxcox": ("x, l", "(x**l - 1)/l"),
    "pseudohuber": ("d, r", "d**2*(sqrt(1 + (r/d)**2) - 1)"),
    **dict.fromkeys(("squarewave", "squarew"), ("a", "sign(sin(2*pi*a))")), "trianglewave": ("a", "asin(sin(a))"),
    **dict.fromkeys(("polyval", "poly", "polynomial", "horner"), ("a, b, c, x", "(a*x + b)*x + c")),
    "hill": ("x, k, n", "x**n/(k**n + x**n)"), "michaelismenten": ("s, v, k", "v*s/(k + s)"), "arrhenius": ("t, a, k",
    "a*exp(-k/t)"),
    **dict.fromkeys(("lennardjones", "lj"), ("r, s, d", "4*d*((s/r)**12 - (s/r)**6)")), "rosenbrock": ("a, b",
    "(1 - a)**2 + 100*(b - a**2)**2"),
    "rastrigin": ("a", "10 + a**2 - 10*cos(2*pi*a)"), "sphere": ("a, b", "a**2 + b**2"), "booth": ("a, b",
    "(a + 2*b - 7)**2 + (2*a + b - 5)**2"),
    "himmelblau": ("a, b", "(a**2 + b - 11)**2 + (a + b**2 - 7)**2"), "beale": ("a, b",
    "(1.5 - a + a*b)**2 + (2.25 - a + a*b**2)**2"),
    "blackscholesd1": ("s, k, r, v, t", "(log(s/k) + (r + v**2/2)*t)/(v*sqrt(t))"),
    **dict.fromkeys(("fv", "npv", "compound"), ("a, r, n", "a*(1 + r)**n")), "pmt": ("a, r, n", "a*r/(1 - (1 + r)**-n)"),
    "pv": ("a, r, n", "a*(1 + r)**-n"), "factorial2": ("n", "2**(n/2)*gamma(n/2 + 1)"), "catalan": ("n",
    "binomial(2*n, n)/(n + 1)"),
}  # fmt: skip
