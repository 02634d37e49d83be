"""Whether f is nowhere in a box below a bound, or has no minimum there, by the second way: at once, as a part, or in parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.enclosures.centred_forms import by_curvature, by_slopes, by_tangent
from gradcli.calculus.enclosures.natural_bounds import bounds
from gradcli.calculus.enclosures.point_value import Nowhere
from gradcli.descent.proofs.box_tests import concave_parts, monotone_parts, newton_parts
from gradcli.descent.proofs.boxes import Box, Domain, halves, inside, middle
from gradcli.descent.proofs.checking.second_enclosures import Enclosed, SecondField, positive_definite, thin
from gradcli.descent.proofs.tangent_points import tangent_point

#: Parts that a box may be cut in where it is not seen at once, and those of all boxes; tangents that are tried.
_PARTS, _ALL, _TANGENTS = 64, 4_000, 4


class Whence(NamedTuple):
    """A box by its number, and the one that it was cut from."""

    number: int
    box: Box
    parent: Whence | None


class Bound(NamedTuple):
    """What f is to be above; strictly: not as low as it."""

    value: Any
    strictly: bool

    def met(self, low: Any) -> bool:
        """Whether values from *low* on are above it."""
        return bool(low > self.value if self.strictly else low >= self.value)


class Excluder:
    """The tests of boxes. regions: boxes with one minimum each, which are known; parts: how many were looked at."""

    def __init__(self, field: SecondField, natural: BoxProgram, domain: Domain) -> None:
        self.field, self.natural, self.domain = field, natural, domain
        self.regions: list[Box] = []
        self.parts = 0
        self._above: dict[tuple[int, bool], bool] = {}

    def in_region(self, box: Box) -> bool:
        """Whether a box is in a region that is known."""
        return any(inside(box, region) for region in self.regions)

    def holds(self, whence: Whence, box: Box, bound: Bound) -> bool:
        """Whether f is above *bound* in all of *box*, a part of the box *whence*, or has no minimum there."""
        if self.seen(box, bound) or self._seen_above(whence.parent, bound):
            return True
        waiting, most = [box], _PARTS
        while waiting:
            part = waiting.pop()
            if self.in_region(part) or self.seen(part, bound):
                continue
            pieces = self._halves(part)
            most, self.parts = most - 1, self.parts + 1
            if not pieces or most < 0 or self.parts > _ALL:
                return False
            waiting += pieces
        return True

    def _halves(self, box: Box) -> list[Box]:
        """Both halves across the longest side that can be cut."""
        widths = [one.ball.rad() / self.domain.width(i) for i, one in enumerate(box)]
        order = sorted(range(len(box)), key=lambda i: -float(widths[i]))
        return next((found for i in order if (found := halves(self.domain, box, i))), [])

    def _seen_above(self, above: Whence | None, bound: Bound) -> bool:
        """Whether it is so in a box that the one at hand is a part of."""
        while above is not None:
            key = above.number, bound.strictly
            if key not in self._above:
                self._above[key] = self.seen(above.box, bound)
            if self._above[key]:
                return True
            above = above.parent
        return False

    def seen(self, box: Box, bound: Bound) -> bool:
        """Whether it is seen at once."""
        found = self.field.look(box)
        if found.outside or (found.value is not None and bound.met(found.value.lower())):
            return True
        if self._half_line(box, bound):
            return True
        if found.value is None or found.slopes is None:
            return False
        if not monotone_parts(self.domain, box, found.slopes):
            return True
        point = self.domain.rounded(middle(box))
        here = self.field.look(thin(point))
        if here.value is None or here.slopes is None:
            return False
        if bound.met(by_slopes(here.value, found.slopes, _offsets(box, point)).lower()):
            return True
        return found.seconds is not None and self._by_seconds(box, point, found, here, bound)

    def _by_seconds(
        self, box: Box, point: Sequence[Any], found: Enclosed, here: Enclosed, bound: Bound
    ) -> bool:
        seconds, slopes = found.seconds or [], here.slopes or []
        if not concave_parts(self.domain, box, seconds):
            return True
        radii = [x.abs_upper() for x in _offsets(box, point)]
        if bound.met(by_curvature(here.value, slopes, seconds, radii)):
            return True
        if not newton_parts(self.domain, box, point, slopes, seconds):
            return True
        moving = [i for i, one in enumerate(box) if not one.fixed]
        if not positive_definite([[seconds[i][j] for j in moving] for i in moving]):
            return False
        return self._by_tangents(box, point, slopes, seconds, bound.met)

    def _by_tangents(
        self, box: Box, point: Sequence[Any], slopes: Sequence[Any], seconds: Sequence[Sequence[Any]],
        met: Callable[[Any], bool],
    ) -> bool:  # fmt: skip
        """Whether a tangent of a convex f says so."""
        for _ in range(_TANGENTS):
            point = tangent_point(box, point, slopes, seconds)
            here = self.field.look(thin(point))
            if here.value is None or here.slopes is None:
                return False
            slopes = here.slopes
            if met(by_tangent(here.value, slopes, _offsets(box, point))):
                return True
        return False

    def _half_line(self, box: Box, bound: Bound) -> bool:
        """By intervals that may reach to infinity."""
        try:
            return bound.met(arb(bounds(self.natural, box)[0]))
        except Nowhere:
            return True


def _offsets(box: Box, point: Sequence[Any]) -> list[Any]:
    return [one.ball - x for one, x in zip(box, point, strict=True)]
