"""Any picture → a file by matplotlib: PNG, SVG or PDF, on white whatever the page around it.

Colours are those of Okabe and Ito, heights those of cividis: readers who do not see red and green as different
tell them apart, and every mark has a shape of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from gradcli.language.errors import ExtraProblem
from gradcli.output.pictures.legend import digits_of, place
from gradcli.output.pictures.scales import digits_within, spread, tick_text
from gradcli.output.pictures.scene import (
    ConvergencePicture,
    CurvePicture,
    LandscapePicture,
    Mark,
    Picture,
    Strip,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION, PURPLE, GREEN, ORANGE, GREY = (
    "#0072B2",
    "#D55E00",
    "#AA3377",
    "#009E73",
    "#E69F00",
    "#777777",
)

#: Kind of mark -> matplotlib's marker and its colour.
MARKERS = {
    "point": ("o", VERMILION), "minimum": ("v", BLUE), "maximum": ("^", PURPLE), "saddle": ("X", PURPLE),
    "degenerate": ("s", PURPLE), "corner": ("D", PURPLE), "cusp": ("d", PURPLE), "jump": ("o", BLUE),
    "pole": ("|", PURPLE), "hole": ("o", BLUE), "edge": ("|", PURPLE),
    "gap": ("*", PURPLE), "steep": ("x", PURPLE),
}  # fmt: skip

#: Most entries of a legend.
ENTRIES = 20

#: Formats that matplotlib writes here.
FORMATS = ("png", "svg", "pdf")
_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "gradcli", "pdf.fonttype": 42, "font.size": 10,
          "axes.spines.top": False, "axes.spines.right": False}  # fmt: skip
_DPI = 150

#: Smaller pictures have fewer dots per inch, so that their words keep in proportion; these are the fewest.
_FEWEST = 72

#: How far apart numbers along a path are, as a share of the axes.
_ROOM = 0.035
_LABEL: Any = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}


def save(picture: Picture, stream: BinaryIO, kind: str, size: tuple[int, int]) -> None:
    """Write *picture* to *stream*; kind: one of FORMATS; size: in pixels. Raises ExtraProblem without matplotlib."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ExtraProblem.of("a picture in a file needs matplotlib", "plot") from error
    dpi = max(min(_DPI, size[0] / 8, size[1] / 6), _FEWEST)
    with rc_context({**_STYLE, "font.family": _fonts(picture)}), quiet():
        figure = Figure(
            figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi, layout="constrained", facecolor="white"
        )
        if isinstance(picture, CurvePicture):
            _curve(figure, picture)
        elif isinstance(picture, LandscapePicture):
            _landscape(figure, picture)
        else:
            _convergence(figure, picture)
        figure.savefig(stream, format=kind, metadata=_metadata(kind, picture.title))


@contextmanager
def quiet() -> Iterator[None]:
    """Without matplotlib's remarks on glyphs and tiny numbers: they are Python's, and no user can act on them."""
    import warnings

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


def _title(axes: Axes, title: str) -> None:
    axes.set_title(_short(title, _room(axes.figure, 10)), loc="left", fontsize=10, parse_math=False)


def _room(figure: Any, size: float, used: float = 0.0) -> int:
    """How many characters of a font size stand side by side. used: what else stands there, in points."""
    return max(int((figure.get_figwidth() * 72 - used) / (0.62 * size)), 8)


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


#: How more curves than one are drawn, in turn.
OTHERS = ((VERMILION, "--"), (PURPLE, "-."), (GREY, ":"))


def _curve(figure: Figure, picture: CurvePicture) -> None:
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    _title(upper, picture.title)
    first = "f1" if picture.others else "f"
    _band(upper, picture.band, picture.heights)
    _band(lower, picture.slope_band, picture.steepness)
    upper.plot(picture.xs, picture.values, color=BLUE, linewidth=1.8, label=first, gid="curve")
    for number, other in enumerate(picture.others):
        colour, style = OTHERS[number % len(OTHERS)]
        upper.plot(other.xs, other.values, color=colour, linestyle=style, linewidth=1.8, label=f"f{number + 2}",
                   gid=f"curve{number + 2}")  # fmt: skip
        lower.plot(other.xs, other.slopes, color=colour, linestyle=style, linewidth=1.2)
    if picture.tangent:
        x, y, slope = picture.tangent
        upper.axline((x, y), slope=slope, color=PURPLE, linewidth=1.2, linestyle=(0, (4, 3)), label="tangent",
                     gid="tangent")  # fmt: skip
    if picture.path:
        size = picture.xs[-1] - picture.xs[0], picture.heights[1] - picture.heights[0]
        _path(
            upper, [(stop.x, stop.value) for stop in picture.path], [stop.step for stop in picture.path], size
        )
    for mark in picture.marks:
        _mark(upper, mark, picture)
    upper.set(xlim=(picture.xs[0], picture.xs[-1]), ylim=picture.heights, ylabel="f")
    lower.axhline(0, color=GREY, linewidth=0.8)
    lower.plot(
        picture.xs,
        picture.slopes,
        color=BLUE if picture.others else VERMILION,
        linewidth=1.5,
        gid="derivative",
    )
    lower.set(ylim=picture.steepness, ylabel="f\u2009′", xlabel=_below(figure, picture.axis, picture.notes))
    _legend(figure)


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


def _mark(axes: Axes, mark: Mark, picture: CurvePicture | LandscapePicture) -> None:
    """A mark in its shape; where a curve ends without reaching a height, an open circle."""
    marker, colour = MARKERS[mark.kind]
    names = picture.axis if isinstance(picture, CurvePicture) else picture.axes
    separator = " " if mark.kind == "steep" else ": "
    label = f"{mark.label}{separator}{place(mark, names, digits_of(picture, 4))}"
    for height in mark.open:
        axes.plot([mark.x], [height], "o", markerfacecolor="white", markeredgecolor=BLUE, markersize=7, zorder=5,
                  label=label, gid=mark.kind)  # fmt: skip
        label = "_"
    if mark.y is None and not mark.open:
        axes.plot([mark.x], [0.02], marker, color=colour, markersize=14, markeredgewidth=2.5, zorder=5, label=label,
                  transform=axes.get_xaxis_transform(), gid=mark.kind)  # fmt: skip
    elif mark.y is not None and math.isfinite(mark.y) and mark.kind != "hole":
        style = {"markeredgecolor": "white"} if marker != "|" else {"markeredgewidth": 2.5}
        axes.plot(
            [mark.x],
            [mark.y],
            marker,
            color=colour,
            markersize=9,
            zorder=6,
            label=label,
            gid=mark.kind,
            **style,
        )


def _legend(figure: Figure) -> None:
    """Below the axes, where nothing is covered: in two columns where they fit, else in one; what has no room is counted."""
    from matplotlib.lines import Line2D

    found = [axes.get_legend_handles_labels() for axes in figure.axes[:1]]
    handles, labels = ([*one] for one in found[0])
    if len(labels) > ENTRIES:
        more = f"and {len(labels) - ENTRIES} more"
        handles, labels = [*handles[:ENTRIES], Line2D([], [], linestyle="none")], [*labels[:ENTRIES], more]
    columns = 2 if max(map(len, labels), default=0) <= _room(figure, 8, 100) // 2 else 1
    labels = [_short(label, _room(figure, 8, 50 * columns) // columns) for label in labels]
    figure.legend(
        handles, labels, fontsize=8, loc="outside lower left", ncols=columns, frameon=False, markerscale=0.75
    )


def _below(figure: Figure, axis: str, notes: Sequence[str]) -> str:
    """What stands below the last axis: its name, and what the picture does not show."""
    lines = [_short(axis, _room(figure, 10)), *(_short(f"note: {note}", _room(figure, 10)) for note in notes)]
    return "\n".join(lines)


def _path(axes: Axes, places: list[tuple[float, float]], steps: list[int], size: tuple[float, float]) -> None:
    """The way with as many of its numbers as can be told apart. size: of the axes in their units."""
    xs, ys = zip(*places, strict=True)
    few = len(places) <= 60
    axes.plot(xs, ys, color=VERMILION, linewidth=1.4, marker="o" if few else "", markersize=3.5, label="steps", zorder=4,
              gid="path")  # fmt: skip
    for index in _apart([(x / size[0], y / size[1]) for x, y in places]):
        axes.annotate(str(steps[index]), places[index], xytext=(4, 4), textcoords="offset points", fontsize=7, zorder=7,
                      annotation_clip=True, bbox=_LABEL)  # fmt: skip


def _apart(places: list[tuple[float, float]]) -> list[int]:
    """The places that leave their neighbours room for a number, the first and the last in any case."""
    last = len(places) - 1
    every = max(len(places) // 10, 1)
    found = [0]
    for index in range(every, last, every):
        if all(math.dist(places[index], places[other]) > _ROOM for other in (found[-1], last)):
            found.append(index)
    return [*found, last] if last and math.dist(places[0], places[last]) > _ROOM else [last]


def _landscape(figure: Figure, picture: LandscapePicture) -> None:
    import numpy as np

    axes = figure.subplots()
    _title(axes, picture.title)
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
            label.set_bbox(_LABEL)
            x, y = label.get_position()
            label.set_visible(_inside(x, picture.xs) and _inside(y, picture.ys))
    _constant(axes, picture)
    _arrows(axes, picture)
    if picture.path:
        size = picture.xs[-1] - picture.xs[0], picture.ys[-1] - picture.ys[0]
        _path(axes, [(stop.x, stop.y) for stop in picture.path], [stop.step for stop in picture.path], size)
    for mark in picture.marks:
        _mark(axes, mark, picture)
    axes.set(xlim=(picture.xs[0], picture.xs[-1]), ylim=(picture.ys[0], picture.ys[-1]),
             xlabel=_below(figure, picture.axes[0], picture.notes),
             ylabel=_short(picture.axes[1], _room(figure, 10) // 2))  # fmt: skip
    if picture.marks or picture.path:
        _legend(figure)


def _constant(axes: Axes, picture: LandscapePicture) -> None:
    """The one height of a landscape without contours, in its middle."""
    ordered = spread([value for row in picture.values for value in row])
    if ordered and ordered[0] == ordered[-1]:
        axes.set_facecolor("white")
        axes.text(
            0.5, 0.5, f"f = {tick_text(ordered[0], 10)}", transform=axes.transAxes, ha="center", bbox=_LABEL
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
    # The direction on the paper needs the shape of the axes as they will be: their last change comes before.
    axes.set(xlim=(picture.xs[0], picture.xs[-1]), ylim=(picture.ys[0], picture.ys[-1]))
    with np.errstate(all="ignore"):
        length = np.hypot(u, v)
        u, v = np.where(length > 0, u / length, np.nan), np.where(length > 0, v / length, np.nan)
    axes.quiver(np.asarray(picture.xs)[columns], np.asarray(picture.ys)[rows], u, v, color="#222222", alpha=0.65,
                angles="xy", scale=34, pivot="mid", width=0.0022, zorder=3, gid="gradient")  # fmt: skip


def _convergence(figure: Figure, picture: ConvergencePicture) -> None:
    upper, lower = figure.subplots(2, 1, sharex=True)
    _title(upper, picture.title)
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
        _legend(figure)
