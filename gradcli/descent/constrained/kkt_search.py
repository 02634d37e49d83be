"""Where steps ended → the KKT point there, if there is one, and what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcli.descent.constrained.optimality.multipliers import basic_support, multipliers_of
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.objective.vectors import norm

if TYPE_CHECKING:
    from gradcli.descent.constrained.optimality.kkt_record import KktFinding
    from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls

#: Scaled constraints within these shares of the point's size of 0 may be active there; the first that leads to a point counts.
ACTIVE = (1e-6, 1e-4, 1e-9, 1e-2)
#: Slopes that are left beside multipliers, as a share of them, from which Newton's steps may begin.
BALANCED = 1e-2
#: A KKT point belongs to where the steps ended within this share of the region.
NEAR = 0.05


def kkt_finding(
    exactly: ConstrainedInBalls, place: Place, spans: Sequence[float], scales: Sequence[float],
    *, thorough: bool = True,
) -> KktFinding | None:  # fmt: skip
    """What the KKT point next to *place* is; None where none is found.

    thorough: whether one that second derivatives leave open is looked at further.
    """
    tried = set[tuple[int, ...]]()
    best: KktFinding | None = None
    for share in ACTIVE:
        held = held_at(exactly.problem, place, share, scales)
        for _ in range(3):
            if held is None or tuple(held) in tried:
                break
            tried.add(tuple(held))
            try:
                found = _judged(exactly, place, held, spans, thorough=thorough)
            except OverflowError:  # it went where no numbers are
                found = None
            if found is None or found.kind == "rough":
                break
            if found.kind != "violated":
                if found.kind in ("minimum", "level"):
                    return found
                best = best or found
                break
            held = _with_violated(exactly, found, held)
    return best


def held_at(
    problem: ConstrainedProblem, place: Place, share: float, scales: Sequence[float]
) -> list[int] | None:
    """Independent constraints whose multipliers balance f's slopes at *place*; None where none do."""
    room = share * (1.0 + norm(place.x))
    rows = [[b * s for b in row] for row, s in zip(place.rows, scales, strict=True)]
    near = [
        i
        for i, (h, e, s) in enumerate(zip(place.h, problem.equal, scales, strict=True))
        if e or h * s >= -room
    ]
    found = multipliers_of(place.g, rows, problem.equal, near)
    if found.rest > BALANCED and norm(place.g) > 1e-10:
        return None
    order = [i for i in near if problem.equal[i]] + [
        i for i in near if not problem.equal[i] and found.numbers[i] > 0
    ]
    return sorted(basic_support(rows, problem.equal, order, found.numbers))


def _judged(
    exactly: ConstrainedInBalls, place: Place, held: Sequence[int], spans: Sequence[float], *, thorough: bool
) -> KktFinding | None:
    from gradcli.descent.constrained.optimality.kkt_finding import finding
    from gradcli.descent.constrained.optimality.kkt_polish import polished
    from gradcli.descent.objective.objective_in_balls import floats

    exact_rows = [place.rows[i] for i in held]
    numbers = multipliers_of(place.g, exact_rows, [True] * len(held), range(len(held))).numbers
    point = polished(exactly, place.x, held, dict(zip(held, numbers, strict=True)), spans)
    if point is None:
        return None
    gap = norm([(a - b) / span for a, b, span in zip(floats(point.x), place.x, spans, strict=True)])
    if gap > NEAR:
        return None
    found = finding(exactly, point, max(spans, default=1.0))
    if found.kind != "flat" or not thorough:
        return found
    from gradcli.descent.constrained.optimality.open_points import by_what_else

    return by_what_else(exactly, point, found, spans)


def _with_violated(exactly: ConstrainedInBalls, found: KktFinding, held: Sequence[int]) -> list[int] | None:
    """The held constraints and those that the point breaks."""
    place = exactly.look(found.x)
    if place is None:
        return None
    broken = [i for i, h in enumerate(place.h) if i not in held and not h <= 0]
    return sorted([*held, *broken]) if broken else None
