"""Sittings with an optimizer: commands one after the other, in which variables rest, join and leave, and settings change.

Nothing of gradcli is imported here: the libraries' own environments read this file, too (see record.py beside it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

#: What is descended: f, its three variables, and where they start.
TEXT = "x**2 + x*y + 2*y**2 + x*z + z**4/4 + z"
START = {"x": 5.0, "y": 3.0, "z": -1.5}


class Command(NamedTuple):
    """Some steps along some variables, with some settings changed; clip: the largest norm of the gradient."""

    wrt: str
    steps: int = 1
    settings: Mapping[str, Any] = {}
    clip: float | None = None


class Sitting(NamedTuple):
    """An optimizer in a dialect, the settings that it begins with, and the commands."""

    dialect: str
    optimizer: str
    settings: dict[str, Any]
    commands: tuple[Command, ...]


C = Command

#: Variables rest, join late, leave and come back.
COMING_AND_GOING = (C("xy", 3), C("x"), C("xyz", 2), C("z", 2), C("y"), C("xyz", 25), C("xz"), C("xyz"))
#: The same with another rate now and then.
RATES = (
    C("xy", 2),
    C("xyz", 2, {"lr": 0.02}),
    C("x", 3),
    C("xyz", 22, {"lr": 0.03}),
    C("yz", 1, {"lr": 0.04}),
    C("xyz"),
)
MOMENTA = (
    C("xy", 3), C("xyz", 2, {"momentum": 0.0}), C("xyz", 2, {"momentum": 0.9}), C("x", 2, {"momentum": 0.0}),
    C("xyz", 23, {"momentum": 0.5}), C("xyz"),
)  # fmt: skip
CLIPPED = (C("xyz", 3, {}, 1.0), C("xy", 2, {}, 0.5), C("xyz", 22, {}, 2.0), C("xyz"))


def _both(dialect: str, optimizer: str, **settings: Any) -> dict[str, Sitting]:
    name = " ".join(
        [dialect, optimizer, *(f"{key}={value}" for key, value in settings.items() if key != "lr")]
    )
    return {
        name: Sitting(dialect, optimizer, settings, COMING_AND_GOING),
        f"{name}, other rates": Sitting(dialect, optimizer, settings, RATES),
    }


_LR = {"lr": 0.05}
_TORCH = {"dialect": "torch", **_LR}
_TF1 = {"dialect": "tf1", **_LR}
_OPTAX = {"dialect": "optax", **_LR}

SITTINGS: dict[str, Sitting] = {
    **_both(optimizer="sgd", **_TORCH, momentum=0.9),
    **_both(optimizer="sgd", **_TORCH, momentum=0.9, dampening=0.5),
    **_both(optimizer="sgd", **_TORCH, momentum=0.9, nesterov=True, weight_decay=0.1),
    **_both(optimizer="adam", **_TORCH),
    **_both(optimizer="adam", **_TORCH, weight_decay=0.1),
    **_both(optimizer="adam", **_TORCH, weight_decay=0.1, decoupled_weight_decay=True),
    **_both(optimizer="adam", **_TORCH, amsgrad=True),
    **_both(optimizer="adamw", **_TORCH),
    **_both(optimizer="adamw", **_TORCH, amsgrad=True, weight_decay=0.2),
    **_both(optimizer="amsgrad", **_TORCH),
    **_both(optimizer="amsgrad", **_TORCH, weight_decay=0.1, decoupled_weight_decay=True),
    **_both(optimizer="nadam", **_TORCH),
    **_both(optimizer="nadam", **_TORCH, weight_decay=0.1, decoupled_weight_decay=True),
    **_both(optimizer="adamax", **_TORCH),
    **_both(optimizer="adagrad", **_TORCH, lr_decay=0.1),
    **_both(optimizer="adagrad", **_TORCH, initial_accumulator=0.5, weight_decay=0.1),
    **_both(optimizer="adadelta", **_TORCH),
    **_both(optimizer="rmsprop", **_TORCH, momentum=0.5),
    **_both(optimizer="rmsprop", **_TORCH, centered=True),
    **_both(optimizer="rprop", **_TORCH),
    **_both(optimizer="sgd", **_TF1, momentum=0.9),
    **_both(optimizer="sgd", **_TF1, momentum=0.9, nesterov=True),
    **_both(optimizer="adagrad", **_TF1),
    **_both(optimizer="adadelta", **_TF1),
    **_both(optimizer="rmsprop", **_TF1, momentum=0.5),
    **_both(optimizer="rmsprop", **_TF1, centered=True),
    **_both(optimizer="adam", **_TF1),
    **_both(optimizer="ftrl", **_TF1, l1=0.1, l2=0.1),
    **_both(optimizer="ftrl", **_TF1, beta=0.7, l2_shrinkage=0.125),
    **_both(optimizer="proximal-gradient-descent", **_TF1, l1=0.1, l2=0.1),
    **_both(optimizer="proximal-adagrad", **_TF1, l1=0.1, l2=0.1),
    **_both(optimizer="sgd", **_OPTAX, momentum=0.9),
    **_both(optimizer="sgd", **_OPTAX, momentum=0.9, nesterov=True),
    **_both(optimizer="adagrad", **_OPTAX),
    **_both(optimizer="adadelta", **_OPTAX),
    **_both(optimizer="rmsprop", **_OPTAX, momentum=0.5),
    **_both(optimizer="rmsprop", **_OPTAX, centered=True),
    **_both(optimizer="rmsprop", **_OPTAX, bias_correction=True),
    **_both(optimizer="rmsprop", **_OPTAX, bias_correction=True, momentum=0.5, nesterov=True),
    **_both(optimizer="rmsprop", **_OPTAX, bias_correction=True, centered=True, epsilon=0.5),
    **_both(optimizer="rmsprop", **_OPTAX, bias_correction=True, centered=True, eps_in_sqrt=False, initial_scale=2.0),
    **_both(optimizer="adam", **_OPTAX),
    **_both(optimizer="adam", **_OPTAX, nesterov=True),
    **_both(optimizer="adamw", **_OPTAX),
    **_both(optimizer="adamw", **_OPTAX, nesterov=True, weight_decay=0.1),
    **_both(optimizer="amsgrad", **_OPTAX),
    **_both(optimizer="nadam", **_OPTAX),
    **_both(optimizer="nadam", **_OPTAX, weight_decay=0.1),
    **_both(optimizer="adamax", **_OPTAX),
    **_both(optimizer="lion", **_OPTAX),
    "torch momentum comes and goes": Sitting("torch", "sgd", {"lr": 0.05, "momentum": 0.9}, MOMENTA),
    "torch momentum begins late": Sitting("torch", "sgd", {"lr": 0.05, "dampening": 0.5}, MOMENTA[1:]),
    "torch rmsprop's momentum comes and goes": Sitting(
        "torch", "rmsprop", {"lr": 0.05, "momentum": 0.9}, (C("xyz"), *MOMENTA)  # it has no buffer for who joins at 0
    ),
    "tf1 momentum comes and goes": Sitting("tf1", "sgd", {"lr": 0.05, "momentum": 0.9}, MOMENTA),
    "optax momentum comes and goes": Sitting("optax", "sgd", {"lr": 0.05, "momentum": 0.9}, MOMENTA),
    "optax rmsprop's momentum comes and goes": Sitting("optax", "rmsprop", {"lr": 0.05, "momentum": 0.9}, MOMENTA),
    "torch adam with other betas": Sitting("torch", "adam", {"lr": 0.05}, (
        C("xy", 2), C("xyz", 2, {"beta1": 0.8, "beta2": 0.99}), C("x", 1, {"epsilon": 0.01}),
        C("xyz", 22, {"weight_decay": 0.1}), C("xyz", 2, {"decoupled_weight_decay": True}),
    )),
    "optax adam with other betas": Sitting("optax", "adam", {"lr": 0.05}, (
        C("xy", 2), C("xyz", 2, {"beta1": 0.8, "beta2": 0.99}), C("x", 1, {"epsilon": 0.01}), C("xyz", 22),
    )),
    "torch nadam with another beta": Sitting("torch", "nadam", {"lr": 0.05}, (
        C("xy", 2), C("xyz", 2, {"beta1": 0.8}), C("x", 1, {"momentum_decay": 0.1}), C("xyz", 22), C("yz", 2),
    )),
    "torch nesterov and dampening come and go": Sitting("torch", "sgd", {"lr": 0.05, "momentum": 0.9}, (
        C("xy", 2), C("xyz", 2, {"nesterov": True}), C("x", 1, {"nesterov": False, "dampening": 0.3}), C("xyz", 22),
    )),
    "torch sgd clipped": Sitting("torch", "sgd", {"lr": 0.05, "momentum": 0.9}, CLIPPED),
    "torch adam clipped": Sitting("torch", "adam", {"lr": 0.05}, CLIPPED),
    "tf1 sgd clipped": Sitting("tf1", "sgd", {"lr": 0.05, "momentum": 0.9}, CLIPPED),
    "optax adam clipped": Sitting("optax", "adam", {"lr": 0.05}, CLIPPED),
}  # fmt: skip
