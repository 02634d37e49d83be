"""Errors → stderr and an exit status: loaded only when something went wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import GradcliError, InputProblem, UsageProblem
from gradcli.output.results.error_document import failure_record, failure_text
from gradcli.shell.process.command_table import COMMANDS
from gradcli.shell.process.expression_files import located
from gradcli.shell.process.option_names import MISSING
from gradcli.shell.process.standard_streams import deliver
from gradcli.shell.process.terminal_size import screen_width
from gradcli.shell.writers.answer_writer import render

if TYPE_CHECKING:
    from gradcli.shell.writers.option_hints import Find

#: How click quotes the value that it does not like, and the command that it does not know.
_QUOTED = re.compile(r"'?(.*?)'? is not (?:a valid|one of|in the range)", re.DOTALL)
_NO_COMMAND = re.compile(r"No such command '(.*?)'")

_MACHINE = ("json", "jsonl", "csv", "tsv")


def fail(error: GradcliError | click.ClickException, arguments: Sequence[str], find: Find) -> int:
    """Tell the user what went wrong, and a machine too if one is listening; the exit status.

    find: a command's name → the command, for hints about its options.
    """
    problem = (
        _hinted(error, arguments, find)
        if isinstance(error, GradcliError)
        else _translated(error, arguments, find)
    )
    if any(argument.startswith("--") for argument in arguments):
        from gradcli.shell.writers.option_reading import reread

        problem = reread(problem, arguments, find)
    if arguments[1:] and any(example in (problem.hint or "") for example in ("X=", "X,", "x=", "--x 5")):
        from gradcli.shell.writers.own_variables import with_own_variables

        problem = with_own_variables(problem, arguments)
    problem = located(problem)
    deliver()
    width = screen_width() if sys.stderr.isatty() else 80
    sys.stderr.write(render(failure_text(problem, width), _color(arguments), sys.stderr))
    if _format(arguments) in _MACHINE:
        from gradcli.output.painters.json_text import json_text

        sys.stderr.write(json_text(failure_record(problem)) + "\n")
    return problem.status


def unknown_command(name: str) -> UsageProblem:
    """The error for a command that does not exist."""
    from gradcli.language.names import nearest
    from gradcli.shell.process.guide_topics import TOPICS
    from gradcli.shell.writers.foreign_commands import command_hint

    found = nearest(name, COMMANDS)
    if name.startswith("-"):
        return UsageProblem(
            f"gradcli has no option {name}", hint="`gradcli --help` lists options and commands"
        )
    hint = f"did you mean gradcli {found}?" if found else f"commands are {', '.join(COMMANDS)}"
    if name == "version":
        hint = "gradcli --version"
    elif name in TOPICS:
        hint = f"gradcli help {name}"
    elif known := command_hint(name):
        hint = known
    return UsageProblem(f"{name} is not a command", hint=hint)


def _translated(error: click.ClickException, arguments: Sequence[str], find: Find) -> GradcliError:
    """What click found wrong, as one of our errors."""
    from gradcli.shell.writers.option_hints import value_hint

    context: Any = getattr(error, "ctx", None)
    hint = f"see {context.command_path} --help" if context else "see gradcli --help"
    if isinstance(error, click.FileError):
        return InputProblem(error.format_message())
    if isinstance(error, click.NoSuchOption):
        return UsageProblem(f"there is no option {error.option_name}",
                            hint=_unknown(error, context, arguments, find) or hint)  # fmt: skip
    if isinstance(error, click.BadOptionUsage):
        return _badly_used(error, _command(arguments, find), arguments, find)
    if isinstance(error, click.BadParameter | click.MissingParameter) and error.param is not None:
        given = _QUOTED.match(error.message or "")
        meant = given and value_hint(error.param.opts[0], given[1], context and context.command)
        if given and not meant and (both := _variable_too(error.param, given[1], arguments)):
            return both
        meant = meant or MISSING.get(_named(error.param))
        return UsageProblem(_sentence(error), hint=meant or hint)
    if context and (match := _NO_COMMAND.match(error.format_message())):
        return _no_subcommand(context, match.group(1), arguments)
    return UsageProblem(_lowered(error.format_message()), hint=_extra(error, context) or hint)


def _variable_too(param: Any, value: str, arguments: Sequence[str]) -> UsageProblem | None:
    """The error for an option that is refused a number, and has the name of a variable of the expression."""
    from gradcli.shell.writers.own_variables import is_variable_of, option_or_variable

    name = param.opts[0].removeprefix("--")
    if not re.fullmatch(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?", value) or not is_variable_of(name, arguments):
        return None
    return option_or_variable(arguments[0], name, value)


def _extra(error: click.ClickException, context: Any) -> str | None:
    """What a number, or the name of a session, behind a command was meant for."""
    name = re.search(r"extra argument \(([^\W\d][\w-]*)\)", error.format_message())
    if name and context and context.command_path.startswith("gradcli session "):
        return f"did you mean {context.command_path} --session {name[1]}?"
    match = re.search(r"extra argument \(([0-9]+)\)", error.format_message())
    known = match and context and any("--limit" in param.opts for param in context.command.params)
    return f"did you mean --limit {match[1]}?" if match and known else None


def _unknown(error: click.NoSuchOption, context: Any, arguments: Sequence[str], find: Find) -> str | None:
    """What was meant by an option that does not exist here."""
    from gradcli.language.names import nearest
    from gradcli.shell.writers.option_hints import option_hint

    option, parent = error.option_name, context and context.parent
    if option in ("-v", "-V"):
        return "gradcli --version"
    if parent and parent.parent and any(option in param.opts for param in parent.command.params):
        return f"it stands before {context.info_name}: {parent.command_path} {option} … {context.info_name}"
    command = context.command if parent else None
    called = context.command_path.partition(" ")[2] if parent else ""
    if found := option_hint(option, _option(arguments, option), command, find, called):
        return found
    name = option.lstrip("-")
    if not parent and len(name) == 1:
        return f"it stands behind a command: gradcli grad --{name} 5"
    if name.isdecimal() and context:
        return f"did you mean {context.command_path} {name}?"
    if near := nearest(name, _option_names(context)):
        return f"did you mean --{near}?"
    if "-" in name and "_" not in name:
        return f"a variable's name has no hyphens: --{name.replace('-', '_')}"
    return None


def _badly_used(
    error: click.BadOptionUsage, command: click.Command | None, arguments: Sequence[str], find: Find
) -> UsageProblem:
    """click does not say whose option it is; one that the command does not have is a variable."""
    from gradcli.shell.writers.option_hints import option_hint

    name = error.option_name
    own: Any = next((param for param in command.params if name in param.opts), None) if command else None
    if "requires" not in error.message:
        return UsageProblem(f"{name} takes no value", hint=own and own.help)
    meant = option_hint(name, None, command, find) if own is None else None
    if own is None and _has_expression(arguments) and not _occurs(name[2:], arguments):
        return _strange(name[2:], command, meant)
    metavar = own and ("|".join(getattr(own.type, "choices", ())) or own.metavar)
    return UsageProblem(
        f"{name} needs a value", hint=meant or (f"{name} {metavar}" if metavar else f"for example {name} 5")
    )


def _no_subcommand(context: Any, name: str, arguments: Sequence[str]) -> UsageProblem:
    from gradcli.language.names import nearest
    from gradcli.shell.process.option_names import SESSIONS, SESSIONS_OTHERWISE

    commands = context.command.list_commands(context)
    found = SESSIONS.get(name) or nearest(name, commands)
    hint = f"did you mean {context.command_path} {found}?" if found else f"there are {', '.join(commands)}"
    if name in SESSIONS_OTHERWISE:
        behind = [
            one for one in arguments[arguments.index(name) + 1 :] if one[:1] != "-" and one.isprintable()
        ]
        hint = SESSIONS_OTHERWISE[name].format(
            name=(behind or [_option(arguments, "--session") or "NAME"])[0]
        )
    return UsageProblem(f"{context.command_path} has no command {name}", hint=hint)


def _named(param: Any) -> str:
    """A parameter as it is typed, or as help calls it."""
    name: str = param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
    return name.rstrip(".")


def _sentence(error: click.BadParameter) -> str:
    param: Any = error.param
    name = _named(param)
    if isinstance(error, click.MissingParameter):
        return f"{name} is missing"
    if getattr(param.type, "choices", None) in (["-"], ("-",)):
        return "what is applied comes from standard input, which is written -"
    kind, given = param.type, _QUOTED.match(error.message)
    if given is None:
        return f"{name}: {_lowered(error.message)}"
    shown = given.group(1).removesuffix(".0")
    what = f"{name} {shown}".rstrip() if param.param_type_name == "option" else shown
    if isinstance(kind, click.Choice):
        return f"{what}: it must be one of {', '.join(kind.choices)}"
    if "range" in error.message and "valid" not in error.message:
        return f"{what}: it must be {_range(kind)}"
    return f"{what}: it must be a {'whole ' if isinstance(kind, click.types.IntParamType) else ''}number"


def _range(kind: Any) -> str:
    """`at least 0`, `above 0 and at most 1`."""
    low = None if kind.min is None else f"{'above' if kind.min_open else 'at least'} {kind.min}"
    high = None if kind.max is None else f"{'below' if kind.max_open else 'at most'} {kind.max}"
    return " and ".join(part for part in (low, high) if part)


def _hinted(problem: GradcliError, arguments: Sequence[str], find: Find) -> GradcliError:
    """The same error; where the name of a variable given as an option is that of an option, or like it, the hint says so."""
    name, command = getattr(problem, "variable", None), _command(arguments, find)
    if (
        name is None
        or command is None
        or f"--{name}" not in {a.partition("=")[0] for a in _options(arguments)}
    ):
        return problem
    if problem.hint and problem.hint.startswith("did you mean"):
        return problem
    from gradcli.shell.writers.option_hints import option_hint

    value = _option(arguments, f"--{name}")
    hint = option_hint(f"--{name}", value, command, find)
    if _occurs(name, arguments, value):
        return problem  # which is about a variable
    if hint is None:
        strange = problem.text is not None and _has_expression(arguments)
        return _strange(name, command) if strange else problem
    known = UsageProblem(f"there is no option --{name}", hint=hint)
    return known if problem.text is not None else _with_hint(problem, hint)


def _has_expression(arguments: Sequence[str]) -> bool:
    """Whether an expression was typed behind the command: without one the session's variables are meant."""
    return bool(arguments[1:2]) and arguments[1][:1] != "-"


def _occurs(name: str, arguments: Sequence[str], value: str | None = None) -> bool:
    """Whether *name* may be a variable: it stands in an argument that is no option, and not the *value* of this one."""
    return any(name in arg for arg in _options(arguments)[1:] if arg[:1] != "-" and arg != value)


def _strange(name: str, command: click.Command | None, meant: str | None = None) -> UsageProblem:
    """The error about a name that is neither an option nor a variable. meant: a hint about it."""
    if meant is not None:
        return UsageProblem(f"there is no option --{name}", hint=meant)
    hint = f"gradcli {command.name} --help lists the options" if command else None
    return UsageProblem(
        f"there is no option --{name}, and {name} is not a variable of the expression", hint=hint
    )


def _with_hint(problem: GradcliError, hint: str) -> GradcliError:
    problem.hint = hint
    return problem


def _command(arguments: Sequence[str], find: Find) -> click.Command | None:
    """The command that was called."""
    return find(arguments[0]) if arguments and arguments[0] in COMMANDS else None


def _lowered(message: str) -> str:
    text = message.rstrip(".")
    return text[:1].lower() + text[1:]


def _option_names(context: Any) -> list[str]:
    params = context.command.params if context else []
    return [spelling[2:] for param in params for spelling in param.opts if spelling.startswith("--")]


def _color(arguments: Sequence[str]) -> str:
    return _option(arguments, "--color") or "auto"


def _format(arguments: Sequence[str]) -> str:
    words = [arg[2:] for arg in _options(arguments) if arg in ("--json", "--csv")]
    return _option(arguments, "--format") or (words[0] if words else "text")


def _options(arguments: Sequence[str]) -> Sequence[str]:
    """The arguments before --: what stands after it is text."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _option(arguments: Sequence[str], name: str) -> str | None:
    """An option's value from the bare arguments, for errors that come before they are parsed."""
    for index, argument in enumerate(_options(arguments)):
        if argument.startswith(name + "="):
            return argument.partition("=")[2]
        if argument == name and index + 1 < len(arguments):
            return arguments[index + 1]
    return None
