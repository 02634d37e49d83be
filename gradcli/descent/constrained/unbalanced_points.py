"""Points that keep the constraints and have no multipliers: where constraints' slopes depend on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact, working_bits
from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.calculus.linear_algebra.inertia import inertia_of
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.constrained_sentences import texts
from gradcli.descent.constrained.judged import Judged
from gradcli.descent.constrained.kkt_evidence import singular_values
from gradcli.descent.constrained.optimality.dependent_slopes import isolated
from gradcli.descent.constrained.optimality.feasible_arcs import is_near
from gradcli.descent.constrained.optimality.least_violation import violation_of
from gradcli.descent.constrained.optimality.multipliers import multipliers_of
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, PlaceInBalls, middle
from gradcli.descent.constrained.problems.constrained_problem import Place
from gradcli.descent.constrained.problems.constrained_states import states_of
from gradcli.descent.constrained.singular_polish import singular_point
from gradcli.descent.objective.objective_in_balls import BITS, floats
from gradcli.descent.objective.vectors import norm
from gradcli.descent.verdicts.outcome import Constrained, Ending, listed

#: Within this share of the region simple numbers are tried.
NEAR = 0.05
#: Singular values below this share of the largest, and scaled constraints below it, are taken for 0 where nothing is exact.
SMALL = 1e-3
#: Constraints and slopes that are less are 0 where nothing is exact.
NOTHING = 1e-15
#: An active constraint is 0 within this distance.
CLOSE = arb(2) ** -20
#: What is said where there are no multipliers.
NONE = "no multipliers balance f's gradient"
#: Multipliers balance a gradient of which they leave less than this share.
BALANCED = 1e-9


def unbalanced(
    exactly: ConstrainedInBalls, place: Place, spans: Sequence[float], scales: Sequence[float]
) -> Judged | None:
    """The ending at a point next to *place* that keeps the constraints and where their slopes depend on each other."""
    with working_bits(BITS):
        for most in (1, 10, 100):
            near = [nearest_simple(double(a), most) for a in place.x]
            if (
                norm([(float(a) - b) / s for a, b, s in zip(floats(near), place.x, spans, strict=True)])
                > NEAR
            ):
                continue
            found = exactly.look(near)
            if found is not None and _keeps(exactly, found):
                told = _told(exactly, near, found, [i for i, h in enumerate(found.h) if h == 0])
                if told is not None:
                    return told
        return _polished(exactly, place, spans, scales)


def _polished(
    exactly: ConstrainedInBalls, place: Place, spans: Sequence[float], scales: Sequence[float]
) -> Judged | None:
    """The same at a point whose coordinates are no simple numbers, known to many digits."""
    room = SMALL * (1 + norm(place.x))
    held = zip(place.h, exactly.problem.equal, scales, strict=True)
    active = [i for i, (h, equal, s) in enumerate(held) if equal or h * s >= -room]
    while active:
        x = singular_point(exactly, place.x, active, spans)
        if x is not None:
            break
        loose = [i for i in active if not exactly.problem.equal[i]]
        if not loose:
            return None
        active.remove(min(loose, key=lambda i: place.h[i] * scales[i]))
    found = exactly.look(x) if active and x is not None else None
    if found is None or x is None or not all(_holds(exactly, found, active)):
        return None
    clean = [
        fmpq(0) if abs(middle(ball(a))) <= NOTHING * span else a for a, span in zip(x, spans, strict=True)
    ]
    return _told(exactly, clean, found, active)


def _clean(slope: Any) -> float:
    """A slope in floats, 0 where it is far below what is told of it."""
    found = middle(slope)
    return 0.0 if abs(found) <= NOTHING else found


def _holds(exactly: ConstrainedInBalls, place: PlaceInBalls, active: Sequence[int]) -> list[bool]:
    """Which constraints hold: those that are *active* to nearly as many digits as the point has."""
    return [
        abs(middle(ball(h))) <= NOTHING and is_near(h, place.rows[i], CLOSE)
        if i in active or equal
        else bool(h < 0)
        for i, (h, equal) in enumerate(zip(place.h, exactly.problem.equal, strict=True))
    ]


def _keeps(exactly: ConstrainedInBalls, place: PlaceInBalls) -> bool:
    """Whether all constraints hold, exactly."""
    return all(
        exact(h) and (h == 0 if equal else h <= 0)
        for h, equal in zip(place.h, exactly.problem.equal, strict=True)
    )


def _told(
    exactly: ConstrainedInBalls, near: Sequence[Any], place: PlaceInBalls, active: list[int]
) -> Judged | None:
    problem, x = exactly.problem, floats(near)
    every = [[_clean(b) for b in row] for row in place.rows]
    rows = [every[i] for i in active]
    values = singular_values(rows)
    least = max(1e-12 * max(values, default=0.0), NOTHING)
    rank = sum(value > least for value in values)
    if not active or rank == len(active):
        return None
    where = listed(dict(zip(problem.names, x, strict=True)))
    h = [0.0 if i in active else nearest_double(a) for i, a in enumerate(place.h)]
    g = [middle(b) for b in place.g]
    balanced = multipliers_of(g, every, problem.equal, active).rest <= BALANCED
    shares = _vanishing(rows)
    strict = any(problem.constraints[i].strict for i in active)
    alone = None if strict else _alone(exactly, place, near, active, shares)
    if alone is not None:
        return _only(exactly, x, place, active, alone)
    sums = " + ".join(
        f"{share:.3g}*∇({problem.constraints[i].text})"
        for share, i in zip(shares, active, strict=True)
        if share
    )
    what = "multipliers balance f's gradient, but do not tell what the point is" if balanced else NONE
    message = f"not regular at {where}: the constraints hold, and {what}; "
    message += f"{sums.replace('+ -', '- ')} is 0 there"
    message += f", so what holds at regular points says nothing about {texts(problem, active)}"
    evidence = Constrained(
        states_of(problem, h, active, None),
        violation_of(h, problem.equal),
        None,
        None,
        False,
        values,
        tuple(shares),
    )
    g = [nearest_double(b) for b in place.g]
    return Judged(x, nearest_double(place.f), g, Ending("nonregular", message), evidence)


def _only(
    exactly: ConstrainedInBalls, x: list[float], place: PlaceInBalls, active: list[int], alone: list[int]
) -> Judged:
    """The ending at a point that has no other one near it that keeps the constraints *alone*."""
    problem = exactly.problem
    where = listed(dict(zip(problem.names, x, strict=True)))
    h = [nearest_double(a) for a in place.h]
    if len(alone) == 1:
        why = "its slopes are 0 there and its second derivatives definite"
    else:
        why = "their slopes cancel each other there, and their second derivatives so added are definite along what they leave"
    message = f"a {problem.extreme} on the constraint{'s' * (len(alone) > 1)} at {where}, the only point near where "
    message += f"{texts(problem, alone)} hold{'s' * (len(alone) == 1)}: {why}; there are no multipliers"
    states = states_of(problem, h, active, None)
    values = singular_values([[middle(b) for b in place.rows[i]] for i in active])
    evidence = Constrained(states, violation_of(h, problem.equal), None, None, False, values)
    g = [nearest_double(b) for b in place.g]
    return Judged(x, nearest_double(place.f), g, Ending("minimum-on-constraint", message), evidence)


def _alone(
    exactly: ConstrainedInBalls, place: PlaceInBalls, x: Sequence[Any], active: Sequence[int], shares: Sequence[Any]
) -> list[int] | None:  # fmt: skip
    """Constraints that hold at x and nowhere near it; None where that is not shown.

    One by itself, or those of the combination whose slopes cancel: their sum, no inequality less than 0 times, is above 0
    all around x where it is 0 with its slopes and its second derivatives are positive definite.
    """
    simple = [nearest_simple(double(float(share)), 100) for share in shares]
    for numbers in (*([int(i == j) for j in active] for i in active), simple):
        for turn in (1, -1):
            weights = dict(zip(active, [fmpq(turn) * n for n in numbers], strict=True))
            if _is_above(exactly, place, x, weights):
                return [i for i, weight in weights.items() if weight != 0]
    return isolated(exactly, x, place, active)


def _is_above(
    exactly: ConstrainedInBalls, place: PlaceInBalls, x: Sequence[Any], weights: Mapping[int, Any]
) -> bool:
    """Whether the sum of constraints, so many times each, is 0 at x and above 0 around it; by signs that are certain."""
    equal, size = exactly.problem.equal, range(exactly.size)
    if any(weight < 0 and not equal[i] for i, weight in weights.items()):
        return False
    slopes = [sum((w * place.rows[i][j] for i, w in weights.items()), fmpq(0)) for j in size]
    if any(not exact(a) or a != 0 for a in slopes):
        return False
    every = [weights.get(i, fmpq(0)) for i in range(len(place.h))]
    beside, alone = exactly.lagrangian(x, every), exactly.lagrangian(x, [fmpq(0)] * len(every))
    if beside is None or alone is None:
        return False
    bend = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(beside, alone, strict=True)]
    return inertia_of(bend).positive == len(bend)


def _vanishing(rows: Sequence[Sequence[float]]) -> list[Any]:
    """Shares of rows whose sum is 0, of length 1, the largest above 0."""
    from gradcli.descent.objective.vectors import spectrum

    gram = [[sum(a * b for a, b in zip(r, q, strict=True)) for q in rows] for r in rows]
    vector = spectrum(gram).vectors[0]
    largest = max(vector, key=abs)
    return [a / largest if abs(a) > 1e-12 else 0.0 for a in vector]
