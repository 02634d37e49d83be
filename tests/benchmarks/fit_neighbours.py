"""Reference sets of nonlinear regression beside SciPy's curve_fit, lmfit and gnuplot: right digits, evaluations, time.

`python -m tests.benchmarks.fit_neighbours --peer-python PATH` prints a table; PATH is a Python with SciPy and lmfit, gnuplot is
asked where it is installed.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import command_line
from tests.fits.reference_sets import FOLDER, SETS, arguments, digits

STARTS = ("start1", "start2")


def main():
    """Print the table: for each program and start how many sets have so many right digits in every parameter."""
    peer = sys.argv[sys.argv.index("--peer-python") + 1] if "--peer-python" in sys.argv else None
    programs = {"gradcli fit": gradcli, "gradcli fit --start given": lambda s: gradcli(s, "--start", "given")}
    if peer:
        found = peers(peer)
        for name in ("curve_fit", "curve_fit, trf, x_scale=jac, tolerances 1e-15", "lmfit"):
            programs[f"{name} (SciPy)" if name != "lmfit" else name] = lambda start, name=name: found[name][
                start
            ]
    if shutil.which("gnuplot"):
        programs["gnuplot fit"] = gnuplot
    print(
        "| program | start | sets to 4 digits | to 6 | to 9 | errors to 8 | evaluations, median | time, median |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, run in programs.items():
        for start in STARTS:
            rows = run(start)
            right = [least(one["at"], each["certified"]) for one, each in zip(rows, SETS, strict=True)]
            sure = [least(one["errors"], each["se"]) for one, each in zip(rows, SETS, strict=True)]
            counts = [sum(d >= most for d in right) for most in (4, 6, 9)]
            times = statistics.median(one["time"] for one in rows)
            tried = [one["evaluations"] for one in rows if one["evaluations"]]
            shown = f"{statistics.median(tried):.0f}" if tried else "–"
            cells = [f"{n} of {len(SETS)}" for n in (*counts, sum(d >= 8 for d in sure))]
            print(
                f"| {name} | {start[-1]} | {' | '.join(cells)} | {shown} | {1e3 * times:.0f} ms |", flush=True
            )


def least(found, certified):
    """The least of the right digits over all numbers; none where there is no number."""
    if not found or any(found.get(name) is None for name in certified):
        return -9.0
    return min(digits(found[name], x) for name, x in certified.items())


def gradcli(start, *more):
    """Each set by gradcli, within this process, its programs known."""
    rows = []
    for one in SETS:
        typed = arguments(one, start, "--no-save", "--format", "json", *more)
        command_line(typed)
        begin = time.perf_counter()
        ended = command_line(typed)
        record = json.loads(ended.out or "{}")
        rows.append({
            "at": record.get("at"), "errors": record.get("errors"), "time": time.perf_counter() - begin,
            "evaluations": record.get("evaluations"),
        })  # fmt: skip
    return rows


PEER = """
import csv, json, sys, time, warnings
import numpy as np
from scipy.optimize import curve_fit
import lmfit
warnings.simplefilter("ignore")
names = {n: getattr(np, n) for n in ("exp", "log", "sin", "cos", "pi")} | {"atan": np.arctan}
folder, sets = sys.argv[1], json.load(open(sys.argv[2]))
TIGHT = dict(method="trf", x_scale="jac", ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=20000)
found = {}
for one in sets:
    rows = list(csv.DictReader(open(f"{folder}/{one['name']}.csv")))
    data = {k: np.array([float(r[k]) for r in rows]) for k in rows[0]}
    y = eval(one["response"], {**names, **data})
    code = compile(one["model"], "model", "eval")
    pars = list(one["certified"])
    count = [0]
    def f(_, *b):
        count[0] += 1
        return eval(code, {**names, **data, **dict(zip(pars, b))})
    def fm(x, **b):
        count[0] += 1
        return eval(code, {**names, **data, **b})
    for start in ("start1", "start2"):
        p0 = [one[start][p] for p in pars]
        for name, how in (("curve_fit", {}), ("curve_fit, trf, x_scale=jac, tolerances 1e-15", TIGHT), ("lmfit", None)):
            count[0], at, errors, t = 0, None, None, time.perf_counter()
            try:
                if how is None:
                    start_values = lmfit.Parameters()
                    for p, x in zip(pars, p0):
                        start_values.add(p, value=x)
                    result = lmfit.minimize(lambda v: fm(None, **v.valuesdict()) - y, start_values)
                    at = {p: float(result.params[p].value) for p in pars}
                    errors = {p: None if result.params[p].stderr is None else float(result.params[p].stderr) for p in pars}
                else:
                    b, c = curve_fit(f, y, y, p0, **how)
                    at, errors = dict(zip(pars, map(float, b))), dict(zip(pars, map(float, np.sqrt(np.diag(c)))))
            except Exception:
                pass
            if errors and not all(e is None or np.isfinite(e) for e in errors.values()):
                errors = None
            row = {"at": at, "errors": errors, "time": time.perf_counter() - t, "evaluations": count[0]}
            found.setdefault(name, {}).setdefault(start, []).append(row)
print(json.dumps(found))
"""


def peers(python):
    """The same by SciPy and lmfit, as they come, and by SciPy with tight tolerances."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(SETS, file)
        file.flush()
        ended = subprocess.run(
            [python, "-c", PEER, FOLDER, file.name], capture_output=True, text=True, check=True
        )
    return json.loads(ended.stdout)


def gnuplot(start):
    """The same by gnuplot, as it comes."""
    rows = []
    for one in SETS:
        header = (FOLDER / f"{one['name']}.csv").read_text().splitlines()[0].split(",")
        columns = [name for name in header if name != "y"]
        model = one["model"]
        for name, plain in zip(columns, "xz", strict=False):
            model = re.sub(rf"\b{name}\b", plain, model)
        using = ":".join(str(header.index(name) + 1) for name in columns)
        response = (
            f"(log(${header.index('y') + 1}))" if "log" in one["response"] else str(header.index("y") + 1)
        )
        script = [f"{name} = {x!r}" for name, x in one[start].items()]
        if len(columns) == 2:
            script += [f"f(x, y) = {re.sub('z', 'y', model)}"]
            call = f"fit f(x, y) '{FOLDER / one['name']}.csv' using {using}:{response} via {','.join(one['certified'])}"
        else:
            script += [f"f(x) = {model}"]
            call = f"fit f(x) '{FOLDER / one['name']}.csv' using {using}:{response} via {','.join(one['certified'])}"
        script = ["set datafile separator ','", "set fit quiet errorvariables", *script, call]
        script += [f"print sprintf('{name} %.17g %.17g', {name}, {name}_err)" for name in one["certified"]]
        begin = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "f.plt").write_text("\n".join(script) + "\n")
            ended = subprocess.run(
                ["gnuplot", "f.plt"], cwd=folder, capture_output=True, text=True, check=False
            )
        told = [line.split() for line in ended.stderr.splitlines() if re.fullmatch(r"b\d+ \S+ \S+", line)]
        at = {name: float(x) for name, x, _ in told}
        errors = {name: float(x) for name, _, x in told}
        rows.append({"at": at, "errors": errors, "time": time.perf_counter() - begin, "evaluations": None})
    return rows


if __name__ == "__main__":
    main()
