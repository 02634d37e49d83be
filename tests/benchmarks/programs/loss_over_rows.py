"""Seconds of one evaluation of a loss and three slopes over rows in memory: loss_over_rows.py gradcli|arrays|numpy|jax ROWS.

gradcli: by machine code, as descents have it; arrays: by NumPy, without the extra for that.

It prints two numbers: far from the minimum, and at it, where the terms of the slopes cancel.
"""

import sys
from time import perf_counter

import numpy as np

MODE, ROWS = sys.argv[1], int(sys.argv[2])
TEXT = "mean((y - a*x**2 - b*x - c)**2)"
FAR, NEAR = (0.3, -2.0, 1.0), (2.0, -1.0, 0.5)


def prepared(x, y):
    """The function from a point to the value and the slopes."""
    if MODE == "numpy":
        return lambda point: by_hand(x, y, *point)
    if MODE == "jax":
        return in_jax(x, y)
    from gradcli.calculus.native.rows.native_rows import NativeRows
    from gradcli.calculus.rows.row_data import RowData
    from gradcli.calculus.rows.row_evaluation import RowEvaluation
    from gradcli.calculus.rows.row_program import compile_levels
    from gradcli.language.rows.level_reading import levels_of

    names = dict.fromkeys("abc", 0.0)
    rows = compile_levels(levels_of((TEXT,), {"x": ROWS, "y": ROWS}, names), tuple(names))
    native = NativeRows() if MODE == "gradcli" else None
    evaluation = RowEvaluation(rows, RowData({"x": x, "y": y}), None, native)
    return lambda point: evaluation.at(dict(zip("abc", point, strict=True)))


def in_jax(x, y):
    """Value and gradient in doubles, jitted."""
    import jax

    jax.config.update("jax_enable_x64", True)
    x, y = jax.numpy.asarray(x), jax.numpy.asarray(y)
    both = jax.jit(jax.value_and_grad(lambda p, x, y: ((y - p[0] * x**2 - p[1] * x - p[2]) ** 2).mean()))
    return lambda point: jax.block_until_ready(both(point, x, y))


def by_hand(x, y, a, b, c):
    """As a person writes it, in one thread over whole arrays."""
    square = x * x
    gap = y - a * square - b * x - c
    return (gap * gap).mean(), -2 * (gap * square).mean(), -2 * (gap * x).mean(), -2 * gap.mean()


normal = np.random.default_rng(1).normal
x = normal(size=ROWS)
run = prepared(x, 2 * x * x - x + 0.5 + 0.1 * normal(size=ROWS))
for point in (FAR, NEAR):
    run(point)
    begun = perf_counter()
    run(point)
    print(perf_counter() - begun)
