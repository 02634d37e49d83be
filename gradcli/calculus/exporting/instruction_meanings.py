"""What instructions mean in terms of others: for languages that lack them, and around those whose word is wrong somewhere.

Each row is in gradcli's own language, in x, y and z; `nan` is no number. What a comparison or a choice between
NaN would do is not its concern: numbers that may not be finite are looked at where they are used.
"""

from __future__ import annotations

from gradcli.calculus.exporting.held_steps import HELD

#: The sine integral's kind of series: 3*(sin(x) - x*cos(x))/x**3 for small x.
SERIES = "(1-x*x/10*(1-x*x/28*(1-x*x/54*(1-x*x/88*(1-x*x/130*(1-x*x/180*(1-x*x/238)))))))"

#: The sine of pi*x, exact in x where x is near a whole number.
_SINE = "where(floor(x+0.5)==2*floor(floor(x+0.5)/2),1,-1)*sin(pi*(x-floor(x+0.5)))"


def _scaled_erfc(terms: int) -> str:
    """exp(x*x)*erfc(x): to the right of 8 its asymptotic series (DLMF 7.12.1)."""
    series = "1"
    for k in range(terms, 0, -1):
        series = f"(1-{2 * k - 1}/(2*x*x)*{series})"
    return f"where(x<8,exp(x*x)*erfc(x),{series}/(x*sqrt(pi)))"


def _spherical(function: str, at_0: str, even: bool) -> str:
    """A spherical Bessel function by the one of order n + 1/2; even: whether it is even in y for even orders."""
    odd_order = f"x{'!=' if even else '=='}2*floor(x/2)"
    return f"where(y==0,{at_0},where(y<0 and {odd_order},-1,1)*sqrt(pi/(2*abs(y)))*{function}(x+0.5,abs(y)))"


#: Instructions that a language may lack, and what they are; of several forms the first that can be written is taken.
MEANINGS: dict[str, tuple[str, ...]] = {
    op: forms if isinstance(forms, tuple) else (forms,)
    for op, forms in {
        **HELD,
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
        "gamma": f"where(x>0,exp(lgamma(abs(x))),pi/(({_SINE})*exp(lgamma(1-x))))",
        "beta": "gamma(x)*gamma(y)/gamma(x+y)", "binomial": "gamma(x+1)/(gamma(y+1)*gamma(x-y+1))",
        "li": "ei(log(x))",
        "erfcx": _scaled_erfc(20), "rgamma": "where(x<=0 and x==floor(x),0,1/gamma(x))",
        "spherical_jn": _spherical("besselj", "where(x==0,1,0)", True), "spherical_yn": _spherical("bessely", "nan", False),
        "spherical_in": _spherical("besseli", "where(x==0,1,0)", True),
        "spherical_kn": "where(y>0,sqrt(pi/(2*abs(y)))*besselk(x+0.5,abs(y)),nan)",
        "power_log": "where(x==0,where(y>0,0,nan),x**y*log(x))", "gate": "where(x==0,0,x*y)",
    }.items()
}  # fmt: skip

#: Orders are whole, from 0.
_WHOLE = "x>=0 and x==floor(x)"

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
    "hyp2f1": "where(w<1,hyp2f1(x,y,z,w),nan)", "spherical_kn": f"where({_WHOLE} and y>0,spherical_kn(x,y),nan)",
    **{name: f"where({_WHOLE},{name}(x,y),nan)"
       for name in ("legendre", "chebyshev_t", "chebyshev_u", "hermite", "spherical_jn", "spherical_yn", "spherical_in")},
    **{name: f"where({_WHOLE},{name}(x,y,z),nan)" for name in ("genlaguerre", "gegenbauer")},
    "jacobi": f"where({_WHOLE},jacobi(x,y,z,w),nan)",
}  # fmt: skip

_MIRRORED = "where(y>0,y,1-y)"
_REST = "(pi*(y-floor(y+0.5)))"


def _order(order: int, far: str, mirrored: str) -> str:
    """polygamma(order, y). far: what it is above 10000, in z; mirrored: what it is below 0, by p_, itself at 1-y."""
    far = far.replace("z", _MIRRORED)
    own = f"where({_MIRRORED}>10000,{far},polygamma({order},min({_MIRRORED},10000)))"
    return f"where(y>0,{own},{mirrored.replace('p_', own)})"


#: polygamma by its order, of a word that is right between 0 and 10000 (Abramowitz & Stegun 6.4.7 and 6.4.11).
ORDERS = {
    0: _order(0, "(log(z)-1/(2*z)-1/(12*z**2))", f"p_-pi/tan{_REST}"),
    1: _order(1, "(1/z+1/(2*z**2)+1/(6*z**3))", f"pi**2/sin{_REST}**2-p_"),
    2: _order(2, "(-1/z**2-1/z**3-1/(2*z**4))", f"p_-2*pi**3*cos{_REST}/sin{_REST}**3"),
}

#: Bessel functions of whole order, of a word that leaves the real numbers where its argument is negative.
BESSEL = {
    name: f"where(x==floor(x),where(y<0 and x!=2*floor(x/2),-1,1)*{name}(x,abs(y)),{name}(x,y))"
    for name in ("besselj", "besseli")
}
