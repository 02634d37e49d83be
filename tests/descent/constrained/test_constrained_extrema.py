"""All points under constraints: against verified lists, against sampling, and what is said of others."""

from __future__ import annotations

import math
import random

import pytest

from gradcli.descent.constrained.extrema.constrained_extrema import constrained_extrema
from gradcli.shell.problems.values import number
from tests.descent.constrained.problems import EXAMPLES, links_of

LISTED = {name: one for name, one in EXAMPLES.items() if "critical" in one}


def extrema(text, constraints, names, box=None):
    """All points of a problem."""
    links = links_of(constraints)
    symbols = [f"m{i}" for i in range(len(links))]
    return constrained_extrema(text, links, dict.fromkeys(names, 0.0), symbols, box or {})


@pytest.mark.parametrize("name", LISTED)
def test_a_verified_list_is_found_in_whole(name):
    """Every point, its kind, its value, its multipliers, exactly; and that there are no others is proved."""
    problem = LISTED[name]
    found = extrema(problem["expr"], problem["constraints"], problem["vars"])
    assert found.complete and len(found.points) == len(problem["critical"])
    for point in problem["critical"]:
        at = {key: float(number(key, text)) for key, text in point["x"].items()}
        (own,) = [
            p for p in found.points if all(math.isclose(p.at[k], v, abs_tol=1e-12) for k, v in at.items())
        ]
        assert own.kind == point["kind"] and math.isclose(own.value, point["value_float"], abs_tol=1e-12)
        wanted = [float(number("m", text)) for text in point["multipliers"]]
        assert all(math.isclose(a, b, abs_tol=1e-12) for a, b in zip(own.multipliers, wanted, strict=True))
        assert own.exact is not None and all(own.exact.values())


@pytest.mark.parametrize(
    ("text", "constraints", "names", "least", "most", "count"),
    [
        ("x**2*y", ["x**2 + 2*y**2 = 6"], "xy", -4.0, 4.0, 6),
        ("x**2 + y**2 - 2*x", ["x >= 0; y >= 0; x + y <= 4"], "xy", -1.0, 16.0, 5),
        ("x**2 + 2*y**2", ["x**2 + y**2 <= 1"], "xy", 0.0, 2.0, 5),
        (
            "x + 2*y + 3*z",
            ["x - y + z = 1", "x**2 + y**2 = 1"],
            "xyz",
            3 - math.sqrt(29),
            3 + math.sqrt(29),
            2,
        ),
        ("x**2 + 1", ["(x - 2)*(x - 4) <= 0"], "x", 5.0, 17.0, 2),
        ("x**3 - 3*x", ["-2 <= x <= 3"], "x", -2.0, 18.0, 4),
        ("x", ["x**2 = y**3; y <= 4"], "xy", -8.0, 8.0, None),
    ],
)
def test_absolute_extrema_on_closed_and_bounded_sets(text, constraints, names, least, most, count):
    """Interior, edges, corners and singular points together hold the least and the greatest value."""
    found = extrema(text, constraints, names)
    assert count is None or (found.bounded and found.complete and len(found.points) == count)
    if count is not None:
        low = {p.value for p in found.points if p.absolute == "minimum"}
        high = {p.value for p in found.points if p.absolute == "maximum"}
        assert all(math.isclose(v, least, abs_tol=1e-12) for v in low) and low
        assert all(math.isclose(v, most, abs_tol=1e-12) for v in high) and high
    assert math.isclose(min(p.value for p in found.points), least, abs_tol=1e-12)
    assert math.isclose(max(p.value for p in found.points), most, abs_tol=1e-12)


def test_a_point_without_multipliers_is_found():
    """x on the cusp x**3 = y**2 is least where ∇f = λ∇g has no solution."""
    found = extrema("x", ["x**3 = y**2"], "xy")
    (point,) = found.points
    assert (point.kind, point.multipliers, point.value) == ("minimum", None, 0.0)
    assert found.complete and not found.bounded and point.absolute == "minimum"


def test_a_set_without_bounds_may_have_one_of_both():
    """On a line the distance has a least value, and f = x*y a greatest one; of x + y on a hyperbola both are local."""
    found = extrema("x**2 + y**2", ["x + y = 1"], "xy")
    assert [(p.kind, p.absolute) for p in found.points] == [("minimum", "minimum")] and not found.bounded
    found = extrema("x + y", ["x*y = 1"], "xy")
    assert [(p.kind, p.absolute) for p in found.points] == [("maximum", None), ("minimum", None)]


@pytest.mark.parametrize(
    ("text", "constraints", "names", "box", "count", "ended"),
    [
        ("exp(x*y)", ["x**3 + y**3 = 16"], "xy", {}, 1, False),
        ("sin(x) + y", ["x**2 + y**2 = 1"], "xy", {}, 2, True),
        ("sin(x) + y", ["x**2 + y**2 = 1"], "xy", {"x": (-0.9, 0.9), "y": (-2, 2)}, 2, False),
        ("exp(x) + exp(y)", ["x + y = 2"], "xy", {}, 1, False),
        ("exp(-x*y)", ["x**2 + 4*y**2 <= 1"], "xy", {}, 5, True),
        ("exp(x) + y", ["x >= 0; y >= 0; x + y <= 30"], "xy", {}, 3, True),
    ],
)
def test_other_functions_are_searched_in_a_box(text, constraints, names, box, count, ended):
    """That there are no others is said of the box, and of the whole set where that is in it; so are absolute extrema."""
    found = extrema(text, constraints, names, box)
    assert found.complete and len(found.points) == count
    assert (found.box == {}) is ended
    told = {p.absolute for p in found.points} - {None}
    assert told == ({"minimum", "maximum"} if ended else set())


@pytest.mark.parametrize(
    ("text", "constraints", "names"),
    [
        ("sqrt(x) + y", ["0 <= x <= 4; 0 <= y <= 1"], "xy"),
        ("asin(x) + y", ["-1 <= x <= 1; 0 <= y <= 1"], "xy"),
        ("cbrt(x)**2 + exp(y)", ["x**2 + y**2 <= 1"], "xy"),
        ("(x**2 - 1)**(2/3) + y", ["x**2 + y**2 <= 9"], "xy"),
        ("x + y", ["sqrt(x) + y**2 <= 1; y >= 0"], "xy"),
    ],
)
def test_a_list_that_may_lack_places_without_slopes_is_not_complete(text, constraints, names):
    """No equation of Lagrange's holds at an end of f's domain or at a cusp."""
    assert not extrema(text, constraints, names).complete


@pytest.mark.parametrize(
    ("text", "constraints", "names"),
    [
        ("1/x", ["-1 <= x <= 1"], "x"),
        ("x/y", ["x**2 + y**2 <= 1"], "xy"),
        ("exp(x)/(y - 1)", ["0 <= x <= 1; 0 <= y <= 2"], "xy"),
        ("x", ["1/x >= 1; x <= 3; x >= -3"], "x"),
    ],
)
def test_nothing_is_absolute_beside_a_pole(text, constraints, names):
    """A bounded set alone does not do where f, or what bounds it, has a pole there."""
    assert not any(p.absolute for p in extrema(text, constraints, names).points)


def test_a_set_whose_edge_ends_in_a_cusp_is_bounded():
    """y <= (1 - x)**3 lets x not grow, so both extrema are attained."""
    found = extrema("-x", ["x >= 0; y >= 0; y <= (1 - x)**3"], "xy")
    assert found.bounded and [(p.at["x"], p.absolute) for p in found.points][:1] == [(1.0, "minimum")]
    assert not extrema("-x", ["x >= 0; y >= 0; y <= (x - 1)**2"], "xy").bounded


@pytest.mark.parametrize("seed", range(12))
def test_no_point_of_a_region_is_lower_than_the_absolute_minimum(seed):
    """Random quadratics on a part of an ellipse, against 4,000 points of it."""
    source = random.Random(seed)
    a, b, c, d, e = (source.choice([-3, -2, -1, 0, 1, 2, 3]) for _ in range(5))
    text = f"{a}*x**2 + {b}*x*y + {c}*y**2 + {d}*x + {e}*y"
    found = extrema(text, ["x**2 + 2*y**2 <= 3; y >= -1/2"], "xy")
    if not found.complete or not found.points:
        return
    least = min(p.value for p in found.points if p.absolute == "minimum")
    most = max(p.value for p in found.points if p.absolute == "maximum")
    for _ in range(4000):
        x, y = source.uniform(-1.8, 1.8), source.uniform(-0.5, 1.3)
        if x * x + 2 * y * y <= 3:
            value = a * x * x + b * x * y + c * y * y + d * x + e * y
            assert least - 1e-9 <= value <= most + 1e-9
