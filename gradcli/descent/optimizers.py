"""The table of optimizers: every update rule as mathematics, one row per optimizer.

Rules and defaults are those of TensorFlow 1 (`tf.compat.v1.train`), PyTorch (`torch.optim`) and optax.
`choose`, the compiled loops, `gradcli optimizers` and the tests read these rows.
"""

from __future__ import annotations

from typing import NamedTuple

from gradcli.descent import rules_of_moments as moments
from gradcli.descent import rules_of_momentum as momentum
from gradcli.descent import rules_of_scale as scale
from gradcli.descent.rows import Optimizer

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": momentum.SGD,
    "adagrad": scale.ADAGRAD,
    "adadelta": scale.ADADELTA,
    "rmsprop": scale.RMSPROP,
    "adam": moments.ADAM,
    "adamw": moments.ADAMW,
    "amsgrad": moments.AMSGRAD,
    "nadam": moments.NADAM,
    "adamax": moments.ADAMAX,
    "ftrl": scale.FTRL,
    "proximal-gradient-descent": momentum.PROXIMAL,
    "proximal-adagrad": momentum.PROXIMAL_ADAGRAD,
    "rprop": momentum.RPROP,
    "lion": momentum.LION,
}

#: What else people call them -> where they find it.
ALSO_CALLED = {
    "momentum": "sgd with momentum 0.9",
    "nesterov": "sgd with momentum 0.9 and nesterov",
    "gradient-descent": "sgd",
    "gd": "sgd",
    "proximal": "proximal-gradient-descent",
    "heavy-ball": "sgd with momentum",
}


class Hyperparameter(NamedTuple):
    """What a setting means, and the numbers it may be: from low, up to high or just below it (open)."""

    summary: str
    low: float | None = 0.0
    high: float | None = None
    open: bool = False


_H = Hyperparameter

HYPERPARAMETERS: dict[str, Hyperparameter] = {
    "lr": _H("learning rate, the size of the step"),
    "momentum": _H("share of the last update that is kept"),
    "dampening": _H("share of the gradient that does not enter the momentum buffer", high=1.0),
    "nesterov": _H("look ahead along the momentum (Nesterov)"),
    "weight_decay": _H("pull towards 0, in proportion to the value"),
    "lr_decay": _H("the learning rate is divided by 1 + (t - 1)*lr_decay"),
    "initial_accumulator": _H("what the sum of squared gradients starts from"),
    "initial_scale": _H("what the running mean of squared gradients starts from"),
    "epsilon": _H("small number that keeps a divisor from 0"),
    "eps_root": _H("small number under a root"),
    "eps_in_sqrt": _H("epsilon under the root, not beside it"),
    "rho": _H("share of a running mean that is kept", high=1.0),
    "centered": _H("divide by the deviation from the mean, not by the root mean square"),
    "beta1": _H("share of the running mean of gradients that is kept", high=1.0, open=True),
    "beta2": _H("share of the running mean of squared gradients that is kept", high=1.0, open=True),
    "momentum_decay": _H("how slowly nadam's momentum rises"),
    "power": _H("exponent of the accumulated squares in the learning rate", low=None, high=0.0),
    "l1": _H("weight of the penalty on absolute values"),
    "l2": _H("weight of the penalty on squares"),
    "l2_shrinkage": _H("weight of the penalty on squares that enters the gradient alone"),
    "eta_minus": _H("factor of a step after a change of sign", high=1.0, open=True),
    "eta_plus": _H("factor of a step while the sign stays", low=1.0),
    "min_step": _H("smallest step"),
    "max_step": _H("largest step"),
}


def differences(optimizer: str, dialects: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence for each term that *dialects* of one optimizer define differently."""
    row, sentences = OPTIMIZERS[optimizer], []
    for term, sides in row.differences:
        known = [(name, sides[name]) for name in dialects if name in sides]
        if len({side for _, side in known}) > 1:
            sentences.append(f"{term}: " + "; ".join(f"in {name} {side}" for name, side in known))
    shared = set.intersection(*(set(row.rules[name].defaults) for name in dialects))
    for setting in HYPERPARAMETERS:
        values = [(name, row.rules[name].defaults[setting]) for name in dialects if setting in shared]
        named = any(setting == difference.term for difference in row.differences)
        if len({value for _, value in values}) > 1 and not named:
            sentences.append(f"{setting}: " + ", ".join(f"{value:g} in {name}" for name, value in values))
    return tuple(sentences)
