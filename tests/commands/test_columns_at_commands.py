"""Columns at commands that look for points, expand and apply: what the same numbers give one by one."""

from __future__ import annotations

import json

import pytest


def test_critical_holds_the_numbers_of_a_typed_column(run):
    """As variables with values are held: the least sum of squares is at the mean, whose decimals are as typed."""
    ended = run("critical", "sum((a-x)**2)", "--x", "[1/3, 2]", "--format", "json")
    (point,) = json.loads(ended.out)["points"]
    assert ended.status == 0
    assert list(point["at"]) == ["a"]
    assert point["exact"] == {"a": "7/6"}


def test_coefficients_are_those_of_the_decimals_of_a_column(run):
    """A third in a column is a third, as it is by itself: (1 - 1/3)²/2 + 1/2."""
    typed = run(
        "taylor", "mean((a-x)**2)", "--x", "[1/3, 2]", "--a", "1", "--wrt", "a", "--format", "csv"
    ).out
    assert "13/18" in typed and "-1/3" in typed


@pytest.mark.parametrize("gradient", [5, [1], [1, 2, 3], []])
def test_a_gradient_has_one_number_for_each_row(run, gradient):
    """Nothing is applied in part."""
    problem = {"expression": "sum(x**2)", "at": {"x": [1, 2]}, "gradient": {"x": gradient}}
    ended = run("apply", "-", text=json.dumps(problem))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("gradcli: the gradient along x has ") and "for 2 rows" in ended.err


def test_formulas_without_numbers_have_no_rows(run):
    """One line for each name; a row that is named makes formulas of one number of rows."""
    lines = run("grad", "mean((y - a*x)**2)", "--columns", "x,y", "--format", "csv").out.splitlines()
    assert [line.partition(",")[0] for line in lines] == ["variable", "a", "x", "y"]
    for row in (0, 5):
        ended = run("grad", f"x[{row}]*a", "--columns", "x")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("gradcli: the formulas of this text depend on how many rows there are\n")


def test_nothing_is_written_before_every_file_has_the_columns(run, tmp_path):
    """The second file lacks x: no row of the first is taken for an answer."""
    for name, text in (("one.csv", "x\n1\n2\n"), ("two.csv", "z\n1\n")):
        (tmp_path / name).write_text(text)
    files = [part for name in ("one.csv", "two.csv") for part in ("--data", tmp_path / name)]
    ended = run("grad", "log(x)*a", "--a", "1", *files, "--format", "csv")
    assert (ended.status, ended.out) == (2, "")
    assert "two.csv has no column x" in ended.err
    assert run("grad", " ", *files).err == "gradcli: the expression is empty\n"
