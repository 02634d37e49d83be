"""A curve in pieces → its minima and maxima: the places where its slope is shown to change its sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.sampling.bracketed_zero import zero_between
from gradcli.calculus.sampling.curve_feature import Feature
from gradcli.calculus.sampling.smooth_pieces import DEPTH, Line, Piece, Pieces, slope_sign

#: At most so many of them are looked for.
MOST = 400


def extrema(line: Line, pieces: Pieces, smooth: Sequence[Sequence[Piece]]) -> tuple[list[Feature], bool]:
    """The places where the slope changes its sign, and whether there may be more of them.

    smooth: open places at which f and its slope were shown to be continuous.
    """
    found: list[Feature] = []
    places = [*_turning(pieces), *((group[0].low, group[-1].high) for group in smooth)]
    for low, high in places[:MOST]:
        if (one := _extremum(line, low, high)) is not None:
            found.append(one)
    return found, len(places) > MOST or _unresolved(line, pieces)


def _turning(pieces: Pieces) -> Iterator[tuple[Any, Any]]:
    """Intervals in which the slope may change its sign: pieces that are shown to hold one zero of it, others joined."""
    open_: list[Piece] = []
    for piece in pieces.pieces:
        turning = piece.kind == "smooth" and piece.rises is None
        if open_ and not (
            turning and not piece.once and piece.low == open_[-1].high and _narrow(open_[0], piece)
        ):
            yield open_[0].low, open_[-1].high
            open_ = []
        if turning and piece.once:
            yield piece.low, piece.high
        elif turning:
            open_.append(piece)
    if open_:
        yield open_[0].low, open_[-1].high


def _narrow(first: Piece, last: Piece) -> bool:
    """Whether pieces are joined: those that were halved to the end, around one number."""
    return first.level > 40 and last.level > 40


def _extremum(line: Line, low: Any, high: Any) -> Feature | None:
    """The minimum or maximum between two numbers, None where the slope is not shown to change its sign."""
    left, right = slope_sign(line, low), slope_sign(line, high)
    if left is None or right is None or left * right >= 0:
        return None
    slot = line.first.slopes[0]

    def slope(x: Any) -> Any:
        """The slope at x as a ball; None where it has no number."""
        found = run(line.first.program, line.point(x), 320)[slot]  # type: ignore[index]
        return None if isinstance(found, Failure) else ball(found)

    place = zero_between(slope, low, high, 80)
    if place is None:
        place = ball((low + high) / 2)
    x = _rounded(line, place, low, high)
    with working_bits(256):
        value = run(line.first.program, line.point(x), 256)[line.first.value]
    if isinstance(value, Failure):
        return None
    height = nearest_double(value)
    return Feature("minimum" if left < 0 else "maximum", nearest_double(x), height, height, height)


def _rounded(line: Line, place: Any, low: Any, high: Any) -> Any:
    """A short decimal at which the slope is exactly 0, else the middle of the ball."""
    middle = nearest_double(place)
    slot = line.first.slopes[0]
    for digits in range(7):
        x = double(float(f"{middle:.{digits}f}"))
        if not (low <= x <= high and abs(nearest_double(x) - middle) <= 1e-6 * abs(middle) + 1e-12):
            continue
        slope = run(line.first.program, line.point(x), 256)[slot]  # type: ignore[index]
        if not isinstance(slope, Failure) and (slope == 0 or (not exact(slope) and slope.contains(0))):
            return x
    return place.mid()


def _unresolved(line: Line, pieces: Pieces) -> bool:
    """Whether the slope turns in a piece that is not shown to hold one zero of it, or may in one that is not narrow."""
    wide = (pieces.pieces[-1].high - pieces.pieces[0].low) / 100
    for piece in pieces.pieces:
        if piece.kind != "smooth" or piece.rises is not None or piece.once or piece.level >= DEPTH:
            continue
        left, right = slope_sign(line, piece.low), slope_sign(line, piece.high)
        if left and right and (left != right or piece.high - piece.low > wide):
            return True
    return False
