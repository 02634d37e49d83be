"""Gradients around a corner → the subgradient of least norm: the point of their convex hull nearest to 0.

At a corner the Clarke subdifferential is the convex hull of the gradients beside it; its element of least
norm is the one whose negative is the steepest descent. Up to six gradients are solved exactly, by trying every
face of the hull; more by Wolfe's method, which lets one face grow and shrink.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

Vector = list[float]
_TINY = 1e-12

#: Faces that are tried; ordinary ones end after about as many as there are variables.
_MOST_FACES = 500


def least_norm(gradients: Sequence[Vector]) -> Vector:
    """The vector of least Euclidean norm in the convex hull of *gradients*, all of the same length."""
    distinct = _distinct(gradients)
    if len(distinct) <= 6:
        candidates = [c for size in range(1, len(distinct) + 1) for c in _faces(distinct, size)]
        return _clean(min(candidates, key=lambda c: _dot(c, c)))
    return _clean(_towards(distinct))


def _distinct(gradients: Sequence[Vector]) -> list[Vector]:
    kept: list[Vector] = []
    for gradient in gradients:
        scale = 1 + max(map(abs, gradient))
        if all(
            max(abs(a - b) for a, b in zip(gradient, other, strict=True)) > _TINY * scale for other in kept
        ):
            kept.append(gradient)
    return kept


def _faces(points: Sequence[Vector], size: int) -> list[Vector]:
    found = []
    for face in combinations(points, size):
        weights = _affine_weights(face)
        if weights is not None and min(weights) >= -_TINY:
            found.append(_mix(face, weights))
    return found


def _affine_weights(face: Sequence[Vector]) -> list[float] | None:
    """Weights, of sum 1, of the point of least norm in the affine hull: the edges from the first, brought to length 1."""
    first, *others = face
    edges = [[b - a for a, b in zip(first, other, strict=True)] for other in others]
    lengths = [math.hypot(*edge) for edge in edges]
    units = [[x / length for x in edge] for edge, length in zip(edges, lengths, strict=True)]
    shares = _eliminated([[*(_dot(a, b) for b in units), -_dot(a, first)] for a in units])
    if shares is None:
        return None
    weights = [share / length for share, length in zip(shares, lengths, strict=True)]
    return [1.0 - sum(weights), *weights]


def _eliminated(rows: list[Vector]) -> list[float] | None:
    """The solution of a linear system with entries of at most 1, its right sides last in the rows; None if singular."""
    n = len(rows)
    for column in range(n):
        pivot = max(range(column, n), key=lambda r: abs(rows[r][column]))
        if abs(rows[pivot][column]) < _TINY:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(n):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [rows[i][-1] / rows[i][i] for i in range(n)]


def _towards(points: Sequence[Vector]) -> Vector:
    """Wolfe's method (Finding the nearest point in a polytope, 1976): faces that grow by the extreme point, and shrink."""
    face, weights = [min(points, key=lambda p: _dot(p, p))], [1.0]
    best = face[0]
    for _ in range(_MOST_FACES):
        extreme = min(points, key=lambda p: _dot(p, best))
        length = _dot(best, best)
        if extreme in face or length - _dot(best, extreme) <= _TINY * max(length, _dot(extreme, extreme)):
            break
        face, weights = _shrunk([*face, extreme], [*weights, 0.0])
        best = _mix(face, weights)
    return best


def _shrunk(face: list[Vector], weights: list[float]) -> tuple[list[Vector], list[float]]:
    """The part of a face within which the point of least norm of its affine hull lies, and its weights."""
    while len(face) > 1:
        wanted = _affine_weights(face)
        if wanted is None:  # a point too many: the face is flat
            lightest = min(range(len(face) - 1), key=weights.__getitem__)
            wanted = [0.0 if i == lightest else w for i, w in enumerate(weights)]
            wanted = [w / sum(wanted) for w in wanted] if sum(wanted) else [1.0 / len(face)] * len(face)
            wanted[lightest] = -1.0
        if min(wanted) > _TINY:
            return face, wanted
        share = min(
            (w / (w - v) for w, v in zip(weights, wanted, strict=True) if v <= _TINY and w > v), default=0.0
        )
        weights = [(1 - share) * w + share * v for w, v in zip(weights, wanted, strict=True)]
        lowest = min((i for i, v in enumerate(wanted) if v <= _TINY), key=lambda i: (weights[i], wanted[i]))
        face, weights = face[:lowest] + face[lowest + 1 :], weights[:lowest] + weights[lowest + 1 :]
        total = sum(weights)
        weights = [w / total for w in weights] if total else [1.0 / len(face)] * len(face)
    return face, [1.0]


def _mix(points: Sequence[Vector], weights: Sequence[float]) -> Vector:
    return [sum(w * p[i] for w, p in zip(weights, points, strict=True)) for i in range(len(points[0]))]


def _clean(vector: Vector) -> Vector:
    scale = max(1.0, *map(abs, vector))
    return [0.0 if abs(x) < _TINY * scale else x for x in vector]


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
