"""Commands with examples, whose help is written in groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from gradcli.shell.help.help_option import Helpful
from gradcli.shell.help.option_aliases import spelled_out
from gradcli.shell.help.option_groups import ARGUMENTS


class Documented(Helpful):
    """A command with examples, each a command line and what it is for, whose help is written in groups."""

    def __init__(self, *args: Any, examples: Sequence[tuple[str, str]] = (), **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.examples = examples

    #: What help says of options that only the user can name.
    named_by_user: tuple[tuple[str, str], ...] = ()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with options under their other names; help looks at the arguments too."""
        args = spelled_out(args, self.params)
        ctx.meta[ARGUMENTS] = tuple(args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The whole page."""
        from gradcli.shell.help.help_page import write_page

        write_page(self, self.examples, self.named_by_user, ctx, formatter)


class DocumentedGroup(Documented, click.Group):
    """The same with subcommands, which are documented as well."""

    command_class = Documented
