"""`gradcli plot`: a picture of the expression, its gradient, and the way that the session has gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from gradcli.language.errors import SessionProblem, UsageProblem
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.help.option_groups import OptionGroup, listing, option
from gradcli.shell.options.common_options import (
    color_option,
    constraint_option,
    corner_option,
    problem_options,
    session_options,
)
from gradcli.shell.options.data_options import columns_option
from gradcli.shell.options.number_types import Whole
from gradcli.shell.options.picture_options import Range, has_formulas, ranges_of
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.plots.loss_plot import MOST_DRAWN, compiled_over_rows, is_over_rows, outputs_over_rows
from gradcli.shell.plots.plot_request import PlotRequest, axes_of, draw, plot_request
from gradcli.shell.plots.terminal_plot import on_terminal
from gradcli.shell.problems.problem import Problem, from_command_line, with_constraints
from gradcli.shell.problems.problem_source import with_rows
from gradcli.shell.problems.value_checks import check_names
from gradcli.shell.process.environment import open_memory
from gradcli.shell.sessions.descent_path import Point, points_beside
from gradcli.shell.sessions.replayed_path import path_of_session
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest


EXAMPLES = (
    ('gradcli plot "sin(x)/x" --range x=-10:10', "a curve and its slope"),
    ('gradcli plot "x**2+x*y+3" --x 5 --y 3', "a landscape"),
    ("gradcli plot --out way.svg", "the session's way, in a file"),
)


@click.command(cls=VariableCommand, long=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@option(
    "--range",
    "ranges",
    group=OptionGroup.PATH,
    metavar="X=LOW:HIGH",
    multiple=True,
    help="The range of an axis.",
)
@listing(
    "--axes", group=OptionGroup.PATH, metavar="X,Y", help="The variables to draw along; others stay fixed."
)
@option("--convergence", "converges", group=OptionGroup.PATH, is_flag=True,
        help="Draw f and the gradient's norm over the steps.")  # fmt: skip
@option("--out", group=OptionGroup.PATH, metavar="FILE", multiple=True,
        help="Draw into FILE.html, .png, .svg or .pdf.")  # fmt: skip
@option("--size", group=OptionGroup.PATH, metavar="WIDTHxHEIGHT",
        help="Columns and lines; in files pixels (1200x900).")  # fmt: skip
@option("--grid", group=OptionGroup.PATH, type=Whole(2), metavar="N",
        help="Samples along each axis of a file (200).")  # fmt: skip
@option("--format", "format_", group=OptionGroup.ANSWER, type=click.Choice(["text", "json"]), default="text",
        show_default=True, metavar="FORMAT", help="The picture, or its numbers in json.")  # fmt: skip
@option(
    "--get", group=OptionGroup.ANSWER, beside="--format", metavar="PATH", help="One of them, e.g. heights.1."
)
@corner_option("none", OptionGroup.PATH)
@constraint_option(OptionGroup.PATH)
@problem_options
@columns_option
@session_options
@color_option
def plot(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None,
    ranges: tuple[str, ...], axes: str | None, converges: bool, out: tuple[str, ...], size: str | None, grid: int | None,
    corner: str, session: str, color: str, format_: str, get: str | None, data: DataRequest | None,
    subject_to: tuple[str, ...],
) -> None:  # fmt: skip
    """Draw EXPR, or the session's problem and the way it has gone, on the terminal or to a file.

    One variable: f with its tangent above, f′ below; corners, poles, holes and extrema are marked. Several EXPR: a
    curve each. Two variables: contours, arrows along the negative gradient, the way with its steps numbered. More:
    --axes says which two, the others stay where they are. EXPR may be -: a JSON problem from standard input.
    """
    typed = from_command_line(expressions, values, at, wrt)
    with open_memory() as store:
        drawn = with_constraints(store, with_rows(store, typed, data, session, MOST_DRAWN), subject_to)
        points = [] if typed.texts else points_beside(path_of_session(store, session), drawn.at)
        apart = len(typed.texts) > 1
        want = looked_at(store, drawn, points, axes, ranges, out, apart=apart)._replace(corner=corner)
        if converges and len(want.way) < 2:
            raise SessionProblem("there are no steps to draw yet", hint="take some: gradcli step --steps 20")
        notes: dict[str, None] = {}
        if format_ == "json" or get is not None:
            notes |= _numbers(want, converges, OutputOptions(format_, get))
        elif not out or "-" in out:
            notes |= dict.fromkeys(on_terminal(want, converges, size, color).notes)
        for file in out:
            from gradcli.shell.plots.picture_file import draw_to_file

            if file != "-":
                notes |= dict.fromkeys(draw_to_file(want, converges, file, size, grid).notes)
        write_notes([*notes, *store.notices], color)


def _numbers(want: PlotRequest, converges: bool, manner: OutputOptions) -> dict[str, None]:
    """Write what is drawn as a record; its notes."""
    from gradcli.output.pictures.picture_description import picture_record
    from gradcli.shell.plots.picture_file import samples_of

    picture = draw(want, converges, (samples_of(want),) * 2)
    write_answer(Report(lambda: picture_record(picture), list, list), manner)
    return dict.fromkeys(picture.notes)


def looked_at(
    store: Store, problem: Problem, points: Sequence[Point], axes: str | None, ranges: Sequence[str],
    files: Sequence[str], *, apart: bool,
) -> PlotRequest:  # fmt: skip
    """The problem to draw, for *files*, with the way of the session. apart: whether its expressions are a curve each."""
    numbers = {name: float(value) for name, value in problem.at.items()}
    if apart and problem.constraints:
        raise UsageProblem(
            "constraints are drawn with one expression", hint="several curves: leave --subject-to out"
        )
    if apart:
        return _several(store, problem, numbers, axes, ranges_of(ranges), files)
    if is_over_rows(problem):
        compiled = compiled_over_rows(store, problem, formulas=has_formulas(files))
        return plot_request(compiled, numbers, points, axes, ranges_of(ranges), problem.wrt)
    along = None if problem.data is None else problem.wrt  # the numbers of files stand still
    compiled = compiled_or_cached(
        store, problem.texts, problem.at.keys(), along, formulas=has_formulas(files)
    )
    if problem.constraints:
        from gradcli.shell.plots.plot_request import request_under

        want = partial(
            plot_request, at=numbers, way=points, axes=axes, ranges=ranges_of(ranges), wrt=problem.wrt
        )
        return request_under(store, problem, compiled, want, formulas=has_formulas(files))
    return plot_request(compiled, numbers, points, axes, ranges_of(ranges), problem.wrt)


def _several(
    store: Store,
    problem: Problem,
    numbers: Mapping[str, float],
    axes: str | None,
    ranges: Mapping[str, Range],
    files: Sequence[str],
) -> PlotRequest:
    """A curve for each expression, all along one variable. Raises UsageProblem for none, or two, that it could be."""
    over_rows = is_over_rows(problem)
    all_of = (
        outputs_over_rows(store, problem)
        if over_rows
        else [
            compiled_or_cached(store, (text,), problem.at.keys(), formulas=has_formulas(files))
            for text in problem.texts
        ]
    )
    variables = list(dict.fromkeys(name for one in all_of for name in one.program.variables))
    check_names(problem.at, variables)
    names = axes_of(axes, variables, numbers, problem.wrt)
    if len(names) != 1:
        raise UsageProblem(f"several expressions are drawn along one variable, and there are {', '.join(variables[:6])}",
                           hint=f"values for the others, such as --{variables[-1]} 1, or --axes {variables[0]}")  # fmt: skip
    wants = []
    for compiled, text in zip(all_of, problem.texts, strict=True):
        along = compiled
        if names[0] not in compiled.program.variables and not over_rows:  # a level line
            along = compiled_or_cached(
                store, (f"({text}) + 0*{names[0]}",), problem.at.keys(), formulas=has_formulas(files)
            )
        here = {name: x for name, x in numbers.items() if name in along.program.variables}
        wants.append(plot_request(along._replace(text=text), here, [], names[0], ranges, None))
    return wants[0]._replace(beside=tuple(wants[1:]))
