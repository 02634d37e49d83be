"""The critical points of f over a rectangle, for pictures: found by Newton's method, and counted by balls.

A rectangle in which a slope has one sign holds none; one on which every Hessian is regular holds one at the most. What
is left is divided, so many times that a count of rectangles says. `gradcli critical` answers with exact points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.graph.derivative_programs import Derived, derived
from gradcli.calculus.intervals.box_enclosures import NOT_ZERO, Enclosed, enclosed
from gradcli.calculus.program.instructions import SPECIAL
from gradcli.calculus.program.program import Program
from gradcli.calculus.sampling.interval_arrays import is_arithmetic
from gradcli.calculus.sampling.rectangle_sieve import Rectangle, sieved
from gradcli.calculus.sampling.smooth_pieces import between

#: Times that the rectangle is divided, rectangles that are looked at, and those at which Newton's method begins.
LEVELS, MOST, MOST_SLOW, STARTS = 24, 2_400, 200, 48

#: The level from which on floats look first: there are many rectangles then.
_SIEVED = 2

#: Where a rectangle is divided, in 1024ths: not in the middle, where critical points lie more often than not.
_PART = fmpq(503, 1024)

#: A step that is smaller than this share of the rectangle is the last one.
_NOTHING = fmpq(1, 10**14)

#: More rectangles that are left than this are a line of them, or a region.
FEW = 16

Ends = tuple[float, float]


class GridCriticalPoint(NamedTuple):
    """A point where the gradient vanishes: `minimum`, `maximum`, `saddle` or `degenerate`."""

    kind: str
    x: float
    y: float


class GridCriticalPoints(NamedTuple):
    """The points that were found, and whether it is shown that there are no others."""

    points: list[GridCriticalPoint]
    complete: bool


def grid_critical_points(
    program: Program, axes: tuple[str, str], at: Mapping[str, float], across: Ends, up: Ends, most: int = MOST
) -> GridCriticalPoints:
    """The critical points along two axes in a rectangle, the other variables where *at* has them.

    most: how many rectangles are looked at.
    """
    search = _Search(program, axes, at, most)
    if None in (*search.table.slopes, *(second for row in search.table.seconds for second in row)):
        return GridCriticalPoints([], False)
    whole = (double(across[0]), double(across[1]), double(up[0]), double(up[1]))
    left = search.divided(whole)
    inside = [one for one in search.points if across[0] <= one.x <= across[1] and up[0] <= one.y <= up[1]]
    return GridCriticalPoints(sorted(inside, key=lambda one: (one.x, one.y)), not left)


class _Search:
    """The points so far, each with the rectangle in which it is the only one."""

    def __init__(self, program: Program, axes: tuple[str, str], at: Mapping[str, float], most: int) -> None:
        self.first: Derived = derived(program, axes)
        self.table: Derived = derived(program, axes, seconds=True)
        self._places = [program.variables.index(name) for name in axes]
        self._others = [None if name in axes else double(at[name]) for name in program.variables]
        self._most = min(most, MOST_SLOW) if any(op in SPECIAL for op, *_ in program.code) else most
        self._starts = STARTS
        self.points: list[GridCriticalPoint] = []
        self._alone: list[Rectangle] = []

    def divided(self, whole: Rectangle) -> bool:
        """Look for all points of a rectangle; whether a part of it is left in which there may be more."""
        waiting = [whole]
        for level in range(LEVELS):
            waiting = self._left(waiting, level)
            self._most -= len(waiting)
            if level >= 2:
                for one in waiting:
                    self._newton(one)
                waiting = [one for one in waiting if not self._inside_known(one)]
            if not waiting or 4 * len(waiting) > self._most:
                break
            waiting = [part for one in waiting for part in _quarters(one)]
        for one in waiting if len(waiting) <= FEW else ():
            self._degenerate(one)
        return bool(waiting)

    def _degenerate(self, one: Rectangle) -> None:
        """A round point in a small rectangle at which the gradient is exactly 0 and the Hessian says nothing."""
        x, y = self._rounded((one[0] + one[1]) / 2, (one[2] + one[3]) / 2)
        slopes = self._slopes(x, y)
        new = not any((p.x, p.y) == (nearest_double(x), nearest_double(y)) for p in self.points)
        if new and slopes is not None and all(slope.is_zero() for slope in slopes):
            self.points.append(GridCriticalPoint("degenerate", nearest_double(x), nearest_double(y)))

    def _point(self, x: Any, y: Any) -> list[Any]:
        point = [*self._others]
        for place, number in zip(self._places, (x, y), strict=True):
            point[place] = number
        return point

    def _left(self, waiting: list[Rectangle], level: int) -> list[Rectangle]:
        """The rectangles that may hold a point that is not known."""
        if level >= _SIEVED and is_arithmetic(self.table.program):
            return sieved(
                self.table, self._places, self._others, [w for w in waiting if not self._inside_known(w)]
            )
        return [one for one in waiting if not self._settled(one)]

    def _settled(self, one: Rectangle) -> bool:
        """Whether a rectangle holds no point, or only the one that is known."""
        if self._inside_known(one):
            return True
        over = enclosed(self.first.program, self._point(between(*one[:2]), between(*one[2:])), 64)
        signs = [over.signs[slot] for slot in self.first.slopes if slot is not None]
        flat = all(sign == 0 for sign in signs)  # a constant has no points of its own
        return (
            flat
            or over.void(self.first.value)
            or any(sign in NOT_ZERO for sign in signs)
            or self._without(one)
        )

    def _without(self, one: Rectangle) -> bool:
        """Whether the gradient, along directions in which it is nearly one coordinate each, misses 0 in one of them.

        The mean value theorem bounds it by the gradient in the middle and the Hessian on the whole rectangle.
        """
        x, y = (one[0] + one[1]) / 2, (one[2] + one[3]) / 2
        here = self._numbers(x, y)
        wide = here and self._hessian(between(*one[:2]), between(*one[2:]))
        if here is None or wide is None:
            return False
        slopes, middle = here
        a, b, d = (number.mid() for number in middle)
        determinant = a * d - b * b
        if not (determinant > 0 or determinant < 0):
            return False
        (p, q, r), (g, h) = wide, slopes
        right, up = between(one[0] - x, one[1] - x), between(one[2] - y, one[3] - y)
        across = (d * g - b * h) + (d * p - b * q) * right + (d * q - b * r) * up
        along = (a * h - b * g) + (a * q - b * p) * right + (a * r - b * q) * up
        return not (across.contains(0) and along.contains(0))

    def _slopes(self, x: Any, y: Any) -> tuple[Any, Any] | None:
        over = enclosed(self.first.program, self._point(x, y), 128)
        found = _balls(over, self.first.slopes)
        return None if found is None else (found[0], found[1])

    def _numbers(self, x: Any, y: Any) -> tuple[tuple[Any, Any], tuple[Any, Any, Any]] | None:
        """Slopes and Hessian at a point, or over the rectangle that two balls span; None where one has no number."""
        over = enclosed(self.table.program, self._point(x, y), 128)
        (a, b), (_, d) = self.table.seconds
        found = _balls(over, (*self.table.slopes, a, b, d))
        return None if found is None else ((found[0], found[1]), (found[2], found[3], found[4]))

    def _inside_known(self, one: Rectangle) -> bool:
        return any(
            a[0] <= one[0] and one[1] <= a[1] and a[2] <= one[2] and one[3] <= a[3] for a in self._alone
        )

    def _newton(self, one: Rectangle) -> None:
        """A point that Newton's method reaches from the middle of a rectangle, if it is new and isolated."""
        if self._starts <= 0:
            return
        self._starts -= 1
        x, y = (one[0] + one[1]) / 2, (one[2] + one[3]) / 2
        sides = one[1] - one[0], one[3] - one[2]
        for _ in range(15):
            step = self._step(x, y)
            if step is None or abs(step[0]) > 8 * sides[0] or abs(step[1]) > 8 * sides[1]:
                return
            x, y = (_dyadic(a - b) for a, b in zip((x, y), step, strict=True))
            if all(abs(a) <= side * _NOTHING for a, side in zip(step, sides, strict=True)):
                break
        x, y = self._rounded(x, y)
        if any(a[0] <= x <= a[1] and a[2] <= y <= a[3] for a in self._alone):
            return
        self._add(x, y, sides)

    def _add(self, x: Any, y: Any, sides: tuple[Any, Any]) -> None:
        near = next(
            (
                box
                for k in (1, 2, 4, 16, 64, 128, 256, 512, 1024, 4096)
                if (box := self._around(x, y, sides, k)) and self._kind(box)
            ),
            None,
        )
        if near is None or not self._exists(x, y, near):
            return
        self._alone.append(near)
        self.points.append(GridCriticalPoint(self._kind(near), nearest_double(x), nearest_double(y)))

    @staticmethod
    def _around(x: Any, y: Any, sides: tuple[Any, Any], part: int) -> Rectangle:
        right, up = (side * fmpq(3, 2) / part for side in sides)
        return x - right, x + right, y - up, y + up

    def _hessian(self, x: Any, y: Any) -> tuple[Any, Any, Any] | None:
        found = self._numbers(x, y)
        return None if found is None else found[1]

    def _kind(self, box: Rectangle) -> str:
        """What every point of a rectangle would be, if the gradient vanished there; empty where that differs."""
        hessian = self._hessian(between(*box[:2]), between(*box[2:]))
        if hessian is None:
            return ""
        a, b, d = hessian
        determinant = a * d - b * b
        if determinant < 0:
            return "saddle"
        if determinant > 0:
            return "minimum" if a > 0 else "maximum" if a < 0 else ""
        return ""

    def _exists(self, x: Any, y: Any, box: Rectangle) -> bool:
        """Whether the gradient vanishes in a small rectangle around the point (an interval Newton step stays in it)."""
        for part in (2**20, 2**12, 2**4):
            sides = (box[1] - box[0]) / part, (box[3] - box[2]) / part
            small = (x - sides[0], x + sides[0], y - sides[1], y + sides[1])
            wide = self._hessian(between(*small[:2]), between(*small[2:]))
            step = None if wide is None else self._step(x, y, wide)
            if step is not None and all(abs(a) < side for a, side in zip(step, sides, strict=True)):
                return True
        return False

    def _step(self, x: Any, y: Any, hessian: Any = None) -> tuple[Any, Any] | None:
        """Newton's step from a point, with the Hessian there or one of a rectangle around it."""
        here = self._numbers(x, y)
        if here is None:
            return None
        (g, h), (a, b, d) = here[0], hessian or here[1]
        determinant = a * d - b * b
        if not (determinant > 0 or determinant < 0):
            return None
        return (d * g - b * h) / determinant, (a * h - b * g) / determinant

    def _rounded(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Short decimals that are as good: where the gradient is exactly 0."""
        for digits in range(5):
            near = [double(float(f"{nearest_double(one):.{digits}f}")) for one in (x, y)]
            if any(abs(nearest_double(a - b)) > 1e-3 for a, b in zip(near, (x, y), strict=True)):
                continue
            slopes = self._slopes(near[0], near[1])
            if slopes is not None and all(slope.contains(0) for slope in slopes):
                return near[0], near[1]
        return x, y


def _balls(over: Enclosed, slots: Sequence[int | None]) -> list[Any] | None:
    """The numbers of slots as balls, None where one has none."""
    numbers = [over.slots[slot] for slot in slots if slot is not None]
    return (
        None
        if any(isinstance(number, Failure) for number in numbers)
        else [ball(number) for number in numbers]
    )


def _dyadic(x: Any) -> Any:
    """The middle of a ball as a rational of about so many bits as a float has."""
    return double(nearest_double(x))


def _quarters(one: Rectangle) -> Iterator[Rectangle]:
    x, y = one[0] + (one[1] - one[0]) * _PART, one[2] + (one[3] - one[2]) * _PART
    for left, right in ((one[0], x), (x, one[1])):
        for bottom, top in ((one[2], y), (y, one[3])):
            yield left, right, bottom, top
