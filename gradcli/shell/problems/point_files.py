"""`--at @FILE`: the point of an earlier answer, from its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.calculus.program.typed_numbers import text_of
from gradcli.language.errors import GradcliError, InputProblem
from gradcli.language.names import is_name, normal
from gradcli.shell.problems.json_numbers import json_value
from gradcli.shell.problems.values import number
from gradcli.shell.process.file_reading import text_of_file


def typed_point(argument: str) -> str:
    """What an argument of `--at` stands for: itself, or for `@FILE` the values in the file, as they would be typed.

    Raises InputProblem for a file without a point, which says no more of what it holds, and LimitProblem for too large a
    one.
    """
    if not argument.startswith("@"):
        return argument
    name = argument[1:]
    if not name:
        raise _no_point(name, "it names no file")
    try:
        found = json_value(text_of_file(name, "the file of a point,"))
    except (ValueError, RecursionError):
        raise _no_point(name, "it is not JSON") from None
    at = found.get("at") if isinstance(found, Mapping) else None
    if not isinstance(at, Mapping) or not at:
        raise _no_point(name, 'it has no "at" with names and values')
    return ",".join(f"{_name(name, one)}={_value(name, one, given)}" for one, given in at.items())


def _name(file: str, name: str) -> str:
    if not is_name(normal(name)):
        raise _no_point(file, 'a name in "at" is none that a variable can have')
    return name


def _value(file: str, name: str, given: Any) -> str:
    if isinstance(given, list):
        return f"[{', '.join(_number(file, name, one) for one in given)}]"
    return _number(file, name, given)


def _number(file: str, name: str, given: Any) -> str:
    if given is None or isinstance(given, bool | Mapping | list):
        raise _no_point(file, f"the value of {name} is not a number")
    text = text_of(given)
    text = str(given) if text is None else text
    try:
        number(name, text)
    except GradcliError:
        raise _no_point(file, f"the value of {name} is not a number") from None
    return text


def _no_point(file: str, why: str) -> InputProblem:
    return InputProblem(f"--at @{file}: {why}", hint="gradcli minimize … --format json > FILE keeps a point")
