"""Extrema of one variable under constraints: corners, cusps and ends of domains among them, against a dense grid."""

from __future__ import annotations

import math
import random

import pytest

from gradcli.calculus.backends import float_backend
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.descent.constrained.extrema.constrained_extrema import constrained_extrema
from tests.descent.constrained.problems import links_of


def extrema(text, constraints, box=None):
    """All points along x."""
    links = links_of([constraints])
    return constrained_extrema(text, links, {"x": 0.0}, [f"m{i}" for i in range(len(links))], box or {})


def values(text, places):
    """f in floats, None where it has no value."""
    program = compile_value(text, ["x"])
    found = []
    for x in places:
        try:
            value = float_backend.run(program, [x] if program.variables else [])[program.value]
        except (ValueError, ArithmeticError):
            value = None
        found.append(value if isinstance(value, float | int) and math.isfinite(value) else None)
    return found


@pytest.mark.parametrize(
    ("text", "constraints", "places", "least", "most"),
    [
        ("sqrt(x)", "0 <= x <= 4", "0 4", "0", "4"),
        ("asin(x)", "-1 <= x <= 1", "-1 1", "-1", "1"),
        ("cbrt(x)^2", "-1 <= x <= 8", "-1 0 8", "0", "8"),
        ("x^(2/3)", "0 <= x <= 8", "0 8", "0", "8"),
        ("(x^2-1)^(2/3)", "-2 <= x <= 2", "-2 -1 1 2", "-1 1", "-2 2"),
        ("cbrt(x^2-1)^2", "-2 <= x <= 2", "-2 -1 0 1 2", "-1 1", "-2 2"),
        ("x*sqrt(4-x^2)", "-1 <= x <= 2", "-1 sqrt(2) 2", "-1", "sqrt(2)"),
        ("sqrt(x)*(1-x)", "0 <= x <= 1", "0 1/3 1", "0 1", "1/3"),
        ("abs(x^2-4)", "-3 <= x <= 3", "-3 -2 0 2 3", "-2 2", "-3 3"),
        ("abs(x)+x^2", "-1 <= x <= 2", "-1 0 2", "0", "2"),
        ("max(x,-x)", "-1 <= x <= 2", "-1 0 2", "0", "2"),
        ("where(x<1,x^2,2-x)", "0 <= x <= 2", "0 1 2", "0 2", "1"),
        ("x*exp(-x)", "0 <= x <= 3", "0 1 3", "0", "1"),
        ("sin(x)", "0 <= x <= 2", "0 pi/2 2", "0", "pi/2"),
        ("x^2", "0 <= x <= pi", "0 pi", "0", "pi"),
        ("x^2", "0 <= x <= sqrt(2)", "0 sqrt(2)", "0", "sqrt(2)"),
        ("x-2*sin(x)", "0 <= x <= 2*pi", "0 pi/3 5*pi/3 2*pi", "pi/3", "5*pi/3"),
        ("abs(x)", "abs(x) <= 2", "-2 0 2", "0", "-2 2"),
    ],
)
def test_every_end_and_corner_is_there_exactly(text, constraints, places, least, most):
    """What the textbook lists, as exact numbers, proved to be all, with the absolute ones."""
    found = extrema(text, constraints)
    assert found.complete and found.box == {}
    assert {p.exact["x"] for p in found.points} == set(places.split())
    for word, wanted in (("minimum", least), ("maximum", most)):
        assert {p.exact["x"] for p in found.points if p.absolute == word} == set(wanted.split())


def test_a_corner_that_is_no_extremum_is_told_as_what_it_is():
    """f goes on rising through it."""
    kinds = [(p.at["x"], p.kind) for p in extrema("abs(x) + 2*x", "-1 <= x <= 1").points]
    assert kinds == [(-1.0, "minimum"), (0.0, "corner"), (1.0, "maximum")]


@pytest.mark.parametrize(
    ("text", "constraints"),
    [
        ("where(x>1,3-x,x^2)", "0 <= x <= 2"),
        ("floor(x)", "0 <= x <= 5/2"),
        ("log(x)", "0 <= x <= 1"),
        ("1/(exp(x)-2)", "0 <= x <= 1"),
        ("sqrt(x)", "0 < x < 4"),
        ("sin(x)", "x >= 0"),
    ],
)
def test_nothing_is_absolute_beside_a_jump_or_an_open_end(text, constraints):
    """Values that f only comes near to are not attained."""
    assert not any(p.absolute for p in extrema(text, constraints).points)


def test_where_f_stands_still_is_a_family():
    """And its ends are least points like all others in it."""
    found = extrema("max(x, 1)", "0 <= x <= 2")
    ((_, equations, value, words, at),) = found.families
    assert (equations, value, words, at) == (["0 <= x <= 1"], 1.0, ["minimum"], {"x": 0.5})
    assert [p.kind for p in found.points] == ["minimum", "minimum", "maximum"]


PARTS = (
    "x", "(x^2-2)", "(x-1)", "exp(-x)", "sin(2*x)", "sqrt(x+1)", "cbrt(x)", "cbrt(x-1)^2", "abs(x^2-1)", "max(x,1-x^2)",
    "abs(x-1/2)", "where(x>0,x,x^2)", "log(x+3)", "atan(x)", "min(x,1)", "(x^2-1)^(2/3)", "cos(x)",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_no_value_of_a_grid_is_beyond_what_is_told(seed):
    """The absolute extrema are those of a grid, and a complete list has every rise and fall of it."""
    source = random.Random(seed)
    a, b = source.choice(PARTS), source.choice(PARTS)
    text = source.choice([f"{a} + {b}", f"{a} - 2*{b}", f"{a}*{b}"])
    low, high = source.choice([(-2.0, 1.0), (0.0, 2.0), (-1.0, 2.5), (0.5, 3.0)])
    found = extrema(text, f"{low} <= x <= {high}")
    step = (high - low) / 4000
    places = [low + k * step for k in range(4001)]
    grid = values(text, places)
    known = [value for value in grid if value is not None]
    least = [p.value for p in found.points if p.absolute == "minimum"]
    most = [p.value for p in found.points if p.absolute == "maximum"]
    assert all(v <= min(known) + 1e-9 for v in least) and all(v >= max(known) - 1e-9 for v in most)
    if not found.complete:
        return
    for k in range(1, 4000):
        around = grid[k - 1 : k + 2]
        if None in around:
            continue
        before, here, after = around
        if (here - before) * (after - here) < -1e-18:
            assert any(abs(p.at["x"] - places[k]) < 2 * step for p in found.points), (text, places[k])
