"""The triangle of a normal matrix that is known exactly: Cholesky's, in as many bits as squaring the condition takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.fitting.models.triangles import DEPENDENT, Triangle

#: Bits of the factors: the squares of floats whose columns are 1e-30 apart leave as many right as a float has.
BITS = 512

#: Exact sums as rationals.
Rational = Any


def rational(numerator: int, denominator: int) -> Rational:
    """A quotient of whole numbers."""
    return fmpq(numerator, denominator)


def triangle_of(gram: Sequence[Sequence[Rational]]) -> Triangle | None:
    """The triangle of [J r] from (J r)ᵀ(J r), whose last row and column are those of r; None where a number is too large.

    Source: Golub & Van Loan, Matrix computations, section 4.2; a column that the others reach has a row of zeros.
    """
    count = len(gram) - 1
    with working_bits(BITS):
        lengths = [arb(gram[j][j]).sqrt() for j in range(count)]
        z = [arb(0)] * count
        rows = [[arb(0)] * count for _ in range(count)]
        for i in range(count):
            if not lengths[i] > 0:
                continue
            scaled = [
                arb(gram[i][j]) / lengths[i] / lengths[j] if lengths[j] > 0 else arb(0) for j in range(count)
            ]
            left = arb(1) - sum((rows[k][i] ** 2 for k in range(i)), arb(0))
            if not left > DEPENDENT**2:
                continue
            pivot = left.sqrt()
            rows[i][i] = pivot
            for j in range(i + 1, count):
                rows[i][j] = (scaled[j] - sum((rows[k][i] * rows[k][j] for k in range(i)), arb(0))) / pivot
            right = arb(gram[i][count]) / lengths[i]
            z[i] = (right - sum((rows[k][i] * z[k] for k in range(i)), arb(0))) / pivot
        rest = arb(gram[count][count]) - sum((one * one for one in z), arb(0))
        found = Triangle(
            [[float(x) for x in row] for row in rows], [float(x) for x in lengths], [float(x) for x in z],
            float(rest.sqrt()) if rest > 0 else 0.0,
        )  # fmt: skip
    numbers = [*found.lengths, *found.right, found.rest, *(x for row in found.rows for x in row)]
    return found if all(map(math.isfinite, numbers)) else None
