"""Optimizer options: the hyper-parameters of the table of optimizers, under the field's own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS, OPTIMIZERS
from gradcli.descent.rules.update_rule import DIALECTS, Setting
from gradcli.shell.options.number_types import Finite

F = TypeVar("F", bound=Callable[..., Any])


class Switch(click.Option):
    """An option that is on or off; where both its names do not fit into a narrow line, its help tells the second."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The names and the help."""
        if len(self.opts[0]) <= WIDEST:
            return super().get_help_record(ctx)
        return self.opts[0], f"{self.help} Off: {self.secondary_opts[0]}."


def hyper_parameters() -> dict[str, Setting]:
    """Every hyper-parameter of the table, with one of its defaults, the learning rate first."""
    rules = [rule for row in OPTIMIZERS.values() for rule in row.rules.values()]
    found = {name: default for rule in rules for name, default in rule.defaults.items()}
    return {"lr": found.get("lr", 0.0), **found}


#: Characters of an option's name up to which its opposite stands beside it.
WIDEST = 16

#: Settings whose own name is what people call a variable -> their option.
SPELLED = {"beta": "ftrl-beta"}


def flag(name: str) -> str:
    """The option of a hyper-parameter."""
    return "--" + SPELLED.get(name, name).replace("_", "-")


def optimizer_options(function: F) -> F:
    """`--lr`, `--optimizer`, `--dialect`, one option per hyper-parameter, `--clip-norm`, `--clip-value`."""
    rate = click.option(
        "--lr",
        "set_lr",
        type=float,
        metavar="RATE",
        help="Learning rate (the session's, else the optimizer's).",
    )
    names = click.option("--optimizer", metavar="NAME", help=f"Update rule: {', '.join(OPTIMIZERS)}.")
    return _decorated(function, [rate, names, _DIALECT, *_hyper_options(), *_CLIPS])


def method_options(function: F) -> F:
    """The same for descents that choose their own step lengths: `--lr auto`, and the methods that use curvature."""
    from gradcli.descent.minimization.plan import METHODS

    rate = click.option(
        "--lr", "rate", default="auto", metavar="RATE|auto", show_default=True,
        help="A fixed learning rate, or a line search.",
    )  # fmt: skip
    names = click.option(
        "--optimizer", default="bfgs", show_default=True, metavar="NAME",
        help=f"Method: {', '.join([*METHODS, *OPTIMIZERS])}.",
    )  # fmt: skip
    return _decorated(function, [names, rate, _DIALECT, *_hyper_options(), *_CLIPS])


_DIALECT = click.option("--dialect", type=click.Choice(DIALECTS), help="Whose definition of it.")

_CLIPS = [
    click.option("--clip-norm", type=Finite(0, min_open=True), metavar="NORM",
                 help="Scale the gradient down to this norm."),
    click.option("--clip-value", type=Finite(0, min_open=True), metavar="SIZE",
                 help="Cut each partial to [-SIZE, SIZE]."),
]  # fmt: skip


def _hyper_options() -> list[Callable[[Any], Any]]:
    options = []
    for name, default in hyper_parameters().items():
        if name == "lr":
            continue
        summary = f"{HYPERPARAMETERS[name][:1].upper()}{HYPERPARAMETERS[name][1:]}."
        if isinstance(default, bool):
            flags = f"{flag(name)}/--no{flag(name)[1:]}"
            options.append(click.option(flags, f"set_{name}", cls=Switch, default=None, help=summary))
        else:
            options.append(
                click.option(flag(name), f"set_{name}", type=float, metavar="NUMBER", help=summary)
            )
    return options


def _decorated(function: F, options: list[Callable[[Any], Any]]) -> F:
    for option in reversed(options):
        function = option(function)
    return function


def settings_of(options: Mapping[str, Any]) -> dict[str, Setting]:
    """The hyper-parameters that were given, by name."""
    return {
        name: options[f"set_{name}"] for name in hyper_parameters() if options.get(f"set_{name}") is not None
    }
