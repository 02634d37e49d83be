"""Long runs side by side with PyTorch, optax and TensorFlow 1; each runs where the library is installed.

Run with PyTorch 2.13.0, optax 0.2.8 (JAX 0.10.2) and TensorFlow 2.15.1 (tf.compat.v1).
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from tests.descent.problems import descend

STEPS = 200
#: A shallow valley, a bowl with a wave, and a quartic: text, start, the same over a library's operations.
FUNCTIONS = {
    "valley": ("2*(y-x**2)**2+(1-x)**2", (-0.9, 0.8), lambda m, x, y: 2 * (y - x**2) ** 2 + (1 - x) ** 2),
    "wave": ("x**2+y**2/5+sin(3*x)/4+x*y/5", (2.0, -3.0),
             lambda m, x, y: x**2 + y**2 / 5 + m.sin(3 * x) / 4 + x * y / 5),
    "quartic": ("x**4/50+exp(y/4)+(x-y)**2", (3.0, 4.0), lambda m, x, y: x**4 / 50 + m.exp(y / 4) + (x - y) ** 2),
}  # fmt: skip

TORCH: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("sgd", {"lr": 0.01}, "SGD", {"lr": 0.01}),
    ("sgd", {"lr": 0.01, "momentum": 0.8, "weight_decay": 0.01}, "SGD",
     {"lr": 0.01, "momentum": 0.8, "weight_decay": 0.01}),
    ("sgd", {"lr": 0.02, "momentum": 0.9, "dampening": 0.3}, "SGD",
     {"lr": 0.02, "momentum": 0.9, "dampening": 0.3}),
    ("sgd", {"lr": 0.005, "momentum": 0.9, "nesterov": True}, "SGD",
     {"lr": 0.005, "momentum": 0.9, "nesterov": True}),
    ("adagrad", {"lr": 0.2, "lr_decay": 0.01, "weight_decay": 0.02, "initial_accumulator": 0.5}, "Adagrad",
     {"lr": 0.2, "lr_decay": 0.01, "weight_decay": 0.02, "initial_accumulator_value": 0.5}),
    ("adagrad", {}, "Adagrad", {}),
    ("adadelta", {"lr": 0.7, "rho": 0.8, "weight_decay": 0.1}, "Adadelta",
     {"lr": 0.7, "rho": 0.8, "weight_decay": 0.1}),
    ("rmsprop", {}, "RMSprop", {}),
    ("rmsprop", {"momentum": 0.5, "centered": True, "epsilon": 1e-3, "weight_decay": 0.01}, "RMSprop",
     {"momentum": 0.5, "centered": True, "eps": 1e-3, "weight_decay": 0.01}),
    ("adam", {}, "Adam", {}),
    ("adam", {"lr": 0.05, "beta1": 0.8, "beta2": 0.99, "weight_decay": 0.1}, "Adam",
     {"lr": 0.05, "betas": (0.8, 0.99), "weight_decay": 0.1}),
    ("adamw", {"lr": 0.03}, "AdamW", {"lr": 0.03}),
    ("amsgrad", {"lr": 0.03, "beta2": 0.9}, "Adam", {"lr": 0.03, "betas": (0.9, 0.9), "amsgrad": True}),
    ("nadam", {"lr": 0.02, "weight_decay": 0.01}, "NAdam", {"lr": 0.02, "weight_decay": 0.01}),
    ("nadam", {"momentum_decay": 0.05, "beta1": 0.7}, "NAdam", {"momentum_decay": 0.05, "betas": (0.7, 0.999)}),
    ("adamax", {"lr": 0.05, "beta2": 0.9, "weight_decay": 0.01}, "Adamax",
     {"lr": 0.05, "betas": (0.9, 0.9), "weight_decay": 0.01}),
    ("rprop", {}, "Rprop", {}),
    ("rprop", {"eta_minus": 0.4, "eta_plus": 1.3, "max_step": 0.3}, "Rprop",
     {"etas": (0.4, 1.3), "step_sizes": (1e-6, 0.3)}),
]  # fmt: skip

OPTAX: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("sgd", {"lr": 0.01, "momentum": 0.8}, "sgd", {"momentum": 0.8}),
    ("sgd", {"lr": 0.01, "momentum": 0.8, "nesterov": True}, "sgd", {"momentum": 0.8, "nesterov": True}),
    ("adagrad", {"lr": 0.3, "epsilon": 1e-3}, "adagrad", {"eps": 1e-3}),
    ("adadelta", {"lr": 0.5, "weight_decay": 0.1}, "adadelta", {"weight_decay": 0.1}),
    ("rmsprop", {"lr": 0.005, "momentum": 0.5, "nesterov": True, "epsilon": 0.1},
     "rmsprop", {"momentum": 0.5, "nesterov": True, "eps": 0.1}),
    ("rmsprop", {"lr": 0.01, "centered": True, "eps_in_sqrt": False, "epsilon": 0.5, "initial_scale": 2.0},
     "rmsprop", {"centered": True, "eps_in_sqrt": False, "eps": 0.5, "initial_scale": 2.0}),
    ("rmsprop", {"lr": 0.01, "rho": 0.95, "bias_correction": True, "epsilon": 1e-3},
     "rmsprop", {"decay": 0.95, "bias_correction": True, "eps": 1e-3}),
    ("rmsprop", {"lr": 0.01, "bias_correction": True, "centered": True, "momentum": 0.5, "epsilon": 0.5},
     "rmsprop", {"bias_correction": True, "centered": True, "momentum": 0.5, "eps": 0.5}),
    ("adam", {"lr": 0.02, "beta1": 0.8, "eps_root": 1e-4}, "adam", {"b1": 0.8, "eps_root": 1e-4}),
    ("adamw", {"lr": 0.02, "weight_decay": 0.05}, "adamw", {"weight_decay": 0.05}),
    ("amsgrad", {"lr": 0.02, "beta2": 0.9}, "amsgrad", {"b2": 0.9}),
    ("nadam", {"lr": 0.02}, "nadam", {}),
    ("adamax", {"lr": 0.02, "beta2": 0.95}, "adamax", {"b2": 0.95}),
    ("rprop", {"lr": 0.02, "min_step": 0.05}, "rprop", {"min_step_size": 0.05}),
    ("lion", {"lr": 0.003, "weight_decay": 0.1}, "lion", {"weight_decay": 0.1}),
]  # fmt: skip

TF1: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("sgd", {"lr": 0.01}, "GradientDescent", {}),
    ("sgd", {"lr": 0.01, "momentum": 0.75}, "Momentum", {"momentum": 0.75}),
    ("sgd", {"lr": 0.01, "momentum": 0.75, "nesterov": True}, "Momentum", {"momentum": 0.75, "use_nesterov": True}),
    ("adagrad", {"lr": 0.2, "initial_accumulator": 0.5}, "Adagrad", {"initial_accumulator_value": 0.5}),
    ("adadelta", {"lr": 0.5, "rho": 0.75, "epsilon": 2.0**-20}, "Adadelta", {"rho": 0.75, "epsilon": 2.0**-20}),
    ("rmsprop", {"lr": 0.02, "rho": 0.75, "momentum": 0.5, "epsilon": 0.25}, "RMSProp",
     {"decay": 0.75, "momentum": 0.5, "epsilon": 0.25}),
    ("rmsprop", {"lr": 0.02, "rho": 0.75, "momentum": 0.5, "epsilon": 0.5, "centered": True}, "RMSProp",
     {"decay": 0.75, "momentum": 0.5, "epsilon": 0.5, "centered": True}),
    ("adam", {"lr": 0.02, "beta1": 0.75, "beta2": 0.875, "epsilon": 0.125}, "Adam",
     {"beta1": 0.75, "beta2": 0.875, "epsilon": 0.125}),
    ("ftrl", {"lr": 0.5, "power": -0.75, "initial_accumulator": 0.25, "l1": 0.125, "l2": 0.25,
              "l2_shrinkage": 0.5}, "Ftrl",
     {"learning_rate_power": -0.75, "initial_accumulator_value": 0.25, "l1_regularization_strength": 0.125,
      "l2_regularization_strength": 0.25, "l2_shrinkage_regularization_strength": 0.5}),
    ("proximal-gradient-descent", {"lr": 0.02, "l1": 0.25, "l2": 0.5}, "ProximalGradientDescent",
     {"l1_regularization_strength": 0.25, "l2_regularization_strength": 0.5}),
    ("proximal-adagrad", {"lr": 0.3, "l1": 0.25, "l2": 0.5}, "ProximalAdagrad",
     {"l1_regularization_strength": 0.25, "l2_regularization_strength": 0.5}),
]  # fmt: skip


def imported(name: str) -> Any:
    """The library, its own warnings aside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name, reason=f"{name} is not installed: compared where it is")


def ours(function: str, optimizer: str, dialect: str, settings: dict[str, Any]) -> list[float]:
    text, (x, y), _ = FUNCTIONS[function]
    run = descend(text, {"x": x, "y": y}, optimizer, dialect, **settings, steps=STEPS)
    return [run.after.at["x"], run.after.at["y"]]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("optimizer", "settings", "name", "arguments"), TORCH)
def test_torch_goes_the_same_way(
    function: str, optimizer: str, settings: dict[str, Any], name: str, arguments: dict[str, Any]
) -> None:
    """PyTorch is at the same point after 200 steps."""
    torch = imported("torch")
    _, start, f = FUNCTIONS[function]
    w = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in start]
    theirs = getattr(torch.optim, name)(w, **arguments)
    for _ in range(STEPS):
        theirs.zero_grad()
        f(torch, *w).backward()
        theirs.step()
    assert ours(function, optimizer, "torch", settings) == pytest.approx(
        [v.item() for v in w], rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("optimizer", "settings", "name", "arguments"), OPTAX)
def test_optax_goes_the_same_way(
    function: str, optimizer: str, settings: dict[str, Any], name: str, arguments: dict[str, Any]
) -> None:
    """optax is at the same point after 200 steps."""
    optax, jax = imported("optax"), imported("jax")
    jax.config.update("jax_enable_x64", True)
    _, start, f = FUNCTIONS[function]
    w = jax.numpy.array(start)
    theirs = getattr(optax, name)(settings["lr"], **arguments)
    slope = jax.grad(lambda v: f(jax.numpy, v[0], v[1]))

    @jax.jit
    def step(w: Any, state: Any) -> Any:
        updates, state = theirs.update(slope(w), state, w)
        return optax.apply_updates(w, updates), state

    state = theirs.init(w)
    for _ in range(STEPS):
        w, state = step(w, state)
    assert ours(function, optimizer, "optax", settings) == pytest.approx(w.tolist(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("optimizer", "settings", "name", "arguments"), TF1)
def test_tensorflow_goes_the_same_way(
    function: str, optimizer: str, settings: dict[str, Any], name: str, arguments: dict[str, Any]
) -> None:
    """TensorFlow 1 is at the same point after 200 steps, its learning rate in double precision as ours is."""
    tf = imported("tensorflow").compat.v1
    _, start, f = FUNCTIONS[function]
    with tf.Graph().as_default(), tf.Session() as session:
        w = [tf.Variable(number, dtype=tf.float64) for number in start]
        exact = [key for key in arguments if key.startswith("beta") or "regularization" in key]
        if name != "Ftrl":  # it checks its numbers as Python's, and these have few digits
            arguments = arguments | {key: tf.constant(arguments[key], tf.float64) for key in exact}
        rate = tf.constant(settings["lr"], tf.float64)
        step = getattr(tf.train, f"{name}Optimizer")(rate, **arguments).minimize(f(tf, *w))
        session.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            session.run(step)
        theirs = [float(number) for number in session.run(w)]
    assert ours(function, optimizer, "tf1", settings) == pytest.approx(theirs, rel=1e-9, abs=1e-12)
