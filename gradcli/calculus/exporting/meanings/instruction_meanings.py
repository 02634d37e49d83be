"""What instructions mean in terms of others: for languages that lack them, and around those whose word is wrong somewhere.

Each row is in gradcli's own language, in x, y and z; `nan` is no number. What a comparison or a choice between
NaN would do is not its concern: numbers that may not be finite are looked at where they are used.
"""

from __future__ import annotations

from gradcli.calculus.exporting.meanings.composed_special import (
    BETA_FAR,
    BETA_IS_FAR,
    ERF,
    ERFC,
    GAMMA,
    GAMMA_BY_LGAMMA,
    REFLECTED,
    binomial,
    scaled_erfc,
    small_spherical,
)

#: The sine integral's kind of series: 3*(sin(x) - x*cos(x))/x**3 for small x.
SERIES = "(1-x*x/10*(1-x*x/28*(1-x*x/54*(1-x*x/88*(1-x*x/130*(1-x*x/180*(1-x*x/238)))))))"

_SMALL_J, _SMALL_I = small_spherical("-"), small_spherical("+")


def _spherical(function: str, small: str, even: bool) -> str:
    """A spherical Bessel function by the one of order n + 1/2; even: whether it is even in y for even orders."""
    odd_order = f"x{'!=' if even else '=='}2*floor(x/2)"
    own = f"where(y<0 and {odd_order},-1,1)*sqrt(pi/(2*abs(y)))*{function}(x+0.5,abs(y))"
    return f"where(abs(y)<1e-5,{small},{own})" if small else f"where(y==0,nan,{own})"


#: Instructions that a language may lack, and what they are; of several forms the first that can be written is taken.
MEANINGS: dict[str, tuple[str, ...]] = {
    op: forms if isinstance(forms, tuple) else (forms,)
    for op, forms in {
        "square": "x*x", "sec": "1/cos(x)", "csc": "1/sin(x)", "cot": "1/tan(x)",
        "asec": "acos(1/x)", "acsc": "asin(1/x)", "acot": "atan(1/x)",
        "sinc": "where(x==0,1,sin(x)/x)",
        "sincprime": f"where(abs(x)>1,(cos(x)-sin(x)/x)/x,-x/3*{SERIES})",
        "sech": "2*exp(-abs(x))/(1+exp(-2*abs(x)))",
        "csch": "where(abs(x)<20,1/sinh(x),2*sign(x)*exp(-abs(x)))", "coth": "1/tanh(x)",
        "asech": "acosh(1/x)", "acsch": "asinh(1/x)", "acoth": "atanh(1/x)",
        "cbrt": "sign(x)*abs(x)**(1/3)",
        "root": "where(y==0 or y!=floor(y),nan,where(x<0,where(y-2*floor(y/2)==1,-abs(x)**(1/y),nan),abs(x)**(1/y)))",
        "hypot": "where(max(abs(x),abs(y))==0,0,max(abs(x),abs(y))*sqrt(1+(min(abs(x),abs(y))/max(abs(x),abs(y)))**2))",
        "expm1": "where(abs(x)<1,2*exp(x/2)*sinh(x/2),exp(x)-1)",
        "log1p": "where(1+x==1,x,log(1+x)*x/((1+x)-1))", "log10": "log(x)/log(10)", "log2": "log(x)/log(2)",
        "sign": "where(x<0,-1,where(x>0,1,0))", "heaviside": "where(x<0,0,where(x>0,1,0.5))",
        "abs": "where(x<0,-x,x)",
        "min": "where(y<x,y,x)", "max": "where(y>x,y,x)",
        "sigmoid": "where(x<0,exp(-abs(x)),1)/(1+exp(-abs(x)))", "softplus": "max(x,0)+log1p(exp(-abs(x)))",
        "relu": "where(x<0,0,x)", "leaky_relu": "where(x>0,x,y*x)", "elu": "where(x>0,x,y*expm1(min(x,0)))",
        "erf": ERF, "erfc": ERFC, "gamma": (GAMMA_BY_LGAMMA, GAMMA),
        "beta": f"where({BETA_IS_FAR},{BETA_FAR},gamma(x)*gamma(y)/gamma(x+y))",
        "binomial": binomial("gamma(x+1)*rgamma(y+1)*rgamma(x-y+1)"),
        "li": "ei(log(x))",
        "erfcx": scaled_erfc(20),
        "rgamma": "where(x<=0 and x==floor(x) or x>180,0,where(x>170,1/gamma(min(x,180)-10)/(RISING),1/gamma(x)))".replace(
            "RISING", "*".join(f"(x-{k})" for k in range(1, 11))
        ),
        "spherical_jn": _spherical("besselj", _SMALL_J, True), "spherical_yn": _spherical("bessely", "", False),
        "spherical_in": _spherical("besseli", _SMALL_I, True),
        "spherical_kn": "where(y>0,sqrt(pi/(2*abs(y)))*besselk(x+0.5,abs(y)),nan)",
        "power_log": "where(x==0,where(y>0,0,nan),x**y*log(x))", "gate": "where(x==0,0,x*y)",
    }.items()
}  # fmt: skip

#: Orders are whole, from 0.
_WHOLE = "x>=0 and x==floor(x)"

#: Polynomials that are 0 for the order -1, which slopes ask for, and their arguments.
_POLYNOMIALS = {
    "chebyshev_u": "x,y",
    "hermite": "x,y",
    "genlaguerre": "x,y,z",
    "gegenbauer": "x,y,z",
    "jacobi": "x,y,z,w",
}

#: Instructions whose own words answer outside of their domain: there a function within its own row is the language's.
CAREFUL = {
    "atan2": "where(x==0 and y==0,nan,atan2(x+0,y))",
    "lgamma": "where(x>0,lgamma(x),nan)",
    "gamma": "where(x<=0 and x==floor(x),nan,gamma(x))",
    "polygamma": "where(x>=0 and x==floor(x) and (y>0 or y!=floor(y)),polygamma(x,y),nan)",
    "ci": "where(x>0,ci(x),nan)", "chi": "where(x>0,chi(x),nan)",
    "lambertw": "where(x>=-exp(-1),lambertw(x),nan)", "lambertw_lower": "where(x>=-exp(-1) and x<0,lambertw_lower(x),nan)",
    "elliptic_k": "where(x<1,elliptic_k(x),nan)", "elliptic_pi": "where(x<1 and y<1,elliptic_pi(x,y),nan)",
    "betainc": "where(x>0 and y>0 and z>=0 and z<=1,betainc(x,y,z),nan)",
    "hurwitz_zeta": "where(y>0,hurwitz_zeta(x,y),nan)", "hyperu": "where(z>0,hyperu(x,y,z),nan)",
    "hyp1f1": "where(z>1000,nan,hyp1f1(x,y,min(z,1000)))",  # SciPy's does not end at 1e17
    "hyp2f1": "where(w<1,hyp2f1(x,y,z,w),nan)", "spherical_kn": f"where({_WHOLE} and y>0,spherical_kn(x,y),nan)",
    "beta": f"where({BETA_IS_FAR},{BETA_FAR},beta(x,y))",
    **{name: f"where({_WHOLE},{name}(x,y),nan)" for name in ("legendre", "chebyshev_t", "spherical_yn")},
    **{name: f"where({_WHOLE},where(abs(y)<1e-5,{small},{name}(x,y)),nan)"
       for name, small in (("spherical_jn", _SMALL_J), ("spherical_in", _SMALL_I))},
    **{name: f"where({_WHOLE},{name}({rest}),where(x==-1,0,nan))" for name, rest in _POLYNOMIALS.items()},
}  # fmt: skip

_MIRRORED = "where(y>0,y,1-y)"


def _order(order: int, far: str, mirrored: str) -> str:
    """polygamma(order, y). far: what it is above 10000, in z; mirrored: what it is below 0, by p_, itself at 1-y."""
    far = far.replace("z", _MIRRORED)
    own = f"where({_MIRRORED}>10000,{far},polygamma({order},min({_MIRRORED},10000)))"
    return f"where(y>0,{own},{mirrored.replace('p_', own)})"


#: polygamma by its order, of a word that is right between 0 and 10000 (Abramowitz & Stegun 6.4.7 and 6.4.11).
ORDERS = {
    0: _order(0, "(log(z)-(1+1/6/z)/2/z)", REFLECTED[0]),
    1: _order(1, "(1+(1+1/3/z)/2/z)/z", REFLECTED[1]),
    2: _order(2, "(-(1+(1+1/2/z)/z)/z/z)", REFLECTED[2]),
}

#: Bessel functions of whole order, of a word that leaves the real numbers where its argument is negative.
BESSEL = {
    name: f"where(x==floor(x),where(y<0 and x!=2*floor(x/2),-1,1)*{name}(x,abs(y)),{name}(x,y))"
    for name in ("besselj", "besseli")
}
