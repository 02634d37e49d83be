"""A local minimum → a region around it in which it is the only one, shown by slopes and by a positive definite Hessian.

Where f falls towards an end of the domain all over the region, its minimum is on that face; where the Hessian along the
face is positive definite all over it, f is strictly convex there, and has one minimum. How far it can be from a point
follows from the tangent at the point and from the smallest curvature.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram, Look
from gradcli.calculus.enclosures.centred_forms import by_tangent, is_definite
from gradcli.descent.proofs.boxes import Box, Domain, Side, side
from gradcli.descent.proofs.local_minima import pressed

#: Halvings of a region until one is found; bits of the point and of its value.
_SIZES, FINE = 40, 192

#: What is kept of a region to each side of its point.
_RIM = arb(0.875)


class Region(NamedTuple):
    """A box that holds exactly one minimum of f on the box.

    at, radius: a point that it is near, and how far it can be along each variable. value: a ball around f there.
    lower: f is nowhere less in the box. pressed: the slope along each variable that is held at an end of the domain.
    """

    box: Box
    at: tuple[Any, ...]
    radius: tuple[Any, ...]
    value: Any
    lower: Any
    pressed: dict[int, Any]


def region_around(field: BoxProgram, domain: Domain, x: Sequence[Any]) -> Region | None:
    """The largest region around a polished point that is found; None for none."""
    here = field.look(x, FINE)
    if here.slopes is None or not here.value.is_finite():
        return None
    with working_bits(FINE):
        held = pressed(domain, x, here.slopes)
    share = arb(1)
    for _ in range(_SIZES):
        box = _box(domain, x, share)
        if _only_one(field, domain, box, x, held):
            box = _drawn_in(domain, _grown(field, domain, box, x, held), x)
            return _described(field, domain, box, x, held, here)
        share = share / 2
    return None


def _box(domain: Domain, x: Sequence[Any], share: Any) -> Box:
    sides = []
    for i, (a, one) in enumerate(zip(x, domain.box, strict=True)):
        if one.fixed or domain.whole[i]:
            sides.append(side(a, a))
            continue
        sides.append(_clipped(one, a, (domain.width(i) * share).mid()))
    return tuple(sides)


def _clipped(one: Side, a: Any, r: Any) -> Side:
    low, high = (a - r).mid(), (a + r).mid()
    return side(low if low > one.low else one.low, high if high < one.high else one.high)


def _face(box: Box, x: Sequence[Any], held: Sequence[bool]) -> list[Any]:
    return [a if stays else one.ball for one, a, stays in zip(box, x, held, strict=True)]


def _only_one(field: BoxProgram, domain: Domain, box: Box, x: Sequence[Any], held: Sequence[bool]) -> bool:
    """Whether slopes press against the ends that are held, and f is strictly convex along the face that is left."""
    with working_bits(BITS):
        free = [i for i, stays in enumerate(held) if not stays]
        moving = [i for i, stays in enumerate(held) if stays and not box[i].fixed]
        if moving:
            slopes = field.look([one.ball for one in box]).slopes
            if slopes is None or not all(
                slopes[i] > 0 if x[i] is domain.box[i].low else slopes[i] < 0 for i in moving
            ):
                return False
        seconds = field.look(_face(box, x, held)).seconds() if free else []
        return seconds is not None and is_definite([[seconds[i][j] for j in free] for i in free])


def _grown(field: BoxProgram, domain: Domain, box: Box, x: Sequence[Any], held: Sequence[bool]) -> Box:
    """The region wider along one variable after the other, for as long as it is one."""
    for i, one in enumerate(box):
        for _ in range(6):
            wider = box[i] if box[i].fixed else _clipped(domain.box[i], x[i], (one.high - one.low).mid())
            if wider.fixed or domain.pinned(i, box[i]) == (True, True):
                break
            one = wider  # noqa: PLW2901  (the side that grows)
            tried = (*box[:i], wider, *box[i + 1 :])
            if not _only_one(field, domain, tried, x, held):
                break
            box = tried
    return box


def _drawn_in(domain: Domain, box: Box, x: Sequence[Any]) -> Box:
    """The region without its rim, where f is hardly convex: so that others see with less effort that it is."""
    sides = []
    for one, a, whole in zip(box, x, domain.box, strict=True):
        low = one.low if one.low is whole.low else (a + (one.low - a) * _RIM).mid()
        high = one.high if one.high is whole.high else (a + (one.high - a) * _RIM).mid()
        sides.append(one if one.fixed else side(low, high))
    return tuple(sides)


def _described(
    field: BoxProgram, domain: Domain, box: Box, x: Sequence[Any], held: Sequence[bool], here: Look
) -> Region:
    with working_bits(FINE):
        slopes = here.slopes or []
        face = _face(box, x, held)
        offsets = [side_ - a for side_, a in zip(face, x, strict=True)]
        lower = by_tangent(here.value, slopes, offsets)
        radius = _radius(field, domain, face, held, (here.value - lower).upper())
        known = {
            i: slopes[i]
            for i, stays in enumerate(held)
            if stays and not domain.box[i].fixed and not domain.whole[i]
        }
        return Region(box, tuple(x), tuple(radius), here.value, lower, known)


def _radius(
    field: BoxProgram, domain: Domain, face: Sequence[Any], held: Sequence[bool], fall: Any
) -> list[Any]:
    """How far from the point f can be lower by *fall*, along each variable, from the curvature on the face."""
    free = [i for i, stays in enumerate(held) if not stays]
    seconds = field.look(face, FINE).seconds() if free else None
    if seconds is None:
        return [arb(0)] * len(held)
    width = [domain.width(i) for i in free]
    scaled = [
        [seconds[i][j] * a * b for j, b in zip(free, width, strict=True)]
        for i, a in zip(free, width, strict=True)
    ]
    least = min(scaled[k][k].lower() for k in range(len(free)))
    for _ in range(200):
        if is_definite(
            [[x - least if i == j else x for j, x in enumerate(row)] for i, row in enumerate(scaled)]
        ):
            break
        least = (least / 2).mid()
    share = (2 * fall.max(arb(0)) / least).sqrt().upper()
    found = [arb(0)] * len(held)
    for i, w in zip(free, width, strict=True):
        found[i] = (share * w).upper()
    return found
