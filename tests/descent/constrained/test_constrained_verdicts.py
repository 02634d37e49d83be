"""What is no minimum is not called one, and what must not change a verdict does not."""

from __future__ import annotations

import math

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.constrained.kkt_search import kkt_finding
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.language.constraints.constraint_text import constraints_of, definitions_of
from tests.descent.constrained.problems import BOOK, EXAMPLES, links_of, solved, start_of

REGULAR = {name: one for name, one in EXAMPLES.items() if one["kind"] == "regular"}
FEW = [
    "hs007",
    "hs010",
    "hs014",
    "hs022",
    "hs029",
    "hs035",
    "hs040",
    "hs043",
    "hs053",
    "hs065",
    "hs071",
    "hs078",
]


def verdict(outcome):
    """The word, f, and the multipliers."""
    return outcome.status, outcome.fun, [one.multiplier for one in outcome.constrained.constraints]


def scaled(text, factor):
    """A constraint with both sides multiplied."""
    (link,) = links_of([text])
    return f"{factor}*({link.left}) {link.relation} {factor}*({link.right})"


def turned(text):
    """A constraint written the other way round."""
    (link,) = links_of([text])
    other = {"=": "=", "<=": ">=", ">=": "<="}[link.relation]
    return f"{link.right} {other} {link.left}"


def single(problem):
    """The texts of a problem's constraints, a link each."""
    return [link.text for link in links_of(problem["constraints"])]


@pytest.mark.parametrize("name", FEW)
@pytest.mark.parametrize("factor", ["1e6", "1e-6"])
def test_scaling_a_constraint_scales_its_multiplier_and_nothing_else(name, factor):
    """1e6*(x + y) = 1e6 is x + y = 1."""
    problem = BOOK[name]
    texts = single(problem)
    plain = solved(problem, texts=texts)
    other = solved(problem, texts=[scaled(texts[0], factor), *texts[1:]])
    assert plain.status == other.status and math.isclose(plain.fun, other.fun, rel_tol=1e-9, abs_tol=1e-9)
    first, second = plain.constrained.constraints[0], other.constrained.constraints[0]
    assert math.isclose(first.multiplier, second.multiplier * float(factor), rel_tol=1e-6, abs_tol=1e-9)


@pytest.mark.parametrize("name", ["hs003", "hs004", "hs021", "hs045"])
@pytest.mark.parametrize("factor", ["1e6", "1e-6", "-1e3"])
def test_a_scaled_bound_is_a_bound(name, factor):
    """The word stays, and so do the start, which bounds move, and all steps but for rounding."""
    problem = BOOK[name]
    texts = single(problem)
    plain = solved(problem, texts=texts)
    changed = [scaled(text, factor) for text in texts]
    if factor.startswith("-"):  # which turns the relation
        changed = [text.replace("<=", "?").replace(">=", "<=").replace("?", ">=") for text in changed]
    other = solved(problem, texts=changed)
    assert (plain.status, other.status) == ("minimum-on-bound", "minimum-on-bound")
    assert math.isclose(plain.fun, other.fun, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("name", FEW)
def test_the_other_way_round_turns_the_sign_of_the_formula(name):
    """`1 = x + y` has the multiplier of `x + y = 1` with the other sign, and the same derivative along the constant."""
    problem = BOOK[name]
    texts = single(problem)
    plain, other = solved(problem, texts=texts), solved(problem, texts=[*map(turned, texts)])
    assert plain.status == other.status and math.isclose(plain.fun, other.fun, rel_tol=1e-9, abs_tol=1e-9)
    for a, b in zip(plain.constrained.constraints, other.constrained.constraints, strict=True):
        assert math.isclose(a.multiplier, -b.multiplier, rel_tol=1e-6, abs_tol=1e-9)
        assert a.wrt_constant is None or math.isclose(
            a.wrt_constant, b.wrt_constant, rel_tol=1e-6, abs_tol=1e-9
        )


@pytest.mark.parametrize("name", FEW)
def test_writing_constraints_twice_changes_nothing(name):
    """The word and the value stay, and the multipliers of both copies add up."""
    problem = BOOK[name]
    texts = single(problem)
    plain, other = solved(problem, texts=texts), solved(problem, texts=[*texts, *texts])
    assert plain.status == other.status and math.isclose(plain.fun, other.fun, rel_tol=1e-9, abs_tol=1e-9)
    found = [one.multiplier for one in other.constrained.constraints]
    for i, one in enumerate(plain.constrained.constraints):
        assert math.isclose(one.multiplier, found[i] + found[i + len(texts)], rel_tol=1e-6, abs_tol=1e-9)


@pytest.mark.parametrize("name", FEW)
def test_the_last_place_of_the_start_changes_nothing(name):
    """One unit in the last place of each coordinate, up and down."""
    problem = BOOK[name]
    start, plain = start_of(problem), solved(problem)
    for end in (math.inf, -math.inf):
        moved = {key: math.nextafter(value, end) for key, value in start.items()}
        other = solved(problem, start=moved)
        assert plain.status == other.status and math.isclose(plain.fun, other.fun, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("name", [*REGULAR, *BOOK])
def test_a_multiplier_is_the_slope_of_the_best_value_in_the_right_side(name):
    """By central differences of the best value, in 60 digits; where multipliers are unique."""
    problem = EXAMPLES.get(name) or BOOK[name]
    texts = single(problem)
    outcome = solved(problem, texts=texts)
    if not outcome.constrained.regular:
        assert name == "hs030", "the one problem whose constraints' slopes depend on each other"
        return
    start = {key: outcome.x[key] for key in outcome.x}
    for place, state in enumerate(outcome.constrained.constraints):
        if not state.active or abs(state.multiplier) < 1e-12:
            continue
        values = []
        for sign in ("+", "-"):
            (link,) = links_of([texts[place]])
            text = f"{link.left} {link.relation} {link.right} {sign} 1e-25"
            values.append(best_value(problem, [*texts[:place], text, *texts[place + 1 :]], start))
        slope = (values[0] - values[1]) * 10**25 / 2
        assert abs(float(slope.mid()) - state.multiplier) <= 1e-12 * max(1, abs(state.multiplier))


def best_value(problem, texts, start):
    """The best value next to *start*, as a ball of 600 bits."""
    from flint import arb

    ascend = problem.get("sense") == "max"
    whole = ConstrainedProblem([problem["expr"]], links_of(texts), start, ascend=ascend)
    place = whole.look([start[name] for name in whole.names])
    found = kkt_finding(ConstrainedInBalls(whole), place, [1.0] * len(whole.names), [1.0] * len(texts))
    assert found.kind in ("minimum", "level")
    return arb(found.value) * int(whole.sign)


@pytest.mark.parametrize(
    ("text", "constraints", "start", "status", "value"),
    [
        ("x*y", ["x**2 + y**2 = 8"], {"x": 2.0, "y": 2.0}, "minimum-on-constraint", -4.0),  # from a maximum
        ("x**2+y**2+3*x*y", ["x >= 0", "y >= 0"], {"x": 0.0, "y": 0.0}, "minimum-on-bound", 0.0),
        ("x**2+y**2-3*x*y", ["x >= 0; y >= 0; x+y <= 2"], {"x": 0.0, "y": 0.0}, "minimum-on-constraint", -1.0),
        ("x", ["x**2 + y**2 <= 1", "x**2 + y**2 <= 1"], {"x": 0.0, "y": 0.5}, "minimum-on-constraint", -1.0),
        ("(x+y-3)**2", ["x >= 0"], {"x": 1.0, "y": 5.0}, "minimum-on-bound", 0.0),
        ("x**4", ["y = x"], {"x": 1.0, "y": 5.0}, "minimum-on-constraint", 0.0),
        ("-(x**2)", ["-1 <= x <= 2"], {"x": 0.0}, "minimum-on-bound", -4.0),
        ("x**3", ["y = x; x >= -1"], {"x": 1.0, "y": 0.0}, "minimum-on-constraint", -1.0),
    ],
)  # fmt: skip
def test_small_problems_that_can_be_seen_through(text, constraints, start, status, value):
    """Saddles and maxima are left, weakly active constraints leave their cone, a copy changes nothing."""
    outcome = minimize_constrained([text], links_of(constraints), start)
    assert outcome.success, outcome.message
    assert math.isclose(outcome.fun, value, abs_tol=1e-12), outcome
    assert outcome.status == status


@pytest.mark.parametrize(
    ("text", "constraints", "start", "status"),
    [
        ("(x - 1)**2 + y**2", ["exp(x) - x - 1 = 0"], {"x": 1.0, "y": 1.0}, "nonregular"),
        ("x + y", ["x = y"], {"x": 1.0, "y": 1.0}, "unbounded"),
        ("exp(-x)", ["x >= 0; y = x"], {"x": 1.0, "y": 0.0}, "asymptote"),
        ("x**2", ["x > 1"], {"x": 3.0}, "excluded"),
        ("x**2", ["1 = 2"], {"x": 3.0}, "infeasible"),
        ("x**2", ["x >= 2; x <= 1"], {"x": 3.0}, "infeasible"),
        ("x**2", ["x**2 + y**2 <= 1; x + y >= 2"], {"x": 3.0, "y": 0.0}, "infeasible"),
        ("x", ["sin(x) = 2"], {"x": 1.0}, "infeasible"),
        ("x + y", ["x*y = 1; x = 0"], {"x": 1.0, "y": 1.0}, "infeasible"),
        ("x", ["x**3 + y**3 = 1; x + y = 0"], {"x": 1.0, "y": 1.0}, "infeasible"),
    ],
)
def test_what_has_no_minimum_is_not_called_one(text, constraints, start, status):
    """The word says what it is instead."""
    outcome = minimize_constrained([text], links_of(constraints), start)
    assert (outcome.status, outcome.success) == (status, False), outcome.message


@pytest.mark.parametrize(
    ("text", "constraints", "start", "status"),
    [
        ("-x", "x**3 = y**2", {"x": 1.0, "y": 1.0}, "unbounded"),
        ("x", "y = x**3", {"x": 1.0, "y": 1.0}, "unbounded"),
        ("-log(x)", "x >= 1", {"x": 2.0}, "unbounded"),
        ("log(x)", "x >= 0", {"x": 1.0}, "unbounded"),
        ("(x*y - 1)**2 + x**2", "y >= 0", {"x": 1.0, "y": 1.0}, "asymptote"),
        ("y", "y >= exp(-x)", {"x": 1.0, "y": 1.0}, "asymptote"),
    ],
)
def test_f_falls_without_end_along_a_curve(text, constraints, start, status):
    """Powers of the variables keep their proportions far out; the constraints hold at the points, and f falls over them."""
    links = links_of([constraints])
    outcome = minimize_constrained([text], links, start)
    assert outcome.status == status, outcome.message
    values = [value for _, value in outcome.constrained.arc]
    assert values == sorted(values, reverse=True) and len(values) > 2
    problem = ConstrainedProblem([text], links, start)
    for at, _ in outcome.constrained.arc:
        place = problem.look([at[name] for name in problem.names])
        if place is None:  # out of the range of doubles
            continue
        size = max(1.0, *(abs(b * a) for b, a in zip(place.rows[0], place.x, strict=True)))
        assert (abs(place.h[0]) if problem.equal[0] else place.h[0]) <= 1e-14 * size


def test_what_comes_to_a_point_has_a_least_value_there():
    """y falls to 0 on the bound, slowly in steps that suit x; and next to the tip of a cone every point nearly holds."""
    outcome = minimize_constrained(["1e12*(x - 1)**2 + y"], links_of(["y >= 0"]), {"x": 5.0, "y": 3.0})
    assert (outcome.status, outcome.fun) == ("minimum-on-bound", 0.0)
    outcome = minimize_constrained(
        ["z"], links_of(["sqrt(x**2 + y**2) <= z"]), {"x": 1.0, "y": 0.0, "z": 1.0}
    )
    assert outcome.status not in ("unbounded", "asymptote", "infeasible")


def test_where_the_start_keeps_the_constraints_nothing_is_called_infeasible():
    """floor has no slopes that lead anywhere; its constraint holds at the start all the same."""
    outcome = minimize_constrained(["x"], links_of(["floor(x) >= 1"]), {"x": 3.3})
    assert outcome.status not in ("infeasible", "unbounded", "asymptote")


def test_a_constraint_that_has_no_slope_far_out_ends_in_a_sentence():
    """exp(x) + 1 is above 0, and Newton's steps back from far left are larger than any number."""
    outcome = minimize_constrained(["x"], links_of(["exp(x) + 1 <= 0"]), {"x": 1.0})
    assert outcome.status == "infeasible" and outcome.constrained.proved


def test_a_degenerate_corner_has_multipliers_of_the_right_signs():
    """Three constraints meet in (3, 1), and two of them balance f: those, not the first two."""
    outcome = minimize_constrained(
        ["-3*x - 2*y"], links_of(["x + y <= 4; x + 3*y <= 6; x <= 3"]), {"x": 0.0, "y": 0.0}
    )
    assert outcome.success and outcome.constrained.convex and dict(outcome.x) == {"x": 3.0, "y": 1.0}
    assert all(one.kkt_multiplier >= 0 for one in outcome.constrained.constraints)


def test_corners_that_cannot_be_met_are_told_in_their_own_words():
    """The least violation of the lifted problem is not that of the first one, and its variables are nobody's."""
    outcome = minimize_constrained(["x"], links_of(["abs(x) + abs(y) <= -0.5"]), {"x": 1.0, "y": 1.0})
    assert outcome.status == "infeasible" and outcome.constrained.proved
    assert "corner0" not in outcome.message and outcome.constrained.violation >= 0.5
    text = "u = x*y; x"
    links = constraints_of("max(u, x) <= -1; x >= 0", (), definitions_of([text]))
    outcome = minimize_constrained([text], links, {"x": 1.0, "y": 1.1})
    assert outcome.status == "infeasible" and "corner0" not in outcome.message


@pytest.mark.parametrize(("text", "constraint", "start", "everywhere"), [
    ("x**2", "x > 1", {"x": 3.0}, True), ("x + y", "x**2 + y**2 < 1", {"x": 0.0, "y": 0.0}, True),
    ("-x**2", "x < 2", {"x": 1.0}, False), ("-x*y", "x + y < 10", {"x": 1.0, "y": 9.0}, False),
])  # fmt: skip
def test_an_infimum_is_one_of_all_values(text, constraint, start, everywhere):
    """-x² has lower values than beside 2, far to the left; what is beside a border is no infimum unless f is convex."""
    outcome = minimize_constrained([text], links_of([constraint]), start)
    assert outcome.status == "excluded"
    assert ("infimum" in outcome.message) is everywhere


@pytest.mark.parametrize("bound", ["x >= 0", "2*x >= 0", "-x <= 0"])
def test_bounds_alone_know_edges_of_the_domain(bound):
    """sqrt(x) is least at the end of its domain, where it has no slope; every step of both descents is told once."""
    told = []
    wish = Wish(on_step=lambda number, _: told.append(number))
    outcome = minimize_constrained(["sqrt(x)"], links_of([bound]), {"x": 3.0}, wish)
    assert told == list(range(outcome.nit + 1))
    assert (outcome.status, outcome.fun, dict(outcome.x)) == ("minimum-at-edge", 0.0, {"x": 0.0})
    assert outcome.constrained.constraints[0].active


def test_a_corner_on_a_bound_is_on_a_bound():
    """|x| where x >= 1."""
    outcome = minimize_constrained(["abs(x)"], links_of(["2*x >= 2"]), {"x": 3.0})
    assert (outcome.status, outcome.fun) == ("minimum-on-bound", 1.0)


def test_a_function_of_pieces_is_not_called_convex():
    """Its second derivatives are the same wherever they exist, and it bends down at the seam."""
    links = links_of(["where(x > 1, 2 - x, x) <= -1"])
    outcome = minimize_constrained(["-x"], links, {"x": 0.0})
    assert not outcome.constrained.convex
    outcome = minimize_constrained(["x + 2*where(x > 1, 2 - x, x)"], links_of(["x >= 0"]), {"x": 0.5})
    assert outcome.success and outcome.fun == 0.0 and not outcome.constrained.convex


def test_a_point_near_which_nothing_is_feasible_is_not_a_proof():
    """A local minimum of the violation says so, and another start finds a point."""
    outcome = minimize_constrained(["x"], links_of(["x**3 - 3*x = 10"]), {"x": -1.0})
    if outcome.status == "infeasible":
        assert not outcome.constrained.proved and "another start" in outcome.message


@pytest.mark.parametrize(
    ("text", "constraints", "start", "value"),
    [
        ("max(x, y)", ["x + y = 1"], {"x": 3.0, "y": -2.0}, 0.5),
        ("abs(x - 1) + abs(y)", ["x + 2*y = 0"], {"x": 3.0, "y": -2.0}, 0.5),
        ("x**2 + y**2", ["max(x, y) >= 1"], {"x": 3.0, "y": -2.0}, 1.0),
        ("(x - 2)**2 + abs(y)", ["max(abs(x), abs(y)) <= 1"], {"x": 0.0, "y": 0.5}, 1.0),
        ("max(x**2, (x - 2)**2)", ["x <= 5"], {"x": 3.0}, 1.0),
        ("-abs(x)", ["x**2 <= 4"], {"x": 1.0}, -2.0),
        ("-min(x, 4 - x)", ["x + y = 7; y >= 1"], {"x": 0.0, "y": 0.0}, -2.0),
    ],
)
def test_corners_under_constraints(text, constraints, start, value):
    """Where pieces meet, or on one of them."""
    outcome = minimize_constrained([text], links_of(constraints), start)
    assert outcome.success, outcome.message
    assert math.isclose(outcome.fun, value, abs_tol=1e-12)
    assert not any("corner0" in str(field) for field in outcome)
