"""What is to be seen: curves, landscapes and convergence as plain records that every painter reads."""

from __future__ import annotations

from typing import NamedTuple


class Mark(NamedTuple):
    """A place with a meaning.

    kind: `point`, `minimum`, `maximum`, `saddle`, `degenerate`, `corner`, `cusp`, `jump`, `pole`, `hole`,
    `edge`, `gap` (no limit), `steep` or `border` (where a constraint begins or ends to hold).
    y: None where it stands at no height (a pole). label: how it is called in legends and hover texts.
    open: heights at which the curve ends without reaching them.
    """

    kind: str
    x: float
    y: float | None
    label: str
    open: tuple[float, ...] = ()


class Stop(NamedTuple):
    """A point of a path: the number of the step that led there, its place, and f there."""

    step: int
    x: float
    y: float
    value: float


class Curve(NamedTuple):
    """One more curve of a picture: what is drawn, f and f′ at its places."""

    name: str
    xs: list[float]
    values: list[float]
    slopes: list[float]


class Strip(NamedTuple):
    """Between *start* and *end* all that is drawn lies from *lower* to *upper*, as was proved; an end may be infinite."""

    start: float
    end: float
    lower: float
    upper: float


class Border(NamedTuple):
    """A constraint in a landscape: its text, and the straight pieces of the curve on which its two sides are equal."""

    text: str
    pieces: tuple[tuple[tuple[float, float], tuple[float, float]], ...]


class Pull(NamedTuple):
    """An arrow at a point: f's gradient there (`f`), that of a constraint so many times (`constraint`), or what of f's the
    constraints leave (`along`).

    u, v: its parts along the two axes, as slopes. label: how legends call it.
    """

    kind: str
    x: float
    y: float
    u: float
    v: float
    label: str


class CurvePicture(NamedTuple):
    """f and f′ along one variable; nan where they have no value or must not be joined. others: of several, the rest.

    band, slope_band: strips in which f and f′ must lie, where that was proved. outside: ranges in which constraints do not
    hold.
    """

    title: str
    axis: str
    xs: list[float]
    values: list[float]
    slopes: list[float]
    heights: tuple[float, float]
    steepness: tuple[float, float]
    tangent: tuple[float, float, float] | None
    marks: tuple[Mark, ...]
    path: tuple[Stop, ...]
    notes: tuple[str, ...]
    others: tuple[Curve, ...] = ()
    band: tuple[Strip, ...] = ()
    slope_band: tuple[Strip, ...] = ()
    outside: tuple[tuple[float, float], ...] = ()


class LandscapePicture(NamedTuple):
    """f over two variables: values[row][column] at ys[row], xs[column], nan where there is none; its partials too.

    breaks: the cells (column, row) that no contour may cross, because f jumps or grows without end in them. borders: the
    constraints. outside: by row and column, whether an inequality among them does not hold there; empty where all do
    everywhere. pulls: arrows at the point, or where f is extreme under the constraints.
    """

    title: str
    axes: tuple[str, str]
    xs: list[float]
    ys: list[float]
    values: list[list[float]]
    partials: tuple[list[list[float]], list[list[float]]]
    levels: tuple[float, ...]
    marks: tuple[Mark, ...]
    path: tuple[Stop, ...]
    notes: tuple[str, ...]
    breaks: tuple[tuple[int, int], ...] = ()
    borders: tuple[Border, ...] = ()
    outside: tuple[tuple[bool, ...], ...] = ()
    pulls: tuple[Pull, ...] = ()


class Series(NamedTuple):
    """One descent: f and the norm of the gradient at each step, from the start on."""

    name: str
    steps: list[int]
    values: list[float]
    norms: list[float]


class ConvergencePicture(NamedTuple):
    """f and the gradient's norm against the step, one curve per descent; logarithmic: which of the two axes."""

    title: str
    series: tuple[Series, ...]
    logarithmic: tuple[bool, bool]
    notes: tuple[str, ...]


Picture = CurvePicture | LandscapePicture | ConvergencePicture

#: Kind of mark -> how it is drawn without colour. Shapes differ, so that colour is never needed.
SIGNS = {
    "point": "●", "minimum": "▼", "maximum": "▲", "saddle": "✕", "degenerate": "■", "corner": "◆", "cusp": "◆",
    "jump": "○", "pole": "╫", "hole": "○", "edge": "┃", "gap": "◌", "steep": "╱", "border": "┇",
}  # fmt: skip
