"""Points where constraints' slopes depend on each other, and constraints that say the same; the truth is seen by hand."""

from __future__ import annotations

import math
import random

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from tests.descent.constrained.problems import BOOK, EXAMPLES, links_of, solved, start_of
from tests.descent.constrained.test_constrained_verdicts import scaled, single, turned


def outcome(text, constraints, start, **wish):
    """How a problem ends."""
    return minimize_constrained([text], links_of([constraints]), start, Wish(**wish))


@pytest.mark.parametrize(
    ("text", "constraints", "start", "place"),
    [
        ("3*x**2 + 2*x - y", "x**2 + y**2 <= 0", {"x": -0.8, "y": 0.2}, {"x": 0, "y": 0}),
        ("x + y", "(x - 1)**2 + 2*(y - 2)**2 = 0", {"x": -0.8, "y": 0.2}, {"x": 1, "y": 2}),
        ("y", "x**2 + y**2 <= 1; (x - 2)**2 + y**2 <= 1", {"x": 0.0, "y": 1.0}, {"x": 1, "y": 0}),
    ],
)
def test_the_only_point_that_keeps_constraints_is_a_minimum(text, constraints, start, place):
    """Sums of squares that are 0, and two discs that touch: there are no multipliers, and it is one all the same."""
    found = outcome(text, constraints, start)
    assert found.status == "minimum-on-constraint" and "only point near where" in found.message
    assert found.x == place and all(one.multiplier is None for one in found.constrained.constraints)


@pytest.mark.parametrize("ascend", [False, True])
def test_a_cusp_is_an_absolute_minimum_where_all_points_are_counted(ascend):
    """x on x³ = y² is never below 0; -x never above."""
    found = outcome("-x" if ascend else "x", "x**3 = y**2", {"x": 1.0, "y": 1.0}, ascend=ascend)
    assert found.success and found.fun == 0 and found.constrained.convex and "counted" in found.message
    assert found.x == {"x": 0.0, "y": 0.0}


@pytest.mark.parametrize(
    ("text", "constraints", "start"),
    [
        ("(x - 1)**2 + y**2", "exp(x) - x - 1 = 0", {"x": 1.0, "y": 1.0}),
        ("x + y", "x**2 + y**2 < 0", {"x": 1.0, "y": 1.0}),
        ("-x", "y - exp(x)*(1 - x)**3 <= 0; y >= 0", {"x": 0.0, "y": 0.5}),
    ],
)
def test_without_a_certificate_it_stays_nonregular(text, constraints, start):
    """A line of points; a point on a border that is left out; Kuhn and Tucker's cusp, times what no count can see through."""
    assert outcome(text, constraints, start).status == "nonregular"


def test_nothing_is_called_without_multipliers_that_has_some():
    """At the saddle of problem 47 ∇f is 0: however often its constraints are written, multipliers of 0 balance it."""
    problem = BOOK["hs047"]
    texts = single(problem)
    found = solved(problem, texts=[*texts, *[f"2*({one.left}) = 2*({one.right})" for one in links_of(texts)]])
    assert "no multipliers balance" not in found.message


def test_a_minimum_that_no_constraint_touches_may_have_no_slope():
    """The cone's tip, where x + y >= -1 holds with room to spare; and x + y >= 1 cuts it off."""
    found = outcome("sqrt(x**2 + y**2)", "x + y >= -1", {"x": 2.0, "y": 1.0})
    assert found.status == "minimum-at-corner" and found.x == {"x": 0.0, "y": 0.0}
    assert found.constrained.constraints[0].slack == 1.0
    assert math.isclose(outcome("sqrt(x**2 + y**2)", "x + y >= 1", {"x": 2.0, "y": 1.0}).fun, math.sqrt(0.5))


def test_what_f_draws_away_is_looked_for_at_the_start():
    """sin(x) >= 2 has no solution, and f falls without end meanwhile."""
    found = outcome("x + y", "sin(x) >= 2", {"x": 1.0, "y": 1.0})
    assert found.status == "infeasible" and math.isclose(found.constrained.violation, 1.0)


def test_crawling_ends():
    """Far fewer steps than the limit where nothing moves any more."""
    assert outcome("x", "x**3 = y**2", {"x": 1.0, "y": 1.0}).nit < 700


PROBLEMS = {**EXAMPLES, **{name: BOOK[name] for name in ("hs047", "hs063", "hs061", "hs039", "hs056")}}

#: The words for a minimum: a bound that is multiplied is written as a constraint.
SAME = {"minimum-on-bound": "minimum-on-constraint", "maximum-on-bound": "maximum-on-constraint"}


@pytest.mark.parametrize("name", PROBLEMS)
def test_how_constraints_are_written_changes_no_verdict(name):
    """Each scaled by 1e±6, at random; the other way round; one of them twice, and twice scaled; one place of the start."""
    problem, source = PROBLEMS[name], random.Random(name)
    texts = single(problem)
    plain, which = solved(problem, texts=texts), source.randrange(len(texts))
    moved = {k: math.nextafter(v, source.choice((-math.inf, math.inf))) for k, v in start_of(problem).items()}
    others = [
        solved(problem, texts=[scaled(text, source.choice(("1e6", "1e-6", "1"))) for text in texts]),
        solved(problem, texts=[*map(turned, texts)]),
        solved(problem, texts=[*texts, texts[which]]),
        solved(problem, texts=texts, start=moved),
    ]
    for other in others:
        assert SAME.get(other.status, other.status) == SAME.get(plain.status, plain.status), other.message
        if plain.success:
            assert math.isclose(other.fun, plain.fun, rel_tol=1e-7, abs_tol=1e-7)


def test_copies_share_a_multiplier():
    """The least in norm: half for each of two, a third for each of three; and together the slope of the best value."""
    found = outcome("x**2 + y**2", "x + y = 1; x+y=1;  x + y  =  1; x >= -1", {"x": 3.0, "y": 0.0})
    assert [one.multiplier for one in found.constrained.constraints] == pytest.approx(
        [1 / 3, 1 / 3, 1 / 3, 0.0]
    )
    assert found.constrained.regular is False and "not unique" in found.message


def test_numbers_far_below_doubles_do_not_end_the_process():
    """exp(2*y) is 2**(-1e12) and less on the way down: FLINT has no such power of two."""
    found = outcome("2*x**2 - 4*x*y + exp(0.3*x + 2*y)", "-3*x = 1", {"x": -0.75, "y": -1.6})
    assert found.status == "unbounded"


def test_a_constraint_without_slope_balances_nothing():
    """sin <= 1 holds everywhere: the least of the quartic is where its own slopes are 0, and not on a crest of the sine."""
    found = outcome("-2*y + 18*x**4 + 2*y**4", "sin(y - 2*x) <= 1", {"x": -1.26, "y": 1.46})
    assert not found.success or math.isclose(found.fun, -1.5 * 0.25 ** (1 / 3), rel_tol=1e-9), found.message


@pytest.mark.parametrize(
    ("text", "constraints", "start", "value", "x"),
    [
        ("x", "(x - sqrt(2))**3 = (y - pi)**2", {"x": 3.0, "y": 4.0}, math.sqrt(2), (math.sqrt(2), math.pi)),
        ("(x - 1)**2 + y**2", "(x**2 - 2)**2 = 0", {"x": 1.0, "y": 1.0}, (math.sqrt(2) - 1) ** 2, (math.sqrt(2), 0)),
        ("-x", "y <= (sqrt(3) - x)**3; y >= 0", {"x": 0.5, "y": 0.5}, -math.sqrt(3), (math.sqrt(3), 0)),
        ("y", "(x - pi)**2 <= 0; y >= x", {"x": 1.0, "y": 1.0}, math.pi, (math.pi, math.pi)),
        ("x**2 + y**2", "(x + y - sqrt(2))**2 = 0", {"x": 0.0, "y": 0.0}, 1, (math.sqrt(0.5), math.sqrt(0.5))),
        ("y", "sin(x) <= -1; y >= x**2; -3 <= x <= 0", {"x": -1.0, "y": 1.0}, math.pi**2 / 4, (-math.pi / 2, math.pi**2 / 4)),
    ],
)  # fmt: skip
def test_points_without_multipliers_need_not_be_simple(text, constraints, start, value, x):
    """Where slopes depend on each other the point is known to all digits of a double, whatever number it is."""
    outcome = minimize_constrained([text], links_of([constraints]), start)
    assert outcome.success or outcome.status == "nonregular", outcome.message
    assert math.isclose(outcome.fun, value, rel_tol=1e-14)
    assert all(
        math.isclose(a, b, rel_tol=1e-14, abs_tol=1e-14) for a, b in zip(outcome.x.values(), x, strict=True)
    )


@pytest.mark.parametrize("constraints", ["y - (1 - x)**3 <= 0; y >= 0", "y <= (1 - x)**3; x >= 0; y >= 0"])
def test_the_cusp_of_kuhn_and_tucker_is_the_absolute_minimum(constraints):
    """Points with a value no worse are bounded, as a cubic is on a half-line, so one of those that are counted is it."""
    found = outcome("-x", constraints, {"x": 0.2, "y": 0.2})
    assert (found.status, found.x, found.constrained.convex) == (
        "minimum-on-constraint",
        {"x": 1.0, "y": 0.0},
        True,
    )


@pytest.mark.parametrize(
    ("constraints", "bounded"),
    [
        ("y <= (1 - x)**3; x >= 0; y >= 0", True), ("y <= (1 - x)**3; y >= 0", False), ("x**3 - 5*x**2 + y**2 <= 0", False),
        ("x**3 - 5*x**2 + y**2 <= 0; x >= -1", True), ("x**4 - 9*x**3 + y**6 - y**5 = 1", True),
        ("x**4 - y**3 <= 0; y <= 2", True),
        ("x**4 - y**3 <= 0; y >= 2", False), ("x**2 - 4*x - y**2 <= 0", False), ("x - y**2 <= 0; x >= 0", False),
    ],
)  # fmt: skip
def test_whether_a_set_is_bounded_is_known_by_leading_terms(constraints, bounded):
    """Of each variable, where all others are bounded below."""
    from gradcli.descent.constrained.extrema.bounded_sets import is_bounded

    assert is_bounded(links_of([constraints]), (), ["x", "y"]) is bounded
