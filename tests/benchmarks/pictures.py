"""A 400 × 400 landscape in a PNG: gradcli beside the same plot written by hand; `python -m tests.benchmarks.pictures`.

Whole processes, taking turns; what is compared is processor time, which other work on the machine disturbs least.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 9

BY_HAND = """
import numpy as np
from matplotlib.figure import Figure
x, y = np.linspace(-2, 2, 400), np.linspace(-1, 3, 400)
X, Y = np.meshgrid(x, y)
Z = (1 - X)**2 + 100*(Y - X**2)**2
u, v = -2*(1 - X) - 400*X*(Y - X**2), 200*(Y - X**2)
figure = Figure(figsize=(8, 6), dpi=150, layout="constrained")
axes = figure.subplots()
axes.set_title("f = (1-x)**2+100*(y-x**2)**2")
levels = [float(f"{level:.2g}") for level in np.quantile(Z, (np.arange(9) + 0.5)/9)]
axes.contourf(x, y, Z, levels, cmap="cividis", alpha=0.65, extend="both")
lines = axes.contour(x, y, Z, levels, colors="#333333", linewidths=0.7)
axes.clabel(lines, fontsize=7)
some = np.linspace(0, 399, 17)[1:-1].round().astype(int)
u, v = -u[np.ix_(some, some)], -v[np.ix_(some, some)]
length = np.hypot(u, v)
axes.quiver(x[some], y[some], u/length, v/length, scale=34, width=0.0022, pivot="mid")
axes.plot([-1.2], [1], "o", label="point")
axes.legend(loc="upper right")
axes.set(xlabel="x", ylabel="y")
figure.savefig("by-hand.png")
"""

BY_GRADCLI = [
    "-m", "gradcli", "plot", "(1-x)**2+100*(y-x**2)**2", "--x=-1.2", "--y=1", "--range", "x=-2:2", "--range", "y=-1:3",
    "--grid", "400", "--out", "by-gradcli.png",
]  # fmt: skip


def cost(arguments: list[str], folder: str) -> float:
    """Seconds of processor time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    root = str(Path(__file__).parent.parent.parent)
    environment = {**os.environ, "GRADCLI_HOME": folder, "PYTHONPATH": root}
    subprocess.run([sys.executable, *arguments], check=True, cwd=folder, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        cost(BY_GRADCLI, folder)  # from here on the expression is known
        pairs = [(cost(BY_GRADCLI, folder), cost(["-c", BY_HAND], folder)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"gradcli {ours:.2f} s, by hand {theirs:.2f} s, ratio {ours / theirs:.2f} (median of {ROUNDS}, processor time)"
    )


if __name__ == "__main__":
    main()
