"""Commands and options that know their place in `--help`; what is written of them stands in `help_page`."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import click

from gradcli.language.errors import UsageProblem

F = TypeVar("F", bound=Callable[..., Any])

#: Where the bare arguments of a command are kept while it is parsed.
ARGUMENTS = "gradcli.arguments"


#: Where a command keeps whether --sum was given.
SUM = "gradcli.sum"


class OptionGroup(Enum):
    """The groups of a command's help, in their order; DATA, PROOF, SETTINGS and COMMON have pages of their own."""

    POINT = "The point"
    COMPUTED = "What to compute"
    DESCENT = "The descent"
    MINIMA = "Several minima"
    PATH = "Path and pictures"
    ANSWER = "The answer"
    MEMORY = "Memory"
    DATA = "Files of data"
    PROOF = "A proof in a box"
    SETTINGS = "Settings of an optimizer"
    COMMON = "Common options"


class Option(click.Option):
    """An option with its group.

    beside: the option on whose line it stands. details: what is told where there is more room than one line.
    """

    def __init__(
        self, *args: Any, group: OptionGroup, beside: str = "", details: str = "", help: str | None = None,
        **attributes: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **attributes)
        self.group, self.beside, self.details = group, beside, details
        self.help = help  # one line, without margins that click would have to look for

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """As click does. Raises UsageProblem for a value that is empty: $NAME where there is no NAME."""
        given = value if isinstance(value, list | tuple) else (value,)
        if any(isinstance(one, str) and not one.strip() for one in given):
            kinds = "|".join(getattr(self.type, "choices", ()))
            raise UsageProblem(f"{self.opts[0]} is empty", hint=f"{self.opts[0]} {kinds or self.metavar}")
        return super().type_cast_value(ctx, value)


def listing(*spellings: str, group: OptionGroup, **attributes: Any) -> Callable[[F], F]:
    """An option with a list, A,B: given again it adds to the list, as --at does. None where it is not given."""
    return option(*spellings, group=group, multiple=True, callback=_joined, **attributes)


def _joined(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> str | None:
    return ",".join(values) if values else None


def option(
    *spellings: str, group: OptionGroup, cls: type[Option] = Option, **attributes: Any
) -> Callable[[F], F]:
    """`click.option` with the group of help in which it stands."""
    return click.option(*spellings, cls=cls, group=group, **attributes)
