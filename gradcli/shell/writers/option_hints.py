"""An option that a command does not have → what was probably meant: its own, or the command that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from gradcli.shell.process.command_table import COMMANDS
from gradcli.shell.process.option_names import ALIASES, ELSEWHERE, INTERVALS, SAID, SETTINGS, SIBLINGS, SPLIT

#: A command's name → the command.
Find = Callable[[str], click.Command | None]

#: How like an option's name a word must be to be taken for it.
LIKE = 0.75

#: Commands that a hint names.
SHOWN = 3


def option_hint(
    option: str, value: str | None, command: click.Command | None, find: Find, called: str = ""
) -> str | None:
    """What to say of *option*, given with *value*, which *command* does not have; None where nothing is nearly sure.

    called: how the command is called, where its own name does not say it.
    """
    name, own = option.lstrip("-"), _options(command)
    called = called or (command and command.name) or ""
    if name in SPLIT and (pair := _split(SPLIT[name], value, own)):
        return f"did you mean {pair}?"
    if name in SETTINGS and SETTINGS[name] in own:
        return f"did you mean {_with_value(SETTINGS[name], value, command)}?"
    if meant := _optimizer(name, own):
        return meant
    if option in INTERVALS and (meant := interval_hint(command, value)):
        return meant
    if command is not None and value and (other := _choosing(command, value)):
        return f"did you mean {other} {value}?"
    if name in SIBLINGS and (sibling := next((one for one in SIBLINGS[name] if one in own), None)):
        return f"did you mean {_with_value(sibling, value, command)}?"
    if owners := _owners(option, find):
        return _owned(option, owners, called)
    if name in SAID:
        return SAID[name]
    also = [name for name, alias in ALIASES.items() if any(one in own for one in alias.options)]
    known = [one[2:] for one in (*own, *also)]
    if len(name) > 1 and (near := _like(name, known)):
        return f"did you mean the option --{near[0]}?"
    if name in SIBLINGS and (owners := _owners(SIBLINGS[name][0], find)):
        return _owned(SIBLINGS[name][0], owners, called)
    return None


def _split(options: Sequence[str], value: str | None, own: Sequence[str]) -> str:
    """Several options for one that has them all: --beta1 0.9 --beta2 0.999."""
    numbers = [one.strip() for one in (value or "").strip("()[]").split(",")]
    known = [one for one in options if one in own]
    return " ".join(f"{one} {number}".strip() for one, number in zip(known, numbers, strict=False))


def _optimizer(name: str, own: Sequence[str]) -> str | None:
    """--adam: the option whose value it is."""
    from gradcli.descent.rules.optimizer_words import choosing, optimizer_names

    option = next((one for one in ("--optimizer", "--optimizers") if one in own), None)
    if option is None or name.casefold() not in optimizer_names():
        return None
    return f"did you mean {choosing(option, [name.casefold()])}?"


def _like(name: str, known: Sequence[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, known, n=1, cutoff=LIKE)


def value_hint(option: str, value: str, command: click.Command | None) -> str | None:
    """What to say of a value that *option* does not take."""
    if (option, value) in ELSEWHERE:
        return ELSEWHERE[option, value]
    other = _choosing(command, value) if command is not None else None
    return f"did you mean {other} {value}?" if other and other != option else None


def _options(command: click.Command | None) -> list[str]:
    return (
        [spelling for param in command.params for spelling in param.opts if spelling.startswith("--")]
        if command
        else []
    )


def _with_value(option: str, value: str | None, command: click.Command | None) -> str:
    param = next((p for p in command.params if option in p.opts), None) if command else None
    if value is None or (isinstance(param, click.Option) and param.is_flag):
        return option
    return f"{option} {value}"


def interval_hint(command: click.Command | None, value: str | None) -> str | None:
    """Which of those that say X=LOW:HIGH a command has, and what for; None where it has none."""
    params = command.params if command else []
    found = [(one, param) for one in INTERVALS for param in params if one in param.opts]
    if len(found) == 1:
        return f"did you mean {found[0][0]} {value or 'x=-5:5'}?"
    told = [f"{one} {value or 'x=-5:5'}: {_lowered(getattr(param, 'help', ''))}" for one, param in found]
    return "; ".join(told) or None


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


def _choosing(command: click.Command, value: str) -> str | None:
    """The option of which *value* is a choice."""
    return next((p.opts[0] for p in command.params if value in getattr(p.type, "choices", ()) and p.opts[0][:2] == "--"),
                None)  # fmt: skip


def _owners(option: str, find: Find) -> list[str]:
    """The commands that have *option*, under this name or another."""
    alias = ALIASES.get(option)
    spellings = {option, *(alias.options if alias else ())}
    return list(_having(spellings, ((name, find(name)) for name in COMMANDS)))


def _having(spellings: set[str], commands: Iterable[tuple[str, click.Command | None]]) -> Iterator[str]:
    for name, command in commands:
        if command and any(spelling in spellings for param in command.params for spelling in param.opts):
            yield name


def _owned(option: str, owners: Sequence[str], called: str) -> str:
    """Whose option it is."""
    names = ", ".join(owners[:SHOWN])
    more = ", …" if len(owners) > SHOWN else ""
    if not called:
        return f"it stands behind the command: gradcli {owners[0]} {option} …"
    return f"{option} is an option of gradcli {names}{more}, not of {called}"
