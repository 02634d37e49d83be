"""Rates that must descend: no step in the box raises f, the session keeps box and rate, and what is not so is refused."""

from __future__ import annotations

import itertools
import json
import random

import pytest

from gradcli.descent.proofs.ranges.safe_rate import safe_rate

from .searching import TABLE, question

SMOOTH = ("Beale", "Booth", "Branin", "Camel, six humps", "Himmelblau", "McCormick", "Rastrigin", "Rosenbrock", "Levy 13",
          "Zettl")  # fmt: skip


def stepped(run, text, box, start, *more):
    """The values along 25 steps at the safe rate."""
    at = ",".join(f"{name}={x!r}" for name, x in start.items())
    ended = run(
        "step", text, "--at", at, "--lr", "safe", "--box", box, "--steps", 25, "--format", "jsonl", *more
    )
    assert ended.status == 0, ended.err
    rows = [json.loads(line) for line in ended.out.splitlines()]
    return [rows[0]["before"]["value"], *(row["after"]["value"] for row in rows)], rows


@pytest.mark.parametrize("name", SMOOTH)
def test_no_step_raises_f(name, run):
    """From random points of the boxes of published functions; every point stays in the box."""
    one = next(row for row in TABLE if row["name"] == name)
    asked, source = question(one["expr"], one["box"]), random.Random(name)
    start = {n: source.uniform(float(low), float(high)) for n, (low, high) in asked.ends.items()}
    values, rows = stepped(run, one["expr"], one["box"], start)
    for before, after in itertools.pairwise(values):
        assert after <= before + 1e-12 * (1 + abs(before))
    for row in rows:
        for n, (low, high) in asked.ends.items():
            assert float(low) <= row["after"]["at"][n] <= float(high)


@pytest.mark.parametrize(("text", "box", "smoothness"), [
    ("x^2", "x=-5:5", 2), ("3*x-y", "x=-5:5,y=-5:5", 0), ("x^2+x*y+y^2", "x=-1:1,y=-1:1", 3), ("sin(x)", "x=0:3", 1),
    ("x^4", "x=-2:1", 48), ("5*x*y", "x=0:1,y=0:1", 5),
])  # fmt: skip
def test_the_bound_is_that_of_the_hessian(text, box, smoothness):
    """Never below the largest norm of the Hessian in the box, and not more than two hundredths above it."""
    found = safe_rate(question(text, box))
    assert smoothness <= found.smoothness <= smoothness * 1.02
    assert not smoothness or found.rate * found.smoothness <= 1


def test_the_session_keeps_box_and_rate(run):
    """Bare steps go on in the box; undo leads back; a rate of one's own leaves it."""
    run("step", "(x-9)^2", "--x", 0, "--lr", "safe", "--box", "x=-5:5")
    assert run("step", "--get", "after.x").out == "5.0\n"
    run("session", "undo")
    assert run("step", "--get", "after.x").out == "5.0\n"
    assert run("step", "--lr", 0.5, "--get", "after.x").out == "9.0\n"


def test_uphill_and_to_the_end_of_what_is_linear(run):
    """A step of a linear f leads to the end of the box."""
    assert (
        run(
            "step", "3*x-y", "--at", "x=1,y=0", "--lr", "safe", "--box", "x=-5:5,y=-5:5", "--get", "after.y"
        ).out
        == "5.0\n"
    )
    assert (
        run("step", "x", "--x", 1, "--lr", "safe", "--box", "x=-5:5", "--ascend", "--get", "after.x").out
        == "5.0\n"
    )


def test_minimize_descends_at_the_safe_rate(run):
    """To the minimum on the bound, with a note that says the rate."""
    ended = run(
        "minimize",
        "(x-3)^2+y^2",
        "--at",
        "x=0,y=1",
        "--lr",
        "safe",
        "--box",
        "x=-2:2,y=-2:2",
        "--get",
        "status",
    )
    assert (ended.status, ended.out) == (0, "minimum-on-bound\n")
    assert "lr 0.5 is 1/L, L = 2" in ended.err


@pytest.mark.parametrize(("options", "said"), [
    (("--lr", "0.1", "--box", "x=-5:5"), "0.1 is below 2/L = 1: every step in the box descends"),
    (("--lr", "1.5", "--box", "x=-5:5"), "1.5 is not below 2/L = 1: a step in the box may raise f"),
])  # fmt: skip
def test_a_typed_rate_is_judged(options, said, run):
    """By what L says of it."""
    assert said in run("step", "x^2", "--x", 1, *options).err


@pytest.mark.parametrize("command", ["step", "minimize"])
@pytest.mark.parametrize(("text", "options", "status"), [
    ("x^2", (), 2), ("x^2", ("--box", "x=-5:5", "--optimizer", "adam"), 2),
    ("x^2", ("--box", "x=-5:5", "--momentum", "0.9"), 2),
    ("x^2", ("--box", "x=-5:5", "--clip-norm", "1"), 2), ("x^2", ("--box", "x=-5:5", "--weight-decay", "0.1"), 2),
    ("x^2", ("--box", "x=2:5"), 3), ("abs(x)", ("--box", "x=-5:5"), 3), ("1/x", ("--box", "x=-5:5"), 3),
    ("x^2", ("--box", "y=-5:5"), 2), ("x^2", ("--box", "x=-5:"), 2),
])  # fmt: skip
def test_what_need_not_descend_is_refused(command, text, options, status, run):
    """Other rules, a point outside, no bound of L, no box."""
    ended = run(command, text, "--x", 1, "--lr", "safe", *options)
    assert ended.status == status and ended.out == "" and ended.err.startswith("gradcli: ")
