"""System of polynomials → every real solution: points, each a root that can be refined, and hypersurfaces of them.

What all equations have in common is a hypersurface of solutions; off it, and off the poles, the others are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mpoly_ctx, fmpq_poly

from gradcli.calculus.critical.polynomials.linear_spaces import (
    is_consistent,
    is_point_of,
    largest,
    lies_on,
    reduced,
)
from gradcli.calculus.critical.polynomials.polynomial_rings import ring
from gradcli.calculus.critical.polynomials.polynomial_signs import changes_sign, is_one_signed
from gradcli.calculus.critical.polynomials.quotient_algebra import (
    MOST_DIMENSION,
    TooLarge,
    algebra_of,
)
from gradcli.calculus.critical.polynomials.rational_functions import Polynomial, System
from gradcli.calculus.critical.polynomials.real_roots import Points, Root, points_of, real_roots

#: The name of the variable that keeps solutions off the poles; no name of an expression is like it.
_OFF = "1/"


#: Branches that a system with infinitely many solutions is split into.
_MOST_BRANCHES = 200


class Solved(NamedTuple):
    """Real points; irreducible polynomials whose zeros are all solutions; whether these are all, shown; why not.

    everywhere: every point is a solution. spaces: linear equations, all of whose solutions are some of the system.
    counted: whether the system was small enough. curves: equations of further sets with infinitely many solutions, of which
    nobody knows more; but_curves: whether these are all, beside those.
    """

    points: list[Root]
    surfaces: list[Polynomial]
    complete: bool
    why: str = ""
    everywhere: bool = False
    counted: bool = True
    spaces: Sequence[Sequence[Polynomial]] = ()
    curves: Sequence[Sequence[Polynomial]] = ()
    but_curves: bool = False


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
        return Solved([], surfaces, False, why, counted=False)
    if points is None:
        return _in_branches(rest, surfaces, system)
    return _with_surfaces(points, surfaces, system)


def _in_branches(equations: Sequence[Polynomial], surfaces: Sequence[Polynomial], system: System) -> Solved:
    """The solutions of a system with infinitely many, one factor of an equation after the other: linear spaces of them,
    and the points of branches that have finitely many.
    """
    points: list[Root] = []
    spaces: list[list[Polynomial]] = []
    curves: list[list[Polynomial]] = []
    waiting = [(list(equations), [*system.divisors, *surfaces])]
    for _ in range(_MOST_BRANCHES):
        if not waiting:
            break
        branch, avoided = waiting.pop()
        branch = [p for p in branch if p != 0]
        if any(p.is_constant() for p in branch):
            continue
        if all(p.total_degree() <= 1 for p in branch):
            if is_consistent(branch, system.names) and not lies_on(branch, avoided, system.names):
                spaces.append(branch)
            continue
        found = _tried(branch, avoided, system.names)
        if found is not None:
            points += found
            continue
        place = next((i for i, p in enumerate(branch) if _splits(p)), None)
        if place is None:
            curves.append(branch)
            continue
        before: list[Polynomial] = []
        for q in [f for f, _ in branch[place].factor()[1]]:
            rest = [reduced(p, q) for i, p in enumerate(branch) if i != place]
            waiting.append(([q, *rest], [*avoided, *before]))
            before.append(q)
    kept = largest(spaces, system.names)
    points = [root for root in points if not any(is_point_of(root, space) for space in kept)]
    real = [q for q in surfaces if changes_sign(q)]
    all_but_curves = not waiting and len(real) == len(surfaces)
    complete = all_but_curves and not curves
    why = "" if complete else "the system has infinitely many complex solutions"
    return Solved(points, real, complete, why, spaces=kept, curves=curves, but_curves=all_but_curves)


def _tried(
    equations: Sequence[Polynomial], avoided: Sequence[Polynomial], names: Sequence[str]
) -> list[Root] | None:
    try:
        return _points(equations, avoided, names)
    except TooLarge:
        return None


def _splits(p: Polynomial) -> bool:
    """Whether a polynomial has several factors, or one several times."""
    factors = p.factor()[1]
    return len(factors) > 1 or any(m > 1 for _, m in factors)


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
        context = ring(fmpq_mpoly_ctx, symbols)
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
        if changes_sign(q):
            kept.append(q)
            continue
        slopes = [q.derivative(i) for i in range(len(system.names))]
        singular = _points([q, *slopes], system.divisors, system.names)
        if singular is None:
            kept.append(q)
            continue
        points = [*points, *singular]
        if not is_one_signed(q):
            complete, why = False, "whether a common factor of the slopes vanishes elsewhere is not decided"
    return Solved(points, kept, complete, why)
