"""Lagrange's systems whose solutions fill lines, planes and curves: f has one value on each; extrema by hand."""

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
    assert (
        all_of.complete and [(*equations, value) for _, equations, value, *_ in all_of.families] == families
    )
    for word, places in (("minimum", low), ("maximum", high)):
        assert {tuple(one.at.values()) for one in all_of.points if one.absolute == word} == places


def test_a_line_that_might_be_lower_leaves_only_candidates():
    """f is -1 on the line x = 3, which the disc does not meet, but nobody has looked: no minimum is called absolute."""
    all_of = found("(x - 3)**2*(x**2 + y**2 + 1) - 1", "x**2 + y**2 <= 1", ("x", "y"))
    assert any(value == -1 for _, _, value, *_ in all_of.families)
    assert not any(one.absolute == "minimum" for one in all_of.points)


@pytest.mark.parametrize(
    ("text", "constraints", "names", "families", "low", "high"),
    [
        ("x**2 + y**2", "x**2 + y**2 = 1", "xy", [(("x**2 + y**2 - 1 = 0",), 1, ["minimum", "maximum"])], None, None),
        ("x**2 + y**2", "x**2 + y**2 <= 4", "xy", [(("x**2 + y**2 - 4 = 0",), 4, ["maximum"])], {(0, 0)}, set()),
        (
            "x**2 + y**2",
            "1 <= x**2 + y**2 <= 4",
            "xy",
            [(("x**2 + y**2 - 1 = 0",), 1, ["minimum"]), (("x**2 + y**2 - 4 = 0",), 4, ["maximum"])],
            set(),
            set(),
        ),
        ("z", "x**2 + y**2 + z**2 = 1; z <= 1/2", "xyz", None, {(0, 0, -1)}, set()),
        ("x**2 + y**2 + z**2", "x**2 + y**2 = 4", "xyz", [(("z = 0", "x**2 + y**2 - 4 = 0"), 4, ["minimum"])], set(), set()),
    ],
)  # fmt: skip
def test_curves_are_told_and_the_absolute_extrema_known(text, constraints, names, families, low, high):
    """A circle on which f has one value, and a point of it that keeps all constraints."""
    all_of = found(text, constraints, tuple(names))
    assert all_of.complete
    told = [(tuple(equations), value, words) for _, equations, value, words, _ in all_of.families]
    assert families is None or told == families
    for *_, at in all_of.families:
        assert at is None or eval(constraints.split(";")[0].replace(" = ", " == "), {}, dict(at))
    for word, places in (("minimum", low), ("maximum", high)):
        assert places is None or {tuple(p.at.values()) for p in all_of.points if p.absolute == word} == places


def test_a_curve_on_which_f_varies_is_no_family():
    """Both constraints are the same curve, so that all of it solves the singular system: nothing is called all."""
    assert not found("x", "x**2 + y**2 = 1; 2*x**2 + 2*y**2 = 2", ("x", "y")).complete


def test_they_are_in_the_answer(run):
    """Text and JSON."""
    import json

    words = ("critical", "x*y", "--st", "x**2 + y**2 <= 8; x >= 0")
    assert (
        "and besides: all points of x = 0 that keep the constraints, with x >= 0 active: f is 0 there"
        in run(*words).out
    )
    record = json.loads(run(*words, "--format", "json").out)
    family = {"active": [1], "equations": ["x = 0"], "value": 0.0, "absolute": [], "at": {"x": 0.0, "y": 0.0}}
    assert record["families"] == [family] and record["complete"]
    shown = run("critical", "x**2 + y**2", "--st", "x**2 + y**2 = 1").out
    assert "absolute minimum: 1 at all such points of x**2 + y**2 - 1 = 0" in shown
