"""Hessian at a point → its inertia, in as many bits as it takes, and by minors that are shown to vanish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import ZERO, Number, ball, exact, working_bits
from gradcli.calculus.balls.programs.ball_backend import FIRST_BITS, most_bits, run, run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.linear_algebra.inertia import Inertia, by_descartes, inertia_of, parts_of
from gradcli.calculus.linear_algebra.principal_minors import sums_of_minors
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.point_answer import Value
from gradcli.calculus.program.program import Program

#: Right bits of the entries that are looked at first.
_BITS = 64

#: Parts of more rows are not asked of sympy.
MINORS = 4

#: What the two sides of a point agree to, where an entry has a value only from them.
_SIDES = arb("1e-20")


def inertia_at(matrix: Matrix, point: Mapping[str, Value]) -> Inertia | None:
    """The inertia of a Hessian (as `hessian_of` makes it) at *point*; None where an entry has no number there.

    point: floats are their doubles, texts their decimals or constant expressions. Raises DomainProblem where f has
    no value.
    """
    program = matrix.program
    given = [point[name] for name in program.variables]
    places = [slot for row in matrix.slots for slot in row if slot is not None]
    found = run_to_bits(program, given, places, _BITS)
    if matrix.unknown or any(isinstance(x, Failure) and undecided(x) for x in found.values()):
        return None
    if any(isinstance(x, Failure) for x in found.values()):
        return _from_sides(matrix, point)
    first = inertia_of(rows_of(matrix, found))
    return _looked_closer(matrix, given, found, first) if first.undecided else first


def rows_of(matrix: Matrix, slots: Mapping[int, Any] | Sequence[Any]) -> list[list[Number]]:
    """The table's entries among the slots of a run; 0 where there is no connection."""
    return [[ZERO if slot is None else slots[slot] for slot in row] for row in matrix.slots]


def _from_sides(matrix: Matrix, point: Mapping[str, Value]) -> Inertia | None:
    """The same from entries that have a value only because both sides of the point agree on one."""
    rows = rows_from_sides(matrix, point, 30)
    return inertia_of(rows) if rows else None


def rows_from_sides(matrix: Matrix, point: Mapping[str, Value], digits: int) -> list[list[Number]] | None:
    """The table's entries as what both sides of the point agree on; None where they do not, or mixed partials differ."""
    from gradcli.calculus.corners.table_in_balls import run_table

    entries = run_table(matrix, point, digits).entries
    columns = range(len(entries))
    if any(entries[i][j] is None and matrix.slots[i][j] is not None for i in columns for j in columns):
        return None
    rows = [[ZERO if x is None else _agreed(x) for x in row] for row in entries]
    overlap = all(ball(rows[i][j]).overlaps(ball(rows[j][i])) for i in columns for j in range(i))
    return rows if overlap else None


def _agreed(x: Number) -> Number:
    return x if exact(x) or x.is_zero() else x * (1 + arb(0, _SIDES))


def _looked_closer(matrix: Matrix, given: Sequence[Any], found: Mapping[int, Any], first: Inertia) -> Inertia:
    """The inertia with more bits, to the documented limit of them; then what minors that are shown to vanish say."""
    facts: dict[tuple[int, ...], Number] = {(slot,): ZERO for slot, x in found.items() if exact(x) and x == 0}
    bits, most, best = 2 * FIRST_BITS, most_bits(matrix.program), first
    while best.undecided and bits <= most:
        slots = run(matrix.program, given, bits, facts=facts)
        rows = rows_of(matrix, slots)
        if not any(isinstance(x, Failure) for row in rows for x in row):
            with working_bits(bits):
                best = inertia_of(rows)
        bits *= 2
    if not best.undecided:
        return best
    parts = [_by_minors(matrix, given, part) for part in parts_of(rows_of(matrix, found))]
    return best if None in parts else Inertia(*map(sum, zip(*filter(None, parts), strict=True)))


def _by_minors(matrix: Matrix, given: Sequence[Any], part: Sequence[int]) -> Inertia | None:
    """The inertia of some rows and columns by the coefficients of their characteristic polynomial, each of which is
    shown to be 0 or not; None where one is not decided.
    """
    if len(part) > MINORS:
        return None
    program, sums = sums_of_minors(matrix, part)
    values = _decided(program, given, sums)
    return (
        None
        if values is None
        else by_descartes([1, *(-v if k % 2 == 0 else v for k, v in enumerate(values))])
    )


def _decided(program: Program, given: Sequence[Any], slots: Sequence[int | None]) -> list[int] | None:
    """The signs of slots, None where one is open; a slot that is None is 0."""
    found = run_to_bits(program, given, [slot for slot in slots if slot is not None], 8)
    signs = []
    for slot in slots:
        x = ZERO if slot is None else found[slot]
        if isinstance(x, Failure) or not (exact(x) or x > 0 or x < 0):
            return None
        signs.append((x > 0) - (x < 0))
    return signs
