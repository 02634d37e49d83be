"""The ends of f where it is monotone along each variable: its values at two corners of the box."""

from __future__ import annotations

from math import isfinite
from typing import Any

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram
from gradcli.calculus.enclosures.point_value import Nowhere, value_at
from gradcli.descent.proofs.boxes import Domain
from gradcli.descent.proofs.proved_extreme import float_above, float_below
from gradcli.descent.proofs.ranges.function_course import Course
from gradcli.descent.proofs.ranges.value_enclosures import Interval

#: Which end of a side f is least at.
_FIRST = {"increasing": True, "constant": True, "decreasing": False}


def at_corners(field: BoxProgram, domain: Domain, course: Course, found: Interval) -> Interval:
    """The interval with ends that f takes at corners, where it is shown to rise or to fall along each variable."""
    ways = [_FIRST.get(word or "") for word in course.monotone.values()]
    if None in ways or any(domain.whole):
        return found
    pairs = [
        (one.low, one.high) if way else (one.high, one.low) for way, one in zip(ways, domain.box, strict=True)
    ]
    with working_bits(BITS):
        least, most = (_value(field, [pair[k] for pair in pairs]) for k in (0, 1))
        low = found.lower if least is None else _finite(float_below(least))
        high = found.upper if most is None else _finite(float_above(most))
    reached = found.reached or None not in (low, high, least, most)
    return found._replace(lower=low, upper=high, reached=reached)


def _value(field: BoxProgram, point: list[Any]) -> Any:
    try:
        return value_at(field, point, BITS)
    except Nowhere:
        return None


def _finite(end: float) -> float | None:
    return end if isfinite(end) else None


def one_sided(found: Interval | None, word: str | None) -> Interval | None:
    """A slope's interval without what is below 0 where f is shown to rise, and above it where to fall."""
    if found is None:
        return None
    if word in ("increasing", "constant") and (found.lower is None or found.lower < 0):
        found = found._replace(lower=0.0)
    if word in ("decreasing", "constant") and (found.upper is None or found.upper > 0):
        found = found._replace(upper=0.0)
    return found
