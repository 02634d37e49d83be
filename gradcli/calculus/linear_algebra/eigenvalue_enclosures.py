"""Hessian, point and inertia → its eigenvalues, exact or as balls of so many right bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb_mat

from gradcli.calculus.balls.ball_numbers import ZERO, Number, ball, exact, working_bits
from gradcli.calculus.balls.programs.ball_backend import FIRST_BITS, run, run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.linear_algebra.hessian_inertia import rows_from_sides, rows_of
from gradcli.calculus.linear_algebra.inertia import Inertia, Rows, parts_of
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.point_answer import Value


def enclosed(
    matrix: Matrix, point: Mapping[str, Value], inertia: Inertia, bits: int, most: int
) -> list[Number]:
    """The eigenvalues, ascending, each to *bits* right bits unless more than *most* bits would be needed.

    As many as *inertia* says are exactly 0.
    """
    given = [point[name] for name in matrix.program.variables]
    places = [slot for row in matrix.slots for slot in row if slot is not None]
    found = run_to_bits(matrix.program, given, places, bits)
    if any(isinstance(x, Failure) for x in found.values()):
        return _ascending(eigenvalues_of(rows_from_sides(matrix, point, bits // 3) or [], 2 * bits), inertia)
    rows = rows_of(matrix, found)
    rational = all(exact(x) for row in rows for x in row)
    facts: dict[tuple[int, ...], Number] = {(slot,): ZERO for slot, x in found.items() if exact(x) and x == 0}
    working = max(FIRST_BITS, bits + 64)
    values = _ascending(eigenvalues_of(rows, working), inertia)
    while not all(exact(x) or x.rel_accuracy_bits() >= bits for x in values) and 2 * working <= most:
        working *= 2
        again = rows if rational else rows_of(matrix, run(matrix.program, given, working, facts=facts))
        if not any(isinstance(x, Failure) for row in again for x in row):
            values = _ascending(eigenvalues_of(again, working), inertia)
    return values


def eigenvalues_of(rows: Rows, bits: int) -> list[Number]:
    """Enclosures of the eigenvalues of a symmetric matrix, with midpoints of so many bits."""
    with working_bits(bits):
        return [x for part in parts_of(rows) for x in _of_part([[rows[i][j] for j in part] for i in part])]


def _of_part(rows: Rows) -> list[Number]:
    if len(rows) == 1:
        return [rows[0][0]]
    balls = [[ball(x) for x in row] for row in rows]
    try:
        return [value.real for value in arb_mat(balls).eig(multiple=True)]
    except ValueError:  # not enclosed in so few bits: all that is said is how large they can be
        size = max((sum(abs(x) for x in row) for row in balls), key=lambda x: x.upper()).upper()
        return [(-size).union(size)] * len(rows)


def _ascending(values: Sequence[Number], inertia: Inertia) -> list[Number]:
    """The values by their middles; those that hold 0 are 0 where they are as many as eigenvalues are certainly 0."""
    holding = [i for i, x in enumerate(values) if (x == 0 if exact(x) else x.contains(0))]
    if not inertia.undecided and len(holding) == inertia.zero:
        values = [ZERO if i in holding else x for i, x in enumerate(values)]
    return sorted(values, key=_middle)


def _middle(x: Any) -> Any:
    return ball(x).mid()
