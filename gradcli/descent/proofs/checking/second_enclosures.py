"""f, its slopes and its second derivatives over boxes by another way: ends of intervals, and derivatives swept backwards.

Searches use balls and derivatives swept forwards (`calculus.enclosures`); what both find is not the mistake of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flint import arb, arb_mat

from gradcli.calculus.balls.ball_numbers import ball, hull, working_bits
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.intervals.interval_arithmetic import BITS, enclosures, needed
from gradcli.calculus.intervals.interval_numbers import Interval, Outside, around, holds_zero
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.descent.proofs.boxes import Box, Side


class Enclosed(NamedTuple):
    """Balls around all that f, its slopes and its second derivatives are in a box; None for what is not known everywhere.

    outside: f has no value in the box.
    """

    value: Any
    slopes: list[Any] | None = None
    seconds: list[list[Any]] | None = None
    outside: bool = False


class SecondField:
    """The table of second derivatives of f (times *sign*) along *names*, the other variables held."""

    def __init__(self, table: Matrix, names: Sequence[str], held: Mapping[str, Any], sign: int) -> None:
        self.table, self.sign = table, sign
        program = table.program
        self.places = [program.variables.index(name) for name in names]
        self.given: list[Any] = [None] * len(program.variables)
        for name, x in held.items():
            if name in program.variables:
                self.given[program.variables.index(name)] = around(ball(number_of(x, BITS)))
        slots = [*table.values, *(slot for row in table.slots for slot in row if slot is not None)]
        self.code = needed(program, [program.value, *slots])
        self.short = needed(program, [program.value])

    def look(self, sides: Sequence[Side], *, short: bool = False) -> Enclosed:
        """What is known over sides; *short*: of the value alone."""
        given = list(self.given)
        for place, one in zip(self.places, sides, strict=True):
            given[place] = Interval(one.low.lower(), one.high.upper())
        program = self.table.program
        slots = enclosures(program, given, self.short if short else self.code, kinks=True)
        value = slots[program.value]
        if isinstance(value, Outside):
            return Enclosed(None, outside=True)
        if isinstance(value, Exception):
            return Enclosed(None)
        with working_bits(BITS):
            whole = self._signed(value)
            if short or self._broken(slots):
                return Enclosed(whole)
            slopes = [slots[slot] for slot in self.table.values]
            if any(isinstance(x, Exception) for x in slopes):
                return Enclosed(whole)
            rows = [
                [Interval(arb(0), arb(0)) if s is None else slots[s] for s in row] for row in self.table.slots
            ]
            known = not (self._kinked(slots) or any(isinstance(x, Exception) for row in rows for x in row))
            seconds = [[self._signed(x) for x in row] for row in rows] if known else None
            return Enclosed(whole, [self._signed(x) for x in slopes], seconds)

    def _signed(self, x: Interval) -> Any:
        found = x.low if x.low == x.high else hull(x.low, x.high)
        return found if self.sign > 0 else -found

    def _kinked(self, slots: Mapping[int, Any]) -> bool:
        """Whether slopes may jump in the box."""
        code = self.table.program.code
        return any(code[i][0].endswith("_side") and holds_zero(slots[code[i][1]]) for i in self.code)

    def _broken(self, slots: Mapping[int, Any]) -> bool:
        """Whether f may jump in the box, or its domain end there: then it has no slopes that bound it."""
        program = self.table.program
        for index in self.short:
            op, *places = program.code[index]
            if op == "atan2" and not _beside_cut(slots[places[0]], slots[places[1]]):
                return True
            if op in _NEVER and any(_varies(slots[place]) for place in places):
                return True
            if op == "select" and _varies(slots[places[0]]):
                return True
            if op in _WITHIN and not _within(slots[places[0]], *_WITHIN[op]):
                return True
            if op in ("pow", "root") and _varies(slots[places[0]]) and not _rises(slots, places, op):
                return True
        return False


#: Operations that may jump; those with a closed domain, and its ends.
_NEVER = frozenset(("floor", "ceil", "sign", "heaviside", "mod"))
_WITHIN = {"sqrt": (0, None), "asin": (-1, 1), "acos": (-1, 1), "acosh": (1, None), "asech": (0, 1)}


def _varies(x: Any) -> bool:
    return isinstance(x, Exception) or bool(x.low != x.high)


def _beside_cut(y: Any, x: Any) -> bool:
    """Whether the angle of (x, y) does not jump."""
    if isinstance(y, Exception) or isinstance(x, Exception):
        return False
    return bool(x.low > 0 or y.low > 0 or y.high < 0)


def _within(x: Any, low: int | None, high: int | None) -> bool:
    if isinstance(x, Exception):
        return False
    return (low is None or bool(x.low > low)) and (high is None or bool(x.high < high))


def _rises(slots: Mapping[int, Any], places: Sequence[int], op: str) -> bool:
    """Whether a power is one of what is positive, or a whole one from 0."""
    base, exponent = (slots[place] for place in places)
    if isinstance(base, Exception) or isinstance(exponent, Exception):
        return False
    whole = op == "pow" and exponent.low == exponent.high and exponent.low.is_integer() and exponent.low >= 0
    return bool(base.low > 0) or bool(whole)


def positive_definite(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether all symmetric matrices in a matrix of balls are positive definite: by their leading minors (Sylvester).

    Where those are too wide, by the middle: its smallest eigenvalue is above the norm of what the others differ by (Weyl),
    all of them scaled to a diagonal of ones.
    """
    return positive_minors(rows) or positive_minors(_weakened(rows))


def positive_minors(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether all leading minors are above 0."""
    size = len(rows)
    return all(arb_mat([list(row[:k]) for row in rows[:k]]).det() > 0 for k in range(1, size + 1))


def _weakened(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """A thin matrix that is positive definite only where all that were scaled are."""
    if not all(row[i] > 0 for i, row in enumerate(rows)):
        return [[arb(-1)]]
    size = range(len(rows))
    scale = [(1 / rows[i][i].mid().sqrt()).mid() for i in size]
    scaled = [[rows[i][j] * scale[i] * scale[j] for j in size] for i in size]
    middle = [[scaled[min(i, j)][max(i, j)].mid() for j in size] for i in size]
    spread = max(
        sum((x - m).abs_upper() for x, m in zip(*both, strict=True))
        for both in zip(scaled, middle, strict=True)
    ).upper()
    return [[x - (spread if i == j else 0) for j, x in enumerate(row)] for i, row in enumerate(middle)]


def thin(point: Sequence[Any]) -> Box:
    """A point as a box."""
    return tuple(Side(x, x, x) for x in point)
