"""Householder's QR of a tall matrix in columns, with the right side beside it; and of a small one with damping below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

from gradcli.language.records import NamedTuple

Vector = list[float]


#: What is left of a column of length 1 beside those before it, below which it is rounding alone, and taken for 0.
DEPENDENT = 1e-14


class Triangle(NamedTuple):
    """J = Q R diag(lengths), z = Qᵀ r, for a matrix J in columns and a right side r.

    rows: R by rows, upper triangular, its columns of length 1 (or 0); the row of a column that depends on those before it
    is 0. lengths: those of J's columns. right: the entries of z in these rows. rest: the length of what no combination of
    the columns reaches.
    """

    rows: list[Vector]
    lengths: Vector
    right: Vector
    rest: float


def factored(columns: Sequence[Sequence[float]], right: Sequence[float]) -> Triangle:
    """The triangle of a matrix in columns. Source: Golub & Van Loan, Matrix computations, section 5.2."""
    count = len(columns)
    missing = [0.0] * max(count - len(right), 0)
    lengths = [math.hypot(*column) for column in columns]
    a = [
        [x / length for x in column] + missing if length else [0.0] * max(len(right), count)
        for column, length in zip(columns, lengths, strict=True)
    ]
    z = [*right, *missing]
    pivots = list[int]()
    for k in range(count):
        top = len(pivots)
        v = a[k][top:]
        size = math.hypot(*v)
        if size < DEPENDENT:
            continue
        alpha = -math.copysign(size, v[0])
        v[0] -= alpha
        a[k][top] = alpha
        scale = -1.0 / (alpha * v[0])  # 2/vᵀv
        for column in (*a[k + 1 :], z):
            _reflect(column, v, top, scale)
        pivots.append(k)
    rows = [[0.0] * count for _ in range(count)]
    own = [0.0] * count
    for top, k in enumerate(pivots):
        rows[k][k:] = [column[top] for column in a[k:]]
        own[k] = z[top]
    return Triangle(rows, lengths, own, math.hypot(*z[len(pivots) :]))


def _reflect(column: Vector, v: Vector, k: int, scale: float) -> None:
    tail = column[k:]
    factor = scale * sum(map(mul, v, tail))
    column[k:] = [x - factor * y for x, y in zip(tail, v, strict=True)]


def damped_step(triangle: Triangle, weights: Sequence[float], damping: float) -> tuple[Vector, float] | None:
    """The d with the least |r - J d|² + damping*|diag(weights) diag(lengths) d|², and what it takes off |r|².

    None where that is singular. By a second QR of the triangle with the damping below it, never by normal equations
    (Moré 1978, The Levenberg–Marquardt algorithm, section 3).
    """
    count, root = len(triangle.rows), math.sqrt(damping)
    columns = [
        [triangle.rows[i][j] for i in range(count)]
        + ([root * weights[j] if i == j else 0.0 for i in range(count)] if damping else [])
        for j in range(count)
    ]
    found = factored(columns, [*triangle.right, *([0.0] * (count if damping else 0))])
    solved = back_substituted(found.rows, found.right)
    if solved is None or not all(map(math.isfinite, solved)):
        return None
    scaled = [x / length if length else 0.0 for x, length in zip(solved, found.lengths, strict=True)]
    gone = [sum(map(mul, triangle.rows[i][i:], scaled[i:])) for i in range(count)]
    taken = sum(g * (2 * z - g) for g, z in zip(gone, triangle.right, strict=True))
    step = [x / length if length else 0.0 for x, length in zip(scaled, triangle.lengths, strict=True)]
    return step, taken


def back_substituted(rows: Sequence[Sequence[float]], right: Sequence[float]) -> Vector | None:
    """The solution of an upper triangular system; a column without length gets 0. None where it is singular."""
    count = len(right)
    x = [0.0] * count
    for i in range(count - 1, -1, -1):
        left = right[i] - sum(map(mul, rows[i][i + 1 :], x[i + 1 :]))
        if rows[i][i]:
            x[i] = left / rows[i][i]
        elif any(rows[k][i] for k in range(i)):
            return None
    return x


def inverse_of(rows: Sequence[Sequence[float]]) -> list[Vector] | None:
    """The inverse of an upper triangle, by columns; None where it is singular."""
    count = len(rows)
    if not all(rows[i][i] for i in range(count)):
        return None
    found = [back_substituted(rows, [float(i == j) for i in range(count)]) for j in range(count)]
    return None if None in found else [column for column in found if column is not None]


def restricted(triangle: Triangle, kept: Sequence[int]) -> Triangle:
    """The triangle of some of the columns alone, in the order of *kept*."""
    count = len(triangle.rows)
    columns = [[triangle.rows[i][j] for i in range(count)] for j in kept]
    found = factored(columns, triangle.right)
    lengths = [triangle.lengths[j] * one for j, one in zip(kept, found.lengths, strict=True)]
    return found._replace(lengths=lengths, rest=math.hypot(triangle.rest, found.rest))


def merged(triangles: Sequence[Triangle]) -> Triangle:
    """The triangle of blocks of rows, from those of the blocks: the QR of one below the other (Demmel et al. 2012)."""
    count = len(triangles[0].lengths)
    columns = [
        [one.rows[i][j] * one.lengths[j] for one in triangles for i in range(count)] for j in range(count)
    ]
    found = factored(columns, [z for one in triangles for z in one.right])
    return found._replace(rest=math.hypot(found.rest, *(one.rest for one in triangles)))


class Singular(NamedTuple):
    """Singular values from the smallest up, and the right singular vectors in the same order."""

    values: Vector
    vectors: list[Vector]


def singular_values(triangle: Triangle) -> Singular:
    """Those of R, whose columns have length 1, by one-sided rotations (Hestenes 1958), which keep small ones right."""
    count = len(triangle.rows)
    a = [[triangle.rows[i][j] for i in range(count)] for j in range(count)]
    v = [[float(i == j) for i in range(count)] for j in range(count)]
    for _ in range(40):
        turned = [_turned(a, v, i, j) for i in range(count) for j in range(i + 1, count)]
        if not any(turned):
            break
    sizes = [math.hypot(*column) for column in a]
    order = sorted(range(count), key=sizes.__getitem__)
    return Singular([sizes[k] for k in order], [v[k] for k in order])


def _turned(a: list[Vector], v: list[Vector], i: int, j: int) -> bool:
    """Make columns i and j orthogonal; whether they were not."""
    across, p, q = sum(map(mul, a[i], a[j])), sum(map(mul, a[i], a[i])), sum(map(mul, a[j], a[j]))
    if not across or abs(across) <= 1e-16 * math.sqrt(p) * math.sqrt(q):
        return False
    theta = (q - p) / (2 * across)
    t = math.copysign(1.0, theta) / (abs(theta) + math.hypot(theta, 1.0))
    c = 1 / math.hypot(t, 1.0)
    s = t * c
    for one in (a, v):
        one[i], one[j] = (
            [c * x - s * y for x, y in zip(one[i], one[j], strict=True)],
            [s * x + c * y for x, y in zip(one[i], one[j], strict=True)],
        )
    return True
