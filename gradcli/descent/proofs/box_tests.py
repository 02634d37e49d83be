"""Tests that shorten or exclude a box: along variables in which f is monotone or bends down, and by Krawczyk's operator.

Each answers with the parts of the box that can hold a point at which f is least on the whole domain: the box itself
where it shows nothing, nothing where it excludes the box.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, arb_mat

from gradcli.descent.proofs.boxes import Box, Domain, side, with_side


def monotone_parts(domain: Domain, box: Box, slopes: Sequence[Any]) -> list[Box]:
    """Where a slope is not 0 only the domain's end is left: another box has what lies beyond this one's.

    A variable that takes whole numbers has no such neighbour: this box's own end is left.
    """
    for i, one in enumerate(box):
        if one.fixed or slopes[i].contains(0):
            continue
        end, last = (one.low, domain.box[i].low) if slopes[i] > 0 else (one.high, domain.box[i].high)
        if end is not last and not domain.whole[i]:
            return []
        box = with_side(box, i, side(end, end))
    return [box]


def concave_parts(domain: Domain, box: Box, seconds: Sequence[Sequence[Any]]) -> list[Box]:
    """Where f bends down along a variable only the domain's ends are left."""
    for i, one in enumerate(box):
        if one.fixed or domain.whole[i] or not seconds[i][i] < 0:
            continue
        ends = [end for end, pinned in zip((one.low, one.high), domain.pinned(i, one), strict=True) if pinned]
        return [with_side(box, i, side(end, end)) for end in ends]
    return [box]


def newton_parts(
    domain: Domain, box: Box, point: Sequence[Any], slopes: Sequence[Any], seconds: Sequence[Sequence[Any]]
) -> list[Box]:
    """In the inside of the domain all slopes are 0 where f is least: Krawczyk's operator holds such points of the box.

    slopes: at the *point*; seconds: on the box.
    """
    moving = [i for i, one in enumerate(box) if not one.fixed]
    if any(domain.whole[i] or any(domain.pinned(i, box[i])) for i in moving):
        return [box]
    found = _krawczyk([box[i].ball for i in moving], [point[i] for i in moving], [slopes[i] for i in moving],
                      [[seconds[i][j] for j in moving] for i in moving])  # fmt: skip
    for i, image in zip(moving, found, strict=False):
        low, high, ball = box[i]
        if not image.is_finite():
            continue
        if not image.overlaps(ball):
            return []
        first, last = image.lower(), image.upper()
        if first > low or last < high:
            box = with_side(box, i, side(first if first > low else low, last if last < high else high))
    return [box]


def _krawczyk(
    box: Sequence[Any], point: Sequence[Any], slopes: Sequence[Any], seconds: Sequence[Sequence[Any]]
) -> list[Any]:
    """m - Y·g(m) + (1 - Y·H)·(box - m); nothing where the middle of H has no inverse."""
    try:
        inverse = arb_mat([[x.mid() for x in row] for row in seconds]).inv()
    except ZeroDivisionError:
        return []
    inverse = arb_mat([[x.mid() for x in row] for row in inverse.tolist()])
    size = range(len(box))
    rest = arb_mat([[arb(int(i == j)) for j in size] for i in size]) - inverse * arb_mat(
        [list(row) for row in seconds]
    )
    moves = rest * arb_mat([[x - m] for x, m in zip(box, point, strict=True)])
    moves -= inverse * arb_mat([[slope] for slope in slopes])
    return [m + moves[i, 0] for i, m in enumerate(point)]
