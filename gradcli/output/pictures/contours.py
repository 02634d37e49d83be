"""Heights on a grid → contour lines, by marching squares (Lorensen & Cline 1987, in two dimensions)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

Place = tuple[float, float]
Segment = tuple[Place, Place]


def segments(
    xs: Sequence[float],
    ys: Sequence[float],
    rows: Sequence[Sequence[float]],
    level: float,
    breaks: Collection[tuple[int, int]] = (),
) -> Iterator[Segment]:
    """The straight pieces of the line f = level; cells with a corner of nan, and *breaks* (column, row), have none."""
    for j in range(len(ys) - 1):
        low, high = rows[j], rows[j + 1]
        for i in range(len(xs) - 1):
            a, b, c, d = low[i], low[i + 1], high[i + 1], high[i]
            above = (a > level) + (b > level) + (c > level) + (d > level)
            if above in (0, 4) or a != a or b != b or c != c or d != d:  # noqa: PLR0124  (nan alone differs from itself)
                continue
            if (i, j) in breaks:
                continue
            yield from _cell((xs[i], xs[i + 1]), (ys[j], ys[j + 1]), (a, b, c, d), level)


def _cell(
    xs: Place, ys: Place, heights: tuple[float, float, float, float], level: float
) -> Iterator[Segment]:
    a, b, c, d = heights
    (left, right), (bottom, top) = xs, ys
    crossings: list[Place] = []
    if (a > level) != (b > level):
        crossings.append((left + (right - left) * (level - a) / (b - a), bottom))
    if (b > level) != (c > level):
        crossings.append((right, bottom + (top - bottom) * (level - b) / (c - b)))
    if (d > level) != (c > level):
        crossings.append((left + (right - left) * (level - d) / (c - d), top))
    if (a > level) != (d > level):
        crossings.append((left, bottom + (top - bottom) * (level - a) / (d - a)))
    if len(crossings) == 4 and (a > level) == ((a + b + c + d) / 4 > level):
        yield crossings[0], crossings[1]
        yield crossings[2], crossings[3]
    elif len(crossings) == 4:
        yield crossings[3], crossings[0]
        yield crossings[1], crossings[2]
    elif len(crossings) == 2:
        yield crossings[0], crossings[1]
