"""Errors → stderr and an exit status: loaded only when something went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from gradcli.commands.speaking import drawn
from gradcli.language.errors import GradcliError, InputProblem, UsageProblem
from gradcli.language.suggest import nearest
from gradcli.output.failures import failure_record, failure_text

_MACHINE = ("json", "jsonl", "csv", "tsv")


def fail(error: GradcliError | click.ClickException, arguments: Sequence[str]) -> int:
    """Tell the user what went wrong, and a machine too if one is listening; the exit status."""
    from shutil import get_terminal_size

    problem = error if isinstance(error, GradcliError) else _translated(error)
    sys.stdout.flush()
    width = get_terminal_size().columns if sys.stderr.isatty() else 80
    sys.stderr.write(drawn(failure_text(problem, width), _color(arguments), sys.stderr))
    if _format(arguments) in _MACHINE:
        from gradcli.output.machine import json_text

        sys.stderr.write(json_text(failure_record(problem)) + "\n")
    return problem.status


def unknown_command(name: str) -> UsageProblem:
    """The error for a command that does not exist."""
    from gradcli.cli import COMMANDS

    found = nearest(name, COMMANDS)
    if name.startswith("-"):
        return UsageProblem(
            f"gradcli has no option {name}", hint="`gradcli --help` lists options and commands"
        )
    hint = f"did you mean gradcli {found}?" if found else f"commands are {', '.join(COMMANDS)}"
    if any(sign in name for sign in "+*/^("):
        hint = f'did you mean gradcli grad "{name}"?'
    return UsageProblem(f"{name} is not a command", hint=hint)


def _translated(error: click.ClickException) -> GradcliError:
    """What click found wrong, as one of our errors."""
    context: Any = getattr(error, "ctx", None)
    hint = f"see {context.command_path} --help" if context else "see gradcli --help"
    if isinstance(error, click.FileError):
        return InputProblem(error.format_message())
    if isinstance(error, click.NoSuchOption):
        found = nearest(error.option_name.lstrip("-"), _option_names(context))
        return UsageProblem(
            f"there is no option {error.option_name}", hint=f"did you mean --{found}?" if found else hint
        )
    if isinstance(error, click.BadParameter | click.MissingParameter) and error.param is not None:
        return UsageProblem(_sentence(error), hint=hint)
    return UsageProblem(_lowered(error.format_message()), hint=hint)


def _sentence(error: click.BadParameter) -> str:
    param: Any = error.param
    name = param.opts[0] if isinstance(param, click.Option) else param.make_metavar(error.ctx)
    if isinstance(error, click.MissingParameter):
        return f"{name} is missing"
    return f"{name}: {_lowered(error.message)}"


def _lowered(message: str) -> str:
    text = message.rstrip(".")
    return text[:1].lower() + text[1:]


def _option_names(context: Any) -> Iterable[str]:
    params = context.command.params if context else []
    return [spelling[2:] for param in params for spelling in param.opts if spelling.startswith("--")]


def _color(arguments: Sequence[str]) -> str:
    return _option(arguments, "--color") or "auto"


def _format(arguments: Sequence[str]) -> str:
    return _option(arguments, "--format") or "text"


def _option(arguments: Sequence[str], name: str) -> str | None:
    """An option's value from the bare arguments, for errors that come before they are parsed."""
    for index, argument in enumerate(arguments):
        if argument.startswith(name + "="):
            return argument.partition("=")[2]
        if argument == name and index + 1 < len(arguments):
            return arguments[index + 1]
    return None
