"""Signs of quadratic forms, certain ones: elimination in rationals or balls, and forms on cones of directions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from math import inf, log2
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.language.records import NamedTuple

#: Up to so many variables at bounds without a slope, the cone of directions is gone through face by face.
FACES = 10


class Eliminated(NamedTuple):
    """A symmetric matrix brought to diagonal form, as far as signs are certain.

    order: the rows in the order of their pivots; signs: the pivots' signs, 1 or -1. rest: the rows left, whose
    remaining form cannot be told from 0; form: that form. steps: what `solved` needs.
    """

    order: tuple[int, ...]
    signs: tuple[int, ...]
    rest: tuple[int, ...]
    form: list[list[Any]]
    steps: tuple[tuple[int, Any, dict[int, Any]], ...]


def sign_of(x: Any) -> int:
    """The sign of a number, 0 where it is 0 or not certain."""
    return 1 if x > 0 else -1 if x < 0 else 0


def eliminated(
    matrix: Sequence[Sequence[Any]], rows: Sequence[int] | None = None, kept: Collection[int] = ()
) -> Eliminated:
    """Gauss's elimination with pivots on the diagonal, those that lost least first, among *rows* or all.

    kept: rows that are no pivots, so that their form is what is left.

    By Sylvester's law the signs of the pivots are those of eigenvalues. Where no diagonal entry has a certain sign,
    but one beside it has, both signs occur: order and signs then end with that pair.
    """
    a = _uniform(matrix)
    left = list(range(len(a)) if rows is None else rows)
    before = {i: _size(a[i][i]) for i in left}
    order: list[int] = []
    signs: list[int] = []
    steps: list[tuple[int, Any, dict[int, Any]]] = []
    while left:
        pivot = _pivot(a, left, kept, before)
        if pivot is None:
            pair = _pair(a, [i for i in left if i not in kept])
            if pair is not None:
                order, signs = [*order, *pair], [*signs, 1, -1]
                left = [i for i in left if i not in pair]
            break
        order.append(pivot)
        signs.append(sign_of(a[pivot][pivot]))
        left.remove(pivot)
        steps.append((pivot, a[pivot][pivot], _reduced(a, pivot, left)))
    form = [[a[i][j] for j in left] for i in left]
    return Eliminated(tuple(order), tuple(signs), tuple(left), form, tuple(steps))


def _reduced(a: list[list[Any]], pivot: int, left: Sequence[int]) -> dict[int, Any]:
    """Take the pivot's row off those that are left, so many times as it is in them; the matrix is symmetric."""
    factors = {i: a[i][pivot] / a[pivot][pivot] for i in left}
    for k, i in enumerate(left):
        row, factor = a[i], factors[i]
        for j in left[k:]:
            row[j] = a[j][i] = row[j] - factor * a[pivot][j]
    return factors


def _uniform(matrix: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """All entries rationals, or all of them balls."""
    if all(exact(x) for row in matrix for x in row):
        return [list(row) for row in matrix]
    return [[ball(x) for x in row] for row in matrix]


def _pivot(
    a: list[list[Any]], left: Sequence[int], kept: Collection[int], before: Mapping[int, float]
) -> int | None:
    """The row whose diagonal entry is certain and has lost least of what it was, the largest of those."""
    certain = [(i, _size(a[i][i])) for i in left if i not in kept and sign_of(a[i][i])]
    if not certain:
        return None
    return max(certain, key=lambda one: (round(min(max(one[1] - before[one[0]], -1e9), 1e9)), one[1]))[0]


def _size(x: Any) -> float:
    """The binary logarithm of a number's absolute value."""
    middle = abs(ball(x)).mid()
    if middle.is_zero():
        return -inf
    mantissa, exponent = middle.man_exp()
    return log2(abs(int(mantissa))) + int(exponent)


def _pair(a: list[list[Any]], left: Sequence[int]) -> tuple[int, int] | None:
    """Two rows whose form is certainly neither above nor below 0."""
    for i, j in combinations(left, 2):
        if sign_of(a[i][i] * a[j][j] - a[i][j] * a[i][j]) < 0:
            return i, j
    return None


def solved(parts: Eliminated, right: Sequence[Any]) -> dict[int, Any]:
    """The solution of matrix*x = right along the rows with a pivot, the others 0."""
    b = {i: right[i] for i in (*parts.order, *parts.rest)}
    for pivot, _, factors in parts.steps:
        for i, factor in factors.items():
            b[i] = b[i] - factor * b[pivot]
    answer: dict[int, Any] = {}
    for pivot, number, factors in reversed(parts.steps):
        total = b[pivot] / number
        for i, factor in factors.items():
            if i in answer:
                total = total - factor * answer[i]
        answer[pivot] = total
    return answer


def copositive(form: Sequence[Sequence[Any]]) -> bool | list[Any] | None:
    """Whether a form is above 0 for all vectors with entries of at least 0 that are not 0.

    True, or such a vector where it is below 0, or None where neither is certain. By Keller's theorem it is, unless
    some principal submatrix has a determinant of at most 0 while the cofactors of its last row are at least 0.
    """
    n = len(form)
    if n > FACES:
        return None
    verdict: bool | None = True
    for size in range(1, n + 1):
        for face in combinations(range(n), size):
            found = _on_face([[form[i][j] for j in face] for i in face])
            if isinstance(found, list):
                vector = [fmpq(0)] * n
                for i, number in zip(face, found, strict=True):
                    vector[i] = number
                return vector
            if found is None:
                verdict = None
    return verdict


def _on_face(form: list[list[Any]]) -> bool | list[Any] | None:
    """The same in the inside of a face, where it holds on all smaller ones.

    There the form of the solution of form*x = the last unit vector tells: it is x's last entry.
    """
    n = len(form)
    if n == 1:
        sign = sign_of(form[0][0])
        return True if sign > 0 else [fmpq(1)] if sign < 0 else None
    parts = eliminated(form)
    if all(sign > 0 for sign in parts.signs) and not parts.rest:
        return True
    if len(parts.steps) < n:
        return None if parts.rest else _tried(form)
    last = solved(parts, [fmpq(0)] * (n - 1) + [fmpq(1)])
    vector = [last[i] for i in range(n)]
    if any(number > 0 for number in vector):
        return True
    if all(number <= 0 for number in vector) and vector[-1] < 0:
        return [-number for number in vector]
    return None


def _tried(form: list[list[Any]]) -> bool | list[Any] | None:
    """A form of two rows or more without a certain diagonal: its rows' sums, one entry against another."""
    n = len(form)
    for i, j in combinations(range(n), 2):
        if form[i][j] < 0:
            vector = [fmpq(0)] * n
            vector[i] = vector[j] = fmpq(1)
            total = form[i][i] + form[j][j] + 2 * form[i][j]
            if total < 0:
                return vector
    return None
