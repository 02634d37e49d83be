"""Sets of few points: what `check --kkt` and `critical` say of points that are alone, seen by hand."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    ("text", "constraint", "at", "optimal", "status"),
    [
        ("x", "x**2<=0", "x=0", (True, True), "on-constraint"),
        ("x+y", "x**2+y**2=0", "x=0,y=0", (True, True), "on-constraint"),
        ("y", "x**2 + y**2 <= 1; (x - 2)**2 + y**2 <= 1", "x=1,y=0", (True, True), "on-constraint"),
        (
            "x",
            "x**3=y**2",
            "x=0,y=0",
            (True, False),
            "on-constraint",
        ),  # a cusp: x is least, and grows from there
        ("x", "x**2<=0", "x=0.001", (False, False), "infeasible"),
    ],
)
def test_a_point_that_is_alone_is_optimal(run, text, constraint, at, optimal, status):
    """The only point that keeps the constraints is a minimum and a maximum, though no multipliers balance there."""
    for best, more, word in zip(optimal, ([], ["--maximum"]), ("minimum", "maximum"), strict=True):
        ended = run("check", text, "--st", constraint, "--at", at, "--kkt", "--format", "json", *more)
        found = json.loads(ended.out)
        assert (ended.status, found["optimal"], found["right"]) == (int(not best), best, best)
        if best:
            assert found["status"] == f"{word}-{status}"
            assert all(one["multiplier"] is None for one in found["constraints"])


def test_a_cusp_is_no_maximum_and_said_not_to_be_regular(run):
    """x on x³ = y² grows on both branches: as a maximum the cusp is not optimal."""
    ended = run("check", "x", "--st", "x**3=y**2", "--at", "x=0,y=0", "--kkt", "--maximum", "--get", "status")
    assert (ended.status, ended.out.strip()) == (1, "nonregular")


@pytest.mark.parametrize(
    ("text", "constraints", "value"),
    [("x+y", "x**2+y**2 = 0", 0), ("x+y", "x=1; y=2", 3), ("x*y", "(x-1)**2+(y-4)**2 <= 0", 4)],
)
def test_one_point_is_the_absolute_minimum_and_maximum(run, text, constraints, value):
    """f has one value on the set, which is the least and the greatest: both are said, in the text and in JSON."""
    words = ("critical", text, "--st", constraints)
    (point,) = json.loads(run(*words, "--format", "json").out)["points"]
    assert (point["value"], point["absolutes"]) == (value, ["minimum", "maximum"])
    lines = run(*words).out.splitlines()
    for word in ("minimum", "maximum"):
        assert any(line.startswith(f"absolute {word}: {value} at ") for line in lines)


def test_two_points_are_one_each(run):
    """x is -1 and 1 on x² = 1."""
    found = json.loads(run("critical", "x", "--st", "x**2=1", "--format", "json").out)["points"]
    assert [(one["value"], one["absolutes"]) for one in found] == [(-1, ["minimum"]), (1, ["maximum"])]
