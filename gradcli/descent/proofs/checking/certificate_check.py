"""A certificate, checked without a search: its boxes fill the domain, and each holds what it says, enclosed another way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.point_value import Nowhere, value_at
from gradcli.calculus.intervals.interval_arithmetic import BITS
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of, field_of
from gradcli.descent.proofs.box_tests import concave_parts, monotone_parts
from gradcli.descent.proofs.boxes import Box, inside, side, with_side
from gradcli.descent.proofs.checking.excluded_boxes import Bound, Excluder, Whence
from gradcli.descent.proofs.checking.proof_certificate import Certificate
from gradcli.descent.proofs.checking.region_check import checked_region
from gradcli.descent.proofs.checking.second_enclosures import SecondField
from gradcli.descent.proofs.proof_record import changed, end_of, exact_of_text


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
    check, failed = _Check(certificate, question, table), None
    try:
        with working_bits(BITS):
            check.run()
    except _Fails as fails:
        failed = str(fails)
    except (ValueError, LookupError, TypeError, AttributeError):
        failed = "a line is not as it is written"
    return Checked(failed, check.boxes, check.tests.parts, len(check.tests.regions))


class _Check:
    """One way through a certificate: from the whole domain to the boxes that nothing came of."""

    def __init__(self, certificate: Certificate, question: BoxQuestion, table: Any) -> None:
        self.certificate, self.question = certificate, question
        self.domain = domain_of(question)
        self.field = SecondField(table, question.names, question.held, -1 if question.ascend else 1)
        self.tests = Excluder(self.field, field_of(question), self.domain)
        self.boxes = 0

    def run(self) -> None:
        """The ends, the regions, then every box from the whole domain on. Raises _Fails."""
        shown = self.certificate.shown
        self.lower = -arb("inf") if shown["lower"] is None else exact_of_text(shown["lower"])
        self.upper = self._best(shown["best"], exact_of_text(shown["upper"]))
        for number, region in enumerate(shown["regions"]):
            box = changed(self.domain, self.domain.box, region["box"])
            at = [end_of(self.domain, i, text) for i, text in enumerate(region["at"])]
            if not checked_region(self.field, self.domain, box, at, self.lower):
                raise _Fails(f"region {number} does not hold one minimum")
            self.tests.regions.append(box)
        waiting, used = [Whence(1, self.domain.box, None)], set[int]()
        while waiting:
            whence = waiting.pop()
            self.boxes += 1
            if whence.number in used:
                raise _Fails(f"box {whence.number} comes twice")
            used.add(whence.number)
            waiting += [Whence(number, box, whence) for number, box in self._children(whence)]

    def _best(self, best: Sequence[str], upper: Any) -> Any:
        """The value at the best point, from above, which is not above *upper*. Raises _Fails."""
        point = [end_of(self.domain, i, text) for i, text in enumerate(best)]
        within = all((x >= one.low and x <= one.high) or x is one.low or x is one.high
                     for x, one in zip(point, self.domain.box, strict=True))  # fmt: skip
        whole = all(x.is_integer() for x, due in zip(point, self.domain.whole, strict=True) if due)
        try:
            value = value_at(field_of(self.question), point, BITS) if within and whole else None
        except Nowhere:
            value = None
        if value is None or not value.upper() <= upper:
            raise _Fails("f is not as low as that at the best point")
        return value.upper()

    def _children(self, whence: Whence) -> list[tuple[int, Box]]:
        """The boxes that come of one, which together hold all of it that matters. Raises _Fails."""
        number, box = whence.number, whence.box
        row = self.certificate.rows[number][1:]
        if row[0] == "newton" and len(row) > 1:
            smaller = changed(self.domain, box, row[1])
            if not self._newton(whence, smaller):
                raise _Fails(f"box {number}: more is left than it says")
            box, row = smaller, row[2:]
        if row[0] == "cut":
            return self._cut(number, box, *row[1:])
        if row[0] in ("monotone", "concave") and len(row) > 1:
            return self._shortened(number, box, row[0], row[1])
        if row[0] == "left":
            if not self.tests.holds(whence, box, Bound(self.lower, strictly=False)):
                raise _Fails(f"box {number} may hold a value below the interval")
            return []
        if not self._excluded(whence, box):
            raise _Fails(f"box {number} is not excluded")
        return []

    def _cut(
        self, number: int, box: Box, i: int, high: Any, low: Any, first: int, second: int
    ) -> list[tuple[int, Box]]:
        """Both parts of a box, which leave no gap. Raises _Fails."""
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
        """The parts that a test leaves of a box. Raises _Fails where it leaves more."""
        children = [(int(child), changed(self.domain, box, changes)) for child, changes in parts]
        found = self.field.look(box)
        if test == "monotone":
            due = monotone_parts(self.domain, box, found.slopes) if found.slopes is not None else [box]
        else:
            due = concave_parts(self.domain, box, found.seconds) if found.seconds is not None else [box]
        if not all(any(inside(part, child) for _, child in children) for part in due):
            raise _Fails(f"box {number}: more is left than it says")
        return children

    def _newton(self, whence: Whence, smaller: Box) -> bool:
        """Whether what was taken off the sides of a box holds no minimum as low."""
        box = rest = whence.box
        for i, (one, kept) in enumerate(zip(box, smaller, strict=True)):
            if kept is one:
                continue
            if not inside((kept,), (one,)):
                return False
            slabs = [
                side(low, high) for low, high in ((one.low, kept.low), (kept.high, one.high)) if low < high
            ]
            if not all(self._excluded(whence, with_side(rest, i, slab)) for slab in slabs):
                return False
            rest = with_side(rest, i, kept)
        return True

    def _excluded(self, whence: Whence, box: Box) -> bool:
        """Whether a box is in a region, or holds no value as low and no minimum."""
        return self.tests.in_region(box) or self.tests.holds(whence, box, Bound(self.upper, strictly=True))
