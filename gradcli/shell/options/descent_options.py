"""The options of `minimize` and `maximize`, and the plan that they make."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from gradcli.calculus.native.native_support import BACKENDS
from gradcli.descent.rules.learning_rate_schedules import listed_kinds
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.shell.help.option_groups import OptionGroup, listing, option
from gradcli.shell.options.common_options import (
    constraint_option,
    corner_option,
    output_options,
    problem_options,
    session_options,
    sum_option,
)
from gradcli.shell.options.data_options import columns_option
from gradcli.shell.options.number_types import Finite, Whole
from gradcli.shell.options.optimizer_options import method_options, settings_of
from gradcli.shell.problems.values import number

if TYPE_CHECKING:
    from gradcli.descent.minimization.plan import Plan
    from gradcli.descent.verdicts.outcome import Outcome


F = TypeVar("F", bound=Callable[..., Any])


def schedule_option(default: str | None) -> Callable[[F], F]:
    """`--schedule`: how a rate changes from step to step."""
    return option(
        "--schedule", group=OptionGroup.DESCENT, default=default, show_default=True, metavar="KIND[:NAME=N]",
        help="How a fixed rate changes.",
        details="How a fixed rate changes: what it is multiplied with after k steps, the parameters with their "
        f"defaults. {listed_kinds()}.",
    )  # fmt: skip


def bounds_option(function: F) -> F:
    """`--bounds`: intervals in which variables stay."""
    return listing("--bounds", group=OptionGroup.DESCENT, metavar="X=0:10,Y=:5", help="Keep variables in intervals.")(
        function
    )  # fmt: skip


def backend_option(what: str) -> Callable[[F], F]:
    """`--backend`: what carries out *what*."""
    from click import Choice

    return option(
        "--backend", group=OptionGroup.COMMON, type=Choice(BACKENDS), default="auto",
        show_default=True, metavar="NAME", help="What computes: auto, python, native, numpy.",
        details=f"What carries out {what}: Python, machine code with the same bits, NumPy for rows (gradcli help options).",
    )  # fmt: skip


def trace_options(function: F) -> F:
    """`--trace` and `--every`: the way in a file."""
    every = option(
        "--every",
        group=OptionGroup.PATH,
        beside="--trace",
        type=Whole(1),
        metavar="K",
        help="Each K-th point.",
    )
    trace = option("--trace", group=OptionGroup.PATH, metavar="FILE", help="The path as csv, tsv or jsonl.")
    return trace(every(function))


def plot_options(function: F) -> F:
    """`--plot`: a picture beside the answer, and in the files of `--out` that are pictures."""
    return option("--plot", group=OptionGroup.PATH, is_flag=True, help="A picture below the answer.")(
        function
    )


def live_option(function: F) -> F:
    """`--live`: the way on the terminal while it grows."""
    return option(
        "--live", group=OptionGroup.PATH, beside="--plot", is_flag=True, help="The way as it grows."
    )(function)


def check_plot(how: Mapping[str, Any], format_: str, get: str | None) -> None:
    """Raises UsageProblem where a picture would end up in what a script reads."""
    if (how["plot"] or how.get("live")) and (format_ != "text" or get is not None):
        flag = "--plot" if how["plot"] else "--live"
        raise UsageProblem(
            f"{flag} draws below the text, not into what a script reads",
            hint="--out FILE.svg writes a file",
        )


def check_every(how: Mapping[str, Any]) -> None:
    """Raises UsageProblem where --every has nothing to thin."""
    if how["every"] and not how["trace"]:
        raise UsageProblem("--every thins the file of --trace", hint="for example --trace way.csv --every 10")


def descent_options(function: F) -> F:
    """Everything that `minimize` and `maximize` take."""
    from gradcli.shell.options.proof_options import proof_options

    own = [
        method_options,
        schedule_option("constant"),
        option("--tol", group=OptionGroup.DESCENT, type=Finite(0, min_open=True), metavar="NORM",
               help="Stop at a gradient NORM."),
        option("--max-steps", group=OptionGroup.DESCENT, beside="--tol", type=Whole(0), default=10_000,
               show_default=True, metavar="N", help="After N steps."),
        bounds_option,
        backend_option("evaluations"),
        constraint_option(),
        listing("--box", group=OptionGroup.MINIMA, metavar="X=-5:5,…", help="Where restarts begin."),
        option("--restarts", group=OptionGroup.MINIMA, type=Whole(1), metavar="N",
               help="From N points of the box too."),
        option("--seed", group=OptionGroup.MINIMA, beside="--restarts", type=Whole(), default=0, show_default=True,
               metavar="N", help="Their seed."),
        proof_options,
        trace_options,
        plot_options,
        live_option,
        option("--dry-run", group=OptionGroup.MEMORY, is_flag=True, help="Leave the session where it is."),
        sum_option(OptionGroup.POINT, "--wrt"), problem_options, columns_option, corner_option("least"), session_options,
        output_options(("text", "json", "jsonl", "csv", "tsv")),
    ]  # fmt: skip
    for one in reversed(own):
        function = one(function)
    return function


def plan_of(how: Mapping[str, Any]) -> Plan:
    """The options as a plan. Raises UsageProblem for what does not fit together."""
    from gradcli.descent.minimization.plan import ALSO_CALLED, METHODS, Plan, choose_method
    from gradcli.descent.rules.gradient_clipping import clip_of
    from gradcli.shell.problems.interval_lists import schedule_typed

    schedule = schedule_typed(how["schedule"])
    rate = _rate(how["rate"])
    if rate == "auto" and schedule.kind != "constant":
        raise UsageProblem("--schedule needs a fixed rate", hint="for example --lr 0.1")
    if rate != "auto" and ALSO_CALLED.get(how["optimizer"], how["optimizer"]) in METHODS:
        hint = f"for example --optimizer sgd --lr {rate}"
        raise UsageProblem(
            f"{how['optimizer']} chooses its own step lengths: --lr does not belong to it", hint=hint
        )
    settings = settings_of(how) if rate == "auto" else {**settings_of(how), "lr": rate}
    choice = choose_method(how["optimizer"], how["dialect"], settings)
    clip = clip_of(how["clip_value"], how["clip_norm"], choice.dialect)
    tol = 1e-8 if how["tol"] is None else how["tol"]
    typed = how["tol"] is not None
    backend = how["backend"]
    return Plan(choice, tol, how["max_steps"], rate, schedule, clip, how["corner"], typed, backend)


def _rate(text: str) -> Any:
    if text == "auto":
        return "auto"
    try:
        rate = float(number("it", text))
    except ValueProblem:
        rate = math.nan
    if not math.isfinite(rate):
        raise UsageProblem(f"--lr {text}: a number or auto is expected")
    return rate


def box_of(how: Mapping[str, Any]) -> dict[str, tuple[float, float]] | None:
    """The box of --box, None without one. Raises UsageProblem, and ValueProblem for an end that is missing."""
    if how["box"] is None:
        if how["restarts"] is not None:
            raise UsageProblem("--restarts needs --box", hint="for example --box x=-5:5,y=-5:5")
        return None
    from gradcli.shell.problems.interval_lists import intervals

    box = {}
    for name, (low, high) in intervals(how["box"], "--box").items():
        if low is None or high is None or low > high:
            raise ValueProblem(f"--box {name}: both ends are needed, the lower first")
        box[name] = (low, high)
    return box


def outside_notes(
    outcome: Outcome, box: Mapping[str, tuple[float, float]], how: Mapping[str, Any]
) -> list[str]:
    """What is said of a minimum outside of the box of restarts, along what --bounds says nothing of."""
    from gradcli.shell.problems.interval_lists import intervals

    bounded = intervals(how["bounds"], "--bounds") if how["bounds"] else {}
    sides = {name: side for name, side in box.items() if name not in bounded and name in outcome.x}
    found = [name for name, (low, high) in sides.items() if not low <= outcome.x[name] <= high]
    if not found or not outcome.success:
        return []
    kept = ",".join(f"{name}={sides[name][0]:g}:{sides[name][1]:g}" for name in found)
    ends = ", ".join(f"{name} = {outcome.x[name]:g}" for name in found)
    verb, those = ("is", "it") if len(found) == 1 else ("are", "them")
    return [
        f"{ends} {verb} outside of the box, where restarts only begin: --bounds {kept} keeps {those} inside"
    ]
