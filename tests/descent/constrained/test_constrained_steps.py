"""Steps along constraints, and whether given points are optimal."""

from __future__ import annotations

import json
import math

import pytest

from gradcli.descent.constrained.methods.step_projection import StepProjection
from gradcli.descent.constrained.point_optimality import point_report
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from tests.descent.constrained.problems import BOOK, EXAMPLES, links_of, start_of

REGULAR = {name: one for name, one in EXAMPLES.items() if one["kind"] == "regular" and one["active"]}


def test_an_update_is_projected_onto_a_line():
    """x**2 + y**2 on x + y = 1 at (1, 0): the update (-0.2, 0) becomes (-0.1, 0.1)."""
    keep = StepProjection("x**2+y**2", links_of(["x+y = 1"]), {"x": 1.0, "y": 0.0}, ("x", "y"), None)
    x, y = keep((1.0, 0.0), (0.8, 0.0))
    assert math.isclose(x, 0.9, abs_tol=1e-15) and math.isclose(y, 0.1, abs_tol=1e-15)


@pytest.mark.parametrize(
    ("constraints", "start", "update"),
    [
        (["x**2 + y**2 = 8"], (2.0, 2.0), (1.5, 2.7)),
        (["x**2 + y**2 <= 8", "x >= 0"], (2.0, 2.0), (-1.0, 5.0)),
        (["x*y = 1"], (1.0, 1.0), (3.0, 1.0)),
        (["x + y = 1", "2*x + 2*y = 2"], (1.0, 0.0), (5.0, 5.0)),
    ],
)
def test_a_step_ends_on_the_constraints(constraints, start, update):
    """To 1e-12, also where they bend, and where one is written twice."""
    links = links_of(constraints)
    keep = StepProjection("x*y", links, {"x": start[0], "y": start[1]}, ("x", "y"), None)
    x, y = keep(start, update)
    place = keep.problem.look([x, y])
    for h, equal in zip(place.h, keep.problem.equal, strict=True):
        assert (abs(h) if equal else h) <= 1e-12


def test_inside_of_inequalities_a_step_is_the_rule_s_own():
    """Nothing is projected where nothing is met."""
    keep = StepProjection("x*y", links_of(["x + y <= 10"]), {"x": 1.0, "y": 1.0}, ("x", "y"), None)
    assert keep((1.0, 1.0), (0.7, 0.9)) == (0.7, 0.9)


def test_ten_steps_are_one_command(run):
    """Bit for bit, and undo takes some of them back."""
    begin = ("step", "x*y", "--st", "x**2+y**2 = 8", "--x", "1", "--y", "2", "--lr", "0.1")
    run(*begin, "--session", "a")
    for _ in range(9):
        run("step", "--session", "a")
    run(*begin, "--steps", "10", "--session", "b")
    ends = [run("session", "--session", name, "--get", "at").out for name in "ab"]
    assert ends[0] == ends[1]
    run("session", "undo", "4", "--session", "b")
    run("step", "--steps", "4", "--session", "b")
    assert run("session", "--session", "b", "--get", "at").out == ends[0]


@pytest.mark.parametrize("name", REGULAR)
def test_a_verified_point_is_optimal_and_its_neighbour_is_not(name):
    """The status of check --kkt, in the sense of the problem."""
    problem = REGULAR[name]
    links = links_of(problem["constraints"])
    at = problem.get("x_min") or problem["x_max"]
    whole = ConstrainedProblem([problem["expr"]], links, at, ascend=problem["sense"] == "max")
    assert point_report(whole, at, (1e-5, 1e-5)).optimal
    first = next(iter(at))
    moved = {**at, first: at[first] + 0.05}
    assert not point_report(whole, moved, (1e-5, 1e-5)).optimal


@pytest.mark.parametrize("name", ["hs043", "hs071", "hs029"])
def test_a_documented_start_is_not_optimal(name):
    """It is missed, or f falls from it."""
    problem = BOOK[name]
    start = start_of(problem)
    whole = ConstrainedProblem([problem["expr"]], links_of(problem["constraints"]), start)
    report = point_report(whole, start, (1e-5, 1e-5))
    assert not report.optimal and report.word in ("infeasible", "descending")


def test_grad_adds_what_constraints_leave(run):
    """The projected gradient is at right angles to the constraint, and the multiplier that of least squares."""
    told = json.loads(
        run("grad", "x**2+y**2", "--st", "x+y = 1", "--x", "1", "--y", "0", "--format", "json").out
    )
    slopes = told["projected_gradient"]
    assert math.isclose(slopes["x"] + slopes["y"], 0, abs_tol=1e-12) and math.isclose(
        slopes["x"], 1, abs_tol=1e-9
    )
    assert told["optimal"] is False and math.isclose(told["constraints"][0]["multiplier"], 1, abs_tol=1e-9)


@pytest.mark.parametrize("backend", ["auto", "native", "python"])
def test_many_steps_keep_constraints_whatever_carries_them_out(run, backend):
    """2,000 steps along a circle end near its lowest point, x = y = -2."""
    ended = run("step", "x + y", "--st", "x**2 + y**2 = 8", "--x", 2, "--y", "-1", "--lr", "0.01", "--steps", 2000,
                "--backend", backend, "--format", "json")  # fmt: skip
    at = json.loads(ended.out)["at"]
    assert at == pytest.approx({"x": -2, "y": -2}, abs=1e-3) and math.isclose(
        math.hypot(*at.values()), 8**0.5
    )
    assert ("no native code was made" in ended.err) == (backend == "native")
