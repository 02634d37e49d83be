"""Undo and redo against a list of points, and what a step keeps to, against the formulas written out."""

from __future__ import annotations

import json
import math
import random

import pytest

RATE = 0.1


def moved(x, steps):
    """Steps of sgd on x**2."""
    for _ in range(steps):
        x -= RATE * (2 * x)
    return x


@pytest.mark.parametrize("seed", range(4))
def test_undo_and_redo_walk_along_the_points_that_were_taken(seed, run):
    """Any order of steps, undo and redo: the point is the list's, and what is not there is refused and changes nothing."""
    source = random.Random(seed)
    points, here = [5.0], 0
    run("grad", "x**2", "--x", 5)
    for _ in range(25):
        count = source.randint(1, 4)
        way = source.choice(("step", "undo", "undo", "redo"))
        if way == "step":
            assert run("step", "--lr", RATE, "--steps", count).status == 0
            points = points[: here + 1]
            points += [moved(points[here], k) for k in range(1, count + 1)]
            here += count
        else:
            wanted = here + (count if way == "redo" else -count)
            ended = run("session", way, count)
            assert (ended.status == 0) == (0 <= wanted < len(points)), (way, count, here, points, ended)
            here = wanted if ended.status == 0 else here
        shown = json.loads(run("session", "--json").out)
        assert (shown["at"]["x"], shown["steps"]) == (points[here], here)
    run("session", "undo", "all")
    assert run("session", "--get", "steps").out == "0\n" and run("session", "--get", "x").out == "5.0\n"
    if here:
        run("session", "redo", "all")
        assert run("session", "--get", "x").out == f"{points[-1]!r}\n"


def test_redo_has_nothing_of_another_session_and_nothing_after_a_new_problem(run):
    """What was undone belongs to one head of one session."""
    for name in ("a", "b"):
        run("grad", "x**2", "--x", 5, "--session", name)
        run("step", "--session", name, "--steps", 2)
    run("session", "undo", "--session", "a")
    assert run("session", "redo", "--session", "b").status == 4
    run("grad", "y**2", "--y", 1, "--session", "a")
    assert run("session", "redo", "--session", "a").status == 4
    assert {row.split(":")[0] for row in run("session", "list").out.splitlines()} == {"a", "b"}


def test_undo_all_goes_to_where_a_step_posed_the_problem(run):
    """Which is no state of its own; redo takes every step again, to the last bit."""
    run("step", "x**2*y", "--x", 5, "--y", 2, "--lr", 0.01, "--steps", 3)
    run("step", "--steps", 4)
    end = run("session", "--json").out
    run("session", "undo", "all")
    assert json.loads(run("session", "--json").out)["at"] == {"x": 5.0, "y": 2.0}
    run("session", "redo", "all")
    assert json.loads(run("session", "--json").out)["at"] == json.loads(end)["at"]


def test_a_schedule_is_what_its_formula_says_in_one_command_or_in_many(run):
    """The rate of step k is lr*0.5**k, counted by the optimizer's steps."""
    asked = ("--lr", RATE, "--schedule", "exponential:rate=0.5")
    x = 5.0
    for k in range(30):
        x -= RATE * 0.5**k * (2 * x)
    run("step", "x**2", "--x", 5, "--steps", 30, *asked)
    assert math.isclose(float(run("session", "--get", "x").out), x, rel_tol=1e-14)
    once = run("session", "--get", "x").out
    run("grad", "x**2", "--x", 5)
    for _ in range(10):
        run("step", "--steps", 3, *asked)
    assert run("session", "--get", "x").out == once
    run("session", "undo", 4)
    run("session", "redo", 4)
    assert run("session", "--get", "x").out == once


def test_bounds_hold_each_new_point(run, tmp_path):
    """Projected after each step, as the file of the way shows; without --bounds the next step goes on freely."""
    file = tmp_path / "way.csv"
    run("step", "x**2", "--x", 5, "--lr", RATE, "--steps", 40, "--bounds", "x=2:", "--trace", file)
    xs = [float(row.split(",")[2]) for row in file.read_text().splitlines()[1:]]
    assert len(xs) == 41 and min(xs) == 2.0 and xs[:2] == [5.0, 4.0]
    assert run("step", "--get", "after.x").out == f"{2.0 - RATE * 4.0!r}\n"


def test_every_hyper_parameter_goes_to_the_optimizers_that_have_it(run):
    """sgd with a momentum of 0.9 by hand; adam, which has none, as without it."""
    asked = ("compare", "x**2", "--x", 1, "--steps", 3, "--lr", RATE, "--json")
    with_it = json.loads(run(*asked, "--optimizers", "sgd,adam", "--momentum", "0.9").out)["results"]
    without = json.loads(run(*asked, "--optimizers", "sgd,adam").out)["results"]
    x, speed = 1.0, 0.0
    for _ in range(3):
        speed = 0.9 * speed + 2 * x
        x -= RATE * speed
    assert math.isclose(with_it[0]["at"]["x"], x, rel_tol=1e-12)
    assert with_it[1] == without[1] and with_it[0] != without[0]


@pytest.mark.parametrize("corner", ["least", "left", "right", "tf1", "torch", "jax"])
@pytest.mark.parametrize(("texts", "at"), [
    (("abs(x)", "x*y"), {"x": 0, "y": 2}), (("max(x, y)", "relu(x - y)", "y"), {"x": 1, "y": 1}),
    (("min(x, 2*y)*y",), {"x": 2, "y": 1}),
])  # fmt: skip
def test_a_row_of_the_jacobian_at_a_corner_is_the_gradient_of_its_output(texts, at, corner, run):
    """With the same rule, entry by entry."""
    point = [word for name, x in at.items() for word in (f"--{name}", x)]
    rows = json.loads(run("jacobian", *texts, *point, "--wrt", "x,y", "--corner", corner, "--json").out)[
        "jacobian"
    ]
    for text, row in zip(texts, rows, strict=True):
        alone = json.loads(run("grad", text, *point, "--wrt", "x,y", "--corner", corner, "--json").out)[
            "gradient"
        ]
        assert row == {name: 0.0 if slope is None else slope for name, slope in alone.items()}


def test_one_sided_second_derivatives_are_chosen_at_a_corner(run):
    """(x*|x|)'' is -2 on the left and 2 on the right, and 0 is the least between them."""
    for corner, second in (("left", -2.0), ("right", 2.0), ("least", 0.0)):
        ended = run("hessian", "x*abs(x)", "--x", 0, "--corner", corner, "--get", "hessian.x.x")
        assert (ended.status, float(ended.out)) == (0, second)
        assert run("taylor", "x*abs(x)", "--x", 0, "--corner", corner, "--json").status == 0
    assert run("hessian", "x*abs(x)", "--x", 0).status == 3
