"""Variables as options: a command on which every `--name value` it does not know gives a variable its value."""

from __future__ import annotations

import os
import re
from functools import partial
from itertools import pairwise
from typing import Any

import click
from click.core import ParameterSource

from gradcli.language.errors import UsageProblem
from gradcli.language.limits import limit
from gradcli.language.names import checked_name, is_name, normal
from gradcli.shell.help.documented_command import Documented
from gradcli.shell.help.option_aliases import spelled_out, used
from gradcli.shell.help.option_groups import SUM
from gradcli.shell.problems.values import assignments
from gradcli.shell.process.memory_limit import bound_memory
from gradcli.shell.process.timeout import PIPED_TIMEOUT, in_time

#: A name that is not ASCII, with the marks above its letters.
_NAME = r"[^\W\d][\w\u0300-\u036f]*"

#: What looks like an option, but is no name of a variable: --no-sav.
_OPTION = r"--[a-zA-Z][a-zA-Z0-9]*-[a-zA-Z0-9-]*(?==|$)"

#: A hyphen, and what word processors make of two.
_DASHES = tuple("-‐‑‒–—―−")

#: The parameters that may be - for standard input.
_READ = ("expressions", "source", "files")

#: The options about files of data, whose columns may have these names.
FILES = ("--data", "--column", "--missing", "--na", "--decimal", "--delimiter", "--bad-rows")

#: Where the values of variables are kept among a command's parameters.
VALUES = "values"


class TimedCommand(Documented):
    """A command that ends within the time of --timeout; what it reads from standard input has a time by default.

    A command with `each` gives that time to each of the problems that it reads, by itself. One that is `long`, and
    any that calculates more digits than floats have, has that time where nobody gives it another.
    """

    def __init__(self, *args: Any, each: bool = False, long: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.each, self.long = each, long

    def invoke(self, ctx: click.Context) -> Any:
        """As click does, within its time."""
        reads = any("-" in (ctx.params.get(name) or ()) for name in _READ)
        if self.each and ctx.params.get("expressions") == ("-",):
            bound_memory(0)  # each problem has a bound of its own
            return super().invoke(ctx)
        takes_long = reads or self.long or (ctx.params.get("digits") or 0) > 15
        return in_time(partial(super().invoke, ctx), limit("time") or (PIPED_TIMEOUT if takes_long else None))


def _as_text(args: list[str]) -> list[str]:
    """The arguments, with those after -- out of reach of all that has a meaning on a command line.

    A lone - asks for standard input, and -- keeps no command from seeing that. A blank before it is nothing to
    the language, and makes it the text of an expression. So it does for @, which asks for a file.
    """
    if "--" not in args:
        return args
    end = args.index("--")
    return [
        *args[: end + 1],
        *(f" {arg}" if arg == "-" or arg.startswith("@") else arg for arg in args[end + 1 :]),
    ]


class VariableCommand(TimedCommand):
    """A command whose unknown long options are variables, and real options for click from then on.

    `--x 5`, `--x=-3` and `--x -3` all work; the command's callback gets them as `values`, pairs of name and
    text in the order given. An argument that begins with a single - is an expression, such as -x**2.
    """

    named_by_user = (("--NAME VALUE", "A variable's value: --x 5, --x pi/4, --x [1,2]."),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context_settings = {**self.context_settings, "ignore_unknown_options": True}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Make an option of every unknown name, and text of what stands after --; then let click parse as ever."""
        args = spelled_out(args, self.params, self._variables_of_that_name(ctx, args))
        known = {spelling for param in self.params for spelling in (*param.opts, *param.secondary_opts)}
        known |= set(ctx.help_option_names)
        end = args.index("--") if "--" in args else len(args)
        _check_ended(args[:end], self.params) if end < len(args) else None
        _check_hyphens(args, known)
        names = _unknown(args, known, ctx)
        _check_given(args, names)
        added = [_variable(number, name) for number, name in enumerate(names)]
        own = self.params
        self.params = [*own, *added]
        try:
            rest = super().parse_args(ctx, _as_text(args))
        finally:
            self.params = own
        _read_files(ctx)
        _read_constraints(ctx)
        given = [(option.opts[0][2:], ctx.params.pop(str(option.name))) for option in added]
        ctx.params[VALUES] = tuple(
            (checked_name(normal(name), f"--{name}"), text) for name, texts in given for text in texts
        )
        _check_expressions(ctx, known)
        _check_free_names(ctx, args[:end], own)
        return rest

    def _variables_of_that_name(self, ctx: click.Context, args: list[str]) -> set[str]:
        """The aliases on the command line that are variables of its expression, or without one of the session's."""
        names = {name for name in used(args, self.params) if is_name(name[2:])}
        if not names:
            return set()
        from gradcli.shell.problems.expression_arguments import free_names, free_names_of_session

        own = self.params
        self.params = [*own, *(_variable(number, name[2:]) for number, name in enumerate(sorted(names)))]
        try:
            given, _, _ = self.make_parser(ctx).parse_args(list(args))
        except click.UsageError:  # no value for one of them: a flag
            return set()
        finally:
            self.params = own
        texts, session = given.get("expressions"), given.get("session")
        if isinstance(texts, tuple) and texts:
            free = free_names(texts)
        else:
            named = session if isinstance(session, str) else os.environ.get("GRADCLI_SESSION")
            free = free_names_of_session(named or "default")
        return {name for name in names if name[2:] in free}


def _check_given(args: list[str], names: list[str]) -> None:
    """Raises BadOptionUsage for a variable in the place of whose value the next option stands: `--x --y 3`."""
    for arg, value in pairwise(args):
        if arg == "--":
            return
        if arg[:2] == "--" and arg[2:] in names and _named(value):
            raise click.BadOptionUsage(arg, f"Option {arg!r} requires an argument.")


def _check_expressions(ctx: click.Context, options: set[str]) -> None:
    """Raises UsageProblem for an argument that is no expression of the command's problem; see `check_arguments`."""
    texts = ctx.params.get("expressions") or ()
    if len(texts) > 1 or (texts and texts[0][:1].isdigit()):
        from gradcli.shell.problems.expression_arguments import check_arguments

        asked = bool(ctx.meta.get(SUM)) or ctx.params.get("grad_ys") is not None
        typed = ctx.get_parameter_source("chosen") is ParameterSource.COMMANDLINE
        chosen = str(ctx.params["chosen"]).split(",") if typed else ()
        check_arguments(str(ctx.command.name), texts, options, asked=asked, chosen=chosen,
                        valued=bool(ctx.params[VALUES] or ctx.params.get("at")))  # fmt: skip


def _check_free_names(ctx: click.Context, args: list[str], params: list[click.Parameter]) -> None:
    """Raises UsageProblem for an option whose name is also a variable's, unless --at says which value that has."""
    own = {spelling for param in params for spelling in param.opts}
    texts: tuple[str, ...] = ctx.params.get("expressions") or ()
    typed = {arg.partition("=")[0]: arg for arg in args if arg.partition("=")[0] in own}
    names = [
        option[2:]
        for option in typed
        if is_name(option[2:]) and any(option[2:] in text for text in texts) and not _is_of_files(ctx, option)
    ]
    if not names:
        return
    from gradcli.shell.problems.expression_arguments import free_names
    from gradcli.shell.writers.own_variables import option_or_variable

    free = free_names(texts)
    at = [name for text in ctx.params.get("at") or () for name, _ in assignments(text)]
    for name in names:
        if name in free and name not in at:
            raise option_or_variable(str(ctx.command.name), name)


def _read_files(ctx: click.Context) -> None:
    """`@FILE` as an expression or a point -> what is in it; a point of strangers is none of ours."""
    if any(text.startswith("@") for text in ctx.params.get("expressions") or ()):
        from gradcli.shell.process.expression_files import typed_expression

        ctx.params["expressions"] = tuple(map(typed_expression, ctx.params["expressions"]))
    if any(text.startswith("@") for text in ctx.params.get("at") or ()):
        from gradcli.language.limits import for_strangers
        from gradcli.shell.problems.point_files import typed_point

        if not for_strangers():  # whose values a script passes on
            ctx.params["at"] = tuple(map(typed_point, ctx.params["at"]))


def _read_constraints(ctx: click.Context) -> None:
    """`@FILE` as constraints -> what is in it. Raises SyntaxProblem for what compares nothing."""
    texts = ctx.params.get("subject_to") or ()
    if any(text.startswith("@") for text in texts):
        from gradcli.shell.process.expression_files import typed_expression

        ctx.params["subject_to"] = texts = tuple(map(typed_expression, texts))
    for text in texts:
        if not any(
            sign in text for sign in "=<>≤≥"
        ):  # what the shell left of x >= 0.2, told before what it made of the rest
            from gradcli.language.constraints.constraint_text import constraints_of

            constraints_of(text)


def _is_of_files(ctx: click.Context, option: str) -> bool:
    """Whether an option is surely about files of data, and its name may be a column's: files are named, and no numbers."""
    files = ctx.params.get("data") or ()
    return bool(files) and option in FILES and not any(re.fullmatch(r"[-+.0-9e]+", file) for file in files)


def _variable(number: int, name: str) -> click.Option:
    return click.Option([f"--{name}", f"variable_{number}"], multiple=True, metavar="VALUE", hidden=True)


def _check_ended(options: list[str], params: list[click.Parameter]) -> None:
    """Raises NoSuchOption's kin where -- would be taken for the value of the option before it: it ends the options."""
    last = options[-1] if options else ""
    owner = next((param for param in params if last in param.opts), None)
    flag = isinstance(owner, click.Option) and (owner.is_flag or owner.count)
    if _named(last) and "=" not in last and not flag and last not in ("--help",):
        raise click.BadOptionUsage(last, f"Option {last!r} requires an argument.")


def _check_hyphens(args: list[str], options: set[str]) -> None:
    """Raises UsageProblem for `-x 5`, also where it stands first: a missing hyphen, or a dash in the place of two."""
    for arg, value in pairwise(args):
        if arg == "--":
            break
        if not arg.startswith(_DASHES) or arg.startswith("--"):
            continue
        if re.fullmatch(r"[^\W\d]\w*", arg[1:]) and re.fullmatch(r"[-+]?[0-9][0-9.e+-]*", value):
            from gradcli.shell.problems.expression_arguments import letter_option

            message = f"{arg} {value} gives no value: variables have two hyphens"
            option = letter_option(arg[1:], args, options) or f"--{arg[1:]}"
            raise UsageProblem(message, hint=f"did you mean {option} {value}?")


def _unknown(args: list[str], known: set[str], ctx: click.Context) -> list[str]:
    found: dict[str, None] = {}
    for arg in args:
        if arg == "--":
            break
        if arg.partition("=")[0] in known or not arg.startswith("--"):
            continue
        if name := _named(arg):
            found[name] = None
        elif (mistyped := re.match(_OPTION, arg)) and mistyped.group() not in known:
            raise click.NoSuchOption(mistyped.group(), ctx=ctx)
    return list(found)


def _named(arg: str) -> str:
    """The name in an argument such as --x and --x=5; empty where it is none such."""
    name = arg[2:].partition("=")[0] if arg.startswith("--") else ""
    # A pattern that is compiled at each start costs more than all that is left to be asked of it.
    return name if (name.isidentifier() if name.isascii() else re.fullmatch(_NAME, name)) else ""
