"""The options of `fit`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from gradcli.shell.help.option_groups import OptionGroup, listing, option
from gradcli.shell.options.common_options import output_options, session_options
from gradcli.shell.options.data_options import columns_option
from gradcli.shell.options.engine_options import engine_options
from gradcli.shell.options.limit_options import limit_options
from gradcli.shell.options.number_types import Finite

F = TypeVar("F", bound=Callable[..., Any])


def fit_options(function: F) -> F:
    """Everything that `fit` takes."""
    own = [
        option("--to", group=OptionGroup.POINT, metavar="EXPR", help="What is fitted, made of columns."),
        option("--nll", group=OptionGroup.POINT, beside="--to", metavar="EXPR", help="A cost."),
        option("--at", "at", group=OptionGroup.POINT, metavar="A=5,B=3", multiple=True,
               help="Starts, or @FILE: the point of an answer."),
        option("--start", group=OptionGroup.DESCENT, type=click.Choice(["auto", "given"]), default="auto",
               show_default=True, help="Whether points beyond the start are tried."),
        option("--fix", group=OptionGroup.DESCENT, metavar="A=1", multiple=True, help="Hold parameters."),
        listing("--bounds", group=OptionGroup.DESCENT, beside="--fix", metavar="A=0:1", help="Or in intervals."),
        option("--sigma-y", "sigma_y", group=OptionGroup.DESCENT, metavar="EXPR",
               help="Each row's standard deviation."),
        option("--weights", group=OptionGroup.DESCENT, beside="--sigma-y", metavar="W", help="Its weight."),
        option("--sigma-x", "sigma_x", group=OptionGroup.DESCENT, multiple=True, metavar="[X=]EXPR",
               help="That of the model's column."),
        option("--absolute-sigma", "absolute_sigma", group=OptionGroup.DESCENT, is_flag=True,
               help="Errors are not scaled by the residuals."),
        option("--loss", group=OptionGroup.DESCENT, default="linear", show_default=True, metavar="KIND[:SCALE]",
               help="Or huber, soft-l1, cauchy, tukey."),
        option("--by", group=OptionGroup.DESCENT, metavar="COLUMN", help="A fit for each of its numbers."),
        listing("--share", group=OptionGroup.DESCENT, beside="--by", metavar="A,B", help="Shared."),
        option("--confidence", group=OptionGroup.ANSWER, type=Finite(0, 100, min_open=True, max_open=True),
               default=95.0, show_default=True, metavar="P", help="Of the intervals, in %."),
        option("--profile", group=OptionGroup.ANSWER, beside="--confidence", is_flag=True, help="Likelihood."),
        option("--derive", group=OptionGroup.ANSWER, multiple=True, metavar="NAME=EXPR",
               help="What is made of parameters, with its error."),
        option("--predict", group=OptionGroup.ANSWER, metavar="X=[1,2]|FILE", help="Values of the model, with bands."),
        option("--residuals", group=OptionGroup.ANSWER, is_flag=True, help="Each row: fitted, residual, leverage."),
        option("--plot", group=OptionGroup.ANSWER, beside="--residuals", is_flag=True, help="A picture."),
        option("--compare", group=OptionGroup.ANSWER, metavar="MODEL", help="Another model beside it: F, AIC."),
        limit_options, columns_option, engine_options, session_options,
        option("--no-save", group=OptionGroup.MEMORY, beside="--session", is_flag=True, help="Leave it as it is."),
        output_options(),
    ]  # fmt: skip
    for one in reversed(own):
        function = one(function)
    return function
