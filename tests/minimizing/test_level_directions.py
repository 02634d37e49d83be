"""Directions and eigenvalues where the Hessian is singular: every digit that is shown is that of the point."""

from __future__ import annotations

import json
import math

import pytest


def found(run, text, at, *more):
    """The record of a minimization, which succeeds."""
    ended = run("minimize", text, "--at", at, "--format", "json", *more)
    assert ended.status == 0
    return json.loads(ended.out)


def same(way, wanted):
    """Whether a direction is one of two opposite ones, to the last digits of floats."""
    sign = math.copysign(1.0, way["x"] * wanted[0])
    return list(way.values()) == pytest.approx([sign * b for b in wanted], rel=1e-15, abs=1e-300)


@pytest.mark.parametrize("more", [[], ["--st", "x>=0"], ["--bounds", "x=-9:9"]])
def test_a_circle_is_level_along_its_tangent(run, more):
    """From (2, 1) the way leads straight to (2, 1)/sqrt(5), where the tangent is (-1, 2)/sqrt(5) and the curvature across 8."""
    record = found(run, "(x**2+y**2-1)**2", "x=2,y=1", *more)
    assert same(record["direction"], [-1 / math.sqrt(5), 2 / math.sqrt(5)])
    assert record["eigenvalues"][0] == 0 and record["eigenvalues"][1] == pytest.approx(8, rel=1e-15)


def test_a_hyperbola_is_level_along_its_tangent(run):
    """At (x, 1/x) it is (x, -1/x), and the curvature across is 2 (x² + 1/x²)."""
    record = found(run, "(x*y-1)**2", "x=2,y=1")
    x, y = record["x"]["x"], record["x"]["y"]
    assert same(record["direction"], [x / math.hypot(x, y), -y / math.hypot(x, y)])
    assert record["eigenvalues"][0] == 0
    assert record["eigenvalues"][1] == pytest.approx(2 * (x * x + y * y), rel=1e-14)


def test_a_sphere_is_level_across_its_radius(run):
    """Two eigenvalues are 0, and the direction is at a right angle to the point."""
    record = found(run, "(x**2+y**2+z**2-1)**2", "x=2,y=1,z=3")
    assert record["eigenvalues"] == [0, 0, pytest.approx(8, rel=1e-14)]
    assert (
        math.fsum(a * b for a, b in zip(record["x"].values(), record["direction"].values(), strict=True))
        < 1e-15
    )


def test_a_curve_of_a_saddle_begins_where_its_tangent_points(run):
    """f is -x⁵ along y = x², whose tangent at 0 is the axis."""
    ended = run("minimize", "(y-x**2)**2-x**5", "--at", "x=0,y=0", "--format", "json")
    assert json.loads(ended.out)["direction"] == {"x": 1, "y": 0}


def test_a_small_eigenvalue_has_its_digits(run):
    """Of [[2 + 2e, 2], [2, 2]] with e = 1e-9 the smaller one is 2 + e - sqrt(4 + e²), e - e²/4 to twenty digits."""
    record = found(run, "(x+y-1)**2+1e-9*x**2+0*exp(x)", "x=2,y=1")
    assert record["eigenvalues"][0] == pytest.approx(1e-9 - 2.5e-19, rel=1e-15)
