"""Numbers in verdicts that are not noise: limits at jumps, ways that can be gone, steps that were taken."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def ended(run):
    """`ended(command, words…)`: the record of a descent."""

    def ended(*words):
        return json.loads(run(*words, "--format", "json").out)

    return ended


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("where(x>0,x,x**2+1)", "x=2", "comes down to 0 along x = 1, but is 1 there"),
        ("where(x>0,x+2,x**2+3)", "x=2", "comes down to 2 along x = 1, but is 3 there"),
        ("where(x>0,sqrt(x)+pi,9)", "x=2", "comes down to 3.14159 along x = 1, but is 9 there"),
        ("sign(x)*(x+1)+2*heaviside(x)", "x=2", "comes down to -1 along x = -1, but is 1 there"),
        ("where(x>1/3,exp(x)*y**2+x,9+y**2)", "x=2,y=1", "at x = 0.333333, y = 0: f jumps there"),
    ],
)
def test_a_limit_at_a_jump_is_the_limit(ended, text, at, told):
    """f comes to the value of the piece beside, which is not what it is a little away from there."""
    record = ended("minimize", text, "--at", at)
    assert record["status"] == "unattained" and told in record["message"]


def test_a_maximization_comes_up_to_its_limit(ended):
    """The same with the signs turned; 0 has none."""
    record = ended("maximize", "0-where(x>0,x,x**2+1)", "--at", "x=2")
    assert "comes up to 0 along x = 1, but is -1 there" in record["message"]


@pytest.mark.parametrize(
    ("text", "limit"),
    [("abs(x)**3/abs(x)", "a limit of about 0"), ("abs(x)**3/abs(x)+1e-3", "the limit 0.001")],
)
def test_a_limit_where_f_has_no_value_is_no_distance(ended, text, limit):
    """x² falls to 0: the number that was reached on the way there is none of f's."""
    assert (
        f"f falls to {limit} towards x = 0, where it has no value"
        in ended("minimize", text, "--at", "x=2")["message"]
    )


@pytest.mark.parametrize(
    ("constraints", "way"),
    [
        ("x+y<=2; 2*x+2*y<=4; x<=1; y<=1", None),  # a corner: every way along x + y = 2 leaves a bound
        ("x+y<=2; x<=1", [-1, 1]),
        ("x+y<=2; x>=1", [1, -1]),
    ],
)
def test_a_way_along_which_f_does_not_change_can_be_gone(ended, constraints, way):
    """-x - y is least at (1, 1), and along x + y = 2 as far as the bounds go."""
    record = ended("minimize", "-x-y", "--st", constraints, "--at", "x=1,y=1")
    assert record["success"] and record["x"] == {"x": 1, "y": 1}
    assert ("does not change along" in record["message"]) == (way is not None)
    direction = record["direction"] and list(record["direction"].values())
    assert direction == (way and pytest.approx([a / 2**0.5 for a in way], rel=1e-15))


@pytest.mark.parametrize(("start", "steps"), [(1, 1), (3, 0)])
def test_a_point_that_has_moved_took_a_step(ended, start, steps):
    """A parabola so flat that only Newton's step sees it: from 1 to 3 is a step, and from 3 to 3 is none."""
    record = ended("minimize", "1e-200*(x-3)**2", "--at", f"x={start}")
    assert (record["x"], record["nit"]) == ({"x": 3}, steps)
