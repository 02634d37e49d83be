"""Any picture → a file by matplotlib: PNG, SVG or PDF, on white whatever the page around it.

The colours of heights are those of cividis: readers who do not see red and green as different tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from gradcli.language.errors import ExtraProblem
from gradcli.output.pictures.matplotlib_annotations import (
    BLUE,
    GREEN,
    GREY,
    LABEL,
    ORANGE,
    PURPLE,
    VERMILION,
    axis_and_notes,
    draw_constraints,
    draw_legend,
    draw_mark,
    draw_path,
    room_for,
    set_title,
    shortened,
)
from gradcli.output.pictures.scales import digits_within, spread, tick_text
from gradcli.output.pictures.scene import (
    ConvergencePicture,
    CurvePicture,
    LandscapePicture,
    Picture,
    Strip,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Formats that matplotlib writes here.
FORMATS = ("png", "svg", "pdf")

_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "gradcli", "pdf.fonttype": 42, "font.size": 10,
          "axes.spines.top": False, "axes.spines.right": False}  # fmt: skip

_DPI = 150

#: Smaller pictures have fewer dots per inch, so that their words keep in proportion; these are the fewest.
_FEWEST = 72


def save(picture: Picture, stream: BinaryIO, kind: str, size: tuple[int, int]) -> None:
    """Write *picture* to *stream*; kind: one of FORMATS; size: in pixels. Raises ExtraProblem without matplotlib."""
    rc_context, new_figure = load_matplotlib()
    dpi = max(min(_DPI, size[0] / 8, size[1] / 6), _FEWEST)
    with rc_context({**_STYLE, "font.family": _fonts(picture)}), quiet():
        figure = new_figure(
            figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi, layout="constrained", facecolor="white"
        )
        if isinstance(picture, CurvePicture):
            _curve(figure, picture)
        elif isinstance(picture, LandscapePicture):
            _landscape(figure, picture)
        else:
            _convergence(figure, picture)
        figure.savefig(stream, format=kind, metadata=_metadata(kind, picture.title))


def load_matplotlib() -> tuple[Any, Any]:
    """matplotlib's rc_context and Figure. Raises ExtraProblem without it.

    Its classes are made without the tables of properties for their help: a tenth of the time of a picture.
    """
    try:
        from matplotlib import artist, rc_context

        table_of_properties = artist.kwdoc
        artist.kwdoc = lambda artist: ""
        try:
            from matplotlib.figure import Figure
        finally:
            artist.kwdoc = table_of_properties
    except ImportError as error:
        raise ExtraProblem.of("a picture in a file needs matplotlib", "plot") from error
    return rc_context, Figure


@contextmanager
def quiet() -> Iterator[None]:
    """Without matplotlib's remarks on glyphs, fonts and tiny numbers: they are Python's, and no user can act on them."""
    import logging
    import warnings

    logging.getLogger("matplotlib.font_manager").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _fonts(picture: Picture) -> list[str]:
    """Fonts for the words of a picture: matplotlib's own, then an installed one for each sign that it lacks."""
    from matplotlib import font_manager, rcParams

    families = list(rcParams["font.family"])
    own = font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap()
    lacking = {ord(sign) for sign in picture.title if not sign.isascii()} - own.keys()
    for entry in font_manager.fontManager.ttflist if lacking else ():
        signs = lacking & font_manager.get_font(entry.fname).get_charmap().keys()
        if signs and entry.name not in families:
            families.append(entry.name)
            lacking -= signs
    return families


def _metadata(kind: str, title: str) -> dict[str, Any]:
    """The title, and no date: the same picture is the same file."""
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
    return {"Title": title, **dates[kind]}


#: How more curves than one are drawn, in turn.
OTHERS = ((VERMILION, "--"), (PURPLE, "-."), (GREY, ":"))


def _curve(figure: Figure, picture: CurvePicture) -> None:
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    set_title(upper, picture.title)
    first = "f1" if picture.others else "f"
    _band(upper, picture.band, picture.heights)
    _band(lower, picture.slope_band, picture.steepness)
    upper.plot(picture.xs, picture.values, color=BLUE, linewidth=1.8, label=first, gid="curve")
    for number, other in enumerate(picture.others):
        colour, style = OTHERS[number % len(OTHERS)]
        upper.plot(other.xs, other.values, color=colour, linestyle=style, linewidth=1.8, label=f"f{number + 2}",
                   gid=f"curve{number + 2}")  # fmt: skip
        lower.plot(other.xs, other.slopes, color=colour, linestyle=style, linewidth=1.2)
    _tangent(upper, picture)
    if picture.path:
        size = picture.xs[-1] - picture.xs[0], picture.heights[1] - picture.heights[0]
        draw_path(
            upper, [(stop.x, stop.value) for stop in picture.path], [stop.step for stop in picture.path], size
        )
    _outside(upper, picture)
    for mark in picture.marks:
        draw_mark(upper, mark, picture)
    upper.set(xlim=(picture.xs[0], picture.xs[-1]), ylim=picture.heights, ylabel="f")
    lower.axhline(0, color=GREY, linewidth=0.8)
    lower.plot(
        picture.xs,
        picture.slopes,
        color=BLUE if picture.others else VERMILION,
        linewidth=1.5,
        gid="derivative",
    )
    lower.set(
        ylim=picture.steepness, ylabel="f\u2009′", xlabel=axis_and_notes(figure, picture.axis, picture.notes)
    )
    draw_legend(figure)


def _outside(axes: Axes, picture: CurvePicture) -> None:
    """Dots over the ranges in which constraints do not hold."""
    for number, ends in enumerate(picture.outside):
        label = "_" if number else "a constraint does not hold"
        axes.axvspan(
            *ends,
            facecolor="none",
            edgecolor=GREY,
            hatch="..",
            linewidth=0,
            zorder=0,
            label=label,
            gid="outside",
        )


def _tangent(axes: Axes, picture: CurvePicture) -> None:
    if picture.tangent:
        x, y, slope = picture.tangent
        axes.axline((x, y), slope=slope, color=PURPLE, linewidth=1.2, linestyle=(0, (4, 3)), label="tangent",
                     gid="tangent")  # fmt: skip


def _band(axes: Axes, band: Sequence[Strip], ends: tuple[float, float]) -> None:
    """Strips in which a curve must lie; those without an end reach beyond the axes."""
    from matplotlib.collections import PolyCollection

    room = ends[1] - ends[0]
    corners = []
    for one in band:
        low, high = max(one.lower, ends[0] - room), min(one.upper, ends[1] + room)
        corners.append([(one.start, low), (one.start, high), (one.end, high), (one.end, low)])
    if corners:
        axes.add_collection(PolyCollection(corners, facecolor=GREEN, alpha=0.3, linewidth=0, label="proved band", gid="band"),
                            autolim=False)  # fmt: skip


def _landscape(figure: Figure, picture: LandscapePicture) -> None:
    import numpy as np

    axes = figure.subplots()
    set_title(axes, picture.title)
    axes.set_facecolor("#dddddd")
    rows = np.ma.masked_invalid(np.asarray(picture.values))
    if picture.levels:
        heights = [*picture.levels]
        _bands(axes, picture, rows, heights)
        for column, row in picture.breaks:  # no contour crosses a cell in which f breaks off
            rows[row : row + 2, column : column + 2] = np.ma.masked
        lines = axes.contour(picture.xs, picture.ys, rows, heights, colors="#333333", linewidths=0.7)
        digits = digits_within(heights[0], heights[-1])
        for label in axes.clabel(lines, fontsize=7, fmt=lambda level: tick_text(level, digits)):
            label.set_bbox(LABEL)
            x, y = label.get_position()
            label.set_visible(_inside(x, picture.xs) and _inside(y, picture.ys))
    _constant(axes, picture)
    _arrows(axes, picture)
    draw_constraints(axes, picture)
    if picture.path:
        size = picture.xs[-1] - picture.xs[0], picture.ys[-1] - picture.ys[0]
        draw_path(
            axes, [(stop.x, stop.y) for stop in picture.path], [stop.step for stop in picture.path], size
        )
    for mark in picture.marks:
        draw_mark(axes, mark, picture)
    axes.set(xlim=(picture.xs[0], picture.xs[-1]), ylim=(picture.ys[0], picture.ys[-1]),
             xlabel=axis_and_notes(figure, picture.axes[0], picture.notes),
             ylabel=shortened(picture.axes[1], room_for(figure, 10) // 2))  # fmt: skip
    if picture.marks or picture.path or picture.borders:
        draw_legend(figure)


def _constant(axes: Axes, picture: LandscapePicture) -> None:
    """The one height of a landscape without contours, in its middle."""
    ordered = spread([value for row in picture.values for value in row])
    if ordered and ordered[0] == ordered[-1]:
        axes.set_facecolor("white")
        axes.text(
            0.5, 0.5, f"f = {tick_text(ordered[0], 10)}", transform=axes.transAxes, ha="center", bbox=LABEL
        )


def _bands(axes: Axes, picture: LandscapePicture, rows: Any, heights: list[float]) -> None:
    """One step of colour from each contour to the next, however uneven they are."""
    from matplotlib.colors import BoundaryNorm

    if len(heights) == 1:  # two bands have three ends
        heights = sorted({float(rows.min()), *heights, float(rows.max())})
    if len(heights) > 1:
        bands = BoundaryNorm(heights, 256, extend="both")
        axes.contourf(
            picture.xs, picture.ys, rows, heights, cmap="cividis", norm=bands, alpha=0.65, extend="both"
        )


def _inside(place: float, side: list[float]) -> bool:
    """Whether a number has room there: not at the edge, where it would be cut."""
    return side[0] + 0.02 * (side[-1] - side[0]) < place < side[-1] - 0.02 * (side[-1] - side[0])


def _arrows(axes: Axes, picture: LandscapePicture) -> None:
    """−∇f on a coarse grid, all of one length; on the paper each points where a step would go."""
    import numpy as np

    columns, rows = (
        np.linspace(0, len(side) - 1, 17)[1:-1].round().astype(int) for side in (picture.xs, picture.ys)
    )
    u, v = (-np.asarray(partial)[np.ix_(rows, columns)] for partial in picture.partials)
    if picture.outside:
        u = np.where(np.asarray(picture.outside)[np.ix_(rows, columns)], np.nan, u)
    # The direction on the paper needs the shape of the axes as they will be: their last change comes before.
    axes.set(xlim=(picture.xs[0], picture.xs[-1]), ylim=(picture.ys[0], picture.ys[-1]))
    with np.errstate(all="ignore"):
        length = np.hypot(u, v)
        u, v = np.where(length > 0, u / length, np.nan), np.where(length > 0, v / length, np.nan)
    axes.quiver(np.asarray(picture.xs)[columns], np.asarray(picture.ys)[rows], u, v, color="#222222", alpha=0.65,
                angles="xy", scale=34, pivot="mid", width=0.0022, zorder=3, gid="gradient")  # fmt: skip


def _convergence(figure: Figure, picture: ConvergencePicture) -> None:
    upper, lower = figure.subplots(2, 1, sharex=True)
    set_title(upper, picture.title)
    colours = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, GREY)
    for axes, part, name in ((upper, 0, "f"), (lower, 1, "|∇f|")):
        for number, series in enumerate(picture.series):
            style = ("-", "--", "-.", ":")[(number + number // 12) % 4]
            numbers = series.norms if part else series.values
            axes.plot(series.steps, numbers, style, color=colours[number % 6], linewidth=1.6, label=series.name,
                      gid=f"{name}-{number}")  # fmt: skip
        if picture.logarithmic[part]:
            axes.set_yscale("log", nonpositive="mask")
        axes.set_ylabel(name)
    lower.set_xlabel("step")
    if len(picture.series) > 1:
        draw_legend(figure)
