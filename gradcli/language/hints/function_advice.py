"""A name before a bracket that is no function here → what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gradcli.language.hints.advice import Advice
from gradcli.language.hints.foreign_answers import ANSWERS, CONSTANTS_ELSEWHERE
from gradcli.language.hints.foreign_functions import DEFINED, PARAMETERS, RENAMED, SPELLED
from gradcli.language.hints.glued_names import factored
from gradcli.language.hints.likely_name import likely
from gradcli.language.hints.typed_arguments import arguments_at, filled, is_showable

#: Conditions as spreadsheets join them.
_JOINED = r"\b(AND|OR)\(([^(),]+),\s*([^(),]+)\)"

#: Names of logarithms that have their base in them.
_BASED = r"log_?([0-9]+|[₀-₉]+|[a-z])"

#: What C, Fortran and PyTorch put around the names of functions.
_DRESSED = (("", "f"), ("", "l"), ("d", ""), ("", "_"), ("_", ""), ("", "op"), ("", "fn"), ("func", ""))

#: Letters that a function's name must have for the letters around it to be taken off.
_SURE = 3

#: Names up to this length are taken for those of variables that multiply a bracket.
_SHORT = 2


#: Names of other libraries that are one slip away from a function here, and mean something else.
_BY_CHANCE = frozenset(("chndtr", "ellipse", "invert", "nbdtr", "nbdtri", "prem", "sincpi"))


def function_advice(name: str, text: str, opening: int, known: Mapping[str, str]) -> Advice:
    """What to write instead of a call of *name*, whose bracket opens at *opening* in *text*.

    known: every spelling of a function → the function.
    """
    arguments = arguments_at(text, opening)
    found = _answered(name, arguments) or _written(name, arguments, known)
    if found is not None:
        return found
    if len(name) <= _SHORT or name in CONSTANTS_ELSEWHERE:
        return Advice(f"a product is written {name}*(…); `gradcli functions` lists the functions")
    return Advice(
        f"`gradcli functions` lists the functions; one of your own is defined first: {name}(a) = a**2; {name}(x)"
        if is_showable(name) else "`gradcli functions` lists the functions"
    )  # fmt: skip


def _answered(name: str, arguments: Sequence[str] | None) -> Advice | None:
    """The answer about a name that asks for something else."""
    if name.casefold() in ("pi", "π", "e", "tau") and arguments == []:
        return Advice(f"write {CONSTANTS_ELSEWHERE.get(name.casefold(), 'pi')}", "constants have no brackets")
    answer = ANSWERS.get(name) or ANSWERS.get(_plain(name))
    if answer is None:
        return None
    hint = filled(answer.hint, (arguments or [])[:1]) or None
    return Advice(hint, answer.message.format(name=name))


def _written(name: str, arguments: Sequence[str] | None, known: Mapping[str, str]) -> Advice | None:
    """How the function of that name is written here."""
    plain = _plain(name)
    if "_" in name and (based := _logarithm(plain, arguments)):
        return based
    for key in (name, plain):
        if key in SPELLED:
            return Advice(f"write {filled(SPELLED[key], arguments)}")
        if key in DEFINED:
            return Advice(_definition(key if key == name else name, *DEFINED[key], arguments))
        if key in RENAMED:
            return Advice(f"write {_call(RENAMED[key], arguments)}")
    return (
        _logarithm(plain, arguments)
        or _dressed(plain, arguments, known)
        or _glued(name, arguments, known)
        or _meant(name, known)
    )


def _meant(name: str, known: Mapping[str, str]) -> Advice | None:
    """The function of which the name is a slip, or its letters in another alphabet."""
    if not name.isascii():
        import unicodedata

        upright = unicodedata.normalize("NFKC", name)
        if upright != name and upright in known:
            return Advice(f"write {upright}(…) in plain letters")
    found = None if name.casefold() in _BY_CHANCE else likely(name, known, 5, known)
    return Advice(f"did you mean {found}(…)?") if found else None


def _logarithm(plain: str, arguments: Sequence[str] | None) -> Advice | None:
    """log₂, log_b: a logarithm to a base."""
    match = re.fullmatch(_BASED, plain)
    if match is None:
        return None
    base = match.group(1).translate(_INDICES)
    template = f"log{base}({{0}})" if base in ("2", "10") else f"log({{0}}, {base})"
    return Advice(f"write {filled(template, arguments)}")


_INDICES = {0x2080 + digit: str(digit) for digit in range(10)}


def _dressed(plain: str, arguments: Sequence[str] | None, known: Mapping[str, str]) -> Advice | None:
    """sinf, dsin, exp_: a function of the table with letters around it."""
    for before, after in _DRESSED:
        inner = plain.removeprefix(before).removesuffix(after)
        dressed = len(inner) == len(plain) - len(before) - len(after)
        if dressed and inner != plain and len(inner) >= _SURE and inner in known:
            return Advice(f"write {_call(inner, arguments)}")
    return None


def _glued(name: str, arguments: Sequence[str] | None, known: Mapping[str, str]) -> Advice | None:
    """xsin(x): a factor glued to a function."""
    factors, function = factored(name, known)
    return Advice(f"a product is written {factors}*{_call(function, arguments)}") if function else None


def _call(function: str, arguments: Sequence[str] | None) -> str:
    """A call with the arguments that were typed, or of x where they cannot be repeated."""
    if function == "where" and len(arguments or ()) == 2:
        arguments = [*(arguments or ()), "0"]
    typed = re.sub(_JOINED, r"\2 \1 \3", ", ".join(arguments or ()))
    typed = typed.replace(" AND ", " and ").replace(" OR ", " or ")
    if function == "where" and (len(arguments or ()) != 3 or not is_showable(typed)):
        return "where(x > 0, a, b)"
    if function in PARAMETERS and PARAMETERS[function].count(",") > len(arguments or ()) - 1:
        typed = PARAMETERS[function]
    return f"{function}({typed})" if typed and is_showable(typed) else f"{function}(x)"


def _definition(name: str, parameters: str, meaning: str, arguments: Sequence[str] | None) -> str:
    """A definition of *name*, and the call of it that was typed."""
    letters = parameters.split(", ")
    typed = list(arguments or ())
    generic = ("x", "y", "z", "w", "u", "v")
    given = typed if len(typed) == len(letters) and is_showable(", ".join(typed)) else generic[: len(letters)]
    return f"define it first: {name}({parameters}) = {meaning}; {name}({', '.join(given)})"


def _plain(name: str) -> str:
    return name.casefold().replace("_", "")
