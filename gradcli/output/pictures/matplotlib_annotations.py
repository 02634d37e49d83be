"""What is drawn into every matplotlib figure beside the curve: title, marks, legend, notes, and the steps of a path.

Colours are those of Okabe and Ito: readers who do not see red and green as different tell them apart, and every mark has
a shape of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.output.pictures.legend import digits_of, place
from gradcli.output.pictures.scene import CurvePicture, LandscapePicture, Mark

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
    "gap": ("*", PURPLE), "steep": ("x", PURPLE), "border": ("|", GREEN),
}  # fmt: skip

#: Most entries of a legend.
ENTRIES = 20

#: How far apart numbers along a path are, as a share of the axes.
_ROOM = 0.035

LABEL: Any = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}


def set_title(axes: Axes, title: str) -> None:
    """The title above the axes, as much of it as has room."""
    axes.set_title(shortened(title, room_for(axes.figure, 10)), loc="left", fontsize=10, parse_math=False)


def room_for(figure: Any, size: float, used: float = 0.0) -> int:
    """How many characters of a font size stand side by side. used: what else stands there, in points."""
    return max(int((figure.get_figwidth() * 72 - used) / (0.62 * size)), 8)


def shortened(text: str, room: int) -> str:
    """The text, or so many characters of it, the last of them an ellipsis."""
    return text if len(text) <= room else text[: room - 1] + "…"


def draw_mark(axes: Axes, mark: Mark, picture: CurvePicture | LandscapePicture) -> None:
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


def draw_legend(figure: Figure) -> None:
    """Below the axes, where nothing is covered: in two columns where they fit, else in one; what has no room is counted."""
    from matplotlib.lines import Line2D

    found = [axes.get_legend_handles_labels() for axes in figure.axes[:1]]
    handles, labels = ([*one] for one in found[0])
    if len(labels) > ENTRIES:
        more = f"and {len(labels) - ENTRIES} more"
        handles, labels = [*handles[:ENTRIES], Line2D([], [], linestyle="none")], [*labels[:ENTRIES], more]
    columns = 2 if max(map(len, labels), default=0) <= room_for(figure, 8, 100) // 2 else 1
    labels = [shortened(label, room_for(figure, 8, 50 * columns) // columns) for label in labels]
    figure.legend(
        handles, labels, fontsize=8, loc="outside lower left", ncols=columns, frameon=False, markerscale=0.75
    )


def axis_and_notes(figure: Figure, axis: str, notes: Sequence[str]) -> str:
    """What stands below the last axis: its name, and what the picture does not show."""
    lines = [
        shortened(axis, room_for(figure, 10)),
        *(shortened(f"note: {note}", room_for(figure, 10)) for note in notes),
    ]
    return "\n".join(lines)


#: Kind of an arrow at a point -> its colour, width and order; one that lies under another is wider.
PULLS = {"f": (VERMILION, 0.005, 8), "constraint": (PURPLE, 0.011, 7), "along": (GREEN, 0.008, 7)}

#: The length of the longest arrow at a point, and how far dots on what does not hold are apart, as shares of the axes.
REACH, SPACING = 0.2, 1 / 45


def draw_constraints(axes: Axes, picture: LandscapePicture) -> None:
    """The curves of constraints, dots where an inequality does not hold, and the arrows at points."""
    from matplotlib.collections import LineCollection

    for number, border in enumerate(picture.borders):
        lines = LineCollection(
            list(border.pieces),
            colors=GREEN,
            linewidths=2.2,
            zorder=3.5,
            label=border.text if border.pieces else "_",
        )
        lines.set_gid(f"border{number + 1}")
        axes.add_collection(lines, autolim=False)
        if len(picture.borders) > 1 and border.pieces:
            middle = border.pieces[len(border.pieces) // 2][0]
            axes.annotate(shortened(border.text, 24), middle, ha="center", va="center", fontsize=7, color=GREEN, zorder=4,
                          annotation_clip=True, bbox=LABEL, parse_math=False)  # fmt: skip
    dots = _outside(picture)
    if dots:
        axes.plot(*zip(*dots, strict=True), ".", color="#222222", markersize=2.2, zorder=3, gid="outside",
                  label="a constraint does not hold")  # fmt: skip
    _draw_pulls(axes, picture)


def _outside(picture: LandscapePicture) -> list[tuple[float, float]]:
    """The samples at which an inequality does not hold, so many that each is seen."""
    across, down = (max(round(len(side) * SPACING), 1) for side in (picture.xs, picture.ys))
    return [
        (picture.xs[i], picture.ys[j])
        for j in range(0, len(picture.outside), down)
        for i in range((j // down % 2) * (across // 2), len(picture.xs), across)
        if picture.outside[j][i]
    ]


def _draw_pulls(axes: Axes, picture: LandscapePicture) -> None:
    """The arrows at points, all of a point to one scale: the parts of a balanced gradient add up to it."""
    wide, high = picture.xs[-1] - picture.xs[0], picture.ys[-1] - picture.ys[0]
    named: set[str] = set()
    for spot in dict.fromkeys((one.x, one.y) for one in picture.pulls):
        here = [one for one in picture.pulls if (one.x, one.y) == spot]
        factor = REACH / max(math.hypot(one.u / wide, one.v / high) for one in here)
        for one in here:
            colour, width, order = PULLS[one.kind]
            label = "_" if one.label in named else one.label
            named.add(one.label)
            axes.quiver([one.x], [one.y], [factor * one.u], [factor * one.v], color=colour, angles="xy", scale_units="xy",
                        scale=1, width=width, zorder=order, gid=f"pull-{one.kind}")  # fmt: skip
            axes.plot([], [], color=colour, linewidth=500 * width, label=label)


def draw_path(
    axes: Axes, places: list[tuple[float, float]], steps: list[int], size: tuple[float, float]
) -> None:
    """The way with as many of its numbers as can be told apart. size: of the axes in their units."""
    xs, ys = zip(*places, strict=True)
    few = len(places) <= 60
    axes.plot(xs, ys, color=VERMILION, linewidth=1.4, marker="o" if few else "", markersize=3.5, label="steps", zorder=4,
              gid="path")  # fmt: skip
    for index in _apart([(x / size[0], y / size[1]) for x, y in places]):
        axes.annotate(str(steps[index]), places[index], xytext=(4, 4), textcoords="offset points", fontsize=7, zorder=7,
                      annotation_clip=True, bbox=LABEL)  # fmt: skip


def _apart(places: list[tuple[float, float]]) -> list[int]:
    """The places that leave their neighbours room for a number, the first and the last in any case."""
    last = len(places) - 1
    every = max(len(places) // 10, 1)
    found = [0]
    for index in range(every, last, every):
        if all(math.dist(places[index], places[other]) > _ROOM for other in (found[-1], last)):
            found.append(index)
    return [*found, last] if last and math.dist(places[0], places[last]) > _ROOM else [last]
