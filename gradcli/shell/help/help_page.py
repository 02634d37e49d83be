"""A command's help: what it does, examples, its options in groups; or the settings of one optimizer."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence

import click

from gradcli.shell.help.help_text import Row, group_of, row, write_examples, write_groups, write_text
from gradcli.shell.help.option_groups import ARGUMENTS, OptionGroup

#: Groups with a page of their own → what a command's page says of it; of files it is --data that says it.
ELSEWHERE = {
    OptionGroup.DATA: "",
    OptionGroup.PROOF: "With --prove: --gap, --integer, --certificate (gradcli help proofs).",
    OptionGroup.SETTINGS: "An optimizer's settings: `--optimizer adam --help`, `gradcli optimizers adam`.",
    OptionGroup.COMMON: "Common options: gradcli help options.",
}

#: What the page of all commands begins with.
EXAMPLES = (
    ('gradcli grad "x**2+x*y+3" --x 5 --y 3', "value, formulas and gradient"),
    ("gradcli step --lr 0.1", "one step downhill; again to go on"),
)

CLOSING = "`gradcli COMMAND --help` tells of one command, `gradcli help` of all else."


def write_front_page(
    page: click.HelpFormatter,
    summary: str,
    purposes: Mapping[str, Mapping[str, str]],
    statuses: Mapping[int, str],
) -> None:
    """Write what there is: the commands by what they are for, and the exit statuses."""
    write_text(page, summary)
    page.write_paragraph()
    write_examples(page, EXAMPLES)
    write_groups(page, [(purpose, list(commands.items())) for purpose, commands in purposes.items()])
    write_groups(page, [("Exit statuses", [(f"{status:>3}", text) for status, text in statuses.items()])])
    page.write_text(CLOSING)


def write_page(
    command: click.Command,
    examples: Sequence[Row],
    named: Sequence[Row],
    ctx: click.Context,
    page: click.HelpFormatter,
) -> None:
    """Write the help of *command*; where an optimizer is named on the command line, that of its settings.

    named: what is said of options that only the user can name.
    """
    optimizer, dialect = _asked(command, ctx)
    if optimizer is not None:
        from gradcli.shell.help.settings_page import write_settings

        write_settings(command, ctx, page, optimizer, dialect)
        return
    command.format_usage(ctx, page)
    summary, _, notes = inspect.cleandoc(command.help or "").partition("\n\n")
    write_text(page, summary)
    if examples:
        page.write_paragraph()
        write_examples(page, examples)
    if notes:
        write_text(page, notes)
    page.write_paragraph()
    write_groups(page, list(_groups(command, named, ctx)))
    page.write_paragraph()
    found = {group_of(param) for param in command.params}
    for group, line in ELSEWHERE.items():
        if group in found and line:
            page.write_text(line if group is not OptionGroup.SETTINGS or _names_one(command) else SETTINGS)


#: The same where several optimizers are named.
SETTINGS = "Settings of optimizers are options: `gradcli optimizers adam`."


def _names_one(command: click.Command) -> bool:
    """Whether the command takes one optimizer."""
    return any("--optimizer" in param.opts for param in command.params)


def _asked(command: click.Command, ctx: click.Context) -> tuple[str | None, str | None]:
    """The optimizer and the dialect on the command line, where the command has settings of optimizers."""
    if all(group_of(param) is not OptionGroup.SETTINGS for param in command.params):
        return None, None
    given, _, _ = command.make_parser(ctx).parse_args(list(ctx.meta.get(ARGUMENTS, ())))
    return given.get("optimizer"), given.get("dialect")


def _groups(
    command: click.Command, named: Sequence[Row], ctx: click.Context
) -> Iterable[tuple[str, list[Row]]]:
    """The groups that have options, with a row for each option or for some that belong together."""
    for group in OptionGroup:
        if group in ELSEWHERE:
            continue
        options = [p for p in command.params if isinstance(p, click.Option) and group_of(p) is group]
        firsts = [one for one in options if not getattr(one, "beside", "")]
        rows = [
            row(ctx, [first, *(o for o in options if getattr(o, "beside", "") in first.opts)])
            for first in firsts
        ]
        if group is OptionGroup.POINT and rows:
            rows = [*named, *rows]
        if rows:
            yield group.value, rows
    if isinstance(command, click.Group):
        commands = [(name, command.commands[name]) for name in command.list_commands(ctx)]
        yield "Commands", [(name, (one.help or "").partition("\n\n")[0]) for name, one in commands]
