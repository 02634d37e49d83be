"""Seconds of the processor of a value and three slopes over 10 million rows: gradcli's native code, and NumPy in blocks.

Both on as many threads as there are processors, a round of each in turn; NumPy adds up plainly. Prints JSON.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import process_time

import numpy as np

from gradcli.calculus.native.rows.native_rows import NativeRows
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.language.rows.level_reading import levels_of

ROWS, BLOCK, TEXT = 10_000_000, 16_384, "mean((y-a*x-b-c*x**2)**2)"
THREADS = os.cpu_count() or 1
POINT = {"a": 1.5, "b": 0.5, "c": 0.1}

source = np.random.default_rng(1)
x = source.uniform(-3, 3, ROWS)
y = 2 * x + 1 + source.normal(0, 0.3, ROWS)


def part(ends):
    a, b, c = POINT.values()
    total = [0.0] * 4
    for begin in range(*ends, BLOCK):
        own, rest = x[begin : min(begin + BLOCK, ends[1])], y[begin : min(begin + BLOCK, ends[1])]
        square = own * own
        rest = rest - a * own - b - c * square
        for k, terms in enumerate((rest * rest, rest * own, rest, rest * square)):
            total[k] += float(terms.sum())
    return total


def by_hand():
    ends = [ROWS * k // THREADS for k in range(THREADS + 1)]
    parts = pool.map(part, pairwise(ends))
    value, *slopes = (sum(one) / ROWS for one in zip(*parts, strict=True))
    return [value, *(-2 * slope for slope in slopes)]


levels = levels_of([TEXT], {"x": ROWS, "y": ROWS}, POINT)
evaluation = RowEvaluation(
    compile_levels(levels, tuple(POINT)), RowData({"x": x, "y": y}), True, NativeRows("native")
)
pool = ThreadPoolExecutor(THREADS)
found: dict[str, list[float]] = {"native": [], "by hand": []}
for run in range(int(sys.argv[1]) + 1):
    for name, work in (("native", lambda: evaluation.at(POINT)), ("by hand", by_hand)):
        start = process_time()
        answer = work()
        if run:
            found[name].append(process_time() - start)
    assert abs(evaluation.at(POINT).value - by_hand()[0]) < 1e-9
print(json.dumps(found))
