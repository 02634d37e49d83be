"""A region of a certificate: that it holds one minimum at most, and that f is nowhere in it below a bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcli.calculus.enclosures.centred_forms import by_tangent
from gradcli.descent.proofs.boxes import Box, Domain, Side, halves
from gradcli.descent.proofs.checking.second_enclosures import SecondField, positive_definite, thin

#: Parts in which a region may be looked at: slopes and convexity hold on all of it where they hold on each.
_PARTS = 400


def checked_region(field: SecondField, domain: Domain, box: Box, at: Sequence[Any], lower: Any) -> bool:
    """Whether slopes press against the ends that the point is at, and f is strictly convex along what is free."""
    if any(whole and not one.fixed for whole, one in zip(domain.whole, box, strict=True)):
        return False
    here = field.look(thin(at))
    if here.value is None or not all(one.ball.overlaps(x) for one, x in zip(box, at, strict=True)):
        return False
    moving = [i for i, one in enumerate(box) if not one.fixed]
    if not moving:
        return bool(here.value.lower() >= lower)
    slopes = here.slopes
    if slopes is None:
        return False
    held = [i for i in moving if _presses(domain, i, at[i], slopes[i])]
    face = tuple(Side(at[i], at[i], at[i]) if i in held else one for i, one in enumerate(box))
    if not _one_minimum(field, domain, box, face, at, held):
        return False
    offsets = [one.ball - x for one, x in zip(face, at, strict=True)]
    return bool(by_tangent(here.value, slopes, offsets) >= lower)


def _one_minimum(
    field: SecondField, domain: Domain, box: Box, face: Box, at: Sequence[Any], held: Sequence[int]
) -> bool:
    """Whether f presses against the ends that are *held* all over the box, and is strictly convex along the *face*."""
    free = [i for i, one in enumerate(face) if not one.fixed]

    def pressing(part: Box) -> bool:
        """Whether slopes press on all of a part."""
        found = field.look(part).slopes
        return found is not None and all(_presses(domain, i, at[i], found[i]) for i in held)

    def convex(part: Box) -> bool:
        """Whether f is strictly convex along what is free, on a part."""
        seconds = field.look(part).seconds
        return seconds is not None and positive_definite([[seconds[i][j] for j in free] for i in free])

    pressed = not held or _everywhere(domain, box, pressing)
    return pressed and (not free or _everywhere(domain, face, convex))


def _everywhere(domain: Domain, box: Box, holds: Callable[[Box], bool]) -> bool:
    """Whether something holds on a box: at once, or on each of its parts."""
    waiting, looked = [box], 0
    while waiting:
        part, looked = waiting.pop(), looked + 1
        if holds(part):
            continue
        widths = [one.ball.rad() / domain.width(i) for i, one in enumerate(part)]
        order = sorted(range(len(part)), key=lambda i: -float(widths[i]))
        pieces = next((found for i in order if (found := halves(domain, part, i))), [])
        if not pieces or looked > _PARTS:
            return False
        waiting += pieces
    return True


def _presses(domain: Domain, i: int, x: Any, slope: Any) -> bool:
    one = domain.box[i]
    return (x is one.low and bool(slope > 0)) or (x is one.high and bool(slope < 0))
