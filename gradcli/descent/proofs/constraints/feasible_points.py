"""A point in floats → a place next to it where all constraints hold, shown by Krawczyk's operator, and f there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb, arb_mat

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.optimality.multipliers import Multipliers, multipliers_of
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.dense_algebra import orthonormal
from gradcli.descent.objective.vectors import norm
from gradcli.descent.proofs.boxes import Domain
from gradcli.descent.proofs.constraints.constrained_fields import ConstrainedFields
from gradcli.descent.proofs.convex_regions import FINE

#: A point within this share of a side's length of its end is taken to it; constraints as near to 0 are held at 0.
NEAR = 1e-7

#: Newton's steps onto the constraints, the radius around their end, and how far a point is moved inside where corners meet.
STEPS, RADIUS, INSIDE = 12, arb(2) ** -120, arb(2) ** -40


class FeasiblePoint(NamedTuple):
    """A place of thin balls that holds a point which keeps all constraints, f there, and which of them are 0."""

    place: tuple[Any, ...]
    value: Any
    active: tuple[int, ...]


def feasible_point(fields: ConstrainedFields, domain: Domain, x: Sequence[float]) -> FeasiblePoint | None:
    """The place next to *x*; None where none is shown."""
    with working_bits(FINE):
        point = [_on_side(domain, i, a) for i, a in enumerate(x)]
        looks = fields.looks(point, FINE)
        if looks is None or any(look.slopes is None for look in looks):
            return None
        active = [
            i for i, (look, equal) in enumerate(zip(looks, fields.equal, strict=True))
            if equal or look.value > -NEAR * (1 + norm([float(b.mid()) for b in look.slopes]))
        ]  # fmt: skip
        found = _held(fields, domain, point, active)
        if found is None and not any(fields.equal):
            found = _moved_inside(fields, domain, point, looks, active)
            active = []
        return None if found is None else _checked(fields, domain, found, active)


def exact_feasible_point(
    fields: ConstrainedFields, exactly: ConstrainedInBalls, domain: Domain, x: Sequence[float]
) -> FeasiblePoint | None:
    """A point with simple coordinates next to *x* at which all constraints hold exactly, in rationals.

    exactly: the problem in balls, its first constraints those of *fields*; x: in the order of *fields*.
    """
    for most in (1, 10, 100):
        near = dict(zip(fields.names, (nearest_simple(double(a), most) for a in x), strict=True))
        there = exactly.look([near[name] for name in exactly.problem.names])
        if there is None or not all(
            exact(h) and (h == 0 if equal else h <= 0)
            for h, equal in zip(there.h, exactly.problem.equal, strict=True)
        ):
            continue
        with working_bits(FINE):
            exactly_there = [arb(near[name]) for name in fields.names]
            place = [
                one.low if a == one.low else one.high if a == one.high else a
                for a, one in zip(exactly_there, domain.box, strict=True)
            ]
            inside = all(a >= one.low and a <= one.high for a, one in zip(place, domain.box, strict=True))
            active = [i for i in range(len(fields.h)) if there.h[i] == 0]
            return FeasiblePoint(tuple(place), ball(there.f), tuple(active)) if inside else None
    return None


def _on_side(domain: Domain, i: int, a: float) -> Any:
    """The coordinate, at an end of the domain's side where it is next to one."""
    one, exact = domain.box[i], arb(a)
    if one.fixed:
        return one.low
    room = domain.width(i) * NEAR
    return one.low if exact < one.low + room else one.high if exact > one.high - room else exact


def _held(
    fields: ConstrainedFields, domain: Domain, point: list[Any], active: Sequence[int]
) -> list[Any] | None:
    """The point with some coordinates as balls in which the *active* constraints are 0 together."""
    if not active:
        return point
    free = [i for i, a in enumerate(point) if a is not domain.box[i].low and a is not domain.box[i].high]
    rows = _rows(fields, point, active)
    if rows is None:
        return None
    columns = [[float(rows[k][i].mid()) for k in range(len(active))] for i in free]
    order = sorted(range(len(free)), key=lambda k: -norm(columns[k]))
    _, kept = orthonormal([columns[k] for k in order])
    moving = [free[order[k]] for k in kept]
    if len(moving) < len(active):
        return None
    for _ in range(STEPS):
        rows, values = _rows(fields, point, active), _values(fields, point, active)
        step = None if rows is None or values is None else _solved(rows, values, moving)
        if step is None:
            return None
        for i, s in zip(moving, step, strict=True):
            point[i] = (point[i] - s).mid()
    return _enclosed(fields, point, active, moving)


def _enclosed(
    fields: ConstrainedFields, point: list[Any], active: Sequence[int], moving: Sequence[int]
) -> list[Any] | None:
    """Krawczyk's operator on the moving coordinates: where it lies inside, the constraints are 0 together in it."""
    box = list(point)
    for i in moving:
        box[i] = point[i] + arb(0, RADIUS * (1 + abs(point[i])).upper())
    here, over, values = (
        _rows(fields, point, active), _rows(fields, box, active), _values(fields, point, active),
    )  # fmt: skip
    if here is None or over is None or values is None:
        return None
    try:
        inverse = arb_mat([[here[k][i].mid() for i in moving] for k in range(len(active))]).inv()
    except ZeroDivisionError:
        return None
    inverse = arb_mat([[a.mid() for a in row] for row in inverse.tolist()])
    size = range(len(moving))
    rest = arb_mat([[arb(int(i == j)) for j in size] for i in size])
    rest -= inverse * arb_mat([[over[k][i] for i in moving] for k in range(len(active))])
    moves = rest * arb_mat([[box[i] - point[i]] for i in moving]) - inverse * arb_mat([[v] for v in values])
    for k, i in enumerate(moving):
        image = point[i] + moves[k, 0]
        if not (image.is_finite() and image.lower() > box[i].lower() and image.upper() < box[i].upper()):
            return None
    return box


def _rows(fields: ConstrainedFields, point: Sequence[Any], active: Sequence[int]) -> list[list[Any]] | None:
    found = [fields.h[i].look(point, FINE).slopes for i in active]
    return None if any(row is None for row in found) else [list(row or ()) for row in found]


def _values(fields: ConstrainedFields, point: Sequence[Any], active: Sequence[int]) -> list[Any] | None:
    found = [fields.h[i].look(point, FINE).value for i in active]
    return found if all(a.is_finite() for a in found) else None


def _solved(rows: list[list[Any]], values: list[Any], moving: Sequence[int]) -> list[Any] | None:
    try:
        found = arb_mat([[row[i].mid() for i in moving] for row in rows]).solve(
            arb_mat([[v.mid()] for v in values])
        )
    except (ZeroDivisionError, ValueError):
        return None
    step = [found[k, 0] for k in range(len(moving))]
    return step if all(s.is_finite() for s in step) else None


def _moved_inside(
    fields: ConstrainedFields,
    domain: Domain,
    point: Sequence[Any],
    looks: Sequence[Any],
    active: Sequence[int],
) -> list[Any]:
    """A little way against the slopes of all active inequalities: corners in which more of them meet than can be held."""
    found = []
    for j, a in enumerate(point):
        pull = sum(
            float(looks[i].slopes[j].mid()) / (norm([float(b.mid()) for b in looks[i].slopes]) or 1.0)
            for i in active
        )
        moved = (a - arb(pull) * INSIDE * (1 + abs(a))).mid()
        one = domain.box[j]
        found.append(moved if not one.fixed and moved > one.low and moved < one.high else a)
    return found


def _checked(
    fields: ConstrainedFields, domain: Domain, place: Sequence[Any], active: Sequence[int]
) -> FeasiblePoint | None:
    """The place, if it lies in the domain and all other constraints certainly hold all over it."""
    for a, one in zip(place, domain.box, strict=True):
        if a is not one.low and a is not one.high and not (a > one.low and a < one.high):
            return None
    looks, f = fields.looks(place, FINE), fields.f.look(place, FINE)
    if looks is None or f.partial or f.jump or not f.value.is_finite():
        return None
    if any(i not in active and not look.value <= 0 for i, look in enumerate(looks)):
        return None
    return FeasiblePoint(tuple(place), f.value, tuple(active))


def multipliers_at(fields: ConstrainedFields, domain: Domain, found: FeasiblePoint) -> Multipliers:
    """Multipliers of h at a place in floats, the domain's ends being constraints as well, and what they leave."""
    place = list(found.place)
    f = fields.f.look(place, FINE)
    looks = fields.looks(place, FINE)
    size = len(place)
    if f.slopes is None or looks is None or any(look.slopes is None for look in looks):
        return Multipliers([0.0] * len(fields.h), 1.0)
    rows = [[float(b.mid()) for b in look.slopes] for look in looks]
    ends = []
    for i, (a, one) in enumerate(zip(place, domain.box, strict=True)):
        if a is one.low or a is one.high:
            ends.append([(-1.0 if a is one.low else 1.0) * (j == i) for j in range(size)])
    near = [
        i for i, look in enumerate(looks)
        if i in found.active or look.value > -NEAR * (1 + norm(rows[i]))
    ]  # fmt: skip
    whole, equal = [*rows, *ends], [*fields.equal, *([False] * len(ends))]
    g = [float(b.mid()) for b in f.slopes]
    told = multipliers_of(g, whole, equal, [*near, *range(len(rows), len(whole))])
    return told._replace(numbers=list(told.numbers[: len(rows)]))
