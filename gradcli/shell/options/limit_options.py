"""`--timeout` and `--limit` as options of every command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.number_types import Finite
from gradcli.shell.process.memory_limit import bound_memory
from gradcli.shell.process.timeout import PIPED_TIMEOUT, TIMEOUT_KEY

F = TypeVar("F", bound=Callable[..., Any])


def limit_options(function: F) -> F:
    """`--timeout` and `--limit`; commands need not know about them."""
    from gradcli.language.limits import LIMITS

    function = option(
        "--limit", "limits", group=OptionGroup.COMMON, metavar="NAME=N|service", multiple=True,
        expose_value=False, callback=_set_limits,
        help=f"Set a limit: {', '.join(LIMITS)}; `service` sets all for requests from strangers.",
    )(function)  # fmt: skip
    return option(
        "--timeout", group=OptionGroup.COMMON, type=Finite(0, min_open=True), metavar="SECONDS",
        expose_value=False, callback=_set_timeout,
        help="Give up after so long, with status 4 (none; "
        f"{PIPED_TIMEOUT:g} for each problem read from -, plot, report, explain and more than 15 digits).",
    )(function)  # fmt: skip


def _set_limits(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> None:
    from gradcli.language.limits import limits_of, raise_limits

    raise_limits(limits_of(value))
    bound_memory()


def _set_timeout(ctx: click.Context, param: click.Parameter, value: float | None) -> None:
    ctx.meta[TIMEOUT_KEY] = value
