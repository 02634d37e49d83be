"""Point → the ties there, where they tell all: their quantities are smooth, which their slopes beside it show."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.given_numbers import Moved
from gradcli.calculus.corners.ties import ANSWERS, EQUAL, Ties
from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.program import Program

#: Bits of the look at the point and of those beside it, and how far these are away, for coordinates up to 1.
_BITS, _BESIDE_BITS, _STEP = 192, 480, fmpq(1, 10**60)

#: Slopes below this may be those of squares.
_FLAT = 1e-50


def ties_at(program: Program, point: Mapping[str, Any], bits: int) -> Ties | None:
    """The ties at *point*, for gradients of so many right bits; None where there is more than they can tell."""
    given = [point[name] for name in program.variables]
    slots = run(program, given, _BITS)
    tied = {
        index: places[0]
        for index, (_, *places) in enumerate(program.code)
        if _is_kink(slots[program.first + index], index)
    }
    if not tied or any(program.code[index][0] not in ANSWERS for index in tied):
        return None
    if _reaches(program, program.value, tied) or isinstance(slots[program.value], Failure):
        return None
    ties = Ties(program, given, bits, tied)
    return ties if _look(ties) else None


def _is_kink(slot: Any, index: int) -> bool:
    return isinstance(slot, Failure) and slot.instruction == index and isinstance(slot.error, Kink)


def _reaches(program: Program, slot: int, tied: Mapping[int, int]) -> bool:
    """Whether a slot is made of the results of tied instructions."""
    waiting, reached = [slot], {slot}
    while waiting:
        index = waiting.pop() - program.first
        if index in tied:
            return True
        fresh = set(program.code[index][1:]) - reached if index >= 0 else set()
        reached |= fresh
        waiting += fresh
    return False


def _look(ties: Ties) -> bool:
    """Whether the tied quantities are smooth at the point; their slopes are kept."""
    quantities = set(ties.tied.values())
    last = max(quantities) + 1 - ties.program.first
    shorter = ties.program._replace(code=ties.program.code[: max(last, 0)])
    axes = [[float(i == j) for j in range(len(ties.given))] for i in range(len(ties.given))]
    columns = [_smooth(ties, shorter, axis, quantities) for axis in axes]
    known = [column for column in columns if column is not None]
    if len(known) < len(axes):
        return False
    source = random.Random(0)  # noqa: S311  (nothing secret: the same direction every time)
    direction = [source.uniform(-1, 1) for _ in axes]
    for way in (1, -1) if len(axes) > 1 else ():
        found = _moved(ties, shorter, direction, quantities, way)
        if found is None or not all(_is_sum(found[q], [c[q] for c in known], direction) for q in quantities):
            return False
    ties.slopes = {q: [float(column[q]) for column in known] for q in quantities}
    return True


def _smooth(
    ties: Ties, program: Program, axis: Sequence[float], quantities: set[int]
) -> dict[int, Any] | None:
    """The slopes of the quantities along an axis; both ways where there is no other, or where one may be a square's."""
    ahead = _moved(ties, program, axis, quantities, 1)
    if ahead is None:
        return None
    small = any(abs(slope) < _FLAT and not slope.is_zero() for slope in ahead.values())
    behind = (
        _moved(ties, program, axis, quantities, -1) if small or sum(map(bool, axis)) == len(axis) else ahead
    )
    if behind is None:
        return None
    found = {}
    for q in quantities:
        a, b = ahead[q], behind[q]
        if abs(a - b) <= EQUAL * abs(a):
            found[q] = a
        elif abs(a) < _FLAT and abs(b) < _FLAT and not (a > 0 and b > 0) and not (a < 0 and b < 0):
            found[q] = arb(0)  # a square: opposite slopes, as small as the way
        else:
            return None
    return found


def _is_sum(found: Any, slopes: Sequence[Any], direction: Sequence[float]) -> bool:
    terms = [slope * d for slope, d in zip(slopes, direction, strict=True)]
    size = sum(map(abs, terms), arb(_FLAT))
    return bool(abs(found - sum(terms, arb(0))) <= EQUAL * size + arb(_FLAT))


def _moved(
    ties: Ties, program: Program, direction: Sequence[float], quantities: set[int], way: int
) -> dict[int, Any] | None:
    """The slopes of the quantities on the way to a point beside."""
    numbers = [
        Moved(x, double(d) * _STEP * way) if d else x for x, d in zip(ties.given, direction, strict=True)
    ]
    slots = run(program, numbers, _BESIDE_BITS)
    if any(isinstance(slots[q], Failure) for q in quantities):
        return None
    return {q: ball(slots[q]) / arb(_STEP * way) for q in quantities}
