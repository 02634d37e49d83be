"""Products with matrices at corners: those of the entries that --corner chooses, and no others."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

RULES = ["least", "left", "right", "tf1", "torch", "jax"]
OUTPUTS = ["abs(x) + x*y", "max(x, y)", "relu(x - y)*2", "x*y**2"]


def numbers(ended):
    """The parsed answer of a command that has given one."""
    assert ended.status == 0, ended
    return json.loads(ended.out)


@pytest.mark.parametrize("corner", RULES)
@pytest.mark.parametrize("weights", [(1, 1, 1, 1), (2, -1, 0.5, 3), (0, 0, 1, 0)])
def test_weights_times_the_matrix_at_a_corner(corner, weights, run):
    """The slope of the weighted sum where it has one, and elsewhere the rows that jacobian prints, each by its weight."""
    asked = ("jacobian", *OUTPUTS, "--at", "x=0,y=0", "--corner", corner, "--json")
    matrix = numbers(run(*asked))["jacobian"]
    whole = " + ".join(f"({w})*({text})" for w, text in zip(weights, OUTPUTS, strict=True))
    slopes = json.loads(run("grad", whole, "--at", "x=0,y=0", "--json").out)["gradient"]
    product = numbers(run(*asked, "--vjp", ",".join(map(str, weights))))["vjp"]
    for name, slope in slopes.items():
        rows = sum(w * row[name] for w, row in zip(weights, matrix, strict=True))
        assert product[name] == (rows if slope is None else slope), name


@pytest.mark.parametrize("corner", RULES)
@pytest.mark.parametrize("direction", [(1, 0), (2, 1), (-1, 3), (1, 1)])
def test_the_matrix_times_a_direction_at_a_corner(corner, direction, run):
    """Row by row the slope along the direction where it has one, and elsewhere what the entries make."""
    x, y = direction
    asked = ("jacobian", *OUTPUTS, "--at", "x=0,y=0", "--corner", corner, "--json")
    matrix = numbers(run(*asked))["jacobian"]
    product = numbers(run(*asked, "--jvp", f"x={x},y={y}"))["jvp"]
    for text, row, found in zip(OUTPUTS, matrix, product, strict=True):
        along = f"x = {x}*t; y = {y}*t; {text}"
        slope = json.loads(run("grad", along, "--t", 0, "--json").out)["gradient"]["t"]
        assert found == (row["x"] * x + row["y"] * y if slope is None else slope), text


@pytest.mark.parametrize(("corner", "second"), [("left", -2), ("right", 2), ("least", 0), ("torch", 0)])
def test_second_derivatives_times_a_direction_at_a_corner(corner, second, run):
    """(x*|x|)'' is -2 on the left and 2 on the right; beside it y**3 is as smooth as ever."""
    asked = ("hessian", "x*abs(x) + y**3", "--x", 0, "--y", 2, "--hvp", "x=3,y=5", "--corner", corner)
    assert numbers(run(*asked, "--json"))["hvp"] == {"x": 3 * second, "y": 60}
    assert run(*asked, "--digits", 30, "--get", "hvp.y").out == "60\n"


def test_a_product_without_a_choice_is_none_and_with_one_that_is_none_too(run):
    """Without --corner status 3, and so with it where a slope is infinite."""
    assert run("hessian", "x*abs(x)", "--x", 0, "--hvp", "x=1").status == 3
    assert run("jacobian", "sqrt(x)", "abs(x)", "--x", 0, "--vjp", "1,1", "--corner", "least").status == 3
    smooth = [
        run("hessian", "x**3*y", "--x", 2, "--y", 3, "--hvp", "x=1,y=1", *more).out
        for more in ((), ("--corner", "left"))
    ]
    assert all(one == other for one, other in pairwise(smooth))


def test_a_variable_that_nothing_depends_on_is_no_missing_number(run):
    """Status 0: --corner chose all that could be chosen."""
    point = ("--x", 0, "--y", 1, "--z", 1, "--wrt", "x,y,z")
    ended = run("jacobian", "abs(x)", "x*y", *point, "--vjp", "1,1", "--corner", "least", "--json")
    assert numbers(ended)["vjp"] == {"x": 1.0, "y": 0.0, "z": None}
