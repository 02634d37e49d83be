"""Texts of constraints: links, chains, bounds, and errors that point at characters."""

from __future__ import annotations

import pytest

from gradcli.language.constraints.constraint_text import constraints_of, definitions_of
from gradcli.language.constraints.subject_to import separated
from gradcli.language.errors import GradcliError


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("x+y = 1", [("x+y", "=", "1")]),
        ("x+y == 1", [("x+y", "=", "1")]),
        ("x ≤ 1", [("x", "<=", "1")]),
        ("0 <= x <= 2", [("0", "<=", "x"), ("x", "<=", "2")]),
        ("2 >= x > 0", [("2", ">=", "x"), ("x", ">=", "0")]),
        ("x = y = 1", [("x", "=", "y"), ("y", "=", "1")]),
        ("x >= 0; y >= 0", [("x", ">=", "0"), ("y", ">=", "0")]),
        ("x >= 0\ny >= 0 # both\n", [("x", ">=", "0"), ("y", ">=", "0")]),
        ("subject to x >= 0\nsubject to y = 1", [("x", ">=", "0"), ("y", "=", "1")]),
        ("where(x > 0, x, 2) <= |y|", [("where(x > 0, x, 2)", "<=", "|y|")]),
        ("x! = 6", [("x!", "=", "6")]),
        ("1 = 2", [("1", "=", "2")]),
    ],
)
def test_links(text, links):
    """Each comparison of a chain is a link of its own."""
    assert [(one.left, one.relation, one.right) for one in constraints_of(text)] == links


@pytest.mark.parametrize(
    ("text", "bound", "constant", "strict"),
    [
        ("x >= 2", "x", "right", False), ("2 < x", "x", "left", True), ("x = 2", None, "right", False),
        ("2*x >= 2", "x", "right", False), ("x <= y", None, "", False), ("x >= pi/2", "x", "right", False),
        ("1 <= 2", None, "both", False),
    ],
)  # fmt: skip
def test_bounds(text, bound, constant, strict):
    """One variable against a constant is a bound; an equation is none."""
    (link,) = constraints_of(text)
    assert (link.bound, link.constant, link.strict) == (bound, constant, strict)


@pytest.mark.parametrize(
    ("text", "culprit", "word"),
    [
        ("x", "x", "it has no =, <= or >="),
        ("x + y", "x + y", "it has no =, <= or >="),
        ("x != 3", "!=", "!= is no constraint"),
        ("x >= ", ">=", "nothing stands on the right of >="),
        ("= 3", "=", "nothing stands on the left of ="),
        ("0 < x > 1", ">", "one direction"),
        ("x >= 0 and y >= 0", "and", "and joins conditions"),
        ("x + * 2 = 1", "*", "is not expected here"),
        ("sinn(x) = 1", "sinn", "is not a function"),
        ("sin = 1", "sin", "needs brackets"),
        ("(x + 1 = 2", "(", "is not closed"),
        ("x) = 2", ")", "closes nothing"),
        (";", "", "a constraint is empty"),
    ],
)
def test_errors_point_at_characters(text, culprit, word):
    """The culprit is under the caret."""
    with pytest.raises(GradcliError) as caught:
        constraints_of(text)
    assert word in caught.value.message
    assert not culprit or text[slice(*caught.value.span)].strip() == culprit


def test_an_unquoted_sign_of_the_shell_is_told():
    """What is left of x >= 0.2 when the shell has taken the sign is x."""
    with pytest.raises(GradcliError) as caught:
        constraints_of("x")
    assert caught.value.hint == "quote it: --subject-to 'x >= 0.2' (an unquoted > is the shell's)"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("x >= 1", ("x", ">=", "1", 1.0)),
        ("1 <= x", ("x", ">=", "1", -1.0)),
        ("1e6*x >= 1e6", ("x", ">=", "1", 1e6)),
        ("1e-6*x <= 1e-6*(2.5)", ("x", "<=", "2.5", 1e-6)),
        ("3 - x <= 2", ("x", ">=", "1", -1.0)),
        ("(x + 1)*2 < 5", ("x", "<=", "1.5", 2.0)),
        ("x/3 >= 1/7", ("x", ">=", "3/7", 1 / 3)),
        ("x + 1 >= 2*x", ("x", "<=", "1", -1.0)),
        ("x + 1 + 1 - x*2*3/1/1 + 0*x >= 2**2", ("x", "<=", "-0.4", -5.0)),
        ("2*x <= pi", ("x", "<=", "((pi) - (0))/(2)", 2.0)),
        ("x >= x - 1", None),
        ("x*x >= 1", None),
        ("x >= y", None),
        ("2*x = 2", None),
        ("1/x >= 2", None),
        ("1e9000*x >= 1", None),
    ],
)
def test_a_multiple_of_a_bound_is_a_bound(text, bound):
    """Its end and what the difference of the sides is a multiple by, in rationals."""
    (link,) = constraints_of(text)
    found = link.limit and (link.limit.name, link.limit.relation, link.limit.end, link.limit.factor)
    assert found == bound


def test_definitions_of_the_expression_hold_in_constraints():
    """Their names are no bounds, and their functions are called."""
    definitions = definitions_of(["u = x*y; f(a) = a**2; u"])
    value, call = constraints_of("u >= 1; f(x) = 4", (), definitions)
    assert value.bound is None and call.left == "f(x)"


@pytest.mark.parametrize(
    ("text", "rest", "constraints"),
    [
        ("x**2", "x**2", ()),
        ("x**2 + y subject to x + y = 1", "x**2 + y", ("x + y = 1",)),
        ("subject to x >= 1\nsubject to y = 2\nx + y", "x + y", ("x >= 1", "y = 2")),
        ("u = x*y; u**2; subject to u >= 1", "u = x*y; u**2", ("u >= 1",)),
        ("subject + to", "subject + to", ()),
    ],
)
def test_constraints_in_the_text_of_a_problem(text, rest, constraints):
    """They stand apart from definitions and the expression."""
    found = separated(text)
    assert (found.text, found.constraints) == (rest, constraints)
