"""What a curve does between its samples: every kind of feature, at its place."""

from __future__ import annotations

import math

import pytest

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.sampling.curve_features import features
from gradcli.calculus.sampling.round_grids import grid, round_step
from gradcli.calculus.sampling.sampler import sampler
from gradcli.calculus.sampling.smooth_pieces import line_of
from gradcli.output.pictures.curve_picture import curve_picture


def found(text, low=-5.0, high=5.0):
    """Kind and place of the features of a text."""
    line = line_of(compile_text([text], ()).program, "x", {})
    return [(place.kind, place.x) for place in features(line, low, high).places]


CASES = [
    ("x**2", [("minimum", 0)]),
    ("x**3-3*x", [("maximum", -1), ("minimum", 1)]),
    ("exp(x)", []),
    ("3 + 0*x", []),
    ("abs(x)", [("corner", 0)]),
    ("abs(x-1/3)", [("corner", 1 / 3)]),
    ("relu(x-2)", [("corner", 2)]),
    ("max(x, 1-x)", [("corner", 0.5)]),
    ("cbrt(x)", [("cusp", 0)]),
    ("1/x", [("pole", 0)]),
    ("1/x**2", [("pole", 0)]),
    ("1/(x-0.1234567)", [("pole", 0.1234567)]),
    ("1/(x-pi)**2", [("pole", math.pi)]),
    ("tan(x/2)", [("pole", -math.pi), ("pole", math.pi)]),
    ("(x**2-1)/(x-1)", [("hole", 1)]),
    ("(x**2-2)/(x-sqrt(2))", [("hole", math.sqrt(2))]),
    ("(exp(x-0.123)-1)/(x-0.123)", [("hole", 0.123)]),
    ("(x-sqrt(2))*(x**2-2)**-1", [("pole", -math.sqrt(2)), ("hole", math.sqrt(2))]),
    (
        "(x**2-3)/(x-sqrt(3))/(x**2-5)",
        [("pole", -math.sqrt(5)), ("hole", math.sqrt(3)), ("pole", math.sqrt(5))],
    ),
    ("abs(x-sqrt(2))/(x-sqrt(2))", [("jump", math.sqrt(2))]),
    ("x**2/x", [("hole", 0)]),
    ("1/(x-sqrt(2))", [("pole", math.sqrt(2))]),
    ("sign(x)", [("jump", 0)]),
    ("heaviside(x-0.123) + x", [("jump", 0.123)]),
    ("log(x)", [("edge", 0)]),
    ("log(abs(x))", [("pole", 0)]),
    ("atanh(x/2)", [("edge", -2), ("edge", 2)]),
    ("1e-300*x**2", [("minimum", 0)]),
    ("sqrt(x+2)", [("edge", -2)]),
]


@pytest.mark.parametrize(("text", "places"), CASES, ids=[text for text, _ in CASES])
def test_a_feature_has_its_kind_and_its_place(text, places):
    """Corners, cusps, poles, holes, jumps, ends of a domain and extrema are told apart, wherever they are."""
    names = found(text)
    assert [kind for kind, _ in names] == [kind for kind, _ in places]
    assert [x for _, x in names] == pytest.approx([x for _, x in places], abs=1e-9)


def test_a_large_offset_hides_no_jump():
    """What matters is the gap, not how high the curve lies."""
    assert found("floor(x) + 1000000", -0.5, 0.5) == [("jump", 0)]


def test_a_steep_function_has_no_features_of_its_own():
    """A quick change is no jump as long as the curve is smooth."""
    assert found("tanh(20*x)") == [] and found("exp(30*x)") == []


def test_samples_lie_on_round_numbers():
    """The places where formulas break are round numbers more often than not."""
    xs = grid(-0.73, 2.9)
    assert 0.0 in xs and 1.0 in xs and 0.5 in xs and xs[0] == -0.73 and xs[-1] == 2.9 and xs == sorted(xs)


@pytest.mark.parametrize(("size", "step"), [(0.3, 0.5), (1, 1), (1.01, 2), (7, 10), (2e-9, 2e-9)])
def test_a_round_step_is_the_next_round_number(size, step):
    """1, 2 and 5 times powers of ten are round."""
    assert round_step(size) == pytest.approx(step)


@pytest.mark.parametrize(
    "text",
    ["x**2+x*y", "log(x)*sqrt(y)", "abs(x)+max(x, y)", "1/x+y", "where(x > 0, log(x), y)", "log(x)**0+y"],
)
def test_arrays_and_single_points_agree(text, monkeypatch):
    """With NumPy and without it the same points have a value, and the same one."""
    pytest.importorskip("numpy")
    program = compile_text([text], ()).program
    axis = [-1.0, -0.5, 0.0, 0.5, 1.0]
    columns = [axis * len(axis), [y for y in axis for _ in axis]]
    by_array = sampler(program, {}, ["x", "y"])(columns)
    monkeypatch.setattr("gradcli.calculus.sampling.sampler.has_arrays", lambda: False)
    one_by_one = sampler(program, {}, ["x", "y"])(columns)
    assert by_array.value == pytest.approx(one_by_one.value, nan_ok=True)
    for array, single in zip(by_array.partials, one_by_one.partials, strict=True):
        assert array == pytest.approx(single, nan_ok=True)


def test_other_variables_stay_where_they_are():
    """A slice moves only its own axes."""
    program = compile_text(["x*y+z"], ()).program
    assert sampler(program, {"y": 3.0, "z": 1.0}, ["x"])([[1.0, 2.0]]).value == [4, 7]


def test_what_grows_without_end_has_no_height_there():
    """A logarithm goes down for ever, however slowly; a root ends at a height, only its slope grows."""
    drawn = {
        text: curve_picture(compile_text([text], ()).program, text, "x", {"x": 1.0})
        for text in ("log(x)", "sqrt(x)")
    }
    ends = {
        text: next(mark for mark in picture.marks if mark.kind == "edge") for text, picture in drawn.items()
    }
    assert ends["log(x)"].y is None and ends["log(x)"].open == () and drawn["log(x)"].heights[0] > -10
    assert ends["sqrt(x)"].y == 0
    assert all(picture.steepness[1] < 100 for picture in drawn.values())
