"""`gradcli fit`: the parameters of a model that fit the rows of a file, and how sure they are."""

from __future__ import annotations

from typing import Any

import click

from gradcli.shell.fits.questions.fit_options import fit_options
from gradcli.shell.options.variable_options import VariableCommand

EXAMPLES = (
    ('gradcli fit "a*exp(-k*t)" --to y --data d.csv', "starts are looked for"),
    ('gradcli fit "a*t+b" --to y --data d.csv --a 1', "from a start"),
)


@click.command(cls=VariableCommand, examples=EXAMPLES)
@click.argument("expressions", metavar="MODEL", nargs=-1)
@fit_options
def fit(**options: Any) -> None:
    """Fit MODEL to --to by least squares: estimates, errors, and how it ended.

    Names that are columns of --data are data, all others parameters; --NAME VALUE is a start. Status 1 where there is
    no minimum: gradcli help fitting.
    """
    from gradcli.shell.fits.fit_answer import (
        answer_fit,
    )  # which loads balls: `fit --help` and hints do without

    answer_fit(**options)
