"""An example in a hint, made of the variables of the expression that was typed: no y where there is only x."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcli.language.errors import GradcliError, UsageProblem

#: X=-5:5,Y=-5:5 and x=5,y=3 and X,Y: what stands for two variables.
_PAIR = re.compile(
    r"(?<![\w=])(?P<first>[xX])(?P<side>=[^,\s]+)?,(?P<second>[yY])(?P<other>=[^,\s]+)?(?![\w,])"
)
_ONE = re.compile(r"(?<![\w=])[xX](?P<side>=[^,\s]+)(?![\w,])")
_OPTIONS = "--x 5 --y 3"

#: Variables that an example has.
SHOWN = 4

#: How hints begin that are examples, and have nothing in them that was typed.
_EXAMPLES = ("for example --", "give each variable a value: ", "add --prove, and a box: ")


def with_own_variables(problem: GradcliError, arguments: Sequence[str]) -> GradcliError:
    """*problem* with the typed expression's variables in its example; as it was where there is none, or none is known."""
    hint = problem.hint or ""
    if not hint.startswith(_EXAMPLES) and not re.search(r"--[\w-]+ X[=,]", hint):
        return problem
    names = _names(arguments)
    if not names:
        problem.hint = re.sub(r"(?<= )[XY](?==)|(?<=,)[XY](?==)", lambda match: match[0].lower(), hint)
    else:
        problem.hint = _example(hint, names)
    return problem


def option_or_variable(command: str, name: str, value: str = "1") -> UsageProblem:
    """The error for --NAME where the name is an option's and also that of a variable, which has the *value*."""
    return UsageProblem(
        f"--{name} is an option of {command}, and {name} is a variable of the expression",
        hint=f"--at {name}={value} gives the variable a value, and --{name} is the option beside it",
    )


def is_variable_of(name: str, arguments: Sequence[str]) -> bool:
    """Whether the expression that was typed has a variable of that *name*."""
    from gradcli.language.parser import parse

    typed = arguments[1] if len(arguments) > 1 and not arguments[1].startswith("--") else ""
    try:
        return name in typed and name in parse(typed).variables
    except GradcliError:
        return False


def _names(arguments: Sequence[str]) -> list[str]:
    """The variables of the expression; those without a value where there are such."""
    from gradcli.language.parser import parse

    text = arguments[1]
    try:
        found = [] if text[:1] in ("-", "@") else list(parse(text).variables)
    except GradcliError:
        return []
    given = {one[2:].partition("=")[0] for one in arguments if one.startswith("--")}
    return [name for name in found if name not in given] or found


def _example(hint: str, names: Sequence[str]) -> str:
    def pair(match: re.Match[str]) -> str:
        sides = [match["side"] or "", match["other"] or ""]
        shown = ",".join(f"{name}{sides[min(place, 1)]}" for place, name in enumerate(names[:SHOWN]))
        return shown + ",…" * (len(names) > SHOWN)

    if _OPTIONS in hint:
        numbers = (5, 3, 2, 1)
        return hint.replace(
            _OPTIONS, " ".join(f"--{name} {x}" for name, x in zip(names, numbers, strict=False))
        )
    if _PAIR.search(hint):
        return _PAIR.sub(pair, hint, count=1)
    return _ONE.sub(lambda match: f"{names[0]}{match['side']}", hint, count=1)
