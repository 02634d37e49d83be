"""Made-up data sets with known parameters: how often intervals hold the truth, and how robust losses do.

`python -m tests.benchmarks.fit_simulations coverage [SETS]` and `… robust [SETS]` print a table each (2,000 sets unless
said); `--only TEXT` takes the models whose title has the text. A set without a minimum next to the truth, as one whose
rows are nearly a line or nearly level, is left out and counted. `--peer-python PATH` names a Python with SciPy, whose
`least_squares` fits the same sets.
"""

from __future__ import annotations

import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from gradcli.fitting.inference.estimates import Rows, estimate
from gradcli.fitting.inference.profile_likelihood import Minimum, profiled
from gradcli.fitting.inference.student_t import normal_quantile, student_quantile
from gradcli.fitting.models.fit_problem import FitData, PlainProblem
from gradcli.fitting.models.row_model import compile_model
from gradcli.fitting.solver.fit_search import Task
from gradcli.fitting.solver.levenberg_marquardt import Box
from gradcli.fitting.solver.solved_fit import solve
from gradcli.shell.fits.questions.fit_question import FitQuestion
from gradcli.shell.fits.robust_run import robust_fit

#: Thirty points.
MANY = [0.25 * k for k in range(1, 31)]

#: Name, model, truth, x, standard deviation of y as a function of the true value.
CASES = [
    ("a*(1-exp(-b*x)), 6 points, 15 %", "a*(1-exp(-b*x))", {"a": 10, "b": 0.5}, [1, 2, 3, 4, 5, 7], lambda f: 1.5),
    ("a*(1-exp(-b*x)), 6 points, 5 %", "a*(1-exp(-b*x))", {"a": 10, "b": 0.5}, [1, 2, 3, 4, 5, 7], lambda f: 0.5),
    ("a*(1-exp(-b*x)), 6 early points, 15 %", "a*(1-exp(-b*x))", {"a": 10, "b": 0.3}, [1, 2, 3, 4, 5, 6], lambda f: 1.5),
    ("a*(1-exp(-b*x)), 30 points, 15 %", "a*(1-exp(-b*x))", {"a": 10, "b": 0.5}, MANY, lambda f: 1.5),
    ("a*(1-exp(-b*x)), 30 points, 5 %", "a*(1-exp(-b*x))", {"a": 10, "b": 0.5}, MANY, lambda f: 0.5),
    ("a*exp(-b*x)+c", "a*exp(-b*x)+c", {"a": 5, "b": 0.4, "c": 1}, [0.4 * k for k in range(25)], lambda f: 0.2),
    ("a/(1+exp(-(x-m)/s))", "a/(1+exp(-(x-m)/s))", {"a": 10, "m": 5, "s": 1.2}, [0.5 * k for k in range(21)], lambda f: 0.5),
    ("Gaussian peak on a line", "h*exp(-(x-m)**2/(2*w**2))+p+q*x", {"h": 8, "m": 5, "w": 0.8, "p": 1, "q": 0.2},
     [0.25 * k for k in range(41)], lambda f: 0.4),
    ("a*x^b", "a*x**b", {"a": 2, "b": 1.5}, [0.5 * k for k in range(1, 16)], lambda f: 0.8),
]  # fmt: skip


def truth_of(model, truth, xs):
    """The model's values at the truth."""
    problem = PlainProblem(model, FitData({"x": xs}, [0.0] * len(xs), None, {}))
    return [-r for r in problem.residuals([truth[name] for name in problem.names])]


def unbounded(count):
    """No bounds."""
    return Box([-math.inf] * count, [math.inf] * count)


def least_squares(model, data, start):
    """The least-squares fit of one set from a start."""
    problem = PlainProblem(model, data)
    begin = dict(enumerate(start))
    task = Task(problem, problem, begin, unbounded(len(start)), [], [], (min(data.target), max(data.target)))
    return solve(task, None, look=False)


def covered(model, truth, xs, ys, sigmas):
    """For one set whether Student's and the profile's interval hold each parameter; None where there is no minimum."""
    roots = None if sigmas is None else [1 / s for s in sigmas]
    data = FitData({"x": xs}, ys, roots, {})
    names = model.parameters
    solution = least_squares(model, data, [truth[name] for name in names])
    if not solution.success:
        return None
    absolute = sigmas is not None
    known = estimate(solution, Rows(len(xs), 1.0, 0.0, absolute), 0.95)
    quantile = normal_quantile(0.95) if absolute else student_quantile(0.95, known.dof)
    scale = 1.0 if absolute else known.sigma**2
    minimum = Minimum(names, solution.x, known.errors, scale, solution.value)
    ends = profiled(lambda one: PlainProblem(model, one), data, minimum, unbounded(len(names)), quantile)
    found = {}
    for name in names:
        low, high = known.intervals[name]
        one = ends[name]
        inside = (one.low is None or one.low <= truth[name]) and (one.high is None or truth[name] <= one.high)
        found[name] = (low <= truth[name] <= high, inside)
    return found


def coverage(sets, only=""):
    """The table of coverage: Student's t and profile, in percent, the least and the greatest of the parameters."""
    print(
        "| model | --sigma-y | sets with a minimum | Student's t | profile |\n| --- | --- | --- | --- | --- |"
    )
    for title, text, truth, xs, spread in CASES:
        if only not in title:
            continue
        model = compile_model(text, list(truth), ["x"])
        f = truth_of(model, truth, xs)
        for with_sigma in (False, True):
            random.seed(20)
            counts = {name: [0, 0] for name in truth}
            good = 0
            for _ in range(sets):
                ys = [random.gauss(one, spread(one)) for one in f]
                found = covered(model, truth, xs, ys, [spread(one) for one in f] if with_sigma else None)
                if found is None:
                    continue
                good += 1
                for name, (student, inside) in found.items():
                    counts[name][0] += student
                    counts[name][1] += inside
            shares = [[100 * count[k] / good for count in counts.values()] for k in (0, 1)]
            cells = [f"{min(one):.1f} to {max(one):.1f}" for one in shares]
            print(
                f"| {title} | {'absolute' if with_sigma else 'none'} | {good} of {sets} | {cells[0]} | {cells[1]} |",
                flush=True,
            )


ROBUST = [
    ("huber, 10 % symmetric outliers", "huber", lambda: random.choice((-1, 1)) * random.uniform(5, 15)),
    ("tukey, 10 % one-sided gross outliers", "tukey", lambda: random.uniform(20, 60)),
]


def contaminated(f, sigma, outlier):
    """Values with noise, a tenth of them with an outlier of so many standard deviations."""
    bad = set(random.sample(range(len(f)), len(f) // 10))
    return [one + sigma * (random.gauss(0, 1) + (outlier() if k in bad else 0)) for k, one in enumerate(f)]


def question(loss):
    """A question that asks for a loss, and nothing else."""
    return FitQuestion("", "", None, {}, {}, {}, None, None, False, False, 0.95, loss=loss)


def robust(sets, peer):
    """Bias and spread of estimates over their own standard error under clean noise, n = 50: gradcli, plain, SciPy."""
    xs, truth, sigma = [0.2 * k for k in range(50)], {"a": 5.0, "b": 0.4, "c": 1.0}, 0.1
    model = compile_model("a*exp(-b*x)+c", list(truth), ["x"])
    f = truth_of(model, truth, xs)
    start = [truth[name] for name in model.parameters]
    clean = least_squares(model, FitData({"x": xs}, [*f[:-1], f[-1] + 1e-09], None, {}), start)
    errors = estimate(clean._replace(value=sigma**2 * 47), Rows(50, 1.0, 0.0, False), 0.95).errors
    print("| case | fitted by | bias | spread | Student's intervals hold |\n| --- | --- | --- | --- | --- |")
    for title, loss, outlier in ROBUST:
        random.seed(5)
        made = [contaminated(f, sigma, outlier) for _ in range(sets)]
        ours, plain, held = [], [], 0
        for ys in made:
            data = FitData({"x": xs}, ys, None, {})
            squares = least_squares(model, data, start)
            found = robust_fit(
                lambda one: PlainProblem(model, one), data, unbounded(3), squares, question(loss)
            )
            plain.append(squares.x)
            ours.append(found.solution.x)
            held += sum(low <= truth[name] <= high for name, (low, high) in found.estimates.intervals.items())
        line(title, f"gradcli --loss {loss}", ours, model, truth, errors, f"{100 * held / (3 * sets):.1f} %")
        line(title, "least squares", plain, model, truth, errors, "")
        if peer:
            line(
                title,
                "SciPy, loss=" + ("huber" if loss == "huber" else "cauchy"),
                peers(peer, xs, made, loss),
                model,
                truth,
                errors,
                "",
            )


def line(title, by, found, model, truth, errors, held):
    """A row of the table: the worst of the parameters' biases, and of their spreads, in standard errors."""
    columns = list(zip(*found, strict=True))
    scaled = [
        [(x - truth[name]) / errors[name] for x in column]
        for name, column in zip(model.parameters, columns, strict=True)
    ]
    bias = max((statistics.mean(one) for one in scaled), key=abs)
    spread = max(statistics.stdev(one) for one in scaled)
    print(f"| {title} | {by} | {bias:+.3f} | {spread:.3f} | {held} |", flush=True)


PEER = """
import json, sys
import numpy as np
from scipy.optimize import least_squares
xs, made, loss = json.load(open(sys.argv[1]))
xs = np.array(xs)
found = []
for ys in made:
    ys = np.array(ys)
    r = lambda b: b[0] * np.exp(-b[1] * xs) + b[2] - ys
    plain = least_squares(r, [5, 0.4, 1])
    scale = np.median(np.abs(plain.fun)) / 0.6745
    how = {"huber": ("huber", 1.345), "tukey": ("cauchy", 2.385)}[loss]
    for _ in range(10):
        fit = least_squares(r, plain.x, loss=how[0], f_scale=how[1] * scale)
        scale = np.median(np.abs(fit.fun)) / 0.6745
        plain = fit
    found.append(list(map(float, fit.x)))
print(json.dumps(found))
"""


def peers(python, xs, made, loss):
    """The same sets by SciPy, with the scale found as it is here; it has no biweight: Cauchy's loss is its nearest."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([xs, made, loss], file)
        file.flush()
        ended = subprocess.run([python, "-c", PEER, file.name], capture_output=True, text=True, check=True)
    return json.loads(ended.stdout)


def main():
    """Read the command line."""
    words = sys.argv[1:]
    peer = words[words.index("--peer-python") + 1] if "--peer-python" in words else None
    sets = next((int(word) for word in words if word.isdigit()), 2000)
    if "robust" in words:
        robust(sets, peer and str(Path(peer)))
    else:
        coverage(sets, words[words.index("--only") + 1] if "--only" in words else "")


if __name__ == "__main__":
    main()
