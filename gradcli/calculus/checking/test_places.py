"""Points of every piece of some programs: between all places where something happens, next to each, and on seams."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from gradcli.calculus.checking.float_bisection import halfway
from gradcli.calculus.checking.test_lines import Break, Line, Point, Terrain, breaks_on
from gradcli.calculus.checking.test_points import SIMPLE
from gradcli.calculus.checking.test_points import Point as Texts

#: Points of lines with variables, the axes of each that are followed, and points that are given at the most.
_BASES, _AXES, MOST = 3, 8, 900

#: Quantities that have shown one side alone are hunted along the axes: so many of them, so many rounds.
_HUNTED, _HUNTS = 16, 4

#: What stands for an interval that begins or ends at 0, if it lies there.
_NICE = ("1", "-1", "2", "-2", "0.5", "-0.5")

#: Exact numbers that a crossing may be: of what a simple fraction is made, and how it is written.
_FORMS: tuple[tuple[Callable[[float], float], str], ...] = (
    (float, "{}"), (lambda x: x * x, "sqrt({})"), (lambda x: x / math.pi, "{}*pi"), (lambda x: x**3, "cbrt({})"),
    (math.log, "exp({})"), (math.exp, "log({})"),
)  # fmt: skip

#: Digits of a decimal that is short, sizes for which other forms are tried, their largest denominator, and how near.
_SHORT, _LEAST, _DENOMINATOR, _MEANT = 9, 1e-2, 200, 1e-12


class Place(NamedTuple):
    """A point as texts, and whether it was meant to lie on a seam."""

    point: Texts
    on_seam: bool


def places(terrain: Terrain, names: Sequence[str]) -> Iterator[Place]:
    """The points, each once, those with simple coordinates first on every line."""
    given: set[Texts] = set()
    for line in _lines(terrain, names):
        for one in _on(line, breaks_on(terrain, line)):
            if one.point not in given:
                given.add(one.point)
                yield one
        if len(given) > MOST or terrain.left <= 0:
            return


def _lines(terrain: Terrain, names: Sequence[str]) -> Iterator[Line]:
    """The axes through some points, lines through the origin, then the axes through what was hunted down."""
    count = len(names)
    bases = [tuple(float(values[i % len(values)]) for i in range(count)) for values in SIMPLE[:_BASES]]
    axes = range(min(count, _AXES))
    if count == 1:
        yield Line(bases[0], 0)
        return
    for base in bases:
        yield from (Line(base, along) for along in axes)
        yield Line(base, None)
    for k in _one_sided(terrain)[:_HUNTED]:
        found = _hunted(terrain, k, bases[0], axes)
        if found is not None:
            yield from (Line(found, along) for along in axes)


def _one_sided(terrain: Terrain) -> list[int]:
    """The quantities that no point so far has seen on both sides of 0."""
    seen: list[set[int | None]] = [set() for _ in terrain.quantities]
    for looks in terrain.seen():
        for signs, look in zip(seen, looks, strict=True):
            signs.add(look.sign)
    return [k for k, signs in enumerate(seen) if not {-1, 1} <= signs]


def _hunted(terrain: Terrain, k: int, base: Point, axes: Sequence[int]) -> Point | None:
    """A point where quantity *k* is 0 or near it, by searching along one axis after another; None where none is nearer."""
    best, smallest = base, terrain.look(base)[k].ball
    for _ in range(_HUNTS):
        before = best
        for along in axes:
            line = Line(best, along)
            for one in breaks_on(terrain, line, (k,)) if terrain.left > 0 else ():
                t = halfway(one.low, one.high)
                ball, sign = terrain.look(line.at(t))[k]
                if ball is not None and (smallest is None or abs(ball).mid() < abs(smallest).mid()):
                    best, smallest = line.at(t), ball
                if sign == 0:
                    return best
        if best == before:
            break
    return best if best != base else None


def _on(line: Line, breaks: Sequence[Break]) -> Iterator[Place]:
    ends = [-math.inf, *(x for one in breaks for x in (one.low, one.high)), math.inf]
    edges = [False, *(one.seam for one in breaks for _ in range(2)), False]
    inner: list[float | str] = []
    for i in range(0, len(ends), 2):
        low, high = ends[i], ends[i + 1]
        if low < high:
            inner += _between(low, high, edges[i] or edges[i + 1])
    for t in sorted(inner, key=lambda t: (len(str(t)), str(t))):
        yield Place(_texts(line, t), on_seam=False)
    for one in breaks:
        if one.seam and line.along is not None:
            yield Place(_texts(line, exactly(one.low, one.high)), on_seam=True)


def _between(low: float, high: float, beside: bool) -> list[float | str]:
    """A simple number in the middle of an interval, and near its ends where these are seams."""
    if low == -math.inf:
        low = min(2 * high, high / 1e3) - 1 if math.isfinite(high) else -2.0
    if high == math.inf:
        high = max(2 * low, low / 1e3) + 1
    nice = next((x for x in _NICE if low < float(x) < high and (low == 0 or high == 0)), None)
    low, high = (low or high / 10, high or low / 10)
    first, third = halfway(low, halfway(low, high)), halfway(halfway(low, high), high)
    found: list[float | str] = [nice or shortest(first, third)]
    if beside:
        wide = min(high - low, 1e308)
        near = min(wide, max(abs(low), abs(high))) / 1000
        found += [shortest(low, low + near), shortest(high - near, high)]
    return [t for t in found if low < float(t) < high]


def exactly(low: float, high: float) -> str:
    """The number between two neighbouring floats that is likeliest meant: a short decimal, a fraction, a root, a share of π."""
    decimal, middle = shortest(low, high, closed=True), low + (high - low) / 2
    if sum(letter.isdigit() for letter in decimal) <= _SHORT or not _LEAST < abs(middle) < 1 / _LEAST:
        return decimal
    for of, text in _FORMS:
        share = Fraction(of(abs(middle))).limit_denominator(_DENOMINATOR)
        if share and abs(of(abs(middle)) / float(share) - 1) < _MEANT:
            return f"{'-' if middle < 0 else ''}{text.format(share)}"
    return decimal


def shortest(low: float, high: float, *, closed: bool = False) -> str:
    """The decimal of fewest digits between two numbers; the lower one where floats have none between."""
    if (closed and low <= 0 <= high) or low < 0 < high:
        return "0"
    for digits in range(1, 18):
        for x in (low, halfway(low, high), high):
            text = f"{x:.{digits - 1}e}"
            if low < float(text) < high or (closed and low <= float(text) <= high):
                return plain(text)
    return repr(low)


def plain(text: str) -> str:
    """A float's text as people write it: 100, 0.05, 1e+30."""
    number = float(text)
    if number == int(number) and abs(number) < 1e7 if math.isfinite(number) else False:
        return str(int(number))
    return repr(number)


def _texts(line: Line, t: float | str) -> Texts:
    base = [plain(repr(x)) for x in line.base]
    if line.along is None:
        return tuple(repr(float(t) * x) for x in line.base)
    return (*base[: line.along], str(t), *base[line.along + 1 :])
