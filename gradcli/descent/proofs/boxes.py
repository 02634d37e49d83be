"""Boxes: their sides as balls between ends that are kept, so that a side on the domain's own is known again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb

#: Sides narrower than this share of the domain's are not cut.
NARROWEST = arb(2) ** -60


class Side(NamedTuple):
    """The numbers of one variable from *low* to *high*, thin balls, and the *ball* around all of them."""

    low: Any
    high: Any
    ball: Any

    @property
    def fixed(self) -> bool:
        """Whether it is one number."""
        return self.low is self.high


Box = tuple[Side, ...]


def side(low: Any, high: Any) -> Side:
    """From one end to the other."""
    return Side(low, high, low if low is high else low.union(high))


class Domain(NamedTuple):
    """The box that is asked about; whole: whether a variable takes whole numbers only."""

    box: Box
    whole: tuple[bool, ...]

    def width(self, i: int) -> Any:
        """The length of a side, never 0."""
        one = self.box[i]
        return arb(1) if one.fixed else (one.high - one.low).mid()

    def pinned(self, i: int, one: Side) -> tuple[bool, bool]:
        """Whether a side begins, and whether it ends, where the domain's does."""
        return one.low is self.box[i].low, one.high is self.box[i].high

    def rounded(self, point: Sequence[Any]) -> list[Any]:
        """A point of a box, down to whole numbers where they are asked for."""
        return [
            (a + arb(0.5)).floor().mid() if whole else a for a, whole in zip(point, self.whole, strict=True)
        ]


def middle(box: Box) -> list[Any]:
    """The middle of a box: an exact point, but for sides that are one number."""
    return [one.ball if one.fixed else one.ball.mid() for one in box]


def with_side(box: Box, i: int, one: Side) -> Box:
    """The box with another side."""
    return (*box[:i], one, *box[i + 1 :])


def halves(domain: Domain, box: Box, i: int) -> list[Box]:
    """Both halves of a box across its side *i*; none where it is too narrow to be cut."""
    low, high, ball = box[i]
    if low is high:
        return []
    if domain.whole[i]:
        return _whole_halves(box, i)
    cut = ball.mid()
    if not (low < cut < high and high - low > domain.width(i) * NARROWEST):
        return []
    return [with_side(box, i, side(low, cut)), with_side(box, i, side(cut, high))]


def _whole_halves(box: Box, i: int) -> list[Box]:
    low, high, ball = box[i]
    cut = ball.mid().floor().mid()
    left = low if cut <= low else cut
    right = high if cut + 1 >= high else (cut + 1).mid()
    return [with_side(box, i, side(low, left)), with_side(box, i, side(right, high))]


def inside(box: Box, region: Box) -> bool:
    """Whether a box lies in another."""
    return all(
        (a.low is b.low or a.low >= b.low) and (a.high is b.high or a.high <= b.high)
        for a, b in zip(box, region, strict=True)
    )


def within(point: Sequence[Any], region: Box) -> bool:
    """Whether a point of thin balls touches a box."""
    return all(b.ball.overlaps(a) for a, b in zip(point, region, strict=True))
