"""The tutorial, through each of the ways that a user may take it."""

from __future__ import annotations

import json

import pytest

F = "x**2+x*y+3"
POINTS = [(5, 3), (3.7, 2.5), (2.71, 2.13), (1.955, 1.859)]
VALUES = [43, 25.94, 16.1164, 10.45637]


def assert_stage(record, number):
    """The step *number* leads from its point to the next one."""
    for stage, index in (("before", number - 1), ("after", number)):
        assert tuple(record[stage]["at"].values()) == pytest.approx(POINTS[index], rel=1e-14)
        assert record[stage]["value"] == pytest.approx(VALUES[index], rel=1e-14)


def test_the_gradient_at_the_start(run):
    """13 and 5 at (5, 3), value 43."""
    record = json.loads(run("grad", F, "--x", 5, "--y", 3, "--format", "json").out)
    assert (record["gradient"], record["value"]) == ({"x": 13.0, "y": 5.0}, 43.0)
    assert record["formulas"] == {"x": "2*x + y", "y": "x"}


def test_through_the_session(run):
    """grad once, then step three times."""
    run("grad", F, "--x", 5, "--y", 3)
    for number in (1, 2, 3):
        record = json.loads(run("step", "--lr", 0.1, "--format", "json").out)
        assert record["step"] == number
        assert_stage(record, number)


def test_through_values(run):
    """step EXPR --x … --y … at every step."""
    for number in (1, 2, 3):
        x, y = POINTS[number - 1]
        assert_stage(
            json.loads(run("step", F, "--x", x, "--y", y, "--lr", 0.1, "--format", "json").out), number
        )


def test_through_pipes(shell):
    """grad … --format json | step -, and on."""
    step = "gradcli step - --lr 0.1 --format json"
    pipe = f'gradcli grad "{F}" --x 5 --y 3 --format json'
    for number in (1, 2, 3):
        pipe += f" | {step}"
        assert_stage(json.loads(shell(pipe).out), number)


def test_through_many_steps_at_once(run):
    """--steps 3: the first and the last point, and all of them in jsonl."""
    base = ["step", F, "--x", 5, "--y", 3, "--lr", 0.1, "--steps", 3, "--format"]
    record = json.loads(run(*base, "json").out)
    assert tuple(record["before"]["at"].values()) == POINTS[0]
    assert tuple(record["after"]["at"].values()) == pytest.approx(POINTS[3], rel=1e-14)
    for number, line in enumerate(run(*base, "jsonl").out.splitlines(), 1):
        assert_stage(json.loads(line), number)


def test_through_the_terminal_and_text(run):
    """The lines that the tutorial prints."""
    assert "x: grad 13, value 5, formula 2*x + y\n" in run("grad", F, "--x", 5, "--y", 3).out
    assert "x: before 5, grad 13, after 3.7\n" in run("step", "--lr", 0.1).out
    assert run("step", "--lr", 0.1, "--get", "after.x").out == "2.71\n"


def test_all_ways_agree_bit_for_bit(run):
    """Three commands, one command, and one that is piped."""
    run("grad", F, "--x", 5, "--y", 3)
    for _ in range(3):
        run("step", "--lr", 0.1)
    one = json.loads(run("session", "--format", "json").out)["at"]
    many = json.loads(run("step", F, "--x", 5, "--y", 3, "--lr", 0.1, "--steps", 3, "--format", "json").out)[
        "at"
    ]
    text = run("grad", F, "--x", 5, "--y", 3, "--format", "json").out
    for _ in range(3):
        text = run("step", "-", "--lr", 0.1, "--format", "json", text=text).out
    assert one == many == json.loads(text)["at"]
