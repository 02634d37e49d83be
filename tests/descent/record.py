"""Records where the libraries themselves come to in the sittings, for references/sittings.json.

    python tests/descent/record.py torch|tf1|optax tests/descent/references/sittings.json

with a Python that has the library: PyTorch 2.13, TensorFlow 2.21 (its graph mode), optax 0.2.8. Numbers are doubles
throughout. A variable that rests has no gradient in PyTorch, is not in TensorFlow's var_list, and is a leaf that the
tree lacks in optax, where the others' state is all that is updated.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from sittings import SITTINGS, START, Sitting

Points = list[list[float]]


def f(x: Any, y: Any, z: Any) -> Any:
    return x**2 + x * y + 2 * y**2 + x * z + z**4 / 4 + z


TORCH = {
    "sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "amsgrad": "Adam", "nadam": "NAdam", "adamax": "Adamax",
    "adagrad": "Adagrad", "adadelta": "Adadelta", "rmsprop": "RMSprop", "rprop": "Rprop",
}  # fmt: skip


def torch_settings(optimizer: str, settings: dict[str, Any], betas: list[float]) -> dict[str, Any]:
    names = {"epsilon": "eps", "initial_accumulator": "initial_accumulator_value"}
    names |= {"rho": "alpha"} if optimizer == "rmsprop" else {}
    known = {names.get(key, key): value for key, value in settings.items() if key not in ("beta1", "beta2")}
    betas[:] = [settings.get("beta1", betas[0]), settings.get("beta2", betas[1])]
    return known | ({"betas": tuple(betas)} if "beta1" in settings or "beta2" in settings else {})


def torch(sitting: Sitting) -> Points:
    import torch

    variables = {n: torch.tensor(v, dtype=torch.float64, requires_grad=True) for n, v in START.items()}
    betas, points = [0.9, 0.999], []
    settings = torch_settings(sitting.optimizer, sitting.settings, betas)
    settings |= {"amsgrad": True} if sitting.optimizer == "amsgrad" else {}
    one = getattr(torch.optim, TORCH[sitting.optimizer])(list(variables.values()), **settings)
    for command in sitting.commands:
        one.param_groups[0].update(torch_settings(sitting.optimizer, command.settings, betas))
        for _ in range(command.steps):
            partials = torch.autograd.grad(f(**variables), list(variables.values()))
            for (name, variable), slope in zip(variables.items(), partials, strict=True):
                variable.grad = slope if name in command.wrt else None
            if command.clip:
                torch.nn.utils.clip_grad_norm_(list(variables.values()), command.clip)
            one.step()
        points.append([variable.item() for variable in variables.values()])
    return points


TF1 = {
    "sgd": ("MomentumOptimizer", {"nesterov": "use_nesterov"}),
    "adagrad": ("AdagradOptimizer", {}),
    "adadelta": ("AdadeltaOptimizer", {}),
    "rmsprop": ("RMSPropOptimizer", {}),
    "adam": ("AdamOptimizer", {}),
    "ftrl": ("FtrlOptimizer", {"l2_shrinkage": "l2_shrinkage_regularization_strength"}),
    "proximal-gradient-descent": ("ProximalGradientDescentOptimizer", {}),
    "proximal-adagrad": ("ProximalAdagradOptimizer", {}),
}


def tf1(sitting: Sitting) -> Points:
    import tensorflow.compat.v1 as tf

    name, names = TF1[sitting.optimizer]
    names = {"l1": "l1_regularization_strength", "l2": "l2_regularization_strength", **names}
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as session:
        fed = {key: tf.placeholder(tf.float64, ()) for key in ("lr", "momentum") if key in sitting.settings}
        fixed = {names.get(key, key): value for key, value in sitting.settings.items() if key not in fed}
        variables = {n: tf.Variable(v, dtype=tf.float64, use_resource=True) for n, v in START.items()}
        moving = {"momentum": fed["momentum"]} if "momentum" in fed else {}
        one = getattr(tf.train, name)(learning_rate=fed["lr"], **moving, **fixed)
        for key, value in list(vars(one).items()):
            if isinstance(value, float) and not any(word in key for word in ("initial", "shrinkage")):
                setattr(one, key, tf.constant(value, tf.float64))  # it would make a single number of it
        loss, trained = f(**variables), {}
        for command in sitting.commands:
            if (command.wrt, command.clip) not in trained:
                pairs = one.compute_gradients(loss, [variables[n] for n in command.wrt])
                if command.clip:
                    clipped, _ = tf.clip_by_global_norm([g for g, _ in pairs], command.clip)
                    pairs = [(g, v) for g, (_, v) in zip(clipped, pairs, strict=True)]
                trained[command.wrt, command.clip] = one.apply_gradients(pairs)
        session.run(tf.global_variables_initializer())
        now, points = dict(sitting.settings), []
        for command in sitting.commands:
            now |= command.settings
            for _ in range(command.steps):
                session.run(
                    trained[command.wrt, command.clip], {holder: now[key] for key, holder in fed.items()}
                )
            points.append([float(number) for number in session.run(list(variables.values()))])
        return points


OPTAX = {"lr": "learning_rate", "beta1": "b1", "beta2": "b2", "epsilon": "eps"}


def optax(sitting: Sitting) -> Points:
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    name = (
        "nadamw" if sitting.optimizer == "nadam" and "weight_decay" in sitting.settings else sitting.optimizer
    )
    settings = {OPTAX.get(key, key): value for key, value in sitting.settings.items()}
    one = optax.inject_hyperparams(getattr(optax, name))(**settings)
    variables = {n: jax.numpy.asarray(v, "float64") for n, v in START.items()}
    state, points = one.init(variables), []

    def is_kept(part: Any) -> bool:
        return isinstance(part, dict) and set(part) == set(START)

    def only(names: str, part: Any) -> Any:
        return {n: part[n] for n in names} if is_kept(part) else part

    for command in sitting.commands:
        for key, value in command.settings.items():
            state.hyperparams[OPTAX.get(key, key)] = jax.numpy.asarray(value, "float64")
        for _ in range(command.steps):
            partials = jax.grad(lambda v: f(**v))(variables)
            moving = {n: partials[n] for n in command.wrt}
            if command.clip:
                moving, _ = optax.clip_by_global_norm(command.clip).update(moving, None)
            inner = jax.tree.map(partial(only, command.wrt), state.inner_state, is_leaf=is_kept)
            here = {n: variables[n] for n in command.wrt}
            updates, after = one.update(moving, state._replace(inner_state=inner), here)
            variables = {**variables, **optax.apply_updates(here, updates)}
            whole = jax.tree.map(
                lambda old, new: {**old, **new} if is_kept(old) else new,
                state.inner_state,
                after.inner_state,
                is_leaf=lambda part: isinstance(part, dict),
            )
            state = after._replace(inner_state=whole)
        points.append([float(variables[n]) for n in START])
    return points


def main(dialect: str, place: str) -> None:
    file = Path(place)
    known = json.loads(file.read_text()) if file.exists() else {}
    known |= {name: globals()[dialect](one) for name, one in SITTINGS.items() if one.dialect == dialect}
    lines = (f"{json.dumps(name)}: {json.dumps(known[name])}" for name in SITTINGS if name in known)
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
