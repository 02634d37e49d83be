"""The least value of f where constraints hold in a box: branch and bound, the box with the lowest bound first.

Multipliers of the lowest point that is known make a Lagrangian which is at most f where the constraints hold: with squares of
what is active it is convex there, so that boxes around the point need not be cut to pieces. (Neumaier, Complete search, Acta
Numerica 2004, sections 14 and 15; Hansen & Walster, Global optimization using interval analysis, 2004, chapters 14 to 16.)
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS
from gradcli.descent.proofs.boxes import Box, Domain, halves
from gradcli.descent.proofs.branch_and_bound import Wish
from gradcli.descent.proofs.constraints.constrained_boxes import ConstrainedBoxTests
from gradcli.descent.proofs.constraints.constrained_fields import ConstrainedFields
from gradcli.descent.proofs.constraints.feasible_points import FeasiblePoint
from gradcli.descent.proofs.constraints.least_known import LeastKnown
from gradcli.descent.proofs.convex_regions import FINE

#: Boxes beyond those that the least value took that are spent on where it is taken, and the narrowest of those.
MORE, NARROW = 1_500, arb(2) ** -24


class LeastUnderConstraints(NamedTuple):
    """What was shown. best: where f is no more than *upper*; None where the constraints hold nowhere that was looked.

    infeasible: whether they certainly hold nowhere in the box. The rest is that of `branch_and_bound.LeastValue`.
    """

    lower: Any
    upper: Any
    proved: bool
    infeasible: bool
    gap: Any
    left: list[Box]
    best: FeasiblePoint | None
    counts: dict[str, int]
    boxes: int
    undefined: bool


class ConstrainedSearch:
    """What is known on the way."""

    def __init__(self, fields: ConstrainedFields, domain: Domain, wish: Wish) -> None:
        self.domain, self.wish = domain, wish
        self.known = LeastKnown(fields, domain)
        self.tests = ConstrainedBoxTests(fields, domain, self.known, lambda: self.gap)
        self.waiting: list[tuple[Any, int, Box]] = []
        self.narrow: list[tuple[Any, Box]] = []
        self.counts: Counter[str] = Counter()
        self.boxes = self._pushed = 0

    @property
    def gap(self) -> Any:
        """How narrow the interval is to be: a share of f's size, or of how much it varies, whichever is less."""
        if self.wish.gap is not None:
            return arb(self.wish.gap)
        upper = self.known.value
        size = abs(upper).max(arb(1)) if upper.is_finite() else arb(1)
        spread = self.known.highest - upper
        return ((size.min(spread) if spread > arb(2) ** -20 else size) * arb(self.wish.share)).lower()

    def run(self) -> LeastUnderConstraints:
        """Search the domain."""
        self.known.begin()
        with working_bits(BITS):
            self._push(self.domain.box, -arb("inf"))
            while (
                self.waiting
                and self.boxes < self.wish.most
                and self.waiting[0][0] < self.known.value - self.gap
            ):
                self._look(arb(0))
            if self.known.best is not None:
                most = min(self.wish.most, 2 * self.boxes + MORE)
                while self.waiting and self.boxes < most:
                    self._look(NARROW)
        return self._found()

    def _push(self, box: Box, low: Any) -> None:
        self._pushed += 1
        heapq.heappush(self.waiting, (low, self._pushed, box))

    def _look(self, narrowest: Any) -> None:
        """The box with the lowest bound: excluded, made smaller, cut, or left where it is narrow."""
        low, _, box = heapq.heappop(self.waiting)
        if low > self.known.value:
            self.counts["value"] += 1
            return
        self.boxes += 1
        if self.wish.told is not None and self.boxes % 64 == 0:
            self.wish.told(low, self.known.value, self.boxes)
        verdict = self.tests.tested(box, low)
        if not verdict.parts:
            self.counts[verdict.test] += 1
        elif verdict.test:
            for part in verdict.parts:
                self._push(part, verdict.low)
        else:
            self._cut(verdict.parts[0], verdict.low, narrowest)

    def _cut(self, box: Box, low: Any, narrowest: Any) -> None:
        """Both halves across the side that is the longest share of the domain's."""
        shares = [
            arb(-1) if one.fixed else ((one.high - one.low) / self.domain.width(i)).mid()
            for i, one in enumerate(box)
        ]
        for i in sorted(range(len(box)), key=lambda i: shares[i], reverse=True):
            parts = halves(self.domain, box, i) if shares[i] > narrowest else []
            if parts:
                for part in parts:
                    self._push(part, low)
                return
        self.narrow.append((low, box))

    def _found(self) -> LeastUnderConstraints:
        upper, best = self.known.value, self.known.best
        with working_bits(FINE):
            left = [
                (low, box)
                for low, box in [*((a, b) for a, _, b in self.waiting), *self.narrow]
                if not low > upper
            ]
            lower = upper
            for low, _ in left:
                lower = lower.min(low)
            proved = best is not None and bool(upper - lower <= self.gap)
        return LeastUnderConstraints(
            lower, upper, proved, best is None and not left, self.gap, [box for _, box in left], best, dict(self.counts),
            self.boxes, self.tests.undefined,
        )  # fmt: skip
