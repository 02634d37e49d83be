"""Lists of critical points that are called complete are: against exact counts, resultants, and functions of known zeros."""

from __future__ import annotations

import json
import os
import random
from itertools import product
from pathlib import Path

import mpmath
import pytest
from flint import ctx, fmpq_mpoly_ctx, fmpz_poly

from gradcli.calculus.critical.critical_points import critical_points

ROWS = [json.loads(row) for row in Path(__file__).with_name("critical.jsonl").read_text().splitlines()]

#: How many random polynomials are counted; GRADCLI_TEST_POLYNOMIALS asks for more.
MANY = int(os.environ.get("GRADCLI_TEST_POLYNOMIALS", "16"))


def found_in(text, names, box=()):
    return critical_points([text], list(names), list(names), {}, dict(box))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_polynomials_that_were_counted_exactly(row):
    """Each of the points of Hermite's trace form is found, no other, and that this is all is proved."""
    found = found_in(row["expr"], row["vars"])
    assert found.complete
    assert len(found.points) == row["real"]
    for point in row["points"]:
        assert any(
            all(abs(p.at[name] - x) <= 1e-9 * (1 + abs(x)) for name, x in point.items()) for p in found.points
        )


def random_polynomial(seed):
    source = random.Random(seed)
    degree = source.choice((3, 4, 4, 5, 6))
    powers = [e for e in product(range(degree + 1), repeat=2) if 0 < sum(e) <= degree]
    terms = {e: source.randint(-5, 5) for e in source.sample(powers, source.randint(4, 9))}
    terms |= {(degree, 0): source.choice((1, 2, -1)), (0, degree): source.choice((1, 3))}
    return {e: c for e, c in terms.items() if c}


def counted_by_resultants(terms, shear):
    """The distinct real roots of the resultant of both slopes, after x → x + shear·y; None where they coincide."""
    context = fmpq_mpoly_ctx.get(["x", "y"], "lex")
    x, y = context.gens()
    f = sum((c * (x + shear * y) ** e[0] * y ** e[1] for e, c in terms.items()), context.constant(0))
    eliminated = f.derivative(0).resultant(f.derivative(1), "y")
    degree = max(e[0] for e in eliminated.to_dict())
    below = 1
    for c in eliminated.to_dict().values():
        below *= int(c.q)
    whole = fmpz_poly([int(eliminated.to_dict().get((k, 0), 0) * below) for k in range(degree + 1)])
    before, ctx.prec = ctx.prec, 200
    try:
        factors = whole.factor()[1]
        return sum(sum(1 for root, _ in q.complex_roots() if root.imag.is_zero()) for q, _ in factors)
    finally:
        ctx.prec = before


@pytest.mark.parametrize("seed", range(MANY))
def test_random_polynomials_have_as_many_as_resultants_count(seed):
    """A second method: eliminate one variable after a shear that tells the points apart."""
    terms = random_polynomial(seed)
    text = " + ".join(f"({c})*x**{e[0]}*y**{e[1]}" for e, c in terms.items())
    found = found_in(text, "xy")
    if found.families:
        return
    assert found.complete
    assert len(found.points) == max(counted_by_resultants(terms, shear) for shear in (7, -11))
    for point in found.points:
        x, y = (mpmath.mpf(v) for v in point.at.values())
        slope = sum(c * e[0] * x ** max(e[0] - 1, 0) * y ** e[1] for e, c in terms.items())
        size = sum(abs(c * e[0] * x ** max(e[0] - 1, 0) * y ** e[1]) for e, c in terms.items())
        assert abs(slope) <= 1e-13 * (size + 1)


@pytest.mark.parametrize(
    ("text", "names", "points"),
    [
        ("x+1/x", "x", {(-1,): "maximum", (1,): "minimum"}), ("x**2/x", "x", {}),
        ("(x**3-3*x)/(x-1)*(x-1)", "x", {(-1,): "maximum"}),
        ("x*y+1/x+1/y", "xy", {(1, 1): "minimum"}), ("1/(1+x**2+y**2)", "xy", {(0, 0): "maximum"}),
        ("(x**2+y**2)**2", "xy", {(0, 0): "degenerate"}),
        ("(x**2-2)**2+(y**2-3)**2", "xy", None), ("x**2+y**2+z**2+x*y*z", "xyz", None),
        ("x**4+y**4+z**4-4*x*y*z", "xyz", None),
        ("x**2 - 0*y + y**3/3 - y", "xy", {(0, 1): "minimum", (0, -1): "saddle"}), ("1/(x-y)+x", "xy", {}),
    ],
)  # fmt: skip
def test_quotients_are_taken_as_they_were_typed(text, names, points):
    """A pole is no critical point, though the numerator of the slope vanishes there; truths by hand."""
    found = found_in(text, names)
    assert found.complete
    if points is not None:
        assert {tuple(round(x, 9) + 0.0 for x in p.at.values()): p.kind for p in found.points} == points
    else:
        assert (
            len(found.points)
            == {"(x**2-2)**2+(y**2-3)**2": 9, "x**2+y**2+z**2+x*y*z": 5, "x**4+y**4+z**4-4*x*y*z": 5}[text]
        )


@pytest.mark.parametrize(
    ("text", "families", "points"),
    [
        ("(x+y)**2", [{"x": "-y", "y": "y"}], 0), ("(x*y-1)**2", [{"x": "1/y", "y": "y"}], 1),
        ("x**2*(y-1)", [{"x": "0", "y": "y"}], 0), ("3+0*x+0*y", [{"x": "x", "y": "y"}], 0),
        ("x**2", [{"x": "0", "y": "y"}], 0),
    ],
)  # fmt: skip
def test_curves_of_points_are_families(text, families, points):
    """What the slopes have in common is a family; the points off it are counted."""
    found = found_in(text, "xy")
    assert (found.families, len(found.points), found.complete) == (families, points, True)


@pytest.mark.parametrize(
    ("text", "families", "points"),
    [
        ("x*y*z", ["x=0 y=0", "x=0 z=0", "y=0 z=0"], 0), ("x**2+y**2+z**2-2*x*y", ["x=y z=0"], 0),
        ("(x+y+z)**2", ["x=-y - z"], 0),
        ("x**2*y+z**2", ["x=0 z=0"], 0), ("x**2*y**2+z**2*y**2", ["x=0 z=0", "y=0"], 0),
        ("x**4+z*x*y", ["x=0 y=0", "x=0 z=0"], 0),
        ("(x*y-z)**2+z**2*(z-1)**2", None, None),
        ("x**2*(x-1)**2+y**2*z**2", ["x=0 y=0", "x=0 z=0", "x=1 y=0", "x=1 z=0", "x=1/2 y=0", "x=1/2 z=0"], 0),
    ],
)  # fmt: skip
def test_lines_and_planes_of_points_in_three_variables(text, families, points):
    """Factor by factor by hand; what is not resolved is not called proved."""
    found = found_in(text, "xyz")
    if families is None:
        assert not found.complete
        return
    shown = {" ".join(f"{n}={t}" for n, t in family.items() if n != t) for family in found.families}
    assert (shown, len(found.points), found.complete) == (set(families), points, True)


@pytest.mark.parametrize(
    ("text", "names", "box", "count"),
    [
        ("sin(x)*cos(y)+x*y/10", "xy", (-10.0, 10.0), 49), ("exp(-x**2-y**2)*x", "xy", (-10.0, 10.0), 2),
        ("cos(x)+x**2/10", "x", (-10.0, 10.0), 3), ("log(x)+1/x", "x", (-10.0, 10.0), 1),
        ("sin(x)", "x", (-100.0, 100.0), 64),
        ("sin(x)*sin(y)", "xy", (-4.0, 4.0), 13), ("exp(x)-x", "x", (-10.0, 10.0), 1), ("x*exp(y)", "xy", (-5.0, 5.0), 0),
        ("gamma(x)", "x", (0.5, 5.0), 1), ("sin(x)*sin(y)*sin(z)", "xyz", (0.5, 3.0), 1),
    ],
)  # fmt: skip
def test_what_is_no_polynomial_is_proved_in_its_box(text, names, box, count):
    """Counts by hand, or by a search on a fine grid."""
    found = found_in(text, names, dict.fromkeys(names, box))
    assert (len(found.points), found.complete, found.notes) == (count, True, [])
    assert all(point.proved for point in found.points)


def test_no_clock_decides(monkeypatch):
    """With alarms that ring at once the answer is the same."""
    monkeypatch.setattr("gradcli.calculus.effort.time_budget.SHORTEST", 1e-6)
    before = found_in("x**6+y**6-x*y+x", "xy")
    monkeypatch.setattr("signal.setitimer", lambda *_: (0.0, 0.0))
    assert found_in("x**6+y**6-x*y+x", "xy") == before


def test_boxes_that_stay_undecided_are_named():
    """A point whose Hessian is singular is told, and that around it others are not excluded."""
    found = found_in("(exp(x)-2)**4+(y-1)**2*exp(x)", "xy", {"x": (-2.0, 3.0), "y": (-2.0, 3.0)})
    assert not found.complete
    assert [(p.kind, p.exact) for p in found.points] == [("degenerate", {"x": "log(2)", "y": "1"})]
    assert "not decided" in found.notes[0]
    assert "0.693147" in found.notes[0]


def test_far_points_are_found_where_none_is_near():
    """The box that is searched of itself grows where it holds no point."""
    found = found_in("(x-50)**2+exp(y)-y", "xy")
    assert [(p.kind, p.exact) for p in found.points] == [("minimum", {"x": "50", "y": "0"})]
    assert dict(found.searched) == dict.fromkeys("xy", (-1000.0, 1000.0))


def test_a_seam_that_fills_the_box_is_named_with_the_size_of_its_parts():
    """Along x = y f has corners: how small the boxes there are is said."""
    found = found_in("abs(x-y)+x**2+exp(x)*0", "xy", dict.fromkeys("xy", (-1.0, 1.0)))
    assert not found.complete
    assert "boxes of at most" in found.notes[0]


def test_without_a_box_nothing_is_said_of_the_outside():
    """In the box that was searched it is proved, elsewhere not."""
    found = found_in("sin(x)", "x")
    assert (found.complete, found.inside, len(found.points)) == (False, True, 6)
    assert dict(found.searched) == {"x": (-10.0, 10.0)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x**(-8) + min(x, 2*x - x)*x", "x"),  # a tie everywhere, and two minima on the piece
        ("(x**2 + y**2)**0.75", "xy"),  # at its minimum the slopes are 0/0 as they are written
    ],
)
def test_a_zero_without_a_gradient_as_written_leaves_the_list_open(text, names):
    """What solves the equations of a piece is there: no list is complete without it."""
    found = found_in(text, names)
    assert not found.points
    assert not found.complete
    assert not found.inside


def test_the_least_of_a_number_and_itself_is_that_number():
    """x**(-8) + x**2 has its two minima where x**10 is 4."""
    found = found_in("x**(-8) + min(x, x)*x", "x")
    assert found.complete
    assert sorted(float(point.at["x"]) for point in found.points) == pytest.approx(
        [-(4**0.1), 4**0.1], rel=1e-12
    )


def test_a_zero_of_the_gradient_without_second_derivatives_is_listed():
    """The slope of x**(5/3) is 0 at 0, and its own slope has no value there."""
    (point,) = found_in("x**(5/3) + y**2", "xy").points
    assert point.at == {"x": 0, "y": 0}
    assert point.kind == "degenerate"
    assert not point.eigenvalues
