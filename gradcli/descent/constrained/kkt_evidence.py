"""A KKT point → the numbers that stand behind what is said of it."""

from __future__ import annotations

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.descent.constrained.optimality.feasible_arcs import Arc
from gradcli.descent.constrained.optimality.kkt_finding import contains_zero
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.least_violation import violation_of
from gradcli.descent.constrained.optimality.multipliers import multipliers_of
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls, middle
from gradcli.descent.constrained.problems.constrained_states import states_of
from gradcli.descent.objective.objective_in_balls import BITS, floats
from gradcli.descent.objective.vectors import Matrix, Vector, spectrum
from gradcli.descent.verdicts.outcome import Constrained


def evidence_of(exactly: ConstrainedInBalls, found: KktFinding) -> tuple[Constrained, float, Vector]:
    """The evidence, f as it is made small, and its slopes."""
    problem = exactly.problem
    with working_bits(BITS):
        place = exactly.look(found.x)
    assert place is not None  # noqa: S101  (it had values when it was found)
    h = [0.0 if i in found.active else middle(a) for i, a in enumerate(place.h)]
    rows = [[middle(b) for b in row] for row in place.rows]
    g = [0.0 if contains_zero(b) else nearest_double(a) for a, b in zip(place.g, found.slopes, strict=True)]
    multipliers = found.multipliers
    if found.dependent:
        multipliers = multipliers_of(g, rows, problem.equal, found.active).numbers
    complementarity = max((abs(m * a) for m, a in zip(multipliers, h, strict=True)), default=0.0)
    values = singular_values([rows[i] for i in found.active])
    evidence = Constrained(
        states_of(problem, h, found.active, multipliers), violation_of(h, problem.equal), found.residual, complementarity,
        not found.dependent, values or None, None, found.convex, arc=_arc(exactly, found.arc),
    )  # fmt: skip
    return evidence, nearest_double(found.value), g


def decimals_of(exactly: ConstrainedInBalls, found: KktFinding, digits: int) -> dict[str, str]:
    """The point, f under the empty name, and the multipliers by the texts of their constraints, as decimals."""
    from gradcli.calculus.balls.decimals import decimal_text

    problem = exactly.problem
    with working_bits(BITS):
        numbers = dict(zip(problem.names, found.x, strict=True))
        numbers[""] = found.value * int(problem.sign)
        if not found.dependent:
            for i in found.active:
                turned = -found.weights[i] * int(problem.signs[i]) * int(problem.sign)
                numbers[problem.constraints[i].text] = turned
        return {name: decimal_text(number, digits) for name, number in numbers.items()}


def singular_values(rows: Matrix) -> tuple[float, ...]:
    """The singular values of a matrix of few rows, from the largest."""
    gram = [[sum(a * b for a, b in zip(r, q, strict=True)) for q in rows] for r in rows]
    return tuple(max(value, 0.0) ** 0.5 for value in reversed(spectrum(gram).values))


def _arc(exactly: ConstrainedInBalls, arc: Arc | None) -> tuple[tuple[dict[str, float], float], ...]:
    if arc is None:
        return ()
    problem = exactly.problem
    return tuple(
        (dict(zip(problem.names, floats(x), strict=True)), problem.sign * nearest_double(value))
        for x, value in zip(arc.points, arc.values, strict=True)
    )
