"""One box of a search: what excludes it, what makes it smaller, and how low f can be in it at least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.enclosures.box_program import BoxProgram, Look
from gradcli.calculus.enclosures.centred_forms import by_curvature, by_slopes, by_tangent, is_definite
from gradcli.calculus.enclosures.natural_bounds import bounds
from gradcli.calculus.enclosures.point_value import Nowhere
from gradcli.descent.proofs.box_tests import concave_parts, monotone_parts, newton_parts
from gradcli.descent.proofs.boxes import Box, Domain, inside, middle, within
from gradcli.descent.proofs.tangent_points import tangent_point
from gradcli.descent.proofs.upper_bound import UpperBound

#: Boxes of which bounds by ends are tried in any case; tangents that are tried on a box.
_TRIES, _TANGENTS = 32, 4


class Verdict(NamedTuple):
    """What the tests made of a box: the test that excludes it, or what is left of it with its bound and its slopes.

    parts: empty where it is excluded; another box than before is looked at again, the same one is cut.
    """

    test: str
    parts: list[Box]
    low: Any
    slopes: Sequence[Any] | None = None


class BoxTests:
    """The tests of a box, one after the other. gap: how narrow the interval of the least value is to be, at the moment."""

    def __init__(self, field: BoxProgram, domain: Domain, bound: UpperBound, gap: Callable[[], Any]) -> None:
        self.field, self.domain, self.bound, self._gap = field, domain, bound, gap
        self._tried = self._helped = 0

    @property
    def _ends_help(self) -> bool:
        """Whether bounds by ends, which take longer than balls, have excluded boxes that balls had not."""
        return self._tried < _TRIES or self._helped * 8 >= self._tried

    def known(self, box: Box, low: Any) -> Verdict | None:
        """What is known of a box without a look at it."""
        if low > self.bound.value:
            return Verdict("value", [], low)
        if any(inside(box, region.box) for region in self.bound.regions):
            return Verdict("region", [], low)
        return None

    def tested(self, box: Box, low: Any) -> Verdict:
        """The first test that excludes the box or makes it smaller."""
        look = self.field.look([one.ball for one in box])
        try:
            low = self._by_value(box, low, look)
        except Nowhere:
            self.bound.undefined = True
            return Verdict("outside", [], low)
        if low > self.bound.value:
            return Verdict("value", [], low)
        point = self.domain.rounded(middle(box))
        here = self.field.look(point)
        value = self.bound.at(point, here)
        if value is not None and self.bound.offer(point, value):
            self.bound.descend(point)
        if look.slopes is None or value is None or all(one.fixed for one in box):
            return Verdict("", [box], low)
        return self._by_slopes(box, low, look, here, value)

    def _by_value(self, box: Box, low: Any, look: Look) -> Any:
        """How low f can be at least, by the values of its parts. Raises Nowhere."""
        if look.value.is_finite():
            low = low.max(look.value.lower())
        unclear = not look.value.is_finite() or look.partial or look.jump
        if not low > self.bound.value and (unclear or self._ends_help):
            low = low.max(arb(bounds(self.field, box)[0]))
            self._tried, self._helped = self._tried + 1, self._helped + bool(low > self.bound.value)
        return low

    def _by_slopes(self, box: Box, low: Any, look: Look, here: Look, value: Any) -> Verdict:
        slopes = look.slopes or []
        parts = monotone_parts(self.domain, box, slopes)
        if parts != [box]:
            return Verdict("monotone", parts, low)
        offsets = [one.ball - a for one, a in zip(box, here.box, strict=True)]
        low = low.max(by_slopes(value, slopes, offsets).lower())
        if low > self.bound.value:
            return Verdict("slopes", [], low)
        return self._by_curvature(box, low, look, here)

    def _by_curvature(self, box: Box, low: Any, look: Look, here: Look) -> Verdict:
        seconds, slopes = look.seconds(), look.slopes or []
        if seconds is None or here.slopes is None:
            return Verdict("", [box], low, slopes)
        parts = concave_parts(self.domain, box, seconds)
        if parts != [box]:
            return Verdict("concave", parts, low)
        radii = [
            arb(0) if one.fixed else (one.ball - a).abs_upper() for one, a in zip(box, here.box, strict=True)
        ]
        low = low.max(by_curvature(here.value, here.slopes, seconds, radii))
        if low > self.bound.value:
            return Verdict("curvature", [], low)
        moving = [i for i, one in enumerate(box) if not one.fixed]
        if is_definite([[seconds[i][j] for j in moving] for i in moving]):
            return self._convex(box, low, look, here)
        parts = newton_parts(self.domain, box, here.box, here.slopes, seconds)
        return Verdict("newton", [], low) if not parts else Verdict("", parts, low, slopes)

    def _convex(self, box: Box, low: Any, look: Look, here: Look) -> Verdict:
        """A box on which f is convex: the tangent where f is lowest there."""
        seconds = look.seconds() or []
        for _ in range(_TANGENTS):
            point = tangent_point(box, here.box, here.slopes or [], seconds)
            here = self.field.look(point)
            if here.slopes is None or here.partial or here.jump:
                break
            self.bound.offer(point, here.value)
            offsets = [one.ball - a for one, a in zip(box, point, strict=True)]
            reached = by_tangent(here.value, here.slopes, offsets)
            low = low.max(reached)
            if low > self.bound.value:
                return Verdict("convex", [], low)
            if here.value.upper() - reached < self._gap() / 16:
                break
        if not any(within(here.box, region.box) for region in self.bound.regions):
            self.bound.descend(here.box)
        return self.known(box, low) or Verdict("", [box], low, look.slopes)
