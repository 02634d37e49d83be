"""One box of a search under constraints: what excludes it, what makes it smaller, and how low f can be where they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcli.calculus.enclosures.box_program import Look
from gradcli.calculus.enclosures.centred_forms import by_curvature, by_slopes, by_tangent, is_definite
from gradcli.calculus.enclosures.natural_bounds import bounds
from gradcli.calculus.enclosures.point_value import Nowhere
from gradcli.descent.proofs.box_tests import concave_parts, monotone_parts
from gradcli.descent.proofs.box_verdicts import Verdict
from gradcli.descent.proofs.boxes import Box, Domain, middle, side, with_side
from gradcli.descent.proofs.constraints.constrained_fields import Bounding, ConstrainedFields
from gradcli.descent.proofs.constraints.feasible_points import FeasiblePoint
from gradcli.descent.proofs.constraints.least_known import LeastKnown
from gradcli.descent.proofs.tangent_points import tangent_point

#: Tangents that are tried on a box; rounds in which constraints shorten it, and the share of a side that counts as shorter.
TANGENTS, ROUNDS, SHORTER = 3, 3, 0.9


class ConstrainedBoxTests:
    """The tests of a box, one after the other."""

    def __init__(
        self, fields: ConstrainedFields, domain: Domain, known: LeastKnown, gap: Callable[[], Any]
    ) -> None:
        self.fields, self.domain, self.known, self._gap = fields, domain, known, gap
        self.undefined = False

    def tested(self, box: Box, low: Any) -> Verdict:
        """The first test that excludes the box, or what the constraints leave of it, to be cut."""
        for _ in range(ROUNDS):
            looks = self._looks(box)
            if isinstance(looks, str):
                return Verdict(looks, [], low)
            shorter = self._shortened(box, middle(box), looks)
            if shorter is None:
                return Verdict("constraints", [], low)
            shrunk = any(_width(a) < SHORTER * _width(b) for a, b in zip(shorter, box, strict=True))
            box = shorter if shrunk else box
            if not shrunk:
                break
        looks = self._looks(box)
        return (
            Verdict(looks, [], low)
            if isinstance(looks, str)
            else self._by_value(box, low, middle(box), looks)
        )

    def _looks(self, box: Box) -> list[Look] | str:
        """The constraints over a box; the test that excludes it where one of them cannot hold in it."""
        found: list[Look] = []
        for field, equal in zip(self.fields.h, self.fields.equal, strict=True):
            look = field.look([one.ball for one in box])
            if not look.value.is_finite() and self._is_nowhere(field, box):
                return "outside"
            if _is_missed(look.value, equal=equal):
                return "constraints"
            found.append(look)
        return found

    def _is_nowhere(self, field: Any, box: Box) -> bool:
        try:
            bounds(field, box)
        except Nowhere:
            return True
        return False

    def _shortened(self, box: Box, point: Sequence[Any], looks: Sequence[Look]) -> Box | None:
        """What the constraints as they are linearised leave of the box; None where that is nothing."""
        for field, equal, look in zip(self.fields.h, self.fields.equal, looks, strict=True):
            slopes = look.slopes
            if slopes is None:
                continue
            here = field.look(point).value
            if not here.is_finite():
                continue
            offsets = [one.ball - a for one, a in zip(box, point, strict=True)]
            if _is_missed(by_slopes(here, slopes, offsets), equal=equal):
                return None
            for i, slope in enumerate(slopes):
                if box[i].fixed or slope.contains(0):
                    continue
                rest = by_slopes(here, [*slopes[:i], *slopes[i + 1 :]], [*offsets[:i], *offsets[i + 1 :]])
                found = _cut(box, i, point[i], slope, rest, equal=equal)
                if found is None:
                    return None
                box = found
        return box

    def _by_value(self, box: Box, low: Any, point: Sequence[Any], looks: Sequence[Look]) -> Verdict:
        """How low f can be in the box."""
        over = self.fields.f.look([one.ball for one in box])
        try:
            if over.value.is_finite():
                low = low.max(over.value.lower())
            if not low > self.known.value and (not over.value.is_finite() or over.partial or over.jump):
                low = low.max(type(low)(bounds(self.fields.f, box)[0]))
        except Nowhere:
            self.undefined = True
            return Verdict("outside", [], low)
        self.undefined = self.undefined or over.partial
        if low > self.known.value:
            return Verdict("value", [], low)
        self._offer(point)
        free = not any(self.fields.equal) and all(
            look.value < 0 and not (look.partial or look.jump) for look in looks
        )
        if free and over.slopes is not None:
            parts = monotone_parts(self.domain, box, over.slopes)
            if parts != [box]:
                return Verdict("monotone", parts, low)
            seconds = over.seconds()
            parts = [box] if seconds is None else concave_parts(self.domain, box, seconds)
            if parts != [box]:
                return Verdict("concave", parts, low)
        for one in [Bounding(self.fields.f, {}), *self.known.boundings]:
            if all(looks[i].value.is_finite() and looks[i].value > -r for i, r in one.reach.items()):
                low = self._by_bounding(one, box, low, point)
                if low > self.known.value:
                    return Verdict("multipliers" if one.field is not self.fields.f else "slopes", [], low)
        return Verdict("", [box], low, over.slopes)

    def _offer(self, point: Sequence[Any]) -> None:
        """The middle of a box, if the constraints hold there by themselves."""
        if any(self.fields.equal):
            return
        looks, f = self.fields.looks(point, 64), self.fields.f.look(point)
        if looks is None or f.partial or f.jump or not f.value.is_finite():
            return
        if all(look.value < 0 for look in looks):
            better = bool(f.value.upper() < self.known.value)
            self.known.offer(FeasiblePoint(tuple(point), f.value, ()), bounding=False)
            if better:
                self.known.descend(point)

    def _by_bounding(self, one: Bounding, box: Box, low: Any, point: Sequence[Any]) -> Any:
        """A lower bound by a function that is at most f where the constraints hold."""
        over, here = one.field.look([side_.ball for side_ in box]), one.field.look(point)
        if over.value.is_finite():
            low = low.max(over.value.lower())
        if over.slopes is None or here.slopes is None or not here.value.is_finite():
            return low
        offsets = [side_.ball - a for side_, a in zip(box, here.box, strict=True)]
        low = low.max(by_slopes(here.value, over.slopes, offsets).lower())
        seconds = over.seconds()
        if low > self.known.value or seconds is None:
            return low
        radii = [side_.ball.rad() if not side_.fixed else side_.ball.rad() * 0 for side_ in box]
        low = low.max(by_curvature(here.value, here.slopes, seconds, radii))
        moving = [i for i, side_ in enumerate(box) if not side_.fixed]
        if (
            not moving
            or low > self.known.value
            or not is_definite([[seconds[i][j] for j in moving] for i in moving])
        ):
            return low
        return self._by_tangents(one, box, low, here, seconds)

    def _by_tangents(self, one: Bounding, box: Box, low: Any, here: Look, seconds: Sequence[Any]) -> Any:
        for _ in range(TANGENTS):
            point = tangent_point(box, here.box, here.slopes or [], seconds)
            here = one.field.look(point)
            if here.slopes is None or here.partial or here.jump:
                return low
            offsets = [side_.ball - a for side_, a in zip(box, point, strict=True)]
            low = low.max(by_tangent(here.value, here.slopes, offsets))
            if low > self.known.value or here.value.upper() - low < self._gap() / 16:
                return low
        return low


def _width(one: Any) -> Any:
    return (one.high - one.low).mid() if not one.fixed else one.ball.mid() * 0


def _is_missed(value: Any, *, equal: bool) -> bool:
    """Whether a constraint certainly does not hold where its h is in a ball."""
    return bool(value > 0 or (equal and value < 0))


def _cut(box: Box, i: int, centre: Any, slope: Any, rest: Any, *, equal: bool) -> Box | None:
    """The part of a side that rest + slope*(x - centre) <= 0, or = 0, leaves; None where that is nothing."""
    low, high, _ = box[i]
    image = centre - rest / slope
    if not image.is_finite():
        return box
    least = image.lower() if equal or slope < 0 else None
    most = image.upper() if equal or slope > 0 else None
    if (least is not None and least > high) or (most is not None and most < low):
        return None
    first = least if least is not None and least > low else low
    last = most if most is not None and most < high else high
    if first is low and last is high:
        return box
    return None if first > last else with_side(box, i, side(first, last))
