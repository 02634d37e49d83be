"""Rosenbrock's function of many variables in CasADi: value and gradient as JSON (it writes no formulas)."""

import json
import sys

import casadi

n = int(sys.argv[1])
x = casadi.SX.sym("x", n)
f = casadi.sum1(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
run = casadi.Function("f", [x], [f, casadi.gradient(f, x)])
value, gradient = run([0.5 + i / n for i in range(1, n + 1)])
print(json.dumps({"value": float(value), "gradient": gradient.full().ravel().tolist()}))
