"""KKT points where slopes of constraints depend on each other: is there one multiplier that shows a minimum?

Where multipliers are not unique, a point is a strict minimum if for one of them the Lagrangian is positive definite along what
the slopes leave (Ben-Tal 1980, second-order conditions of Fritz John's type). The tip of a cone is such a point: the slopes of
t**2 = x**2 + y**2 vanish there, so that its multiplier may be as large as is wished.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import exact, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.linear_algebra.inertia import inertia_of
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.optimality.kkt_polish import exact_point
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.linear_rows import combined, reduced_rows, transformed
from gradcli.descent.constrained.optimality.multipliers import basic_support, multipliers_of
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, PlaceInBalls, middle
from gradcli.descent.constrained.problems.constrained_problem import Place
from gradcli.descent.objective.objective_in_balls import BITS

#: Within this share of the region simple numbers are tried, and what multipliers leave of slopes that they balance.
NEAR, BALANCED = 0.05, 1e-9

#: How many times sums of slopes that vanish are added to the multipliers.
TIMES = (0, 1, 2**10, 2**30)


def dependent_minimum(exactly: ConstrainedInBalls, place: Place, spans: Sequence[float]) -> KktFinding | None:
    """The minimum at simple numbers next to *place*, shown in rationals by one of its multipliers; None where none shows it."""
    tried: list[list[Any]] = []
    with working_bits(BITS):
        for most in (1, 10, 100, 1000):
            x = [nearest_simple(double(a), most) for a in place.x]
            gaps = [abs(float(a) - b) / span for a, b, span in zip(x, place.x, spans, strict=True)]
            if x in tried or max(gaps, default=0.0) > NEAR:
                continue
            tried.append(x)
            there = exactly.look(x)
            if there is not None and _is_exact(exactly, there):
                found = _shown(exactly, x, there)
                if found is not None:
                    return found
    return None


def isolated(
    exactly: ConstrainedInBalls, x: Sequence[Any], place: PlaceInBalls, active: Sequence[int]
) -> list[int] | None:
    """Constraints that hold at *x* and nowhere near it, shown by sums of their slopes that vanish; None where none show it.

    Fritz John's conditions without f: where such a sum is positive definite along what equations, and inequalities that occur
    in one, leave, no other point near keeps them.
    """
    if not _is_exact(exactly, place):
        return None
    equal = exactly.problem.equal
    met = [i for i in active if any(share[i] > 0 for share in _vanishing(exactly, place, active))]
    strong = [i for i in active if equal[i] or i in met]
    basis = reduced_rows([place.rows[i] for i in strong], exactly.size).null()
    return strong if not basis or _definite(exactly, x, place, (active, None), basis) else None


def _is_exact(exactly: ConstrainedInBalls, place: PlaceInBalls) -> bool:
    """Whether the constraints hold, and slopes are known, in rationals."""
    pairs = zip(place.h, exactly.problem.equal, strict=True)
    holds = all(exact(h) and (h == 0 if equal else h <= 0) for h, equal in pairs)
    return holds and all(map(exact, (*place.g, *(b for row in place.rows for b in row))))


def _shown(exactly: ConstrainedInBalls, x: list[Any], place: PlaceInBalls) -> KktFinding | None:
    equal = exactly.problem.equal
    active = [i for i, h in enumerate(place.h) if h == 0]
    rows, g = [[middle(b) for b in row] for row in place.rows], [middle(b) for b in place.g]
    numbers = multipliers_of(g, rows, equal, active)
    if numbers.rest > BALANCED:
        return None
    order = [i for i in active if equal[i]] + [i for i in active if not equal[i] and numbers.numbers[i] > 0]
    point = exact_point(exactly, x, sorted(basic_support(rows, equal, order, numbers.numbers)))
    if point is None or any(m < 0 and not equal[i] for i, m in point.multipliers.items()):
        return None
    weights = [point.multipliers.get(i, fmpq(0)) for i in range(len(equal))]
    strong = [i for i in active if equal[i] or weights[i] > 0]
    basis = reduced_rows([place.rows[i] for i in strong], exactly.size).null()
    if basis and not _definite(exactly, x, place, (active, weights), basis):
        return None
    kept = reduced_rows([place.rows[i] for i in active], exactly.size).kept
    return KktFinding(
        "minimum", x, 0.0, [middle(m) for m in weights], tuple(active), tuple(i for i in active if i not in strong),
        tuple(i for k, i in enumerate(active) if k not in kept), how="dependent" if basis else "",
        value=place.f, weights=weights, slopes=place.g,
    )  # fmt: skip


def _definite(
    exactly: ConstrainedInBalls, x: Sequence[Any], place: PlaceInBalls, held: tuple[Sequence[int], Sequence[Any] | None],
    basis: Sequence[Sequence[Any]],
) -> bool:  # fmt: skip
    """Whether sums of slopes that vanish, added to the multipliers often enough, make the form positive definite.

    held: the active constraints, and the multipliers; None for those sums alone, without f.
    """
    active, weights = held
    alone = exactly.lagrangian(x, [fmpq(0)] * len(place.h))
    first = alone if weights is None else exactly.lagrangian(x, weights)
    if first is None or alone is None:
        return False
    form, added = transformed(first, basis), [[fmpq(0)] * len(basis) for _ in basis]
    if weights is None:
        form = added
    for share in _vanishing(exactly, place, active):
        second = exactly.lagrangian(x, share)
        if second is None:
            continue
        bend = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(second, alone, strict=True)]
        along = transformed(bend, basis)
        signs = inertia_of(along)
        if signs.positive and not signs.negative and not signs.undecided:
            added = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(added, along, strict=True)]
    return any(
        inertia_of([[a + t * b for a, b in zip(*rows, strict=True)] for rows in zip(form, added, strict=True)]).positive
        == len(basis)
        for t in TIMES
    )  # fmt: skip


def _vanishing(
    exactly: ConstrainedInBalls, place: PlaceInBalls, active: Sequence[int]
) -> Iterator[list[Any]]:
    """Shares of all constraints whose slopes add up to 0, those of inequalities never below 0."""
    columns = [[place.rows[i][j] for i in active] for j in range(exactly.size)]
    for vector in reduced_rows(columns, len(active)).null():
        for turn in (1, -1):
            found = combined([fmpq(turn)], [vector], len(active))
            if all(a >= 0 or exactly.problem.equal[i] for a, i in zip(found, active, strict=True)):
                whole = dict(zip(active, found, strict=True))
                yield [whole.get(i, fmpq(0)) for i in range(len(place.h))]
