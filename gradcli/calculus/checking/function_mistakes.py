"""Wrong derivatives of functions that people remember, and what is wrong with them."""

from __future__ import annotations

#: Function → derivatives that people write instead of its own, in x, and what is wrong with them.
OWN = {
    "sqrt": (("1/sqrt(x)", "the factor 1/2 of the square root's derivative is lost"),
             ("sqrt(x)/2", "the derivative of a square root divides by it"), ("1/(2*x)", "the root itself is lost")),
    "cbrt": (("1/cbrt(x)**2", "the factor 1/3 of the cube root's derivative is lost"),
             ("1/(3*cbrt(x))", "the square in the cube root's derivative is lost")),
    "exp": (("x*exp(x-1)", "the power rule was used on an exponential"),),
    "expm1": (("expm1(x)", "the derivative of expm1 is exp"),),
    "log": (("1/x**2", "the derivative of a logarithm is 1/x, not 1/x**2"), ("x", "the derivative of a logarithm is 1/x"),
            ("1/log(x)", "the derivative of a logarithm is 1 over its argument, not over itself"),
            ("log(x)/x", "the logarithm itself does not appear in its derivative")),
    "log10": (("1/x", "the factor 1/log(10) is lost"), ("log(10)/x", "log(10) divides, it does not multiply")),
    "log2": (("1/x", "the factor 1/log(2) is lost"), ("log(2)/x", "log(2) divides, it does not multiply")),
    "tan": (("sec(x)", "the square of the secant is lost"), ("1+tan(x)", "the square of the tangent is lost"),
            ("1-tan(x)**2", "the sign in 1 + tan**2 is wrong"), ("cot(x)", "the derivative of tan is 1/cos**2")),
    "cot": (("-csc(x)", "the square of the cosecant is lost"),),
    "sec": (("tan(x)", "the factor sec is lost"), ("sec(x)**2", "the derivative of sec is sec*tan")),
    "csc": (("-cot(x)", "the factor csc is lost"),),
    "asin": (("1/sqrt(1+x**2)", "the sign under the root is wrong"), ("1/(1-x**2)", "the root is lost")),
    "acos": (("-1/sqrt(1+x**2)", "the sign under the root is wrong"), ("-1/(1-x**2)", "the root is lost")),
    "atan": (("1/(1+x)", "the square in 1 + x**2 is lost"), ("1/(1-x**2)", "the sign in 1 + x**2 is wrong"),
             ("1/sqrt(1+x**2)", "there is no root in the derivative of atan"), ("sec(x)**2", "that is tan's derivative")),
    "asinh": (("1/sqrt(1-x**2)", "the sign under the root is wrong"), ("1/(1+x**2)", "the root is lost")),
    "tanh": (("1-tanh(x)", "the square of tanh is lost"), ("1+tanh(x)**2", "the sign in 1 - tanh**2 is wrong")),
    "sigmoid": (("1-sigmoid(x)", "the factor sigmoid is lost"), ("sigmoid(x)", "the factor 1 - sigmoid is lost"),
                ("sigmoid(x)*(1+sigmoid(x))", "the sign in 1 - sigmoid is wrong"),
                ("sigmoid(x)**2", "it is sigmoid*(1 - sigmoid)")),
    "abs": (("1", "the sign of the argument is lost"), ("x/abs(x)**2", "abs' is x/abs(x)")),
    "erf": (("exp(-x**2)", "the factor 2/sqrt(pi) is lost"), ("2*exp(-x**2)", "the factor 1/sqrt(pi) is lost")),
    "softplus": (("1/(1+exp(x))", "the derivative of softplus is sigmoid(x), not sigmoid(-x)"),),
}  # fmt: skip
