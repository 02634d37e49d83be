"""What a KKT point is: which constraints are active, the multipliers' signs, and the Lagrangian on the critical cone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.descent.certificates.quadratic_forms import copositive, eliminated, sign_of, solved
from gradcli.descent.constrained.optimality.convex_lagrangian import is_convex
from gradcli.descent.constrained.optimality.degenerate_arcs import by_power
from gradcli.descent.constrained.optimality.feasible_arcs import arc_along
from gradcli.descent.constrained.optimality.kkt_polish import KktPoint, multiplier_balls
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.linear_rows import (
    ReducedRows,
    combined,
    reduced_rows,
    total,
    transformed,
)
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, middle
from gradcli.descent.constrained.problems.dense_algebra import complement, orthonormal, product
from gradcli.descent.objective.objective_in_balls import BITS, around
from gradcli.descent.objective.vectors import norm, spectrum, with_zeros
from gradcli.language.records import NamedTuple

#: What KKT equations may leave at a point that solves them, and how large multipliers are of constraints that have slopes
#: there, in sizes of f's slopes.
LEFT, LARGEST = 1e-9, 1e30


class _Cone(NamedTuple):
    """The form on what strong constraints leave: its basis, its matrix, and the weak constraints' rows along the basis."""

    basis: list[list[Any]]
    form: list[list[Any]]
    weak: list[list[Any]]
    strong: tuple[int, ...]


def contains_zero(a: Any) -> bool:
    """Whether a rational is 0, or a ball cannot be told from it."""
    return bool(a == 0) if exact(a) else bool(a.contains(0))


def finding(exactly: ConstrainedInBalls, point: KktPoint, span: float) -> KktFinding:
    """What the KKT point is. span: the size of the region of interest."""
    with working_bits(BITS):
        box = around(point.x, point.radius)
        place, middle_place = exactly.look(box), exactly.look(point.x)
        weights = multiplier_balls(point, exactly)
        hessian = exactly.lagrangian(box, weights)
        base = KktFinding("rough", point.x, point.residual)
        if place is None or middle_place is None or hessian is None:
            return base
        steep = 1.0 + max((abs(middle(a)) for a in middle_place.g), default=0.0)
        if not point.residual <= LEFT * steep or any(abs(middle(m)) > LARGEST * steep for m in weights):
            return base  # the slopes of what is held vanish there, and nothing balances
        value = fmpq(0) if contains_zero(place.f) else middle_place.f
        numbers = [0.0 if contains_zero(m) else middle(m) for m in weights]
        base = base._replace(value=value, multipliers=numbers, weights=weights, slopes=place.g)
        equal = exactly.problem.equal
        active = [i for i, h in enumerate(place.h) if i in point.held or equal[i] or not h < 0]
        if any(place.h[i] > 0 or (equal[i] and place.h[i] < 0) for i in active):
            return base._replace(kind="violated")
        signs = [0 if equal[i] else sign_of(weights[i]) for i in range(len(weights))]
        strong = [i for i in active if equal[i] or signs[i] > 0]
        weak = tuple(i for i in active if i not in strong)
        whole = reduced_rows([place.rows[i] for i in (*strong, *weak)], exactly.size)
        dependent = tuple(i for k, i in enumerate((*strong, *weak)) if k not in whole.kept)
        base = base._replace(active=tuple(active), weak=weak, dependent=dependent)
        if wrong := [i for i in weak if signs[i] < 0]:
            return _leaving(exactly, base, place.rows, wrong[0], span)
        reduced = reduced_rows([place.rows[i] for i in strong], exactly.size)
        basis = reduced.null()
        cone = _Cone(
            basis,
            transformed(hessian, basis),
            [[total(place.rows[i], v) for v in basis] for i in weak],
            tuple(strong),
        )
        base = base._replace(eigenvalues=_eigenvalues(exactly, hessian, place.rows, strong))
        return _on_cone(exactly, base, cone, point, span)


def _eigenvalues(
    exactly: ConstrainedInBalls,
    hessian: Sequence[Sequence[Any]],
    rows: Sequence[Sequence[Any]],
    strong: Sequence[int],
) -> tuple[float, ...]:
    """The eigenvalues of the Lagrangian along an orthonormal basis of what *strong* constraints leave, in floats."""
    basis, _ = orthonormal([[middle(a) for a in rows[i]] for i in strong])
    null = complement(basis, exactly.size)
    floats = [[middle(a) for a in row] for row in hessian]
    images = [[product(row, v) for row in floats] for v in null]
    return spectrum([[product(v, image) for image in images] for v in null]).values


def _leaving(
    exactly: ConstrainedInBalls, base: KktFinding, rows: Sequence[Sequence[Any]], wrong: int, span: float
) -> KktFinding:
    """A multiplier of the wrong sign: f falls where its constraint is left, along what keeps the others."""
    others = [i for i in base.active if i != wrong]
    held, _ = orthonormal([[middle(a) for a in rows[i]] for i in others])
    way = [-middle(a) for a in rows[wrong]]
    for one in held:
        share = product(one, way)
        way = [a - share * b for a, b in zip(way, one, strict=True)]
    length = norm(way) or 1.0
    way = [a / length for a in way]
    arc = arc_along(exactly, base.x, base.value, way, others, span)
    return base._replace(kind="saddle" if arc is not None and arc.falls else "flat", way=way, arc=arc)


def _on_cone(
    exactly: ConstrainedInBalls, base: KktFinding, cone: _Cone, point: KktPoint, span: float
) -> KktFinding:
    """The verdict of the form on the critical cone."""
    parts = eliminated(cone.form)
    if len(parts.steps) == len(parts.order):
        base = base._replace(eigenvalues=with_zeros(base.eigenvalues, len(parts.rest)))
    convex = is_convex(exactly, point)
    if not parts.rest and all(sign > 0 for sign in parts.signs):
        return base._replace(kind="minimum", convex=convex)
    if convex:
        way = _level_way(cone, parts.rest, exactly.size)
        return base._replace(kind="level" if way else "minimum", way=way, how="convex", convex=True)
    found = _on_faces(exactly, base, cone, span) if base.weak else _falling(exactly, base, cone, span)
    if found is not None:
        return found
    if parts.rest and not base.weak and all(sign > 0 for sign in parts.signs) and len(parts.rest) == 1:
        return by_power(exactly, base, cone.strong, _null_way(cone, parts.rest[0], exactly.size) or [], span)
    return base._replace(
        kind="flat", way=_null_way(cone, parts.rest[0], exactly.size) if parts.rest else None
    )


def _level_way(cone: _Cone, rest: Sequence[int], size: int) -> list[float] | None:
    """A direction along which the form is 0 and no weak constraint is left; None where none was found."""
    for place in rest:
        way = _null_way(cone, place, size)
        slopes = [] if way is None else _weak_slopes(cone, place)
        for sign in (1, -1):
            if way is not None and not any(sign * slope > 0 for slope in slopes):
                return [sign * a + 0.0 for a in way]
    return None


def _weak_slopes(cone: _Cone, place: int) -> list[Any]:
    """The slopes of weak constraints along the direction of `_null_way`."""
    shares = _null_shares(cone, place)
    return [total(row, shares) for row in cone.weak]


def _null_shares(cone: _Cone, place: int) -> list[Any]:
    order = [i for i in range(len(cone.form)) if i != place]
    parts = eliminated(cone.form, order)
    follow = solved(parts, [row[place] for row in cone.form])
    return [fmpq(int(i == place)) - follow.get(i, fmpq(0)) for i in range(len(cone.form))]


def _null_way(cone: _Cone, place: int, size: int) -> list[float] | None:
    """The direction along which the form is 0: one coordinate moves and those with pivots follow."""
    way = [middle(ball(a)) for a in combined(_null_shares(cone, place), cone.basis, size)]
    length = norm(way)
    return [a / length for a in way] if length else None


def _falling(exactly: ConstrainedInBalls, base: KktFinding, cone: _Cone, span: float) -> KktFinding | None:
    """A certain negative sign: the arcs along the directions in which the form is most negative."""
    parts = eliminated(cone.form)
    if not any(sign < 0 for sign in parts.signs):
        return None
    floats = [[middle(a) for a in v] for v in cone.basis]
    basis, _ = orthonormal(floats)
    hessian = [[middle(a) for a in row] for row in cone.form]
    shares = _coordinates(floats, basis)
    form = [
        [sum(a * hessian[i][j] * b for i, a in enumerate(p) for j, b in enumerate(q)) for q in shares]
        for p in shares
    ]
    lowest = spectrum(form)
    every = (
        bool(lowest.values) and lowest.values[-1] < 0 and all(exactly.problem.equal[i] for i in base.active)
    )
    for value, vector in zip(lowest.values, lowest.vectors, strict=True):
        if value >= 0:
            break
        way = [sum(s * v[i] for s, v in zip(vector, basis, strict=True)) for i in range(exactly.size)]
        for sign in (1.0, -1.0):
            turned = [sign * a + 0.0 for a in way]
            arc = arc_along(exactly, base.x, base.value, turned, cone.strong, span)
            if arc is not None and arc.falls:
                return base._replace(kind="maximum" if every else "saddle", way=turned, arc=arc)
    return base._replace(kind="flat")


def _coordinates(vectors: list[list[float]], basis: list[list[float]]) -> list[list[float]]:
    """Each vector of an orthonormal *basis* of what *vectors* span, by its shares of them."""
    from gradcli.descent.constrained.problems.dense_algebra import least_squares

    return [least_squares(vectors, one) for one in basis]


def _on_faces(exactly: ConstrainedInBalls, base: KktFinding, cone: _Cone, span: float) -> KktFinding | None:
    """Weakly active constraints: the form on the directions that keep to them (Keller's theorem on copositive forms)."""
    reduced = reduced_rows(cone.weak, len(cone.basis))
    if len(reduced.kept) < len(cone.weak):
        return _falling_inside(exactly, base, cone, span)
    ways = _facing(reduced, cone.weak)
    form = transformed(cone.form, ways)
    count = len(cone.weak)
    parts = eliminated(form, None, range(count))
    if any(sign < 0 for sign in parts.signs):
        return _falling_inside(exactly, base, cone, span)
    if set(parts.rest) == set(range(count)):
        told = copositive(parts.form)
        if told is True:
            return base._replace(kind="minimum")
        if isinstance(told, list):
            right = [
                sum((row[i] * t for i, t in zip(parts.rest, told, strict=True)), fmpq(0)) for row in form
            ]
            rest = [i for i in range(len(form)) if i >= count]
            follow = solved(eliminated(form, rest), right) if rest else {}
            shares = {**dict(zip(parts.rest, told, strict=True)), **{i: -a for i, a in follow.items()}}
            inner = combined([shares.get(i, fmpq(0)) for i in range(len(form))], ways, len(cone.basis))
            return _tried(exactly, base, cone, inner, span)
    return None


def _facing(reduced: ReducedRows, weak: list[list[Any]]) -> list[list[Any]]:
    """Coordinates of the cone: vectors that move into one weak constraint's inside each, then what all of them leave."""
    size = reduced.columns
    ways = []
    for i in range(len(weak)):
        # the vector v with weak[j]*v = -1 for j = i and 0 else, in the pivots' columns
        square = [[weak[j][p] for p in reduced.pivots] for j in range(len(weak))]
        right = [fmpq(-int(j == i)) for j in range(len(weak))]
        found = _solve_square(square, right)
        vector = [fmpq(0)] * size
        for p, a in zip(reduced.pivots, found, strict=True):
            vector[p] = a
        ways.append(vector)
    return [*ways, *reduced.null()]


def _solve_square(rows: list[list[Any]], right: list[Any]) -> list[Any]:
    whole = reduced_rows([[*row, b] for row, b in zip(rows, right, strict=True)], len(rows) + 1)
    found = [fmpq(0)] * len(rows)
    for pivot, row in zip(whole.pivots, whole.rows, strict=True):
        if pivot < len(rows):
            found[pivot] = row[-1]
    return found


def _falling_inside(
    exactly: ConstrainedInBalls, base: KktFinding, cone: _Cone, span: float
) -> KktFinding | None:
    """Directions in which the form is negative, those that point inside of the weak constraints."""
    form = [[middle(a) for a in row] for row in cone.form]
    for value, vector in zip(*spectrum(form), strict=True):
        if value >= 0:
            break
        for sign in (1, -1):
            found = _tried(exactly, base, cone, [fmpq(sign) * arb(a) for a in vector], span)
            if found is not None:
                return found
    return None


def _tried(
    exactly: ConstrainedInBalls, base: KktFinding, cone: _Cone, inner: Sequence[Any], span: float
) -> KktFinding | None:
    """A saddle, if f falls along the arc in a direction of the cone's basis."""
    slopes = [total(row, inner) for row in cone.weak]
    if any(middle(a) > 1e-12 for a in slopes):
        return None
    kept = [i for i, a in zip(base.weak, slopes, strict=True) if abs(middle(a)) <= 1e-12]
    way = [middle(ball(a)) for a in combined(inner, cone.basis, exactly.size)]
    length = norm(way)
    if not length:
        return None
    way = [a / length + 0.0 for a in way]
    arc = arc_along(exactly, base.x, base.value, way, [*cone.strong, *kept], span)
    return base._replace(kind="saddle", way=way, arc=arc) if arc is not None and arc.falls else None
