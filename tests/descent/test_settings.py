"""Which settings are taken: what the libraries' own constructors took and refused (PyTorch 2.13, TensorFlow 2.21's v1)."""

from __future__ import annotations

from typing import Any

import pytest

from gradcli.descent.rules.optimizer_choice import choose
from gradcli.language.errors import UsageProblem

#: Dialect, optimizer, settings, and whether the library's constructor took them when it was asked.
ASKED: list[tuple[str, str, dict[str, Any], bool]] = [
    ("torch", "sgd", {"lr": 0.0}, True), ("torch", "sgd", {"lr": -1.0}, False),
    ("torch", "sgd", {"momentum": 2.0}, True), ("torch", "sgd", {"momentum": -1.0}, False),
    ("torch", "sgd", {"momentum": 0.9, "dampening": -1.0}, True), ("torch", "sgd", {"momentum": 0.9, "dampening": 2.0}, True),
    ("torch", "sgd", {"weight_decay": -1.0}, False), ("torch", "sgd", {"nesterov": True}, False),
    ("torch", "sgd", {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, False),
    ("torch", "sgd", {"nesterov": True, "momentum": 0.9}, True),
    ("torch", "adagrad", {"lr_decay": -1.0}, False), ("torch", "adagrad", {"initial_accumulator": 0.0}, True),
    ("torch", "adagrad", {"initial_accumulator": -1.0}, False), ("torch", "adagrad", {"epsilon": -1.0}, False),
    ("torch", "adadelta", {"rho": 1.0}, True), ("torch", "adadelta", {"rho": 1.0000000001}, False),
    ("torch", "adadelta", {"rho": -1.0}, False), ("torch", "rmsprop", {"rho": 2.0}, True),
    ("torch", "rmsprop", {"rho": -1.0}, False), ("torch", "rmsprop", {"momentum": -1.0}, False),
    ("torch", "adam", {"beta1": 0.0}, True), ("torch", "adam", {"beta1": 1.0}, False), ("torch", "adam", {"beta2": 1.0}, False),
    ("torch", "adam", {"beta2": -1.0}, False), ("torch", "adamw", {"weight_decay": -1.0}, False),
    ("torch", "nadam", {"momentum_decay": -1.0}, False), ("torch", "nadam", {"momentum_decay": 2.0}, True),
    ("torch", "adamax", {"epsilon": -1.0}, False), ("torch", "adamax", {"epsilon": 0.0}, True),
    ("torch", "rprop", {"eta_minus": 0.0}, False), ("torch", "rprop", {"eta_minus": 1.0}, False),
    ("torch", "rprop", {"eta_plus": 1.0}, False), ("torch", "rprop", {"eta_plus": 1.0000000001}, True),
    ("torch", "rprop", {"min_step": -1.0}, True), ("torch", "rprop", {"min_step": 50.0, "max_step": 1.0}, True),
    ("tf1", "sgd", {"lr": -1.0}, True), ("tf1", "sgd", {"momentum": 0.0, "nesterov": True}, True),
    ("tf1", "sgd", {"momentum": -1.0}, True), ("tf1", "adagrad", {"initial_accumulator": 0.0}, False),
    ("tf1", "adagrad", {"initial_accumulator": 0.5}, True), ("tf1", "adadelta", {"rho": 2.0}, True),
    ("tf1", "rmsprop", {"rho": -1.0}, True), ("tf1", "adam", {"beta1": 2.0}, True), ("tf1", "adam", {"epsilon": -1.0}, True),
    ("tf1", "ftrl", {"power": 0.0}, True), ("tf1", "ftrl", {"power": 0.5}, False), ("tf1", "ftrl", {"l1": -1.0}, False),
    ("tf1", "ftrl", {"l2": -1.0}, False), ("tf1", "ftrl", {"l2_shrinkage": -1.0}, False), ("tf1", "ftrl", {"beta": -1.0}, True),
    ("tf1", "ftrl", {"initial_accumulator": 0.0}, True), ("tf1", "ftrl", {"initial_accumulator": -1.0}, False),
    ("tf1", "proximal-adagrad", {"initial_accumulator": 0.0}, False),
    ("tf1", "proximal-gradient-descent", {"lr": -1.0}, True),
    ("optax", "sgd", {"momentum": 0.0, "nesterov": True}, True), ("optax", "adam", {"beta1": 2.0}, True),
    ("optax", "rprop", {"eta_minus": 0.0, "eta_plus": 1.0}, True), ("optax", "adagrad", {"initial_accumulator": 0.0}, True),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "optimizer", "settings", "taken"), ASKED)
def test_settings_are_taken_where_the_library_takes_them(
    dialect: str, optimizer: str, settings: dict[str, Any], taken: bool
) -> None:
    """And refused where it refuses them."""
    if taken:
        assert choose(optimizer, dialect, settings).settings.items() >= settings.items()
    else:
        with pytest.raises(UsageProblem):
            choose(optimizer, dialect, settings)


@pytest.mark.parametrize(
    ("optimizer", "setting", "value", "sentence"),
    [
        ("adadelta", "rho", 1.0000000001, "--rho must be at most 1, not 1.0000000001"),
        ("adam", "beta1", 1.0, "--beta1 must be below 1, not 1"),
        ("rprop", "eta_plus", 1.0, "--eta-plus must be above 1, not 1"),
        ("sgd", "lr", -1e-300, "--lr must be at least 0, not -1e-300"),
        ("nadam", "beta2", 1 + 2**-52, "--beta2 must be below 1, not 1.0000000000000002"),
    ],
)
def test_a_refused_number_is_told_from_its_limit(
    optimizer: str, setting: str, value: float, sentence: str
) -> None:
    """In as many digits as that takes."""
    with pytest.raises(UsageProblem) as caught:
        choose(optimizer, None, {setting: value})
    assert caught.value.message == sentence


@pytest.mark.parametrize("settings", [{"beta1": 1.0}, {"epsilon": -1e9}, {"beta1": 1.0, "lr": 0.0}])
@pytest.mark.parametrize("steps", [1, 50])
def test_settings_that_lead_nowhere_are_an_error_at_the_step(
    run, settings: dict[str, float], steps: int
) -> None:
    """What optax takes and turns into NaN has no value: status 3 and a sentence, for one step and for many."""
    words = [f"--{name}={value!r}" for name, value in {"lr": 0.1, **settings}.items()]
    ended = run(
        "step", "x**4", "--x", 3, "--optimizer", "adam", "--dialect", "optax", "--steps", steps, *words
    )
    assert (ended.status, "step 1 " in ended.err) == (3, True) if "beta1" in settings else ended.status == 0


@pytest.mark.parametrize("name", ["rate", "over", "floor", "every", "decay"])
def test_the_parameters_of_a_schedule_are_in_its_help(run, name: str) -> None:
    """Each by its name, with its default, beside the settings of the optimizers that take a fixed rate."""
    for command in ("minimize", "maximize"):
        assert f"{name}=" in " ".join(run(command, "--optimizer", "sgd", "--help").out.split())
