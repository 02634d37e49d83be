"""Random functions of all kinds in random boxes, and samples that would be below what was proved."""

from __future__ import annotations

import math

from gradcli.calculus.backends import float_backend
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.language.errors import DomainProblem, GradcliError

from .searching import extreme

ONE = (
    "sin", "cos", "exp", "abs", "sqrt", "log", "tanh", "atan", "floor", "sign", "square", "cbrt", "relu", "sigmoid", "softplus",
    "asin", "acos", "erf", "ceil", "heaviside", "tan", "sinh", "cosh", "log1p", "gamma", "lgamma", "acosh", "atanh", "sinc",
    "asinh", "expm1", "erfc", "sec", "csc", "cot", "sech", "csch", "coth", "log2", "log10", "leaky_relu", "elu", "gelu", "silu",
)  # fmt: skip
TWO = (
    "+",
    "-",
    "*",
    "/",
    "max",
    "min",
    "mod",
    "hypot",
    "atan2",
    "where",
    "^",
    "^2",
    "^3",
    "^0.5",
    "^-1",
    "^1.5",
    "^(1/3)",
)


def _text(random, depth):
    if depth == 0 or random.random() < 0.12:
        return random.choice(["x", "y", "x", "y", str(random.randint(-3, 3)), f"{random.uniform(-2, 2):.2f}"])
    if random.random() < 0.45:
        return f"{random.choice(ONE)}({_text(random, depth - 1)})"
    kind, a, b = random.choice(TWO), _text(random, depth - 1), _text(random, depth - 1)
    if kind in "+-*/^":
        return f"(({a}){kind}({b}))"
    if kind == "where":
        return f"where(({_text(random, depth - 1)})<({_text(random, depth - 1)}),{a},{b})"
    return f"({a}){kind}" if kind.startswith("^") else f"{kind}({a},{b})"


def random_function(random):
    """A text of one or two variables, and a box."""
    while True:
        text = _text(random, random.randint(2, 4))
        try:
            names = compile_value(text).variables
        except GradcliError:
            continue
        if names:
            ends = {
                name: sorted((random.choice([-3, -2, -1, 0, 0.5]), random.choice([0.25, 1, 2, 3])))
                for name in names
            }
            return text, ends


def below(random, text, ends, most, samples=100):
    """A point of the box at which f is below the bound (above it uphill) that is proved; None for none."""
    up = random.random() < 0.5
    program = compile_value(text)
    box = ",".join(f"{name}={a}:{b}" for name, (a, b) in ends.items())
    try:
        shown = extreme(text, box, ascend=up, most=most)
    except DomainProblem:
        shown = None
    for _ in range(samples):
        at = [
            random.choice([random.uniform(a, b), a, b, min(max(round(random.uniform(a, b)), a), b)])
            for a, b in ends.values()
        ]
        try:
            value = float(float_backend.run(program, at)[program.value])
        except (ValueError, ArithmeticError):
            continue
        if not math.isfinite(value):
            continue
        if shown is None:
            return text, box, at, value
        bound = shown.upper if up else shown.lower
        if bound is not None and (value - bound if up else bound - value) > 1e-9 * (1 + abs(value)):
            return text, box, at, value, bound
    return None
