"""Descents that come to an edge of the domain go on along it; where they end is known by hand."""

from __future__ import annotations

import json
import math

import pytest

#: expression, start, more options, the minimum, f there.
MINIMA = [
    ("sqrt(1-x)+y", {"x": 0.5, "y": 0}, ["--bounds", "y=-1:1"], {"x": 1, "y": -1}, -1),
    ("sqrt(1-x)+(y-1)**4", {"x": 0.5, "y": 0}, [], {"x": 1, "y": 1}, 0),
    ("acos(x)+exp(y)-2*y", {"x": 0.5, "y": 1}, [], {"x": 1, "y": math.log(2)}, 2 - 2 * math.log(2)),
    ("acos(x)+acos(y)", {"x": 0.5, "y": 0.2}, [], {"x": 1, "y": 1}, 0),
    ("sqrt(x)+abs(y-1)", {"x": 0.1, "y": 0}, [], {"x": 0, "y": 1}, 0),
    ("sqrt(1-x)-y**2+y**4", {"x": 0.5, "y": 0}, [], {"x": 1, "y": math.sqrt(0.5)}, -0.25),
    ("sqrt(1-x)*exp(y)+(y-3)**2", {"x": 0, "y": 0}, [], {"x": 1, "y": 3}, 0),
    ("sqrt(1-3*x)+(y-1)**2+(z-y)**4", {"x": 0.1, "y": 0, "z": 7}, [], {"x": 1 / 3, "y": 1, "z": 1}, 0),
    ("sqrt(x)+log(1+(y-2)**2)", {"x": 1, "y": 5}, [], {"x": 0, "y": 2}, 0),
]  # fmt: skip


@pytest.fixture
def ended(run):
    """`ended(expression, at, *options)`: the status and the record of `minimize`."""

    def ended(expression, at, *more, command="minimize"):
        problem = json.dumps({"expression": expression, "at": at})
        done = run(command, "-", "--no-save", "--format", "json", *more, text=problem)
        return done.status, json.loads(done.out)

    return ended


@pytest.mark.parametrize(("expression", "at", "more", "x", "value"), MINIMA)
def test_other_variables_go_on_where_one_is_at_its_end(ended, expression, at, more, x, value):
    """One variable comes to the end of its domain first, and the others have their minima there."""
    status, record = ended(expression, at, *more)
    assert (status, record["status"]) == (0, "minimum-at-edge")
    assert record["x"] == pytest.approx(x, rel=1e-14, abs=1e-300)
    assert record["value"] == pytest.approx(value, rel=1e-14, abs=1e-300)


def test_maximizations_go_on_as_well(ended):
    """-f of one that has its minimum at (0, 1)."""
    status, record = ended("-sqrt(x)-(y-1)**2", {"x": 0.1, "y": 0}, command="maximize")
    assert (status, record["status"], record["x"]) == (0, "maximum-at-edge", {"x": 0, "y": 1})


@pytest.mark.parametrize(
    ("expression", "at", "x"),
    [
        ("sqrt(1-x**2-y**2)+(x-y-3)**2", {"x": 0.1, "y": 0}, {"x": math.sqrt(0.5), "y": -math.sqrt(0.5)}),
        ("acos(x+y)+exp(x-2*y)-x", {"x": 0.1, "y": 0.5}, {"x": (2 - math.log(3)) / 3, "y": (1 + math.log(3)) / 3}),
        ("acos(x+y)+(x-y)**4", {"x": 0.1, "y": 0.5}, {"x": 0.5, "y": 0.5}),
    ],
)  # fmt: skip
def test_edges_that_curve_are_followed(ended, expression, at, x):
    """On the circle (x-y-3)**2 is least at (1, -1)/sqrt(2); on x + y = 1 the others are, by their slope along it."""
    status, record = ended(expression, at)
    assert (status, record["status"]) == (0, "minimum-at-edge")
    assert record["x"] == pytest.approx(x, rel=1e-14)


@pytest.mark.parametrize(
    ("expression", "ending"),
    [("sqrt(1-x)+y", "unbounded"), ("sqrt(1-x)-y**2", "unbounded"), ("sqrt(1-x)+exp(-y)", "asymptote")],
)
def test_falls_along_an_edge_are_told(ended, expression, ending):
    """f falls without end, or ever more slowly, as y goes away; x is held at 1, which the message says."""
    status, record = ended(expression, {"x": 0.5, "y": 0})
    assert (status, record["status"], record["x"]["x"]) == (1, ending, 1)
    assert "along the edge of the domain at x = 1" in record["message"]
    assert record["direction"]["x"] == 0 and record["direction"]["y"] != 0


def test_slopes_along_an_edge_are_numbers(ended):
    """Of sqrt(x) + y**2 + 3*z at its edge y has the slope 0 and z the slope 3; x has none."""
    _, record = ended("sqrt(x)+y**2+3*z", {"x": 0.5, "y": 3, "z": 1}, "--bounds", "z=0:9")
    assert record["x"] == {"x": 0, "y": 0, "z": 0} and record["jac"] == {"x": None, "y": 0, "z": 3}


def test_a_slope_at_an_edge_is_that_of_the_point_shown(ended):
    """exp(y) - 2 at the double next to log(2), from the digits of log(2): it is 2.319e-17 too small."""
    _, record = ended("acos(x)+exp(y)-2*y", {"x": 0.5, "y": 1})
    assert record["jac"]["y"] == pytest.approx(-4.638093628e-17, rel=1e-9)
