"""The trajectories that TensorFlow 1, PyTorch and optax themselves computed on x²+xy+3 from (5, 3)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.descent.problems import descend

HERE = Path(__file__).parent / "references"

#: File, key -> optimizer and settings; the learning rate is 0.1 where nothing else is said.
CASES: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("torch", "sgd"): ("sgd", {}),
    ("torch", "momentum"): ("sgd", {"momentum": 0.9}),
    ("torch", "momentum damp .9"): ("sgd", {"momentum": 0.9, "dampening": 0.9}),
    ("torch", "nesterov"): ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("torch", "adagrad"): ("adagrad", {}),
    ("torch", "adadelta lr=.1"): ("adadelta", {}),
    ("torch", "adadelta default lr=1"): ("adadelta", {"lr": 1.0}),
    ("torch", "rmsprop"): ("rmsprop", {}),
    ("torch", "rmsprop alpha=.9"): ("rmsprop", {"rho": 0.9}),
    ("torch", "rmsprop mom"): ("rmsprop", {"rho": 0.9, "momentum": 0.9}),
    ("torch", "rmsprop centered"): ("rmsprop", {"rho": 0.9, "centered": True}),
    ("torch", "adam"): ("adam", {}),
    ("torch", "amsgrad"): ("amsgrad", {}),
    ("torch", "nadam"): ("nadam", {}),
    ("torch", "adamax"): ("adamax", {}),
    ("torch", "adamw"): ("adamw", {}),
    ("torch", "rprop"): ("rprop", {}),
    ("optax", "sgd"): ("sgd", {}),
    ("optax", "momentum"): ("sgd", {"momentum": 0.9}),
    ("optax", "nesterov"): ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("optax", "adagrad"): ("adagrad", {}),
    ("optax", "adadelta"): ("adadelta", {}),
    ("optax", "rmsprop"): ("rmsprop", {}),
    ("optax", "rmsprop eps outside"): ("rmsprop", {"eps_in_sqrt": False}),
    ("optax", "rmsprop init 1"): ("rmsprop", {"initial_scale": 1.0, "epsilon": 1e-10}),
    ("optax", "rmsprop mom"): ("rmsprop", {"momentum": 0.9}),
    ("optax", "rmsprop centered"): ("rmsprop", {"centered": True}),
    ("optax", "adam"): ("adam", {}),
    ("optax", "nadam"): ("nadam", {}),
    ("optax", "adamax"): ("adamax", {}),
    ("optax", "amsgrad"): ("amsgrad", {}),
    ("optax", "lion"): ("lion", {}),
    ("tf1", "sgd lr=.1"): ("sgd", {}),
    ("tf1", "momentum lr=.1 m=.9"): ("sgd", {"momentum": 0.9}),
    ("tf1", "nesterov lr=.1 m=.9"): ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("tf1", "adagrad lr=.1 (init .1)"): ("adagrad", {}),
    ("tf1", "adadelta lr=.1 (rho .95 eps 1e-8)"): ("adadelta", {}),
    ("tf1", "rmsprop lr=.1 (decay .9 eps 1e-10)"): ("rmsprop", {}),
    ("tf1", "rmsprop mom .9"): ("rmsprop", {"momentum": 0.9}),
    ("tf1", "rmsprop centered"): ("rmsprop", {"centered": True}),
    ("tf1", "rmsprop centered mom .9"): ("rmsprop", {"centered": True, "momentum": 0.9}),
    ("tf1", "adam lr=.1"): ("adam", {}),
    ("tf1", "ftrl lr=.1"): ("ftrl", {}),
    ("tf1", "ftrl lr=.1 l1=.1 l2=.1"): ("ftrl", {"l1": 0.1, "l2": 0.1}),
    ("tf1", "ftrl lr=.1 lrp=-.7"): ("ftrl", {"power": -0.7}),
    ("tf1", "ftrl lr=.1 l2shrink=.1"): ("ftrl", {"l2_shrinkage": 0.1}),
    ("tf1", "proxgd lr=.1"): ("proximal-gradient-descent", {}),
    ("tf1", "proxgd lr=.1 l1=.1 l2=.1"): ("proximal-gradient-descent", {"l1": 0.1, "l2": 0.1}),
    ("tf1", "proxadagrad lr=.1 l1=.1 l2=.1"): ("proximal-adagrad", {"l1": 0.1, "l2": 0.1}),
}

#: TensorFlow's names of slots -> ours, where the file has them.
SLOTS = {
    "sgd": {"momentum": "b"},
    "adagrad": {"accumulator": "n"},
    "adadelta": {"accum": "n", "accum_update": "u"},
    "rmsprop": {"momentum": "b", "rms": "v", "mg": "m"},
    "adam": {"m": "m", "v": "v"},
    "ftrl": {"accum": "n", "linear": "z"},
    "proximal-gradient-descent": {},
    "proximal-adagrad": {"accumulator": "n"},
}


def reference(dialect: str) -> Any:
    return json.loads((HERE / f"{dialect}.json").read_text())


@pytest.mark.parametrize(("dialect", "key"), CASES)
def test_every_reference_trajectory_is_met(dialect: str, key: str) -> None:
    """The points after steps 1, 2 and 3 are the library's to 1e-12 relative."""
    optimizer, settings = CASES[dialect, key]
    row = reference(dialect)[key]
    points = row["xy"] if dialect == "tf1" else row
    seen: list[list[float]] = []
    run = descend(
        "x**2+x*y+3", {"x": 5, "y": 3}, optimizer, dialect, **{"lr": 0.1, **settings},
        steps=3, on_step=lambda _, stage: seen.append([stage.at["x"], stage.at["y"]]),
    )  # fmt: skip
    for ours, theirs in zip(seen, points, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=0)
    if dialect == "tf1":
        for name, numbers in row["slots"].items():
            slot = run.slots[SLOTS[optimizer][name]]
            assert [slot["x"], slot["y"]] == pytest.approx(numbers, rel=1e-12, abs=0)


@pytest.mark.parametrize("dialect", ["torch", "tf1", "optax"])
def test_no_reference_is_left_out(dialect: str) -> None:
    """Every trajectory of the files is a case."""
    assert set(reference(dialect)) == {key for home, key in CASES if home == dialect}
