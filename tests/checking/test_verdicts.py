"""Verdicts: every wrong gradient of the table is found, and no right one is accused."""

from __future__ import annotations

import json

import pytest

from gradcli.calculus.checking.claim_verdicts import judged
from gradcli.calculus.checking.claims import Subject, Tolerance
from gradcli.calculus.checking.gradient_check import checked
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.language.errors import GradcliError
from gradcli.language.parser import parse
from tests.checking.tables import RIGHT, WRONG


def verdict(text, variable, claim, **at):
    """The verdict about one claim."""
    subject = Subject(parse(text, at), compile_text([text], at), {k: str(v) for k, v in at.items()})
    return judged(subject, variable, claim, 12, Tolerance())


def test_the_tables_are_large_enough():
    """Sixty wrong ones and sixty right ones at the least, and most slips are named."""
    assert len(WRONG) >= 60
    assert len(RIGHT) >= 60
    assert sum(bool(words) for *_, words in WRONG) >= 60


@pytest.mark.parametrize(("text", "variable", "claim", "words"), WRONG)
def test_a_wrong_gradient_is_found(text, variable, claim, words):
    """It is called wrong, with a point, two different numbers there, and the slip where the table names one."""
    found = verdict(text, variable, claim)
    assert found.verdict == "wrong"
    assert found.at is not None
    assert found.actual != found.claimed
    assert words in (found.slip or "")


@pytest.mark.parametrize(("text", "variable", "claim"), RIGHT)
def test_a_right_gradient_is_not_accused(text, variable, claim):
    """However it is written, it is proved or equal at twelve points and more, on every piece."""
    found = verdict(text, variable, claim)
    assert found.verdict in ("proved", "equal")
    assert found.points >= 12


@pytest.mark.parametrize(("text", "variable", "claim"), RIGHT)
def test_a_right_gradient_with_a_tiny_error_is_wrong(text, variable, claim):
    """One part in 10**30 is seen: points are compared to fifty digits."""
    wrong = f"({claim})*(1 + 1/10**30) + 1/10**30"
    assert verdict(text, variable, wrong).verdict == "wrong"


def test_the_slip_points_at_its_place():
    """The span covers the sub-expression whose rule went wrong."""
    found = verdict("y + sin(x**2)", "x", "cos(x**2)")
    assert "y + sin(x**2)"[slice(*found.span)] == "sin(x**2)"


def test_a_counterexample_is_simple():
    """The first points are small whole numbers, for checking by hand."""
    assert verdict("x**2+x*y+3", "x", "2*x").at == {"x": "2", "y": "3"}


def test_a_number_is_about_the_point():
    """A claim without variables is compared where the values say, within the tolerance."""
    assert verdict("x**2+x*y+3", "x", "13", x=5, y=3).verdict == "close"
    assert verdict("x**2+x*y+3", "x", "13.01", x=5, y=3).verdict == "close"
    assert verdict("x**2+x*y+3", "x", "13.1", x=5, y=3).verdict == "wrong"
    assert verdict("x**2+x*y+3", "x", "13").verdict == "wrong"
    assert verdict("x**2+x*y+3", "x", "13.01", x=5, y=3).points == 1


@pytest.mark.parametrize(("claim", "said"), [
    ("10", "right: equal to the partial at this point"),
    ("10.01", "close: within the tolerance of 0.02 at this point, 0.1 % off"),
    ("10.03", "wrong: not within the tolerance of 0.02 at this point"), ("2*x + 0", "right: proved"),
])  # fmt: skip
def test_the_tolerance_of_a_number_is_told(claim, said, run):
    """0.001 of the slope and 0.001 beside it, as they were asked for."""
    ended = run("check", "x**2", "--x", 5, "--claim", f"x={claim}", "--atol", "0.01", "--rtol", "0.001")
    assert said in ended.out
    found = run(
        "check", "x**2", "--x", 5, "--claim", f"x={claim}", "--atol", "0.01", "--rtol", "0.001", "--json"
    ).out
    told = json.loads(found)["checks"][0]["tolerance"]
    assert told is None if "x" in claim else told == pytest.approx(0.02, rel=1e-12)


def test_numbers_at_the_point_are_shown():
    """With a point both values there are part of the verdict."""
    found = verdict("x**2+x*y+3", "x", "2*x", x=5, y=3)
    assert (found.at, found.claimed, found.actual) == ({"x": "5", "y": "3"}, "10", "13")


def test_a_claim_that_holds_at_the_point_by_chance_stays_wrong():
    """The counterexample is elsewhere, and a note says that the claim happens to hold here."""
    found = verdict("x**2+x*y+3", "x", "2*x", x=5, y=0)
    assert found.verdict == "wrong"
    assert found.at == {"x": "2", "y": "3"}
    assert "happens to hold" in found.note


def test_a_claim_without_a_value_somewhere_is_said_so():
    """x**(-2/3)/3 is right for positive x, and has no value for negative ones."""
    found = verdict("cbrt(x)", "x", "x**(-2/3)/3")
    assert found.verdict in ("proved", "equal")
    assert "no value at x = -2" in found.note


def test_nothing_is_decided_without_a_domain():
    """Where f has no value anywhere no claim is right or wrong."""
    assert verdict("log(sin(x) - 2)", "x", "cos(x)/(sin(x)-2)").verdict == "undecided"


@pytest.mark.parametrize(("variable", "claim"), [("z", "1"), ("x", "2*z"), ("x", "2*"), ("x", "x > 1")])
def test_what_is_no_claim_is_refused(variable, claim):
    """Unknown variables and what does not parse are errors that name the culprit."""
    with pytest.raises(GradcliError):
        verdict("x**2+x*y+3", variable, claim)


@pytest.mark.parametrize("text", sorted({text for text, *_ in RIGHT}))
def test_the_three_routes_agree(text):
    """Formula, program and high-precision differences give the same forty digits."""
    subject = Subject(parse(text), compile_text([text], ()), {})
    for variable in subject.program.variables:
        found = checked(subject, variable, 5, Tolerance(), None)
        assert found.verdict == "agree", found


def test_a_wrong_program_is_caught():
    """A program whose gradient is another one's does not pass: the routes are independent."""
    right, other = compile_text(["x**2+x*y+3"], ()), compile_text(["x**2+x*y+4*x"], ())
    broken = right._replace(program=other.program._replace(value=other.program.value))
    found = checked(Subject(parse("x**2+x*y+3"), broken, {}), "x", 5, Tolerance(), None)
    assert found.verdict == "wrong"
    assert set(found.values) == {"formula", "program", "differences"}


def test_differences_in_floats_follow_the_tolerance():
    """PyTorch's convention: eps to both sides, within atol + rtol*|partial|."""
    subject = Subject(parse("sin(x)"), compile_text(["sin(x)"], ()), {})
    assert checked(subject, "x", 5, Tolerance(), 1e-6).verdict == "agree"
    assert checked(subject, "x", 5, Tolerance(0.0, 1e-15), 1e-2).verdict == "wrong"
