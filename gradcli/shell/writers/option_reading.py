"""An option that was read otherwise than it was meant → the same error with what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gradcli.language.errors import GradcliError, UsageProblem, ValueProblem
from gradcli.shell.writers.interval_reading import interval_as_value, limits_of_axes
from gradcli.shell.writers.option_hints import Find
from gradcli.shell.writers.shell_words import shell_word

_NAME = r"[^\W\d]\w*"
_NUMBER = r"[-+−]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?pi"
_OPTION = re.compile(r"--[^\W\d]")

#: --x5: a name with its value glued to it.
_GLUED = re.compile(r"--((?:[^\W\d]\w*?)?[^\W\d_])(-?[0-9]+(?:\.[0-9]+)?)")

#: Options that take X=LOW:HIGH, and how else an interval is said.
_INTERVALS = ("--bounds", "--box", "--range")
_LESS, _MORE = "(?:<=?|≤)", "(?:>=?|≥)"
_SAID = tuple(re.compile(pattern) for pattern in (
    rf"(?P<low>{_NUMBER}){_LESS}(?P<n>{_NAME}){_LESS}(?P<high>{_NUMBER})",
    rf"(?P<high>{_NUMBER}){_MORE}(?P<n>{_NAME}){_MORE}(?P<low>{_NUMBER})",
    rf"(?P<n>{_NAME}){_MORE}(?P<low>{_NUMBER})", rf"(?P<low>{_NUMBER}){_LESS}(?P<n>{_NAME})",
    rf"(?P<n>{_NAME}){_LESS}(?P<high>{_NUMBER})", rf"(?P<high>{_NUMBER}){_MORE}(?P<n>{_NAME})",
    rf"(?P<n>{_NAME})(?:=|:|in|∈)[\[(]?(?P<low>{_NUMBER})(?:,|;|:|\.\.+|to)(?P<high>{_NUMBER})[\])]?",
))  # fmt: skip

#: Pairs of a name and a value, however they are parted.
_PAIRS = re.compile(rf"[\s{{(]*(?:['\"]?{_NAME}['\"]?\s*[:=]\s*(?:{_NUMBER})[\s,;&}})]*)+")
_PAIR = re.compile(rf"({_NAME})['\"]?\s*[:=]\s*({_NUMBER})")


def reread(problem: GradcliError, arguments: Sequence[str], find: Find) -> GradcliError:
    """*problem* with what was meant, where the command line shows it; else as it was. find: a name → the command."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if not options:  # nothing but text
        return problem
    return (
        interval_as_value(problem, options, find)
        or limits_of_axes(problem, options, find)
        or _optimizers(problem, options, find)
        or _without_value(problem, options)
        or _other_form(problem, options)
        or problem
    )


def _optimizers(problem: GradcliError, arguments: Sequence[str], find: Find) -> GradcliError | None:
    """--adam --sgd: names of optimizers as options."""
    from gradcli.descent.rules.optimizer_words import choosing, optimizer_names

    command = find(arguments[0])
    own = {spelling for param in command.params for spelling in param.opts} if command else set()
    option = next((one for one in ("--optimizers", "--optimizer") if one in own), None)
    names = [one[2:].casefold() for one in arguments if one[:2] == "--" and one not in own]
    found = [name for name in names if name in optimizer_names()]
    if (
        option is None
        or not found
        or problem.kind != "usage"
        or f"--{found[0]}" not in problem.message.casefold()
    ):
        return None
    return UsageProblem(f"there is no option --{found[0]}", hint=f"did you mean {choosing(option, found)}?")


def _without_value(problem: GradcliError, arguments: Sequence[str]) -> GradcliError | None:
    """--x --y 3, --x5: options that got the next one, or nothing, for their value."""
    for option, value in pairwise([*arguments, ""]):
        if not _OPTION.match(option) or "=" in option:
            continue
        unhinted = problem.hint is None or problem.hint.startswith("for example")
        bare = unhinted and problem.message == f"{option} needs a value"
        strange = problem.message.startswith(f"there is no option {option}, and ")
        got_option = _OPTION.match(value) and (
            bare or problem.text == value or f"{option} {value}" in problem.message
        )
        if not got_option and not bare and not strange:
            continue
        glued = _GLUED.fullmatch(option)
        if glued and not _occurs(option[2:], arguments):
            return UsageProblem(f"{option} has no value", hint=f"did you mean --{glued[1]} {glued[2]}?")
        if got_option:
            return UsageProblem(
                f"{option} has no value: {value} is the next option", hint=f"for example {option} 1"
            )
    return None


def _occurs(name: str, arguments: Sequence[str]) -> bool:
    """Whether *name* stands in an argument that is no option."""
    return any(re.search(rf"(?<!\w){name}(?!\w)", one) for one in arguments if not one.startswith("--"))


def _other_form(problem: GradcliError, arguments: Sequence[str]) -> GradcliError | None:
    """Intervals as inequalities, weights with names, points in other signs."""
    for option, value in _given(arguments):
        hint = None
        if (meant := _unnamed(option, value, problem)) is not None:
            return meant
        if option in _INTERVALS and _is_of_form(option, problem.message):
            hint = _interval(option, value)
            if hint:
                return UsageProblem(
                    f"{option} takes NAME=LOW:HIGH", text=value, span=(0, len(value)), hint=hint
                )
        elif (
            problem.message.startswith("the value of weight")
            and "=" in value
            and (problem.text or "") in value
        ):
            hint = f"weights have no names, and stand in the order of the outputs: {option} 1,2"
        elif option == "--at" and problem.text and problem.text in value and _PAIRS.fullmatch(value):
            pairs = ",".join(f"{name}={number}" for name, number in _PAIR.findall(value))
            if pairs != value.replace(" ", ""):
                message, whole = "--at takes NAME=VALUE,NAME=VALUE", (0, len(value))
                return ValueProblem(
                    message, text=value, span=whole, hint=f"did you mean --at {shell_word(pairs)}?"
                )
        if hint:
            problem.hint = hint
            return problem
    return None


def _is_of_form(option: str, message: str) -> bool:
    """Whether a message is about how the interval of an *option* is written."""
    no_ends = message.startswith(f"{option} ") and (
        "both ends are needed, and" in message or "no two ends" in message
    )
    return no_ends or message.startswith((f"{option} takes", f"{option}:"))


#: Numbers with commas or colons between them, and no names.
_NUMBERS = re.compile(rf"\s*[(\[]?\s*(?:{_NUMBER})(?:\s*[,:;]\s*(?:{_NUMBER}))*\s*[)\]]?\s*")


def _unnamed(option: str, value: str, problem: GradcliError) -> GradcliError | None:
    """--at 2,3 and --box 0:1: the names are missing."""
    if option not in ("--at", *_INTERVALS) or not problem.message.startswith(f"{option} takes"):
        return None
    if not _NUMBERS.fullmatch(value) or (option in _INTERVALS and len(re.findall(_NUMBER, value)) != 2):
        return None
    numbers = re.findall(_NUMBER, value)
    typed = [":".join(numbers)] if option in _INTERVALS else numbers
    pairs = ",".join(f"{letter}={x}" for letter, x in zip("XY", typed, strict=False))
    kind = "NAME=LOW:HIGH" if option in _INTERVALS else "NAME=VALUE,NAME=VALUE"
    span = (0, len(value))
    return ValueProblem(
        f"{option} takes {kind}", text=value, span=span, hint=f"did you mean {option} {shell_word(pairs)}?"
    )


def _given(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The options with their values."""
    for option, value in pairwise([*arguments, ""]):
        name, equals, own = option.partition("=")
        if option.startswith("--"):
            yield name, own if equals else value


def _interval(option: str, text: str) -> str | None:
    """The intervals that *text* says, as *option* takes them."""
    plain = re.sub(r"\s+", "", text)
    pieces = re.split(r"(?:,|;|&&?|and)(?=[^\W\d]|[0-9.+-]+[<>≤≥])", plain)
    found = [next((m for pattern in _SAID if (m := pattern.fullmatch(piece))), None) for piece in pieces]
    if not all(found):
        return None
    sides = [{"low": "", "high": "", **match.groupdict()} for match in found if match]
    written = ",".join(f"{side['n']}={side['low']}:{side['high']}" for side in sides)
    return f"did you mean {option} {written}?"
