"""Ends of roots, tips of cones, corners and jumps where constraints meet: each answer is known by hand."""

from __future__ import annotations

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.constrained.piece_minima import minimum_of_pieces
from gradcli.descent.verdicts.outcome import Outcome
from gradcli.language.constraints.constraint_text import constraints_of, definitions_of


def ended(text, constraints, *, ascend=False, **at):
    """How the descent from a point ends."""
    definitions = definitions_of([text])
    links = [link for one in constraints.split(";") for link in constraints_of(one, (), definitions)]
    return minimize_constrained(
        [text], links, {name: float(x) for name, x in at.items()}, Wish(ascend=ascend)
    )


#: f, constraints, start, the least values that are local (by hand).
MINIMA = [
    # √x + √y on x + y = 1 is concave: least at both ends.
    ("sqrt(x)+sqrt(y)", "x+y = 1", {"x": 0.3, "y": 0.2}, {1}),
    ("a = 1; sqrt(x)+sqrt(y)", "x+y = a", {"x": 0.3, "y": 0.2}, {1}),
    ("sqrt(x)+sqrt(y)+sqrt(z)", "x+y+z = 1", {"x": 0.3, "y": 0.3, "z": 0.4}, {1}),
    ("sqrt(x*y)", "x+y = 1; x >= 0; y >= 0", {"x": 0.3, "y": 0.2}, {0}),
    ("y", "sqrt(x)+sqrt(y) = 1", {"x": 0.3, "y": 0.3}, {0}),
    ("x^1.5", "x+y = 1", {"x": 0.5, "y": 0.5}, {0}),
    ("x^0.5*y^0.5", "x+y = 2", {"x": 1, "y": 0.5}, {0}),
    ("acos(x)+acos(y)", "x+y = 1; x >= -1; y >= -1", {"x": 0.2, "y": 0.8}, {1.5707963267948966}),
    ("sqrt(abs(x))", "x+y = 1", {"x": 3, "y": 3}, {0}),
    # A cone's tip: -x/2 is less than the length of (x, y).
    ("z", "z >= sqrt(x^2+y^2)", {"x": 1, "y": 1, "z": 3}, {0}),
    ("z+x/2", "z >= sqrt(x^2+y^2)", {"x": 1, "y": 1, "z": 3}, {0}),
    ("sqrt(2*x^2+3*y^2)+0.2*x", "x+y >= 0", {"x": 1, "y": 1}, {0}),
    ("hypot(x-1,y-2)", "x+y >= 3", {"x": 5, "y": 5}, {0}),
    # A product of absolute values is 0 on the axes.
    ("abs(x)*abs(y)", "x+y = 1", {"x": 0.3, "y": 0.2}, {0}),
    ("abs(x)*abs(y)", "x^2+y^2 = 1", {"x": 0.3, "y": 0.2}, {0}),
    ("abs(x)-abs(y)", "x^2+y^2 <= 1", {"x": 0.5, "y": 0.3}, {-1}),
    ("abs(x)^1.5", "x+y = 1", {"x": 3, "y": 3}, {0}),
    # x*y = 0 in the quadrant: two half-lines.
    ("x+y", "x*y = 0; x >= 0; y >= 0", {"x": 1, "y": 2}, {0}),
    ("(x+1)^2+(y+1)^2", "x*y = 0; x >= 0; y >= 0", {"x": 0.5, "y": 0.2}, {2}),
    ("x+y", "sqrt(x^2+y^2) <= 0", {"x": 1, "y": 1}, {0}),
    ("x", "floor(x) >= 2", {"x": 3.5}, {2}),
    ("x^2", "floor(x) = 2", {"x": 3.5}, {4}),
    ("(x-5)^2", "ceil(x) <= 2.5", {"x": 1}, {9}),
    ("abs(x)+y", "x+y = a; y >= a; a = 1", {"x": 3, "y": 3, "a": 1}, {1}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "constraints", "at", "values"), MINIMA)
def test_minima_where_slopes_are_missing(text, constraints, at, values):
    """A success, with the value that is known."""
    found = ended(text, constraints, **at)
    assert found.success, found.message
    assert min(abs(found.fun - value) for value in values) <= 1e-12


def test_a_maximum_at_the_end_of_a_root():
    """x + y with √x + √y <= 1 is largest at the ends of the arc."""
    found = ended("x+y", "sqrt(x)+sqrt(y) <= 1", ascend=True, x=0.3, y=0.1)
    assert found.status == "maximum-on-constraint" and found.fun == 1
    (state,) = found.constrained.constraints
    # at (1, 0): raising 1 to 1 + t lets x be (1 + t)², so the best value grows by 2t
    assert state.multiplier == pytest.approx(2)


def test_the_multiplier_at_the_end_of_a_root_is_the_slope_of_the_best_value():
    """√x + √y on x + y = c is √c at least, whose derivative at 1 is 1/2."""
    found = ended("sqrt(x)+sqrt(y)", "x+y = 1", x=0.3, y=0.2)
    assert found.constrained.constraints[0].multiplier == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "constraints", "at"),
    [
        ("z+2*x", "z >= sqrt(x^2+y^2)", {"x": 1, "y": 1, "z": 3}),  # falls along (-1, 0, 1)
        ("log(x)+log(y)", "x+y = 1", {"x": 0.3, "y": 0.2}),
        ("log(x)", "x >= 0", {"x": 2}),
        ("1/x", "x <= 1", {"x": -0.5}),
    ],
)
def test_falls_without_end_at_an_edge(text, constraints, at):
    """Where f itself has no least value it is said, also where the way ends at a point."""
    assert ended(text, constraints, **at).status == "unbounded"


@pytest.mark.parametrize(
    ("text", "constraints", "at"),
    [
        ("sqrt(x)", "x+y = 1", {"x": 0.3, "y": 0.2}),
        ("x+y-4*sqrt(x)", "x+y = 1", {"x": 0.5, "y": 0.5}),
        ("z", "z = sqrt(x^2+y^2)", {"x": 1, "y": 1, "z": 3}),
        ("-abs(x)*abs(y)", "x+y = 1", {"x": 0.3, "y": 0.2}),
        ("x-abs(y)", "x >= y^2", {"x": 1, "y": 0.5}),
        ("z+3*x", "z >= sqrt(x^2+y^2); x >= -1", {"x": 1, "y": 1, "z": 3}),
        ("floor(x)+y^2", "x+y = 1", {"x": 3, "y": 0}),
        ("-sqrt(x)", "x+y = 1; y >= 0", {"x": 0.001, "y": 0.9}),
    ],
)
def test_what_is_called_a_minimum_has_nothing_lower_next_to_it(text, constraints, at):
    """Points around it that keep the constraints, thousands of them, along the line or around the point."""
    import math
    import random

    found = ended(text, constraints, **at)
    assert found.status not in ("asymptote",)
    if not found.success:
        return
    source = random.Random(3)
    names = {"sqrt": math.sqrt, "abs": abs, "floor": math.floor}
    links = [link for one in constraints.split(";") for link in constraints_of(one)]
    code = compile(text.replace("^", "**"), "f", "eval")
    for _ in range(4000):
        size = 10.0 ** source.uniform(-5, -2)
        x = {name: a + size * source.uniform(-1, 1) for name, a in found.x.items()}
        if "x+y = 1" in constraints:
            x["y"] = 1 - x["x"]
        if constraints.startswith("z = "):
            x["z"] = math.hypot(x["x"], x["y"])
        try:
            kept = all(
                abs(d) <= 1e-15 if link.relation == "=" else d <= 0 if link.relation == "<=" else d >= 0
                for link in links
                for d in [eval(link.difference.replace("^", "**"), names, x)]
            )
            value = eval(code, names, x)
        except ValueError:
            continue
        assert not kept or value >= found.fun - 1e-12


def test_a_start_without_slopes_is_left_and_told():
    """√x + 2√y on x + y <= 5 from the origin: 5 at (1, 4), where 1/√x = 2/√y·… = λ."""
    found = ended("sqrt(x)+2*sqrt(y)", "x+y <= 5; x >= 0; y >= 0", ascend=True, x=0, y=0)
    assert found.success and found.fun == pytest.approx(5)
    assert any("no slope at the start" in note.message for note in found.notes)


@pytest.mark.parametrize("text", ["x", "x^2"])
def test_an_equation_that_does_not_hold_is_no_minimum(text):
    """(x-1)² = -1e-5 nearly holds at 1, where its slope is 0."""
    assert ended(text, "-(x-1)^2 = 1e-5", x=1).status == "infeasible"
    assert ended("(x-1)^2", "-(x-1)^2 = 1e-5", x=1).status == "infeasible"


def test_jumps_that_leave_out_their_border():
    """floor(x) <= 2 is x < 3: (x-5)² comes near to 4 and does not take it."""
    assert ended("(x-5)^2", "floor(x) <= 2", x=1).status == "excluded"


@pytest.mark.parametrize(
    ("text", "constraints", "at", "status"),
    [
        ("sqrt(x)+sqrt(y)", "x+y = 1", "x=1,y=0", 0),
        ("z", "z >= sqrt(x^2+y^2)", "x=0,y=0,z=0", 0),
        ("abs(x)*abs(y)", "x+y = 1", "x=0,y=1", 0),
        ("z+2*x", "z >= sqrt(x^2+y^2)", "x=0,y=0,z=0", 3),
        ("-abs(x)", "x+y = 1", "x=0,y=1", 3),
    ],
)
def test_a_given_point_without_slopes_is_judged(run, text, constraints, at, status):
    """`check --kkt` says optimal where all pieces show it, and else that slopes are missing."""
    told = run("check", text, "--st", constraints, "--at", at, "--kkt", "--get", "optimal")
    assert told.status == status and told.out == ("true\n" if not status else "")
    assert not status or "no slope there" in told.err


def test_a_piece_that_comes_near_is_not_passed_over():
    """At x = 1 the jump lets f fall on: that √(6e-4) is known to a hundred digits only does not keep the other piece away."""
    text, links = "sqrt(2*y)-x+floor(-x)", constraints_of("y >= 3e-4")
    base = Outcome("stalled", "", False, {}, 0.0, {}, 0, 0, 0, 0, "sqp")
    assert minimum_of_pieces(text, links, [{"x": 1.0, "y": 3e-4}], base, Wish()) is None
    told = minimum_of_pieces("sqrt(2*y)+x-floor(x)", links, [{"x": 1.0, "y": 3e-4}], base, Wish())
    assert told is not None and told.x == {"x": 1.0, "y": 3e-4} and told.fun == pytest.approx(6e-4**0.5)


def test_a_start_without_slopes_on_a_bound_is_left_along_it():
    """What is begun next to x = 0, where √x has no slope, stays in the bounds: 1 - √x is least at x = 4."""
    found = ended("1-sqrt(x)+y^2", "x >= 0; x <= 4", x=0, y=1)
    assert found.success and found.fun == pytest.approx(-1)
