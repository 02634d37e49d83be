"""The pivots of a symmetric elimination in balls, of one row or two (Bunch & Parlett 1971)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb


def chosen_pivot(a: Sequence[Sequence[Any]]) -> tuple[int, ...] | None:
    """A row whose diagonal entry has a certain sign, or two rows whose block has certainly one of each."""
    size = range(len(a))
    floors = [(_least(a[i][i]), i) for i in size]
    largest = max(abs(a[i][j].mid()) for i in size for j in size)
    best, row = max(floors, key=lambda pair: pair[0])
    if best > largest * 0.6:
        return (row,)
    pairs = sorted(
        ((abs(a[i][j].mid()), i, j) for i in size for j in range(i)), key=lambda t: t[0], reverse=True
    )
    for _, i, j in pairs[: len(a)]:
        if a[i][i] * a[j][j] - a[i][j] * a[i][j] < 0:
            return (i, j)
    return (row,) if best > 0 else None


def _least(x: Any) -> Any:
    """The smallest absolute value in a ball."""
    return abs(x).lower() if not x.contains(0) else arb(0)


def eliminated(a: Sequence[Sequence[Any]], rows: tuple[int, ...]) -> list[list[Any]]:
    """The Schur complement of a pivot of one row or two."""
    rest = [i for i in range(len(a)) if i not in rows]
    if len(rows) == 1:
        (p,) = rows
        return [[a[i][j] - a[i][p] * a[p][j] / a[p][p] for j in rest] for i in rest]
    p, q = rows
    below = a[p][p] * a[q][q] - a[p][q] * a[p][q]
    result = []
    for i in rest:
        u = (a[i][p] * a[q][q] - a[i][q] * a[p][q]) / below
        v = (a[i][q] * a[p][p] - a[i][p] * a[p][q]) / below
        result.append([a[i][j] - u * a[p][j] - v * a[q][j] for j in rest])
    return result
