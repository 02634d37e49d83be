"""Descents at fixed rates end by one rule for all optimizers, and their sentences say what was compared."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gradcli.descent.minimization.minimizer import minimize
from gradcli.descent.minimization.plan import Plan, choose_method
from gradcli.descent.rules.learning_rate_schedules import Schedule, schedule_of
from gradcli.descent.rules.optimizer_table import OPTIMIZERS
from gradcli.descent.verdicts.outcome import Outcome, apart
from tests.descent.problems import compiled

EVERY = [(name, dialect) for name, row in OPTIMIZERS.items() for dialect in row.rules]


def ended(
    text: str, at: dict[str, float], optimizer: str, lr: float, dialect: str | None = None, *, tol: float = 1e-8,
    max_steps: int = 10_000, schedule: Schedule | None = None, on_step: Any = None, **settings: Any,
) -> Outcome:  # fmt: skip
    choice = choose_method(optimizer, dialect, {"lr": lr, **settings})
    return minimize(
        compiled(text), text, at, Plan(choice, tol, max_steps, lr, schedule or Schedule()), on_step=on_step
    )


@pytest.mark.parametrize(("optimizer", "dialect"), EVERY)
def test_all_optimizers_stop_at_the_tolerance(optimizer: str, dialect: str) -> None:
    """At the first point whose gradient 2x is at most --tol, whatever the slots would do next; none before."""
    slopes: list[float] = []
    outcome = ended("x**2", {"x": 1.0}, optimizer, 0.02, dialect, tol=1e-3, max_steps=3000,
                    on_step=lambda _, stage: slopes.append(abs(2 * stage.at["x"])))  # fmt: skip
    within = [number for number, slope in enumerate(slopes) if slope <= 1e-3]
    if outcome.status in ("step-limit", "oscillating"):
        assert not within and len(slopes) == 3001  # the start, and every step
    else:
        assert outcome.status == "minimum" and within == [len(slopes) - 1]


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_start_within_the_tolerance_is_judged_at_once(momentum: float) -> None:
    """No step is taken from a point that stands already."""
    outcome = ended("x**2", {"x": 0.0}, "sgd", 0.1, momentum=momentum)
    assert (outcome.status, outcome.nit) == ("minimum", 0)


def test_the_last_step_is_judged_as_well() -> None:
    """x² at a rate of 0.5 comes to 0 with its only step."""
    assert ended("x**2", {"x": 3.0}, "sgd", 0.5, max_steps=1).status == "minimum"


@pytest.mark.parametrize(("optimizer", "dialect"), EVERY)
def test_a_gradient_that_is_said_to_be_above_is_above(optimizer: str, dialect: str) -> None:
    """Every number in the sentence of a step limit is that of the point that is answered."""
    outcome = ended("x**4+(x-y)**2", {"x": 2.0, "y": -1.0}, optimizer, 0.005, dialect, max_steps=300)
    if outcome.status == "step-limit":
        said, above = re.search(r"the gradient is (\S+), above (\S+)$", outcome.message).groups()
        assert float(said) > float(above) == 1e-8
        assert float(said) == pytest.approx(outcome.norm, rel=5e-3)


@pytest.mark.parametrize("excess", [1e-1, 1e-4, 1e-7])
@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e9])
def test_growth_is_diverging_however_slow(excess: float, scale: float) -> None:
    """Beyond 2/λmax each step of x² multiplies f by (1 + 2·excess)²: that is no oscillation, and no descent."""
    outcome = ended(f"{scale!r}*x**2", {"x": 5.0}, "sgd", (1 + excess) / scale)
    assert outcome.status == "diverging"
    rate, bound = re.search(r"rate (\S+) exceeds 2/λmax = (\S+) ", outcome.message).groups()
    assert float(rate) > float(bound)
    if excess < 1e-2:  # beyond all measure only at the step limit
        begin, end = map(float, re.search(r"f went from (\S+) to (\S+):", outcome.message).groups())
        assert end > begin == pytest.approx(25 * scale)


def test_what_is_told_of_an_oscillation_was_seen() -> None:
    """At 2/λmax x² goes between ±5 with f = 25; just below it f falls, and both its values are told."""
    assert "f stays at 25" in ended("x**2", {"x": 5.0}, "sgd", 1.0).message
    slow = ended("x**2", {"x": 5.0}, "sgd", 0.99999, max_steps=1000)
    begin, end = map(float, re.search(r"f went from (\S+) to (\S+);", slow.message).groups())
    assert slow.status == "oscillating"
    assert begin == pytest.approx(25 * 0.99998**1902, rel=1e-5) and end == pytest.approx(
        25 * 0.99998**2000, rel=1e-5
    )


def test_a_swing_that_dies_out_still_descends() -> None:
    """To and fro at 0.98 of the length each: it gets there, and until then it descends."""
    assert ended("x**2", {"x": 5.0}, "sgd", 0.99).status == "minimum"
    assert ended("x**2", {"x": 5.0}, "sgd", 0.99, max_steps=200).message.startswith(
        "still descending after 200 steps"
    )


def test_a_point_behind_the_best_is_not_said_to_descend() -> None:
    """The sentence names the step that led to the best point, whose gradient it gives."""
    outcome = ended("x**2", {"x": 5.0}, "sgd", 1.0001, max_steps=10)
    assert (
        outcome.message
        == "not at rest after 10 steps: at the best point, that of step 0, the gradient is 10, above 1e-08"
    )


@pytest.mark.parametrize(("optimizer", "dialect"), EVERY)
def test_a_rate_that_came_down_to_0_ends_the_descent(optimizer: str, dialect: str) -> None:
    """A schedule that reaches 0 never rises again: what does not move then never will, and nothing is divided by 0."""
    schedule = schedule_of("cosine", {"over": 5})
    outcome = ended("x**2", {"x": 5.0}, optimizer, 0.001, dialect, schedule=schedule, max_steps=2000)
    if optimizer == "rprop":  # whose rate is only where its steps begin
        assert outcome.nit > 5
    else:
        assert (outcome.status, outcome.nit) == ("stalled", 5)
        assert "the learning rate is 0 after 5 steps" in outcome.message


@pytest.mark.parametrize(("number", "other", "text"), [
    (1.0000001, 1.0, "1.0000001"), (0.0123456, 1e-8, "0.0123"), (1.0000000001e-8, 1e-8, "1.0000000001e-08"), (1 + 2**-52, 1.0,
     "1.0000000000000002"),
])  # fmt: skip
def test_two_numbers_that_differ_read_differently(number: float, other: float, text: str) -> None:
    """What is compared is told in digits that show the comparison."""
    assert apart(number, other) == text


def test_penalties_that_hold_a_point_are_named() -> None:
    """(x-1)² with weight decay rests where 2(x-1) + x = 0, where f's own gradient is -2/3."""
    outcome = ended("(x-1)**2", {"x": 0.1}, "sgd", 0.25, weight_decay=1.0)
    assert outcome.x["x"] == pytest.approx(2 / 3)
    assert outcome.status == "stalled" and "weight_decay may hold it" in outcome.message
