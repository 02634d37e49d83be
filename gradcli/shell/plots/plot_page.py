"""A problem, its way and its pictures → HTML."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from gradcli import __version__
from gradcli.output.pages.html_page import Figure, expressions, figure, folded, formulas, page, table
from gradcli.output.text.number_text import shown
from gradcli.shell.plots.plot_request import PlotRequest, title_of

if TYPE_CHECKING:
    from gradcli.output.pictures.scene import Picture

#: Rows of a page's table; longer ways are thinned out evenly.
ROWS = 200


def picture_page(want: PlotRequest, picture: Picture) -> str:
    """One picture with the formulas and the way as a table."""
    sections = [formulas_of(want), figure(Figure(picture, words_of(want)))]
    if len(want.way) > 1:
        columns, rows = way_table(want)
        sections.append(folded("The way as a table", table(columns, rows)))
    return page(title_of(want), sections, f"gradcli {__version__}")


def pages_of(want: PlotRequest, picture: Picture) -> str:
    """Several curves: the formulas and a figure of each, all over the same range."""
    from gradcli.shell.plots.plot_request import curve

    first = curve(want)
    within = {first.axis: (first.xs[0], first.xs[-1])}
    wants = [want, *(one._replace(ranges=within) for one in want.beside)]
    parts = [(formulas_of(one), figure(Figure(curve(one), words_of(one)))) for one in wants]
    return page(picture.title, [part for both in parts for part in both], f"gradcli {__version__}")


def bare_page(picture: Picture) -> str:
    """One picture by itself."""
    return page(picture.title, [figure(Figure(picture))], f"gradcli {__version__}")


def formulas_of(want: PlotRequest) -> str:
    """f and its partials."""
    compiled = want.compiled
    return formulas(expressions(compiled.text, compiled.formulas, compiled.program.variables))


def words_of(want: PlotRequest) -> list[str]:
    """Point, value and gradient at each stop of the way."""
    from gradcli.shell.plots.plot_request import numbers_of

    names = want.compiled.program.variables
    values, partials = numbers_of(want)
    words = []
    for point, value, slopes in zip(want.way, values, partials, strict=True):
        places = ", ".join(f"{name} = {shown(point.at[name], 6)}" for name in names[:8])
        downhill = ", ".join(shown(slope, 6) for slope in slopes[:8])
        words.append(f"{places}, f = {shown(value, 8)}, ∇f = ({downhill})")
    return words


def way_table(
    want: PlotRequest, most: int = ROWS, told: Collection[str] | None = None
) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of the way: step, variables, those *told* if not all, f, norm of the gradient."""
    from gradcli.shell.plots.plot_request import series

    names = [name for name in want.compiled.program.variables if told is None or name in told]
    one = series(want, "")
    every = -(-len(want.way) // most)
    kept = sorted({*range(0, len(want.way), every), len(want.way) - 1})
    rows = [
        [
            str(want.way[i].step),
            *(shown(want.way[i].at[name]) for name in names),
            shown(one.values[i]),
            shown(one.norms[i], 6),
        ]
        for i in kept
    ]
    return ["step", *names, "f", "|∇f|"], rows


def versions() -> str:
    """What computed and drew it."""
    import platform
    from importlib.metadata import version

    return f"gradcli {__version__}, sympy {version('sympy')}, Python {platform.python_version()}"
