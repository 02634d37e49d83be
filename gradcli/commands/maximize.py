"""`gradcli maximize`: uphill until it can be said how it ended."""

from __future__ import annotations

from typing import Any

import click

from gradcli.shell.descents.descent_run import descend
from gradcli.shell.options.descent_options import descent_options
from gradcli.shell.options.variable_options import VariableCommand


@click.command(cls=VariableCommand, epilog='Example: gradcli maximize "3-(x-1)**2-y**2" --x 5 --y 3')
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@descent_options
def maximize(**options: Any) -> None:
    """Ascend from the point to a maximum, and say how it ended, with evidence.

    Without EXPR the session's problem is maximized from where it stands. The status is 0 for maximum,
    maximum-on-bound, maximum-at-corner and maximum-at-edge, and 1 for any other ending: saddle, minimum, flat, plateau,
    unattained, unbounded, asymptote, domain, stopped, stalled, step-limit, oscillating, diverging, unclassified,
    interrupted (README has a table of them). The session keeps the best point; `gradcli session undo` goes back to before.
    """
    descend(**options, ascend=True)
