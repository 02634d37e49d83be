"""The least (or greatest) value in a box, as plain numbers: floats rounded outwards, and each point with its radius."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nextafter
from typing import Any, NamedTuple

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.enclosures.continuity import takes_its_least
from gradcli.descent.proofs.box_groups import grouped
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of, field_of
from gradcli.descent.proofs.boxes import Box, Domain, middle
from gradcli.descent.proofs.branch_and_bound import LeastValue, Wish, least_value
from gradcli.descent.proofs.convex_regions import FINE, Region
from gradcli.descent.proofs.proof_record import Record
from gradcli.language.errors import DomainProblem

#: A group narrower than this share of the domain's side lies on the end that it touches.
_NARROW = 2.0**-18

#: Groups of undecided boxes that are told one by one.
_TOLD = 100


class Minimizer(NamedTuple):
    """Where f is least. at: a point; radius: how far along each variable the place is from it at most.

    unique: whether it is proved to be one point; else all points as low as the interval says are as near as that.
    pressed: the slopes along the variables that are held at an end of the box. kind: how such a minimum is called.
    """

    at: dict[str, float]
    radius: float
    unique: bool
    pressed: dict[str, float]
    kind: str


class Extreme(NamedTuple):
    """What was shown of the least value of f in a box, uphill of the greatest.

    lower, upper: the interval that holds it; None for no end. proved: whether it is as narrow as the gap, and a value of
    f. minimizers: where it is taken. value: f at *at*: the first of them, or the best point
    where that is not one point. left: boxes that stay undecided.
    counts: how many boxes each test excluded. undefined: whether f has no value in some of the box. status: how it ended.
    reached: whether the interval is as narrow as the gap; where f may jump, or its domain end, nothing need take its
    greatest lower bound. constraints: the texts of those under which it is; status infeasible: they hold nowhere, proved.
    """

    status: str
    proved: bool
    lower: float | None
    upper: float | None
    gap: float
    minimizers: tuple[Minimizer, ...]
    at: dict[str, float]
    value: float
    left: int
    boxes: int
    counts: dict[str, int]
    undefined: bool
    ascend: bool
    reached: bool
    constraints: tuple[str, ...] = ()


def proved_extreme(
    question: BoxQuestion, wish: Wish, keep: Callable[[Record, LeastValue], None] | None = None
) -> Extreme:
    """Search the box. keep: is given all of the proof. Raises DomainProblem where f has no value in the box."""
    field, domain = field_of(question), domain_of(question)
    record = None if keep is None else Record(domain)
    found = least_value(field, domain, wish._replace(record=record))
    if found.best is None and not found.left:
        raise DomainProblem("f has no value anywhere in the box")
    if keep is not None and record is not None:
        keep(record, found)
    with working_bits(FINE):
        return _extreme(question, field, domain, found)


def _extreme(question: BoxQuestion, field: BoxProgram, domain: Domain, found: LeastValue) -> Extreme:
    minimizers = [_of_region(question, domain, region) for region in found.regions]
    if found.proved:
        groups = grouped(found.left, domain)
        minimizers += [_of_group(question, field, domain, group) for group in groups[:_TOLD]]
    minimizers.sort(key=lambda one: tuple(one.at.values()))
    low, high = float_below(found.lower), float_above(found.upper)
    if question.ascend:
        low, high = -high, -low
    best = dict(zip(question.names, map(_double, found.best or ()), strict=False))
    first = minimizers[0] if minimizers and found.proved else None
    at = first.at if first and first.unique else best
    proved = found.proved and _is_taken(field, found)
    status = "enclosed" if not proved else first.kind if first else "minimum"
    value = -float(found.upper.mid()) if question.ascend else float(found.upper.mid())
    return Extreme(
        status, proved, None if low == -inf else low, None if high == inf else high, float(found.gap),
        tuple(minimizers) if found.proved else (), at, value + 0.0, len(found.left), found.boxes,
        found.counts, found.undefined, question.ascend, found.proved,
    )  # fmt: skip


def _is_taken(field: BoxProgram, found: LeastValue) -> bool:
    """Whether f is as low as it can be somewhere: at the best point, or in closed boxes in which it is continuous."""
    if found.lower == found.upper:
        return True
    return all(takes_its_least(field, box) for box in found.left)


def _of_region(question: BoxQuestion, domain: Domain, region: Region) -> Minimizer:
    at, radius = {}, 0.0
    ends = False
    for i, (name, x, r) in enumerate(zip(question.names, region.at, region.radius, strict=True)):
        at[name] = 0.0 if abs(x) <= r and r > 0 else _double(x)
        radius = max(radius, float_above((abs(x - at[name]) + r).upper()))
        one = domain.box[i]
        ends = ends or (not one.fixed and (x is one.low or x is one.high))
        ends = ends or (domain.whole[i] and x in (one.low, one.high))
    sign = -1 if question.ascend else 1
    pressed = {question.names[i]: sign * float(slope.mid()) for i, slope in region.pressed.items()}
    return Minimizer(at, radius, True, pressed, "minimum-on-bound" if ends else "minimum")


def _of_group(question: BoxQuestion, field: BoxProgram, domain: Domain, group: Box) -> Minimizer:
    """Boxes that touch, with a radius that is theirs."""
    at, radius, ends, small = {}, 0.0, False, True
    for i, (name, one) in enumerate(zip(question.names, group, strict=True)):
        at[name] = 0.0 if one.ball.contains(0) else _double(one.ball)
        radius = max(radius, float_above((one.ball - at[name]).abs_upper()))
        narrow = bool((one.high - one.low) < domain.width(i) * _NARROW)
        small = small and narrow
        ends = ends or (not domain.box[i].fixed and narrow and any(domain.pinned(i, one)))
    look = field.look([one.ball for one in group] if small else domain.rounded(middle(group)))
    rough = look.slopes is None or look.kink
    point = all(one.fixed for one in group)
    kind = "minimum-on-bound" if ends else "minimum-at-corner" if rough and not point else "minimum"
    return Minimizer(at, radius, point, {}, kind)


def _double(x: Any) -> float:
    return float(x.mid()) + 0.0


def float_below(x: Any) -> float:
    """The largest float that is not above a ball's lower end, or one below it."""
    return _outward(x.lower(), -inf, lambda found: found > x.lower())


def float_above(x: Any) -> float:
    """A float that is not below a ball's upper end."""
    return _outward(x.upper(), inf, lambda found: found < x.upper())


def _outward(end: Any, way: float, short: Callable[[float], bool]) -> float:
    if not end.is_finite():
        return way
    found = float(end) + 0.0
    while short(found):
        found = nextafter(found, way)
    return found
