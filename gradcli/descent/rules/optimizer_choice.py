"""Names and numbers from the user → an optimizer with all its settings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from gradcli.descent.rules.optimizer_table import ALSO_CALLED, BY_CHANCE, DESCENTS, OPTIMIZERS
from gradcli.descent.rules.update_rule import ANY, DIALECTS, LIMITS, Limits, Rule, Setting
from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple

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

    Raises UsageProblem for an optimizer, a dialect or a hyper-parameter that is not there, naming what is, and for a
    setting that the dialect's library refuses.
    """
    row = OPTIMIZERS.get(optimizer)
    if row is None and optimizer in DESCENTS:
        raise UsageProblem(f"{optimizer} is not an optimizer for single steps: it chooses how far they go",
                           hint=f"gradcli minimize --optimizer {optimizer}")  # fmt: skip
    if row is None:
        raise _unknown("optimizer", optimizer, OPTIMIZERS)
    home = dialect or next(name for name in DIALECTS if name in row.rules)
    if home not in DIALECTS:
        raise _unknown("dialect", home, DIALECTS)
    if home not in row.rules:
        known = [name for name in DIALECTS if name in row.rules]
        raise UsageProblem(f"{home} has no optimizer {optimizer}",
                           hint=f"{optimizer} exists in {' and '.join(known)}")  # fmt: skip
    rule = row.rules[home]
    defaults, limits = rule.defaults, {**LIMITS[home], **rule.limits}
    for name in settings:
        if name not in defaults:
            problem = _unknown("hyper-parameter", name, defaults, f" of {optimizer} in {home}")
            raise _having(problem, name)
    chosen = {
        name: _checked(name, settings.get(name, default), default, limits.get(name, ANY))
        for name, default in defaults.items()
    }
    if home == "torch":
        _check_together(chosen)
    return Choice(optimizer, home, chosen)


def _having(problem: UsageProblem, setting: str) -> UsageProblem:
    """The same, with the optimizers that have the setting."""
    others = [
        name
        for name, row in OPTIMIZERS.items()
        if any(setting in rule.defaults for rule in row.rules.values())
    ]
    if others:
        problem.hint = f"--optimizer {others[0]} has it; {problem.hint}"
    return problem


def rule_of(choice: Choice) -> Rule:
    """The rule that a choice stands for."""
    return OPTIMIZERS[choice.optimizer].rules[choice.dialect]


def _checked(name: str, value: Setting, default: Setting, limits: Limits) -> Setting:
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise UsageProblem(f"{name} is on or off, not {value}")
    if isinstance(value, bool) or not math.isfinite(value):
        raise UsageProblem(f"{_option(name)} must be a finite number, not {value}")
    low, high = limits.low, limits.high
    if low is not None and (value < low or (limits.open in ("low", "both") and value == low)):
        side = "at least" if limits.open in ("", "high") else "above"
        raise UsageProblem(f"{_option(name)} must be {side} {low:g}, not {_told(value)}")
    if high is not None and (value > high or (limits.open in ("high", "both") and value == high)):
        side = "at most" if limits.open in ("", "low") else "below"
        raise UsageProblem(f"{_option(name)} must be {side} {high:g}, not {_told(value)}")
    return float(value)


def _option(name: str) -> str:
    """A setting as it is typed."""
    return f"--{name.replace('_', '-')}"


def _told(value: float) -> str:
    """The number in as many digits as tell it from its neighbors."""
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _check_together(settings: Mapping[str, Setting]) -> None:
    """What PyTorch refuses in common."""
    if settings.get("nesterov") and not settings["momentum"]:
        raise UsageProblem("nesterov needs a momentum", hint="momentum 0.9 is usual")
    if settings.get("nesterov") and settings.get("dampening"):
        raise UsageProblem("nesterov and dampening exclude each other")


def _unknown(what: str, name: str, known: Iterable[str], place: str = "") -> UsageProblem:
    from gradcli.language.names import nearest

    listed = f"there are {', '.join(known)}"
    several = [part.strip() for part in name.strip("()[]").split(",")]
    if what == "optimizer" and len(several) > 1 and all(part in OPTIMIZERS for part in several):
        hint = f"one at a time; gradcli compare --optimizers {','.join(several)} has them side by side"
        return UsageProblem(f"{name} is not one optimizer", hint=hint)
    guess = ALSO_CALLED.get(name) if what == "optimizer" else None
    guess = guess or (None if name.casefold() in BY_CHANCE else nearest(name, known))
    message = f"{name} is not {'an' if what[0] in 'aeiou' else 'a'} {what}{place}"
    return UsageProblem(message, hint=f"did you mean {guess}? {listed}" if guess else listed)
