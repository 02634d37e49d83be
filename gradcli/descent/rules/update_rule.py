"""What a row of the table of optimizers is made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gradcli.language.records import NamedTuple

#: The definitions that are known, and the order in which a default is looked for.
DIALECTS = ("torch", "tf1", "optax")

#: Those that count the steps of each variable by itself; the others count the steps of the optimizer.
COUNTED_EACH = ("torch",)

Setting = float | bool


class Line(NamedTuple):
    """One assignment of an update rule, in gradcli's own language.

    w is the variable, g its gradient, t = 1, 2, … the step, lr the learning rate; the other names are
    hyper-parameters, slots, and results of lines before. when: the hyper-parameters that must be set (or
    `not` set) for this line to be part of the rule, joined by `and`, their alternatives by `or`; the name of a
    slot there means that it has begun to be kept.
    """

    text: str
    when: str = ""


class Slot(NamedTuple):
    """What an optimizer keeps for each variable, and what it starts from: a number or a setting's name."""

    initial: float | str
    summary: str


class Limits(NamedTuple):
    """The numbers that a setting may be: from low to high, or only between them where an end is open."""

    low: float | None = None
    high: float | None = None
    open: str = ""


class Rule(NamedTuple):
    """An optimizer in one dialect.

    defaults: its hyper-parameters. lines: what is carried out. slots: all it may keep. required: those of the
    hyper-parameters that the library itself gives no default; theirs here is gradcli's. limits: what the library
    refuses, where that is more or less than its dialect's row of LIMITS says.
    """

    defaults: Mapping[str, Setting]
    lines: tuple[Line, ...]
    slots: Mapping[str, Slot]
    required: tuple[str, ...] = ()
    limits: Mapping[str, Limits] = MappingProxyType({})


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


#: No limit at all; from 0 on; a share that never is the whole; above 0.
ANY, NOT_NEGATIVE, _SHARE, POSITIVE = (
    Limits(),
    Limits(0.0),
    Limits(0.0, 1.0, "high"),
    Limits(0.0, None, "low"),
)

#: What a dialect's constructors refuse: PyTorch checks nearly everything, TensorFlow and optax nearly nothing.
LIMITS: Mapping[str, Mapping[str, Limits]] = {
    "torch": {
        **dict.fromkeys(("lr", "momentum", "weight_decay", "lr_decay", "initial_accumulator", "epsilon"), NOT_NEGATIVE),
        "beta1": _SHARE, "beta2": _SHARE, "rho": Limits(0.0, 1.0), "momentum_decay": NOT_NEGATIVE,
    },
    "tf1": {},
    "optax": {},
}  # fmt: skip

#: The lines that many rules share.
DECAYED = Line("g = g + weight_decay*w", "weight_decay")
SHRUNK = Line("w = w - lr*weight_decay*w", "weight_decay")
#: The same where a switch says which of them it is.
EITHER = (
    Line("g = g + weight_decay*w", "weight_decay and not decoupled_weight_decay"),
    Line("w = w - lr*weight_decay*w", "weight_decay and decoupled_weight_decay"),
)
DESCEND = Line("w = w - lr*g")
#: The learning rate of a rule whose library asks for one.
ASKED = 0.01
