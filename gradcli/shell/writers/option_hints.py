"""An option that a command does not have → what was probably meant: its own, or the command that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from gradcli.shell.process.command_table import COMMANDS
from gradcli.shell.process.option_names import (
    ALIASES,
    ELSEWHERE,
    INTERVALS,
    LETTERS,
    SAID,
    SETTINGS,
    SIBLINGS,
    SPLIT,
    WRITTEN,
)
from gradcli.shell.writers.shell_words import shell_word

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
    if meant := _written(name, value, command, own) or _another(option, value, command, own):
        return meant
    if owners := _owners(option, find):
        return _owned(option, owners, called)
    if name in SAID:
        return SAID[name]
    if value is None and (elsewhere := called_elsewhere(name)) and elsewhere != called:
        return f"did you mean gradcli {elsewhere}?"
    also = [name for name, alias in ALIASES.items() if any(one in own for one in alias.options)]
    known = [one[2:] for one in (*own, *also)]
    if len(name) > 1 and (near := _like(name, known)):
        return f"did you mean the option --{near[0]}?"
    if name in SIBLINGS and (owners := _owners(SIBLINGS[name][0], find)):
        return _owned(SIBLINGS[name][0], owners, called)
    return None


def _written(name: str, value: str | None, command: click.Command | None, own: Sequence[str]) -> str | None:
    """What is written here for a flag or a setting of another program."""
    if name in SPLIT and (pair := _split(SPLIT[name], value, own)):
        return f"did you mean {pair}?"
    if name in SETTINGS and SETTINGS[name] in own:
        return f"did you mean {_with_value(SETTINGS[name], value, command)}?"
    if meant := _optimizer(name, own):
        return meant
    plain = name.casefold()
    if command is not None and value is None and (other := _choosing(command, plain)):
        return f"did you mean {other} {plain}?"
    if name in WRITTEN and WRITTEN[name].partition(" ")[0] in own:
        return f"did you mean {WRITTEN[name]}?"
    return None


def _another(option: str, value: str | None, command: click.Command | None, own: Sequence[str]) -> str | None:
    """The option of the command that has another name elsewhere."""
    name = option.lstrip("-")
    if option in INTERVALS and (meant := interval_hint(command, value)):
        return meant
    if command is not None and value and (other := _choosing(command, value)):
        return f"did you mean {other} {shell_word(value)}?"
    letter = len(name) == 1
    names = SIBLINGS.get(name, ()) if not letter else LETTERS.get(name, ()) if value is not None else ()
    sibling = next((one for one in names if one in own), None)
    return f"did you mean {_with_value(sibling, value, command)}?" if sibling else None


def _split(options: Sequence[str], value: str | None, own: Sequence[str]) -> str:
    """Several options for one that has them all: --beta1 0.9 --beta2 0.999."""
    numbers = [one.strip() for one in (value or "").strip("()[]").split(",")]
    known = [one for one in options if one in own]
    return " ".join(f"{one} {number}".strip() for one, number in zip(known, numbers, strict=False))


def _optimizer(name: str, own: Sequence[str]) -> str | None:
    """--adam: the option whose value it is."""
    from gradcli.descent.rules.optimizer_words import choosing, optimizer_names

    option = next((one for one in ("--optimizer", "--optimizers") if one in own), None)
    if name == "all" and option == "--optimizers":
        return "did you mean --optimizers all?"
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
    if command is not None and (plain := value.casefold()) != value:
        own = next((param for param in command.params if option in param.opts), None)
        if plain in getattr(getattr(own, "type", None), "choices", ()):
            return f"did you mean {option} {plain}?"
    return f"did you mean {other} {value}?" if other and other != option else None


def _options(command: click.Command | None) -> list[str]:
    return (
        [spelling for param in command.params for spelling in param.opts if spelling.startswith("--")]
        if command
        else []
    )


def called_elsewhere(name: str) -> str | None:
    """The command of that name, here or elsewhere."""
    from gradcli.shell.writers.foreign_commands import COMMANDS_ELSEWHERE

    plain = name.casefold()
    found = plain if plain in COMMANDS else COMMANDS_ELSEWHERE.get(plain)
    return None if found is None or found.startswith("session ") else found  # such as --list, of anything


#: Options whose value has the names of variables: X and Y stand for them, and `own_variables` says which they are.
NAMED = ("--at", "--box", "--bounds", "--range", "--claim", "--along", "--hvp", "--jvp")


def _with_value(option: str, value: str | None, command: click.Command | None) -> str:
    param = next((p for p in command.params if option in p.opts), None) if command else None
    if value is None or (isinstance(param, click.Option) and param.is_flag):
        return option
    if option == "--format":
        return option
    if option in NAMED and "=" not in value:
        parts = value.strip("()[]").split(",")
        parts = [":".join(parts)] if option in INTERVALS else parts
        pairs = ",".join(f"{letter}={part.strip()}" for letter, part in zip("XY", parts, strict=False))
        return f"{option} {shell_word(pairs)}"
    return (
        f"{option} {value}x20"
        if option == "--size" and value.isdecimal()
        else f"{option} {shell_word(value)}"
    )


def interval_hint(command: click.Command | None, value: str | None) -> str | None:
    """Which of those that say X=LOW:HIGH a command has, and what for; None where it has none."""
    params = command.params if command else []
    shown = shell_word(value or "x=-5:5")
    found = [(one, param) for one in INTERVALS for param in params if one in param.opts]
    if len(found) == 1:
        return f"did you mean {found[0][0]} {shown}?"
    told = [f"{one} {shown}: {_lowered(getattr(param, 'help', ''))}" for one, param in found]
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
