"""A box on which f is convex → the point at which its tangent bounds f best: where f's quadratic model is lowest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from gradcli.descent.proofs.boxes import Box, Side

_SWEEPS = 30


def tangent_point(
    box: Box, point: Sequence[Any], slopes: Sequence[Any], seconds: Sequence[Sequence[Any]]
) -> list[Any]:
    """The lowest point of the model at *point* in the box, found along one variable after the other.

    In floats of the box's own size, which are the same everywhere; any point of the box would be right.
    """
    moving = [i for i, one in enumerate(box) if not one.fixed]
    half = {i: ((box[i].high - box[i].low) / 2).mid() for i in moving}
    centre = {i: box[i].ball.mid() for i in moving}
    scale = max(
        [abs(slopes[i] * half[i]).mid() for i in moving]
        + [(seconds[i][i].mid() * half[i] * half[i]).mid() for i in moving]
    )
    if not scale > 0:
        return list(point)
    start = [_share((point[i] - centre[i]) / half[i]) for i in moving]
    g = [_share(slopes[i] * half[i] / scale) for i in moving]
    h = [[_share(seconds[i][j] * half[i] * half[j] / scale) for j in moving] for i in moving]
    found = list(point)
    for share, i in zip(_lowest(start, g, h), moving, strict=True):
        found[i] = _kept(box[i], share, centre[i], half[i])
    return found


def _kept(one: Side, share: float, centre: Any, half: Any) -> Any:
    """The place at a share of a half side from its middle, inside of the side or at an end of it."""
    if -1 < share < 1:
        place = (centre + half * arb(share)).mid()
        if place > one.low and place < one.high:
            return place
    return one.low if share <= 0 else one.high


def _share(x: Any) -> float:
    return float(x.mid())


def _lowest(start: Sequence[float], g: Sequence[float], h: Sequence[Sequence[float]]) -> list[float]:
    t = list(start)
    for _ in range(_SWEEPS):
        largest = 0.0
        for i in range(len(t)):
            if h[i][i] <= 0:
                continue
            slope = g[i] + sum(h[i][j] * (t[j] - start[j]) for j in range(len(t)))
            moved = min(1.0, max(-1.0, t[i] - slope / h[i][i]))
            largest = max(largest, abs(moved - t[i]))
            t[i] = moved
        if largest < 1e-12:
            break
    return t
