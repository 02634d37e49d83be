"""Seconds of an iteration of a fit by three parameters: gradcli's on arrays, and NumPy written by hand; a line of JSON."""

import json
import sys
from statistics import median
from time import perf_counter

import numpy as np

from gradcli.fitting.models.array_problem import BLOCK, ArrayProblem
from gradcli.fitting.models.fit_problem import FitData
from gradcli.fitting.models.row_model import compile_model

POINT = {"a": 4.8, "c": 1.1, "k": 0.28}


def normal_equations(x, y):
    """JᵀJ, Jᵀr and rᵀr of a*exp(-k*x) + c."""
    e = np.exp(-POINT["k"] * x)
    r = y - (POINT["a"] * e + POINT["c"])
    jacobian = np.stack([e, np.ones_like(x), -POINT["a"] * x * e])
    return jacobian @ jacobian.T, jacobian @ r, r @ r


def in_blocks(x, y):
    """The same, block by block, as one product of the columns and the residuals."""
    total = np.zeros((4, 4))
    for k in range(0, len(x), BLOCK):
        own = x[k : k + BLOCK]
        e = np.exp(-POINT["k"] * own)
        whole = np.stack([
            e, np.ones_like(own), -POINT["a"] * own * e, y[k : k + BLOCK] - (POINT["a"] * e + POINT["c"]),
        ])  # fmt: skip
        total += whole @ whole.T
    return total


def main():
    """Time the three in turn; they have to find the same step."""
    rows, rounds = int(sys.argv[1]), int(sys.argv[2])
    chance = np.random.default_rng(1)
    x = chance.uniform(0, 10, rows)
    y = 5 * np.exp(-0.3 * x) + 1 + chance.normal(0, 0.05, rows)
    model = compile_model("a*exp(-k*x) + c", list(POINT), ["x"])
    problem = ArrayProblem(model, FitData({"x": x}, y, None, {}))
    ways = {
        "gradcli": lambda number: problem.linearize([POINT[n] * (1 + 1e-9 * number) for n in problem.names]),
        "numpy": lambda number: normal_equations(x, y),
        "numpy in blocks": lambda number: in_blocks(x, y),
    }
    seconds = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            start = perf_counter()
            way(number)
            if number:
                seconds[name].append(perf_counter() - start)
    value, by_hand = problem.linearize([POINT[n] for n in problem.names]).value, normal_equations(x, y)[2]
    if abs(value / by_hand - 1) > 1e-12:
        sys.exit(f"{value!r} is not {by_hand!r}")
    print(json.dumps({name: median(one) for name, one in seconds.items()}))


main()
