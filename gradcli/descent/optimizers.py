"""The table of optimizers: every update rule as mathematics, one row per optimizer and dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: The definitions that are known, and the order in which a default is looked for.
DIALECTS = ("torch", "tf1", "optax")

Setting = float | bool


class Line(NamedTuple):
    """One assignment of an update rule, in gradcli's own language.

    w is the variable, g its gradient, t = 1, 2, … the step, lr the learning rate; the other names are
    hyper-parameters, slots, and results of lines before. when: the hyper-parameters that must be set (or
    `not` set) for this line to be part of the rule, joined by `and`.
    """

    text: str
    when: str = ""


class Slot(NamedTuple):
    """What an optimizer keeps for each variable, and what it starts from: a number or a setting's name."""

    initial: float | str
    summary: str


class Rule(NamedTuple):
    """An optimizer in one dialect: hyper-parameters with defaults, and the lines that are carried out."""

    defaults: Mapping[str, Setting]
    lines: tuple[Line, ...]


class Optimizer(NamedTuple):
    """One row: what it is, its slots, its rule in each dialect that has it."""

    summary: str
    slots: Mapping[str, Slot]
    rules: Mapping[str, Rule]
    differences: tuple[str, ...] = ()


_BUFFER = {"b": Slot(0.0, "momentum buffer: decaying sum of gradients")}

_DESCEND = Line("w = w - lr*g")

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(
        "gradient descent, with momentum",
        _BUFFER,
        {
            "torch": Rule(
                {"lr": 0.001, "momentum": 0.0, "nesterov": False, "dampening": 0.0, "weight_decay": 0.0},
                (
                    Line("g = g + weight_decay*w", "weight_decay"),
                    Line("b = momentum*b + g", "momentum and not dampening"),
                    Line("b = where(t == 1, g, momentum*b + (1 - dampening)*g)", "momentum and dampening"),
                    Line("g = g + momentum*b", "momentum and nesterov"),
                    Line("g = b", "momentum and not nesterov"),
                    _DESCEND,
                ),
            ),
        },
    ),
}
