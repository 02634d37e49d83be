"""A fit as a picture: rows with their error bars, the curve in its band, the residuals below; and on a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.language.records import NamedTuple
from gradcli.output.pictures.braille_canvas import painted
from gradcli.output.pictures.scales import extent
from gradcli.output.pictures.terminal_frame import Frame, margin_for
from gradcli.output.text.document import fitting

#: The share of a terminal's rows that the residuals get, and the fewest rows with which they are drawn.
SHARE, FEWEST = 0.3, 14


class FitPicture(NamedTuple):
    """What is drawn.

    axis: what is to the right, target: what is upwards. xs, ys, sigmas: of the rows; sigmas empty where there are none.
    residuals: y - f of the rows. line, curve: places and the model there; lower, upper: its band, empty where there is none.
    """

    title: str
    axis: str
    target: str
    xs: Sequence[float]
    ys: Sequence[float]
    sigmas: Sequence[float]
    residuals: Sequence[float]
    line: Sequence[float]
    curve: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]

    @property
    def across(self) -> tuple[float, float]:
        """The range to the right."""
        return _range([*self.xs, *self.line])

    @property
    def heights(self) -> tuple[float, float]:
        """The range upwards, error bars and band within it."""
        bars = [y + side * s for y, s in zip(self.ys, self.sigmas, strict=False) for side in (-1, 1)]
        return _range([*self.ys, *self.curve, *self.lower, *self.upper, *bars])

    @property
    def depths(self) -> tuple[float, float]:
        """The range of the residuals, 0 within it."""
        return _range([*self.residuals, 0.0])


def _range(numbers: Sequence[float]) -> tuple[float, float]:
    low, high = extent(numbers, open_ended=False)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def fit_lines(picture: FitPicture, columns: int, rows: int, colour: int) -> list[str]:
    """The picture as lines of at most *columns* cells."""
    below = max(round(rows * SHARE), 5) if rows >= FEWEST else 0
    upper_rows = rows - 1 - below
    margin = margin_for((picture.heights, upper_rows), *([(picture.depths, below - 2)] if below else []))
    upper = Frame(columns, upper_rows, picture.across, picture.heights, margin=margin, bottom=not below)
    upper.scale(picture.axis)
    for band in (picture.lower, picture.upper) if picture.lower else ():
        upper.trace(list(picture.line), list(band), "band", 3)
    upper.trace(list(picture.line), list(picture.curve), "curve")
    for x, y, sigma in zip(picture.xs, picture.ys, picture.sigmas, strict=False):
        upper.segment((x, y - sigma), (x, y + sigma), "point")
    for x, y in zip(picture.xs, picture.ys, strict=True):
        upper.mark(x, y, "•", "point")
    lines = [painted(fitting(picture.title, columns), "heading", colour), *upper.lines(colour)]
    if below:
        lower = Frame(columns, below, picture.across, picture.depths, margin=margin)
        lower.scale(picture.axis)
        lower.segment((picture.across[0], 0.0), (picture.across[1], 0.0), "axis", 3)
        for x, residual in zip(picture.xs, picture.residuals, strict=True):
            lower.mark(x, residual, "•", "point")
        lower.put(margin + 2, 0, "residuals", "heading")
        lines += lower.lines(colour)
    return lines


def described_fit(picture: FitPicture) -> str:
    """The picture in a sentence, for those who do not see it."""
    low, high = min(picture.xs), max(picture.xs)
    most = max(map(abs, picture.residuals), default=math.nan)
    return (
        f"{len(picture.xs)} rows of {picture.target} over {picture.axis} from {low:.4g} to {high:.4g}, with the fitted curve"
        f"{' in its band' if picture.lower else ''}; below, the residuals, at most {most:.3g} in size."
    )
