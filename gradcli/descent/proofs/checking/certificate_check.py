"""A certificate, checked without a search: its boxes fill the domain, and each holds what it says, enclosed another way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.centred_forms import by_curvature, by_slopes, by_tangent
from gradcli.calculus.intervals.interval_arithmetic import BITS
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of, field_of
from gradcli.descent.proofs.box_tests import concave_parts, monotone_parts, newton_parts
from gradcli.descent.proofs.boxes import Box, halves, inside, middle, side, with_side
from gradcli.descent.proofs.checking.proof_certificate import Certificate
from gradcli.descent.proofs.checking.region_check import checked_region
from gradcli.descent.proofs.checking.second_enclosures import SecondField, positive_minors, thin
from gradcli.descent.proofs.proof_record import changed, end_of, exact_of_text

#: Parts that a box may be cut in where it is not seen at once, and those of all boxes.
_PARTS, _ALL = 64, 4_000


class Checked(NamedTuple):
    """What the check says. failed: the first box that does not hold, or what else does not, in words; None for none.

    boxes: how many were checked; parts: how many more, where one was looked at in parts.
    """

    failed: str | None
    boxes: int
    parts: int
    regions: int


class _Fails(Exception):
    """What does not hold."""


def checked(certificate: Certificate, question: BoxQuestion, table: Any) -> Checked:
    """Check all of it. table: the Hessian's table of the expression."""
    check = _Check(certificate, question, table)
    try:
        with working_bits(BITS):
            check.run()
    except _Fails as failed:
        return Checked(str(failed), check.boxes, check.parts, len(check.regions))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Checked("a line is not as it is written", check.boxes, check.parts, len(check.regions))
    return Checked(None, check.boxes, check.parts, len(check.regions))


class _Check:
    def __init__(self, certificate: Certificate, question: BoxQuestion, table: Any) -> None:
        self.certificate, self.question = certificate, question
        self.domain = domain_of(question)
        self.field = SecondField(table, question.names, question.held, -1 if question.ascend else 1)
        self.boxes = self.parts = 0
        self.regions: list[Box] = []
        self.used: Counter[int] = Counter()

    def run(self) -> None:
        """The ends, the regions, then every box from the whole domain on. Raises _Fails."""
        shown = self.certificate.shown
        self.lower = -arb("inf") if shown["lower"] is None else exact_of_text(shown["lower"])
        self.upper = exact_of_text(shown["upper"])
        self._best(shown["best"])
        for number, region in enumerate(shown["regions"]):
            box = changed(self.domain, self.domain.box, region["box"])
            at = [end_of(self.domain, i, text) for i, text in enumerate(region["at"])]
            if not checked_region(self.field, self.domain, box, at, self.lower):
                raise _Fails(f"region {number} does not hold one minimum")
            self.regions.append(box)
        waiting = [(1, self.domain.box)]
        while waiting:
            number, box = waiting.pop()
            self.used[number] += 1
            self.boxes += 1
            waiting += self._children(number, box)

    def _best(self, best: Sequence[str]) -> None:
        from gradcli.calculus.enclosures.point_value import Nowhere, value_at

        point = [end_of(self.domain, i, text) for i, text in enumerate(best)]
        within = all((x >= one.low and x <= one.high) or x is one.low or x is one.high
                     for x, one in zip(point, self.domain.box, strict=True))  # fmt: skip
        whole = all(x.is_integer() for x, due in zip(point, self.domain.whole, strict=True) if due)
        try:
            value = value_at(field_of(self.question), point, BITS) if within and whole else None
        except Nowhere:
            value = None
        if value is None or not value.upper() <= self.upper:
            raise _Fails("f is not as low as that at the best point")

    def _children(self, number: int, box: Box) -> list[tuple[int, Box]]:
        """The boxes that come of one, which together hold all of it that matters. Raises _Fails."""
        row = self.certificate.rows[number][1:]
        if row[0] == "newton" and len(row) > 1:
            smaller = changed(self.domain, box, row[1])
            if not self._newton(box, smaller):
                raise _Fails(f"box {number}: more is left than it says")
            box, row = smaller, row[2:]
        if row[0] == "cut":
            return self._cut(number, box, *row[1:])
        if row[0] in ("monotone", "concave") and len(row) > 1:
            return self._shortened(number, box, row[0], row[1])
        if row[0] == "left":
            if not self._holds(box, self.lower):
                raise _Fails(f"box {number} may hold a value below the interval")
            return []
        if not self._excluded(box):
            raise _Fails(f"box {number} is not excluded")
        return []

    def _cut(
        self, number: int, box: Box, i: int, high: Any, low: Any, first: int, second: int
    ) -> list[tuple[int, Box]]:
        domain, one = self.domain, box[i]
        left = end_of(domain, i, high)
        right = end_of(domain, i, low)
        touching = right <= left or (
            domain.whole[i] and right - left <= 1 and left.is_integer() and right.is_integer()
        )
        if one.fixed or not touching or first == second:
            raise _Fails(f"box {number} is not filled by its parts")
        left = one.low if left == one.low else left
        right = one.high if right == one.high else right
        return [
            (first, with_side(box, i, side(one.low, left))),
            (second, with_side(box, i, side(right, one.high))),
        ]

    def _shortened(self, number: int, box: Box, test: str, parts: Any) -> list[tuple[int, Box]]:
        children = [(int(child), changed(self.domain, box, changes)) for child, changes in parts]
        found = self.field.look(box)
        if test == "monotone":
            due = monotone_parts(self.domain, box, found.slopes) if found.slopes is not None else [box]
        else:
            due = concave_parts(self.domain, box, found.seconds) if found.seconds is not None else [box]
        if not all(any(inside(part, child) for _, child in children) for part in due):
            raise _Fails(f"box {number}: more is left than it says")
        return children

    def _newton(self, box: Box, smaller: Box) -> bool:
        """Whether what was taken off the sides of a box holds no minimum as low."""
        rest = box
        for i, (one, kept) in enumerate(zip(box, smaller, strict=True)):
            if kept is one:
                continue
            if not inside((kept,), (one,)):
                return False
            slabs = [
                side(low, high) for low, high in ((one.low, kept.low), (kept.high, one.high)) if low < high
            ]
            if not all(self._excluded(with_side(rest, i, slab)) for slab in slabs):
                return False
            rest = with_side(rest, i, kept)
        return True

    def _excluded(self, box: Box) -> bool:
        if any(inside(box, region) for region in self.regions):
            return True
        return self._holds(box, self.upper, strictly=True)

    def _holds(self, box: Box, bound: Any, *, strictly: bool = False) -> bool:
        """Whether f is nowhere in the box below *bound*, or f has no minimum there: at once, or in parts."""
        waiting, most = [box], _PARTS
        while waiting:
            part = waiting.pop()
            if self._seen(part, bound, strictly):
                continue
            if any(inside(part, region) for region in self.regions):
                continue
            widths = [one.ball.rad() / self.domain.width(i) for i, one in enumerate(part)]
            order = sorted(range(len(part)), key=lambda i: -float(widths[i]))
            pieces = next((found for i in order if (found := halves(self.domain, part, i))), [])
            most, self.parts = most - 1, self.parts + 1
            if not pieces or most < 0 or self.parts > _ALL:
                return False
            waiting += pieces
        return True

    def _seen(self, box: Box, bound: Any, strictly: bool) -> bool:
        def enough(low: Any) -> bool:
            return bool(low > bound if strictly else low >= bound)

        found = self.field.look(box)
        if found.outside or (found.value is not None and enough(found.value.lower())):
            return True
        if found.value is None or found.slopes is None:
            return self._half_line(box, bound, strictly)
        if not monotone_parts(self.domain, box, found.slopes):
            return True
        point = self.domain.rounded(middle(box))
        here = self.field.look(thin(point))
        offsets = [one.ball - x for one, x in zip(box, point, strict=True)]
        if here.value is None or here.slopes is None:
            return False
        if enough(by_slopes(here.value, found.slopes, offsets).lower()):
            return True
        return found.seconds is not None and self._by_seconds(box, found, here, offsets, enough)

    def _by_seconds(self, box: Box, found: Any, here: Any, offsets: Sequence[Any], enough: Any) -> bool:
        moving = [i for i, one in enumerate(box) if not one.fixed]
        if not concave_parts(self.domain, box, found.seconds):
            return True
        radii = [x.abs_upper() for x in offsets]
        if enough(by_curvature(here.value, here.slopes, found.seconds, radii)):
            return True
        point = self.domain.rounded(middle(box))
        if not newton_parts(self.domain, box, point, here.slopes, found.seconds):
            return True
        if not positive_minors([[found.seconds[i][j] for j in moving] for i in moving]):
            return False
        from gradcli.descent.proofs.tangent_points import tangent_point

        for _ in range(4):
            point = tangent_point(box, point, here.slopes, found.seconds)
            here = self.field.look(thin(point))
            if here.value is None or here.slopes is None:
                return False
            if enough(
                by_tangent(here.value, here.slopes, [one.ball - x for one, x in zip(box, point, strict=True)])
            ):
                return True
        return False

    def _half_line(self, box: Box, bound: Any, strictly: bool) -> bool:
        """Where intervals have no ends: those that may reach to infinity."""
        from gradcli.calculus.enclosures.natural_bounds import bounds
        from gradcli.calculus.enclosures.point_value import Nowhere

        try:
            low = arb(bounds(field_of(self.question), box)[0])
        except Nowhere:
            return True
        return bool(low > bound if strictly else low >= bound)
