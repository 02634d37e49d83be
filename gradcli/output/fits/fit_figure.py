"""A fit's picture → PNG, SVG or PDF by matplotlib, and a page that stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from gradcli.output.fits.fit_picture import FitPicture
from gradcli.output.pictures.matplotlib_annotations import BLUE, GREEN, GREY, VERMILION, set_title
from gradcli.output.pictures.matplotlib_figure import load_matplotlib, quiet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "gradcli", "pdf.fonttype": 42, "font.size": 10,
               "axes.spines.top": False, "axes.spines.right": False}  # fmt: skip

#: No date: the same picture is the same file.
_DATES: Any = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}


def save_fit(picture: FitPicture, stream: BinaryIO, kind: str) -> None:
    """Write *picture* as kind png, svg or pdf. Raises ExtraProblem without matplotlib."""
    rc_context, new_figure = load_matplotlib()
    with rc_context(_STYLE), quiet():
        figure = new_figure(figsize=(8, 6), dpi=150, layout="constrained", facecolor="white")
        _draw(figure, picture)
        figure.savefig(stream, format=kind, metadata={"Title": picture.title, **_DATES[kind]})


def _draw(figure: Figure, picture: FitPicture) -> None:
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    set_title(upper, picture.title)
    if picture.lower:
        upper.fill_between(
            picture.line, picture.lower, picture.upper, color=GREEN, alpha=0.3, linewidth=0, gid="band"
        )
    upper.plot(picture.line, picture.curve, color=BLUE, linewidth=1.8, gid="curve")
    bars = list(picture.sigmas) or None
    small = max(1.5, 6 - len(picture.xs) / 40)
    upper.errorbar(
        picture.xs, picture.ys, yerr=bars, fmt="o", markersize=small, color="black", ecolor=GREY, gid="rows"
    )
    upper.set(xlim=picture.across, ylim=picture.heights, ylabel=_plain(picture.target))
    lower.axhline(0, color=GREY, linewidth=0.8)
    lower.errorbar(
        picture.xs,
        picture.residuals,
        yerr=bars,
        fmt="o",
        markersize=small,
        color=VERMILION,
        ecolor=GREY,
        gid="residuals",
    )
    lower.set(ylabel="residuals", xlabel=_plain(picture.axis))


def _plain(text: str) -> str:
    """Text in which matplotlib finds no mathematics."""
    return text.replace("$", r"\$")
