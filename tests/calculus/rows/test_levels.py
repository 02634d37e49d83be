"""Which texts have levels, which do not, and what is wrong with the others."""

from __future__ import annotations

import pytest

from gradcli.language.errors import GradcliError, NameProblem
from gradcli.language.parser.row_columns import VariesByRow
from gradcli.language.rows.level_reading import levels_of
from gradcli.language.rows.row_levels import NotByLevels

KNOWN = {"x": 1000, "y": 1000}


def levels(*texts):
    return levels_of(texts, KNOWN, ["a", "b"])


@pytest.mark.parametrize(
    ("text", "kinds", "last"),
    [
        ("sum((x-1)**2)", ["sum"], {"#1"}),
        ("mean((y-a*x-b)**2)", ["sum"], {"#1", "#rows"}),
        ("mean((x-mean(x))**2)", ["sum", "sum"], {"#2", "#rows"}),
        ("var(x) + std(x)", ["sum", "sum"], {"#2", "#rows"}),
        ("min(x) + max(x*y)*min(x)", ["min", "max"], {"#1", "#2"}),
        ("logsumexp(a*x)", ["max", "sum"], {"#1", "#2"}),
        ("sum(x[i+1]*x[i], i, 0, count()-2)", ["sum"], {"#1"}),
        ("m = mean(x); f(u) = u*m; sum(f(x)) + f(a)", ["sum", "sum"], {"#1", "#2", "#rows", "a"}),
        ("min(a) + max(x)", ["max"], {"#1", "a"}),
        ("sum(i*a, i, 1, 3) + sum(x)", ["sum"], {"#1", "a"}),
    ],
)
def test_a_level_for_each_number_that_is_made_of_rows(text, kinds, last):
    """Equal ones are one; numbers that are made of no rows are none."""
    found = levels(text)
    assert [level.kind for level in found.levels] == kinds
    assert set(found.last.variables) == last


def test_several_texts_are_summed_and_share_their_definitions():
    """As they do where they are written out."""
    found = levels("m = mean(x); sum(x*m)", "m + a")
    assert [level.name for level in found.levels] == ["#1", "#2"]
    assert set(levels("sum(x)", "a").last.variables) == {"#1", "a"}


@pytest.mark.parametrize(
    "text",
    [
        "sum(sum(x[i]*x[j], j, 0, count()-1), i, 0, count()-1)", "prod(x[i], i, 0, count()-1)",
        "sum(diff(mean(x)*x, x))", "sum(sum(x*x[i], i, 0, count()-1))", "var(x, count()-3)", "sum(x[i*i], i, 0, count()-1)*0",
    ],
)  # fmt: skip
def test_what_must_be_written_out(text):
    """A sum for each row of another one, products over all rows, derivatives of what is made of all rows."""
    with pytest.raises((NotByLevels, GradcliError)) as caught:
        levels(text)
    assert isinstance(caught.value, NotByLevels) or "whole number" in caught.value.message


def test_what_is_left_by_row_and_what_does_not_vary():
    """The sentences are those of a text that is written out."""
    with pytest.raises(VariesByRow):
        levels("x + 1")
    with pytest.raises(NameProblem, match="a does not vary by row"):
        levels("sum(a)")
    with pytest.raises(NameProblem, match="m is defined in terms of itself"):
        levels("m = m + x; sum(m)")
    with pytest.raises(GradcliError) as caught:
        levels("sum(x")
    assert caught.value.text == "sum(x"


def test_remarks_are_made():
    """A definition that is not used."""
    assert levels("u = x*a; sum(x)").remarks == ("u is defined, and not used",)
