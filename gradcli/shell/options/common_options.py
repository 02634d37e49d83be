"""The options that commands share, each in one place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import click

from gradcli.language.errors import UsageProblem
from gradcli.language.names import normal
from gradcli.shell.help.option_aliases import Known
from gradcli.shell.help.option_groups import SUM, OptionGroup, listing, option
from gradcli.shell.options.limit_options import limit_options
from gradcli.shell.options.number_types import Whole
from gradcli.shell.process.option_names import VALUES
from gradcli.shell.writers.answer_writer import FILES, SPREADSHEET

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("text", "json", "jsonl", "csv", "tsv", "latex")
CORNERS = ("none", "least", "left", "right", "tf1", "torch", "jax")


def problem_options(function: F) -> F:
    """`--at` and `--wrt`: the point, and the variables that count; `--timeout` and `--limit`."""
    function = limit_options(function)
    function = listing("--wrt", group=OptionGroup.POINT, metavar="X,Y", help="Only these variables.")(
        function
    )
    return option(
        "--at", "at", group=OptionGroup.POINT, metavar="X=5,Y=3", multiple=True,
        help="Values, or @FILE: the point of an answer.",
    )(function)  # fmt: skip


def sum_option(group: OptionGroup, beside: str = "") -> Callable[[F], F]:
    """`--sum`: several expressions are the terms of one; where it was given is told to who checks the arguments."""

    def note(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        ctx.meta[SUM] = value

    return option("--sum", group=group, beside=beside, is_flag=True, expose_value=False, callback=note,
                  help="Several EXPR are summed.")  # fmt: skip


def constraint_option(group: OptionGroup = OptionGroup.DESCENT, beside: str = "") -> Callable[[F], F]:
    """`--subject-to` or `--st`, as often as wanted: what is to hold."""
    return option(
        "--subject-to", "--st", "subject_to", group=group, beside=beside, multiple=True, metavar="TEXT",
        help="What is to hold: \"x+y = 1\".",
    )  # fmt: skip


def session_options(function: F) -> F:
    """`--session`: which remembered problem."""
    return option(
        "--session", group=OptionGroup.MEMORY, default="default", envvar="GRADCLI_SESSION", metavar="NAME",
        show_default=True, help="Which session (also GRADCLI_SESSION).", callback=lambda ctx, param, name: normal(name),
    )(function)  # fmt: skip


def output_options(formats: tuple[str, ...] = FORMATS) -> Callable[[F], F]:
    """`--format`, `--get`, `--out`, `--digits`, `--color`, `--spreadsheet`: how the answer is written, and where to."""

    def add(plain: F) -> F:
        own = [
            option("--format", "format_", group=OptionGroup.ANSWER, type=Known(formats, VALUES["--format"]), default="text",
                   show_default=True, metavar="FORMAT", help=f"Print {', '.join(formats)}."),
            option("--get", group=OptionGroup.ANSWER, metavar="PATH", help="Print one bare value, e.g. gradient.x."),
            out_option,
            option("--digits", group=OptionGroup.ANSWER, type=Whole(1), metavar="N",
                   help="Significant digits (10), all computed beyond 15."),
            color_option,
            option("--spreadsheet", group=OptionGroup.ANSWER, is_flag=True,
                   help="In csv and tsv, an apostrophe before formulas."),
        ]  # fmt: skip
        function = _for_spreadsheets(to_files(plain, formats))
        for one in reversed(own):
            function = one(function)
        return function

    return add


def out_option(function: F) -> F:
    """`--out`: files for the answer."""
    return option(
        "--out", group=OptionGroup.ANSWER, metavar="FILE", multiple=True,
        help="Into FILE; its ending says what.",
    )(function)  # fmt: skip


def to_files(function: F, formats: tuple[str, ...], any_ending: str | None = None) -> F:
    """*function* with the files of `--out`, which `answer_writer` finds with the command; it gets those of pictures.

    any_ending: the format of every file, whatever it is called. Raises UsageProblem for a file that cannot be made.
    """

    @wraps(function)
    def wanted(*args: Any, out: tuple[str, ...], **options: Any) -> Any:
        draws, rows = "plot" in options, options.get("data") is not None
        folders = rows and "out_format" in options  # of who answers row by row
        chosen = options.pop("out_format", None)
        if chosen is not None and not out:
            raise UsageProblem(
                "--out-format is about the files of --out", hint="--format says how stdout is written"
            )
        if not out:
            return function(*args, **options, **({"plot_out": ()} if draws else {}))
        from gradcli.shell.writers.answer_files import AnswerFiles

        files = AnswerFiles(
            out, formats, pictures=draws, any_ending=chosen or any_ending, rows=rows, folders=folders
        )
        with files:
            click.get_current_context().meta[FILES] = files
            return function(*args, **options, **({"plot_out": tuple(files.pictures)} if draws else {}))

    return cast("F", wanted)


def color_option(function: F) -> F:
    """`--color`: whether the answer is coloured."""
    return option(
        "--color", group=OptionGroup.COMMON, type=click.Choice(["auto", "always", "never"]), default="auto",
        show_default=True, help="Colour; auto means on a terminal, without NO_COLOR.",
    )(function)  # fmt: skip


def _for_spreadsheets(function: F) -> F:
    """*function* without `--spreadsheet`, which `answer_writer` finds with the command that is running."""

    @wraps(function)
    def wanted(*args: Any, spreadsheet: bool, **options: Any) -> Any:
        if spreadsheet and options["format_"] not in ("csv", "tsv"):
            from gradcli.language.errors import UsageProblem

            raise UsageProblem("--spreadsheet is about --format csv and tsv", hint="add --format csv")
        meta = click.get_current_context().meta
        meta[SPREADSHEET] = spreadsheet or meta.get(SPREADSHEET, False)
        return function(*args, **options)

    return cast("F", wanted)


def corner_option(
    default: str, group: OptionGroup = OptionGroup.DESCENT, kinds: tuple[str, ...] = CORNERS
) -> Callable[[F], F]:
    """`--corner`: what to answer where a derivative has a corner."""
    return option(
        "--corner", group=group, type=click.Choice(kinds), default=default, show_default=True, metavar="WHICH",
        help="Slope at a corner: gradcli help corners." if kinds == CORNERS else f"At a corner: {', '.join(kinds)}.",
    )  # fmt: skip


def order_checked(order: int) -> int:
    """The order asked for. Raises LimitProblem for too high a one."""
    from gradcli.language.limits import limit, limit_problem

    if order > limit("order"):
        raise limit_problem("order", f"order {order} is too high: at most {limit('order'):g} is computed")
    return order


def digits_checked(digits: int | None) -> int:
    """The number of digits asked for, 10 unless said. Raises LimitProblem for too many."""
    if digits is not None and digits > 15:
        from gradcli.language.limits import limit, limit_problem

        if digits > limit("digits"):
            raise limit_problem(
                "digits", f"--digits {digits}: at most {limit('digits'):,.0f} digits are calculated"
            )
    return digits or 10


def float_digits(digits: int | None) -> int:
    """The digits to show of floats. Raises UsageProblem for more than they have."""
    if digits is not None and digits > 17:
        hint = "gradcli grad calculates with any number of digits"
        raise UsageProblem(
            f"--digits {digits}: steps are taken in floats, which have 17 digits at the most", hint=hint
        )
    return digits or 10
