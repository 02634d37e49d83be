"""The linear algebra of small symmetric matrices, in plain floats: eigenvalues by Jacobi's rotations."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.language.records import NamedTuple

Vector = list[float]
Matrix = list[list[float]]


class Spectrum(NamedTuple):
    """Eigenvalues from the smallest up, and their eigenvectors of length 1 in the same order."""

    values: tuple[float, ...]
    vectors: tuple[tuple[float, ...], ...]


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """The scalar product, summed without rounding errors that add up; infinite or nan where a product is."""
    products = list(map(float.__mul__, a, b))
    try:
        return math.fsum(products)
    except (OverflowError, ValueError):
        return sum(products)


def norm(a: Sequence[float]) -> float:
    """The Euclidean length."""
    return math.hypot(*a)


def add_scaled(x: Sequence[float], length: float, direction: Sequence[float]) -> Vector:
    """x + length*direction."""
    return [a + length * b for a, b in zip(x, direction, strict=True)]


def times(matrix: Matrix, vector: Sequence[float]) -> Vector:
    """Matrix times vector."""
    return [dot(row, vector) for row in matrix]


def spectrum(matrix: Matrix) -> Spectrum:
    """Eigenvalues and eigenvectors of a symmetric matrix (Golub & Van Loan, Matrix computations, section 8.5)."""
    n, a = len(matrix), [list(row) for row in matrix]
    v = [[float(i == j) for j in range(n)] for i in range(n)]
    scale = max((abs(x) for row in a for x in row), default=0.0)
    for _ in range(60):
        if max((abs(a[i][j]) for i in range(n) for j in range(i)), default=0.0) <= 1e-300 + 1e-18 * scale:
            break
        for i in range(n):
            for j in range(i + 1, n):
                if a[i][j]:
                    _rotate(a, v, i, j)
    order = sorted(range(n), key=lambda i: a[i][i])
    vectors = tuple(tuple(v[row][i] for row in range(n)) for i in order)
    return Spectrum(tuple(a[i][i] for i in order), vectors)


def _rotate(a: Matrix, v: Matrix, i: int, j: int) -> None:
    """Make a[i][j] 0 by turning the plane of i and j."""
    theta = (a[j][j] - a[i][i]) / (2 * a[i][j])
    t = math.copysign(1.0, theta) / (abs(theta) + math.hypot(theta, 1.0))
    c = 1 / math.hypot(t, 1.0)
    s = t * c
    for row in a:
        row[i], row[j] = c * row[i] - s * row[j], s * row[i] + c * row[j]
    a[i], a[j] = (
        [c * x - s * y for x, y in zip(a[i], a[j], strict=True)],
        [s * x + c * y for x, y in zip(a[i], a[j], strict=True)],
    )
    a[i][j] = a[j][i] = 0.0
    for row in v:
        row[i], row[j] = c * row[i] - s * row[j], s * row[i] + c * row[j]


def with_zeros(values: Sequence[float], count: int) -> tuple[float, ...]:
    """Sorted eigenvalues of which so many, the smallest in size, are 0 or not told from it: rounding errors are taken off."""
    smallest = sorted(range(len(values)), key=lambda i: abs(values[i]))[:count]
    return tuple(sorted(0.0 if i in smallest else value for i, value in enumerate(values)))


def scaled(matrix: Matrix) -> tuple[Vector, Matrix]:
    """Scales d and the matrix d[i]*matrix[i][j]*d[j] with 1 on its diagonal where that is possible.

    It has as many positive, zero and negative eigenvalues as the matrix (Sylvester's law of inertia), but those of
    badly scaled variables do not drown in the rounding errors of others.
    """
    d = [1 / math.sqrt(abs(row[i])) if row[i] else 1.0 for i, row in enumerate(matrix)]
    return d, [[d[i] * x * d[j] for j, x in enumerate(row)] for i, row in enumerate(matrix)]


def solve_spectral(
    parts: Spectrum, right: Sequence[float], floor: float = 0.0, *, absolute: bool = False
) -> Vector:
    """The solution of matrix*x = right along eigenvectors whose eigenvalue has a size above *floor*.

    absolute: with the sizes of the eigenvalues in place of themselves, none below *floor*: what turns Newton's
    direction into one of descent.
    """
    answer = [0.0] * len(right)
    for value, vector in zip(parts.values, parts.vectors, strict=True):
        divisor = max(abs(value), floor) if absolute else value
        if divisor and (absolute or abs(value) > floor):
            answer = add_scaled(answer, dot(vector, right) / divisor, vector)
    return answer
