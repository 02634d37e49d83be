"""A landscape's grid → the cells in which f jumps or grows without end, so that no contour may cross them.

Rectangles on which balls show f to be continuous are whole; the others are divided down to single cells. In those the
sides are halved towards the largest change: what is left of it on the smallest interval is no slope.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.intervals.box_enclosures import enclosed
from gradcli.calculus.program.program import Program
from gradcli.calculus.sampling.sampler import Sampler
from gradcli.calculus.sampling.smooth_pieces import between

#: At most so many rectangles are looked at: what is left counts as not shown.
MOST = 4_000

#: Times that the side of a cell is halved, and the share of the picture's height that may be left.
HALVINGS, NOTHING = 42, 1e-3

Cell = tuple[int, int]
Place = tuple[float, float]


class Cells(NamedTuple):
    """Cells (column, row) in which f is not shown to be continuous, and those in which it has no value anywhere."""

    open: set[Cell]
    void: set[Cell]


class Over(NamedTuple):
    """f over two axes in balls: its program, the places of the axes, the numbers of the other variables."""

    program: Program
    places: tuple[int, int]
    others: list[Any]

    def at(self, x: Any, y: Any, bits: int = 96) -> Any:
        """What f can be at a point, or over a rectangle that two balls span; a Failure where that is not known."""
        point = [*self.others]
        point[self.places[0]], point[self.places[1]] = x, y
        return enclosed(self.program, point, bits)


def over_axes(program: Program, axes: tuple[str, str], at: Mapping[str, float]) -> Over:
    """f along two axes, the other variables where *at* has them."""
    end = max(program.value + 1 - program.first, 0)
    value = program._replace(code=program.code[:end], gradient=(None,) * len(program.variables))
    places = (program.variables.index(axes[0]), program.variables.index(axes[1]))
    return Over(value, places, [None if name in axes else double(at[name]) for name in program.variables])


def cells_of(over: Over, xs: Sequence[float], ys: Sequence[float]) -> Cells:
    """Which cells of a grid balls do not show to be whole."""
    found = Cells(set(), set())
    across, up = [double(x) for x in xs], [double(y) for y in ys]
    waiting = [(0, len(xs) - 1, 0, len(ys) - 1)]
    for looked in range(MOST):
        if not waiting:
            break
        block = waiting.pop(looked % len(waiting) if len(waiting) > MOST // 2 else 0)
        a, b, c, d = block
        result = over.at(between(across[a], across[b]), between(up[c], up[d]))
        if result.clear(over.program.value):
            continue
        if result.void(over.program.value):
            found.void.update(_inside(block))
        elif b - a <= 1 and d - c <= 1:
            found.open.add((a, c))
        else:
            waiting += _parts(block)
    for block in waiting:
        found.open.update(_inside(block))
    return found


def _inside(block: tuple[int, int, int, int]) -> Iterator[Cell]:
    a, b, c, d = block
    return ((i, j) for i in range(a, b) for j in range(c, d))


def _parts(block: tuple[int, int, int, int]) -> Iterator[tuple[int, int, int, int]]:
    a, b, c, d = block
    middle, half = (a + b) // 2, (c + d) // 2
    for left, right in ((a, middle), (middle, b)) if b - a > 1 else ((a, b),):
        for bottom, top in ((c, half), (half, d)) if d - c > 1 else ((c, d),):
            yield left, right, bottom, top


def discontinuous_cells(
    sample: Sampler, cells: set[Cell], xs: Sequence[float], ys: Sequence[float], height: float
) -> set[Cell]:
    """Those of the *cells* with a side along which f jumps or grows without end. height: that of the picture."""
    sides: dict[tuple[Place, Place], list[Cell]] = {}
    for i, j in sorted(cells):
        corners = [(xs[i], ys[j]), (xs[i + 1], ys[j]), (xs[i + 1], ys[j + 1]), (xs[i], ys[j + 1])]
        for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
            sides.setdefault((min(one, other), max(one, other)), []).append((i, j))
    pairs = list(sides)
    gaps = _gaps(sample, pairs)
    return {
        cell
        for pair, gap in zip(pairs, gaps, strict=True)
        if not gap <= NOTHING * height
        for cell in sides[pair]
    }


def _gaps(sample: Sampler, sides: Sequence[tuple[Place, Place]]) -> list[float]:
    """The change of f that is left on the smallest part of each side; nan where f has no value on the way.

    A side with an end at which f has no value has none: no contour comes near it.
    """
    lows, highs = [a for a, _ in sides], [b for _, b in sides]
    low, high = _values(sample, lows), _values(sample, highs)
    drawn = [math.isfinite(a) and math.isfinite(b) for a, b in zip(low, high, strict=True)]
    for _ in range(HALVINGS if sides else 0):
        middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(lows, highs, strict=True)]
        middle = _values(sample, middles)
        for i, value in enumerate(middle):
            if not math.isfinite(value):
                low[i] = math.nan  # and stays so
            elif math.isnan(low[i]):
                continue
            elif not abs(value - low[i]) < abs(high[i] - value):
                highs[i], high[i] = middles[i], value
            else:
                lows[i], low[i] = middles[i], value
    return [abs(a - b) if there else 0.0 for a, b, there in zip(low, high, drawn, strict=True)]


def _values(sample: Sampler, places: Sequence[Place]) -> list[float]:
    if not places:
        return []
    found: list[float] = sample([[x for x, _ in places], [y for _, y in places]]).value
    return found


def number_over(over: Over, x: float, y: float) -> float | None:
    """f at a point by balls: infinite where it is too large for a float, None where it has no value."""
    result = over.at(double(x), double(y), 256)
    if result.void(over.program.value):
        return None
    value = result.slots[over.program.value]
    return math.inf if isinstance(value, Failure) else nearest_double(value)
