"""A curve's range → pieces on which balls show what f does, and the narrow rests in which something may happen.

The range is halved until every piece is smooth (f and its slope are continuous there), without any value, or too
narrow to be halved again. How far that goes is counted in pieces, never timed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.graph.derivative_programs import Derived, derived
from gradcli.calculus.intervals.box_enclosures import EITHER, NOT_ZERO, Enclosed, enclosed
from gradcli.calculus.program.instructions import SPECIAL
from gradcli.calculus.program.program import Program

#: A piece is halved at most so often; open pieces only so often where there are more of them than a few.
DEPTH, DEPTH_OF_MANY, FEW = 48, 22, 40

#: So many pieces are looked at where something is not shown to be smooth, and so many where the slope may turn; a
#: share of them where each costs a lot.
MOST_OPEN, MOST_TURNING, SHARE = 10_000, 800, 4

#: Instructions that are carried out at most, whatever the number of pieces.
MOST_WORK = 800_000

#: Where a piece is divided, in 1024ths: not in the middle, which is a round number more often than not.
_PART = fmpq(503, 1024)


class Line(NamedTuple):
    """f along one axis: programs of its slope and of its second derivative, and the numbers of the other variables.

    point: from a number on the axis to the numbers of all variables.
    """

    first: Derived
    second: Derived
    point: Callable[[Any], list[Any]]
    slow: bool


class Piece(NamedTuple):
    """Part of the range, its ends rationals.

    kind: `smooth`, `void` (no value anywhere) or `open` (nothing is shown). rises: the sign of the slope, 0 where it
    is 0 all over, None where it may have both. once: the slope has both, and changes it once. over: what all slots can be.
    """

    low: Any
    high: Any
    kind: str
    rises: int | None
    over: Enclosed
    level: int
    once: bool = False


class Pieces(NamedTuple):
    """The pieces from left to right; whole: whether no open one was left because there were too many."""

    pieces: list[Piece]
    whole: bool


def line_of(program: Program, axis: str, at: Any) -> Line:
    """f along *axis*, the other variables where *at* has them."""
    place = program.variables.index(axis)
    others = [None if name == axis else double(at[name]) for name in program.variables]

    def point(x: Any) -> list[Any]:
        """The point at x of the line."""
        return [x if i == place else other for i, other in enumerate(others)]

    slow = any(op in SPECIAL for op, *_ in program.code)
    return Line(derived(program, [axis]), derived(program, [axis], seconds=True), point, slow)


def between(low: Any, high: Any) -> Any:
    """The ball around everything between two rationals."""
    return arb((low + high) / 2, (high - low) / 2)


def pieces_of(line: Line, low: Any, high: Any) -> Pieces:
    """The range from *low* to *high* in pieces."""
    most = MOST_WORK // (len(line.first.program.code) + len(line.second.program.code) + 1)
    budgets = {
        kind: max(min(count // (SHARE if line.slow else 1), most), 200)
        for kind, count in (("open", MOST_OPEN), ("smooth", MOST_TURNING))
    }
    done: list[Piece] = []
    left: list[Piece] = []
    waiting = [_piece(line, low, high, 0)]
    for level in range(1, DEPTH + 1):
        done += [piece for piece in waiting if _settled(piece)]
        waiting = [piece for piece in waiting if not _settled(piece)]
        if level > DEPTH_OF_MANY and sum(piece.kind == "open" for piece in waiting) > FEW:
            done += [piece for piece in waiting if piece.kind == "open"]
            waiting = [piece for piece in waiting if piece.kind != "open"]
        for kind in budgets:
            budgets[kind] -= 2 * sum(piece.kind == kind for piece in waiting)
        left += [piece for piece in waiting if budgets[piece.kind] < 0]
        waiting = [
            half for piece in waiting if budgets[piece.kind] >= 0 for half in _halves(line, piece, level)
        ]
    whole = not any(piece.kind == "open" for piece in left)
    return Pieces(sorted([*done, *left, *waiting], key=lambda piece: piece.low), whole)


def _settled(piece: Piece) -> bool:
    return piece.kind == "void" or (piece.kind == "smooth" and (piece.rises is not None or piece.once))


def _halves(line: Line, piece: Piece, level: int) -> Iterator[Piece]:
    middle = piece.low + (piece.high - piece.low) * _PART
    yield _piece(line, piece.low, middle, level)
    yield _piece(line, middle, piece.high, level)


def _piece(line: Line, low: Any, high: Any, level: int) -> Piece:
    derived_ = line.first
    over = enclosed(derived_.program, line.point(between(low, high)))
    value, slope = derived_.value, derived_.slopes[0]
    if over.void(value):
        return Piece(low, high, "void", None, over, level)
    if slope is None or not (over.clear(value) and over.clear(slope)):
        return Piece(low, high, "open", None, over, level)
    rises, once = _rises(line, over, low, high)
    return Piece(low, high, "smooth", rises, over, level, once)


def _rises(line: Line, over: Enclosed, low: Any, high: Any) -> tuple[int | None, bool]:
    """The sign of the slope on a smooth piece, its own or that at both ends where the second derivative has one; and
    whether the slope is shown to change it once.
    """
    slope = line.first.slopes[0]
    assert slope is not None  # noqa: S101  (a smooth piece has one)
    if over.signs[slope] is not None:
        return (slope_sign(line, low) if over.signs[slope] == EITHER else over.signs[slope]), False
    bend = line.second.seconds[0][0]
    if bend is None:
        return None, False
    wide = enclosed(line.second.program, line.point(between(low, high)))
    if wide.signs[bend] not in NOT_ZERO:
        return None, False
    left, right = (slope_sign(line, x) for x in (low, high))
    if left == right:
        return left, False
    return None, left is not None and right is not None and left * right < 0


def slope_sign(line: Line, x: Any) -> int | None:
    """The sign of the slope at one number, None where it is not known."""
    slope = line.first.slopes[0]
    sign = None if slope is None else enclosed(line.first.program, line.point(x), 256).signs[slope]
    return None if sign == EITHER else sign


def numbers_at(line: Line, x: float) -> tuple[float, float] | None:
    """f and its slope at one number as floats, infinite where they are too large, nan where they are not known.

    None where f has no value.
    """
    over = enclosed(line.first.program, line.point(double(x)), 256)
    numbers = [over.slots[slot] for slot in (line.first.value, line.first.slopes[0]) if slot is not None]
    if over.void(line.first.value):
        return None
    floats = [math.nan if isinstance(number, Failure) else nearest_double(number) for number in numbers]
    if isinstance(numbers[0], Failure):  # too large for any ball, or not decided
        floats[0] = math.inf
    return floats[0], floats[1] if len(floats) > 1 else math.nan


def clusters(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Open pieces that touch each other, together."""
    found: list[list[Piece]] = []
    for piece in pieces:
        if piece.kind != "open":
            continue
        if found and found[-1][-1].high == piece.low:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found
