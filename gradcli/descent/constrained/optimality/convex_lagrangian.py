"""A Lagrangian whose second derivatives are the same everywhere and nowhere negative: its KKT points are absolute minima.

f is at least the Lagrangian where constraints hold, and the Lagrangian at least what it is where its slopes vanish.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.descent.certificates.quadratic_forms import eliminated, sign_of
from gradcli.descent.constrained.optimality.kkt_polish import KktPoint
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls

#: Operations of polynomials.
POLYNOMIAL = frozenset(("neg", "add", "sub", "mul", "square", "pow", "div"))

#: How far from 0 second derivatives are looked at.
WIDE = 2**200


def is_convex(exactly: ConstrainedInBalls, point: KktPoint) -> bool:
    """Whether the Lagrangian with the point's multipliers is a convex function of second degree, exactly."""
    weights = [point.multipliers.get(i, fmpq(0)) for i in range(len(exactly.problem.constraints))]
    return all(map(exact, weights)) and is_positive_everywhere(exactly, weights)


def is_positive_everywhere(exactly: ConstrainedInBalls, weights: Sequence[Any]) -> bool:
    """Whether f plus so many times the constraints has second derivatives that are one form, and that nowhere negative."""
    if not {op for op, *_ in exactly.problem.table.program.code} <= POLYNOMIAL:
        return False  # with corners or jumps second derivatives say nothing of what lies beyond them
    wide = exactly.lagrangian([arb(0, WIDE)] * exactly.size, weights)
    here = exactly.lagrangian([fmpq(0)] * exactly.size, weights)
    if wide is None or here is None or not all(exact(a) for row in here for a in row):
        return False
    if any(
        not abs(ball(a) - ball(b)) < arb(2) ** -300 * (1 + abs(ball(b)))
        for r, q in zip(wide, here, strict=True)
        for a, b in zip(r, q, strict=True)
    ):
        return False
    parts = eliminated(here)
    return all(sign_of(s) > 0 for s in parts.signs) and all(a == 0 for row in parts.form for a in row)
