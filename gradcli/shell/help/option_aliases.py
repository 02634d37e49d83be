"""Options under their other names → the options that a command has.

An alias gives way to a variable of its name, and to an option of its own that a command has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from gradcli.language.errors import UsageProblem
from gradcli.shell.process.option_names import ALIASES
from gradcli.shell.writers.answer_writer import ALL


def used(args: Sequence[str], params: Iterable[click.Parameter]) -> dict[str, str]:
    """The aliases on a command line, each with the option that it stands for."""
    own = {spelling: param for param in params for spelling in (*param.opts, *param.secondary_opts)}
    found: dict[str, str] = {}
    for arg in _options(args):
        name, equals, _ = arg.partition("=")
        alias = ALIASES.get(name)
        if alias is None or name in own or (equals and alias.value is not None):
            continue
        target = next((option for option in alias.options if option in own), None)
        choices = getattr(own[target].type, "choices", None) if target else None
        if target and (alias.value is None or choices is None or alias.value in choices):
            found[name] = target
    return found


def spelled_out(
    args: Sequence[str], params: Sequence[click.Parameter], but: Collection[str] = ()
) -> list[str]:
    """The command line with the options that its aliases stand for, *but* these; --help for -h, and a value for --get.

    Raises UsageProblem where an option is given under two of its names.
    """
    end = args.index("--") if "--" in args else len(args)
    aliases = {name: option for name, option in used(args, params).items() if name not in but}
    _check_once(args, aliases, params)
    words: list[str] = []
    for place, arg in enumerate(args[:end]):
        if arg == "--get" and (place + 1 == end or _is_option(args[place + 1])):
            words.append(f"--get={ALL}")  # lists what there is to get
            continue
        name, equals, value = arg.partition("=")
        if name not in aliases:
            words.append("--help" if arg == "-h" else arg)
            continue
        brought = ALIASES[name].value
        words.append(f"{aliases[name]}={value}" if equals else aliases[name])
        words += [brought] if brought is not None else []
    return [*words, *args[end:]]


def _check_once(args: Sequence[str], aliases: Mapping[str, str], params: Sequence[click.Parameter]) -> None:
    typed = [arg.partition("=")[0] for arg in _options(args)]
    for name, option in aliases.items():
        other = next((one for one in typed if one != name and aliases.get(one, one) == option), None)
        param = next(param for param in params if option in param.opts)
        if other is not None and not (isinstance(param, click.Option) and (param.is_flag or param.multiple)):
            raise UsageProblem(f"{name} and {other} are the same option: give one of them")


def _options(args: Sequence[str]) -> list[str]:
    """What looks like an option, before what is text."""
    before = args[: args.index("--")] if "--" in args else args
    return [arg for arg in before if _is_option(arg)]


def _is_option(arg: str) -> bool:
    """Whether an argument begins as the name of an option does: two hyphens, and what is no digit."""
    first = arg[2:3]
    return arg.startswith("--") and (first == "_" or (first.isalnum() and not first.isdecimal()))


if TYPE_CHECKING:
    Choice = click.Choice[str]
else:
    Choice = click.Choice


class Known(Choice):
    """A choice that takes the names of its values elsewhere as well."""

    def __init__(self, choices: Sequence[str], also: Mapping[str, str]) -> None:
        super().__init__(choices)
        self.also = also

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As click does, with the value for another name of it."""
        other = self.also.get(str(value))
        return super().convert(other if other in self.choices else value, param, ctx)
