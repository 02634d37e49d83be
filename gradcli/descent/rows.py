"""What a row of the table of optimizers is made of."""

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
    """An optimizer in one dialect.

    defaults: its hyper-parameters. lines: what is carried out. slots: all it may keep. required: those of the
    hyper-parameters that the library itself gives no default; theirs here is gradcli's.
    """

    defaults: Mapping[str, Setting]
    lines: tuple[Line, ...]
    slots: Mapping[str, Slot]
    required: tuple[str, ...] = ()


class Difference(NamedTuple):
    """A term that dialects define differently: what each of them does."""

    term: str
    sides: Mapping[str, str]


class Optimizer(NamedTuple):
    """One row: what it is, its rule in each dialect that has it, where these differ, a source."""

    summary: str
    rules: Mapping[str, Rule]
    differences: tuple[Difference, ...] = ()
    source: str = ""


#: The lines that many rules share.
DECAYED = Line("g = g + weight_decay*w", "weight_decay")
DESCEND = Line("w = w - lr*g")
#: The learning rate of a rule whose library asks for one.
ASKED = 0.01
