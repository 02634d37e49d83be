"""Lagrange's systems whose solutions fill lines and planes: f has one value on each, and the extrema are known by hand."""

from __future__ import annotations

import pytest

from gradcli.descent.constrained.extrema.constrained_extrema import constrained_extrema
from tests.descent.constrained.problems import links_of


def found(text, constraints, names):
    """All points."""
    links = links_of([constraints])
    symbols = [f"m{i}" for i in range(len(links))]
    return constrained_extrema(text, links, dict.fromkeys(names, 0.0), symbols, {})


@pytest.mark.parametrize(
    ("text", "constraints", "families", "low", "high"),
    [
        ("x*y", "x**2 + y**2 <= 8; x >= 0", [("x = 0", 0)], {(2, -2)}, {(2, 2)}),
        ("x**2*y", "x**2 + 2*y**2 <= 6", [("x = 0", 0)], {(-2, -1), (2, -1)}, {(-2, 1), (2, 1)}),
        (
            "(x + y)**2",
            "x + y <= 4; x >= 0; y >= 0",
            [("x + y = 0", 0), ("x + y - 4 = 0", 16)],
            {(0, 0)},
            {(0, 4), (4, 0)},
        ),
        ("x*y", "0 <= x <= 1; 0 <= y <= 2", [("x = 0", 0), ("y = 0", 0)], {(0, 0), (0, 2), (1, 0)}, {(1, 2)}),
    ],
)
def test_lines_are_told_and_the_absolute_extrema_known(text, constraints, families, low, high):
    """The value on each line lies between those of the points, or is one of them."""
    all_of = found(text, constraints, ("x", "y"))
    assert all_of.complete and [(*equations, value) for _, equations, value in all_of.families] == families
    for word, places in (("minimum", low), ("maximum", high)):
        assert {tuple(one.at.values()) for one in all_of.points if one.absolute == word} == places


def test_a_line_that_might_be_lower_leaves_only_candidates():
    """f is -1 on the line x = 3, which the disc does not meet, but nobody has looked: no minimum is called absolute."""
    all_of = found("(x - 3)**2*(x**2 + y**2 + 1) - 1", "x**2 + y**2 <= 1", ("x", "y"))
    assert any(value == -1 for *_, value in all_of.families)
    assert not any(one.absolute == "minimum" for one in all_of.points)


def test_curves_of_solutions_are_no_families():
    """x² + y² on the disc: the whole circle, which is no line; so the points are not called all."""
    assert not found("x**2 + y**2", "x**2 + y**2 <= 4", ("x", "y")).complete


def test_they_are_in_the_answer(run):
    """Text and JSON."""
    import json

    words = ("critical", "x*y", "--st", "x**2 + y**2 <= 8; x >= 0")
    assert (
        "and besides: all points of x = 0 that keep the constraints, with x >= 0 active: f is 0 there"
        in run(*words).out
    )
    record = json.loads(run(*words, "--format", "json").out)
    assert (
        record["families"] == [{"active": [1], "equations": ["x = 0"], "value": 0.0}] and record["complete"]
    )
