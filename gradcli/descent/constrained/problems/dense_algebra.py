"""Dense linear algebra of plain floats: Cholesky's factors, triangular solutions, orthonormal bases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

from gradcli.descent.objective.vectors import Matrix, Vector

#: Rows whose rest is below this share of their length depend on the rows before.
DEPENDENT = 1e-9


def product(a: Sequence[float], b: Sequence[float]) -> float:
    """The scalar product, summed plainly: for steps, whose errors the next step sees."""
    found: float = sum(map(mul, a, b))
    return found


def cholesky(matrix: Sequence[Sequence[float]], least: float = 0.0) -> Matrix | None:
    """The lower triangular factor; None where a pivot is not above *least* (Golub & Van Loan, algorithm 4.2.1)."""
    lower: Matrix = []
    for i, row in enumerate(matrix):
        new: Vector = []
        for j, above in enumerate(lower):
            new.append((row[j] - sum(map(mul, new, above))) / above[j])
        pivot = row[i] - sum(map(mul, new, new))
        if not pivot > least or pivot == math.inf:
            return None
        new.append(math.sqrt(pivot))
        lower.append(new)
    return lower


def forward(lower: Matrix, right: Sequence[float]) -> Vector:
    """The solution of lower*x = right."""
    x: Vector = []
    for row, b in zip(lower, right, strict=True):
        x.append((b - sum(map(mul, row, x))) / row[len(x)])
    return x


def backward(lower: Matrix, right: Sequence[float]) -> Vector:
    """The solution of lowerᵀ*x = right."""
    x = list(right)
    for i in range(len(x) - 1, -1, -1):
        row = lower[i]
        x[i] /= row[i]
        here = x[i]
        for j in range(i):
            x[j] -= row[j] * here
    return x


def solve(lower: Matrix, right: Sequence[float]) -> Vector:
    """The solution of lower*lowerᵀ*x = right."""
    return backward(lower, forward(lower, right))


def orthonormal(rows: Sequence[Sequence[float]]) -> tuple[Matrix, list[int]]:
    """An orthonormal basis of what *rows* span, and which of them were independent of those before, in their order.

    Gram and Schmidt's method, twice for each row (Golub & Van Loan, section 5.2.8).
    """
    basis: Matrix = []
    kept: list[int] = []
    for place, row in enumerate(rows):
        size = math.hypot(*row)
        if not 0 < size < math.inf:
            continue
        rest = [number / size for number in row]
        for _ in range(2):
            for one in basis:
                share = product(one, rest)
                rest = [a - share * b for a, b in zip(rest, one, strict=True)]
        left = math.hypot(*rest)
        if left > DEPENDENT and len(basis) < len(row):
            basis.append([number / left for number in rest])
            kept.append(place)
    return basis, kept


def complement(basis: Matrix, size: int) -> Matrix:
    """An orthonormal basis of all that is at right angles to an orthonormal *basis*."""
    found: Matrix = []
    shares = [1 - sum(one[i] ** 2 for one in basis) for i in range(size)]
    while len(found) < size - len(basis):
        i = max(range(size), key=shares.__getitem__)
        rest = [float(j == i) for j in range(size)]
        for _ in range(2):
            for one in (*basis, *found):
                share = product(one, rest)
                if share:
                    rest = [a - share * b for a, b in zip(rest, one, strict=True)]
        left = math.hypot(*rest)
        if left < 1e-8:
            shares[i] = -1.0
            if max(shares) < 0:
                break
            continue
        found.append([number / left for number in rest])
        shares = [a - b**2 for a, b in zip(shares, found[-1], strict=True)]
    return found


def least_squares(rows: Sequence[Sequence[float]], right: Sequence[float]) -> Vector:
    """The least-norm x for which the sum of x[i]*rows[i] is nearest to *right*; rows may depend on each other."""
    if not rows:
        return []
    gram = [[product(a, b) for b in rows] for a in rows]
    from gradcli.descent.objective.vectors import solve_spectral, spectrum

    parts = spectrum(gram)
    floor = 1e-13 * max(map(abs, parts.values), default=0.0)
    return solve_spectral(parts, [product(row, right) for row in rows], floor)
