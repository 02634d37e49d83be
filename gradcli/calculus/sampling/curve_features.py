"""What a curve of one variable does in its range: corners, jumps, poles, holes, ends of the domain, extrema.

Nothing is read off samples. Balls show on which pieces of the range f is smooth; what is left are the places where the
expression itself decides something, and there the limits from both sides say what it is. An extremum is a place where
the slope is shown to change its sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.sampling.curve_feature import Feature
from gradcli.calculus.sampling.discontinuities import break_at
from gradcli.calculus.sampling.extrema import extrema
from gradcli.calculus.sampling.smooth_pieces import Line, Piece, Pieces, clusters, pieces_of

#: At most so many places where something is decided are looked at, and so many where still more are left.
MOST, FEW = 60, 8


class Features(NamedTuple):
    """All features from left to right; undefined: the stretches without a value; notes: what was not looked at.

    cuts: other places at which a curve must not be drawn through: ends of the range at which f jumps, and what was not
    looked at.
    """

    places: list[Feature]
    undefined: list[tuple[float, float]]
    cuts: list[float]
    notes: tuple[str, ...] = ()


def features(line: Line, low: float, high: float) -> Features:
    """The features of the curve between two numbers, its ends not among them but for poles."""
    start, end = double(low), double(high)
    pieces = pieces_of(line, start, end)
    groups = clusters(pieces.pieces)
    looked = [break_at(line, group, start, end) for group in groups[: MOST if pieces.whole else FEW]]
    found = _merged([one for one, _ in looked if one], high - low)
    smooth = [group for group, (_, shown) in zip(groups, looked, strict=False) if shown]
    ends = [x for x, one in ((low, groups[:1]), (high, groups[-1:])) if one and _covers(one[0], x)]
    cuts = [*ends, *(nearest_double(group[0].low) for group in groups[len(looked) :])]
    turns, left = extrema(line, pieces, smooth)
    places = sorted([*found, *turns], key=lambda one: one.x)
    notes = []
    if len(groups) > MOST or not pieces.whole:
        notes.append("not all breaks of f may be marked: there are too many places to look at")
    if left or any(one.kind == "gap" for one in found):
        notes.append("not all extrema may be marked: there are too many of them")
    return Features(places, _undefined(pieces), cuts, tuple(notes))


def _covers(group: Sequence[Piece], x: float) -> bool:
    return bool(group[0].low <= double(x) <= group[-1].high)


def _merged(found: list[Feature], width: float) -> list[Feature]:
    """The features without places that are not shown and lie beside one that is, or beside another of them."""
    kept: list[Feature] = []
    shown = [one.x for one in found if one.kind != "steep"]
    for one in found:
        near = [*shown, *(other.x for other in kept)] if one.kind == "steep" else []
        if not any(abs(one.x - x) < 0.02 * width for x in near):
            kept.append(one)
    return kept


def _undefined(pieces: Pieces) -> list[tuple[float, float]]:
    """The stretches in which f has no value, those that touch joined."""
    found: list[tuple[float, float]] = []
    for piece in pieces.pieces:
        if piece.kind != "void":
            continue
        low, high = nearest_double(piece.low), nearest_double(piece.high)
        if found and found[-1][1] >= low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found
