"""Points where pieces of corners, jumps and roots meet under constraints: what is claimed there is known by hand."""

from __future__ import annotations

import math

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.language.constraints.constraint_text import constraints_of


def ended(text, constraints, wrt=None, **at):
    """How the descent from a point ends."""
    links = [link for one in constraints.split(";") for link in constraints_of(one, tuple(at))]
    return minimize_constrained([text], links, {name: float(x) for name, x in at.items()}, Wish(wrt=wrt))


def test_a_variable_may_have_the_name_of_a_constant():
    """asin(x) rises to x = 1, whatever pi is."""
    found = ended("-asin(x)+y^2+pi", "x+y^2 <= 1", ["x", "y"], x=0.3, y=0.2, pi=1)
    assert found.success and found.x["x"] == 1
    assert found.fun == pytest.approx(1 - math.pi / 2)


def test_a_root_of_a_root_ends_where_that_does():
    """√x to the power of 3/2 is x to that of 3/4, least at 0."""
    found = ended("sqrt(x)^1.5+y^2", "x+y >= 0", x=0.5, y=0.2)
    assert found.success and found.fun == 0 and found.x == {"x": 0, "y": 0}


@pytest.mark.parametrize(
    ("text", "x"),
    [
        # below 1000, at it and above f is 1000003, 1000000 and next to 999997, which it never takes
        ("sqrt(y) + 1e6 - 3*sign(x-1000) + (x-1000)^6", 999.5),
        ("abs(y)*(2+sin(y)) - ceil(x) + (x-1000)^8", 999.5),
    ],
)
def test_what_meets_is_asked_where_the_minimum_is(text, x):
    """A jump far from where the search ended, and at the point that was found from there, is no minimum."""
    found = ended(text, "x+y >= 0", x=x, y=1)
    assert not found.success or abs(found.x["x"] - 1000) > 1e-6


@pytest.mark.parametrize(
    ("text", "constraints", "at", "status"),
    [
        ("sqrt(ceil(x)) - 2*ceil(x) - x", "x >= -1", "x=0", 3),  # f(0.001) = -1.001
        ("abs(x) - 2*ceil(x)+ hypot(ceil(x),y)", "x+y >= -1", "x=0,y=0", 3),  # f(0.1, 0) = -0.9
        ("sqrt(ceil(x)) + 2*ceil(x) - x", "x >= -1", "x=0", 0),  # 3 - x beyond, -x before
        ("sqrt(floor(x)) + x", "x >= -1", "x=0", 0),  # no value before
        ("floor(x)^0.5 + x", "x >= -1", "x=0", 0),
        ("acos(ceil(x)+1) + x^2", "x >= -1", "x=0", 0),  # no value beyond
        ("sqrt(y) - x + 3*ceil(x)", "x+y >= -1", "x=0,y=0", 0),
        ("sqrt(1+ceil(sqrt(y))) - sqrt(y)", "y <= 1", "y=0", 0),  # 1 at 0, 1.41… beyond
        ("3*sqrt(y+ceil(x)) - 4*ceil(x) - x", "x+y >= -1", "x=0,y=0", 3),  # f(0.001, 0) = -1.001
    ],
)
def test_roots_beyond_a_jump_are_those_of_their_piece(run, text, constraints, at, status):
    """`check --kkt` at a seam: optimal where f is no less around."""
    told = run("check", text, "--st", constraints, "--at", at, "--kkt", "--get", "optimal")
    assert told.status == status, told.out + told.err


@pytest.mark.parametrize(
    ("text", "constraints", "at"),
    [
        ("x^2", "floor(x) >= 2; floor(x) <= 1", {"x": 3.5}),
        ("x^2", "x >= 2; x < 2", {"x": 3.5}),
        ("(x-3)^2", "x > 2; x <= 2", {"x": 3.5}),
        ("x^2+y", "x^2+y^2 < 1; y <= -1", {"x": 3.5, "y": 1}),
        ("x^2+y", "x+y = 1; x < 0; y < 1", {"x": 3.5, "y": 1}),
        ("abs(x)+y", "y > 2; y <= 2", {"x": 3.5, "y": 1}),
        ("x+y+z", "x+y >= 1; y+z >= 1; x+z >= 1; 2*x+2*y+2*z < 3", {"x": 1, "y": 1, "z": 1}),
    ],
)
def test_what_strict_constraints_leave_empty_is_infeasible(text, constraints, at):
    """Without < each of these sets is a point or a face; with it nothing."""
    found = ended(text, constraints, **at)
    assert found.status == "infeasible" and found.constrained.proved, found.message
    texts = [found.constrained.constraints[i].text for i in found.constrained.conflict]
    assert any(
        "<" in one.replace("<=", "") or ">" in one.replace(">=", "") or "floor" in one for one in texts
    )
    assert len(texts) > 1 and not found.multipliers


@pytest.mark.parametrize(
    ("text", "constraints", "at", "value"),
    [
        ("x^2", "x > 2; x >= 2", {"x": 3.5}, 4),
        ("x^2+y", "x^2+y^2 < 1", {"x": 3.5, "y": 1}, -1),
        ("x^2+y", "x^2+y^2 < 1; x >= 0", {"x": 3.5, "y": 1}, -1),
        ("x^2", "x^3 > 0", {"x": 3.5}, 0),
        ("x+y", "x+y >= 1; x > 0; y = x", {"x": 2, "y": 1}, None),  # least at (½, ½), which is not excluded
        ("x+2*y", "x+y = 1; x < 1", {"x": 3, "y": 1}, 1),
        ("x", "x^2 > 0; x >= 0", {"x": 3.5}, 0),
    ],
)
def test_a_border_beside_which_all_holds_is_excluded_alone(text, constraints, at, value):
    """Each set has points as near to its border as one likes."""
    found = ended(text, constraints, **at)
    assert found.status == ("excluded" if value is not None else "minimum-on-constraint"), found.message
    assert value is None or f"{value} is the infimum" in found.message


@pytest.mark.parametrize("number", ["1e5000", "-1e5000", "1e300/1e-300/1e-300/1e-300"])
def test_numbers_that_floats_do_not_have_are_named(run, number):
    """A jump is compared with a number of thousands of digits: no value, and said so."""
    told = run("minimize", "floor(x)+x", "--x", "0.5", "--st", f"floor(x) <= {number}")
    assert told.status == 3 and "too large for a float" in told.err
