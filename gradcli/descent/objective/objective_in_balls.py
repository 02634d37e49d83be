"""The objective in balls: f, gradient and Hessian at exact points and over boxes, for verdicts that floats cannot give.

Points are lists of rationals, the variables that move in their order; numbers are exact rationals or balls, with the
sign of a maximization turned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs import ball_backend
from gradcli.calculus.balls.programs.ball_operations import Facts, Failure
from gradcli.calculus.intervals.interval_arithmetic import enclosure, needed
from gradcli.calculus.intervals.interval_numbers import Interval
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Objective
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.calculus.curvature.hessian_sweeps import SecondOrder

#: Working precision of verdicts, and of the midpoints of what is polished.
BITS, KEPT = 640, 480

#: How many points' derivatives are remembered.
REMEMBERED = 64

#: A point: a rational for each variable that moves.
Point = list[Any]


class ObjectiveInBalls:
    """An objective in balls. held: numbers of variables that do not move, which floats may not have exactly."""

    def __init__(self, objective: Objective, held: Mapping[str, Any] | None = None) -> None:
        self._held = held or {}
        self.objective, program = objective, objective.course.program
        self.program = program._replace(code=program.code[: max(program.value - program.first + 1, 0)])
        self.size = len(objective.names)
        self._whole = program
        self._sign = -1 if objective.sign < 0 else 1
        self._gradients: dict[tuple[Any, ...], list[Any] | None] = {}
        self._hessians: dict[tuple[Any, ...], list[list[Any]] | None] = {}
        self._seconds: dict[tuple[Any, ...], SecondOrder | None] = {}

    def numbers(self, x: Sequence[Any]) -> list[Any]:
        """The numbers of all variables: those of *x* where they move."""
        numbers = [double(number) for number in self.objective.whole([0.0] * self.size)]
        for place, number in zip(self.objective.course.moving, x, strict=True):
            numbers[place] = number
        if not self._held:
            return numbers
        names = self.objective.course.program.variables
        return [self._held.get(name, number) for name, number in zip(names, numbers, strict=True)]

    def slots(self, x: Sequence[Any], facts: Facts | None = None, bits: int = BITS) -> list[Any]:
        """All slots of the value's program; *facts* replace results."""
        return ball_backend.run(self.program, self.numbers(x), bits, None, facts)

    def value(self, x: Sequence[Any], facts: Facts | None = None, bits: int = BITS) -> Any:
        """f at *x*; None where it has no value, or none that balls can tell."""
        if facts is None and (long := self.objective.long) is not None:
            second = self._seconds.get(tuple(x)) if bits == BITS and all(map(exact, x)) else None
            with working_bits(bits):
                number = long.value_in_balls(self.numbers(x)) if second is None else second.value
            return None if number is None else number * self._sign
        found = self.slots(x, facts, bits)[self.program.value]
        return None if isinstance(found, Failure) else found * self._sign

    def derivatives(self, x: Sequence[Any]) -> tuple[list[Any] | None, list[list[Any]] | None]:
        """Gradient and Hessian, which a long program has from one run."""
        if self.objective.long is None:
            return self.gradient(x), self.hessian(x)
        second = self._second(x, BITS)
        return (None, None) if second is None else (self._signed(second.gradient), self._rows(second))

    def gradient(self, x: Sequence[Any]) -> list[Any] | None:
        """The partials along what moves; None where one has no value. Those of the last points are remembered."""
        found: list[Any] | None = _remembered(self._gradients, x, self._gradient)
        return found

    def hessian(self, x: Sequence[Any], bits: int = BITS) -> list[list[Any]] | None:
        """The second derivatives along what moves; None where nobody knows them or one has no value."""
        if bits != BITS:
            return self._hessian(x, bits)
        found: list[list[Any]] | None = _remembered(self._hessians, x, self._hessian)
        return found

    def _second(self, x: Sequence[Any], bits: int) -> SecondOrder | None:
        """All derivatives by a long program."""
        with working_bits(bits):
            found: SecondOrder | None = _remembered(self._seconds, x, self._second_order)
        return found

    def _second_order(self, x: Sequence[Any]) -> SecondOrder | None:
        long = self.objective.long
        return None if long is None else long.second_order(self.numbers(x))

    def _signed(self, numbers: Sequence[Any]) -> list[Any]:
        return [number * self._sign for number in numbers]

    def _rows(self, second: SecondOrder) -> list[list[Any]]:
        return [*map(self._signed, second.hessian)]

    def _gradient(self, x: Sequence[Any]) -> list[Any] | None:
        if self.objective.long is not None:
            second = self._second(x, BITS)
            return None if second is None else self._signed(second.gradient)
        slots = ball_backend.run(self._whole, self.numbers(x), BITS)
        places = [self._whole.gradient[i] for i in self.objective.course.moving]
        found = [slots[place] for place in places if place is not None]
        if isinstance(slots[self._whole.value], Failure) or _failed(found):
            return None
        return self._signed(found)

    def _hessian(self, x: Sequence[Any], bits: int = BITS) -> list[list[Any]] | None:
        if self.objective.long is not None:
            second = self._second(x, bits)
            return None if second is None else self._rows(second)
        table = self.objective.table
        if table is None:
            return None
        named = dict(zip(self._whole.variables, self.numbers(x), strict=True))
        slots = ball_backend.run(table.program, [named[name] for name in table.program.variables], bits)
        rows = [[fmpq(0) if slot is None else slots[slot] for slot in row] for row in table.slots]
        if any(_failed(row) for row in rows):
            return None
        return [*map(self._signed, rows)]

    @cached_property
    def _code(self) -> Sequence[int]:
        return needed(self._whole, [self._whole.value])

    def enclosure(self, box: Sequence[Interval]) -> Interval:
        """An interval around f's values in a box. Raises Outside, Unknown."""
        found = enclosure(self._whole, self.numbers(box), self._code)
        return found if self._sign > 0 else Interval(-found.high, -found.low)


def _remembered(
    known: dict[tuple[Any, ...], Any], x: Sequence[Any], work: Callable[[Sequence[Any]], Any]
) -> Any:
    """What *work* makes of an exact point, once."""
    if not all(map(exact, x)):
        return work(x)
    key = tuple(x)
    if key not in known:
        if len(known) >= REMEMBERED:
            known.clear()
        known[key] = work(x)
    return known[key]


def _failed(numbers: Sequence[Any]) -> bool:
    return any(isinstance(number, Failure) or not (exact(number) or number.is_finite()) for number in numbers)


#: Exponents beyond which a power of two is none that a rational holds: FLINT ends the process there.
FURTHEST = 20_000


def rational(x: Any) -> Any:
    """A number's middle as a rational of at most KEPT bits, 0 where it is far smaller than any double.

    Raises OverflowError where it is as far beyond them.
    """
    if exact(x) and x.height_bits() <= KEPT:
        return x
    mantissa, exponent = (arb(x) if exact(x) else x).mid().man_exp()
    surplus = max(int(abs(mantissa)).bit_length() - KEPT, 0)
    power = int(exponent) + surplus
    if power > FURTHEST:
        raise OverflowError("a number is too large to be a rational")
    return fmpq(0) if power < -FURTHEST else fmpq(int(mantissa) >> surplus) * fmpq(2) ** power


def around(x: Sequence[Any], radius: Sequence[Any]) -> list[Any]:
    """Balls around the coordinates of a point; exact where the radius is 0."""
    return [a if r == 0 else arb(a) + arb(0, arb(r).upper()) for a, r in zip(x, radius, strict=True)]


def floats(x: Sequence[Any]) -> list[float]:
    """The nearest doubles."""
    from gradcli.calculus.balls.decimals import nearest_double

    return [nearest_double(a) for a in x]


def named(objective: Objective, x: Sequence[Any]) -> Mapping[str, float]:
    """The moving variables with their numbers."""
    return dict(zip(objective.names, floats(x), strict=True))


def less(a: Any, b: Any) -> bool:
    """Whether a number is certainly below another."""
    return bool(ball(a) < ball(b)) if not (exact(a) and exact(b)) else bool(a < b)


class Limits(NamedTuple):
    """Bounds in rationals; None where there is none."""

    low: tuple[Any, ...]
    high: tuple[Any, ...]

    def sides(self, x: Sequence[Any]) -> list[int]:
        """For each variable 1 at its lower bound, -1 at its upper one, 2 where they are one, and 0 between."""
        found = []
        for a, low, high in zip(x, self.low, self.high, strict=True):
            below, above = low is not None and a <= low, high is not None and a >= high
            found.append(2 if below and above else 1 if below else -1 if above else 0)
        return found

    def kept(self, x: Sequence[Any]) -> Point:
        """The nearest point inside."""
        return [
            low if low is not None and a < low else high if high is not None and a > high else a
            for a, low, high in zip(x, self.low, self.high, strict=True)
        ]


def limits_of(bounds: Bounds) -> Limits:
    """Bounds of floats, exactly."""
    return Limits(
        tuple(None if low == -inf else double(low) for low in bounds.low),
        tuple(None if high == inf else double(high) for high in bounds.high),
    )
