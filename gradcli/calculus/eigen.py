"""Symmetric matrix → eigenvalues, by Jacobi's rotations: every eigenvalue to nearly all of its digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: An eigenvalue this small beside the largest is taken for 0: rounding alone makes as much.
ZERO = 1e-12

_SWEEPS = 60


class Spectrum(NamedTuple):
    """The eigenvalues in ascending order, what they say, and the ratio of the largest to the smallest in size.

    definiteness: `positive definite`, `negative definite`, `indefinite`, `positive semidefinite`, `negative
    semidefinite` or `zero`. condition: infinite where an eigenvalue is 0.
    """

    eigenvalues: tuple[float, ...]
    definiteness: str
    condition: float


def spectrum(matrix: Sequence[Sequence[float]]) -> Spectrum:
    """The spectrum of a real symmetric matrix."""
    values = eigenvalues(matrix)
    return Spectrum(values, definiteness(values), condition(values))


def definiteness(values: Sequence[float], zero: float = ZERO) -> str:
    """What the signs of the eigenvalues say."""
    size = zero * max(map(abs, values), default=0.0)
    above, below = any(v > size for v in values), any(v < -size for v in values)
    if above and below:
        return "indefinite"
    if not (above or below):
        return "zero"
    sign = "positive" if above else "negative"
    return f"{sign} definite" if all(abs(v) > size for v in values) else f"{sign} semidefinite"


def condition(values: Sequence[float]) -> float:
    """The largest eigenvalue in size over the smallest."""
    sizes = sorted(map(abs, values))
    return sizes[-1] / sizes[0] if sizes and sizes[0] > ZERO * sizes[-1] else float("inf")


def eigenvalues(matrix: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The eigenvalues of a real symmetric matrix, ascending.

    Cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, 4th ed., section 8.5) until nothing is left beside
    the diagonal. The matrix is scaled first, so that no square overflows.
    """
    scale = max((abs(x) for row in matrix for x in row), default=0.0)
    if scale == 0:
        return (0.0,) * len(matrix)
    a = [[x / scale for x in row] for row in matrix]
    for _ in range(_SWEEPS):
        if not sum(_rotate(a, p, q) for p in range(len(a)) for q in range(p + 1, len(a))):
            break
    return tuple(sorted(a[i][i] * scale for i in range(len(a))))


def _rotate(a: list[list[float]], p: int, q: int) -> bool:
    """Rotate rows and columns p and q so that a[p][q] vanishes; False where it is nothing beside the diagonal."""
    entry = a[p][q]
    if abs(entry) <= 1e-17 * (abs(a[p][p]) * abs(a[q][q])) ** 0.5 or abs(entry) < 1e-300:
        return False
    theta = (a[q][q] - a[p][p]) / (2 * entry)
    t = (
        1 / (abs(theta) + (theta * theta + 1) ** 0.5) * (1 if theta >= 0 else -1)
        if abs(theta) < 1e150
        else 0.5 / theta
    )
    c = 1 / (t * t + 1) ** 0.5
    s = t * c
    a[p][p] -= t * entry
    a[q][q] += t * entry
    a[p][q] = a[q][p] = 0.0
    for k in range(len(a)):
        if k not in (p, q):
            x, y = a[k][p], a[k][q]
            a[k][p] = a[p][k] = c * x - s * y
            a[k][q] = a[q][k] = s * x + c * y
    return True


def eigenvalues_in_digits(matrix: Sequence[Sequence[str]], digits: int) -> list[str]:
    """The eigenvalues of a matrix of decimal texts as decimal texts."""
    from flint import arb, arb_mat

    from gradcli.calculus.backends.ball_numbers import working_bits
    from gradcli.calculus.backends.decimals import decimal_text, rational

    with working_bits(7 * digits + 64):
        rows = [[arb(rational(x)) for x in row] for row in matrix]
        found = sorted((value.real.mid() for value in arb_mat(rows).eig(multiple=True)), key=float)
        size = max((sum((abs(x) for x in row), arb(0)) for row in rows), default=arb(0))
        return [decimal_text(arb(0) if abs(x) < size * arb(10) ** -digits else x, digits) for x in found]
