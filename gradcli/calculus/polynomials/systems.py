"""System of polynomials → every real solution: points, each a root that can be refined, and hypersurfaces of them.

What all equations have in common is a hypersurface of solutions; off it, and off the poles, the others are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mpoly_ctx, fmpq_poly

from gradcli.calculus.linear_algebra.inertia import inertia_of
from gradcli.calculus.polynomials.quotient_algebra import MOST_DIMENSION, TooLarge, algebra_of
from gradcli.calculus.polynomials.rational_functions import Polynomial, System
from gradcli.calculus.polynomials.univariate import Points, Root, points_of, real_roots

#: The name of the variable that keeps solutions off the poles; no name of an expression is like it.
_OFF = "1/"

#: Places, in each variable, at which a polynomial's signs are looked at.
_SIGNS = tuple(fmpq(p, 4) for p in (-400, -40, -13, -8, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 13, 40, 400))
_MOST_PLACES = 8_000


class Solved(NamedTuple):
    """Real points; irreducible polynomials whose zeros are all solutions; whether these are all, shown; why not.

    everywhere: every point is a solution.
    """

    points: list[Root]
    surfaces: list[Polynomial]
    complete: bool
    why: str = ""
    everywhere: bool = False


def solved(system: System) -> Solved:
    """The real solutions of a system of polynomials."""
    equations = [p for p in system.equations if p != 0]
    if not equations:
        return Solved([], [], True, everywhere=True)
    if len(system.names) == 1:
        return Solved(_of_one(equations, system.divisors), [], True)
    shared = equations[0]
    for p in equations[1:]:
        shared = shared.gcd(p)
    surfaces = [q for q, _ in shared.factor()[1] if not _divides(q, system.divisors)]
    rest = [p / shared for p in equations]
    try:
        points = _points(rest, (*system.divisors, *surfaces), system.names)
    except TooLarge:
        why = f"the system is too large for an exact count (its quotient algebra has at most {MOST_DIMENSION} dimensions)"
        return Solved([], surfaces, False, why)
    if points is None:
        return Solved([], surfaces, False, "the system has infinitely many complex solutions")
    return _with_surfaces(points, surfaces, system)


def _of_one(equations: Sequence[Polynomial], divisors: Sequence[Polynomial]) -> list[Root]:
    """The real roots of a polynomial in one variable that are no poles."""
    factors = [(q, m) for q, m in equations[0].factor()[1] if not _divides(q, divisors)]
    dense = tuple((_dense(q), m) for q, m in factors)
    points = Points(sum(q.degree() for q, _ in dense), dense, (fmpq_poly([0, 1]),), fmpq_poly([1]), (dense,))
    return real_roots(points)


def _dense(polynomial: Polynomial) -> Any:
    """A polynomial in one variable as one of its own type."""
    terms = {e[0]: c for e, c in polynomial.to_dict().items()}
    return fmpq_poly([terms.get(k, fmpq(0)) for k in range(max(terms) + 1)])


def _divides(q: Polynomial, divisors: Sequence[Polynomial]) -> bool:
    return any(not q.gcd(d).is_constant() for d in divisors)


def _points(
    equations: Sequence[Polynomial], avoided: Sequence[Polynomial], names: Sequence[str]
) -> list[Root] | None:
    """The real solutions at which none of *avoided* vanishes (Rabinowitsch's trick); None where they are infinitely
    many complex ones. Raises TooLarge.
    """
    every: list[Polynomial] = list(equations)
    symbols = list(names)
    if avoided:
        symbols.append(_OFF)
        context = fmpq_mpoly_ctx.get(symbols, "degrevlex")
        every = [context.from_dict({(*e, 0): c for e, c in p.to_dict().items()}) for p in equations]
        whole = context.gens()[-1]
        for q in _distinct([f for p in avoided for f, _ in p.factor()[1]]):
            whole = whole * context.from_dict({(*e, 0): c for e, c in q.to_dict().items()})
        every.append(whole - 1)
    algebra = algebra_of(every, symbols)
    return None if algebra is None else real_roots(points_of(algebra))


def _distinct(polynomials: Sequence[Polynomial]) -> list[Polynomial]:
    """Each of them once; they cannot be hashed."""
    found: list[Polynomial] = []
    for p in polynomials:
        if p not in found:
            found.append(p)
    return found


def _with_surfaces(points: list[Root], surfaces: Sequence[Polynomial], system: System) -> Solved:
    """The points with those of surfaces that are no real surfaces: what is never negative vanishes where it is singular."""
    kept, complete, why = [], True, ""
    for q in surfaces:
        if _changes_sign(q):
            kept.append(q)
            continue
        slopes = [q.derivative(i) for i in range(len(system.names))]
        singular = _points([q, *slopes], system.divisors, system.names)
        if singular is None:
            kept.append(q)
            continue
        points = [*points, *singular]
        if not _one_signed(q):
            complete, why = False, "whether a common factor of the slopes vanishes elsewhere is not decided"
    return Solved(points, kept, complete, why)


def _changes_sign(q: Polynomial) -> bool:
    """Whether places of both signs are seen: then there is a real surface between them."""
    size = len(q.context().gens())
    width = next((n for n in range(len(_SIGNS), 0, -1) if n**size <= _MOST_PLACES), 1)
    places = _SIGNS[(len(_SIGNS) - width) // 2 :][:width]
    seen = set()
    for place in product(places, repeat=size):
        value = q(*place)
        seen.add((value > 0) - (value < 0))
        if {1, -1} <= seen:
            return True
    return False


def _one_signed(q: Polynomial) -> bool:
    """Whether a polynomial of degree 2 is shown to keep its sign, by the inertia of its form."""
    if q.total_degree() > 2:
        return False
    size = len(q.context().gens())
    rows = [[fmpq(0)] * (size + 1) for _ in range(size + 1)]
    for e, c in q.to_dict().items():
        places = [i for i, k in enumerate(e) for _ in range(k)]
        i, j = (*places, size, size)[:2]
        rows[i][j] += c / 2
        rows[j][i] += c / 2
    found = inertia_of(rows)
    return not (found.positive and found.negative)
