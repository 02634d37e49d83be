"""`gradcli maximize`: uphill until it can be said how it ended."""

from __future__ import annotations

from typing import Any

import click

from gradcli.shell.descents.descent_run import descend
from gradcli.shell.options.descent_options import descent_options
from gradcli.shell.options.engine_options import engine_options
from gradcli.shell.options.variable_options import VariableCommand

EXAMPLES = (('gradcli maximize "3-(x-1)**2-y**2" --x 5 --y 3', "from (5, 3)"),)


@click.command(cls=VariableCommand, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@descent_options
@engine_options
def maximize(**options: Any) -> None:
    """Ascend from the point, or the session's, to a maximum; say how it ended."""
    descend(**options, ascend=True)
