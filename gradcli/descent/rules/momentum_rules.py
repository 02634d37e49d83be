"""Update rules that follow the gradient or its running mean: sgd, the proximal rules, rprop, lion."""

from __future__ import annotations

from gradcli.descent.rules.update_rule import (
    ASKED,
    DECAYED,
    DESCEND,
    POSITIVE,
    Difference,
    Limits,
    Line,
    Optimizer,
    Rule,
    Slot,
)

_BUFFER = {"b": Slot(0.0, "momentum buffer, the decaying sum of the gradients")}
_HEAVY = (
    Line("b = momentum*b + g", "momentum and not dampening"),
    Line("b = where(t == 1, g, momentum*b + (1 - dampening)*g)", "momentum and dampening"),
)
_PLAIN = (
    # Whose momentum comes down to 0 keeps its buffer: it is the last gradient then.
    Line("b = momentum*b + g", "momentum or b"),
    Line("g = b", "momentum and not nesterov"),
    Line("g = g + momentum*b", "momentum and nesterov"),
    DESCEND,
)
_SHRINK = "sign(v)*max(abs(v) - {0}*l1, 0)/(1 + {0}*l2)"

SGD = Optimizer(
    "gradient descent, with momentum or Nesterov's momentum",
    {
        "torch": Rule(
            {"lr": 0.001, "momentum": 0.0, "dampening": 0.0, "nesterov": False, "weight_decay": 0.0},
            (DECAYED, *_HEAVY, *_PLAIN[1:]),
            _BUFFER,
        ),
        "tf1": Rule({"lr": ASKED, "momentum": 0.0, "nesterov": False}, _PLAIN, _BUFFER, ("lr",)),
        "optax": Rule({"lr": ASKED, "momentum": 0.0, "nesterov": False}, _PLAIN, _BUFFER, ("lr",)),
    },
    (
        Difference("dampening and weight decay", {
            "torch": "has both; the first gradient of a variable enters its buffer undampened",
            "tf1": "has neither", "optax": "has neither",
        }),
        Difference("momentum 0", {
            "torch": "leaves the buffer as it is", "tf1": "makes the buffer the last gradient",
            "optax": "makes the buffer the last gradient",
        }),
    ),
    "Sutskever et al., On the importance of initialization and momentum in deep learning, 2013",
)  # fmt: skip

PROXIMAL = Optimizer(
    "gradient descent with l1 and l2 penalties taken exactly: values shrink, small ones become 0",
    {
        "tf1": Rule(
            {"lr": ASKED, "l1": 0.0, "l2": 0.0},
            (Line("v = w - lr*g"), Line(f"w = {_SHRINK.format('lr')}")),
            {},
            ("lr",),
        ),
    },
    source="Duchi & Singer, Efficient learning using forward-backward splitting, 2009",
)

PROXIMAL_ADAGRAD = Optimizer(
    "adagrad with l1 and l2 penalties taken exactly",
    {
        "tf1": Rule(
            {"lr": ASKED, "initial_accumulator": 0.1, "l1": 0.0, "l2": 0.0},
            (
                Line("n = n + g**2"),
                Line("r = lr/sqrt(n)"),
                Line("v = w - r*g"),
                Line(f"w = {_SHRINK.format('r')}"),
            ),
            {"n": Slot("initial_accumulator", "sum of the squared gradients")},
            ("lr",),
            {"initial_accumulator": POSITIVE},
        ),
    },
    source="Duchi & Singer, Efficient learning using forward-backward splitting, 2009",
)

_SIZES = {
    "p": Slot(0.0, "the gradient of the step before, 0 after a change of sign"),
    "h": Slot("lr", "the size of the step along this variable"),
}
_RPROP = {"eta_minus": 0.5, "eta_plus": 1.2, "min_step": 1e-6, "max_step": 50.0}

RPROP = Optimizer(
    "step sizes that grow while the gradient keeps its sign and shrink when it changes",
    {
        "torch": Rule(
            {"lr": 0.01, **_RPROP},
            (
                Line("s = g*p"),
                Line("h = clip(h*where(s > 0, eta_plus, where(s < 0, eta_minus, 1)), min_step, max_step)"),
                Line("p = where(s < 0, 0, g)"),
                Line("w = w - h*sign(p)"),
            ),
            _SIZES,
            limits={
                "eta_minus": Limits(0.0, 1.0, "both"), "eta_plus": Limits(1.0, None, "low"),
            },
        ),
        "optax": Rule(
            {"lr": ASKED, **_RPROP},
            (
                Line("s = g*p"),
                Line("h = where(s == 0, h, clip(h*where(s > 0, eta_plus, eta_minus), min_step, max_step))"),
                Line("w = w - where(s < 0, 0, p)"),
                Line("p = where(s < 0, 0, h*sign(g))"),
            ),
            {**_SIZES, "p": Slot(0.0, "the update for the next step, 0 after a change of sign")},
            ("lr",),
        ),
    },
    (
        Difference("the update", {
            "torch": "is made of this step's gradient",
            "optax": "(0.2.8) is made of the gradient of the step before, so the first step does not move",
        }),
        Difference("limits of the step", {
            "torch": "a step is kept between min_step and max_step from the beginning",
            "optax": "only a step that grows or shrinks is kept between min_step and max_step",
        }),
    ),
    "Riedmiller & Braun, A direct adaptive method for faster backpropagation learning: RPROP, 1993",
)  # fmt: skip

LION = Optimizer(
    "the sign of a momentum, with decoupled weight decay",
    {
        "optax": Rule(
            {"lr": ASKED, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.001},
            (
                Line("d = sign(beta1*m + (1 - beta1)*g)"),
                Line("m = beta2*m + (1 - beta2)*g"),
                Line("d = d + weight_decay*w", "weight_decay"),
                Line("w = w - lr*d"),
            ),
            {"m": Slot(0.0, "running mean of the gradients")},
            ("lr",),
        ),
    },
    source="Chen et al., Symbolic discovery of optimization algorithms, 2023",
)
