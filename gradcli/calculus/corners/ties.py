"""Ties of abs, max, min and relu at a point → the gradient beside it in any direction, by one look at each tie.

A direction gives each tied quantity the sign of its slope along it, and the gradient there is that of the program with
its ties answered so. That holds where the tied quantities are smooth at the point and where nothing else ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_arithmetic import multiplied, subtracted
from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.program.program import Program

#: What each tie answers where its quantity falls, stays 0 to first order, and rises.
ANSWERS = {
    "sign_side": ("-1", "0", "1"), "first_side": ("0", "0.5", "1"), "second_side": ("0", "0.5", "1"),
    "relu_side": ("0", "0.5", "1"),
}  # fmt: skip

#: Slopes that agree to this are one.
EQUAL = 1e-20

#: A direction is along a tie where the tie's slope is less than this, in its terms.
_NOTHING = 1e-12

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

    def moving(self, place: int) -> list[int]:
        """The instructions whose tie the variable at *place* leaves: each has a corner along it."""
        return [
            index for index, quantity in self.tied.items() if abs(self.slopes[quantity][place]) > _NOTHING
        ]

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
            index: ANSWERS[program.code[index][0]][sign + 1]
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
    return all(bool(abs(ball(a) - ball(b)) <= EQUAL * size) for a, b in zip(wanted, found, strict=True))
