"""System of polynomials → its quotient algebra: a basis of monomials, and what multiplying by each variable does.

A Gröbner basis by Buchberger's algorithm, then multiplication matrices as in FGLM (Faugère, Gianni, Lazard & Mora
1993). Exact in rationals throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mat, fmpz, fmpz_mpoly_ctx, fmpz_mpoly_vec

from gradcli.calculus.critical.polynomials.polynomial_rings import ring
from gradcli.calculus.critical.polynomials.rational_functions import Polynomial

#: The dimension of a quotient algebra that is worked in; polynomials, terms and bits that its basis may take.
MOST_DIMENSION = 80
_LIMITS = (150, 600, 4_000)

Exponents = tuple[int, ...]


class TooLarge(Exception):
    """The basis or the algebra is beyond the documented sizes."""


class Algebra(NamedTuple):
    """The monomials that no leading one divides, and for each variable the matrix that multiplying by it is.

    monomials is empty where there is no solution at all.
    """

    monomials: tuple[Exponents, ...]
    times: tuple[Any, ...]


def algebra_of(equations: Sequence[Polynomial], names: Sequence[str]) -> Algebra | None:
    """The quotient algebra of a system; None where it has infinitely many complex solutions. Raises TooLarge."""
    basis = groebner([p for p in equations if p != 0], names)
    if not basis:
        return None
    leading = [max(p, key=_order) for p in basis]
    if any(not any(e) for e in leading):
        return Algebra((), ())
    size = len(names)
    ends = [min((e[i] for e in leading if sum(e) == e[i]), default=0) for i in range(size)]
    if not all(ends):
        return None
    monomials = _under(leading, ends)
    tails = dict(zip(leading, basis, strict=True))
    return Algebra(monomials, _matrices(monomials, tails, size))


def groebner(equations: Sequence[Polynomial], names: Sequence[str]) -> list[dict[Exponents, Any]]:
    """The reduced Gröbner basis in the graded reverse lexicographic order, leading coefficients 1. Raises TooLarge."""
    if not equations:
        return []
    context = ring(fmpz_mpoly_ctx, names)
    whole = [context.from_dict(_integers(p)) for p in equations]
    found: Any = fmpz_mpoly_vec(whole, context).buchberger_naive(limits=_LIMITS)
    basis, done = found
    if not done:
        raise TooLarge
    result = []
    for polynomial in basis.autoreduction():
        terms = {e: fmpq(c) for e, c in polynomial.to_dict().items()}
        lead = terms[max(terms, key=_order)]
        result.append({e: c / lead for e, c in terms.items()})
    return result


def remainder(
    polynomial: dict[Exponents, Any], basis: Sequence[dict[Exponents, Any]], size: int
) -> dict[Exponents, Any]:
    """What a polynomial leaves on division by a Gröbner basis: nothing just where it is a sum of multiples of that.

    Exponents of fewer variables than the basis' *size* are of the first of them.
    """
    rest = {e + (0,) * (size - len(e)): c for e, c in polynomial.items()}
    leads = [(max(p, key=_order), p) for p in basis]
    kept: dict[Exponents, Any] = {}
    while rest:
        e = max(rest, key=_order)
        c = rest.pop(e)
        divisor = next((one for one in leads if all(a <= b for a, b in zip(one[0], e, strict=True))), None)
        if divisor is None:
            kept[e] = c
            continue
        lead, p = divisor
        share = c / p[lead]
        for exponents, number in p.items():
            if exponents == lead:
                continue
            place = tuple(a + b - d for a, b, d in zip(exponents, e, lead, strict=True))
            left = rest.get(place, fmpq(0)) - share * number
            if left == 0:
                rest.pop(place, None)
            else:
                rest[place] = left
    return kept


def _integers(polynomial: Polynomial) -> dict[Exponents, Any]:
    terms = polynomial.to_dict()
    below = fmpz(1)
    for c in terms.values():
        below = below * (c.q // c.q.gcd(below))
    return {e: (c * below).p for e, c in terms.items()}


def _order(e: Exponents) -> tuple[int, tuple[int, ...]]:
    """The key of the graded reverse lexicographic order."""
    return sum(e), tuple(-k for k in reversed(e))


def _under(leading: Sequence[Exponents], ends: Sequence[int]) -> tuple[Exponents, ...]:
    """The monomials that no leading one divides, in order. Raises TooLarge."""
    box = 1
    for end in ends:
        box *= end
    if box > 200 * MOST_DIMENSION:
        raise TooLarge
    found = [
        e
        for e in product(*map(range, ends))
        if not any(all(a >= b for a, b in zip(e, lead, strict=True)) for lead in leading)
    ]
    if len(found) > MOST_DIMENSION:
        raise TooLarge
    return tuple(sorted(found, key=_order))


def _matrices(
    monomials: Sequence[Exponents], tails: dict[Exponents, dict[Exponents, Any]], size: int
) -> tuple[Any, ...]:
    """Column k of matrix i: the normal form of variable i times monomial k."""
    place = {e: k for k, e in enumerate(monomials)}
    border = sorted({_raised(e, i) for e in monomials for i in range(size)} - set(place), key=_order)
    forms: dict[Exponents, dict[int, Any]] = {e: {k: fmpq(1)} for e, k in place.items()}
    for e in border:
        forms[e] = _tail(tails[e], e, place) if e in tails else _from_below(e, forms, monomials, size)
    count = len(monomials)
    matrices = []
    for i in range(size):
        rows = [[fmpq(0)] * count for _ in range(count)]
        for k, e in enumerate(monomials):
            for row, c in forms[_raised(e, i)].items():
                rows[row][k] = c
        matrices.append(fmpq_mat(rows))
    return tuple(matrices)


def _raised(e: Exponents, i: int, by: int = 1) -> Exponents:
    return (*e[:i], e[i] + by, *e[i + 1 :])


def _tail(polynomial: dict[Exponents, Any], lead: Exponents, place: dict[Exponents, int]) -> dict[int, Any]:
    return {place[e]: -c for e, c in polynomial.items() if e != lead}


def _from_below(
    e: Exponents, forms: dict[Exponents, dict[int, Any]], monomials: Sequence[Exponents], size: int
) -> dict[int, Any]:
    """The normal form of a border monomial from that of one it is a variable times of."""
    known = set(monomials)
    i = next(i for i in range(size) if e[i] and _raised(e, i, -1) not in known and _raised(e, i, -1) in forms)
    total: dict[int, Any] = {}
    for k, c in forms[_raised(e, i, -1)].items():
        for row, d in forms[_raised(monomials[k], i)].items():
            total[row] = total.get(row, fmpq(0)) + c * d
    return total
