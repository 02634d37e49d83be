"""Names and numbers from the user → an optimizer with all its settings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gradcli.descent.optimizers import ALSO_CALLED, HYPERPARAMETERS, OPTIMIZERS
from gradcli.descent.rows import DIALECTS, Rule, Setting
from gradcli.language.errors import UsageProblem

_NONE: Mapping[str, Setting] = MappingProxyType({})


class Choice(NamedTuple):
    """An optimizer, the dialect that defines it, and every hyper-parameter with its value."""

    optimizer: str
    dialect: str
    settings: Mapping[str, Setting]


def choose(
    optimizer: str = "sgd", dialect: str | None = None, settings: Mapping[str, Setting] = _NONE
) -> Choice:
    """The optimizer of that name in *dialect* (torch where it has it), *settings* over its defaults.

    Raises UsageProblem for an optimizer, a dialect or a hyper-parameter that is not there, naming what is.
    """
    row = OPTIMIZERS.get(optimizer)
    if row is None:
        raise _unknown("optimizer", optimizer, OPTIMIZERS)
    home = dialect or next(name for name in DIALECTS if name in row.rules)
    if home not in DIALECTS:
        raise _unknown("dialect", home, DIALECTS)
    if home not in row.rules:
        known = [name for name in DIALECTS if name in row.rules]
        raise UsageProblem(f"{home} has no optimizer {optimizer}",
                           hint=f"{optimizer} exists in {' and '.join(known)}")  # fmt: skip
    defaults = row.rules[home].defaults
    for name in settings:
        if name not in defaults:
            raise _unknown("hyper-parameter", name, defaults, f" of {optimizer} in {home}")
    chosen = {
        name: _checked(name, settings.get(name, default), default) for name, default in defaults.items()
    }
    _check_together(chosen)
    return Choice(optimizer, home, chosen)


def rule_of(choice: Choice) -> Rule:
    """The rule that a choice stands for."""
    return OPTIMIZERS[choice.optimizer].rules[choice.dialect]


def _checked(name: str, value: Setting, default: Setting) -> Setting:
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise UsageProblem(f"{name} is on or off, not {value}")
    if isinstance(value, bool) or not math.isfinite(value):
        raise UsageProblem(f"{name} must be a finite number, not {value}")
    row = HYPERPARAMETERS[name]
    if row.low is not None and value < row.low:
        raise UsageProblem(f"{name} must be at least {row.low:g}, not {value:g}")
    if row.high is not None and (value > row.high or (row.open and value == row.high)):
        raise UsageProblem(f"{name} must be {'below' if row.open else 'at most'} {row.high:g}, not {value:g}")
    return float(value)


def _check_together(settings: Mapping[str, Setting]) -> None:
    if settings.get("nesterov") and not settings["momentum"]:
        raise UsageProblem("nesterov needs a momentum", hint="momentum 0.9 is usual")
    if settings.get("nesterov") and settings.get("dampening"):
        raise UsageProblem("nesterov and dampening exclude each other")
    if settings.get("min_step", 0.0) > settings.get("max_step", 0.0):
        raise UsageProblem("min_step must not be above max_step")


def _unknown(what: str, name: str, known: Iterable[str], place: str = "") -> UsageProblem:
    from gradcli.language.suggest import nearest

    listed = f"there are {', '.join(known)}"
    guess = ALSO_CALLED.get(name) if what == "optimizer" else None
    guess = guess or nearest(name, known)
    message = f"{name} is not {'an' if what[0] in 'aeiou' else 'a'} {what}{place}"
    return UsageProblem(message, hint=f"did you mean {guess}? {listed}" if guess else listed)
