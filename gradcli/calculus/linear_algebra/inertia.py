"""Symmetric matrix of rationals and balls → how many of its eigenvalues are negative, zero and positive, for certain.

Exactly where the entries are rational: the characteristic polynomial has only real roots, so Descartes' rule of signs
counts them. Elsewhere by the pivots of a congruence in balls (Sylvester's law of inertia).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mat

from gradcli.calculus.balls.ball_numbers import Number, ball, exact
from gradcli.calculus.linear_algebra.symmetric_pivots import chosen_pivot, eliminated

Rows = Sequence[Sequence[Number]]


class Inertia(NamedTuple):
    """How many eigenvalues are certainly negative, zero and positive, and of how many the sign is not decided."""

    negative: int
    zero: int
    positive: int
    undecided: int = 0

    @property
    def word(self) -> str | None:
        """`positive definite`, `negative definite`, `indefinite`, `positive semidefinite`, `negative semidefinite` or
        `zero`; None where the undecided signs leave several of them open.
        """
        if self.negative and self.positive:
            return "indefinite"
        if self.undecided:
            return None
        if not (self.negative or self.positive):
            return "zero"
        sign = "positive" if self.positive else "negative"
        return f"{sign} semidefinite" if self.zero else f"{sign} definite"


def inertia_of(rows: Rows) -> Inertia:
    """The inertia of a symmetric matrix of rationals and balls; what its balls leave open is undecided."""
    parts = [_of_part([[rows[i][j] for j in part] for i in part]) for part in parts_of(rows)]
    return Inertia(*map(sum, zip(*parts, strict=True))) if parts else Inertia(0, 0, 0)


def parts_of(rows: Rows) -> list[list[int]]:
    """The rows in groups between which every entry is exactly 0: the eigenvalues are those of the groups."""
    groups: list[list[int]] = []
    waiting = set(range(len(rows)))
    while waiting:
        group, border = [], [min(waiting)]
        waiting.discard(border[0])
        while border:
            i = border.pop()
            group.append(i)
            near = {j for j in waiting if not _is_zero(rows[i][j]) or not _is_zero(rows[j][i])}
            waiting -= near
            border += near
        groups.append(sorted(group))
    return groups


def _is_zero(x: Number) -> bool:
    return bool(x == 0) if exact(x) else bool(x.is_zero())


def _of_part(rows: Rows) -> Inertia:
    if all(exact(x) for row in rows for x in row):
        return _of_rationals(rows)
    return _by_pivots([[ball(x) for x in row] for row in rows])


def _of_rationals(rows: Rows) -> Inertia:
    polynomial = fmpq_mat(scaled(rows)).charpoly()
    return by_descartes([(c > 0) - (c < 0) for c in reversed(polynomial.coeffs())])


def by_descartes(signs: Sequence[int]) -> Inertia:
    """The counts of a polynomial's roots, all real, from its coefficients' signs, the leading one first."""
    zero = next((k for k, s in enumerate(reversed(signs)) if s), len(signs) - 1)
    kept = [s for s in signs if s]
    positive = sum(a != b for a, b in pairwise(kept))
    return Inertia(len(signs) - 1 - zero - positive, zero, positive)


def scaled(rows: Rows) -> list[list[Number]]:
    """The rows and columns times powers of two that bring the diagonal near to 1, which changes no sign."""
    powers = [_half_exponent(row[i]) for i, row in enumerate(rows)]
    two = fmpq(2)
    return [[x * two ** -(powers[i] + powers[j]) for j, x in enumerate(row)] for i, row in enumerate(rows)]


def _half_exponent(x: Number) -> int:
    size = x if exact(x) else None
    return 0 if size is None or size == 0 else (int(size.p).bit_length() - int(size.q).bit_length()) // 2


def _by_pivots(a: list[list[Any]]) -> Inertia:
    """Signs of the pivots of a symmetric elimination with whole pivoting, of one row or two (Bunch & Parlett 1971)."""
    negative = positive = 0
    while a:
        chosen = chosen_pivot(a)
        if chosen is None:
            break
        negative += (len(chosen) == 2) or bool(a[chosen[0]][chosen[0]] < 0)
        positive += (len(chosen) == 2) or bool(a[chosen[0]][chosen[0]] > 0)
        a = eliminated(a, chosen)
    return (
        Inertia(negative, 0, positive, len(a))
        if not all(x.is_zero() for row in a for x in row)
        else Inertia(negative, len(a), positive)
    )
