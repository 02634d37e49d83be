"""A text's parts: its definitions, its expression, what may have to be said of it, and what a hint repeats of it."""

from __future__ import annotations

import pytest

from gradcli.language.errors import SyntaxProblem
from gradcli.language.name_meanings import may_have_remarks
from gradcli.language.parser import parse
from gradcli.language.problem_text import ProblemText, divided


@pytest.mark.parametrize(
    ("text", "definitions", "expression"),
    [
        ("u = x*y; u**2", ("u = x*y",), "u**2"),
        ("u = x\nv = u + 1\nu*v", ("u = x", "v = u + 1"), "u*v"),
        ("# a comment\nx**2  # another", (), "x**2"),
        ("x**2 +\n y", (), "x**2 +\n y"),
        ("x == 2", (), "x == 2"),
    ],
)
def test_a_text_is_divided_into_definitions_and_expression(text, definitions, expression):
    """Semicolons and lines divide; comments, comparisons and open ends of lines do not."""
    assert divided(text) == ProblemText(definitions, expression)


@pytest.mark.parametrize(
    ("text", "may"),
    [("x**2 + y", False), ("x <= 2", False), ("x == 2", False), ("u = x; u", True), ("sum(x)", True)],
)
def test_nothing_has_to_be_said_of_a_plain_expression(text, may):
    """What would look for remarks is loaded only for definitions and sums."""
    assert may_have_remarks(text) is may


@pytest.mark.parametrize("inside", ["x*" * 30 + "x", "x&y", "x)(", "x\x1b[31m"])
def test_a_hint_repeats_no_more_than_can_be_shown(inside):
    """What is too long, out of balance or no text of a formula stays out of d[…]'s hint."""
    with pytest.raises(SyntaxProblem) as short:
        parse("d[x**2]")
    assert "diff(x**2)" in short.value.hint
    with pytest.raises(SyntaxProblem) as refused:
        parse(f"d[{inside}]")
    assert inside not in refused.value.hint and "diff(" not in refused.value.hint
