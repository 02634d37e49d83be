"""Rosenbrock's function of many variables: one `diff` per variable, formulas and numbers as JSON."""

import json
import sys

from sympy import Add, lambdify, symbols

n = int(sys.argv[1])
x = symbols(f"x1:{n + 1}")
f = Add(*(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n - 1)))
partials = [f.diff(v) for v in x]
at = [0.5 + i / n for i in range(1, n + 1)]
run = lambdify([x], [f, *partials])
value, *gradient = run(at)
formulas = dict(zip(map(str, x), map(str, partials), strict=True))
print(
    json.dumps({"value": value, "gradient": dict(zip(formulas, gradient, strict=True)), "formulas": formulas})
)
