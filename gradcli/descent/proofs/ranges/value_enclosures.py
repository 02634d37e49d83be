"""The interval of f and of each partial in a box, both ends by a search of their own."""

from __future__ import annotations

from math import inf, isfinite, isinf
from typing import NamedTuple

from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.graph.derivative_programs import Derived, derived
from gradcli.descent.proofs.box_question import BoxQuestion
from gradcli.descent.proofs.boxes import Domain
from gradcli.descent.proofs.branch_and_bound import LeastValue, Wish, least_value
from gradcli.descent.proofs.proved_extreme import float_above, float_below
from gradcli.language.errors import DomainProblem

#: The share of its size, or of its variation, to which an end is worked out.
SHARE = 1e-9


class Interval(NamedTuple):
    """Both ends; None for one that was not found. reached: whether both are as near to the truth as was asked for.

    least_met, most_met: some values that are not above and not below these are taken.
    """

    lower: float | None
    upper: float | None
    reached: bool
    least_met: float = inf
    most_met: float = -inf


class Enclosures(NamedTuple):
    """What f and its partials are in the box. partials: by name, None where nobody knows it, or f has none anywhere.

    undefined: whether some of the box is outside of the domain. boxes: how many were looked at.
    """

    value: Interval
    partials: dict[str, Interval | None]
    undefined: bool
    boxes: int


def enclosures(
    question: BoxQuestion, found: Derived, domain: Domain, gap: float | None, most: int
) -> Enclosures:
    """The intervals, each to *gap* or to a share of its own width. Raises DomainProblem where f has no value in the box."""
    wish = Wish(gap, most, SHARE, points=False)
    value, looks = _interval(question, found, found.value, domain, wish)
    if value is None:
        raise DomainProblem("f has no value anywhere in the box")
    undefined = any(look.undefined for look in looks)  # of f: a slope may have no value where f has one
    partials: dict[str, Interval | None] = {}
    for name, slot in zip(question.names, found.slopes, strict=True):
        partials[name], more = (None, []) if slot is None else _interval(question, found, slot, domain, wish)
        looks += more
    return Enclosures(value, partials, undefined, sum(look.boxes for look in looks))


def _interval(
    question: BoxQuestion, found: Derived, slot: int, domain: Domain, wish: Wish
) -> tuple[Interval | None, list[LeastValue]]:
    """The interval of a slot of the program; None where it has no value."""
    program = found.program._replace(value=slot)
    own = found if slot == found.value else derived(program, question.names, seconds=True)
    looks = [
        least_value(BoxProgram(own, question.names, question.held, sign), domain, wish) for sign in (1, -1)
    ]
    if looks[0].best is None and not looks[0].left:
        return None, looks
    low, high = float_below(looks[0].lower), 0.0 - float_below(looks[1].lower)
    least, most = float_above(looks[0].upper), -float_above(looks[1].upper)
    reached = all(look.proved for look in looks) and isfinite(low) and isfinite(high)
    return Interval(None if isinf(low) else low, None if isinf(high) else high, reached, least, most), looks
