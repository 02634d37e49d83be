"""`--get PATH`: one value, bare."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.output.painters.get_path import picked_text, picked_value

ANSWER = {
    "expression": "x*y",
    "at": {"x": 1.0, "value": 9.0},
    "value": 3.0,
    "gradient": {"x": 2.5, "lr": None},
    "formulas": {"x": "y"},
    "after": {"at": {"x": 2.0, "value": 7.0}, "value": 4.0},
    "steps": [{"at": {"x": 1.0}}, {"at": {"x": 0.5}}],
    "notes": [],
}

FOUND = [
    ("value", 3.0),
    ("gradient.x", 2.5),
    ("gradient.lr", None),
    ("formulas.x", "y"),
    ("after.at.x", 2.0),
    ("after.x", 2.0),
    ("after.value", 4.0),
    ("after.at.value", 7.0),
    ("steps.0.at.x", 1.0),
    ("steps.1.x", 0.5),
    ("steps.-1.x", 0.5),
    ("notes", []),
]


@pytest.mark.parametrize(("path", "value"), FOUND)
def test_a_path_leads_to_its_value(path, value):
    """Keys, indices, and the shorthand that leaves `at` out."""
    assert picked_value(ANSWER, path) == value


LOST = [
    ("gradient.q", "gradient has no q: it has x, lr", (9, 10), None),
    ("gradient.l", "gradient has no l: it has x, lr", (9, 10), "did you mean gradient.lr?"),
    ("gradiemt.x", "the answer has no gradiemt: it has", (0, 8), "did you mean gradient?"),
    ("x", "the answer has no x", (0, 1), "did you mean gradient.x?"),
    ("after.gradient", "after has no gradient: it has at, value", (6, 14), None),
    ("steps.2", "steps has no 2: it has the entries 0 to 1", (6, 7), None),
    ("steps.-3", "steps has no -3", (6, 8), None),
    ("steps.--1", "steps has no --1", (6, 9), None),
    ("steps." + "9" * 5000, "steps has no 9", (6, 5006), None),
    ("steps.²", "steps has no ²", (6, 7), None),
    ("notes.0", "notes has no 0: it is empty", (6, 7), None),
    ("expression.0", "expression has no 0: it is a single value", (11, 12), None),
    ("gradient.", "gradient has no part without a name", (9, 9), None),
    ("", "the answer has no part without a name", (0, 0), None),
]


@pytest.mark.parametrize(("path", "message", "span", "hint"), LOST)
def test_a_path_that_leads_nowhere_says_what_there_is(path, message, span, hint):
    """The culprit in the path, what could stand there, and the nearest."""
    with pytest.raises(UsageProblem) as caught:
        picked_value(ANSWER, path)
    assert message in caught.value.message
    assert (caught.value.span, caught.value.hint) == (span, hint)


def test_many_names_are_not_all_listed():
    """A thousand variables do not make a thousand-word sentence."""
    with pytest.raises(UsageProblem, match="x0, x1, x2, x3, x4, x5, x6, x7 and 992 more"):
        picked_value({f"x{index}": 0.0 for index in range(1000)}, "zzz")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_picked_number_reads_back(value):
    """`$(…)` receives every bit."""
    assert repr(float(picked_text(value))) == repr(value)


PRINTED = [
    ("2*x", "2*x"),
    (True, "true"),
    (False, "false"),
    (7, "7"),
    (-0.0, "-0.0"),
    ([1.0, None], "[1.0, null]"),
    ({"x": 1.0}, '{"x": 1.0}'),
]


@pytest.mark.parametrize(("value", "text"), PRINTED)
def test_a_picked_value_is_bare(value, text):
    """Text without quotes, truth as JSON spells it, parts as JSON."""
    assert picked_text(value) == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_no_value_is_an_error_with_status_3(value):
    """A script never receives an empty word or `nan` for a number."""
    with pytest.raises(DomainProblem, match=r"gradient\.x has no value") as caught:
        picked_text(value, "gradient.x")
    assert caught.value.status == 3
