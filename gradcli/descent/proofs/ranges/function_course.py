"""How f runs in a box: rising or falling along each variable, convex or concave, shown or refuted.

Shown by slopes where f has a value and no jump in all of the box, and by the rules of composition. Refuted by slopes of
both signs, and by three points of a line whose values are told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram
from gradcli.calculus.enclosures.composed_shapes import Shape, composed_shape
from gradcli.calculus.enclosures.continuity import is_unbroken
from gradcli.calculus.enclosures.point_value import Nowhere, value_at
from gradcli.descent.proofs.boxes import Domain, halves
from gradcli.descent.proofs.ranges.value_enclosures import Interval
from gradcli.descent.proofs.upper_bound import scattered

#: Boxes in which jumps are looked for; lines along each variable, and points of one.
_PIECES, _LINES, _POINTS = 400, 3, 41

NOT = "not monotone"

#: A place on a line, and a ball around f there.
Seen = tuple[Any, Any]


class Course(NamedTuple):
    """monotone: by name `increasing`, `decreasing`, `constant`, `not monotone`, or None for neither shown nor refuted.

    convex, concave: True where shown, False where refuted. unbroken: whether f was shown to have a value and no jump in
    all of the box.
    """

    monotone: dict[str, str | None]
    convex: bool | None
    concave: bool | None
    unbroken: bool


def course_of(
    field: BoxProgram, domain: Domain, partials: dict[str, Interval | None], bends: tuple[bool | None, bool | None], *,
    undefined: bool,
) -> Course:  # fmt: skip
    """The course of f. bends: what the Hessian says of convex and of concave. undefined: whether f lacks a value somewhere."""
    with working_bits(BITS):
        whole = unbroken(field, domain)
        unknown = Shape((None,) * len(domain.box), convex=False, concave=False)
        shape = composed_shape(field, domain.box) if whole or not undefined else unknown
        lines = _Lines(field, domain)
        monotone = {
            name: _word(partials[name] if whole else None, way) or lines.refuted(i)
            for i, (name, way) in enumerate(zip(partials, shape.directions, strict=True))
        }
        convex, concave = (
            True if shown or (whole and bend) else False if bend is False else lines.bent(sign)
            for shown, bend, sign in zip((shape.convex, shape.concave), bends, (1, -1), strict=True)
        )
        return Course(monotone, convex, concave, whole)


def unbroken(field: BoxProgram, domain: Domain) -> bool:
    """Whether f is shown to have a value and no jump in the domain, part by part."""
    waiting, looked = [domain.box], 0
    while waiting:
        box, looked = waiting.pop(), looked + 1
        if is_unbroken(field, box):
            continue
        widths = [one.ball.rad() / domain.width(i) for i, one in enumerate(box)]
        order = sorted(range(len(box)), key=lambda i: -float(widths[i]))
        parts = next((found for i in order if (found := halves(domain, box, i))), [])
        if not parts or looked + len(waiting) > _PIECES:
            return False
        waiting += parts
    return True


def _word(one: Interval | None, way: int | None) -> str | None:
    """By the ends of a partial, where they say it, and by composition."""
    if way == 0 or (one is not None and one.lower == one.upper == 0):
        return "constant"
    if way == 1 or (one is not None and one.lower is not None and one.lower >= 0):
        return "increasing"
    if way == -1 or (one is not None and one.upper is not None and one.upper <= 0):
        return "decreasing"
    return NOT if one is not None and one.least_met < 0 < one.most_met else None


class _Lines:
    """f at points of a few lines along each variable, worked out when they are asked for."""

    def __init__(self, field: BoxProgram, domain: Domain) -> None:
        self.field, self.domain = field, domain
        self._known: dict[int, list[list[Seen]]] = {}

    def _along(self, i: int) -> list[list[Seen]]:
        """The lines along a variable, without points that have no value."""
        if i not in self._known:
            self._known[i] = [self._line(i, base) for base in scattered(self.domain, _LINES)]
        return self._known[i]

    def _line(self, i: int, base: Sequence[Any]) -> list[Seen]:
        one = self.domain.box[i]
        if one.fixed or self.domain.whole[i]:
            return []
        shares = (arb(k) / (_POINTS - 1) for k in range(1, _POINTS - 1))
        inner = [(one.low + (one.high - one.low) * share).mid() for share in shares]
        places = ((x, self._at([*base[:i], x, *base[i + 1 :]])) for x in (one.low, *inner, one.high))
        return [(x, value) for x, value in places if value is not None]

    def _at(self, point: Sequence[Any]) -> Any:
        try:
            return value_at(self.field, point, BITS)
        except Nowhere:
            return None

    def refuted(self, i: int) -> str | None:
        """`not monotone` where f is seen to rise along a variable and to fall."""
        pairs = [pair for line in self._along(i) for pair in pairwise(line)]
        rises = any(a < b for (_, a), (_, b) in pairs)
        return NOT if rises and any(a > b for (_, a), (_, b) in pairs) else None

    def bent(self, sign: int) -> bool | None:
        """False where f is seen above a chord (below one for sign -1): it is not convex then, and not concave."""
        lines = [line for i in range(len(self.domain.box)) for line in self._along(i)]
        triples = (triple for line in lines for triple in zip(line, line[1:], line[2:], strict=False))
        return False if any(sign * _above_chord(*triple) > 0 for triple in triples) else None


def _above_chord(first: Seen, middle: Seen, last: Seen) -> Any:
    """How far the middle one of three points of a line is above the chord of the others, times its length."""
    (a, fa), (b, fb), (c, fc) = first, middle, last
    return fb * (c - a) - fa * (c - b) - fc * (b - a)
