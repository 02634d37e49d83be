"""`gradcli report`: one page to hand in or to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from gradcli.shell.help.option_groups import OptionGroup, listing, option
from gradcli.shell.options.common_options import (
    constraint_option,
    corner_option,
    problem_options,
    session_options,
    sum_option,
)
from gradcli.shell.options.data_options import columns_option
from gradcli.shell.options.picture_options import kind_of
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.plots.loss_plot import MOST_DRAWN
from gradcli.shell.problems.problem import from_command_line, with_constraints
from gradcli.shell.problems.problem_source import with_rows
from gradcli.shell.process.environment import open_memory
from gradcli.shell.reports.report_case import Case, Shown
from gradcli.shell.reports.report_sections import KINDS, write
from gradcli.shell.writers.answer_writer import write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.files.file_columns import DataRequest


@click.command(
    cls=VariableCommand,
    long=True,
    examples=(
        ('gradcli report "x**2+y**2" --x 5 --y 3 --out report.html', "a problem"),
        ("gradcli report --out report.md", "the session's way"),
    ),
)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@option("--out", group=OptionGroup.ANSWER, required=True, metavar="FILE",
        help="The page, needed: FILE.html, FILE.md or FILE.tex.")  # fmt: skip
@listing("--axes", group=OptionGroup.ANSWER, metavar="X,Y", help="The one or two variables to draw along.")
@option("--range", "ranges", group=OptionGroup.ANSWER, metavar="X=LOW:HIGH", multiple=True,
        help="The range of an axis.")  # fmt: skip
@corner_option("least")
@constraint_option(OptionGroup.ANSWER)
@sum_option(OptionGroup.POINT, "--wrt")
@problem_options
@columns_option
@session_options
def report(
    expressions: tuple[str, ...],
    values: Sequence[tuple[str, str]],
    at: tuple[str, ...],
    wrt: str | None,
    out: str,
    axes: str | None,
    ranges: tuple[str, ...],
    corner: str,
    session: str,
    data: DataRequest | None,
    subject_to: tuple[str, ...],
) -> None:
    """Write one page on EXPR, or on the session's problem and the way it has gone.

    The problem, its formulas and their derivation, the descent as a table, how it ended and why, pictures, the
    commands that lead there again, versions. A problem without steps is minimized for it; the session stays as it is.
    After `gradcli fit` it is the fit's page.
    """
    kind = kind_of(out, tuple(KINDS))
    with open_memory() as memory:
        asked = bool(expressions or values or at or wrt or data or axes or ranges) or corner != "least"
        kept = None if asked else _kept_fit(memory, session)
        if kept is not None:
            from gradcli.shell.reports.fit_report import write_fit_report

            write_fit_report(memory, kept, session, out)
            write_notes(memory.notices)
            return
        typed_problem = from_command_line(expressions, values, at, wrt)
        problem = with_constraints(
            memory, with_rows(memory, typed_problem, data, session, MOST_DRAWN), subject_to
        )
        typed = bool(expressions) or bool(values) or bool(at) or bool(subject_to)
        case = Case(memory, problem, session, typed, Shown(axes, ranges, corner))
        write(case, out, kind)
        write_notes(memory.notices)


def _kept_fit(memory: Store, session: str) -> State | None:
    """The session's state where a fit led there and nothing has moved it since."""
    from gradcli.memory.session_history import current

    state = current(memory, session)
    return state if state is not None and "fit" in state.settings else None
