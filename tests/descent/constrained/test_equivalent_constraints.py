"""Constraints that are read as others hold at the same points, and answers keep the words that were typed."""

import math

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.equivalents.jump_constraints import without_jump
from gradcli.descent.constrained.equivalents.power_constraints import without_powers
from gradcli.language.constraints.constraint_text import constraints_of


def holds(constraint, at):
    """Whether a constraint holds at a point, by Python's own arithmetic, whose round is the even one of two."""
    names = {
        "floor": math.floor,
        "ceil": math.ceil,
        "sign": lambda a: (a > 0) - (a < 0),
        "round": round,
        "abs": abs,
    }
    left, right = (eval(side, names | at) for side in (constraint.left, constraint.right))
    if constraint.strict:
        return left < right if constraint.relation == "<=" else left > right
    return {"=": left == right, "<=": left <= right, ">=": left >= right}[constraint.relation]


PLACES = [k / 4 for k in range(-20, 21)]


@pytest.mark.parametrize("function", ["floor", "ceil", "round", "sign"])
@pytest.mark.parametrize("relation", ["<=", ">=", "=", "<", ">"])
def test_a_constraint_on_a_jump_holds_where_the_one_that_is_written_for_it_does(function, relation):
    """At quarters from -5 to 5, for whole and broken numbers, on either side."""
    for number in ("-2", "-1", "0", "1", "2", "3", "1/2", "-3/2", "2.25"):
        for text in (f"{function}(x) {relation} {number}", f"{number} {relation} {function}(x)"):
            (one,) = constraints_of(text)
            group = without_jump(one, ())
            assert group is not None
            for x in PLACES:
                assert holds(one, {"x": x}) == all(holds(new, {"x": x}) for new in group), (text, x)


@pytest.mark.parametrize(
    "text",
    [
        "(x-y)**2 = 0", "(x-y)**2 <= 0", "-(x-y)**2 >= 0", "0 >= 3*(x-y)**4", "(x-y)**3 <= 0", "-2*(x-y)**3 <= 0",
        "(x-1)**2 + (y-2)**2 <= 0", "2*x**2 + abs(y) = 0", "x**2 - 2*x*y + y**2 = 0", "x**3 >= y**3 - 3*x*y**2 + 3*x**2*y",
        "x**2*(y-1)**2 = 0", "2*x*y - x**2 >= y**2", "x**3*y = 0", "(x**2)**3 = 0", "abs(x-y) <= 0",
        "((x-y)**2 + (y-1)**2)**2 = 0",
    ],
)  # fmt: skip
def test_a_constraint_without_powers_holds_at_the_same_points(text):
    """On a grid of whole numbers and halves, where arithmetic is exact."""
    (one,) = constraints_of(text)
    group = without_powers(one, ())
    assert group is not None
    grid = [k / 2 for k in range(-6, 7)]
    kept = [(x, y) for x in grid for y in grid if holds(one, {"x": x, "y": y})]
    assert kept == [(x, y) for x in grid for y in grid if all(holds(new, {"x": x, "y": y}) for new in group)]
    assert kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("sin(x) = 1", [1]), ("sin(x) >= 1", [1]), ("-sin(x) >= 1", [3]), ("sin(x) <= -1", [3]), ("cos(x) = 1", [0]),
        ("1 - cos(x) <= 0", [0]), ("2*cos(x) + 2 = 0", [2]), ("3 <= -3*cos(x)", [2]), ("sin(x) <= 1", None),
        ("sin(x) >= -1", None),
        ("cos(x) = 0", None), ("2*cos(x) = 1", None), ("x*cos(x) = 1", None),
    ],
)  # fmt: skip
def test_a_wave_at_its_end_is_a_zero_of_half_the_angle(text, kept):
    """At the quarters of two turns either way, by the sines that they have."""
    (one,) = constraints_of(text)
    group = without_powers(one, ())
    if kept is None:
        assert group is None
        return
    assert [new.relation for new in group] == ["="]
    for k in range(-8, 9):
        zero = eval(group[0].left, {"sin": math.sin, "cos": math.cos, "pi": math.pi, "x": k * math.pi / 2})
        assert (abs(zero) < 1e-12) == (k % 4 in kept)


@pytest.mark.parametrize(
    "text",
    ["x = 0", "-(x+y) <= 0", "2*(x+y) = 1", "x**2 >= 0", "x**3 = y**2", "x**2 - y**2 = 0", "x**2*y <= 0", "(x-y)**2 < 0",
     "(x-y)**2 = 1", "x**2 - (y-1)**2 = 0", "exp(x)**2 + y = 0"],
)  # fmt: skip
def test_what_has_no_powers_around_it_stays_as_it_is(text):
    """None is written for it, so nothing is searched twice."""
    (one,) = constraints_of(text)
    assert without_powers(one, ()) is None


CASES = [
    ("x+y", "(x**2+y**2-1)**2 = 0", {"x": 0.5, "y": 0.5}, "minimum-on-constraint", -math.sqrt(2)),
    ("x+y", "(x**2+y**2-1)**2 <= 0", {"x": 0.5, "y": 0.5}, "minimum-on-constraint", -math.sqrt(2)),
    ("x**2+y**2", "x**2+2*x*y+y**2-2*x-2*y+1 = 0", {"x": 3.0, "y": 1.0}, "minimum-on-constraint", 0.5),
    ("x**2+y**2", "(x+y-1)**3 = 0", {"x": 3.0, "y": 1.0}, "minimum-on-constraint", 0.5),
    ("x+y**2", "x**2 = 0", {"x": 1.0, "y": 1.0}, "minimum-on-constraint", 0.0),
    ("x+(z-1)**2+y", "x**2+(y-1)**2 = 0", {"x": 1.0, "y": 1.5, "z": 3.0}, "minimum-on-constraint", 1.0),
    ("x**2+y", "sin(y) >= 1", {"x": 1.0, "y": 1.0}, "minimum-on-constraint", math.pi / 2),
    ("y", "x**2 = 0", {"x": 1.0, "y": 1.0}, "unbounded", None),
    ("x**2", "round(x) >= 2", {"x": 0.0}, "minimum-on-constraint", 2.25),
    ("x**2", "round(x) >= 3", {"x": 0.0}, "excluded", 6.25),
    ("x**2", "round(x) = 2", {"x": 9.0}, "minimum-on-constraint", 2.25),
    ("x**2", "floor(x) = 2", {"x": 0.0}, "minimum-on-constraint", 4.0),
    ("(x-1)**2", "sign(x) = -1", {"x": -1.0}, "excluded", 1.0),
    ("(x-1)**2", "sign(x) = 0", {"x": -1.0}, "minimum-on-constraint", 1.0),
    ("(x-1)**2", "sign(x) >= 1", {"x": -1.0}, "minimum", 0.0),
    ("x**2", "floor(x) = 1.5", {"x": 0.0}, "infeasible", None),
    ("x**2", "sign(x) >= 2", {"x": 0.0}, "infeasible", None),
]


@pytest.mark.parametrize(("text", "constraint", "at", "status", "value"), CASES)
def test_minima_under_such_constraints_are_found(text, constraint, at, status, value):
    """With the constraint as it was typed, without a multiplier, and a note of what it is read as."""
    found = minimize_constrained([text], constraints_of(constraint), at)
    assert found.status == status
    assert value is None or abs(found.fun - value) <= 1e-9
    (state,) = found.constrained.constraints
    assert (state.text, state.multiplier) == (constraint, None)
    assert [note.message for note in found.notes if note.message.startswith(f"{constraint} is read as ")]


def test_steps_of_variables_that_f_lacks_are_told_with_all_of_them():
    """x alone is in f, y in the constraints: whoever listens hears of both at every step."""
    from gradcli.descent.constrained.constrained_outcome import Wish

    heard = []
    wish = Wish(on_step=lambda taken, stage: heard.append(set(stage.at)))
    minimize_constrained(
        ["-x"], constraints_of("(1-x)**3-y >= 0; x >= 0; y >= 0"), {"x": -2.0, "y": -2.0}, wish
    )
    assert heard
    assert all(names == {"x", "y"} for names in heard)


NEVER = [
    "exp(x) <= 0", "exp(x)+exp(y) <= 0", "exp(x) = -y**2", "2+exp(-x) <= 2", "sin(x) = 2", "cosh(x) = 0",
    "sqrt(x) = -1", "tanh(x) >= 1",
    "atan(x) = 2", "1/(1+x**2) >= 2", "log(x) >= 1; x <= 2", "sqrt(exp(x)) = 0", "3*sin(x)+2*cos(y) >= 6",
    "exp(x)*(1+y**2) <= 0", "-exp(x) >= 0", "x**3 >= 9; x <= 2", "0 >= exp(x)",
]  # fmt: skip

MET = [
    "exp(x) <= 1e-300", "exp(x) >= 0", "sin(x) = 1", "cosh(x) = 1", "sqrt(x) = 0", "tanh(x) >= 0.999", "atan(x) <= 2",
    "1/(1+x**2) >= 1",
    "log(x) >= 1; x <= 3", "x**3 >= 8; x <= 2", "abs(x) <= 0", "exp(x)-exp(y) <= 0", "1/x <= 0", "exp(x)*y <= 0",
    "x*x = 4", "3*sin(x)+2*cos(y) >= 5",
    "tanh(x) <= 1", "exp(x)-1 <= 0", "sqrt(x)*exp(y) = 0",
]  # fmt: skip


@pytest.mark.parametrize("text", NEVER)
def test_sides_that_never_meet_are_known(text):
    """An exponential is above 0, a sine at most 1."""
    from gradcli.descent.constrained.equivalents.certain_ranges import never_met

    assert never_met(constraints_of(text), ()) is not None


@pytest.mark.parametrize("text", MET)
def test_sides_that_meet_are_never_said_to_be_apart(text):
    """Each has a point that keeps it."""
    from gradcli.descent.constrained.equivalents.certain_ranges import never_met

    assert never_met(constraints_of(text), ()) is None


@pytest.mark.parametrize(
    "text", ["exp(x) <= 0", "exp(x) = -y**2", "tanh(x) >= 1", "log(x) >= 1; x <= 2", "sqrt(x) = -1"]
)
def test_what_is_never_met_is_infeasible_and_proved(text):
    """Though a search goes as far as floats tell no difference."""
    found = minimize_constrained(["x"], constraints_of(text), {"x": 1.0, "y": 1.0})
    assert (found.status, found.constrained.proved) == ("infeasible", True)
    assert not found.success


CASED = [
    ("y", "y >= where(x>0, x, -2*x)", {"x": 1.0, "y": -3.0}, {"x": 0.0, "y": 0.0}),
    ("where(x>0, x, -2*x)", "x+y = 1", {"x": 0.3, "y": 0.7}, {"x": 0.0, "y": 1.0}),
    ("where(x<=y, y-x, x-y)+x**2", "x+y = 1", {"x": -1.0, "y": 1.0}, {"x": 0.5, "y": 0.5}),
    ("where(x>1, (x-1)**2+x, 2-x)", "x+y = 3", {"x": 3.0, "y": 1.0}, {"x": 1.0, "y": 2.0}),
]


@pytest.mark.parametrize(("text", "constraint", "at", "where"), CASED)
def test_cases_that_meet_are_a_corner(text, constraint, at, where):
    """where as max, and where no multiple of what its condition compares lies between both cases."""
    found = minimize_constrained([text], constraints_of(constraint), at)
    assert found.success, found.message
    assert all(abs(found.x[name] - value) <= 1e-9 for name, value in where.items())


@pytest.mark.parametrize(
    ("text", "constraint", "at"),
    [
        ("where(x>0, -x, x**2)+y**2", "x+y <= 5", {"x": -1.0, "y": 1.0}),
        ("where(x>0, x**2-1, x**2)+y**2", "x+y <= 5", {"x": -1.0, "y": 1.0}),
        ("where(x>=0, -2*x, -x)+y", "x+y = 1; x <= 3", {"x": -1.0, "y": 1.0}),
        ("where(x>0, x, -2*x)", "x+y = 1; 2*y <= where(y>1, y, 3*y)", {"x": 1.0, "y": 3.0}),
    ],
)
def test_nothing_is_called_a_minimum_beside_lower_values(text, constraint, at):
    """f falls, or is lower, on the other side of a case; a minimum is right only where it is one."""
    found = minimize_constrained([text], constraints_of(constraint), at)
    if found.success:
        assert found.x["x"] == pytest.approx(3.0 if "-2*x, -x" in text else 0.0)
        assert text.startswith(("where(x>=0", "where(x>0, x, -2"))


LEAST = [
    ("x*sqrt(x)", "x+y = 1", {"x": 0.3, "y": 0.7}, 0.0, False),
    ("-x*sqrt(x)", "x+y = 1", {"x": 0.3, "y": 0.7}, 0.0, True),
    ("x*sqrt(x)+y**2*x**2", "x+y <= 1", {"x": 0.3, "y": 0.7}, 0.0, False),
]


@pytest.mark.parametrize(("text", "constraint", "at", "value", "ascend"), LEAST)
def test_the_least_that_f_can_be_is_an_absolute_minimum_where_it_is_taken(
    text, constraint, at, value, ascend
):
    """Second derivatives have nothing to say at the end of the root, its range has."""
    from gradcli.descent.constrained.constrained_outcome import Wish

    found = minimize_constrained([text], constraints_of(constraint), at, Wish(ascend=ascend))
    assert (found.success, found.fun) == (True, value)
    assert found.x["x"] == 0.0


def test_a_least_value_that_is_not_taken_is_no_minimum():
    """x*sqrt(x) is above 0 where x is at least 1e-9, and the border of a strict constraint is left out."""
    from gradcli.descent.constrained.constrained_outcome import PLAIN
    from gradcli.descent.constrained.least_in_range import least_in_range

    base = minimize_constrained(["x"], constraints_of("x >= 0"), {"x": 0.3})
    for constraint, ends in (("x >= 1e-9", [{"x": 1e-9}]), ("x > 0", [{"x": 0.0}]), ("x >= 0", [{"x": 0.7}])):
        assert least_in_range("x*sqrt(x)", constraints_of(constraint), ends, base, PLAIN) is None
    assert least_in_range("x*sqrt(x)", constraints_of("x >= 0"), [{"x": 1e-9}], base, PLAIN) is not None
    assert least_in_range("exp(x)", constraints_of("x <= 0"), [{"x": -900.0}], base, PLAIN) is None


def test_points_that_keep_constraints_are_found_far_from_the_start():
    """Near (0.3, 0.5) the violation has a local minimum; on the other side of 0 there are points."""
    at = {"x": 0.3, "y": 0.5}
    found = minimize_constrained(["x**2+y**2"], constraints_of("x+y <= 1; x*y >= 1"), at)
    assert (found.success, found.x) == (True, {"x": -1.0, "y": -1.0})
    alone = minimize_constrained(["-abs(y)+x**4-0.5*x-sign(x)"], constraints_of("x+y <= 1; x*y >= 1"), at)
    assert alone.status != "infeasible"
