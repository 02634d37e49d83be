"""Points that keep the constraints and have no multipliers: where constraints' slopes depend on each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.calculus.balls.ball_numbers import exact, working_bits
from gradcli.calculus.balls.decimals import double, nearest_double
from gradcli.descent.certificates.simple_points import nearest_simple
from gradcli.descent.constrained.constrained_sentences import texts
from gradcli.descent.constrained.judged import Judged
from gradcli.descent.constrained.kkt_evidence import singular_values
from gradcli.descent.constrained.optimality.least_violation import violation_of
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, PlaceInBalls, middle
from gradcli.descent.constrained.problems.constrained_problem import Place
from gradcli.descent.constrained.problems.constrained_states import states_of
from gradcli.descent.objective.objective_in_balls import BITS, floats
from gradcli.descent.objective.vectors import norm
from gradcli.descent.verdicts.outcome import Constrained, Ending, listed

#: Within this share of the region simple numbers are tried.
NEAR = 0.05
#: Singular values below this share of the largest, and scaled constraints below it, are taken for 0 where nothing is exact.
SMALL = 1e-3


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
                told = _told(exactly, floats(near), found)
                if told is not None:
                    return told
    return None


def _keeps(exactly: ConstrainedInBalls, place: PlaceInBalls) -> bool:
    """Whether all constraints hold, exactly."""
    return all(
        exact(h) and (h == 0 if equal else h <= 0)
        for h, equal in zip(place.h, exactly.problem.equal, strict=True)
    )


def _told(exactly: ConstrainedInBalls, x: list[float], place: PlaceInBalls) -> Judged | None:
    problem = exactly.problem
    active = [i for i, h in enumerate(place.h) if h == 0]
    rows = [[middle(b) for b in place.rows[i]] for i in active]
    values = singular_values(rows)
    rank = sum(value > 1e-12 * max(values, default=0.0) and value > 0 for value in values)
    if not active or rank == len(active):
        return None
    where = listed(dict(zip(problem.names, x, strict=True)))
    h = [nearest_double(a) for a in place.h]
    shares = _vanishing(rows)
    sums = " + ".join(
        f"{share:.3g}*∇({problem.constraints[i].text})"
        for share, i in zip(shares, active, strict=True)
        if share
    )
    message = f"not regular at {where}: the constraints hold, and no multipliers balance f's gradient; "
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


def _vanishing(rows: Sequence[Sequence[float]]) -> list[Any]:
    """Shares of rows whose sum is 0, of length 1, the largest above 0."""
    from gradcli.descent.objective.vectors import spectrum

    gram = [[sum(a * b for a, b in zip(r, q, strict=True)) for q in rows] for r in rows]
    vector = spectrum(gram).vectors[0]
    largest = max(vector, key=abs)
    return [a / largest if abs(a) > 1e-12 else 0.0 for a in vector]
