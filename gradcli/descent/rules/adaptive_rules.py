"""Update rules that scale each gradient by its own history: adagrad, adadelta, rmsprop, ftrl."""

from __future__ import annotations

from gradcli.descent.rules.update_rule import (
    ASKED,
    DECAYED,
    NOT_NEGATIVE,
    POSITIVE,
    Difference,
    Limits,
    Line,
    Optimizer,
    Rule,
    Slot,
)

_SQUARES = {"n": Slot("initial_accumulator", "sum of the squared gradients")}
_SUM = Line("n = n + g**2")

ADAGRAD = Optimizer(
    "each gradient divided by the root of the sum of its squares",
    {
        "torch": Rule(
            {"lr": 0.01, "lr_decay": 0.0, "weight_decay": 0.0, "initial_accumulator": 0.0, "epsilon": 1e-10},
            (
                DECAYED,
                _SUM,
                Line("w = w - lr*g/(sqrt(n) + epsilon)", "not lr_decay"),
                Line("w = w - lr/(1 + (t - 1)*lr_decay)*g/(sqrt(n) + epsilon)", "lr_decay"),
            ),
            _SQUARES,
        ),
        "tf1": Rule(
            {"lr": ASKED, "initial_accumulator": 0.1},
            (_SUM, Line("w = w - lr*g/sqrt(n)")),
            _SQUARES,
            ("lr",),
            {"initial_accumulator": POSITIVE},
        ),
        "optax": Rule(
            {"lr": ASKED, "initial_accumulator": 0.1, "epsilon": 1e-7},
            (_SUM, Line("w = w - lr*where(n > 0, g/sqrt(n + epsilon), 0)")),
            _SQUARES,
            ("lr",),
        ),
    },
    (
        Difference("epsilon", {
            "torch": "is added to the root: sqrt(n) + epsilon",
            "tf1": "does not exist: sqrt(n)",
            "optax": "is added under the root: sqrt(n + epsilon)",
        }),
        Difference("initial_accumulator", {
            "torch": "n starts from 0", "tf1": "n starts from 0.1", "optax": "n starts from 0.1",
        }),
    ),
    "Duchi, Hazan & Singer, Adaptive subgradient methods, 2011",
)  # fmt: skip

_DELTA = (
    Line("n = rho*n + (1 - rho)*g**2"),
    Line("d = g*sqrt(u + epsilon)/sqrt(n + epsilon)"),
    Line("w = w - lr*d"),
    Line("u = rho*u + (1 - rho)*d**2"),
)
_BOTH = {
    "n": Slot(0.0, "running mean of the squared gradients"),
    "u": Slot(0.0, "running mean of the squared updates"),
}
_ADADELTA = {"rho": 0.9, "epsilon": 1e-6, "weight_decay": 0.0}

ADADELTA = Optimizer(
    "each gradient scaled by the ratio of past updates to past gradients",
    {
        "torch": Rule({"lr": 1.0, **_ADADELTA}, (DECAYED, *_DELTA), _BOTH),
        "tf1": Rule({"lr": 0.001, "rho": 0.95, "epsilon": 1e-8}, _DELTA, _BOTH),
        "optax": Rule({"lr": 1.0, **_ADADELTA}, (DECAYED, *_DELTA), _BOTH, ("lr",)),
    },
    (Difference("weight decay", {"torch": "exists", "tf1": "does not exist", "optax": "exists"}),),
    "Zeiler, ADADELTA: an adaptive learning rate method, 2012",
)

_MEAN = Line("m = rho*m + (1 - rho)*g", "centered")
_SQUARE = Line("v = rho*v + (1 - rho)*g**2")
_MOMENTS = {
    "m": Slot(0.0, "running mean of the gradients"),
    "v": Slot(0.0, "running mean of the squared gradients"),
    "b": Slot(0.0, "momentum buffer, the decaying sum of the updates"),
}


def _divided(mean: str, square: str, when: str) -> tuple[Line, ...]:
    """optax's divisors of the gradient, of the moments so called."""
    return (
        Line(f"d = lr*g/sqrt({square} + epsilon)", f"{when} and eps_in_sqrt and not centered"),
        Line(f"d = lr*g/sqrt({square} - {mean}**2 + epsilon)", f"{when} and eps_in_sqrt and centered"),
        Line(f"d = lr*g/(sqrt({square}) + epsilon)", f"{when} and not eps_in_sqrt and not centered"),
        Line(f"d = lr*g/(sqrt({square} - {mean}**2) + epsilon)", f"{when} and not eps_in_sqrt and centered"),
    )


RMSPROP = Optimizer(
    "each gradient divided by the root of the running mean of its squares",
    {
        "torch": Rule(
            {
                "lr": 0.01, "rho": 0.99, "epsilon": 1e-8, "momentum": 0.0, "centered": False,
                "weight_decay": 0.0,
            },
            (
                DECAYED,
                _MEAN,
                _SQUARE,
                Line("d = g/(sqrt(v) + epsilon)", "not centered"),
                Line("d = g/(sqrt(v - m**2) + epsilon)", "centered"),
                Line("b = momentum*b + d", "momentum"),
                Line("d = b", "momentum"),
                Line("w = w - lr*d"),
            ),
            _MOMENTS,
            limits={"rho": NOT_NEGATIVE},
        ),
        "tf1": Rule(
            {"lr": ASKED, "rho": 0.9, "epsilon": 1e-10, "momentum": 0.0, "centered": False},
            (
                _MEAN,
                _SQUARE,
                Line("b = momentum*b + lr*g/sqrt(v + epsilon)", "not centered"),
                Line("b = momentum*b + lr*g/sqrt(v - m**2 + epsilon)", "centered"),
                Line("w = w - b"),
            ),
            {**_MOMENTS, "v": Slot(1.0, "running mean of the squared gradients")},
            ("lr",),
        ),
        "optax": Rule(
            {
                "lr": ASKED, "rho": 0.9, "epsilon": 1e-8, "initial_scale": 0.0, "eps_in_sqrt": True,
                "centered": False, "momentum": 0.0, "nesterov": False, "bias_correction": False,
            },
            (
                _MEAN,
                _SQUARE,
                *_divided("m", "v", "not bias_correction"),
                Line("a = m/(1 - rho**t)", "bias_correction and centered"),
                Line("c = v/(1 - rho**t)", "bias_correction"),
                *_divided("a", "c", "bias_correction"),
                # Whose momentum comes down to 0 keeps its buffer: it is the last update then.
                Line("b = momentum*b + d", "momentum or b"),
                Line("d = b", "momentum and not nesterov"),
                Line("d = d + momentum*b", "momentum and nesterov"),
                Line("w = w - d"),
            ),
            {**_MOMENTS, "v": Slot("initial_scale", "running mean of the squared gradients")},
            ("lr",),
        ),
    },
    (
        Difference("the first v", {
            "torch": "is 0", "tf1": "is 1", "optax": "is initial_scale, 0 by default",
        }),
        Difference("epsilon", {
            "torch": "is added to the root: sqrt(v) + epsilon",
            "tf1": "is added under the root: sqrt(v + epsilon)",
            "optax": "is added under the root, unless eps_in_sqrt is off",
        }),
        Difference("bias_correction", {
            "torch": "does not exist", "tf1": "does not exist",
            "optax": "divides m and v by 1 - rho**t, off by default",
        }),
        Difference("lr", {
            "torch": "multiplies the momentum buffer",
            "tf1": "multiplies what goes into the momentum buffer",
            "optax": "multiplies what goes into the momentum buffer",
        }),
    ),
    "Tieleman & Hinton, lecture 6.5 of Neural networks for machine learning, 2012",
)  # fmt: skip

FTRL = Optimizer(
    "follow the regularized leader: l1 makes values exactly 0",
    {
        "tf1": Rule(
            {
                "lr": ASKED,
                "power": -0.5,
                "initial_accumulator": 0.1,
                "l1": 0.0,
                "l2": 0.0,
                "l2_shrinkage": 0.0,
                "beta": 0.0,
            },
            (
                Line("a = n + g**2"),
                Line("z = z + g - (a**(-power) - n**(-power))/lr*w", "not l2_shrinkage"),
                Line("z = z + g + 2*l2_shrinkage*w - (a**(-power) - n**(-power))/lr*w", "l2_shrinkage"),
                Line("n = a"),
                Line("w = where(abs(z) > l1, (sign(z)*l1 - z)/(n**(-power)/lr + 2*(l2 + beta/(2*lr))), 0)"),
            ),
            {
                **_SQUARES,
                "z": Slot(0.0, "what the sum of the gradients has become, without its regularization"),
            },
            ("lr",),
            {
                **dict.fromkeys(("initial_accumulator", "l1", "l2", "l2_shrinkage"), NOT_NEGATIVE),
                "power": Limits(None, 0.0),
            },
        ),
    },
    source="McMahan et al., Ad click prediction: a view from the trenches, 2013",
)
