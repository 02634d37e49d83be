"""Problems whose truth is known by calculus: where they have a minimum, where they have none, and what is said of it.

`data/verdicts.jsonl` has the arguments of a command, its exit status, and where that is 0 the point and the value. The
default run takes every twelfth of them and nothing that is slow; GRADCLI_VERDICTS=all takes all.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest

ROWS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "verdicts.jsonl").read_text().splitlines()
]
GIVEN = [row for row in ROWS if not row["id"].startswith(f"{row['cls']}-")]
OTHERS = [row for row in ROWS if row not in GIVEN]

#: Four atoms take a minute; two, which are `lj2`, a second.
SLOW = {"lj4"}

ALL = os.environ.get("GRADCLI_VERDICTS") == "all"
CHOSEN = ROWS if ALL else [row for row in (*GIVEN, *OTHERS[::12]) if row["id"] not in SLOW]


def record(ended):
    return json.loads(ended.out)


@pytest.mark.parametrize("row", CHOSEN, ids=lambda row: row["id"])
def test_a_verdict_is_the_truth(run, row):
    """The status is 0 exactly where there is a minimum, and the point and the value are its."""
    ended = run(*row["args"], "--format", "json", "--dry-run")
    assert ended.status == row["rc"], ended.out or ended.err
    if row["rc"] == 0:
        answer = record(ended)
        for name, number in (row.get("at") or {}).items():
            assert answer["x"][name] == pytest.approx(number, rel=row["tol"], abs=row["tol"])
        if row.get("f") is not None:
            assert answer["fun"] == pytest.approx(row["f"], rel=1e-6, abs=1e-6)


def status(run, text, *arguments):
    return record(run("minimize", text, *arguments, "--format", "json", "--dry-run"))["status"]


#: f of x and y, a start, and the ending.
FUNCTIONS = [
    ("(x-1)**2 + (y-2)**4", (3, 5), "minimum"),
    ("(x+y-1)**2", (3, 5), "minimum"),
    ("abs(x-1) + 2*abs(y) + (x+y)**2/8", (3, 5), "minimum-at-corner"),
    ("sqrt((x-1)**2 + y**2) + x/2", (3, 2), "minimum-at-corner"),
    ("x**2 - y**2", (0, 0), "saddle"),
    ("x**2*y", (0, 0), "saddle"),
]


@pytest.mark.parametrize(("text", "start", "ending"), FUNCTIONS)
@pytest.mark.parametrize("power", [-80, 40])
def test_scaling_f_by_a_power_of_two_changes_no_verdict(run, text, start, ending, power):
    """f and 2**power*f have the same minima."""
    x, y = start
    assert status(run, f"{2.0**power!r}*({text})", "--x", x, "--y", y) == ending


@pytest.mark.parametrize(("text", "start", "ending"), FUNCTIONS)
@pytest.mark.parametrize("power", [-40])
def test_scaling_the_point_by_a_power_of_two_changes_no_verdict(run, text, start, ending, power):
    """Where x and y are measured in other units, the same is said."""
    for name in "xy":
        text = text.replace(name, f"({name}*{2.0**power!r})")
    x, y = (number * 2.0**-power for number in start)
    assert status(run, text, f"--x={x!r}", f"--y={y!r}") == ending


@pytest.mark.parametrize(("text", "start", "ending"), FUNCTIONS)
def test_names_and_exact_translations_change_no_verdict(run, text, start, ending):
    """Other names, and x moved by 5 and y by -3, change nothing."""
    x, y = start
    moved = text.replace("x", "(x-5)").replace("y", "(y+3)")
    assert status(run, moved, "--x", x + 5, "--y", y - 3) == ending
    renamed = text.replace("x", "beta_1").replace("y", "alpha")
    assert status(run, renamed, "--at", f"beta_1={x},alpha={y}") == ending


@pytest.mark.parametrize("seed", range(5))
def test_convex_sums_of_norms_and_absolute_values_end_at_their_minimum(run, seed):
    """w*|p - c| with w above the pull of all other terms has its minimum at c, whatever they are."""
    import random

    source = random.Random(seed)
    c = [source.randrange(-8, 9) / 4 for _ in "xy"]
    others = [[source.randrange(-8, 9) / 2 for _ in "xy"] for _ in range(2)]
    norms = [f"sqrt((x-({a}))**2+(y-({b}))**2)" for a, b in others]
    slope = [source.randrange(-4, 5) / 16 for _ in "xy"]
    pull = len(norms) + math.hypot(*slope)
    text = f"{math.ceil(pull) + 1}*sqrt((x-({c[0]}))**2+(y-({c[1]}))**2)+{'+'.join(norms)}+({slope[0]})*x+({slope[1]})*y"
    answer = record(run("minimize", text, "--x", 9, "--y", 7, "--format", "json", "--dry-run"))
    assert answer["status"] == "minimum-at-corner"
    assert [answer["x"][name] for name in "xy"] == c


@pytest.mark.parametrize("start", [(1, 2), (0, 0), (5, 1e-9), (0.1, 4), (3, 0)])
def test_bounds_are_judged_alike_from_all_starts(run, start):
    """x²+y²+3xy rises in all directions that x ≥ 0, y ≥ 0 leave, though its Hessian is indefinite."""
    x, y = start
    ended = run(
        "minimize", "x**2+y**2+3*x*y", "--x", x, "--y", y, "--bounds", "x=0:,y=0:", "--format", "json"
    )
    answer = record(ended)
    assert (ended.status, answer["status"], answer["x"]) == (0, "minimum-on-bound", {"x": 0.0, "y": 0.0})
    assert answer["multipliers"] == {"x": 0.0, "y": 0.0}


@pytest.mark.parametrize("start", [1, 5])
def test_bounds_that_leave_one_number_hold_it(run, start):
    """x from 1 to 1 is 1, wherever one starts: (x-3)² + y² is 4 there."""
    ended = run("minimize", "(x-3)**2+y**2", "--x", start, "--y", 2, "--bounds", "x=1:1", "--format", "json")
    answer = record(ended)
    assert (ended.status, answer["x"], answer["fun"]) == (0, {"x": 1.0, "y": 0.0}, 4.0)


def test_a_minimum_that_is_not_isolated_says_along_what(run):
    """(x+y-3)² does not change along (1, -1)."""
    answer = record(run("minimize", "(x+y-3)**2", "--x", 5, "--y", 9, "--format", "json"))
    assert answer["status"] == "minimum" and "does not change along" in answer["message"]
    assert answer["direction"]["x"] == pytest.approx(-answer["direction"]["y"])


@pytest.mark.parametrize(("power", "order"), [(4, 4), (6, 6), (10, 10)])
def test_the_power_that_proves_a_minimum_is_told(run, power, order):
    """(x-2)**6 has a minimum by its sixth derivative."""
    answer = record(run("minimize", f"(x-2)**{power}", "--x", 5, "--format", "json"))
    assert (answer["x"], answer["order"]) == ({"x": 2.0}, order)


@pytest.mark.parametrize(
    ("text", "start", "least"),
    [
        ("where(y - x < 0.5, x + 3, y + 0.5)", {"x": -0.23, "y": 1.53}, None),  # falls along y = x + 1/2
        ("where(y - x < 0.5, x + 3, y + 0.5) + x**2/2", {"x": -0.23, "y": 1.53}, 0.5),  # x + 1 + x**2/2 there
        ("where(y < x**2, 5, y - 2*x)", {"x": 0.23, "y": 2.0}, -1.0),  # x**2 - 2*x there
        ("where(y < 3*x, 9, y + x**2)", {"x": 1.0, "y": 7.0}, -2.25),  # 3*x + x**2 there
    ],
)
def test_f_is_followed_beside_a_jump(text, start, least, run):
    """On the edge of a piece f may fall along the edge, and its least value on it may be a minimum."""
    point = [word for name, x in start.items() for word in (f"--{name}={x}",)]
    ended = run("minimize", text, *point, "--format", "json")
    found = json.loads(ended.out)
    assert found["success"] == (least is not None), found["message"]
    assert least is None or found["value"] == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "start", "status"),
    [
        ("7 - 2*x - exp(x)", 1.59, "unbounded"),
        ("(atan(x) + x/x)*x + x", -1.25, "unbounded"),
        ("1e-170*x + 5", 1, "unbounded"),
        ("x**2*1e-200 + 3", 1, "minimum"),
    ],
)
def test_what_is_beyond_all_floats_ends_as_what_it_is(text, start, status, run):
    """Newton's steps from far out, and slopes whose squares are 0 in floats."""
    ended = run("minimize", text, f"--x={start}", "--format", "json")
    assert json.loads(ended.out)["status"] == status, ended.err


def test_a_jump_says_what_is_not_attained(run):
    """x²-4x comes down to -3 before 1, and is 5 there."""
    answer = record(run("minimize", "where(x<1, x**2-4*x, 5)", "--x", 0, "--format", "json"))
    assert answer["status"] == "unattained" and "comes down to -3" in answer["message"]


@pytest.mark.parametrize(("text", "says"), [
    ("log(x)", "without bound towards x = 0"), ("-1/x**2", "without bound towards x = 0"),
    ("x+sqrt(x)/sqrt(x)", "to the limit 1 towards x = 0"),
])  # fmt: skip
def test_an_edge_without_a_value_says_where_f_goes(run, text, says):
    """Towards the edge of the domain f falls without bound, or to a limit."""
    ended = run("minimize", text, "--x", 2, "--format", "json")
    assert ended.status == 1 and says in record(ended)["message"]


def test_a_tolerance_that_was_typed_tells_how_far_the_minimum_is(run):
    """x² with --tol 100 stops at 5, and its minimum is 5 away; x³ at 0.001 has none."""
    answer = record(run("minimize", "x**2", "--x", 5, "--tol", 100, "--format", "json"))
    assert (answer["status"], answer["x"]) == ("minimum", {"x": 5.0})
    assert answer["within"] == pytest.approx(5)
    ended = run("minimize", "x**3", "--x", 0.001, "--tol", 1e-3, "--format", "json")
    assert (ended.status, record(ended)["status"]) == (1, "stopped")


def test_the_gradient_of_a_minimum_is_judged_by_its_own_error(run):
    """Where f is 1e8 times a Lennard-Jones potential no float has a gradient of 1e-8, and the minimum is one."""
    answer = record(run("minimize", "4*(1/x**12-1/x**6)*1e8", "--x", 1.5, "--format", "json"))
    assert answer["status"] == "minimum" and "to the last digits of floating point" in answer["message"]
    assert answer["x"]["x"] == 2 ** (1 / 6)


#: f of x, a start, and its lowest point by calculus: f bends, or falls by a higher power, only over a tiny stretch.
TINY = [
    ("x**4 - 1e-12*x**2", 1, math.sqrt(0.5e-12)),
    ("1e5*x**4 - 1e-5*x**2", 1, math.sqrt(0.5e-10)),
    ("x**6 - 1e-15*x**2", 1, (1e-15 / 3) ** 0.25),
    ("x**4 - 1e-6*x**3", 1, 0.75e-6),
    ("x**6 - 1e-6*x**3", 1, 0.5 ** (1 / 3) * 1e-2),
]


@pytest.mark.parametrize(("text", "start", "lowest"), TINY)
@pytest.mark.parametrize("further", [(), ("--subject-to", "x>=-5")])
def test_a_tiny_valley_is_gone_down_to(run, text, start, lowest, further):
    """From a maximum or a degenerate point a descent goes on where f falls, however short the way."""
    ended = run("minimize", text, "--x", str(start), *further, "--format", "json", "--dry-run")
    answer = record(ended)
    assert ended.status == 0 and answer["status"] == "minimum"
    assert abs(answer["x"]["x"]) == pytest.approx(lowest, rel=1e-9)


def test_a_tiny_valley_on_a_constraint_is_gone_down_to(run):
    """On y = 0 f falls from x = 0 by its third power, over 1e-6."""
    arguments = ("--x", "1", "--y", "1", "--subject-to", "y=0", "--format", "json", "--dry-run")
    ended = run("minimize", "x**4 - 1e-6*x**3 + y**2", *arguments)
    assert ended.status == 0 and record(ended)["x"]["x"] == pytest.approx(0.75e-6, rel=1e-9)


@pytest.mark.parametrize("text", ["x**4 - 1e-12*x**3", "x**4 - 1e-14*x**3", "x**6 - 1e-16*x**4"])
def test_a_fall_that_floats_hardly_see_makes_no_minimum(run, text):
    """f falls from 0 over less than 1e-7: what is not gone down to is not called a minimum."""
    ended = run("minimize", text, "--x", "1", "--format", "json", "--dry-run")
    assert ended.status == 1 and record(ended)["success"] is False


#: Comparisons whose sides are beyond floats, and how and where their descents end, by hand.
FAR_SIDES = [
    ("where(exp(x) <= exp(1000), -x, 5)", "minimum-at-corner", 1000),
    ("where(exp(-x) >= exp(-1000), -x, 5)", "minimum-at-corner", 1000),
    ("x - 2*x*heaviside(exp(800) - exp(x)) + abs(exp(x) - exp(800))/exp(800)", "unattained", 800),
]


@pytest.mark.parametrize(("text", "ending", "lowest"), FAR_SIDES)
def test_sides_beyond_floats_are_compared(run, text, ending, lowest):
    """A jump is where the sides are equal, whatever their slopes."""
    answer = record(run("minimize", text, "--x", "1", "--format", "json", "--dry-run"))
    assert answer["status"] == ending and answer["x"]["x"] == pytest.approx(lowest, rel=1e-12)


@pytest.mark.parametrize("text", ["abs(exp(x)-exp(705))*1e-300", "max(exp(x),exp(705))*1e-306-x/3"])
def test_a_steep_corner_is_no_flat_place(run, text):
    """However fast f grows further away, slopes that are not 0 make a corner."""
    assert status(run, text, "--x", "704") == "minimum-at-corner"


def test_a_value_is_that_of_the_piece_at_the_point(run):
    """cosh(y) is next to the largest double: the condition does not hold, and f falls without end along -x."""
    text = "(x*y+x-y)*where(x+y>=cosh(y),atan(y),y**1.5)"
    answer = record(run("minimize", text, "--x", "2", "--y", "3", "--format", "json", "--dry-run"))
    x, y = answer["at"]["x"], answer["at"]["y"]
    assert x + y < 0 and answer["value"] == pytest.approx((x * y + x - y) * y**1.5, rel=1e-12)


@pytest.mark.parametrize(
    "text", ["where(x+y>=cosh(y), -y-x, 5)", "where(x+y>=y**2, -y-x, 5)", "where(x>=y**2, y-x, 5)"]
)
def test_a_descent_along_a_jump_does_not_end_above_it(run, text):
    """f falls without end along the jump: what is beyond it is higher, and nothing is flat."""
    answer = record(run("minimize", text, "--x", "2", "--y", "1", "--format", "json", "--dry-run"))
    assert answer["value"] < -10 and answer["status"] != "flat"


def test_the_direction_of_a_fall_is_one_that_constraints_leave(run):
    """On y = 0 the way is along x alone, wherever the descent began."""
    arguments = ("--x", "1", "--y", "1", "--subject-to", "y=0", "--format", "json", "--dry-run")
    answer = record(run("minimize", "x**5 + y", *arguments))
    assert answer["status"] == "unbounded" and answer["direction"] == {"x": -1.0, "y": 0.0}
