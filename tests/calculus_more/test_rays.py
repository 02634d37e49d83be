"""Derivatives along directions: what f does along the ray, whatever its partials are."""

from __future__ import annotations

import json
import math

import mpmath
import pytest

from gradcli.calculus.evaluation.directional_derivative import directional_derivative
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.typed_numbers import TypedFloat
from gradcli.cli import run

ORIGIN = {"x": "0", "y": "0"}
ONES = {"x": "1", "y": "1"}

#: Expression, point, direction, the derivative at 0 of f on the line (by hand).
SLOPES = [
    ("where(x==0 and y==0, 0, x**2*y/(x**2+y**2))", ORIGIN, ("1", "1"), 0.5),
    ("where(x==0 and y==0, 0, x**2*y/(x**2+y**2))", ORIGIN, ("2", "1"), 0.8),
    ("where(x==0 and y==0, 0, x**3/(x**2+y**2))", ORIGIN, ("1", "3"), 0.1),
    ("abs(x-y)", ONES, ("1", "1"), 0.0),
    ("max(x,y)", ONES, ("1", "1"), 1.0),
    ("max(x,y)+x", ONES, ("-3", "-3"), -6.0),
    ("abs(x)+y**2", {"x": "0", "y": "3"}, ("0", "2"), 12.0),
    ("x*abs(y)", ORIGIN, ("1", "1"), 0.0),
    ("cbrt(x**3+y**3)", ORIGIN, ("1", "1"), 2 ** (1 / 3)),
    ("abs(x*y)", ORIGIN, ("1", "1"), 0.0),
    ("clip(x+y,0,2)", ORIGIN, ("1", "-1"), 0.0),
    ("min(x,2*y)", ORIGIN, ("2", "1"), 2.0),
    ("floor(x-y)+x", ONES, ("1", "1"), 1.0),
    ("sqrt(x*x)*sign(x)+y", ORIGIN, ("1", "1"), 2.0),
    ("hypot(x,y)**2", ORIGIN, ("3", "4"), 0.0),
    ("atan2(y,x)", {"x": "-1", "y": "0"}, ("1", "0"), 0.0),
    ("x*y", {"x": "1", "y": "2"}, ("1e-200", "0"), 2e-200),
    ("x-y", ONES, ("1", "1"), 0.0),
    ("sin(x)*1e20-y*1e20", {"x": "0", "y": "0"}, ("1", "1"), 0.0),
]

#: Expression, point, direction, kind of the note, slopes behind and ahead.
NONE = [
    ("cbrt(x*y)", ORIGIN, ("1", "1"), "infinite", (None, None)),
    ("max(x,y)", ONES, ("1", "2"), "corner", (1.0, 2.0)),
    ("sqrt(x*x+y*y)", ORIGIN, ("3", "4"), "corner", (-5.0, 5.0)),
    ("sqrt(abs(x*y))", ORIGIN, ("1", "1"), "corner", (-1.0, 1.0)),
    ("floor(x+y)", ONES, ("1", "1"), "jump", (None, 0.0)),
    ("sqrt(x)+y", ORIGIN, ("1", "1"), "infinite", (None, None)),
    ("x**y", {"x": "0", "y": "2"}, ("0", "1"), None, None),
]


def along(text, at, direction, **how):
    """The derivative and the note."""
    program = compile_text([text], list(at)).program
    return directional_derivative(program, text, at, dict(zip(at, direction, strict=True)), 15, **how)


@pytest.mark.parametrize(("text", "at", "direction", "wanted"), SLOPES)
def test_the_ray_decides(text, at, direction, wanted):
    """Where partials times components are no derivative, or cancel, the number is that of the line."""
    found, note = along(text, at, direction)
    assert note is None
    assert found == pytest.approx(wanted, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize(("text", "at", "direction", "kind", "sides"), NONE)
def test_where_both_ways_differ_there_is_no_slope(text, at, direction, kind, sides):
    """What is behind and ahead is said."""
    found, note = along(text, at, direction)
    if kind is None:
        assert (found, note) == (0.0, None)
        return
    assert found is None
    assert (note.kind, (note.left, note.right)) == (kind, sides)


def test_what_cannot_be_told_from_0_is_said():
    """3*e - 3*e, one of them a component of the direction."""
    found, note = along("exp(x)-3*y", ONES, ("3", TypedFloat(math.e, "e")))
    assert (found, note.kind) == (0.0, "undecided")
    found, note = along("exp(x)-exp(y)", ONES, ("1", "1"))
    assert (found, note.kind) == (0.0, "undecided")


def test_lengths_are_scaled_first():
    """Neither overflow nor underflow of the squares of components."""
    for size in ("1e200", "1e-200"):
        assert along("x+y", ONES, (size, size), normalized=True)[0] == pytest.approx(math.sqrt(2))


def test_an_unknown_partial_is_no_hindrance():
    """The order of a Bessel function has no formula; along it there is a slope all the same (mpmath: 50 digits)."""
    found, _ = along("besselj(x,y)", {"x": "1", "y": "2"}, ("1", "0"))
    assert found == pytest.approx(float(mpmath.diff(lambda n: mpmath.besselj(n, 2), 1)), rel=1e-14)


@pytest.fixture
def answered(tmp_path, monkeypatch, capsys):
    """A command's JSON, with its status."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path))

    def ask(*arguments):
        status = run([*arguments, "--format", "json"])
        return status, json.loads(capsys.readouterr().out)

    return ask


def test_products_with_a_direction_follow_the_ray(answered):
    """jvp and hvp: a row's number is what that row does along the ray."""
    point = ("--x", "0", "--y", "0")
    _, record = answered("jacobian", "abs(x-y)", "max(x,y)", "abs(x)*y", *point, "--jvp", "x=1,y=1")
    assert record["jvp"] == [0, 1, 0]
    status, record = answered("jacobian", "abs(x)", "max(x,y)", *point, "--jvp", "x=0,y=1")
    assert (status, record["jvp"]) == (3, [0, None])
    _, record = answered("hessian", "abs(x-y)**3", "--x", "1", "--y", "1", "--hvp", "x=1,y=1")
    assert record["hvp"] == {"x": 0, "y": 0}
    _, record = answered("hessian", "x*abs(x)+y**2", *point, "--hvp", "y=1")
    assert record["hvp"] == {"x": 0, "y": 2}


def test_the_status_tells_that_there_is_no_slope_along_a_direction(answered):
    """Also where every partial has a number."""
    status, record = answered("grad", "cbrt(x*y)", "--x", "0", "--y", "0", "--along", "x=1,y=1")
    assert status == 3
    assert record["gradient"] == {"x": 0, "y": 0}
    assert record["along"]["derivative"] is None
    status, record = answered("grad", "x*y", "--x", "1±1e-200", "--y", "2±1e-200")
    assert record["uncertainty"]["sigma"] == pytest.approx(math.sqrt(5) * 1e-200)
