"""Critical numbers as calculus books define them: where the slope is 0, and where f has a value and no derivative."""

from __future__ import annotations

import json
import random

import pytest

from gradcli.calculus.critical.critical_points import critical_points


def numbers(text, box=()):
    """The critical numbers by kind, each as its exact text or as a rounded number; and what was found."""
    found = critical_points([text], ["x"], ["x"], {}, dict(box))
    points = [(p.kind, (p.exact or {}).get("x") or round(p.at["x"], 6)) for p in found.points]
    return points, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(x)", [("corner", "0")]), ("x*abs(x)", [("degenerate", "0")]), ("abs(1/x)+x", [("minimum", "1")]),
        ("abs(x**2-1)+x", [("corner", "-1"), ("maximum", "1/2"), ("corner", "1")]),
        ("abs(abs(x)-1)", [("corner", "-1"), ("corner", "0"), ("corner", "1")]), ("max(x,1-x)", [("corner", "1/2")]),
        ("min(x**2,(x-2)**2)", [("minimum", "0"), ("corner", "1"), ("minimum", "2")]),
        ("abs(x**3-x-1)", [("minimum", "-sqrt(3)/3"), ("maximum", "sqrt(3)/3"), ("corner", 1.324718)]),
        ("clip(x**3,-8,1)+x", [("corner", "-2"), ("corner", "1")]), ("abs(x)/(1+x**2)", [("maximum", "-1"),
        ("corner", "0"), ("maximum", "1")]),
        ("where(x<1, x**2-4*x, 5-x)", [("jump", "1")]), ("where(x<0, x**2, x**3)", [("degenerate", "0")]),
        ("where(x<0, -x, where(x<2, 0*x, x-2))+x", [("corner", "0"), ("corner", "2")]),
    ],
)  # fmt: skip
def test_piecewise_polynomials_are_proved_on_the_whole_line(text, expected):
    """Truths by hand: on each piece the roots of its slope, and the places where pieces meet."""
    points, found = numbers(text)
    assert points == expected
    assert found.complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cbrt(x)", [("vertical tangent", "0")]), ("cbrt(x**2)", [("cusp", "0")]), ("abs(x)**0.5", [("cusp", "0")]),
        ("sqrt(abs(x))", [("cusp", "0")]), ("sqrt(x)", [("end of the domain", "0")]),
        ("acos(x)", [("end of the domain", "-1"), ("end of the domain", "1")]),
        ("sqrt(x)-x", [("end of the domain", "0"), ("maximum", "1/4")]), ("sqrt(x-2)+x", [("end of the domain", "2")]),
        ("sqrt(1-x**2)", [("end of the domain", "-1"), ("maximum", "0"), ("end of the domain", "1")]),
        ("sqrt(x**2)", [("corner", "0")]),
        ("cbrt(x)*(x-4)", [("vertical tangent", "0"), ("minimum", "1")]),
        ("x**1.5-x", [("end of the domain", "0"), ("minimum", "4/9")]),
        ("exp(x)-abs(x)", [("corner", "0")]), ("tan(abs(x))", [("corner", "0")]),
        ("hypot(x,1)", [("minimum", "0")]), ("log(x)", []),
        ("x+sin(x)", [("degenerate", f"{k}pi") for k in ("-3*", "-", "", "3*")]),
        ("floor(x/4)", [("jump", "-8"), ("jump", "-4"), ("jump", "0"), ("jump", "4"), ("jump", "8")]),
    ],
)  # fmt: skip
def test_others_are_proved_in_the_box_that_was_searched(text, expected):
    """Roots, whose slopes are infinite or end, and functions that are no polynomials on any piece."""
    points, found = numbers(text)
    assert points == expected
    assert (found.complete, found.inside, dict(found.searched)) == (False, True, {"x": (-10.0, 10.0)})


@pytest.mark.parametrize("text", ["x**2/x", "x*log(x)/log(x)", "1/abs(x)", "1/x", "log(abs(x))"])
def test_where_f_has_no_value_there_is_no_critical_number(text):
    """Poles and holes are none."""
    assert numbers(text)[0] == []


def test_random_broken_lines_have_their_corners():
    """A sum of |x - a| with weights has a corner at each a, and is constant between where the slopes cancel."""
    source = random.Random(1)
    for _ in range(12):
        places = sorted({source.randint(-9, 9) for _ in range(source.randint(1, 4))})
        weights = [source.choice((-2, -1, 1, 3)) for _ in places]
        text = " + ".join(f"({w})*abs(x-({a}))" for w, a in zip(weights, places, strict=True))
        points, found = numbers(text)
        assert points == [("corner", str(a)) for a in places]
        slopes = [sum(w if i < k else -w for i, w in enumerate(weights)) for k in range(len(places) + 1)]
        assert len(found.families) == slopes.count(0)
        assert found.complete


def test_what_stays_undecided_is_named():
    """log has no least interval at 0: how near is said."""
    _, found = numbers("x*log(x)")
    assert not found.inside
    assert found.notes == ["not decided: what else is within 1.1e-08 of x = 1.05793807e-08"]


def test_the_command_names_them(run):
    """Kinds, exact places and what is proved, in text and JSON."""
    end = run("critical", "abs(x**2-1)+x")
    assert "corner: x -1, f -1" in end.out
    assert "points: 3 found; that there are no others is proved" in end.out
    record = json.loads(run("critical", "sqrt(x)-x", "--format", "json").out)
    assert [point["kind"] for point in record["points"]] == ["end of the domain", "maximum"]
    assert (record["complete"], record["searched"], record["inside"]) == (False, {"x": [-10.0, 10.0]}, True)


@pytest.mark.parametrize(
    ("text", "box", "expected"),
    [
        ("(x*x + x/2)/sin(min(2, 1 + x))", (-5.0, 1.0), [-1.564772, -0.285295, 1.0]),
        ("abs(1/sin(x)) + x**2", (-3.0, 3.0), [-0.761084, 0.761084]),
        ("abs(1/(2*sin(x/2)*cos(x/2))) + x**2", (-3.0, 3.0), [-0.761084, 0.761084]),
        ("abs(exp(x)/(exp(x) - 2)) + x/2", (-3.0, 3.0), [2.010105]),
        ("where(1/sin(x) > 0, (x - 1)**2, (x + 1)**2)", (-3.0, 3.0), [-1.0, 1.0]),
        ("floor(1/exp(x)/4) + (x - 1)**2", (0.0, 3.0), [1.0]),
    ],
)
def test_a_sign_changes_at_poles_as_well(text, box, expected):
    """2x = cos(x)/sin(x)**2 at 0.761084, and 2*exp(x)/(exp(x) - 2)**2 = 1/2 at 2.010105 = log(4 + sqrt(12))."""
    _, found = numbers(text, {"x": box})
    assert [round(p.at["x"], 6) for p in found.points] == expected
    assert found.complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abs(gamma(x)) + x", [-2.697394, -1.615133, -0.535304, 0.834971]), ("abs(acsc(x)) + x**2/9", [-1.761546, 1.761546]),
     ("max(1/sin(x), -1/sin(x)) + x**2", [-0.761084, 0.761084])],
)  # fmt: skip
def test_where_a_sign_is_not_known_what_is_found_is_a_zero_all_the_same(text, expected):
    """Zeros of the slope by differences of f in floats; nothing is said to be complete."""
    _, found = numbers(text, {"x": (-3.0, 3.0)})
    assert {round(p.at["x"], 6) for p in found.points} <= set(expected)
    assert found.points
    assert not found.complete
