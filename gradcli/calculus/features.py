"""What a curve of one variable does in its range: corners, jumps, poles, holes, ends of the domain, extrema.

Nothing is read off samples. Balls show on which pieces of the range f is smooth; what is left are the places where the
expression itself decides something, and there the limits from both sides say what it is. An extremum is a place where
the slope is shown to change its sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.ball_numbers import ball, exact, working_bits
from gradcli.calculus.backends.balls import Failure, run
from gradcli.calculus.backends.decimals import double, nearest_double
from gradcli.calculus.one_sided_limits import Limit, Sided, beside
from gradcli.calculus.smooth_pieces import DEPTH, Line, Piece, Pieces, clusters, pieces_of, slope_sign
from gradcli.calculus.zeros import Place, place_of, zero_between

#: At most so many places where something is decided, and so many extrema, are looked at; so many where more are left.
MOST, MOST_EXTREMA, FEW = 60, 400, 8

#: Limits that differ by less than this share of their size, or by less than this, are one.
_SAME = 1e-12


class Feature(NamedTuple):
    """A place of a curve.

    kind: `minimum`, `maximum`, `corner`, `cusp` (infinite slope), `jump`, `pole`, `hole`, `edge` (the domain ends), `gap`
    (f tends to nothing there), `steep` (what is there is not shown).
    value: f there, or nan. left, right: what f tends to on the sides, nan where it is infinite or not there.
    steep: whether f or its slope grows without end on a side.
    """

    kind: str
    x: float
    value: float
    left: float
    right: float
    steep: bool = False


class Features(NamedTuple):
    """All features from left to right; undefined: the stretches without a value; notes: what was not looked at.

    cuts: other places at which a curve must not be drawn through: ends of the range at which f jumps, and what was not
    looked at.
    """

    places: list[Feature]
    undefined: list[tuple[float, float]]
    cuts: list[float]
    notes: tuple[str, ...] = ()


#: Features at which a curve must not be drawn through.
BREAKS = ("jump", "pole", "hole", "edge", "gap")


def features(line: Line, low: float, high: float) -> Features:
    """The features of the curve between two numbers, its ends not among them but for poles."""
    start, end = double(low), double(high)
    pieces = pieces_of(line, start, end)
    groups = clusters(pieces.pieces)
    looked = [_break(line, group, start, end) for group in groups[: MOST if pieces.whole else FEW]]
    found = _merged([one for one, _ in looked if one], high - low)
    smooth = [group for group, (_, shown) in zip(groups, looked, strict=False) if shown]
    ends = [x for x, one in ((low, groups[:1]), (high, groups[-1:])) if one and _covers(one[0], x)]
    cuts = [*ends, *(nearest_double(group[0].low) for group in groups[len(looked) :])]
    turns, left = _extrema(line, pieces, smooth)
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


# --- where something is decided ----------------------------------------------------------------------------------


def _break(line: Line, group: Sequence[Piece], start: Any, end: Any) -> tuple[Feature | None, bool]:
    """What the curve does at an open place, None where it does nothing worth a name; and whether that was shown."""
    place = place_of(line, group)
    if place is None:
        return _not_shown(line, group), False
    at_start, at_end = (_same_place(place.x, x) for x in (start, end))
    left = _NOTHING if at_start else beside(line, place, -1, end - start)
    right = _NOTHING if at_end else beside(line, place, 1, end - start)
    x = nearest_double(place.x)
    if at_start or at_end:
        pole = "infinite" in (left.value.kind, right.value.kind)
        return (Feature("pole", x, math.nan, math.nan, math.nan, True) if pole else None), False
    here = _here(line, place)
    kind = _kind(here, left, right)
    if kind is None:
        return None, here is not None
    steep = any(limit.kind in ("infinite", "none") for side in (left, right) for limit in side)
    value = math.nan if here is None or kind == "pole" else here
    return Feature(kind, x, value, _number(left.value), _number(right.value), steep), False


_NOTHING = Sided(Limit("missing"), Limit("missing"))


def _same_place(x: Any, end: Any) -> bool:
    return bool(exact(x) and x == end)


def _here(line: Line, place: Place) -> float | None:
    """f at the place, None where it has no value; nan where that is not known."""
    slots = run(line.first.program, line.point(place.x), 256, None, place.facts)
    value = slots[line.first.value]
    if not isinstance(value, Failure):
        return nearest_double(value)
    from gradcli.calculus.backends.balls import undecided

    return math.nan if undecided(value) and place.facts else None


def _number(limit: Limit) -> float:
    return nearest_double(limit.number) if limit.kind == "finite" else math.nan


def _kind(here: float | None, left: Sided, right: Sided) -> str | None:
    values = left.value, right.value
    kinds = {limit.kind for limit in values}
    if "unknown" in kinds:
        return "steep"
    if "missing" in kinds:
        return "edge" if len(kinds) > 1 else None
    if "infinite" in kinds:
        return "pole"
    if "none" in kinds:
        return "gap"
    if not _equal(*values):
        return "jump"
    if here is None:
        return "hole"
    if math.isfinite(here) and not _close(here, _number(left.value)):
        return "jump"
    slopes = left.slope, right.slope
    if any(slope.kind == "infinite" for slope in slopes):
        return "cusp"
    return "corner" if all(slope.kind == "finite" for slope in slopes) and not _equal(*slopes) else None


def _equal(one: Limit, other: Limit) -> bool:
    gap = abs(one.number - other.number)
    return not gap > _SAME * max(abs(one.number), abs(other.number)) or not gap > 1e-40


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-200) or not math.isfinite(b)


def _not_shown(line: Line, group: Sequence[Piece]) -> Feature | None:
    """Where balls cannot tell what is there: steep, where f changes a lot across it."""
    low, high = group[0].low, group[-1].high
    values = [
        run(line.first.program, line.point(x), 256)[line.first.value] for x in (low, (low + high) / 2, high)
    ]
    numbers = [nearest_double(value) for value in values if not isinstance(value, Failure)]
    x = nearest_double((low + high) / 2)
    if len(numbers) == 3 and math.isclose(numbers[0], numbers[1], rel_tol=1e-6) and math.isclose(
        numbers[1], numbers[2], rel_tol=1e-6
    ):  # fmt: skip
        return None
    return Feature("steep", x, math.nan, math.nan, math.nan, True)


# --- extrema -----------------------------------------------------------------------------------------------------


def _extrema(line: Line, pieces: Pieces, smooth: Sequence[Sequence[Piece]]) -> tuple[list[Feature], bool]:
    """The places where the slope changes its sign, and whether there may be more of them.

    smooth: open places at which f and its slope were shown to be continuous.
    """
    found: list[Feature] = []
    places = [*_turning(pieces), *((group[0].low, group[-1].high) for group in smooth)]
    for low, high in places[:MOST_EXTREMA]:
        if (one := _extremum(line, low, high)) is not None:
            found.append(one)
    return found, len(places) > MOST_EXTREMA or _unresolved(line, pieces)


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
