"""Ties of abs, max, min and relu at a point → the gradient beside it in any direction, by one look at each tie.

A direction gives each tied quantity the sign of its slope along it, and the gradient there is that of the program with
its ties answered so. That holds where the tied quantities are smooth at the point and where nothing else ties; whether
they are is seen from their slopes along each axis, and both ways along a direction in between.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_arithmetic import multiplied, subtracted
from gradcli.calculus.balls.ball_backend import run, run_to_bits
from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.ball_operations import Failure
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.given_numbers import Moved
from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.program import Program

#: What each tie answers where its quantity falls, stays 0 to first order, and rises.
_ANSWERS = {
    "sign_side": ("-1", "0", "1"), "first_side": ("0", "0.5", "1"), "second_side": ("0", "0.5", "1"),
    "relu_side": ("0", "0.5", "1"),
}  # fmt: skip

#: Bits of the look at the point and of those beside it, and how far these are away, for coordinates up to 1.
_BITS, _BESIDE_BITS, _STEP = 192, 480, fmpq(1, 10**60)

#: Slopes that agree to this are one; below that they may be those of squares; and a direction along a tie, in its terms.
_ONE, _FLAT, _NOTHING = 1e-20, 1e-50, 1e-12

#: Groups of ties from which gradients are made of parts.
_WORTHWHILE = 4

#: The signs of all ties' quantities along a direction.
Pattern = tuple[int, ...]


class Ties:
    """The ties at one point, the slopes of their quantities, and the gradients that were computed with them answered."""

    def __init__(self, program: Program, given: Sequence[Any], bits: int, tied: Mapping[int, int]) -> None:
        self.program, self.given, self.bits, self.tied = program, given, bits, tied
        self.slopes: dict[int, list[float]] = {}
        self._known: dict[Pattern, list[Any] | None] = {}

    def gradient(self, direction: Sequence[float]) -> list[Any] | None:
        """The partials beside the point in a direction, as rationals and balls, 0 for those without a slot.

        None where the direction runs along a tie, or where a partial has no number.
        """
        pattern = self._pattern(direction)
        if pattern is None:
            return None
        found = self._summed(pattern)
        # What cancels in a sum is better computed by itself.
        return self._at(pattern) if found is None or not all(map(_plain, found)) else found

    def around(self, directions: Sequence[Sequence[float]]) -> list[list[Any]]:
        """The gradients in these directions, each pattern of signs once."""
        patterns = dict.fromkeys(self._pattern(direction) for direction in directions)
        found = (self._summed(pattern) or self._at(pattern) for pattern in patterns if pattern is not None)
        return [gradient for gradient in found if gradient is not None]

    def _summed(self, pattern: Pattern) -> list[Any] | None:
        """The gradient of a pattern from those of few others; None where that is not known to hold."""
        if len(self.groups) < _WORTHWHILE or self.parts is None:
            return None
        return _added(*self.parts, [pattern[min(group)] for group in self.groups])

    @cached_property
    def groups(self) -> list[dict[int, int]]:
        """The numbers of the ties whose quantities have the same slopes, or opposite ones: 1 or -1 for each."""
        groups: dict[tuple[float, ...], dict[int, int]] = {}
        for number, quantity in enumerate(self.tied.values()):
            slopes = tuple(x + 0.0 for x in self.slopes[quantity])
            turned = tuple(0.0 - x for x in slopes)
            way = -1 if turned in groups else 1
            groups.setdefault(turned if way < 0 else slopes, {})[number] = way
        return list(groups.values())

    @cached_property
    def parts(self) -> tuple[list[Any], list[list[Any]]] | None:
        """The gradient where the first of each group rises, and what each group's fall takes from it.

        None where these do not add up.
        """
        ways = {number: way for group in self.groups for number, way in group.items()}
        up = tuple(ways[number] for number in range(len(self.tied)))
        first = self._at(up)
        turned = [self._at(tuple(-s if i in group else s for i, s in enumerate(up))) for group in self.groups]
        if first is None or None in turned:
            return None
        changes = [list(map(subtracted, first, one)) for one in turned if one is not None]
        wanted = self._at(tuple(-s for s in up))
        if wanted is None or not _agree(wanted, _added(first, changes, [-1] * len(changes)), first, changes):
            return None
        return first, changes

    def _pattern(self, direction: Sequence[float]) -> Pattern | None:
        signs = [self._sign(quantity, direction) for quantity in self.tied.values()]
        return None if None in signs else tuple(s for s in signs if s is not None)

    def _at(self, pattern: Pattern) -> list[Any] | None:
        if pattern not in self._known:
            self._known[pattern] = self._answered(pattern)
        return self._known[pattern]

    def _sign(self, quantity: int, direction: Sequence[float]) -> int | None:
        terms = [slope * d for slope, d in zip(self.slopes[quantity], direction, strict=True)]
        total, size = sum(terms), sum(map(abs, terms))
        if size == 0:
            return 0
        return None if abs(total) <= _NOTHING * size else 1 if total > 0 else -1

    def _answered(self, pattern: Pattern) -> list[Any] | None:
        program = self.program
        answers: dict[str | int, str] = {
            index: _ANSWERS[program.code[index][0]][sign + 1]
            for index, sign in zip(self.tied, pattern, strict=True)
        }
        places = [slot for slot in program.gradient if slot is not None]
        found = run_to_bits(program, self.given, places, self.bits, answers)
        if any(isinstance(number, Failure) for number in found.values()):
            return None
        return [fmpq(0) if slot is None else found[slot] for slot in program.gradient]


def _plain(number: Any) -> bool:
    return exact(number) or not number.contains(0)


def _added(first: Sequence[Any], changes: Sequence[Sequence[Any]], signs: Sequence[int]) -> list[Any]:
    """The gradient of a pattern: a group that falls takes all of its change, one that rests half."""
    found = list(first)
    for sign, change in zip(signs, changes, strict=True):
        if sign < 1:
            share = fmpq(1 - sign, 2)
            found = [subtracted(a, multiplied(b, share)) for a, b in zip(found, change, strict=True)]
    return found


def _agree(
    wanted: Sequence[Any], found: Sequence[Any], first: Sequence[Any], changes: Sequence[Sequence[Any]]
) -> bool:
    size = max(abs(float(ball(x))) for row in (first, *changes) for x in row)
    return all(bool(abs(ball(a) - ball(b)) <= _ONE * size) for a, b in zip(wanted, found, strict=True))


def ties_at(program: Program, point: Mapping[str, Any], bits: int) -> Ties | None:
    """The ties at *point*, for gradients of so many right bits; None where there is more than they can tell."""
    given = [point[name] for name in program.variables]
    slots = run(program, given, _BITS)
    tied = {
        index: places[0]
        for index, (_, *places) in enumerate(program.code)
        if _is_kink(slots[program.first + index], index)
    }
    if not tied or any(program.code[index][0] not in _ANSWERS for index in tied):
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
        if abs(a - b) <= _ONE * abs(a):
            found[q] = a
        elif abs(a) < _FLAT and abs(b) < _FLAT and not (a > 0 and b > 0) and not (a < 0 and b < 0):
            found[q] = arb(0)  # a square: opposite slopes, as small as the way
        else:
            return None
    return found


def _is_sum(found: Any, slopes: Sequence[Any], direction: Sequence[float]) -> bool:
    terms = [slope * d for slope, d in zip(slopes, direction, strict=True)]
    size = sum(map(abs, terms), arb(_FLAT))
    return bool(abs(found - sum(terms, arb(0))) <= _ONE * size + arb(_FLAT))


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
