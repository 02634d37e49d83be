"""Update rules from running means of gradients and of their squares: adam and its family."""

from __future__ import annotations

from gradcli.descent.rules.update_rule import (
    ASKED,
    DECAYED,
    EITHER,
    SHRUNK,
    Difference,
    Line,
    Optimizer,
    Rule,
    Slot,
)

_FIRST = Line("m = beta1*m + (1 - beta1)*g")
_SECOND = Line("v = beta2*v + (1 - beta2)*g**2")
_MEAN = {"m": Slot(0.0, "running mean of the gradients")}
_MEANS = {**_MEAN, "v": Slot(0.0, "running mean of the squared gradients")}
_LARGEST = {**_MEANS, "h": Slot(0.0, "the largest v so far")}
_BETAS = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
_MHAT = Line("a = m/(1 - beta1**t)")
_VHAT = Line("c = v/(1 - beta2**t)")
#: PyTorch's second moment: the largest so far where amsgrad is on.
_VHATS = (
    Line("h = max(h, v)", "amsgrad"),
    Line("c = h/(1 - beta2**t)", "amsgrad"),
    Line("c = v/(1 - beta2**t)", "not amsgrad"),
)
#: optax's first moment, and the same looked ahead.
_AHEAD = (
    Line("a = m/(1 - beta1**t)", "not nesterov"),
    Line("a = beta1*m/(1 - beta1**(t + 1)) + (1 - beta1)*g/(1 - beta1**t)", "nesterov"),
)
_ROOTS = (Line("c = c + eps_root", "eps_root"),)
_STEP = Line("w = w - lr*a/(sqrt(c) + epsilon)")
_KINGMA = "Kingma & Ba, Adam: a method for stochastic optimization, 2015"
_ROOT = Difference("eps_root", {
    "torch": "does not exist", "tf1": "does not exist", "optax": "is added under the root, 0 by default",
})  # fmt: skip
_STEPS = Difference("t", {
    "torch": "counts the steps of each variable: one that rests does not grow older",
    "tf1": "counts all steps", "optax": "counts all steps",
})  # fmt: skip

ADAM = Optimizer(
    "running means of gradient and square, corrected for their start from 0",
    {
        "torch": Rule(
            {
                "lr": 0.001, **_BETAS, "weight_decay": 0.0, "amsgrad": False,
                "decoupled_weight_decay": False,
            },
            (*EITHER, _FIRST, _SECOND, _MHAT, *_VHATS, _STEP),
            _LARGEST,
        ),
        "tf1": Rule(
            {"lr": 0.001, **_BETAS},
            (
                _FIRST,
                _SECOND,
                Line("w = w - lr*sqrt(1 - beta2**t)/(1 - beta1**t)*m/(sqrt(v) + epsilon)"),
            ),
            _MEANS,
        ),
        "optax": Rule(
            {"lr": ASKED, **_BETAS, "eps_root": 0.0, "nesterov": False},
            (_FIRST, _SECOND, *_AHEAD, _VHAT, *_ROOTS, _STEP),
            _MEANS,
            ("lr",),
        ),
    },
    (
        Difference("epsilon", {
            "torch": "is added to the corrected root: sqrt(v/(1 - beta2**t)) + epsilon",
            "tf1": "is added to the root before the correction, which damps 31.6 times more at t = 1",
            "optax": "is added to the corrected root: sqrt(v/(1 - beta2**t)) + epsilon",
        }),
        _ROOT,
        Difference("weight decay", {
            "torch": "is added to the gradient, or apart from it (decoupled_weight_decay)",
            "tf1": "does not exist", "optax": "does not exist",
        }),
        _STEPS,
    ),
    _KINGMA,
)  # fmt: skip

ADAMW = Optimizer(
    "adam with weight decay apart from the gradient",
    {
        "torch": Rule(
            {"lr": 0.001, **_BETAS, "weight_decay": 0.01, "amsgrad": False},
            (_FIRST, _SECOND, _MHAT, *_VHATS, SHRUNK, _STEP),
            _LARGEST,
        ),
        "optax": Rule(
            {"lr": ASKED, **_BETAS, "eps_root": 0.0, "weight_decay": 0.0001, "nesterov": False},
            (_FIRST, _SECOND, *_AHEAD, _VHAT, *_ROOTS, SHRUNK, _STEP),
            _MEANS,
            ("lr",),
        ),
    },
    (
        Difference("weight_decay", {"torch": "is 0.01 by default", "optax": "is 0.0001 by default"}),
        _ROOT,
        _STEPS,
    ),
    "Loshchilov & Hutter, Decoupled weight decay regularization, 2019",
)  # fmt: skip

AMSGRAD = Optimizer(
    "adam with the largest of all running mean squares",
    {
        "torch": Rule(
            {"lr": 0.001, **_BETAS, "weight_decay": 0.0, "decoupled_weight_decay": False},
            (*EITHER, _FIRST, _SECOND, Line("h = max(h, v)"), _MHAT, Line("c = h/(1 - beta2**t)"), _STEP),
            _LARGEST,
        ),
        "optax": Rule(
            {"lr": ASKED, **_BETAS, "eps_root": 0.0},
            (_FIRST, _SECOND, _MHAT, Line("h = max(h, v/(1 - beta2**t))"), Line("c = h"), *_ROOTS, _STEP),
            {**_MEANS, "h": Slot(0.0, "the largest corrected v so far")},
            ("lr",),
        ),
    },
    (
        Difference("the maximum", {
            "torch": "is over v, and is corrected afterwards",
            "optax": "is over the corrected v",
        }),
        _ROOT,
        _STEPS,
    ),
    "Reddi, Kale & Kumar, On the convergence of Adam and beyond, 2018",
)  # fmt: skip

#: PyTorch keeps the product of momenta in single precision. (2**29 + 1)*x, taken off again, leaves the first
#: 24 bits of x (Veltkamp's splitting).
_SINGLE = (
    Line("q = 536870913*mu"),
    Line("p = p*(q - (q - mu))"),
    Line("q = 536870913*p"),
    Line("p = q - (q - p)"),
)

NADAM = Optimizer(
    "adam with Nesterov's momentum",
    {
        "torch": Rule(
            {
                "lr": 0.002, **_BETAS, "weight_decay": 0.0, "momentum_decay": 0.004,
                "decoupled_weight_decay": False,
            },
            (
                *EITHER,
                _FIRST,
                _SECOND,
                _VHAT,
                Line("mu = beta1*(1 - 0.5*0.96**(t*momentum_decay))"),
                Line("mu_next = beta1*(1 - 0.5*0.96**((t + 1)*momentum_decay))"),
                *_SINGLE,
                Line("a = mu_next*m/(1 - p*mu_next) + (1 - mu)*g/(1 - p)"),
                _STEP,
            ),
            {**_MEANS, "p": Slot(1.0, "product of the momenta so far, in single precision")},
        ),
        "optax": Rule(
            {"lr": ASKED, **_BETAS, "eps_root": 0.0, "weight_decay": 0.0},
            (_FIRST, _SECOND, Line(_AHEAD[1].text), _VHAT, *_ROOTS, SHRUNK, _STEP),
            _MEANS,
            ("lr",),
        ),
    },
    (
        Difference("momentum", {
            "torch": "rises from beta1/2 to beta1 by the schedule 0.96**(t*momentum_decay)",
            "optax": "is beta1 from the beginning",
        }),
        Difference("weight decay", {
            "torch": "is added to the gradient, or apart from it (decoupled_weight_decay)",
            "optax": "is apart from the gradient, as in optax.nadamw",
        }),
        _ROOT,
        _STEPS,
    ),
    "Dozat, Incorporating Nesterov momentum into Adam, 2016",
)  # fmt: skip

_INFINITY = (
    _FIRST,
    Line("u = max(beta2*u, abs(g) + epsilon)"),
    Line("w = w - lr/(1 - beta1**t)*m/u"),
)
_NORM = {**_MEAN, "u": Slot(0.0, "decaying maximum of the gradients' sizes")}

ADAMAX = Optimizer(
    "adam with a decaying maximum in place of the root mean square",
    {
        "torch": Rule({"lr": 0.002, **_BETAS, "weight_decay": 0.0}, (DECAYED, *_INFINITY), _NORM),
        "optax": Rule({"lr": ASKED, **_BETAS}, _INFINITY, _NORM, ("lr",)),
    },
    (
        Difference("weight decay", {"torch": "is added to the gradient", "optax": "does not exist"}),
        _STEPS,
    ),
    _KINGMA,
)
