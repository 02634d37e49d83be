"""Quotient algebra → its distinct real points, each as a root of one polynomial: counted exactly, refined at will.

A linear form that takes another value at every complex point makes points of the roots of its characteristic polynomial
(rational univariate representation, Rouillier 1999): real points of real roots. That it does is shown by its number of
values being the rank of the trace form (Hermite), which counts the distinct complex points.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq, fmpq_mat, fmpq_poly, fmpz_poly

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.critical.polynomials.quotient_algebra import Algebra

#: Linear forms that are tried: more than enough of them take another value at every point.
_FORMS = 40


class Points(NamedTuple):
    """The real points of a system: as many as *count*, `complex_count` distinct ones in all.

    factors: irreducible polynomials in the value t of a linear form, with their multiplicities. numerators, below:
    coordinate i is numerators[i](t)/below(t), and a root of one of coordinates[i].
    """

    complex_count: int
    factors: tuple[tuple[Any, int], ...]
    numerators: tuple[Any, ...]
    below: Any
    coordinates: tuple[tuple[tuple[Any, int], ...], ...]


class Root(NamedTuple):
    """One real point: the irreducible factor and the place of its root among the factor's real ones, ascending."""

    points: Points
    factor: Any
    multiplicity: int
    place: int

    def at(self, bits: int) -> list[Any]:
        """Its coordinates, as balls of about so many bits."""
        working = 2 * bits
        while True:
            with working_bits(working):
                t = _real_roots(self.factor)[self.place]
                below = _at(self.points.below, t)
                if not below.contains(0):
                    found = [_at(p, t) / below for p in self.points.numerators]
                    if all(_narrow(x, bits) for x in found):
                        return found
            working *= 2

    def short_roots(self, bits: int) -> list[tuple[Any, int] | None]:
        """For each coordinate the irreducible polynomial of degree 1 or 2 that it is a root of, and which root in
        ascending order; None where its polynomial is longer.
        """
        coordinates = self.at(bits)
        with working_bits(2 * bits):
            pairs = zip(coordinates, self.points.coordinates, strict=False)
            return [_root_among(x, factors) for x, factors in pairs]


def _root_among(x: Any, factors: Sequence[tuple[Any, int]]) -> tuple[Any, int] | None:
    """Which root of which factor of degree 1 or 2 a ball holds, if it holds one of no other factor."""
    for factor, _ in factors:
        if factor.degree() > 2 or not _at(factor, x).contains(0):
            continue
        holding = [k for k, root in enumerate(_real_roots(factor)) if root.overlaps(x)]
        others = [q for q, _ in factors if q != factor]
        if len(holding) == 1 and not any(_at(q, x).contains(0) for q in others):
            return factor, holding[0]
    return None


def points_of(algebra: Algebra) -> Points:
    """The points of a system with finitely many complex solutions."""
    if not algebra.monomials:
        return Points(0, (), (), fmpq_poly([1]), ())
    distinct = None
    traces = None
    for k in range(_FORMS):
        form = _form(algebra, (k + 1) // 2 * (-1) ** k)
        polynomial = form.charpoly()
        _, factors = fmpq_poly(polynomial).factor()
        degree = sum(p.degree() for p, _ in factors)
        if degree < len(algebra.monomials) and distinct is None:
            traces = _traces(algebra)
            distinct = _trace_form(algebra, traces).rank()
        if degree == (len(algebra.monomials) if distinct is None else distinct):
            return _represented(algebra, form, factors, traces)
    raise ArithmeticError("no linear form separates the points")


def real_roots(points: Points) -> list[Root]:
    """All real points."""
    with working_bits(128):
        return [
            Root(points, factor, multiplicity, k)
            for factor, multiplicity in points.factors
            for k in range(len(_real_roots(factor)))
        ]


def _real_roots(factor: Any) -> list[Any]:
    """The real roots of an irreducible polynomial, ascending, in the precision that is set."""
    return _roots(tuple(factor.numer().coeffs()), ctx.prec)


@lru_cache(64)
def _roots(coefficients: tuple[Any, ...], bits: int) -> list[Any]:
    pairs: Any = fmpz_poly(list(coefficients)).complex_roots()
    found = [x for x, _ in pairs]
    return sorted((x.real for x in found if x.imag.is_zero()), key=lambda x: x.mid())


def _narrow(x: Any, bits: int) -> bool:
    return bool(x.rad() <= (arb(1) + abs(x.mid())) * arb(2) ** -bits)


def _at(polynomial: Any, t: Any) -> Any:
    total = arb(0)
    for c in reversed(polynomial.coeffs()):
        total = total * t + arb(c)
    return total


def _form(algebra: Algebra, k: int) -> Any:
    """The matrix of x₁ + k·x₂ + k²·x₃ + …, after a form in which no variable is left out."""
    total = algebra.times[0]
    for i, matrix in enumerate(algebra.times[1:], 1):
        total = total + matrix * fmpq(k) ** i
    return total


def _traces(algebra: Algebra) -> tuple[list[Any], list[Any]]:
    """The trace of multiplying by each monomial of the basis, and the matrices themselves."""
    place = {e: k for k, e in enumerate(algebra.monomials)}
    count = len(algebra.monomials)
    one = fmpq_mat([[fmpq(int(i == j)) for j in range(count)] for i in range(count)])
    matrices: list[Any] = []
    for e in algebra.monomials:
        i = next((i for i, power in enumerate(e) if power), None)
        lower = None if i is None else place[(*e[:i], e[i] - 1, *e[i + 1 :])]
        matrices.append(one if i is None or lower is None else algebra.times[i] * matrices[lower])
    return [sum((m[k, k] for k in range(count)), fmpq(0)) for m in matrices], matrices


def _trace_form(algebra: Algebra, traces: tuple[list[Any], list[Any]]) -> Any:
    """Hermite's form: the trace of multiplying by the product of two monomials of the basis."""
    functional = fmpq_mat([traces[0]])
    return fmpq_mat([list((functional * m).entries()) for m in traces[1]])


def _represented(
    algebra: Algebra,
    form: Any,
    factors: Sequence[tuple[Any, int]],
    traces: tuple[list[Any], list[Any]] | None,
) -> Points:
    """The coordinates as quotients of polynomials in the form's value."""
    functional = fmpq_mat([(traces or _traces(algebra))[0]])
    radical = fmpq_poly([1])
    for factor, _ in factors:
        radical = radical * factor
    count = len(algebra.monomials)
    one = fmpq_mat([[fmpq(int(i == 0))] for i in range(count)])
    numerators = [_trace_polynomial(functional, form, matrix * one, radical) for matrix in algebra.times]
    below = _trace_polynomial(functional, form, one, radical)
    coordinates = tuple(tuple(matrix.charpoly().factor()[1]) for matrix in algebra.times)
    return Points(radical.degree(), tuple(factors), tuple(numerators), below, coordinates)


def _trace_polynomial(functional: Any, form: Any, vector: Any, radical: Any) -> Any:
    """The sum of the traces of vector*form**k times the Horner polynomials of the radical."""
    coefficients = list(reversed(radical.coeffs()))
    t, total, horner = fmpq_poly([0, 1]), fmpq_poly([0]), []
    current = fmpq_poly([0])
    for c in coefficients[:-1]:
        current = current * t + c
        horner.append(current)
    for h in reversed(horner):
        total = total + h * (functional * vector)[0, 0]
        vector = form * vector
    return total
