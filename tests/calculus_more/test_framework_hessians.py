"""Second derivatives at ties are what JAX 0.10.2 answers (`jax.hessian`, measured in float64)."""

from __future__ import annotations

import pytest

from gradcli.calculus.evaluation.table_at_point import tabulate
from gradcli.calculus.tables.hessian_table import hessian_of

#: text: the point, and jax.hessian there.
MEASURED = {
    "max(x,y)**2": ((1, 1), [[0.5, 0.5], [0.5, 0.5]]),
    "min(x,y)**2": ((1, 1), [[0.5, 0.5], [0.5, 0.5]]),
    "max(x,y)**3": ((1, 1), [[1.5, 1.5], [1.5, 1.5]]),
    "max(x,y)*x": ((1, 1), [[1.0, 0.5], [0.5, 0.0]]),
    "max(x,0)*y": ((0, 2), [[0.0, 0.5], [0.5, 0.0]]),
    "max(x,0)**2*y": ((0, 2), [[1.0, 0.0], [0.0, 0.0]]),
    "abs(x)*y": ((0, 2), [[0.0, 1.0], [1.0, 0.0]]),
    "abs(x)*x + 0*y": ((0, 2), [[2.0, 0.0], [0.0, 0.0]]),
    "abs(x-y)**3": ((1, 1), [[0.0, 0.0], [0.0, 0.0]]),
    "abs(x-y)*x": ((1, 1), [[2.0, -1.0], [-1.0, 0.0]]),
    "relu(x)*y": ((0, 2), [[0.0, 0.0], [0.0, 0.0]]),
    "relu(x-y)*x*y": ((1, 1), [[0.0, 0.0], [0.0, 0.0]]),
    "clip(x,0,1)*y": ((1, 2), [[0.0, 0.5], [0.5, 0.0]]),
    "clip(x,0,1)**2*y": ((1, 2), [[1.0, 1.0], [1.0, 0.0]]),
    "where(x<y,x*x,y*x)": ((1, 1), [[0.0, 1.0], [1.0, 0.0]]),
    "where(x<=0,x**2,3*x**2)*y": ((0, 2), [[4.0, 0.0], [0.0, 0.0]]),
    "max(x*y,x)": ((1, 1), [[0.0, 0.5], [0.5, 0.0]]),
    "max(x**2,y**2)": ((1, 1), [[1.0, 0.0], [0.0, 1.0]]),
    "max(x,y)*max(x,2*y)": ((1, 1), [[0.0, 1.0], [1.0, 2.0]]),
    "max(max(x,y),x*y)**2": ((1, 1), [[1.125, 2.125], [2.125, 1.125]]),
}


@pytest.mark.parametrize("text", MEASURED)
def test_entries_at_ties_are_those_of_jax(text):
    (x, y), expected = MEASURED[text]
    at = {"x": float(x), "y": float(y)}
    found = tabulate(hessian_of([text], at, formulas=False), at, 15, "jax")
    assert [list(row) for row in found.entries] == expected


@pytest.mark.parametrize("text", ["max(x,y)**2", "max(x,0)*y + y", "abs(x-y)*x"])
def test_products_are_the_entries_times_the_direction(run, text):
    x, y = (0, 2) if "0" in text else (1, 1)
    expected = MEASURED[text.removesuffix(" + y")][1]
    ended = run(
        "hessian", text, "--x", str(x), "--y", str(y), "--corner", "jax", "--hvp", "x=1,y=2", "--get", "hvp"
    )
    assert ended.status == 0
    assert ended.out == '{{"x": {}, "y": {}}}\n'.format(*(row[0] + 2 * row[1] for row in expected))


def test_what_is_answered_everywhere_is_an_answer(run):
    """Every entry has a number: the status is 0, and what is said is said of the partial that has the corner."""
    ended = run("hessian", "max(x,0)*y", "--x", "0", "--y", "2", "--corner", "jax")
    assert (ended.status, ended.err) == (
        0, "note: max(x,0) has a corner at x = 0: slope 0 on the left, 2 on the right\n",
    )  # fmt: skip


def test_rational_entries_are_compared_as_balls():
    """The mixed partials of max(x, y)*x differ in how they were found, and are rationals."""
    at = {"x": 1.0, "y": 1.0}
    assert tabulate(hessian_of(["max(x,y)*x"], at, formulas=False), at, 15, "right").entries[1][1] == 0
