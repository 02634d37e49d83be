"""Names and numbers from the user → an optimizer with all its settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from gradcli.descent.optimizers import DIALECTS, OPTIMIZERS, Optimizer, Rule, Setting
from gradcli.language.errors import UsageProblem


class Choice(NamedTuple):
    """An optimizer, the dialect that defines it, and every hyper-parameter with its value."""

    optimizer: str
    dialect: str
    settings: Mapping[str, Setting]


def choose(
    optimizer: str = "sgd", dialect: str | None = None, settings: Mapping[str, Setting] = {}
) -> Choice:
    """The optimizer of that name in *dialect* (torch where it has it), *settings* over its defaults.

    Raises UsageProblem for an optimizer, a dialect or a hyper-parameter that is not there, naming what is.
    """
    row = OPTIMIZERS.get(optimizer)
    if row is None:
        raise _unknown("optimizer", optimizer, OPTIMIZERS, "")
    home = dialect or next(name for name in DIALECTS if name in row.rules)
    if home not in row.rules:
        if home not in DIALECTS:
            raise _unknown("dialect", home, DIALECTS, "")
        known = ", ".join(name for name in DIALECTS if name in row.rules)
        raise UsageProblem(f"{home} has no optimizer {optimizer}", hint=f"{optimizer} exists in: {known}")
    defaults = row.rules[home].defaults
    for name in settings:
        if name not in defaults:
            raise _unknown("hyper-parameter", name, defaults, f" of {optimizer} ({home})")
    chosen = {
        name: _checked(name, settings.get(name, default), default) for name, default in defaults.items()
    }
    return Choice(optimizer, home, chosen)


def rule_of(choice: Choice) -> tuple[Optimizer, Rule]:
    """The row of the table and the rule that a choice stands for."""
    row = OPTIMIZERS[choice.optimizer]
    return row, row.rules[choice.dialect]


def _checked(name: str, value: Setting, default: Setting) -> Setting:
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise UsageProblem(f"{name} is on or off, not {value}")
    if isinstance(value, bool) or not math.isfinite(value):
        raise UsageProblem(f"{name} must be a finite number, not {value}")
    return float(value)


def _unknown(what: str, name: str, known: Mapping[str, object] | tuple[str, ...], place: str) -> UsageProblem:
    from gradcli.language.suggest import nearest

    guess = nearest(name, known)
    listed = f"there are: {', '.join(known)}"
    return UsageProblem(
        f"{name} is no {what}{place}", hint=f"did you mean {guess}? {listed}" if guess else listed
    )
