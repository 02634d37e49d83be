"""The Lagrangian's second derivatives → a positive definite matrix with the same steps along what constraints leave free."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.descent.constrained.problems.dense_algebra import cholesky, complement, orthonormal, product
from gradcli.descent.objective.vectors import Matrix, Vector, spectrum
from gradcli.language.records import NamedTuple

#: Eigenvalues below this share of the largest are raised to it.
FLOOR = 1e-12


class StepMatrix(NamedTuple):
    """Cholesky's factor of B = H + weight*(sum of a*aᵀ over *held* rows), with eigenvalues of H made positive where needed.

    A step that goes along the held rows as they ask sees nothing of that sum; multipliers see it, see `turned`.
    """

    lower: Matrix
    matrix: Matrix
    held: tuple[int, ...] = ()
    weight: float = 0.0

    def turned(self, multipliers: Sequence[float], rows: Matrix, d: Vector) -> Vector:
        """The multipliers of the program with H itself."""
        found = list(multipliers)
        for i in self.held:
            found[i] += self.weight * product(rows[i], d)
        return found

    def curved(self, d: Vector) -> float:
        """d·B·d."""
        return product(d, [product(row, d) for row in self.matrix])


def step_matrix(hessian: Matrix, rows: Matrix, held: Sequence[int], damping: float) -> StepMatrix:
    """What stands in for *hessian* where the constraints *held* are to be met with equality.

    damping: added to the diagonal, which shortens steps. H with a positive definite form along what *held* leaves free
    becomes positive definite by a weight on these rows (Nocedal & Wright, 2nd edition, theorem 17.5); else eigenvalues
    turn into their sizes.
    """
    size = max((abs(number) for row in hessian for number in row), default=0.0)
    least = max(FLOOR * size, damping, 1e-300)
    damped = _shifted(hessian, damping)
    lower = cholesky(damped, FLOOR * size)
    if lower is not None:
        return StepMatrix(lower, damped)
    if held:
        basis, kept = orthonormal([rows[i] for i in held])
        null = complement(basis, len(hessian))
        turned = _along_null(damped, null, least)
        chosen = tuple(held[i] for i in kept)
        weight = size or 1.0
        for _ in range(8):
            whole = _weighted(turned, rows, chosen, weight)
            lower = cholesky(whole, 0.1 * least)
            if lower is not None:
                return StepMatrix(lower, whole, chosen, weight)
            weight *= 10
    whole = _made_positive(damped, least)
    lower = cholesky(whole)
    while lower is None:
        least *= 100
        whole = _shifted(_made_positive(damped, least), least)
        lower = cholesky(whole)
    return StepMatrix(lower, whole)


def _shifted(matrix: Matrix, shift: float) -> Matrix:
    return [[number + shift * (i == j) for j, number in enumerate(row)] for i, row in enumerate(matrix)]


def _made_positive(matrix: Matrix, least: float) -> Matrix:
    """The matrix with the sizes of its eigenvalues in their places, none below *least*."""
    parts = spectrum(matrix)
    n = len(matrix)
    found = [[0.0] * n for _ in range(n)]
    for value, vector in zip(parts.values, parts.vectors, strict=True):
        _add_outer(found, vector, max(abs(value), least))
    return found


def _along_null(matrix: Matrix, null: Matrix, least: float) -> Matrix:
    """The matrix, changed so that its form along the basis *null* is positive definite."""
    images = [[product(row, v) for row in matrix] for v in null]
    form = [[product(v, image) for image in images] for v in null]
    if not null or cholesky(form, 0.1 * least) is not None:
        return matrix
    found = [list(row) for row in matrix]
    parts = spectrum(form)
    for value, shares in zip(parts.values, parts.vectors, strict=True):
        raised = max(abs(value), least) - value
        if raised:
            vector = [sum(s * v[i] for s, v in zip(shares, null, strict=True)) for i in range(len(matrix))]
            _add_outer(found, vector, raised)
    return found


def _weighted(matrix: Matrix, rows: Matrix, held: Sequence[int], weight: float) -> Matrix:
    found = [list(row) for row in matrix]
    for i in held:
        _add_outer(found, rows[i], weight)
    return found


def _add_outer(matrix: Matrix, vector: Sequence[float], weight: float) -> None:
    for i, a in enumerate(vector):
        if a:
            share, row = weight * a, matrix[i]
            for j, b in enumerate(vector):
                row[j] += share * b
