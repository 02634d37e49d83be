"""The table of optimizers: every update rule as mathematics, one row per optimizer.

Rules and defaults are those of TensorFlow 1 (`tf.compat.v1.train`), PyTorch (`torch.optim`) and optax.
`choose`, the compiled loops, `gradcli optimizers` and the tests read these rows.
"""

from __future__ import annotations

from gradcli.descent.rules import adam_rules as moments
from gradcli.descent.rules import adaptive_rules as scale
from gradcli.descent.rules import momentum_rules as momentum
from gradcli.descent.rules.update_rule import Optimizer

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
    "momentum": "sgd --momentum 0.9",
    "nesterov": "sgd --momentum 0.9 --nesterov",
    "sgdm": "sgd --momentum 0.9",
    "nag": "sgd --momentum 0.9 --nesterov",
    "gradient-descent": "sgd",
    "gd": "sgd",
    "proximal": "proximal-gradient-descent",
    "heavy-ball": "sgd --momentum 0.9",
    "gradientdescent": "sgd",
    "gradient_descent": "sgd",
    "steepest-descent": "sgd",
}


#: Optimizers of other libraries that are one slip away from one here, and are another.
BY_CHANCE = frozenset(("admm", "adan", "adamp", "adams"))

#: Methods of whole descents, which are no update rules, under all of their names.
DESCENTS = ("bfgs", "newton", "l-bfgs-b", "lbfgs", "l-bfgs", "lbfgsb")


#: What each setting means.
HYPERPARAMETERS: dict[str, str] = {
    "lr": "learning rate, the size of the step",
    "momentum": "share of the last update that is kept",
    "dampening": "share of the gradient that does not enter the momentum buffer",
    "nesterov": "look ahead along the momentum (Nesterov)",
    "amsgrad": "divide by the largest of all running mean squares",
    "weight_decay": "pull towards 0, in proportion to the value",
    "decoupled_weight_decay": "weight decay apart from the gradient, as adamw has it",
    "lr_decay": "the learning rate is divided by 1 + (t - 1)*lr_decay",
    "initial_accumulator": "what the sum of squared gradients starts from",
    "initial_scale": "what the running mean of squared gradients starts from",
    "epsilon": "small number that keeps a divisor from 0",
    "eps_root": "small number under a root",
    "eps_in_sqrt": "epsilon under the root, not beside it",
    "rho": "share of a running mean that is kept",
    "bias_correction": "running means corrected for their start from 0",
    "centered": "divide by the deviation from the mean, not by the root mean square",
    "beta1": "share of the running mean of gradients that is kept",
    "beta2": "share of the running mean of squared gradients that is kept",
    "momentum_decay": "how slowly nadam's momentum rises",
    "power": "exponent of the accumulated squares in the learning rate",
    "beta": "part of the learning rate's divisor that does not grow",
    "l1": "weight of the penalty on absolute values",
    "l2": "weight of the penalty on squares",
    "l2_shrinkage": "weight of the penalty on squares that enters the gradient alone",
    "eta_minus": "factor of a step after a change of sign",
    "eta_plus": "factor of a step while the sign stays",
    "min_step": "smallest step",
    "max_step": "largest step",
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
