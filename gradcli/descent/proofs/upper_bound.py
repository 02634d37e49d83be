"""The lowest value that is known to be taken: descents from a few points, each value enclosed where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram, Look
from gradcli.calculus.enclosures.point_value import Nowhere, value_at
from gradcli.descent.proofs.boxes import Domain, middle, within
from gradcli.descent.proofs.convex_regions import FINE, Region, region_around
from gradcli.descent.proofs.local_minima import descend, polished

#: Descents at the beginning, and of one search at most.
_FIRST, _MOST = 4, 200

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)


class UpperBound:
    """What is known from points. value: no more than this is the least value; best: the point where f is that low.

    regions: around local minima that may be the least; highest: the largest value that was met. undefined: whether f had
    no value at some point.
    """

    def __init__(self, field: BoxProgram, domain: Domain) -> None:
        self.field, self.domain = field, domain
        self.value = arb("inf")
        self.best: tuple[Any, ...] | None = None
        self.highest = -arb("inf")
        self.regions: list[Region] = []
        self.descents = 0
        self.undefined = False

    @property
    def near(self) -> Any:
        """Two minima may be one as low as the other whose values, at points that are nearly theirs, are so much apart."""
        return (abs(self.value).max(arb(1)) * arb(2) ** -40).upper()

    def begin(self) -> None:
        """Descents from the lowest of some points that fill the domain evenly."""
        tried = []
        count = 4 + 4 * sum(not one.fixed for one in self.domain.box)
        for number, point in enumerate(scattered(self.domain, count)):
            value = self.at(point)
            if value is not None:
                self.highest = self.highest.max(value.upper())
                self.offer(point, value)
                tried.append((value.mid(), number, point))
        for _, _, point in sorted(tried, key=lambda one: one[:2])[:_FIRST]:
            self.descend(point)

    def at(self, point: Sequence[Any], look: Look | None = None, bits: int = BITS) -> Any:
        """f at a point of thin balls, whose *look* may be known; None where it has no value."""
        look = look or self.field.look(point, bits)
        if look.value.is_finite() and not (look.partial or look.jump):
            return look.value
        try:
            return value_at(self.field, point, bits)
        except Nowhere:
            self.undefined = True
            return None

    def offer(self, point: Sequence[Any], value: Any) -> bool:
        """The value at a point of the domain; whether it is the lowest so far. Where whole numbers are due others are none."""
        whole = all(a.is_integer() for a, due in zip(point, self.domain.whole, strict=True) if due)
        if not whole or not value.upper() < self.value:
            return False
        self.value, self.best = value.upper(), tuple(point)
        return True

    def descend(self, start: Sequence[Any]) -> None:
        """Go down from a point, and make a region of where that ends."""
        if self.descents >= _MOST:
            return
        self.descents += 1
        with working_bits(BITS):
            x = descend(self.field, self.domain, self.domain.rounded(start), BITS)
        with working_bits(FINE):
            x = polished(self.field, self.domain, x, FINE)
            value = self.at(x, bits=FINE)
            if value is None:
                return
            self.offer(x, value)
            if value.lower() > self.value + self.near or any(
                within(x, region.box) for region in self.regions
            ):
                return
            region = region_around(self.field, self.domain, x)
        if region is not None and not region.lower > self.value:
            self.regions.append(region)


def scattered(domain: Domain, count: int) -> list[list[Any]]:
    """The middle of the domain, and points that fill it evenly (Halton 1960): one after the other, the same ever."""
    points = [middle(domain.box)]
    for k in range(1, count):
        shares = [arb(_reversed_digits(k, _PRIMES[i % len(_PRIMES)])) for i in range(len(domain.box))]
        points.append([
            one.ball if one.fixed else (one.low + (one.high - one.low) * share).mid()
            for one, share in zip(domain.box, shares, strict=True)
        ])  # fmt: skip
    return [domain.rounded(point) for point in points]


def _reversed_digits(k: int, base: int) -> float:
    share, unit = 0.0, 1.0 / base
    while k:
        k, digit = divmod(k, base)
        share += digit * unit
        unit /= base
    return share
