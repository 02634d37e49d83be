"""The options of a proof in a box, and what of a descent has no place beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.number_types import Finite
from gradcli.shell.problems.interval_lists import end_of
from gradcli.shell.problems.values import Value, assignments, words

F = TypeVar("F", bound=Callable[..., Any])

Box = dict[str, tuple[Value, Value]]

#: What is typed for an end that there is none.
_ENDLESS = ("inf", "infinity", "oo", "∞")

#: Parameters of a descent that say nothing to a proof, as they are typed.
DESCENDING = {
    "optimizer": "--optimizer", "rate": "--lr", "clip_norm": "--clip-norm", "clip_value": "--clip-value",
    "schedule": "--schedule", "tol": "--tol", "max_steps": "--max-steps", "corner": "--corner",
    "restarts": "--restarts", "seed": "--seed", "trace": "--trace", "every": "--every", "plot": "--plot",
    "plot_out": "--plot-out", "live": "--live", "dialect": "--dialect", "backend": "--backend",
}  # fmt: skip

#: Parameters of a proof alone.
PROVING = {"gap": "--gap", "whole": "--integer", "certificate": "--certificate"}


def proof_options(function: F) -> F:
    """`--prove` with `--gap`, `--integer` and `--certificate`."""
    own = [
        option("--prove", group=OptionGroup.MINIMA, beside="--box", is_flag=True, help="Prove its least value."),
        option("--gap", group=OptionGroup.PROOF, type=Finite(0, min_open=True), metavar="G",
               help="How narrow the interval is to be that holds the least value."),
        option("--integer", "whole", group=OptionGroup.PROOF, metavar="N,M", help="Variables that take whole numbers only."),
        option("--certificate", group=OptionGroup.PROOF, metavar="FILE", help="Write the proof, for `gradcli check`."),
    ]  # fmt: skip
    for one in reversed(own):
        function = one(function)
    return function


def check_together(how: Mapping[str, Any]) -> None:
    """Raises UsageProblem for an option of a proof without one, and for one of a descent beside it."""
    typed = click.get_current_context().get_parameter_source
    table, missing = (DESCENDING, False) if how["prove"] else (PROVING, True)
    for name, spelling in table.items():
        if typed(name) in (None, ParameterSource.DEFAULT):
            continue
        if missing:
            raise UsageProblem(f"{spelling} belongs to a proof", hint="add --prove, and a box: --box x=-5:5")
        raise UsageProblem(f"{spelling} belongs to a descent, and --prove searches a box")
    settings = [name for name, source in _settings() if source is not ParameterSource.DEFAULT]
    if how["prove"] and settings:
        raise UsageProblem(f"--{settings[0]} belongs to a descent, and --prove searches a box")


def _settings() -> list[tuple[str, Any]]:
    context = click.get_current_context()
    return [
        (param.opts[0].lstrip("-"), context.get_parameter_source(str(param.name)))
        for param in context.command.params
        if getattr(param, "group", None) is OptionGroup.SETTINGS
    ]


def domain_box(how: Mapping[str, Any]) -> Box:
    """The box of --box or of --bounds. Raises UsageProblem for none or both, ValueProblem for an end that is missing."""
    if how["box"] is not None and how["bounds"] is not None:
        raise UsageProblem("the box is the domain: --box or --bounds, not both")
    spelling = "--box" if how["bounds"] is None else "--bounds"
    text = how["box"] if how["bounds"] is None else how["bounds"]
    if text is None:
        raise UsageProblem(
            "what is proved is proved in a box: there is none", hint="for example --box x=-5:5,y=-5:5"
        )
    return ends_of(text, spelling)


def ends_of(text: str, spelling: str = "--box") -> Box:
    """`x=-5:5,y=0:pi` → both ends by name, each as it was typed. Raises ValueProblem."""
    box: Box = {}
    for name, side in assignments(text, spelling):
        low, colon, high = side.partition(":")
        if not colon or not low.strip() or not high.strip():
            raise ValueProblem(f"{spelling} {name}={side}: both ends are needed, and finite",
                               hint=f"for example {spelling} {name}=-5:5")  # fmt: skip
        if name in box:
            raise ValueProblem(f"{spelling} names {name} twice")
        if any(end.strip().lstrip("+-−").casefold() in _ENDLESS for end in (low, high)):
            raise ValueProblem(f"{spelling} {name}={side}: a box has finite ends, and nothing is proved beyond them",
                               hint=f"as far as it may matter: {spelling} {name}=-1e6:1e6")  # fmt: skip
        box[name] = (end_of(spelling, name, low), end_of(spelling, name, high))
        if float(box[name][0]) > float(box[name][1]):
            raise ValueProblem(f"{spelling} {name}={side} is empty: the lower end first",
                               hint=f"for example {spelling} {name}=-5:5")  # fmt: skip
    return box


def whole_names(text: str | None, box: Mapping[str, Any]) -> frozenset[str]:
    """The names of --integer. Raises ValueProblem for one that has no side in the box."""
    found = words(text, "--integer", "n,m") if text is not None else ()
    for name in found:
        if name not in box:
            raise ValueProblem(
                f"--integer {name}: the box has no side for it", hint=f"for example --box {name}=0:10"
            )
    return frozenset(found)
