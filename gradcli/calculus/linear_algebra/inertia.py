"""Symmetric matrix of rationals and balls → how many of its eigenvalues are negative, zero and positive, for certain.

Exactly where the entries are rational: the characteristic polynomial has only real roots, so Descartes' rule of signs
counts them. Elsewhere by the pivots of a congruence in balls (Sylvester's law of inertia), in as many bits as it takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, fmpq, fmpq_mat

from gradcli.calculus.balls.ball_backend import FIRST_BITS, most_bits, run, run_to_bits
from gradcli.calculus.balls.ball_numbers import ZERO, Number, ball, exact, working_bits
from gradcli.calculus.balls.ball_operations import Failure, undecided
from gradcli.calculus.linear_algebra.principal_minors import sums_of_minors
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.program.point_answer import Value
from gradcli.calculus.program.program import Program

#: Right bits of the entries that are looked at first; parts of more rows than MINORS are not asked of sympy.
_BITS, MINORS = 64, 4

#: What the two sides of a point agree to, where an entry has a value only from them.
_SIDES = arb("1e-20")

Rows = Sequence[Sequence[Number]]


class Inertia(NamedTuple):
    """How many eigenvalues are certainly negative, zero and positive, and of how many the sign is not decided."""

    negative: int
    zero: int
    positive: int
    undecided: int = 0

    @property
    def word(self) -> str | None:
        """`positive definite`, `negative definite`, `indefinite`, `positive semidefinite`, `negative semidefinite` or
        `zero`; None where the undecided signs leave several of them open.
        """
        if self.negative and self.positive:
            return "indefinite"
        if self.undecided:
            return None
        if not (self.negative or self.positive):
            return "zero"
        sign = "positive" if self.positive else "negative"
        return f"{sign} semidefinite" if self.zero else f"{sign} definite"


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


def inertia_of(rows: Rows) -> Inertia:
    """The inertia of a symmetric matrix of rationals and balls; what its balls leave open is undecided."""
    parts = [_of_part([[rows[i][j] for j in part] for i in part]) for part in parts_of(rows)]
    return Inertia(*map(sum, zip(*parts, strict=True))) if parts else Inertia(0, 0, 0)


def parts_of(rows: Rows) -> list[list[int]]:
    """The rows in groups between which every entry is exactly 0: the eigenvalues are those of the groups."""
    groups: list[list[int]] = []
    waiting = set(range(len(rows)))
    while waiting:
        group, border = [], [min(waiting)]
        waiting.discard(border[0])
        while border:
            i = border.pop()
            group.append(i)
            near = {j for j in waiting if not _is_zero(rows[i][j]) or not _is_zero(rows[j][i])}
            waiting -= near
            border += near
        groups.append(sorted(group))
    return groups


def _is_zero(x: Number) -> bool:
    return bool(x == 0) if exact(x) else bool(x.is_zero())


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
        else _by_descartes([1, *(-v if k % 2 == 0 else v for k, v in enumerate(values))])
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


def _of_part(rows: Rows) -> Inertia:
    if all(exact(x) for row in rows for x in row):
        return _of_rationals(rows)
    return _by_pivots([[ball(x) for x in row] for row in rows])


def _of_rationals(rows: Rows) -> Inertia:
    polynomial = fmpq_mat(scaled(rows)).charpoly()
    return _by_descartes([(c > 0) - (c < 0) for c in reversed(polynomial.coeffs())])


def _by_descartes(signs: Sequence[int]) -> Inertia:
    """The counts of a polynomial's roots, all real, from its coefficients' signs, the leading one first."""
    zero = next((k for k, s in enumerate(reversed(signs)) if s), len(signs) - 1)
    kept = [s for s in signs if s]
    positive = sum(a != b for a, b in pairwise(kept))
    return Inertia(len(signs) - 1 - zero - positive, zero, positive)


def scaled(rows: Rows) -> list[list[Number]]:
    """The rows and columns times powers of two that bring the diagonal near to 1, which changes no sign."""
    powers = [_half_exponent(row[i]) for i, row in enumerate(rows)]
    two = fmpq(2)
    return [[x * two ** -(powers[i] + powers[j]) for j, x in enumerate(row)] for i, row in enumerate(rows)]


def _half_exponent(x: Number) -> int:
    size = x if exact(x) else None
    return 0 if size is None or size == 0 else (int(size.p).bit_length() - int(size.q).bit_length()) // 2


def _by_pivots(a: list[list[Any]]) -> Inertia:
    """Signs of the pivots of a symmetric elimination with whole pivoting, of one row or two (Bunch & Parlett 1971)."""
    negative = positive = 0
    while a:
        chosen = _pivot(a)
        if chosen is None:
            break
        negative += (len(chosen) == 2) or bool(a[chosen[0]][chosen[0]] < 0)
        positive += (len(chosen) == 2) or bool(a[chosen[0]][chosen[0]] > 0)
        a = _eliminated(a, chosen)
    return (
        Inertia(negative, 0, positive, len(a))
        if not all(x.is_zero() for row in a for x in row)
        else Inertia(negative, len(a), positive)
    )


def _pivot(a: Sequence[Sequence[Any]]) -> tuple[int, ...] | None:
    """A row whose diagonal entry has a certain sign, or two rows whose block has certainly one of each."""
    size = range(len(a))
    floors = [(_least(a[i][i]), i) for i in size]
    largest = max(abs(a[i][j].mid()) for i in size for j in size)
    best, row = max(floors, key=lambda pair: pair[0])
    if best > largest * 0.6:
        return (row,)
    pairs = sorted(
        ((abs(a[i][j].mid()), i, j) for i in size for j in range(i)), key=lambda t: t[0], reverse=True
    )
    for _, i, j in pairs[: len(a)]:
        if a[i][i] * a[j][j] - a[i][j] * a[i][j] < 0:
            return (i, j)
    return (row,) if best > 0 else None


def _least(x: Any) -> Any:
    """The smallest absolute value in a ball."""
    return abs(x).lower() if not x.contains(0) else arb(0)


def _eliminated(a: Sequence[Sequence[Any]], rows: tuple[int, ...]) -> list[list[Any]]:
    """The Schur complement of a pivot of one row or two."""
    rest = [i for i in range(len(a)) if i not in rows]
    if len(rows) == 1:
        (p,) = rows
        return [[a[i][j] - a[i][p] * a[p][j] / a[p][p] for j in rest] for i in rest]
    p, q = rows
    below = a[p][p] * a[q][q] - a[p][q] * a[p][q]
    result = []
    for i in rest:
        u = (a[i][p] * a[q][q] - a[i][q] * a[p][q]) / below
        v = (a[i][q] * a[p][p] - a[i][p] * a[p][q]) / below
        result.append([a[i][j] - u * a[p][j] - v * a[q][j] for j in rest])
    return result
