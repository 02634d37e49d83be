"""`gradcli plot`: a picture of the expression, its gradient, and the way that the session has gone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from gradcli.commands.options import problem_options, session_options
from gradcli.commands.picturing import Wanted, convergence, curve, landscape, ranges_of, wanted
from gradcli.commands.problems import Problem, asked, remembered
from gradcli.commands.retelling import Point, way
from gradcli.commands.screen import screen_size
from gradcli.commands.speaking import colored, remark
from gradcli.commands.surroundings import open_memory, prepared
from gradcli.commands.variables import VariableCommand
from gradcli.language.errors import SessionProblem, UsageProblem
from gradcli.language.limits import limit, limit_problem

if TYPE_CHECKING:
    from gradcli.memory.store import Store
    from gradcli.output.pictures.scene import Picture


@click.command(cls=VariableCommand, long=True, epilog='Example: gradcli plot "x**2+x*y+3" --x 5 --y 3')
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@click.option("--range", "ranges", metavar="X=LOW:HIGH", multiple=True, help="The range of an axis.")
@click.option("--axes", metavar="X,Y", help="The one or two variables to draw along; the others stay fixed.")
@click.option(
    "--convergence", "converges", is_flag=True, help="Draw f and the gradient's norm against the step."
)
@click.option("--out", metavar="FILE", help="Write the picture to FILE.html, .png, .svg or .pdf instead.")
@click.option("--size", metavar="WIDTHxHEIGHT", help="In columns and lines; of a file in pixels (1200x900).")
@click.option("--grid", type=click.IntRange(2), metavar="N", help="Samples along each axis of a file (200).")
@problem_options
@session_options
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
              help="Colour; auto means on a terminal, without NO_COLOR.")  # fmt: skip
def plot(
    expressions: tuple[str, ...],
    values: Sequence[tuple[str, str]],
    at: tuple[str, ...],
    wrt: str | None,
    ranges: tuple[str, ...],
    axes: str | None,
    converges: bool,
    out: str | None,
    size: str | None,
    grid: int | None,
    session: str,
    color: str,
) -> None:
    """Draw EXPR, or the session's problem and the way it has gone, on the terminal or to a file.

    One variable: f with its tangent above, f′ below; corners, poles, holes and extrema are marked. Two: contours,
    arrows along the negative gradient, the way with its steps numbered. More: --axes says which two, the others
    stay where they are.
    """
    typed = asked(expressions, values, at, wrt)
    with open_memory() as store:
        want = looked_at(store, typed, session, axes, ranges)
        if converges and len(want.way) < 2:
            raise SessionProblem("there are no steps to draw yet", hint="take some: gradcli step --steps 20")
        if out is None:
            picture = on_terminal(want, converges, size, color)
        else:
            from gradcli.commands.filing import written

            picture = written(want, converges, out, size, grid)
        remark([*picture.notes, *store.notices], color)


def looked_at(store: Store, typed: Problem, session: str, axes: str | None, ranges: Sequence[str]) -> Wanted:
    """The problem to draw: what was typed, else the session's with the way it has gone."""
    points: list[Point] = []
    problem = typed
    if not typed.texts:
        from gradcli.memory.sessions import current

        problem = remembered(typed, current(store, session), session)
        points = way(store, session)
    compiled = prepared(store, problem.texts, problem.at.keys())
    numbers = {name: float(value) for name, value in problem.at.items()}
    return wanted(compiled, numbers, points, axes, ranges_of(ranges), problem.wrt)


def on_terminal(want: Wanted, converges: bool, size: str | None, color: str) -> Picture:
    """Draw on stdout, as large as the terminal without the line of the next prompt."""
    from gradcli.output.pictures.terminal import samples_for

    columns, rows = terminal_size() if size is None else size_of(size, "for example --size 100x30")
    picture = drawn(want, converges, samples_for(columns, rows))
    if size is None and sys.stderr.isatty():  # what is said below it must not push its title out of sight
        rows -= sum(-(-len(f"note: {note}") // columns) for note in picture.notes)
    write_picture(picture, columns, rows, color)
    return picture


def terminal_size() -> tuple[int, int]:
    """Columns and lines of the terminal, without the line of the next prompt."""
    columns, lines = screen_size()
    return columns, lines - 1


def write_picture(picture: Picture, columns: int, rows: int, color: str) -> None:
    """Write a picture to stdout."""
    from gradcli.output.pictures.terminal import colours, picture_text

    sys.stdout.write(picture_text(picture, columns, rows, colours(colored(color, sys.stdout))))


def drawn(want: Wanted, converges: bool, samples: tuple[int, int], *, marked: bool = True) -> Picture:
    """The picture that suits the problem: convergence, curve or landscape.

    marked: whether the critical points of a landscape are looked for.
    """
    if converges:
        return convergence(want, "f")
    return curve(want) if len(want.axes) == 1 else landscape(want, samples, marked=marked)


def size_of(text: str, hint: str) -> tuple[int, int]:
    """`100x30` → numbers. Raises UsageProblem, and LimitProblem for too large a picture."""
    width, _, height = text.lower().partition("x")
    if not (
        width.isdecimal()
        and height.isdecimal()
        and max(len(width), len(height)) <= 4
        and int(width)
        and int(height)
    ):
        raise UsageProblem("--size takes WIDTHxHEIGHT", hint=hint)
    if int(width) * int(height) > limit("pixels"):
        most = f"a picture has at most {limit('pixels'):,.0f} pixels, or characters"
        raise limit_problem("pixels", f"--size {text}: {most}")
    return int(width), int(height)
