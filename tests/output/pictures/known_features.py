"""Functions whose features are known by hand: what their pictures must say, and nothing else.

Each place is a fact of analysis, written as mathematics where it has a closed form: no number here comes from gradcli.
"""

from __future__ import annotations

from math import e, exp, pi, sqrt

#: The first positive zero of tan(x) - x (DLMF 10.21: j_{3/2,1}), the first of J1' (A&S 9.5), that of digamma (DLMF 5.4.iii).
TAN_X, J1_TURN, GAMMA_LEAST = 4.493409457909064, 1.8411837813406593, 1.4616321449683623

#: Text, range, features from left to right. A place of None is any.
CURVES = [
    # smooth, whatever they look like
    ("exp(x)", (-800, 800), []),
    ("1e200*x", (-5, 5), []),
    ("tanh(20*x)", (-5, 5), []),
    ("x**3", (-2, 2), []),
    ("x*abs(x)", (-2, 2), []),
    ("elu(x)", (-3, 3), []),
    ("softplus(x)", (-3, 3), []),
    ("2**x", (-3, 3), []),
    ("3+0*x", (-1, 1), []),
    ("sin(x)**2+cos(x)**2", (-3, 3), []),
    ("where(x <= 0, sin(x), x)", (-1, 1), []),
    ("where(x > 1, 2*x-1, x**2)", (-1, 2), [("minimum", 0)]),
    # smooth and steep: named as what they are
    ("exp(-1e9*(x-0.3)**2)+x**2", (-1, 1), [("minimum", 0), ("maximum", 0.3), ("minimum", None)]),
    ("exp(-1e12*(x-1)**2)", (-5, 5), [("maximum", 1)]),
    ("exp(-1e12*(x-0.7317)**2)", (-5, 5), [("maximum", 0.7317)]),
    ("1/(1e-8+x**2)", (-5, 5), [("maximum", 0)]),
    ("1/((x-1)**2+1e-20)", (-5, 5), [("maximum", 1)]),
    ("atan(1e8*x)", (-5, 5), [("very steep near", 0)]),
    ("tanh(1e12*(x-1))", (-5, 5), [("very steep near", 1)]),
    ("sigmoid(-1e9*(x+2))", (-5, 5), [("very steep near", -2)]),
    # extrema
    ("x**3-3*x", (-2, 2.5), [("maximum", -1), ("minimum", 1)]),
    ("x*log(x)", (0.01, 2), [("minimum", 1 / e)]),
    ("sinc(x)", (-6, 6), [("minimum", -TAN_X), ("maximum", 0), ("minimum", TAN_X)]),
    ("besselj(1,x)", (-3, 3), [("minimum", -J1_TURN), ("maximum", J1_TURN)]),
    ("abs(x)**3", (-1, 1), [("minimum", 0)]),
    ("cosh(x)", (-3, 3), [("minimum", 0)]),
    # corners and infinite slopes
    ("abs(x-1/3)", (-2, 2), [("corner", 1 / 3)]),
    ("max(sin(x), 0.5)", (0, 3), [("corner", pi / 6), ("maximum", pi / 2), ("corner", 5 * pi / 6)]),
    ("abs(x**2-2)", (-2, 2), [("corner", -sqrt(2)), ("maximum", 0), ("corner", sqrt(2))]),
    ("clip(x, -1, 1)", (-3, 3), [("corner", -1), ("corner", 1)]),
    ("leaky_relu(x)", (-3, 3), [("corner", 0)]),
    ("sqrt(x**2)", (-3, 3), [("corner", 0)]),
    ("cbrt(x)", (-3, 3), [("infinite slope", 0)]),
    ("abs(x)**(2/3)", (-3, 3), [("infinite slope", 0)]),
    # jumps
    ("floor(x)", (-2.5, 2), [("jump", -2), ("jump", -1), ("jump", 0), ("jump", 1)]),
    ("mod(x, pi)", (-4, 4), [("jump", -pi), ("jump", 0), ("jump", pi)]),
    ("sign(x-0.123)", (-1, 1), [("jump", 0.123)]),
    ("where(x == 1, 5, x)", (-1, 2), [("jump", 1)]),
    ("abs(x-sqrt(2))/(x-sqrt(2))", (-1, 2), [("jump", sqrt(2))]),
    ("atan(1/x)", (-2, 2), [("jump", 0)]),
    ("1/(1+exp(1/x))", (-1, 1), [("jump", 0)]),
    # poles
    ("1/x", (-2, 2), [("pole", 0)]),
    ("1/(x-pi)**2", (0, 5), [("pole", pi)]),
    ("tan(x/2)", (-4, 4), [("pole", -pi), ("pole", pi)]),
    ("exp(1/x)", (-2, 2), [("pole", 0)]),
    ("log(abs(x))", (-2, 2), [("pole", 0)]),
    ("gamma(x)", (-0.7, 3), [("maximum", -0.504083008264455), ("pole", 0), ("minimum", GAMMA_LEAST)]),
    ("1/(x**2-2*x+1)", (0, 3), [("pole", 1)]),
    # holes and places without a limit
    ("(x**2-1)/(x-1)", (-3, 4), [("hole", 1)]),
    ("(x**2-2)/(x-sqrt(2))", (0, 3), [("hole", sqrt(2))]),
    ("sin(x)/x", (-2, 2), [("hole", 0)]),
    ("exp(-1/x**2)", (-2, 2), [("hole", 0)]),
    ("x+0*sin(1/x)", (-1, 1), [("hole", 0)]),
    ("sign(x)*0+where(x > 0.5, sin(x), sin(x))", (-1, 1), []),
    # ends of the domain
    ("sqrt(x+2)", (-5, 5), [("domain ends", -2)]),
    ("log(x)", (-1, 3), [("domain ends", 0)]),
    ("atanh(x/2)", (-3, 3), [("domain ends", -2), ("domain ends", 2)]),
    ("lambertw(x)", (-1, 1), [("domain ends", -1 / e)]),
    ("x**x", (-0.5, 2), [("domain ends", 0), ("minimum", 1 / e)]),
    ("1/log(x)", (-1, 3), [("domain ends", 0), ("pole", 1)]),
    ("log(-log(x))", (-1, 2), [("domain ends", 0), ("domain ends", 1)]),
    ("asin(x)", (-2, 2), [("domain ends", -1), ("domain ends", 1)]),
]

#: The nine critical points of Himmelblau's function (Himmelblau 1972; the saddles and the maximum to five digits).
HIMMELBLAU = [
    ("minimum", -3.77931, -3.28319), ("saddle", -3.07303, -0.08135), ("minimum", -2.80512, 3.13131),
    ("maximum", -0.27084, -0.92304), ("saddle", -0.12796, -1.95371), ("saddle", 0.08668, 2.88425),
    ("minimum", 3, 2), ("saddle", 3.38515, 0.07385), ("minimum", 3.58443, -1.84813),
]  # fmt: skip

#: Text, range of both axes, critical points, whether that there are no others is proved, whether contours are interrupted.
LANDSCAPES = [
    ("x**2+y**2", (-1, 2), [("minimum", 0, 0)], True, False),
    ("x**2+x*y+3", (-3, 5), [("saddle", 0, 0)], True, False),
    ("(x**2+y-11)**2+(x+y**2-7)**2", (-5, 5), HIMMELBLAU, True, False),
    ("exp(-x**2-y**2)", (-2, 2), [("maximum", 0, 0)], True, False),
    ("x+y", (-1, 1), [], True, False),
    ("x/y", (-1, 1), [], True, True),
    ("1/(x-y)", (-1, 1.01), [], True, True),
    ("floor(x)+y", (-1.5, 1.6), [], None, True),
    ("where(x > 0.123, 1, 0)+y", (-1, 1), [], None, True),
    ("where(x > y, x, y)", (-1, 1.01), [], None, False),
    ("3+0*x+0*y", (-1, 1), [], True, False),
    ("x**4+y**4", (-1, 1), [("degenerate", 0, 0)], False, False),
    ("cos(x)*y", (-1, 2), [("saddle", pi / 2, 0)], True, False),
    ("sqrt(x*y)", (0.5, 2), [], True, False),
    ("exp(700*x)*exp(-700*x)+y", (-2, 2), [], None, False),
]
