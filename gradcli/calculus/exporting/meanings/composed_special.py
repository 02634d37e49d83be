"""Error functions, gamma functions and what is made of them, in elementary operations, for languages that lack them.

Texts are in gradcli's own language, in x and y; all are within 1e-13 of the truth, but near a zero of their own.
"""

from __future__ import annotations

from math import factorial

#: Bernoulli's numbers B2, B4, …
_BERNOULLI = ("1/6", "-1/30", "1/42", "-1/30", "5/66", "-691/2730", "7/6", "-3617/510", "43867/798")

#: Arguments of gamma functions are moved to the right by so much, to where their asymptotic series has all digits.
_SHIFT = 10


def _polynomial(coefficients: str, variable: str) -> str:
    """Horner's form, the highest power first."""
    text, *rest = coefficients.split()
    for coefficient in rest:
        text = f"({text}*{variable}+{coefficient})"
    return text


def _quotient(above: str, below: str, variable: str) -> str:
    return f"{_polynomial(above, variable)}/{_polynomial(below, variable)}"


#: Rational approximations of W. J. Cody (Mathematics of Computation 23, 1969), near 0, up to 4, and beyond.
_NEAR = _quotient(
    "0.185777706184603153 3.1611237438705656 113.864154151050156 377.485237685302021 3209.37758913846947",
    "1 23.6012909523441209 244.024637934444173 1282.61652607737228 2844.23683343917062", "(x*x)",
)  # fmt: skip
_MIDDLE = _quotient(
    "2.15311535474403846e-8 0.564188496988670089 8.88314979438837594 66.1191906371416295 298.635138197400131 "
    "881.95222124176909 1712.04761263407058 2051.07837782607147 1230.33935479799725",
    "1 15.7449261107098347 117.693950891312499 537.181101862009858 1621.38957456669019 3290.79923573345963 "
    "4362.61909014324716 3439.36767414372164 1230.33935480374942", "abs(x)",
)  # fmt: skip
_BEYOND = _quotient(
    "0.0163153871373020978 0.305326634961232344 0.360344899949804439 0.125781726111229246 0.0160837851487422766 "
    "6.58749161529837803e-4",
    "1 2.56852019228982242 1.87295284992346725 0.527905102951428412 0.0605183413124413191 0.00233520497626869185",
    "(1/x/x)",
)  # fmt: skip

#: exp(x*x)*erfc(|x|) beyond 1/2, and erfc(|x|) itself.
_SCALED = f"where(abs(x)<=4,{_MIDDLE},(1/sqrt(pi)-1/x/x*({_BEYOND}))/abs(x))"
_TAIL = f"(exp(-min(abs(x),30)**2)*{_SCALED})"

ERF = f"where(abs(x)<=0.46875,x*({_NEAR}),where(x<0,{_TAIL}-1,1-{_TAIL}))"
ERFC = f"where(abs(x)<=0.46875,1-x*({_NEAR}),where(x<0,2-{_TAIL},{_TAIL}))"


def scaled_erfc(terms: int) -> str:
    """exp(x*x)*erfc(x): to the right of 8 its asymptotic series (DLMF 7.12.1)."""
    return f"where(x<8,exp(x*x)*erfc(x),{_asymptotic(1, terms)}/(x*sqrt(pi)))"


def scaled_erfc_slope(terms: int) -> str:
    """Its slope, in which to the right of 8 nothing cancels."""
    return f"where(x<8,2*x*erfcx(x)-2/sqrt(pi),-{_asymptotic(3, terms)}/sqrt(pi)/x/x)"


def dawson_slope(terms: int) -> str:
    """The slope of Dawson's integral likewise (DLMF 7.12.1 of an imaginary argument)."""
    return f"where(abs(x)<8,1-2*x*dawson(x),-{_asymptotic(3, terms, '+')}/2/x/x)"


def _asymptotic(first: int, terms: int, sign: str = "-") -> str:
    """1 - f/(2x²)(1 - (f + 2)/(2x²)(…))."""
    series = "1"
    for k in range(terms, 0, -1):
        series = f"(1{sign}{first + 2 * k - 2}/2/x/x*{series})"
    return series


def _product(argument: str) -> str:
    return "*".join(f"({argument}+{k})" if k else argument for k in range(_SHIFT))


def _stirling(z: str) -> str:
    """log Γ(z) - (z - 1/2) log z + z - log(2π)/2 (DLMF 5.11.1)."""
    terms = [f"({b})/{2 * k * (2 * k - 1)}" for k, b in enumerate(_BERNOULLI[:8], 1)]
    return f"{_polynomial(' '.join(reversed(terms)), f'(1/{z}/{z})')}/{z}"


def _right_gamma(x: str) -> str:
    """Γ(x) for x from 0 to 172: no power on the way is larger than it."""
    z = f"({x}+{_SHIFT})"
    half = f"{z}**({z}/2-0.25)"
    return f"(sqrt(2*pi)*({half}*exp(-{z})/({_product(x)})*exp({_stirling(z)}))*{half})"


#: The sine of pi*x, exact in x where x is near a whole number.
_SINE = "where(floor(x+0.5)==2*floor(floor(x+0.5)/2),1,-1)*sin(pi*(x-floor(x+0.5)))"


def _exact_factorials(gamma: str) -> str:
    """Factorials are whole, and exact as long as floats hold them."""
    return f"where(x==floor(x) and x<20,floor({gamma}+0.5),{gamma})"


GAMMA_BY_LGAMMA = _exact_factorials(f"where(x>0,exp(lgamma(abs(x))),pi/(({_SINE})*exp(lgamma(1-x))))")
_BOTH_SIDES = f"where(x>0,{_right_gamma('min(abs(x),172)')},pi/(({_SINE})*{_right_gamma('min(1-x,171)')}))"
GAMMA = f"where(x>172 or x<-170,nan,{_exact_factorials(_BOTH_SIDES)})"

_MIRRORED = "where(y>0,y,1-y)"
_REST = "(pi*(y-floor(y+0.5)))"

#: What polygamma of an order is below 0, by itself at 1 - y, p_ (Abramowitz & Stegun 6.4.7).
REFLECTED = (
    f"p_-pi/tan{_REST}", f"pi**2/sin{_REST}**2-p_", f"p_-2*pi**3*cos{_REST}/sin{_REST}**3",
    f"2*pi**4*(1+2*cos{_REST}**2)/sin{_REST}**4-p_",
)  # fmt: skip


def _composed_order(order: int) -> str:
    """polygamma(order, y): shifted to the right, then its asymptotic series (DLMF 5.11.2 and 5.15.8)."""
    z, sign = f"({_MIRRORED}+{_SHIFT})", 1 if order % 2 else -1
    steps = "+".join(f"1/({_MIRRORED}+{k})**{order + 1}" for k in range(_SHIFT))
    if order == 0:
        terms = [f"({b})/{2 * k}" for k, b in enumerate(_BERNOULLI, 1)]
        series = _polynomial(" ".join([*reversed(terms), "0"]), f"(1/{z}/{z})")
        right = f"(log{z}-1/2/{z}-{series}-({steps}))"
    else:
        terms = [
            f"({b})*{factorial(2 * k + order - 1)}/{factorial(2 * k)}" for k, b in enumerate(_BERNOULLI, 1)
        ]
        series = _polynomial(" ".join([*reversed(terms), f"{factorial(order - 1)}"]), f"(1/{z}/{z})")
        whole = f"({series}+{factorial(order)}/2/{z}){f'/{z}' * order}"
        right = f"({sign}*({whole}+{factorial(order)}*({steps})))"
    reflected = REFLECTED[order].replace("p_", right)
    return f"where(y>0,{right},where(y==floor(y),nan,{reflected}))"


#: polygamma by its order, where the language has none.
COMPOSED_ORDERS = {order: _composed_order(order) for order in range(len(REFLECTED))}


def gamma_ratio(a: str, b: str) -> str:
    """Γ(a + b)/Γ(a) for a above 900 and |b| below 15, by the middle between them (DLMF 5.11.13)."""
    w, b = f"({a}+({b}-1)/2)", f"({b})"
    return f"{w}**{b}*exp({b}*(1-{b}*{b})/24/{w}/{w}*(1+(3*{b}*{b}-7)/40/{w}/{w}))"


_LARGE, _SMALL = "max(x,y)", "min(x,y)"

#: What beta(x, y) is where gamma functions overflow, or a library's word has lost digits.
BETA_FAR = f"gamma({_SMALL})/({gamma_ratio(_LARGE, _SMALL)})"
BETA_IS_FAR = f"{_LARGE}>1000 and abs({_SMALL})<15"


def binomial(own: str) -> str:
    """The binomial coefficient by *own*, but for large x."""
    by_y = f"{gamma_ratio('x-y+1', 'y')}*rgamma(y+1)"
    by_rest = f"{gamma_ratio('y+1', '(x-y)')}*rgamma(x-y+1)"
    return f"where(x>1000 and abs(y)<15,{by_y},where(x>1000 and abs(x-y)<15,{by_rest},{own}))"


def small_spherical(sign: str) -> str:
    """A spherical Bessel function of the order x for small y (DLMF 10.53.1 and 10.53.3)."""
    return f"y**x*sqrt(pi)/(2**(x+1)*gamma(x+1.5))*(1{sign}y*y/(4*x+6))"


def small_spherical_slope(sign: str) -> str:
    """x times the quotient of it by y, which has a value at 0."""
    return f"where(x==0,0*y,x*y**(x-where(x==0,0,1))*sqrt(pi)/(2**(x+1)*gamma(x+1.5))*(1{sign}y*y/(4*x+6)))"
