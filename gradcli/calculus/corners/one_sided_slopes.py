"""The two sides of a point: what values and slopes do right beside it.

The program runs in balls at points 10**-30 and 10**-60 away, or nearer, exactly. A tie that is still one there (|x*y|
along x where y is 0) stands still along that line. Where the slopes say nothing, or do not come to rest
(x**2*sin(1/x)), the differences of the values do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import Undecided, ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs.ball_backend import run, run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.given_numbers import Moved, number_of
from gradcli.calculus.program.instructions import Kink, TooHard
from gradcli.calculus.program.program import Program

#: The points beside are 10**-REACH away at the most, and the digits of a slope that floats are made from.
REACH, ENOUGH = 60, 25

#: Two answers to every tie, as far apart as there are.
OPPOSITES = (
    {"sign_side": "-1", "first_side": "0", "second_side": "1", "relu_side": "0"},
    {"sign_side": "1", "first_side": "1", "second_side": "0", "relu_side": "1"},
)


class Side(NamedTuple):
    """One side of a point along one variable: the slope there, infinite or finite, or none, or no value at all.

    undecided: the digits of f there do not tell.
    """

    slope: Any
    infinite: bool = False
    jump: bool = False
    missing: bool = False
    undecided: bool = False


def run_near(
    program: Program, point: Mapping[str, Any], offsets: Mapping[str, Any], away: int, digits: int,
    outputs: Collection[int],
) -> dict[int, Any]:  # fmt: skip
    """The slots *outputs* at the point moved by *offsets* times 10**-away (relative to the smallest number below 1).

    To so many digits, as the middles of their balls; Failure where there are none.
    """
    power = scale_of(point)
    way = {name: double(offset) for name, offset in offsets.items()}
    return _run_at(program, point, way, fmpq(10) ** (power - away), digits - 2 * power, outputs)


def _run_at(
    program: Program, point: Mapping[str, Any], way: Mapping[str, Any], step: Any, digits: int,
    outputs: Collection[int],
) -> dict[int, Any]:  # fmt: skip
    numbers = [
        Moved(point[name], way[name] * step) if name in way else point[name] for name in program.variables
    ]
    bits = math.ceil(digits * math.log2(10))
    slots = run_to_bits(program, numbers, outputs, bits)
    if any(isinstance(slot, Failure) and isinstance(slot.error, Kink) for slot in slots.values()):
        slots = _untied(program, numbers, slots, bits)
    return {slot: middle(found) for slot, found in slots.items()}


def middle(found: Any) -> Any:
    """The middle of a number's ball, 0 where that cannot be told from it; a Failure as it is."""
    if isinstance(found, Failure):
        return found
    around = ball(found)
    return arb(0) if around.contains(0) else around.mid()


def _untied(program: Program, numbers: Sequence[Any], slots: Mapping[int, Any], bits: int) -> dict[int, Any]:
    """The slots, ties settled that no answer to them changes: what ties beside the point as well has no kink there."""
    low, high = (run_to_bits(program, numbers, slots, bits, answers) for answers in OPPOSITES)
    return {
        slot: a if isinstance(a, Failure) or isinstance(b, Failure) or equal(middle(a), middle(b)) else found
        for (slot, found), a, b in zip(slots.items(), low.values(), high.values(), strict=True)
    }


def _size(given: Any) -> float:
    """The absolute value of a number as it was given, a constant expression's too."""
    try:
        return abs(float(given))
    except ValueError:
        return abs(float(ball(number_of(given, 64)).mid()))


def scale_of(point: Mapping[str, Any]) -> int:
    """The power of ten of the smallest coordinate that is not 0; 0 where all are 1 or more: what is beside is nearer."""
    sizes = map(_size, point.values())
    return min([0, *(math.floor(math.log10(size)) for size in sizes if 0 < size < 1)])


def _above(point: Mapping[str, Any]) -> int:
    """The digits before the point of the largest coordinate."""
    return max(
        [0, *(math.ceil(math.log10(size)) for size in map(_size, point.values()) if 1 < size < math.inf)]
    )


def distance(at: Any, away: int) -> Any:
    """10**-away, times the power of ten above the number *at* where that is above 1."""
    size = _size(at)
    power = math.ceil(math.log10(size)) if size > 1 else 0
    return fmpq(10) ** (power - away)


def one_sided_slope(
    program: Program, point: Mapping[str, Any], name: str, direction: int, precision: int, stopped: bool
) -> Side:
    """What is there from the point along *name*, in *direction* 1 or -1.

    precision: the digits of the slope. stopped: something in f is held constant, so that differences of f say nothing.
    """
    slope, way = program.gradient[program.variables.index(name)] or 0, fmpq(direction)
    found = one_sided_slope_along(program, point, {name: way}, {slope: way}, precision, stopped)
    return found if found.slope is None else found._replace(slope=direction * found.slope)


def one_sided_slope_along(
    program: Program, point: Mapping[str, Any], way: Mapping[str, Any], slopes: Mapping[int, Any] | None,
    precision: int, stopped: bool,
) -> Side:  # fmt: skip
    """What is there from the point on the ray *way* (rationals of at most 1, by variable), f's slope being that ahead.

    slopes: the weights with which slots make that slope; None: differences of f make it. precision, stopped: as
    `one_sided_slope` has them.
    """
    reach, digits = probe_distance(precision)
    digits += _above(point) - 2 * scale_of(point)
    given, outputs = [point[n] for n in program.variables], (program.value, *(slopes or ()))

    def look(step: Any, digits: int) -> dict[int, Any]:
        """f, and the slots of its slope, so far on the way; at the point f alone."""
        if step:
            return _run_at(program, point, way, step, digits, outputs)
        bits = math.ceil(digits * math.log2(10))
        return {program.value: middle(run_to_bits(program, given, outputs[:1], bits)[program.value])}

    with working_bits(math.ceil((digits + 2 * reach) * math.log2(10)) + 64):
        return _seen(look, program.value, slopes, scale_of(point), (reach // 2, reach), digits, stopped)


def one_sided_values(
    program: Program, point: Mapping[str, Any], way: Mapping[str, Any]
) -> Callable[[int], Side]:
    """What each slot does from the point on the ray *way*, told by differences of its own values.

    All slots come from the same few runs, each at one precision: what that does not tell is undecided.
    """
    reach, digits = probe_distance(ENOUGH)
    digits += _above(point) - 2 * scale_of(point)
    bits = math.ceil((digits + 4 * reach) * math.log2(10)) + 256

    @cache
    def run_all(step: Any) -> list[Any]:
        numbers = [
            Moved(point[n], double(way[n]) * step) if step and n in way else point[n]
            for n in program.variables
        ]
        return run(program, numbers, bits)

    def side(slot: int) -> Side:
        def look(step: Any, digits: int) -> dict[int, Any]:
            return {slot: _sure_middle(run_all(step)[slot], digits)}

        with working_bits(bits):
            try:
                return _seen(look, slot, None, scale_of(point), (reach // 2, reach), digits, stopped=False)
            except Undecided:
                return Side(None, undecided=True)

    return side


def _sure_middle(found: Any, digits: int) -> Any:
    """The middle of a ball of so many digits. Raises Undecided for one that is wider, and for a slot that ties."""
    if isinstance(found, Failure):
        if isinstance(found.error, (Kink, Undecided, TooHard)):
            raise Undecided
        return found
    around = ball(found)
    wide = around.rad() > abs(around.mid()) * arb(10) ** -digits
    if wide and not (around.contains(0) and around.rad() < arb(10) ** (-2 * digits)):
        raise Undecided
    return middle(found)


def _seen(
    look: Callable[[Any, int], Mapping[int, Any]], value: int, slopes: Mapping[int, Any] | None, scale: int,
    distances: tuple[int, int], digits: int, stopped: bool,
) -> Side:  # fmt: skip
    """What the slot *value* does on a ray. look: the slots so far on it, to so many digits."""
    more = digits + 2 * distances[1]  # for a third look, at the square of the second distance
    here = look(fmpq(0), more)[value]
    known = not isinstance(here, Failure)

    def at(away: int, digits: int = digits) -> tuple[Any, Any]:
        """f there, and its slope on the way."""
        found = look(fmpq(10) ** (scale - away), digits)
        return found[value], _weighted(found, slopes or {})

    near = [at(away) for away in distances]
    values, found = (list(column) for column in zip(*near, strict=True))
    if any(isinstance(value, Failure) for value in values):
        return Side(None, missing=True)
    # Without a value here it was settled before that both sides meet: a gradient's own corners are looked at first.
    gaps = [abs(value - here) if known else arb(0) for value in values]
    least = abs(here) * arb(10) ** -(digits - 20) if known else arb(0)
    if gaps[1] > gaps[0] * 0.99 and gaps[1] > least:
        return Side(None, jump=True)
    differences = known and (slopes is None or not (stopped or _at_rest(found)))
    if differences and gaps[1] <= least and least > arb(10) ** (scale - distances[1] - ENOUGH):
        return Side(None, undecided=True)

    def slope_of(away: int, value: Any, slope: Any, digits: int = digits) -> Any:
        return _quotient(value, here, digits, scale - away) if differences else slope

    found = [slope_of(away, *pair) for away, pair in zip(distances, near, strict=True)]
    if any(isinstance(slope, Failure) for slope in found):
        return Side(None, missing=True)
    if _at_rest(found):
        return Side(found[1])
    last = at(2 * distances[1], more)
    nearest = last[0] if isinstance(last[0], Failure) else slope_of(2 * distances[1], *last, more)
    return Side(None) if isinstance(nearest, Failure) else _side_of([*found, nearest])


def _quotient(value: Any, here: Any, digits: int, exponent: int) -> Any:
    """The difference quotient over a step of 10**exponent; 0 where the difference is below the digits of both values."""
    gap = value - here
    return arb(0) if abs(gap) <= arb(10) ** -(digits - 20) * abs(here) else gap / arb(fmpq(10) ** exponent)


def _weighted(run: Mapping[int, Any], slopes: Mapping[int, Any]) -> Any:
    """The weighted sum of slots; the Failure of one that has none."""
    failed = next((run[slot] for slot in slopes if isinstance(run[slot], Failure)), None)
    return failed or sum((run[slot] * arb(weight) for slot, weight in slopes.items()), arb(0))


def _side_of(slopes: Sequence[Any]) -> Side:
    """What slopes that do not rest come to, each at the square of the distance before it.

    A power of the distance grows or falls by many powers of ten, a logarithm to twice or half of itself, each time; what
    does neither (sin(1/x)) comes to nothing.
    """
    ratios = [abs(b / a) if a != 0 else arb(0 if b == 0 else "inf") for a, b in pairwise(slopes)]
    steady = all(a * b > 0 for a, b in pairwise(slopes))
    if all(r > 1e3 for r in ratios) or (steady and all(r > 1.7 and r < 2.3 for r in ratios)):
        return Side(None, infinite=True)
    if all(r < 1e-3 for r in ratios) or (steady and all(r > 0.4 and r < 0.6 for r in ratios)):
        return Side(arb(0))
    return Side(None)


def _at_rest(slopes: Sequence[Any]) -> bool:
    """Whether both slopes are numbers, and as good as the same one."""
    if any(isinstance(slope, Failure) for slope in slopes):
        return False
    return not abs(slopes[1] - slopes[0]) > 1e-3 * abs(slopes[1])


def probe_distance(precision: int) -> tuple[int, int]:
    """How near to look, as a power of ten, and in how many digits: a quotient of two zeros loses most of them."""
    reach = max(REACH, precision + 10)
    return reach, 2 * reach + 40


def agree(left: Side, right: Side) -> bool:
    """Whether both sides have the same slope."""
    return left.slope is not None and right.slope is not None and equal(left.slope, right.slope)


def equal(a: Any, b: Any) -> bool:
    """Whether two numbers that were found beside a point are as good as the same one."""
    one, other = ball(a), ball(b)
    return not abs(one - other) > 1e-20 * arb.max(abs(one), abs(other))
