"""Published test functions with their published starts and minima.

Numbers in brackets are those of Moré, Garbow & Hillstrom, Testing unconstrained optimization software, 1981; the
others are from Jamil & Yang, A literature survey of benchmark functions, 2013, with usual starts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Animal(NamedTuple):
    """A function, where to start, and its smallest value with other local ones that count as found."""

    text: str
    start: dict[str, float]
    minimum: float
    others: tuple[float, ...] = ()


def squares(terms: Sequence[str]) -> str:
    return " + ".join(f"({term})**2" for term in terms)


def rosenbrock(n: int) -> Animal:
    terms = [f"100*(x{i + 1}-x{i}**2)**2 + (1-x{i})**2" for i in range(1, n, 2)]
    return Animal(" + ".join(terms), {f"x{i}": -1.2 if i % 2 else 1.0 for i in range(1, n + 1)}, 0.0)


def chained_rosenbrock(n: int) -> Animal:
    terms = [f"100*(x{i + 1}-x{i}**2)**2 + (1-x{i})**2" for i in range(1, n)]
    return Animal(
        " + ".join(terms), {f"x{i}": -1.2 if i % 2 else 1.0 for i in range(1, n + 1)}, 0.0, (3.986624,)
    )


_BARD_Y = (0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39)
_KOWALIK = list(zip(
    (0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246),
    (4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625), strict=True,
))  # fmt: skip


def bard() -> Animal:
    terms = []
    for i, y in enumerate(_BARD_Y, 1):
        v, w = 16 - i, min(i, 16 - i)
        terms.append(f"{y}-(x1+{i}/({v}*x2+{w}*x3))")
    return Animal(squares(terms), {"x1": 1, "x2": 1, "x3": 1}, 8.214877306578e-3, (17.4286,))


def box() -> Animal:
    terms = [f"exp(-{i}/10*x1)-exp(-{i}/10*x2)-x3*(exp(-{i}/10)-exp(-{i}))" for i in range(1, 11)]
    return Animal(squares(terms), {"x1": 0, "x2": 10, "x3": 20}, 0.0)


def brown_dennis() -> Animal:
    terms = [f"(x1+{i}/5*x2-exp({i}/5))**2+(x3+x4*sin({i}/5)-cos({i}/5))**2" for i in range(1, 21)]
    return Animal(squares(terms), {"x1": 25, "x2": 5, "x3": -5, "x4": -1}, 85822.2016263563)


def jennrich_sampson() -> Animal:
    terms = [f"2+2*{i}-(exp({i}*x1)+exp({i}*x2))" for i in range(1, 11)]
    return Animal(squares(terms), {"x1": 0.3, "x2": 0.4}, 124.36218235561)


def kowalik_osborne() -> Animal:
    terms = [f"{y}-x1*({u}**2+{u}*x2)/({u}**2+{u}*x3+x4)" for y, u in _KOWALIK]
    return Animal(
        squares(terms), {"x1": 0.25, "x2": 0.39, "x3": 0.415, "x4": 0.39}, 3.07505603849e-4, (1.02734e-3,)
    )


def beale_terms() -> list[str]:
    return ["1.5-x*(1-y)", "2.25-x*(1-y**2)", "2.625-x*(1-y**3)"]


def trigonometric(n: int) -> Animal:
    total = "+".join(f"cos(x{j})" for j in range(1, n + 1))
    terms = [f"{n}-({total})+{i}*(1-cos(x{i}))-sin(x{i})" for i in range(1, n + 1)]
    return Animal(
        squares(terms), {f"x{i}": 1 / n for i in range(1, n + 1)}, 0.0, (2.79506e-5, 4.47e-5, 4.22e-5)
    )


def variably_dimensioned(n: int) -> Animal:
    total = "+".join(f"{j}*(x{j}-1)" for j in range(1, n + 1))
    terms = [*(f"x{i}-1" for i in range(1, n + 1)), total, f"({total})**2"]
    return Animal(squares(terms), {f"x{i}": 1 - i / n for i in range(1, n + 1)}, 0.0)


def quadratic(n: int, condition: float) -> Animal:
    """A turned quadratic whose Hessian has eigenvalues from 1 to *condition*, by 2×2 rotations of a diagonal."""
    terms = []
    for i in range(n):
        weight = condition ** (i / (n - 1)) / 2
        angle = 0.3 + i
        terms.append(f"{weight!r}*({math.cos(angle)!r}*(x{i}-1)+{math.sin(angle)!r}*(x{(i + 1) % n}-1))**2")
    return Animal(" + ".join(terms), dict.fromkeys((f"x{i}" for i in range(n)), -1.0), 0.0)


def dixon_price(n: int) -> Animal:
    terms = [f"{i}*(2*x{i}**2-x{i - 1})**2" for i in range(2, n + 1)]
    return Animal(" + ".join(["(x1-1)**2", *terms]), dict.fromkeys((f"x{i}" for i in range(1, n + 1)), 1.0), 0.0,
                  (1 / 3, 2 / 3))  # fmt: skip


def zakharov(n: int) -> Animal:
    half = "+".join(f"{i / 2}*x{i}" for i in range(1, n + 1))
    text = "+".join(f"x{i}**2" for i in range(1, n + 1)) + f"+({half})**2+({half})**4"
    return Animal(text, dict.fromkeys((f"x{i}" for i in range(1, n + 1)), 2.0), 0.0)


ZOO: dict[str, Animal] = {
    "Rosenbrock 2 (1)": rosenbrock(2),
    "extended Rosenbrock 20 (21)": rosenbrock(20),
    "chained Rosenbrock 20": chained_rosenbrock(20),
    "Freudenstein-Roth (2)": Animal(
        squares(["-13+x+((5-y)*y-2)*y", "-29+x+((y+1)*y-14)*y"]), {"x": 0.5, "y": -2}, 0.0, (48.98425367924,)
    ),
    "Powell badly scaled (3)": Animal(squares(["10**4*x*y-1", "exp(-x)+exp(-y)-1.0001"]), {"x": 0, "y": 1}, 0.0),
    "Brown badly scaled (4)": Animal(squares(["x-10**6", "y-2*10**-6", "x*y-2"]), {"x": 1, "y": 1}, 0.0),
    "Beale (5)": Animal(squares(beale_terms()), {"x": 1, "y": 1}, 0.0),
    "Jennrich-Sampson (6)": jennrich_sampson(),
    "helical valley (7)": Animal(
        "100*((z-10*where(x>0, atan(y/x), atan(y/x)+pi)/(2*pi))**2+(hypot(x,y)-1)**2)+z**2",
        {"x": -1, "y": 0, "z": 0}, 0.0,
    ),
    "Bard (8)": bard(),
    "Gaussian (9)": Animal(
        squares([
            f"x1*exp(-x2*({(8 - i) / 2}-x3)**2/2)-{y}"
            for i, y in enumerate((0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989,
                                   0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009), 1)
        ]),
        {"x1": 0.4, "x2": 1, "x3": 0}, 1.12793276961871e-8,
    ),
    "Box 3D (12)": box(),
    "Powell singular (13)": Animal(
        "(a+10*b)**2+5*(c-d)**2+(b-2*c)**4+10*(a-d)**4", {"a": 3, "b": -1, "c": 0, "d": 1}, 0.0
    ),
    "Wood (14)": Animal(
        "100*(b-a**2)**2+(1-a)**2+90*(d-c**2)**2+(1-c)**2+10*(b+d-2)**2+(b-d)**2/10",
        {"a": -3, "b": -1, "c": -3, "d": -1}, 0.0,
    ),
    "Kowalik-Osborne (15)": kowalik_osborne(),
    "Brown-Dennis (16)": brown_dennis(),
    "variably dimensioned 10 (25)": variably_dimensioned(10),
    "trigonometric 5 (26)": trigonometric(5),
    "Brown almost linear 5 (27)": Animal(
        squares([*(f"x{i}+x1+x2+x3+x4+x5-6" for i in range(1, 5)), "x1*x2*x3*x4*x5-1"]),
        dict.fromkeys(("x1", "x2", "x3", "x4", "x5"), 0.5), 0.0, (1.0,),
    ),
    "Booth": Animal("(x+2*y-7)**2+(2*x+y-5)**2", {"x": 0, "y": 0}, 0.0),
    "Himmelblau": Animal("(x**2+y-11)**2+(x+y**2-7)**2", {"x": 0, "y": 0}, 0.0),
    "Matyas": Animal("0.26*(x**2+y**2)-0.48*x*y", {"x": 5, "y": -3}, 0.0),
    "Dixon-Price 10": dixon_price(10),
    "Styblinski-Tang 4": Animal(
        "+".join(f"(x{i}**4-16*x{i}**2+5*x{i})/2" for i in range(1, 5)),
        dict.fromkeys(("x1", "x2", "x3", "x4"), -1.0), -156.66466281508684,
    ),
    "six-hump camel": Animal(
        "(4-2.1*x**2+x**4/3)*x**2+x*y+(-4+4*y**2)*y**2", {"x": 0.5, "y": -0.5}, -1.0316284534898774,
        (-0.21546382438372, 2.10425031031126),
    ),
    "three-hump camel": Animal("2*x**2-1.05*x**4+x**6/6+x*y+y**2", {"x": 0.5, "y": -1}, 0.0, (0.298638442236861,)),
    "Goldstein-Price": Animal(
        "(1+(x+y+1)**2*(19-14*x+3*x**2-14*y+6*x*y+3*y**2))*(30+(2*x-3*y)**2*(18-32*x+12*x**2+48*y-36*x*y+27*y**2))",
        {"x": -0.5, "y": 0.25}, 3.0, (30.0, 84.0, 840.0),
    ),
    "McCormick": Animal("sin(x+y)+(x-y)**2-1.5*x+2.5*y+1", {"x": 0, "y": 0}, -1.9132229549810367),
    "Zakharov 6": zakharov(6),
    "quartic": Animal("x**4+2*y**4+3*z**4", {"x": 1, "y": 1, "z": 1}, 0.0),
    "Brown": Animal(
        "(x**2)**(y**2+1)+(y**2)**(x**2+1)", {"x": 1.5, "y": -0.5}, 0.0
    ),
    "quadratic of condition 1e3": quadratic(10, 1e3),
    "quadratic of condition 1e6": quadratic(10, 1e6),
    "Colville valley 2, condition 1e6": Animal("1e6*(y-x)**2+(x-1)**2", {"x": -1, "y": 2}, 0.0),
}  # fmt: skip


def close(value: float, known: float) -> bool:
    """Within 1e-6 relative, absolute where the minimum is 0."""
    return abs(value - known) <= 1e-6 * max(abs(known), 1.0 if known == 0 else 0.0)
