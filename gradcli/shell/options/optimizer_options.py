"""Optimizer options: the hyper-parameters of the table of optimizers, under the field's own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS, OPTIMIZERS
from gradcli.descent.rules.update_rule import DIALECTS, Setting
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.number_types import Finite, Rate, Real

F = TypeVar("F", bound=Callable[..., Any])


def hyper_parameters() -> dict[str, Setting]:
    """Every hyper-parameter of the table, with one of its defaults, the learning rate first."""
    rules = [rule for row in OPTIMIZERS.values() for rule in row.rules.values()]
    found = {name: default for rule in rules for name, default in rule.defaults.items()}
    return {"lr": found.get("lr", 0.0), **found}


#: Settings whose own name is what people call a variable -> their option.
SPELLED = {"beta": "ftrl-beta"}


def flag(name: str) -> str:
    """The option of a hyper-parameter."""
    return "--" + SPELLED.get(name, name).replace("_", "-")


def optimizer_options(function: F) -> F:
    """`--lr`, `--reset`, `--optimizer`, `--dialect`, one option per hyper-parameter, `--clip-norm`, `--clip-value`."""
    rate = option(
        "--lr", "set_lr", group=OptionGroup.DESCENT, type=Rate(), metavar="RATE",
        help="Learning rate.",
    )  # fmt: skip
    names = option(
        "--optimizer", group=OptionGroup.DESCENT, metavar="NAME",
        help="Update rule, see gradcli optimizers.",
    )  # fmt: skip
    reset = option(
        "--reset", group=OptionGroup.DESCENT, beside="--lr", is_flag=True,
        help="Its settings by default.",
    )  # fmt: skip
    return _decorated(function, [rate, reset, names, _DIALECT, *_hyper_options(), *_CLIPS])


def method_options(function: F) -> F:
    """The same for descents that choose their own step lengths: `--lr auto`, and the methods that use curvature."""
    from gradcli.descent.minimization.plan import METHODS

    rate = option(
        "--lr", "rate", group=OptionGroup.DESCENT, default="auto", metavar="RATE|auto", show_default=True,
        help="A fixed learning rate, or a line search.",
        details="A fixed learning rate, a line search, or safe: the rate that must descend in the box.",
    )  # fmt: skip
    names = option(
        "--optimizer", group=OptionGroup.DESCENT, default="bfgs", show_default=True, metavar="NAME",
        help=f"Method: {', '.join(METHODS)} or a rule.",
    )  # fmt: skip
    return _decorated(function, [names, rate, _DIALECT, *_hyper_options(), *_CLIPS])


_DIALECT = option(
    "--dialect", group=OptionGroup.SETTINGS, type=click.Choice(DIALECTS), metavar="NAME",
    help=f"Whose definition of it: {', '.join(DIALECTS)}.",
)  # fmt: skip

_CLIPS = [
    option("--clip-norm", group=OptionGroup.DESCENT, type=Finite(0, min_open=True), metavar="NORM",
                 help="Scale the gradient down to this norm."),
    option("--clip-value", group=OptionGroup.DESCENT, type=Finite(0, min_open=True), metavar="SIZE",
                 help="Cut each partial to [-SIZE, SIZE]."),
]  # fmt: skip


def hyper_options(function: F) -> F:
    """One option per hyper-parameter but the learning rate."""
    return _decorated(function, _hyper_options())


def _hyper_options() -> list[Callable[[Any], Any]]:
    options = []
    for name, default in hyper_parameters().items():
        if name == "lr":
            continue
        summary = f"{HYPERPARAMETERS[name][:1].upper()}{HYPERPARAMETERS[name][1:]}."
        if isinstance(default, bool):
            flags = f"{flag(name)}/--no{flag(name)[1:]}"
            switch = option(flags, f"set_{name}", group=OptionGroup.SETTINGS, default=None, help=summary)
            options.append(switch)
        else:
            options.append(
                option(flag(name), f"set_{name}", group=OptionGroup.SETTINGS, type=Real(), metavar="NUMBER", help=summary)
            )  # fmt: skip
    return options


def _decorated(function: F, options: list[Callable[[Any], Any]]) -> F:
    for one in reversed(options):
        function = one(function)
    return function


def settings_of(options: Mapping[str, Any]) -> dict[str, Setting]:
    """The hyper-parameters that were given, by name."""
    return {
        name: options[f"set_{name}"] for name in hyper_parameters() if options.get(f"set_{name}") is not None
    }
