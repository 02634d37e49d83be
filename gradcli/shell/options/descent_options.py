"""The options of `minimize` and `maximize`, and the plan that they make."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gradcli.descent.rules.learning_rate_schedules import listed_kinds
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.names import normal
from gradcli.shell.options.common_options import (
    corner_option,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.number_types import Finite
from gradcli.shell.options.optimizer_options import method_options, settings_of
from gradcli.shell.options.option_groups import OptionGroup, option
from gradcli.shell.options.picture_options import plot_options
from gradcli.shell.options.proof_options import proof_options
from gradcli.shell.problems.values import assignments, number

if TYPE_CHECKING:
    from gradcli.descent.minimization.plan import Plan


F = TypeVar("F", bound=Callable[..., Any])


Interval = tuple[float | None, float | None]


def descent_options(function: F) -> F:
    """Everything that `minimize` and `maximize` take."""
    own = [
        method_options,
        option("--schedule", group=OptionGroup.DESCENT, default="constant", show_default=True, metavar="KIND[:NAME=N]",
               help="How a fixed rate changes.",
               details="How a fixed rate changes: what it is multiplied with after k steps, the parameters with their "
               f"defaults. {listed_kinds()}."),
        option("--tol", group=OptionGroup.DESCENT, type=Finite(0, min_open=True), metavar="NORM",
               help="Stop at a gradient NORM."),
        option("--max-steps", group=OptionGroup.DESCENT, beside="--tol", type=click.IntRange(0), default=10_000,
               show_default=True, metavar="N", help="After N steps."),
        option("--bounds", group=OptionGroup.DESCENT, metavar="X=0:10,Y=:5", help="Keep variables in intervals."),
        option("--box", group=OptionGroup.MINIMA, metavar="X=-5:5,…", help="Where restarts begin."),
        option("--restarts", group=OptionGroup.MINIMA, type=click.IntRange(1), metavar="N",
               help="From N points of the box too."),
        option("--seed", group=OptionGroup.MINIMA, beside="--restarts", type=int, default=0, show_default=True,
               metavar="N", help="Their seed."),
        proof_options,
        option("--trace", group=OptionGroup.PATH, metavar="FILE", help="The path as csv, tsv or jsonl."),
        option("--every", group=OptionGroup.PATH, beside="--trace", type=click.IntRange(1), metavar="K",
               help="Each K-th point."),
        plot_options,
        option("--live", group=OptionGroup.PATH, beside="--plot", is_flag=True, help="The way as it grows."),
        option("--dry-run", group=OptionGroup.MEMORY, is_flag=True, help="Leave the session where it is."),
        problem_options, corner_option("least"), session_options,
        output_options(("text", "json", "jsonl", "csv", "tsv")),
    ]  # fmt: skip
    for one in reversed(own):
        function = one(function)
    return function


def plan_of(how: Mapping[str, Any]) -> Plan:
    """The options as a plan. Raises UsageProblem for what does not fit together."""
    from gradcli.descent.minimization.plan import METHODS, Plan, choose_method
    from gradcli.descent.rules.gradient_clipping import clip_of
    from gradcli.descent.rules.learning_rate_schedules import schedule_of

    kind, _, rest = how["schedule"].partition(":")
    parameters = (
        {name: float(number(name, text)) for name, text in assignments(rest, "--schedule")} if rest else {}
    )
    schedule = schedule_of(kind, parameters)
    rate = _rate(how["rate"])
    if rate == "auto" and kind != "constant":
        raise UsageProblem("--schedule needs a fixed rate", hint="for example --lr 0.1")
    if rate != "auto" and how["optimizer"] in METHODS:
        hint = f"for example --optimizer sgd --lr {rate}"
        raise UsageProblem(
            f"{how['optimizer']} chooses its own step lengths: --lr does not belong to it", hint=hint
        )
    settings = settings_of(how) if rate == "auto" else {**settings_of(how), "lr": rate}
    choice = choose_method(how["optimizer"], how["dialect"], settings)
    clip = clip_of(how["clip_value"], how["clip_norm"], choice.dialect)
    tol = 1e-8 if how["tol"] is None else how["tol"]
    typed = how["tol"] is not None
    return Plan(choice, tol, how["max_steps"], rate, schedule, clip, how["corner"], typed)


def _rate(text: str) -> Any:
    if text == "auto":
        return "auto"
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not math.isfinite(rate):
        raise UsageProblem(f"--lr {text}: a number or auto is expected")
    return rate


def intervals(text: str, option: str) -> dict[str, Interval]:
    """`x=0:10,y=:5` → the lowest and the highest value of each variable, None where there is none."""
    found: dict[str, Interval] = {}
    for name, interval in assignments(text, option):
        low, colon, high = interval.partition(":")
        if not colon:
            raise ValueProblem(
                f"{option} takes NAME=LOW:HIGH", text=text, hint=f"for example {option} x=0:10,y=:5"
            )
        sides = [float(number(name, side)) if side.strip() else None for side in (low, high)]
        found[normal(name)] = (sides[0], sides[1])
    return found


def box_of(how: Mapping[str, Any]) -> dict[str, tuple[float, float]] | None:
    """The box of --box, None without one. Raises UsageProblem, and ValueProblem for an end that is missing."""
    if how["box"] is None:
        if how["restarts"] is not None:
            raise UsageProblem("--restarts needs --box", hint="for example --box x=-5:5,y=-5:5")
        return None
    box = {}
    for name, (low, high) in intervals(how["box"], "--box").items():
        if low is None or high is None or low > high:
            raise ValueProblem(f"--box {name}: both ends are needed, the lower first")
        box[name] = (low, high)
    return box
