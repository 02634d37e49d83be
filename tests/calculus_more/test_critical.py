"""Critical points: those that are known are found, classified rightly, and nothing is said to be proved that is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.calculus.critical.critical_points import critical_points

SLOW = settings(max_examples=12, deadline=None, derandomize=True)


def kinds(text, names, box=(), fixed=()):
    """The kinds of the points found, by their rounded places; and whether that is all, proved."""
    found = critical_points([text], [*names, *dict(fixed)], names, dict(fixed), dict(box))
    return {tuple(round(x, 6) + 0.0 for x in p.at.values()): p.kind for p in found.points}, found.complete


@SLOW
@given(st.lists(st.integers(-6, 6), min_size=1, max_size=3, unique=True))
def test_the_critical_points_of_an_antiderivative_are_its_roots(roots):
    """A polynomial whose derivative has given roots has its critical points exactly there, alternating."""
    import sympy

    x = sympy.Symbol("x")
    whole = sympy.integrate(sympy.expand(sympy.Mul(*(x - r for r in roots))), x)
    found, complete = kinds(str(whole), ["x"])
    expected = ["minimum" if i % 2 == 0 else "maximum" for i in range(len(roots))]
    assert complete
    assert found == {(float(r),): kind for r, kind in zip(sorted(roots, reverse=True), expected, strict=True)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x**2+x*y+3", {(0.0, 0.0): "saddle"}),
        ("x**4-2*x**2+y**2", {(-1.0, 0.0): "minimum", (0.0, 0.0): "saddle", (1.0, 0.0): "minimum"}),
        ("(1-x)**2+100*(y-x**2)**2", {(1.0, 1.0): "minimum"}),
        ("x**3+y**3-3*x*y", {(0.0, 0.0): "saddle", (1.0, 1.0): "minimum"}),
        ("x**4+y**4", {(0.0, 0.0): "degenerate"}),
        ("x**2-y**4", {(0.0, 0.0): "degenerate"}),
        ("x + y", {}),
    ],
)
def test_polynomials_are_solved_completely(text, expected):
    """Every critical point of a polynomial with finitely many is found, and that these are all is proved."""
    assert kinds(text, ["x", "y"]) == (expected, True)


@pytest.mark.parametrize("text", ["x + sin(x)", "x**3", "x**5 - x**3*0", "-(x**4)"])
def test_a_vanishing_second_derivative_is_degenerate(text):
    """Where the Hessian vanishes nothing is claimed, however the point is written in decimals."""
    found, _ = kinds(text, ["x"], {"x": (-4.0, 4.0)})
    assert found
    assert set(found.values()) == {"degenerate"}


@pytest.mark.parametrize(
    ("scale", "kind"), [("1e-30", "minimum"), ("-1e-30", "maximum"), ("1e30", "minimum")]
)
def test_no_scale_is_taken_for_zero(scale, kind):
    """A very flat or very steep minimum is one."""
    assert kinds(f"{scale}*(x - 1/3)**2", ["x"])[0] == {(0.333333,): kind}


def test_in_a_box_all_are_found_and_proved():
    """Himmelblau's function has nine critical points; that there are no others is proved without any solver."""
    box = {"x": (-5.0, 5.0), "y": (-5.0, 5.0)}
    found, complete = kinds("(x**2+y-11)**2+(x+y**2-7)**2+0*besselj(0,x)", ["x", "y"], box)
    assert sorted(found.values()) == ["maximum", *["minimum"] * 4, *["saddle"] * 4]
    assert found[3.0, 2.0] == "minimum"
    assert complete


def test_a_box_without_the_point_is_empty():
    """Points outside of the box are not told."""
    assert kinds("x**2", ["x"], {"x": (1.0, 2.0)}) == ({}, True)


def test_other_variables_are_held():
    """Values given for other variables are constants of the problem, exactly."""
    assert kinds("a*x**2 + b*x", ["x"], fixed={"a": "2", "b": "1/3"}) == ({(-0.083333,): "minimum"}, True)


@pytest.mark.parametrize("text", ["abs(x)/x**2", "1/abs(x)", "x**2/x", "x*log(x)/log(x)"])
def test_points_without_value_are_none(text):
    """f is taken as typed: where it has no value there is no critical point."""
    assert kinds(text, ["x"])[0] == {}


def test_a_line_of_points_is_a_family():
    """Where the gradient vanishes on a line, the line is told and not a point of it."""
    found = critical_points(["(x+y)**2"], ["x", "y"], ["x", "y"], {}, {})
    assert (found.points, found.families) == ([], [{"x": "-y", "y": "y"}])
    assert "degenerate" in found.notes[-1]


def test_names_of_any_script_are_solved_for():
    """Libraries that take ASCII alone are spared the names: the points and the families carry them."""
    assert kinds("ä**4 - 2*ä**2 + größe**2", ["ä", "größe"])[1]
    found = critical_points(["(x+ä)**2"], ["x", "ä"], ["x", "ä"], {}, {})
    assert found.families == [{"x": "-ä", "ä": "ä"}]


def chain(count, last="u{0}"):
    """`u1 = x*x; u2 = u1*u1; …`, and what is asked of the last."""
    parts = ["u1 = x*x", *(f"u{n} = u{n - 1}*u{n - 1}" for n in range(2, count + 1))]
    return "; ".join([*parts, last.format(count)])


@pytest.mark.parametrize("text", [
    chain(12), chain(60), chain(60, "u{0} + 3"), chain(60, "-7*u{0}"), chain(40, "u{0}*u3 + u2"), chain(60, "u{0} + x*x"),
])  # fmt: skip
def test_nested_squares_vanish_at_zero_alone(text):
    """x to the power 2**60 has one critical point, whatever balls around it do: signs say so on both sides."""
    found = critical_points([text], [], ["x"], {}, {})
    assert [point.at for point in found.points] == [{"x": 0.0}] and found.inside


def test_a_search_of_long_expressions_ends_after_fewer_boxes():
    """By a size, with a sentence; a limit that is set is kept."""
    from gradcli.language.limits import raise_limits

    text = chain(60, "u{0} - 3*x")
    (note,) = critical_points([text], [], ["x"], {}, {}).notes
    assert "the search ended after" in note and "--limit boxes=N looks at more" in note
    raise_limits({"boxes": 700})
    try:
        (note,) = critical_points([text], [], ["x"], {}, {}).notes
    finally:
        raise_limits({})
    assert "ended after 700 boxes" in note
