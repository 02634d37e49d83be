"""Steps: the same bits by every way, all gradients before any move, and errors that name the step."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gradcli.descent.rules import update_program
from gradcli.descent.rules.optimizer_table import OPTIMIZERS
from gradcli.descent.rules.update_rule import Setting
from gradcli.descent.steps import compiled_loop, optimizer_steps
from gradcli.language.errors import DomainProblem, UsageProblem, ValueProblem
from tests.descent.problems import descend

ROSENBROCK = "100*(y-x**2)**2+(1-x)**2"
START = {"x": -1.2, "y": 1.0}
#: Every rule of the table, plain and with all that it can do switched on.
EVERY = [(name, dialect) for name, row in OPTIMIZERS.items() for dialect in row.rules]
FULL: dict[str, Setting] = {
    "momentum": 0.9, "nesterov": True, "weight_decay": 0.01, "lr_decay": 0.01, "centered": True, "l1": 0.01,
    "l2": 0.01, "l2_shrinkage": 0.01, "epsilon": 0.001, "eps_root": 0.001,
}  # fmt: skip


def settings_of(name: str, dialect: str, full: bool) -> dict[str, Setting]:
    known = OPTIMIZERS[name].rules[dialect].defaults
    return {"lr": 0.0005} | ({key: value for key, value in FULL.items() if key in known} if full else {})


@pytest.mark.parametrize("full", [False, True], ids=["plain", "full"])
@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_ten_single_steps_are_one_of_ten(name: str, dialect: str, full: bool) -> None:
    """Ten runs of one step, slots handed on, equal one run of ten steps bit for bit."""
    settings = settings_of(name, dialect, full)
    ten = descend(ROSENBROCK, START, name, dialect, **settings, steps=10)
    at, slots = START, None
    for taken in range(10):
        one = descend(ROSENBROCK, at, name, dialect, **settings, slots=slots, taken=taken)
        at, slots = one.after.at, one.slots
    assert (one.after, one.slots) == (ten.after, ten.slots)


@pytest.mark.parametrize("full", [False, True], ids=["plain", "full"])
@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_the_loop_and_the_careful_path_agree(
    name: str, dialect: str, full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiled loop, the listened-to run and the interpreted steps end at the same bits."""
    settings = settings_of(name, dialect, full)
    limits = {"clip_norm": 5.0, "clip_value": 4.0} if full else {}
    monkeypatch.setattr(compiled_loop, "BLOCK", 7)
    fast = descend(ROSENBROCK, START, name, dialect, **settings, **limits, steps=50)
    heard = descend(ROSENBROCK, START, name, dialect, **settings, **limits, steps=50, on_step=lambda *_: None)
    monkeypatch.setattr(optimizer_steps, "FEW", 50)
    careful = descend(ROSENBROCK, START, name, dialect, **settings, **limits, steps=50)
    assert fast == heard == careful


def test_gradients_are_read_before_any_variable_moves() -> None:
    """The second variable's update uses the first one's old value."""
    run = descend("x*y", {"x": 2, "y": 3}, lr=0.1)
    assert run.after.at == {"x": 2 - 0.1 * 3, "y": 3 - 0.1 * 2}


def test_only_asked_variables_move() -> None:
    """wrt moves its variables, gives gradients for them alone, and leaves the others where they are."""
    run = descend("x*y", {"x": 2, "y": 3}, lr=0.1, wrt=("y",))
    assert run.after.at == {"x": 2.0, "y": 2.8}
    assert run.before.gradient == {"y": 2.0}


def test_ascending_mirrors_descending() -> None:
    """Uphill on f is downhill on -f."""
    up = descend("x*sin(y)", {"x": 2, "y": 3}, "adam", lr=0.1, steps=30, ascend=True)
    down = descend("-(x*sin(y))", {"x": 2, "y": 3}, "adam", lr=0.1, steps=30)
    assert up.after.at == down.after.at
    assert up.after.value == -down.after.value


def test_a_variable_without_influence_stays() -> None:
    """A variable that f does not depend on has no gradient and does not move, weight decay or not."""
    run = descend("x**2 + floor(0*y)*0 + y - y", {"x": 1, "y": 2}, lr=0.1)
    assert run.after.at["y"] == 2.0
    assert descend("x", {"x": 1.0}, lr=0.0, steps=100).after.at == {"x": 1.0}


def test_a_learning_rate_of_zero_leaves_the_point() -> None:
    """With lr 0 every step ends where it began."""
    assert descend(ROSENBROCK, START, lr=0.0, steps=25).after.at == START


@pytest.mark.parametrize("count", [3, 600])
def test_leaving_the_domain_names_the_step(count: int) -> None:
    """The error names the step that left, and why there is no value."""
    with pytest.raises(DomainProblem, match=r"step 2 .*log is not defined at x = -5\.5") as caught:
        descend("3*log(x)", {"x": 2.0}, lr=1.0, steps=count)
    assert caught.value.span is not None


def test_overflow_is_an_error_even_where_only_the_value_overflows() -> None:
    """A run whose value is too large for a moment stops there, although its gradient is finite."""
    with pytest.raises(DomainProblem, match=r"step 1 .*too large"):
        descend("x**4", {"x": -1e60}, lr=2.5e-103, steps=100)


def test_corners_choose_the_smallest_slope_and_are_noted_once() -> None:
    """A descent that lands on a corner again and again stays there and says so once."""
    run = descend("abs(x) + (y-1)**2", {"x": 1.0, "y": 3.0}, lr=0.25, steps=60)
    assert run.after.at["x"] == 0.0
    assert run.after.at["y"] == pytest.approx(1.0)
    assert [(note.kind, note.variable) for note in run.notes] == [("corner", "x")]


def test_an_infinite_slope_is_an_error() -> None:
    """sqrt at 0 has no slope to go along."""
    with pytest.raises(DomainProblem, match="infinite slope"):
        descend("sqrt(x)", {"x": 0.0}, lr=0.1)


def test_clipping_keeps_value_and_norm() -> None:
    """Clipped by value each partial is limited; clipped by norm the direction stays."""
    by_value = descend("3*x + 4*y", {"x": 0, "y": 0}, lr=1.0, clip_value=3.5)
    assert by_value.after.at == {"x": -3.0, "y": -3.5}
    by_norm = descend("3*x + 4*y", {"x": 0, "y": 0}, lr=1.0, clip_norm=1.0)
    assert by_norm.after.at == pytest.approx({"x": -0.6, "y": -0.8})


def test_a_million_steps_keep_nothing() -> None:
    """Steps are told one by one, in order, and a long run ends like the sum of two shorter ones."""
    seen: list[int] = []
    descend("x**2", {"x": 1.0}, lr=0.001, steps=1000, on_step=lambda number, _: seen.append(number))
    assert seen == list(range(1, 1001))
    half = descend("x**2", {"x": 1.0}, "adam", steps=700)
    rest = descend("x**2", half.after.at, "adam", steps=700, taken=700, slots=half.slots)
    assert rest.after == descend("x**2", {"x": 1.0}, "adam", steps=1400).after


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("sdg", None, {}), "sdg is not an optimizer", "sgd"),
        (("momentum", None, {}), "momentum is not an optimizer", "sgd --momentum 0.9"),
        (("sgd", "troch", {}), "troch is not a dialect", "torch"),
        (("lion", "torch", {}), "torch has no optimizer lion", "optax"),
        (("sgd", None, {"beta1": 0.5}), "beta1 is not a hyper-parameter of sgd in torch", "momentum"),
        (("adam", None, {"beta1": 1.0}), "beta1 must be below 1", ""),
        (("sgd", None, {"lr": -1.0}), "lr must be at least 0", ""),
        (("sgd", None, {"lr": math.nan}), "finite", ""),
        (("sgd", None, {"nesterov": True}), "nesterov needs a momentum", ""),
        (("sgd", None, {"nesterov": 2.0, "momentum": 0.5}), "on or off", ""),
    ],
)
def test_what_does_not_exist_is_named(arguments: tuple[Any, ...], message: str, hint: str) -> None:
    """Unknown optimizers, dialects, hyper-parameters and impossible values say what there is."""
    name, dialect, settings = arguments
    with pytest.raises(UsageProblem, match=message) as caught:
        descend("x**2", {"x": 1.0}, name, dialect, **settings)
    assert hint in (caught.value.hint or "")


def test_a_variable_that_is_not_there_cannot_move() -> None:
    """wrt names variables of the expression."""
    with pytest.raises(ValueProblem, match="z is not a variable"):
        descend("x**2", {"x": 1.0}, wrt=("z",))


def test_rules_compiled_before_are_what_their_lines_say() -> None:
    """A ready program equals what its lines compile to."""
    for lines, program in update_program._READY.items():
        assert program == update_program.compiled_rule(lines, (), program.variables[3:])
