"""Lines through the variables' space → the places on them where quantities change their signs or come nearest to 0.

A line is sampled at every scale, signs are those of balls. Between two samples with opposite signs the place is
bisected down to neighbouring floats; where a quantity comes nearer to 0 between its neighbours, its extremum is sought,
which may show a crossing that no sample saw. What is found is sampled for all the others, until nothing is new.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.checking.deciding_quantities import HARD, Quantity, constants_of, quantities
from gradcli.calculus.checking.float_bisection import halfway, order
from gradcli.calculus.checking.magnitude_grid import magnitudes
from gradcli.calculus.program.program import Program

#: Bits of the balls whose signs are looked at; how often what was found is sampled again.
_BITS, _ROUNDS = 128, 5

#: Crossings and extrema of one quantity that are sought in one round, those nearest to 1 in size first: a sine has many.
_CROSSINGS, _EXTREMA = 6, 6

#: The width of a coordinate's ball.
_WIDTH = 2.0**-120

#: Looks at single points that one search may take, in instructions.
WORK = 300_000

#: A crossing is narrow enough at this relative width, an extremum at that.
_NARROW, _RESTING = 1e-13, 1e-9

#: The largest power of ten that is looked at, and that for functions which take too long there.
_FAR, _NEAR = 300, 4

Point = tuple[float, ...]


class Line(NamedTuple):
    """The points *base* with the coordinate number *along* replaced by t; without one, t times *base*."""

    base: Point
    along: int | None

    def at(self, t: float) -> Point:
        """The point at t."""
        if self.along is None:
            return tuple(t * x for x in self.base)
        return (*self.base[: self.along], t, *self.base[self.along + 1 :])


class Break(NamedTuple):
    """A place on a line, between two floats, where something happens; seam: pieces meet there."""

    low: float
    high: float
    seam: bool


class Look(NamedTuple):
    """A quantity at a point: its ball, None where it has no value, and its sign, 0 where the ball holds 0."""

    ball: Any
    sign: int | None


class Terrain:
    """The quantities of some programs over the space of the variables *names*, and what was spent on looking."""

    def __init__(self, programs: Sequence[Program], names: Sequence[str]) -> None:
        self.programs = [(program, [names.index(name) for name in program.variables]) for program in programs]
        self.quantities: list[tuple[int, Quantity]] = [
            (i, one) for i, program in enumerate(programs) for one in quantities(program)
        ]
        self.length = sum(len(program.code) + 1 for program in programs)
        self.hard = any(op in HARD for program in programs for op, *_ in program.code)
        self.left = WORK // self.length
        self.grid = magnitudes(
            [size for p in programs for size in constants_of(p)], _NEAR if self.hard else _FAR, len(names) > 1
        )
        self._seen: dict[Point, tuple[Look, ...]] = {}

    def look(self, point: Point) -> tuple[Look, ...]:
        """What every quantity is at a point."""
        found = self._seen.get(point)
        if found is None:
            self.left -= 1
            numbers = [arb(x, abs(x) * _WIDTH) for x in point]  # no exact rationals: they grow
            slots = [run(program, [numbers[i] for i in places], _BITS) for program, places in self.programs]
            found = self._seen[point] = tuple(_look(one.at(slots[i])) for i, one in self.quantities)
        return found

    def seen(self) -> Iterable[tuple[Look, ...]]:
        """The balls of all points that were looked at."""
        return self._seen.values()


def _look(ball: Any) -> Look:
    return Look(ball, None if ball is None else 1 if ball > 0 else -1 if ball < 0 else 0)


def breaks_on(terrain: Terrain, line: Line, chosen: Collection[int] | None = None) -> list[Break]:
    """The places on *line*, in order; with *chosen* those of the quantities with these numbers, in one round."""
    fresh = {t for t in terrain.grid if all(map(math.isfinite, line.at(t)))}
    samples: list[float] = []
    found: dict[tuple[float, float], bool] = {}
    for _ in range(_ROUNDS if chosen is None else 1):
        samples = sorted({*samples, *fresh})
        looks = [terrain.look(line.at(t)) for t in samples]
        new, fresh = fresh, set()
        for k in range(len(terrain.quantities)) if chosen is None else chosen:
            seam = terrain.quantities[k][1].kind == "seam"
            for low, high in _of_one(terrain, line, k, samples, [look[k] for look in looks], new):
                found[low, high] = found.get((low, high), False) or seam
                fresh |= {low, high, _beside(low, -1), _beside(high, 1)}
        fresh -= set(samples)
        if not fresh or terrain.left <= 0:
            break
    return [Break(low, high, seam) for (low, high), seam in sorted(found.items())]


def _of_one(
    terrain: Terrain,
    line: Line,
    k: int,
    samples: Sequence[float],
    looks: Sequence[Look],
    new: AbstractSet[float],
) -> Iterator[tuple[float, float]]:
    """Where quantity number *k* crosses 0, or comes nearest to it, next to the samples that are *new*."""
    signs = [look.sign for look in looks]
    last, crossings, extrema = len(samples) - 1, 0, 0
    near = {j for n, t in enumerate(samples) if t in new for j in (n - 1, n, n + 1) if 0 <= j <= last}
    for i in sorted(near, key=lambda j: abs(math.log10(abs(samples[j]) or 1.0))):
        here = signs[i]
        if here is None:
            continue
        if here == 0:
            if samples[i] in new and (i == 0 or signs[i - 1] or i == last or signs[i + 1]):
                yield samples[i], samples[i]
            continue
        if (
            crossings < _CROSSINGS
            and i < last
            and signs[i + 1] == -here
            and not new.isdisjoint(samples[i : i + 2])
        ):
            crossings += 1
            yield _bisected(terrain, line, k, samples[i], samples[i + 1])
        if extrema < _EXTREMA and 0 < i < last and _nearer(*looks[i - 1 : i + 2]):
            extrema += 1
            yield _nearest(terrain, line, k, (samples[i - 1], samples[i], samples[i + 1]))


def _nearer(left: Look, middle: Look, right: Look) -> bool:
    """Whether the one in the middle is nearer to 0, on the same side of it."""
    if not left.sign == middle.sign == right.sign:
        return False
    return bool(abs(middle.ball) < abs(left.ball) and abs(middle.ball) < abs(right.ball))


def _bisected(terrain: Terrain, line: Line, k: int, low: float, high: float) -> tuple[float, float]:
    """The narrowest interval between floats in which the sign of quantity *k* changes."""
    before = terrain.look(line.at(low))[k].sign
    while high - low > _NARROW * max(abs(low), abs(high)):
        middle = halfway(low, high)
        if not low < middle < high or terrain.left <= 0:
            break
        here = terrain.look(line.at(middle))[k].sign
        if here == 0:
            return middle, middle
        low, high = (middle, high) if here == before else (low, middle)
    return low, high


def _nearest(terrain: Terrain, line: Line, k: int, three: tuple[float, float, float]) -> tuple[float, float]:
    """Where quantity *k* comes nearest to 0 between the first and the last, or a place where it crosses."""
    low, best, high = three
    value, before = terrain.look(line.at(best))[k]
    while high - low > _RESTING * max(abs(low), abs(high)) and terrain.left > 0:
        left = order(best) - order(low) > order(high) - order(best)
        probe = halfway(low, best) if left else halfway(best, high)
        if not low < probe < high or probe == best:
            break
        found, sign = terrain.look(line.at(probe))[k]
        if sign is None:
            break
        if sign != before:
            return probe, probe
        if abs(found) < abs(value):
            low, high = (low, best) if left else (best, high)
            best, value = probe, found
        elif left:
            low = probe
        else:
            high = probe
    return best, best


def _beside(t: float, direction: int) -> float:
    """A number right beside t."""
    return t + direction * (abs(t) * 1e-6 if t else 1e-6)
