"""`grad --format latex` of texts with columns: formulas by row, and sums over rows as sums."""

from __future__ import annotations

import json

import pytest

LEAST_SQUARES = [
    r"f &= \frac{1}{n} \sum_{i} \left(y_{i} - a x_{i}\right)^{2}",
    r"\frac{\partial f}{\partial a} &= \frac{1}{n} \sum_{i} 2 x_{i} \left(a x_{i} - y_{i}\right)",
    r"\frac{\partial f}{\partial x_{i}} &= \frac{2 a \left(a x_{i} - y_{i}\right)}{n}",
    r"\frac{\partial f}{\partial y_{i}} &= \frac{2 \left(y_{i} - a x_{i}\right)}{n}",
]


def lines(said):
    """The lines of the align environment."""
    assert said.status == 0, said.err
    first, *found, last = said.out.strip().split("\n")
    assert (first, last) == (r"\begin{align*}", r"\end{align*}")
    return [line.removesuffix(r" \\") for line in found]


def test_columns_without_numbers_have_formulas_by_row(run):
    """Sums over an index, columns under it, one line along a column."""
    assert lines(run("grad", "mean((y-a*x)**2)", "--columns", "x,y", "--format", "latex")) == LEAST_SQUARES


def test_numbers_stand_behind_the_formulas(run):
    """Those along a column in brackets."""
    found = lines(
        run("grad", "mean((y-a*x)**2)", "--x", "[1,2]", "--y", "[2,5]", "--a", "2", "--format", "latex")
    )
    numbers = ["0.5", "-2", r"\left(0, -2\right)", r"\left(0, 1\right)"]  # y - a*x is 0 and 1
    assert found == [f"{line} = {number}" for line, number in zip(LEAST_SQUARES, numbers, strict=True)]


def test_long_columns_are_cut(run):
    """Five numbers, and dots."""
    column = lines(run("grad", "sum(x**2)", "--x", json.dumps(list(range(9))), "--format", "latex"))[1]
    assert column.endswith(r"= \left(0, 2, 4, 6, 8, \ldots\right)")


def test_a_sum_within_a_sum_has_an_index_of_its_own(run):
    """No letter means two rows at once, and none is a name of the text."""
    value, slope = lines(run("grad", "sum((x-mean(x))**2)", "--columns", "x", "--format", "latex"))
    assert value.count(r"\sum_{i}") == value.count(r"\sum_{j}") == 1
    assert r"\sum_{i}" not in slope
    taken = lines(run("grad", "sum(i*n*x)", "--columns", "x", "--format", "latex", "--wrt", "x,n"))
    assert taken[0] == r"f &= \sum_{j} i n x_{j}"
    assert taken[1].startswith(r"\frac{\partial f}{\partial x_{j}} &=")


@pytest.mark.parametrize("text", ["max(x)", "sum(x[i+1]*x[i], i, 0, count()-2)"])
def test_what_must_be_written_out_is_written_out(run, text):
    """Extremes and single rows, where the columns have numbers."""
    assert r"x_{0}" in run("grad", text, "--x", "[1,2]", "--format", "latex").out
