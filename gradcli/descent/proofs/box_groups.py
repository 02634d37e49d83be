"""Undecided boxes → groups of those that touch, as one box around each."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb

from gradcli.descent.proofs.boxes import Box, Domain, Side, side

#: Boxes nearer to each other than this share of the domain are of one group.
_NEAR = arb(2) ** -20


def grouped(boxes: Sequence[Box], domain: Domain) -> list[Box]:
    """The hulls of boxes that touch, or nearly."""
    near = [(domain.width(i) * _NEAR).mid() for i in range(len(domain.box))]
    groups: list[Box] = []
    for box in sorted(boxes, key=lambda box: [float(one.ball.mid()) for one in box]):
        current, rest = box, []
        for other in groups:
            if _touch(current, other, near, domain.whole):
                current = tuple(_hull(a, b) for a, b in zip(current, other, strict=True))
            else:
                rest.append(other)
        groups = [*rest, current]
    return groups


def _touch(a: Box, b: Box, near: Sequence[object], whole: Sequence[bool]) -> bool:
    return all(
        one.ball.overlaps(other.ball)
        if exact
        else not (one.low > other.high + gap or other.low > one.high + gap)
        for one, other, gap, exact in zip(a, b, near, whole, strict=True)
    )


def _hull(a: Side, b: Side) -> Side:
    low = b.low if b.low < a.low else a.low
    high = b.high if b.high > a.high else a.high
    return a if low is a.low and high is a.high else side(low, high)
