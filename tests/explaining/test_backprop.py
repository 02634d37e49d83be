"""Backpropagation tables: their adjoints are the gradient, their local derivatives those of differences."""

from __future__ import annotations

import pytest

from gradcli.calculus.deriving.backpropagation import backpropagation
from gradcli.calculus.evaluation.gradient_at_point import evaluate_digits
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.language.errors import DomainProblem
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse
from tests.exporting.sources import POINT, calls


def table(text, **at):
    """The rows by their names."""
    return {row.node: row for row in backpropagation(parse(text, at), at, 20)}


def test_the_tutorial_is_drawn_as_a_course_would():
    """Variables first, then one row per operation with its adjoint."""
    rows = table("x**2+x*y+3", x=5, y=3)
    assert [row.operation for row in rows.values()] == ["", "", "x**2", "x*y", "v1 + v2", "v3 + 3"]
    assert [row.value for row in rows.values()] == ["5", "3", "25", "15", "40", "43"]
    assert [row.adjoint for row in rows.values()] == ["13", "5", "1", "1", "1", "1"]
    assert rows["v2"].local == {"x": "3", "y": "5"}
    assert rows["v2"].expression == "x*y"


@pytest.mark.parametrize("function", list(FUNCTIONS))
def test_adjoints_of_variables_are_the_gradient(function):
    """To the last digit: the table is made by the sweep that makes the program."""
    text = calls(function)
    if text is None:
        pytest.skip(f"{function} has no gradient along its arguments")
    compiled = compile_text([text], POINT.keys())
    answer = evaluate_digits(compiled.program, text, POINT, 20)
    rows = {row.node: row for row in backpropagation(parse(text, POINT), POINT, 20)}
    for name, partial in answer.partials.items():
        assert rows[name].adjoint == partial
    assert list(rows.values())[-1].value == answer.value
    assert list(rows.values())[-1].adjoint == "1"


@pytest.mark.parametrize("text", ["x**2*sin(x*y)/y", "x*x + x", "exp(x)*exp(x)*y", "max(x, y)*x"])
def test_adjoints_are_sums_over_what_uses_a_node(text):
    """The rule of the table itself: a node's adjoint is the sum of adjoint times local derivative of its users."""
    rows = table(text, x=0.7, y=1.9)
    for name, row in list(rows.items())[:-1]:
        users = [other for other in rows.values() if name in other.local]
        total = sum(float(user.adjoint) * float(user.local[name]) for user in users)
        assert total == pytest.approx(float(row.adjoint), rel=1e-14)


def test_names_of_nodes_are_no_variables():
    """A variable v1 keeps its name, and nodes get another prefix."""
    rows = table("v1*w + v1", v1=2, w=3)
    assert rows["v1"].adjoint == "4"
    assert "vv1" in rows


def test_a_corner_has_no_adjoint():
    """|x| at 0: no number below it, one above."""
    rows = table("abs(x) + y", x=0, y=1)
    assert rows["x"].adjoint is None
    assert rows["y"].adjoint == "1"


def test_an_untaken_piece_does_not_matter():
    """It has no value, an adjoint of 0, and the rest is as ever."""
    rows = table("where(x > 0, log(x), x**2)", x=-2)
    assert rows["x"].adjoint == "-4"
    assert rows["v2"].value is None


def test_no_value_is_an_error():
    """Where f is not defined there is nothing to draw."""
    with pytest.raises(DomainProblem):
        table("log(x)", x=-1)
