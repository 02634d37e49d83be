"""The two sides of a point: what values and slopes do right beside it.

The program runs at points 10**-30 and 10**-60 away, or nearer, in enough digits to see them. A tie that is still one
there (|x*y| along x where y is 0) stands still along that line. Where the slopes say nothing, or do not come to
rest (x**2*sin(1/x)), the differences of the values do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus import wide
from gradcli.calculus.budget import OutOfTime, seconds
from gradcli.calculus.operations import Kink
from gradcli.calculus.program import Program

#: The points beside are 10**-REACH away at the most, and the digits of a slope that floats are made from.
REACH, ENOUGH = 60, 25

#: Two answers to every tie, as far apart as there are.
OPPOSITES = (
    {"sign_side": "-1", "first_side": "0", "second_side": "1", "relu_side": "0"},
    {"sign_side": "1", "first_side": "1", "second_side": "0", "relu_side": "1"},
)

#: How many times the digits are taken where a slope seems to be infinite, and how many seconds that may take.
_SURE, PATIENCE = 8, 1.0

#: Slopes smaller than that are what is left of others that cancelled.
NOTHING = 1e-60


class Side(NamedTuple):
    """One side of a point along one variable: the slope there, infinite or finite, or none, or no value at all."""

    slope: Any
    infinite: bool = False
    jump: bool = False
    missing: bool = False


def run_beside(
    program: Program, point: Mapping[str, Any], offsets: Mapping[str, Any], away: int, digits: int
) -> list[Any]:
    """All slots at the point moved by *offsets* times 10**-away (relative to numbers above 1); Failure where there are none."""
    mp = wide.context(digits)
    numbers = []
    for name in program.variables:
        at = wide.constant(mp, str(point[name]))
        numbers.append(at + mp.mpf(offsets.get(name, 0)) * _distance(mp, at, away))
    slots = _untied(program, numbers, digits)
    more = wide.apart(slots) - digits // 2  # 1e200 + x is 1e200 in any digits that do not reach x
    return _untied(program, numbers, digits + more) if more > 0 else slots


def _untied(program: Program, numbers: list[Any], digits: int) -> list[Any]:
    """The slots, ties settled that no answer to them changes: what ties beside the point as well has no kink there."""
    slots = wide.run(program, numbers, digits)
    if not any(isinstance(slot, wide.Failure) and isinstance(slot.error, Kink) for slot in slots):
        return slots
    low, high = (wide.run(program, numbers, digits, answers) for answers in OPPOSITES)
    return [
        a if isinstance(a, wide.Failure) or isinstance(b, wide.Failure) or _equal(a, b) else slot
        for slot, a, b in zip(slots, low, high, strict=True)
    ]


def _distance(mp: Any, at: Any, away: int) -> Any:
    return mp.mpf(10) ** -away * max(1, abs(at))


def seen_from(
    program: Program, point: Mapping[str, Any], name: str, direction: int, precision: int, stopped: bool
) -> Side:
    """What is there from the point along *name*, in *direction* 1 or -1.

    precision: the digits of the slope. stopped: something in f is held constant, so that differences of f say nothing.
    """
    digits = reach_of(precision)[1]
    side = _seen(program, point, name, direction, precision, digits, stopped)
    if not side.infinite:
        return side
    try:  # What seems to grow without end may be digits that cancelled: sinc's fifth derivative at 0.
        with seconds(PATIENCE):
            sure = _seen(program, point, name, direction, precision, _SURE * digits, stopped)
    except OutOfTime:  # gamma takes a minute in so many digits
        return side
    return side if sure.missing else sure


def _seen(
    program: Program, point: Mapping[str, Any], name: str, direction: int, precision: int, digits: int,
    stopped: bool,
) -> Side:  # fmt: skip
    reach = reach_of(precision)[0]
    here = wide.run(program, [str(point[n]) for n in program.variables], digits)[program.value]
    known, distances = not isinstance(here, wide.Failure), (reach // 2, reach)
    runs = [run_beside(program, point, {name: direction}, away, digits) for away in distances]
    values = [run[program.value] for run in runs]
    if any(isinstance(value, wide.Failure) for value in values):
        return Side(None, missing=True)
    # Without a value here it was settled before that both sides meet: a gradient's own corners are looked at first.
    gaps = [abs(value - here) if known else 0 for value in values]
    if gaps[1] > gaps[0] * 0.99 and gaps[1] > abs(here) * 1e-50 and gaps[1] > 1e-50:
        return Side(None, jump=True)
    slopes = [run[program.gradient[program.variables.index(name)] or 0] for run in runs]
    if known and not stopped and not _at_rest(slopes):
        mp = wide.context(digits)
        at = wide.constant(mp, str(point[name]))
        steps = [direction * _distance(mp, at, away) for away in distances]
        slopes = [(value - here) / step for value, step in zip(values, steps, strict=True)]
    if any(isinstance(slope, wide.Failure) for slope in slopes):
        return Side(None, missing=True)
    if abs(slopes[1]) > 1.5 * abs(slopes[0]) and abs(slopes[1]) > 1:  # a logarithm grows to twice itself
        return Side(None, infinite=True)
    if abs(slopes[1]) <= max(abs(slopes[0]) / 1.5, NOTHING):
        return Side(slopes[1] * 0)
    return Side(_snapped(slopes[1], precision) if _at_rest(slopes) else None)


def _at_rest(slopes: Sequence[Any]) -> bool:
    """Whether both slopes are numbers, and as good as the same one."""
    if any(isinstance(slope, wide.Failure) for slope in slopes):
        return False
    return bool(abs(slopes[1] - slopes[0]) <= 1e-3 * abs(slopes[1]))


def reach_of(precision: int) -> tuple[int, int]:
    """How near to look, as a power of ten, and in how many digits: a quotient of two zeros loses most of them."""
    reach = max(REACH, precision + 10)
    return reach, 2 * reach + 40


def _snapped(slope: Any, precision: int) -> Any:
    """The slope without the trace of the distance from which it was seen."""
    mp = wide.context(precision)
    return mp.mpf(slope) + 0


def agree(left: Side, right: Side) -> bool:
    """Whether both sides have the same slope."""
    return left.slope is not None and right.slope is not None and _equal(left.slope, right.slope)


def _equal(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= max(1e-20 * max(abs(a), abs(b)), NOTHING))
