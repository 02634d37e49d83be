"""An interval where a number is meant, and limits of axes as other programs name them → the option for intervals here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from gradcli.language.errors import GradcliError, UsageProblem, ValueProblem
from gradcli.shell.writers.option_hints import Find, interval_hint

_NUMBER = (
    r"[-+−]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+−]?(?:[0-9]+\s*\*\s*)?(?:pi|π)(?:/[0-9]+)?"
)

#: 0:1, 0..1, 0 to 1, and 0:0.1:1 with a step between.
_INTERVAL = rf"\s*(?P<low>{_NUMBER})\s*(?::|\.\.+|…|\bto\b)\s*(?:(?:{_NUMBER})\s*:\s*)?(?P<high>{_NUMBER})\s*"

#: --xlim, --yrange, --x-min: a variable of one letter, and what is said of its axis.
_AXIS = r"--(?P<name>[^\W\d_])[-_]?(?P<end>lims?|limits?|range|domain|axis|interval|min|max|low|high|from|to)"
#: Pairs of options for the two ends of the one variable.
_ENDS = (("from", "to"), ("min", "max"), ("low", "high"), ("start", "stop"), ("start", "end"), ("begin", "end"), ("a", "b"),
         ("lower", "upper"), ("lo", "hi"), ("left", "right"))  # fmt: skip
_LOWER, _UPPER = ("min", "low", "from"), ("max", "high", "to")


def interval_as_value(problem: GradcliError, arguments: Sequence[str], find: Find) -> GradcliError | None:
    """`--x 0:1` where a number is due: the option of the command that takes an interval; None for another problem."""
    name, text = getattr(problem, "variable", None), problem.text or ""
    if not name or not (match := re.fullmatch(_INTERVAL, text)):
        return None
    side = f"{name}={match['low']}:{match['high']}"
    hint = interval_hint(_command(arguments, find), side) or f"gradcli plot --range {side} draws f there"
    message = f"the value of {name} is one number, and {text.strip()} is an interval"
    return ValueProblem(message, text=text, span=(0, len(text)), hint=hint)


class Axis(NamedTuple):
    """A side of a picture as it was typed: its variable, the option, and both ends."""

    name: str
    option: str
    low: str
    high: str


def limits_of_axes(problem: GradcliError, arguments: Sequence[str], find: Find) -> GradcliError | None:
    """`--xlim 0 1`, `--xmin 0 --xmax 1`: the option of the command that takes an interval; None where none was typed."""
    command: Any = _command(arguments, find)
    if problem.kind not in ("usage", "value") or command is None:
        return None
    axes = _axes(arguments) or _ends(arguments)
    if not axes:
        return None
    own = {spelling for param in command.params for spelling in param.opts}
    text = next((one for one in arguments[1:2] if not one.startswith("--")), "")
    strange = [one for one in axes if one.option not in own and one.option[2:] not in text]
    told = [one.option[2:] for one in strange]
    if not strange or not any(
        one in problem.message for one in (*told, "more expression", "second expression")
    ):
        return None  # which is about something else
    option = next((one for one in ("--range", "--bounds", "--box") if one in own), None)
    known = [
        one for one in strange if re.search(rf"(?<!\w){one.name}(?!\w)", text) or not text or one.name == "X"
    ]
    message = f"there is no option {strange[0].option}"
    if option is None:
        return UsageProblem(message, hint="gradcli plot --range x=0:1 draws f there")
    if not known:
        return UsageProblem(message, hint=f"{option} is for variables; the axis of f fits what is drawn")
    open_ends = ("", "") if option == "--bounds" else ("LOW", "HIGH")
    sides = ",".join(f"{one.name}={one.low or open_ends[0]}:{one.high or open_ends[1]}" for one in known)
    return UsageProblem(message, hint=f"did you mean {option} {sides}?")


def _axes(arguments: Sequence[str]) -> list[Axis]:
    """The axes that are typed, each once."""
    found: dict[str, Axis] = {}
    for place, argument in enumerate(arguments):
        option, _, value = argument.partition("=")
        if (match := re.fullmatch(_AXIS, option)) is None:
            continue
        typed = value or " ".join(arguments[place + 1 : place + 3])
        numbers = re.findall(rf"(?:{_NUMBER})", typed)
        before = found.get(match["name"], Axis(match["name"], option, "", ""))
        low = numbers[0] if numbers and match["end"] not in _UPPER else before.low
        high = numbers[0] if numbers and match["end"] in _UPPER else before.high
        if len(numbers) > 1 and match["end"] not in (*_LOWER, *_UPPER):
            high = numbers[1]
        found[match["name"]] = before._replace(low=low, high=high)
    return list(found.values())


def _ends(arguments: Sequence[str]) -> list[Axis]:
    """`--from 0 --to 10`: the ends of the variable's interval, whatever its name."""
    given = {one[2:]: two for one, two in pairwise(arguments) if one.startswith("--")}
    for low, high in _ENDS:
        if low in given and high in given and all(re.fullmatch(_NUMBER, given[one]) for one in (low, high)):
            return [Axis("X", f"--{low}", given[low], given[high])]
    return []


def _command(arguments: Sequence[str], find: Find) -> Any:
    return find(arguments[0]) if arguments else None
