"""f and its slope along the one variable of a box that moves: a strip for each piece of its side, which holds both curves."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram
from gradcli.calculus.enclosures.centred_forms import by_slopes
from gradcli.calculus.enclosures.natural_bounds import bounds
from gradcli.calculus.enclosures.point_value import Nowhere
from gradcli.calculus.graph.derivative_programs import derived
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of
from gradcli.descent.proofs.boxes import Box, Domain, halves, middle
from gradcli.descent.proofs.proved_extreme import float_above, float_below

#: Strips of a band; parts that each is made of at most, where it is to be narrow.
PIECES, _PARTS = 64, 64

#: Both ends, as balls, of what f can be and of what it is at some points.
Ends = tuple[Any, Any]


class Strip(NamedTuple):
    """All values from *start* to *end* lie between *lower* and *upper*; an end that was not found is infinite."""

    start: float
    end: float
    lower: float
    upper: float


class Bands(NamedTuple):
    """The strips of f and of its slope from left to right, none where there is no value.

    wide: how many of those of f reach further beyond f than was asked for, or may do so.
    """

    value: list[Strip]
    slope: list[Strip]
    wide: int


def value_bands(question: BoxQuestion, moving: str, gap: float | None) -> Bands:
    """Strips along the variable *moving*. gap: how far the ends of one may be from those of f there."""
    domain, place = domain_of(question), question.names.index(moving)
    found = derived(question.program, question.names, seconds=True)
    value, wide = _strips(BoxProgram(found, question.names, question.held), domain, place, gap)
    slot, slope = found.slopes[place], list[Strip]()
    if slot is not None:
        own = derived(found.program._replace(value=slot), question.names, seconds=True)
        slope, _ = _strips(BoxProgram(own, question.names, question.held), domain, place, gap)
    return Bands(value, slope, wide)


def _strips(field: BoxProgram, domain: Domain, place: int, gap: float | None) -> tuple[list[Strip], int]:
    """The strips, and how many are wider than was asked for."""
    strips, wide = [], 0
    with working_bits(BITS):
        for box in _cut(domain, domain.box, place, PIECES):
            count = 1
            ends = _around(field, [box])
            while (far := _is_far(field, box, ends, gap, count)) and count < _PARTS:
                count *= 2
                ends = _around(field, _cut(domain, box, place, count))
            if ends is None:
                continue
            wide += far
            low, high = float_below(ends[0]), float_above(ends[1])
            strips.append(Strip(float_below(box[place].low), float_above(box[place].high), low, high))
    return strips, wide


def _cut(domain: Domain, box: Box, place: int, count: int) -> list[Box]:
    """A box in *count* parts, a power of two; in fewer where it is too narrow."""
    boxes = [box]
    while len(boxes) < count:
        parts = [part for one in boxes for part in halves(domain, one, place)]
        if not parts:
            break
        boxes = parts
    return boxes


def _around(field: BoxProgram, boxes: Sequence[Box]) -> Ends | None:
    """Ends of all that f can be in some boxes; None for no value."""
    ends: Ends | None = None
    for box in boxes:
        found = _ends(field, box)
        if found is not None:
            ends = found if ends is None else (ends[0].min(found[0]), ends[1].max(found[1]))
    return ends


def _is_far(field: BoxProgram, box: Box, ends: Ends | None, gap: float | None, count: int) -> bool:
    """Whether ends may be more than *gap* beyond those of f in a box: f is looked at in some points."""
    if gap is None or ends is None:
        return False
    low, high = arb(inf), -arb(inf)
    for number in range(2 * count + 1):
        share = arb(number) / (2 * count)
        value = field.look([one.low + (one.high - one.low) * share for one in box]).value
        if value.is_finite():
            low, high = low.min(value.upper()), high.max(value.lower())
    return not (low - ends[0] <= gap and ends[1] - high <= gap)


def _ends(field: BoxProgram, box: Box) -> Ends | None:
    """The ends of all that f can be in a box; None where it has no value there."""
    look = field.look([one.ball for one in box])
    try:
        low, high = map(arb, bounds(field, box))
    except Nowhere:
        return None
    known = [look.value]
    if look.slopes is not None:
        point = middle(box)
        offsets = [one.ball - x for one, x in zip(box, point, strict=True)]
        known.append(by_slopes(field.look(point).value, look.slopes, offsets))
    for one in known:
        if one.is_finite():
            low, high = low.max(one.lower()), high.min(one.upper())
    return (low, high) if low <= high else (-arb(inf), arb(inf))
