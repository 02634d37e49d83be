"""A place where an expression decides something → what the curve does there, by the limits from both sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.sampling.curve_feature import Feature
from gradcli.calculus.sampling.one_sided_limits import Limit, Sided, beside
from gradcli.calculus.sampling.sign_changes import Place, place_of
from gradcli.calculus.sampling.smooth_pieces import Line, Piece

#: Limits that differ by less than this share of their size are one.
_SAME = 1e-12


def break_at(line: Line, group: Sequence[Piece], start: Any, end: Any) -> tuple[Feature | None, bool]:
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
