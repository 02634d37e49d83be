"""Steps and descents take the piece that numbers are in as they were typed, which their floats may not be in."""

from __future__ import annotations

import json

import pytest


def answered(run, *words):
    """What a command says in JSON."""
    ended = run(*words, "--format", "json")
    return ended.status, json.loads(ended.out)


#: Functions of a, what x is, and where they are least: 0.3 - 0.1 is 0.2, 10*(0.3 - 0.1) is 2, 0.1 + 0.2 is 0.3.
LEAST = (
    ("where(x - 0.1 >= 0.2, (a - 1)**2, (a + 1)**2)", "0.3", 1), ("(a - floor(10*(x - 0.1)))**2", "0.3", 2),
    ("where(x + 0.2 == 0.3, (a - 1)**2, (a + 1)**2)", "0.1", 1), ("(a - 3 - mod(x, 0.1))**2", "6.8", 3),
    ("(a - ceil(100*x))**2", "0.29", 29), ("(a - sign(x - 0.1 - 0.2))**2", "0.3", 0),
    ("where(0.3 - 0.1 >= 0.2, (a - x)**2, (a + x)**2)", "0.3", 0.3), ("(a - floor(x))**2", "0.99999999999999999999", 0),
)  # fmt: skip


@pytest.mark.parametrize(("text", "x", "least"), LEAST)
def test_descents_end_where_typed_numbers_say(text, x, least, run):
    """And the value there is what grad answers."""
    status, found = answered(run, "minimize", text, "--x", x, "--a", "0.25", "--wrt", "a")
    assert (status, found["status"]) == (0, "minimum")
    assert found["x"]["a"] == pytest.approx(least, abs=1e-9)
    assert found["value"] == pytest.approx(0, abs=1e-15)
    status, there = answered(run, "grad", text, "--x", x, "--a", repr(found["x"]["a"]), "--wrt", "a")
    assert status == 0 and there["value"] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(("text", "x", "least"), LEAST)
@pytest.mark.parametrize("steps", [1, 3, 30])
def test_steps_go_along_the_slopes_that_are_printed(text, x, least, steps, run):
    """Each is 0.2 times the slope of a square."""
    _, found = answered(
        run, "step", text, "--x", x, "--a", "0.25", "--wrt", "a", "--lr", "0.1", "--steps", steps
    )
    assert found["before"]["gradient"]["a"] == pytest.approx(2 * (0.25 - least))
    assert found["after"]["at"]["a"] == pytest.approx(least + (0.25 - least) * 0.8**steps)
    assert found["after"]["value"] == pytest.approx(((0.25 - least) * 0.8**steps) ** 2)


@pytest.mark.parametrize("text", ["3*abs(a - 0.3)", "max(0.1, 0.4 - a)", "-2*abs(a - 0.3)", "5/min(0.3, a)"])
def test_a_step_from_a_corner_that_was_typed_goes_nowhere(text, run):
    """The smallest slope is 0 there; ten steps are one of --steps 10."""
    for _ in range(3):
        status, found = answered(run, "step", *([text, "--a", "0.3"] if _ == 0 else []), "--lr", "0.1")
        assert (status, found["before"]["gradient"]["a"], found["after"]["at"]["a"]) == (0, 0.0, 0.3)
    status, found = answered(run, "step", text, "--a", "0.3", "--lr", "0.1", "--steps", 3)
    assert (status, found["after"]["at"]["a"]) == (0, 0.3)
    ended = run("step", text, "--a", "0.3", "--lr", "0.1")
    assert "has a corner at a = 0.3" in ended.err


def test_what_rests_keeps_its_decimals_after_steps(run):
    """The value after a step is that of the numbers as they were typed."""
    _, found = answered(run, "step", "a + mod(x, 0.1)", "--x", "6.8", "--a", 1, "--wrt", "a", "--lr", "0.5")
    assert (found["before"]["value"], found["after"]["value"]) == (1.0, 0.5)


def test_a_slope_that_is_not_decided_is_not_said_to_be_missing(run):
    """The four greatest are 101*0.3 + sqrt(0.7) - 0.08 each: a slope is there, and roots that are equal are not told so."""
    text = "max((b + 1)*min(0.3, x) + (sqrt(0.7) - 0.1*0.8))"
    words = (text, "--x", "[0.5,0.2,0.8,0.1,-0.3,0.9,0.30000000000000004]", "--b", "100", "--wrt", "b")
    for command in ("step", "minimize"):
        ended = run(command, *words)
        assert ended.status == 3 and "the partial along b has a value" in ended.err
        assert "is not decided" in ended.err and "there is no partial" not in ended.err
