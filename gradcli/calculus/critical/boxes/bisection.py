"""A field and a box → every zero of the gradient in it, each proved, and the boxes that stay undecided.

The widest box is next: a slope that is not 0 anywhere in it excludes it, Krawczyk's test shows that it holds no zero or
exactly one, and otherwise it is cut in two. How many boxes may be looked at is the limit, and no clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.critical.boxes.gradient_enclosure import (
    Enclosure,
    Field,
    enclosed_on,
    interval,
    signed_slopes,
)
from gradcli.calculus.critical.boxes.krawczyk import common, image, inside, refined

#: Bits in which boxes are looked at, and in which a zero is found; boxes narrower than this share of the whole are not cut,
#: and undecided ones nearer to each other than that are one.
_BITS, _ZERO_BITS, _NARROWEST, _NEAR = 64, 240, 2.0**-28, 2.0**-20

#: Boxes of which signs are looked at in any case, and how many of so many they must exclude to be looked at further.
_TRIES, _SHARE = 32, 8

#: A box is widened by this share on both sides for the test: zeros on its edge are in its inside then.
_WIDER = 0.1

Ends = tuple[float, float]
Box = tuple[Ends, ...]


class Searched(NamedTuple):
    """Zeros as tiny balls; boxes that stay undecided, those that touch as one; how many boxes were looked at.

    pieces, widest: how many undecided boxes there are before they are joined, and the longest side of one.
    """

    zeros: list[list[Any]]
    undecided: list[Box]
    boxes: int
    pieces: int = 0
    widest: float = 0.0


def search(field: Field, box: Sequence[Ends], most: int, bits: int = _ZERO_BITS) -> Searched:
    """All zeros of the gradient in *box* to so many bits, after at most *most* boxes."""
    work = _Work(field, tuple(box), bits)
    while work.waiting and work.boxes < most:
        work.look()
    work.undecided += [found for _, _, found in work.waiting]
    near = [_NEAR * (b - a) for a, b in box]
    widest = max((b - a for box in work.undecided for a, b in box), default=0.0)
    return Searched(work.zeros, joined(work.undecided, near), work.boxes, len(work.undecided), widest)


class _Work:
    """What is known on the way."""

    def __init__(self, field: Field, box: Box, bits: int) -> None:
        self.field, self.whole, self.bits = field, box, bits
        self.waiting: list[tuple[float, int, Box]] = []
        self.zeros: list[list[Any]] = []
        self.regions: list[Box] = []
        self.undecided: list[Box] = []
        self.boxes = 0
        self._count = self._tried = self._helped = 0
        self._wait(box)

    def _wait(self, box: Box) -> None:
        self._count += 1
        heapq.heappush(self.waiting, (-max(self._widths(box)), self._count, box))

    def _widths(self, box: Box) -> list[float]:
        return [(b - a) / (d - c) for (a, b), (c, d) in zip(box, self.whole, strict=True)]

    def look(self) -> None:
        """Decide the widest box, or cut it in two."""
        *_, box = heapq.heappop(self.waiting)
        if any(_within(box, region) for region in self.regions):
            return
        self.boxes += 1
        balls = [interval(*ends) for ends in box]
        known = enclosed_on(self.field, balls, _BITS)
        if known.empty:
            return
        if known.hopeless:
            self.undecided.append(box)
            return
        if (self._tried < _TRIES or self._helped * _SHARE >= self._tried) and self._by_signs(balls):
            return
        rest = self._tested(balls, known)
        if rest is not None:
            self._cut(box if rest is balls else self._ends(rest, box))

    def _by_signs(self, balls: list[Any]) -> bool:
        """Whether the signs of factors show that a slope is not 0 where its ball does not."""
        found = signed_slopes(self.field, balls, _BITS)
        self._tried, self._helped = self._tried + 1, self._helped + found
        return found

    def _tested(self, balls: list[Any], known: Enclosure) -> list[Any] | None:
        """What Krawczyk's test leaves of a box; None where it is decided."""
        if known.hessian is None or (found := image(self.field, balls, known.hessian, _BITS)) is None:
            return balls
        shared = common(found, balls)
        if shared is None:
            return None
        if all(x.rad() < y.rad() * 0.9 for x, y in zip(found, balls, strict=True)) and self._one(
            found, balls
        ):
            return None
        return shared

    def _one(self, found: list[Any], balls: list[Any]) -> bool:
        """Whether there is exactly one zero in a somewhat wider box, which is then known."""
        wider = [y.union(x) for x, y in zip(found, balls, strict=True)]
        wider = [x.mid() + (x - x.mid()) * (1 + _WIDER) for x in wider]
        known = enclosed_on(self.field, wider, _BITS)
        if known.empty or known.hessian is None:
            return known.empty
        again = image(self.field, wider, known.hessian, _BITS)
        if again is None or not inside(again, wider):
            return False
        self.regions.append(tuple((_below(x), _above(x)) for x in wider))
        zero = refined(self.field, again, self.bits, wider)
        ends = [(_below(x), _above(x)) for x in zero]
        known_before = any(_within(tuple(ends), region) for region in self.regions[:-1])
        asked_for = all(a <= d and c <= b for (a, b), (c, d) in zip(ends, self.whole, strict=True))
        if asked_for and not known_before:
            self.zeros.append(zero)
        return True

    def _ends(self, balls: Sequence[Any], box: Box) -> Box:
        return tuple((max(_below(x), a), min(_above(x), b)) for x, (a, b) in zip(balls, box, strict=True))

    def _cut(self, box: Box) -> None:
        widths = self._widths(box)
        i = max(range(len(box)), key=lambda k: widths[k])
        low, high = box[i]
        middle = low + (high - low) * 0.49
        if widths[i] < _NARROWEST or not low < middle < high:
            self.undecided.append(box)
            return
        self._wait((*box[:i], (low, middle), *box[i + 1 :]))
        self._wait((*box[:i], (middle, high), *box[i + 1 :]))


def _below(x: Any) -> float:
    """A float below all of a ball."""
    return float(arb.lower(x)) - abs(float(arb.lower(x))) * 1e-15 - 1e-300


def _above(x: Any) -> float:
    return float(arb.upper(x)) + abs(float(arb.upper(x))) * 1e-15 + 1e-300


def _within(box: Box, region: Box) -> bool:
    return all(c <= a and b <= d for (a, b), (c, d) in zip(box, region, strict=True))


def joined(boxes: Sequence[Box], near: Sequence[float]) -> list[Box]:
    """The boxes, those that touch, or are as *near* in each variable, as one around them."""
    done: list[Box] = []
    groups: list[Box] = []
    for box in sorted(boxes):
        current = box
        rest = []
        for other in groups:
            if other[0][1] + near[0] < box[0][0]:  # nor does any later box touch it
                done.append(other)
            elif _touch(current, other, near):
                current = tuple((min(a, c), max(b, d)) for (a, b), (c, d) in zip(current, other, strict=True))
            else:
                rest.append(other)
        groups = [*rest, current]
    return [*done, *groups]


def _touch(one: Box, other: Box, near: Sequence[float]) -> bool:
    return all(a <= d + gap and c <= b + gap for (a, b), (c, d), gap in zip(one, other, near, strict=True))
