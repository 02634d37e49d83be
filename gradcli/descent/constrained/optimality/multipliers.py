"""Multipliers in floats: which sums of constraints' slopes hold f's back, of the right signs, the least in norm."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.descent.constrained.problems.dense_algebra import least_squares, orthonormal, product
from gradcli.descent.constrained.problems.elastic_program import box_quadratic
from gradcli.descent.objective.vectors import Matrix, Vector, add_scaled, norm
from gradcli.language.records import NamedTuple

#: What keeps a sum of slopes that depend on each other small, and multipliers below this share of the largest are none.
SMALL, NOTHING = 1e-10, 1e-6


class Multipliers(NamedTuple):
    """One for each constraint, and what is left of f's slopes beside them, as a share of their size."""

    numbers: Vector
    rest: float


def multipliers_of(g: Vector, rows: Matrix, equal: Sequence[bool], active: Sequence[int]) -> Multipliers:
    """The least-norm multipliers of the *active* constraints, at least 0 for inequalities, that balance *g* as far as may be.

    A problem of non-negative least squares (Lawson & Hanson 1974), by its dual form with a little of their own norm.
    """
    found = [0.0] * len(rows)
    sizes = {i: norm(rows[i]) for i in active}
    places = [i for i in active if 0 < sizes[i] < float("inf")]
    steep = norm(g)
    if not places:
        return Multipliers(found, 1.0 if steep else 0.0)
    unit = [[b / sizes[i] for b in rows[i]] for i in places]
    gram = [[product(a, b) + SMALL * (i == j) for j, b in enumerate(unit)] for i, a in enumerate(unit)]
    linear = [product(a, g) for a in unit]
    most = 1e8 * (steep or 1.0)
    u = box_quadratic(
        gram, linear, [-most if equal[i] else 0.0 for i in places], [most] * len(places), [0.0] * len(places)
    )
    largest = max(map(abs, u), default=0.0)
    chosen = [k for k, i in enumerate(places) if equal[i] or u[k] > NOTHING * largest]
    while True:
        exactly = least_squares([rows[places[k]] for k in chosen], [-b for b in g])
        wrong = [(m, k) for m, k in zip(exactly, chosen, strict=True) if m < 0 and not equal[places[k]]]
        if not wrong:
            break
        chosen.remove(min(wrong)[1])
    left = list(g)
    for m, k in zip(exactly, chosen, strict=True):
        found[places[k]] = m
        left = add_scaled(left, m, rows[places[k]])
    scale = max([steep, *(abs(m) * sizes[i] for i, m in enumerate(found) if m)])
    return Multipliers(found, norm(left) / scale if scale else 0.0)


def basic_support(
    rows: Matrix, equal: Sequence[bool], order: Sequence[int], numbers: Sequence[float]
) -> list[int]:
    """Constraints whose slopes are independent and that balance what all in *order* do, with multipliers of the same signs.

    Caratheodory's theorem: a row that depends on those kept hands its multiplier over to them; where that would turn the sign
    of an inequality's, that one goes and the row stays.
    """
    kept: list[int] = []
    held = {i: numbers[i] for i in order}
    for i in order:
        if len(orthonormal([rows[k] for k in (*kept, i)])[1]) > len(kept):
            kept.append(i)
            continue
        shares = least_squares([rows[k] for k in kept], rows[i])
        room = [
            (held[k] / -c, k) for k, c in zip(kept, shares, strict=True)
            if not equal[k] and c < 0 and held[k] + c * held[i] < 0
        ]  # fmt: skip
        moved, leaves = min(room, default=(held[i], i))
        for k, c in zip(kept, shares, strict=True):
            held[k] += c * moved
        held[i] -= moved
        if leaves != i:
            kept[kept.index(leaves)] = i
    return kept
