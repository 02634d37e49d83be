"""The least value of f in a box: boxes are cut until what is left cannot hold a lower one.

The box with the lowest bound is next; of equals, the older. No clock is looked at, and every number that decides is a
ball's end: the answer is the same on every machine. (Hansen & Walster, Global optimization using interval analysis,
2004, chapters 12 and 14; Neumaier, Complete search, Acta Numerica 2004.)
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram
from gradcli.descent.proofs.box_verdicts import BoxTests, Verdict
from gradcli.descent.proofs.boxes import Box, Domain, halves, inside, middle
from gradcli.descent.proofs.convex_regions import FINE, Region
from gradcli.descent.proofs.proof_record import Record
from gradcli.descent.proofs.upper_bound import UpperBound

#: The share of f's size, or of its variation, that the gap is where none was asked for.
GAP = 1e-8

#: Half of the way from a float to the next, as a share.
_NEAREST = 2.0**-53

#: Boxes beyond twice as many as the least value took that are spent on telling its points apart.
_MORE = 3_500


class Wish(NamedTuple):
    """How far the search is to go. gap: None for one that fits f's size. most: boxes that may be looked at.

    share: the share of f's size, or of its variation, that the gap is where none was asked for. points: whether those
    where f is least are to be told apart. told: is told the interval that holds the least value and the number of boxes, now
    and then. record: is told what becomes of every box.
    """

    gap: float | None = None
    most: int = 200_000
    share: float = GAP
    points: bool = True
    told: Callable[[Any, Any, int], None] | None = None
    record: Record | None = None


class LeastValue(NamedTuple):
    """What was shown. lower, upper: the interval that holds the least value. proved: whether it is as narrow as the gap.

    regions: those whose one minimum may be the least. left: the boxes beside them that may hold a point as low. best: the
    point of the upper bound, None where f has a value nowhere that was looked. counts: boxes that each test excluded.
    boxes: how many were looked at. undefined: whether some of the domain has no value.
    """

    lower: Any
    upper: Any
    proved: bool
    gap: Any
    regions: list[Region]
    left: list[Box]
    best: tuple[Any, ...] | None
    counts: dict[str, int]
    boxes: int
    undefined: bool


def least_value(field: BoxProgram, domain: Domain, wish: Wish) -> LeastValue:
    """Search the domain."""
    search = Search(field, domain, wish)
    with working_bits(BITS):
        search.bound.begin()
        search.push(domain.box, -arb("inf"))
        search.enclose()
        if wish.points:
            search.separate()
    return search.found()


class Search:
    """What is known on the way."""

    def __init__(self, field: BoxProgram, domain: Domain, wish: Wish) -> None:
        self.field, self.domain, self.wish = field, domain, wish
        self.bound = UpperBound(field, domain)
        self.waiting: list[tuple[Any, int, Box]] = []
        self.narrow: list[tuple[Any, Box]] = []
        self.counts: Counter[str] = Counter()
        self.tests = BoxTests(field, domain, self.bound, lambda: self.gap)
        self.boxes = self._pushed = 0

    @property
    def gap(self) -> Any:
        """How narrow the interval is to be: a share of f's size, or of how much it varies, whichever is less.

        No narrower than what the nearest floats show: a constant varies by the width of its ball alone.
        """
        if self.wish.gap is not None:
            return arb(self.wish.gap)
        upper = self.bound.value
        size = abs(upper).max(arb(1)) if upper.is_finite() else arb(1)
        spread = self.bound.highest - upper
        gap = ((size.min(spread) if spread > 0 else size) * arb(self.wish.share)).lower()
        return gap.max((abs(upper) * _NEAREST).lower()) if upper.is_finite() else gap

    def push(self, box: Box, low: Any) -> int:
        """The box waits; its number."""
        self._pushed += 1
        heapq.heappush(self.waiting, (low, self._pushed, box))
        return self._pushed

    def enclose(self) -> None:
        """Cut until the lowest bound is as high as the gap asks."""
        while (
            self.waiting and self.boxes < self.wish.most and self.waiting[0][0] < self.bound.value - self.gap
        ):
            self.look()

    def separate(self) -> None:
        """Cut on, so that what is left are regions with one minimum each."""
        most = min(self.wish.most, 2 * self.boxes + _MORE)
        while self.waiting and self.boxes < most:
            self.look()

    def look(self) -> None:
        """The box with the lowest bound: excluded, made smaller, or cut."""
        low, number, box = heapq.heappop(self.waiting)
        record = self.wish.record
        verdict = self.tests.known(box, low)
        if verdict is None:
            self.boxes += 1
            if self.wish.told is not None and self.boxes % 64 == 0:
                self.wish.told(low, self.bound.value, self.boxes)
            verdict = self.tests.tested(box, low)
        if not verdict.parts:
            self.counts[verdict.test] += 1
            if record is not None:
                record.excluded(number, verdict.test)
        elif verdict.test == "":
            self._cut(number, box, verdict)
        else:
            children = [self.push(part, verdict.low) for part in verdict.parts]
            if record is not None:
                record.shortened(number, verdict.test, box, list(zip(children, verdict.parts, strict=True)))

    def _cut(self, number: int, before: Box, verdict: Verdict) -> None:
        """Halve the box along the variable along which f varies most; one that is too narrow is left."""
        low, box, record = verdict.low, verdict.parts[0], self.wish.record
        for i in sorted(range(len(box)), key=lambda i: self._spread(box, i, verdict.slopes), reverse=True):
            if parts := halves(self.domain, box, i):
                children = [self.push(part, low) for part in parts]
                if record is not None:
                    record.cut(number, before, box, i, list(zip(children, parts, strict=True)))
                return
        for point in (middle(box), [one.low for one in box], [one.high for one in box]):
            value = self.bound.at(point)
            if value is not None:
                self.bound.offer(point, value)
                low = low.max(value.lower()) if all(one.fixed for one in box) else low
        self.narrow.append((low, box))
        if record is not None:
            record.left(number, before, box)

    def _spread(self, box: Box, i: int, slopes: Sequence[Any] | None) -> Any:
        """How much f varies along a variable; where that is not known, the side's share of the domain's."""
        if box[i].fixed:
            return arb(-1)
        width = (box[i].high - box[i].low).mid()
        return (width * slopes[i].abs_upper() if slopes is not None else width / self.domain.width(i)).mid()

    def found(self) -> LeastValue:
        """What has been shown so far."""
        upper, best = self.bound.value, self.bound.best
        if self.wish.record is not None:
            for _, number, box in self.waiting:
                self.wish.record.left(number, box, box)
        with working_bits(FINE):
            left = [(low, box) for low, _, box in self.waiting] + self.narrow
            regions = [region for region in self.bound.regions if not region.lower > upper]
            left = [(low, box) for low, box in left if not low > upper]
            left = [(low, box) for low, box in left if not any(inside(box, region.box) for region in regions)]
            lower = upper
            for low in (*(low for low, _ in left), *(region.lower for region in regions)):
                lower = lower.min(low)
            proved = best is not None and bool(upper - lower <= self.gap)
            return LeastValue(lower, upper, proved, self.gap, regions, [box for _, box in left], best,
                              dict(self.counts), self.boxes, self.bound.undefined)  # fmt: skip
