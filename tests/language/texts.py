"""Expressions made at random, and where each function of the table is defined."""

from __future__ import annotations

from hypothesis import strategies as st

from gradcli.language.function_table import FUNCTIONS
from tests.independent.further_functions import SMOOTH

#: Where arguments may be drawn from, where it is not everywhere between -3 and 3.
RANGES: dict[str, list[tuple[float, float]]] = {
    "pow": [(0.1, 3), (-2, 2)], "sqrt": [(0.1, 3)], "log": [(0.1, 3), (1.2, 9)], "log10": [(0.1, 3)],
    "log2": [(0.1, 3)], "log1p": [(-0.9, 3)], "tan": [(-1.4, 1.4)], "sec": [(-1.4, 1.4)], "csc": [(0.2, 2.9)],
    "cot": [(0.2, 2.9)], "asin": [(-0.9, 0.9)], "acos": [(-0.9, 0.9)], "asec": [(1.1, 5)], "acsc": [(-5, -1.1)],
    "acot": [(0.1, 3)], "csch": [(0.2, 3)], "coth": [(0.2, 3)], "acosh": [(1.1, 5)], "atanh": [(-0.9, 0.9)],
    "asech": [(0.1, 0.9)], "acsch": [(0.1, 3)], "acoth": [(1.1, 5)], "mod": [(0.1, 0.9), (1.1, 3)],
    "clip": [(0.1, 0.9), (-1, 0), (1, 2)], "logit": [(0.1, 0.9)], "erfinv": [(-0.9, 0.9)], "gamma": [(0.2, 5)],
    "lgamma": [(0.2, 5)], "factorial": [(0.2, 5)], "binomial": [(3.1, 6), (0.2, 3)], "digamma": [(0.2, 5)],
    "trigamma": [(0.2, 5)], "polygamma": [(2, 2), (0.2, 5)], "beta": [(0.2, 4), (0.2, 4)], "zeta": [(1.2, 5)],
    "zetaprime": [(1.2, 5)], "polylog": [(1.5, 3), (-0.9, 0.9)], "besselj": [(1, 1), (0.2, 5)],
    "bessely": [(1, 1), (0.2, 5)], "besseli": [(1, 1), (0.2, 5)], "besselk": [(1, 1), (0.2, 5)],
    "lambertw": [(-0.3, 3)], "ei": [(0.2, 3)], "li": [(1.2, 5)], "ci": [(0.2, 3)], "chi": [(0.2, 3)],
    "expint": [(2, 2), (0.2, 3)], "lowergamma": [(1.5, 1.5), (0.2, 3)], "uppergamma": [(1.5, 1.5), (0.2, 3)],
    "elliptic_k": [(-3, 0.9)], "elliptic_e": [(0.1, 1.4), (-3, 0.9)], "elliptic_f": [(0.1, 1.4), (-3, 0.9)],
    "root": [(0.1, 3), (3, 3)], "atan2": [(0.1, 3), (0.1, 3)], "hypot": [(0.1, 3), (0.1, 3)],
}  # fmt: skip

#: Functions that are called with conditions.
PIECES = ("where", "piecewise")

NAMES = ("x", "y", "rate", "α", "x₁", "_t", "lambda")
leaf = st.sampled_from([*NAMES, "2", "0.5", ".25", "1e-3", "3E2", "pi", "e", "π", "10"])
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=", "≤", "≥")


def ranges(function, count):
    """Where *count* arguments of a function may be drawn from."""
    known = RANGES.get(function) or SMOOTH.get(function, [])
    return (known + [(-3.0, 3.0)] * count)[:count]


def call(function, count):
    """`besselj(a0, a1)`: a call with variables of its own, and their names."""
    names = [f"a{index}" for index in range(count)]
    if function == "where":
        return "where(a0 > 0, a1, a2)", names
    if function == "piecewise":
        return "piecewise(a0 > 0, a1, a2)", names
    return f"{function}({', '.join(names)})", names


def counts(function):
    """The numbers of arguments to try: the fewest and the most."""
    row = FUNCTIONS[function]
    if function == "piecewise":
        return [3]
    return sorted({max(row.fewest, 1), row.most if row.most is not None else row.fewest + 2})


def _larger(inner):
    spaced = st.sampled_from(["", " "])
    operator = st.sampled_from(["+", "-", "*", "/", "**", "^", "·", "−", "×", "÷"])
    binary = st.builds(lambda a, s, op, b: f"{a}{s}{op}{s}{b}", inner, spaced, operator, inner)
    bracketed = inner.map(lambda text: f"({text})")
    unary = st.builds(lambda sign, text: sign + text, st.sampled_from(["-", "+", "−"]), inner)
    side_by_side = st.builds(lambda a, b: f"(({a})({b}))", inner, inner) | inner.map(
        lambda text: f"(2({text}))"
    )
    squared = inner.map(lambda text: f"({text})²")
    condition = st.builds(
        lambda a, op, b: f"{a} {op} {b}", bracketed, st.sampled_from(COMPARISONS), bracketed
    )
    joined = st.builds(lambda a, op, b: f"{a} {op} {b}", condition, st.sampled_from(["and", "or"]), condition)
    where = st.builds(lambda c, a, b: f"where({c}, {a}, {b})", condition | joined, inner, inner)
    return binary | bracketed | unary | side_by_side | squared | where | _calls(inner)


def _calls(inner):
    functions = sorted(set(FUNCTIONS) - set(PIECES) - {"elliptic_e"})
    return st.sampled_from(functions).flatmap(
        lambda name: st.lists(inner, min_size=counts(name)[0], max_size=counts(name)[-1]).map(
            lambda arguments: f"{name}({', '.join(arguments)})"
        )
    )


#: Expressions of the whole language.
texts = st.recursive(leaf, _larger, max_leaves=12)

_SMOOTH = ("sin", "cos", "exp", "atan", "tanh", "sigmoid", "softplus", "erf", "asinh", "sinc", "gelu", "silu")


def _smoother(inner):
    binary = st.builds(lambda a, op, b: f"({a}){op}({b})", inner, st.sampled_from("+-*"), inner)
    quotient = st.builds(lambda a, b: f"({a})/(2 + sin({b}))", inner, inner)
    power = st.builds(lambda a, n: f"({a})**{n}", inner, st.sampled_from(["2", "3", "-1", "0.5", "x"]))
    return binary | quotient | power | st.builds(lambda f, a: f"{f}({a})", st.sampled_from(_SMOOTH), inner)


#: Expressions in x and y whose gradients can be compared with anything.
smooth = st.recursive(st.sampled_from(["x", "y", "2", "0.5", "3", "pi"]), _smoother, max_leaves=6)
