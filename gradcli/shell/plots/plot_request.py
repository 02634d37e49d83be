"""A problem, a session's way and options → a picture, whatever the medium."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.language.errors import DomainProblem, GradcliError, UsageProblem, ValueProblem
from gradcli.language.problem_text import heading
from gradcli.output.text.grouped_rows import shown_point
from gradcli.output.text.number_text import shown
from gradcli.shell.options.picture_options import Range
from gradcli.shell.plots.loss_plot import bound_rows, loss_curve_of, loss_landscape_of
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt, connected_names
from gradcli.shell.problems.values import listed
from gradcli.shell.sessions.descent_path import Point, thinned

if TYPE_CHECKING:
    from gradcli.output.pictures.scene import Picture

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.memory.database import Store
    from gradcli.output.pictures.scene import (
        ConvergencePicture,
        CurvePicture,
        LandscapePicture,
        Series,
        Stop,
        Strip,
    )
    from gradcli.shell.plots.constrained_plot import Limits
    from gradcli.shell.problems.problem import Problem


#: Instructions of all rows that the points of a way may take, and the fewest and the most points.
WORK, WAY = 1e9, (30, 2_000)


class PlotRequest(NamedTuple):
    """What to draw: the compiled problem, its point, its way, and the asked for axes and ranges.

    beside: more expressions, a curve each. corner: the slope of the tangent where the point is a corner.
    band, slope_band: strips in which a curve and its slope must lie; remark: what there is to be said of them. limits: the
    constraints, where there are some.
    """

    compiled: Compiled
    at: Mapping[str, float]
    way: Sequence[Point]
    axes: tuple[str, ...]
    ranges: Mapping[str, Range]
    beside: tuple[PlotRequest, ...] = ()
    corner: str = "none"
    band: tuple[Strip, ...] = ()
    slope_band: tuple[Strip, ...] = ()
    remark: str = ""
    limits: Limits | None = None


def axes_of(
    text: str | None, variables: Sequence[str], at: Mapping[str, float], wrt: Sequence[str] | None
) -> tuple[str, ...]:
    """The one or two variables along which the picture extends. Raises UsageProblem, ValueProblem."""
    if not variables:
        raise UsageProblem("a constant has no picture", hint="an expression with a variable: x**2")
    if text is None:
        names = (connected_names(wrt, variables) or tuple(variables))[:2]
        missing = [name for name in variables if name not in at]
        # The variables without a value are what is to be seen, where there are one or two of them.
        return tuple(missing) if at and 0 < len(missing) <= 2 else names
    names = tuple(listed(text, "--axes"))
    if len(names) not in (1, 2) or len(set(names)) != len(names):
        raise UsageProblem("--axes takes one or two different variables", hint="for example --axes x,z")
    check_names(dict.fromkeys(names), variables)
    return names


def plot_request(
    compiled: Compiled,
    at: Mapping[str, float],
    way: Sequence[Point],
    axes: str | None,
    ranges: Mapping[str, Range],
    wrt: Sequence[str] | None,
) -> PlotRequest:
    """What the options ask for, checked against the expression's variables; a long way thinned."""
    variables = compiled.program.variables
    check_names(at, [*variables, *(wrt or ())])
    check_wrt(wrt, variables, at)
    check_names(ranges, variables)
    names = axes_of(axes, variables, at, wrt)
    check_complete(at, [name for name in variables if name not in names])
    for name in ranges:
        if name not in names:
            raise UsageProblem(f"--range {name}: it is not an axis of the picture", hint=f"--axes {name}")
    rows = bound_rows(compiled)
    drawn = thinned(way) if rows is None else thinned(way, rows.within(WORK, *WAY))
    return PlotRequest(compiled, at, drawn, names, ranges)


def request_under(
    store: Store, problem: Problem, compiled: Compiled, want: Callable[[Compiled], PlotRequest], *, formulas: bool
) -> PlotRequest:  # fmt: skip
    """What to draw of a problem under constraints, whose variables are axes as well. want: the rest of the request.

    Raises as *want* does, and what is wrong with a constraint.
    """
    from gradcli.shell.plots.constrained_plot import limits_of
    from gradcli.shell.problems.moving_problem import with_constraint_names

    asked = want(with_constraint_names(store, problem, compiled, formulas=formulas))
    limits = limits_of(problem)
    return asked._replace(limits=limits and limits._replace(at=dict(asked.at)))


def title_of(asked: PlotRequest) -> str:
    """`f = x**2 + y, y = 3`: the expression, and the values that stay fixed."""
    fixed = {
        name: shown(asked.at[name], 5) for name in asked.compiled.program.variables if name not in asked.axes
    }
    held = list(shown_point(fixed).items())
    values = ", ".join(f"{name} = {x}" for name, x in held[:6])
    text = _clipped(heading(asked.compiled.text))
    under = f" subject to {_clipped(asked.limits.told)}" if asked.limits is not None else ""
    return f"f = {text}{under}" + (f" at {values}{', …' if len(held) > 6 else ''}" if held else "")


def _clipped(text: str) -> str:
    return text if len(text) <= 160 else text[:159] + "…"


def _check_reach(asked: PlotRequest) -> None:
    """Raises ValueProblem where what is to be seen lies at the end of pictures."""
    from gradcli.calculus.sampling.sampler import LARGEST

    far = LARGEST / 4  # a range that is chosen around it ends within them
    for name in asked.axes:
        for value in (asked.at.get(name, 0.0), *(point.at[name] for point in asked.way)):
            if not abs(value) <= far:
                raise ValueProblem(f"{name} = {value:g} cannot be drawn: a picture ends at {far:g}")


def curve(asked: PlotRequest, *, marked: bool = True) -> CurvePicture:
    """The picture of f along its one axis. Raises ValueProblem where the point is too far.

    marked: whether extrema under constraints are looked for.
    """
    _check_reach(asked)
    if asked.limits is None:
        return _curve_alone(asked, asked.ranges.get(asked.axes[0]))
    from gradcli.shell.plots.constrained_plot import curve_under, extrema_of

    points, notes = extrema_of(asked.limits, asked.axes, asked.ranges) if marked else ([], [])
    within = asked.ranges.get(asked.axes[0])
    if within is None and points:
        within = _around(asked, [one.at[asked.axes[0]] for one in points if one.active])
    return curve_under(asked.limits, _curve_alone(asked, within), points, notes)


def _around(asked: PlotRequest, places: Sequence[float]) -> Range:
    """The range that a curve chooses, these places within it."""
    from gradcli.calculus.sampling.smooth_pieces import line_of
    from gradcli.output.pictures.curve_picture import chosen_range

    name = asked.axes[0]
    seen = [*places, *(point.at[name] for point in asked.way)]
    return chosen_range(line_of(asked.compiled.program, name, asked.at), asked.at.get(name), seen)


def _curve_alone(asked: PlotRequest, within: Range | None) -> CurvePicture:
    """The picture of f alone."""
    if (rows := bound_rows(asked.compiled)) is not None:
        text, title = asked.compiled.text, title_of(asked)
        return loss_curve_of(rows, text, title, asked.axes[0], asked.at, within, stops(asked))
    from gradcli.output.pictures.curve_picture import curve_picture

    picture = curve_picture(
        asked.compiled.program, title_of(asked), asked.axes[0], asked.at, within=within, path=stops(asked)
    )
    if asked.band:
        notes = (*picture.notes, asked.remark) if asked.remark else picture.notes
        picture = picture._replace(band=asked.band, slope_band=asked.slope_band, notes=notes)
    return picture if picture.tangent else picture._replace(tangent=_chosen_tangent(asked))


def _chosen_tangent(asked: PlotRequest) -> tuple[float, float, float] | None:
    """The line through the point with the slope that --corner chooses there; None where there is none."""
    name = asked.axes[0]
    if asked.corner == "none" or name not in asked.at:
        return None
    from gradcli.calculus.evaluation.gradient_at_point import evaluate

    try:
        answer = evaluate(asked.compiled.program, asked.compiled.text, asked.at, asked.corner)
    except GradcliError:
        return None
    slope = answer.partials.get(name)
    return None if slope is None else (asked.at[name], float(answer.value), float(slope))


def together(wants: Sequence[PlotRequest]) -> CurvePicture:
    """A curve each, in one picture of the range of the first. Raises as `curve` does."""
    from gradcli.output.pictures.scene import Curve

    first = curve(wants[0])
    axis, within = first.axis, (first.xs[0], first.xs[-1])
    rest = [curve(want._replace(ranges={axis: within})) for want in wants[1:]]
    every = [first, *rest]
    named = (f"f{number} = {title_of(want).removeprefix('f = ')}" for number, want in enumerate(wants, 1))
    return first._replace(
        title=", ".join(named), tangent=None, path=(),
        heights=(min(one.heights[0] for one in every), max(one.heights[1] for one in every)),
        steepness=(min(one.steepness[0] for one in every), max(one.steepness[1] for one in every)),
        marks=tuple(mark for one in every for mark in one.marks if mark.kind != "point"),
        notes=tuple(dict.fromkeys(f"f{n}: {note}" for n, one in enumerate(every, 1) for note in one.notes)),
        others=tuple(Curve(f"f{number}", one.xs, one.values, one.slopes) for number, one in enumerate(rest, 2)),
    )  # fmt: skip


def landscape(asked: PlotRequest, size: tuple[int, int], *, marked: bool = True) -> LandscapePicture:
    """The picture of f over its two axes, from size[0] × size[1] samples. Raises as `curve` does.

    marked: whether critical points are looked for.
    """
    _check_reach(asked)
    if (rows := bound_rows(asked.compiled)) is not None:
        axes, title = (asked.axes[0], asked.axes[1]), title_of(asked)
        return loss_landscape_of(
            rows, asked.compiled.text, title, axes, asked.at, size, asked.ranges, stops(asked)
        )
    from gradcli.output.pictures.landscape_picture import landscape_picture

    if asked.limits is not None:
        return _landscape_under(asked, asked.limits, size, marked=marked)
    return landscape_picture(
        asked.compiled.program, title_of(asked), (asked.axes[0], asked.axes[1]), asked.at, size,
        within=asked.ranges, path=stops(asked), marked=marked,
    )  # fmt: skip


def _landscape_under(
    asked: PlotRequest, limits: Limits, size: tuple[int, int], *, marked: bool
) -> LandscapePicture:
    """The picture of f over its two axes under constraints: around what is extreme on them, and the way."""
    from gradcli.output.pictures.landscape_picture import around, landscape_picture
    from gradcli.shell.plots.constrained_plot import extrema_of, landscape_under

    axes, path = (asked.axes[0], asked.axes[1]), stops(asked)
    points, notes = extrema_of(limits, axes, asked.ranges) if marked else ([], [])
    within = dict(asked.ranges)
    for place, name in enumerate(axes):
        seen = [*(one.at[name] for one in points), *((stop.x, stop.y)[place] for stop in path)]
        seen += [asked.at[name]] if name in asked.at else []
        within.setdefault(name, around(seen, asked.at.get(name, 0.0)))
    picture = landscape_picture(
        asked.compiled.program, title_of(asked), axes, asked.at, size, within=within, path=path, marked=False
    )
    return landscape_under(limits, picture, points, notes)


def convergence(asked: PlotRequest, name: str) -> ConvergencePicture:
    """The picture of the way's convergence."""
    from gradcli.output.pictures.convergence_picture import convergence_picture

    return convergence_picture(f"convergence of f = {heading(asked.compiled.text)}", [series(asked, name)])


def series(asked: PlotRequest, name: str) -> Series:
    """f and the norm of its gradient at each point of the way."""
    from gradcli.output.pictures.scene import Series

    values, partials = numbers_of(asked)
    norms = [math.hypot(*(p for p in point if math.isfinite(p))) for point in partials]
    return Series(name, [point.step for point in asked.way], values, norms)


def numbers_of(asked: PlotRequest) -> tuple[list[float], list[list[float]]]:
    """f and all of its partials at each point of the way."""
    from gradcli.calculus.sampling.sampler import sampler

    names = asked.compiled.program.variables
    if not asked.way:
        return [], []
    found = sampler(asked.compiled.program, {}, names)(
        [[point.at[name] for point in asked.way] for name in names]
    )
    return found.value, [list(point) for point in zip(*found.partials, strict=True)]


def stops(asked: PlotRequest) -> list[Stop]:
    """The way as this picture shows it."""
    from gradcli.output.pictures.scene import Stop

    values, _ = numbers_of(asked)
    last = asked.axes[-1]
    return [
        Stop(point.step, point.at[asked.axes[0]], point.at[last], value)
        for point, value in zip(asked.way, values, strict=True)
    ]


def draw(want: PlotRequest, converges: bool, samples: tuple[int, int], *, marked: bool = True) -> Picture:
    """The picture that suits the problem: convergence, curve or landscape. Raises DomainProblem where it would be empty.

    marked: whether the critical points of a landscape are looked for.
    """
    if converges:
        return convergence(want, "f")
    if want.beside:
        picture: CurvePicture | LandscapePicture = together((want, *want.beside))
    else:
        picture = (
            curve(want, marked=marked) if len(want.axes) == 1 else landscape(want, samples, marked=marked)
        )
    if not _shows(picture):
        why = picture.notes[0] if picture.notes else "f has no value anywhere in this picture"
        raise DomainProblem(why, hint=f"--range {want.axes[0]}=LOW:HIGH looks elsewhere")
    return picture


def _shows(picture: CurvePicture | LandscapePicture) -> bool:
    """Whether there is anything to be seen: a value, a marked place, a way."""
    rows = [[value] if isinstance(value, float) else value for value in picture.values]
    drawn = any(math.isfinite(value) for row in rows for value in row)
    return drawn or bool(picture.path) or any(mark.y is not None for mark in picture.marks)
