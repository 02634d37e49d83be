"""Lagrange's systems of polynomials for every set of active constraints, solved and counted.

For each set there are two: ∇f = Σ λ∇c, and 0 = Σ λ∇c with λ not all 0, whose points have no multipliers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import Any

from flint import fmpq_mpoly_ctx

from gradcli.calculus.critical.polynomials.exact_critical_points import place_of
from gradcli.calculus.critical.polynomials.polynomial_rings import ring
from gradcli.calculus.critical.polynomials.polynomial_systems import Solved, solved
from gradcli.calculus.critical.polynomials.rational_functions import NotRational, System, read, system_of
from gradcli.calculus.linear_algebra.second_derivative_test import Place
from gradcli.descent.constrained.extrema.candidates import Candidate, Candidates
from gradcli.descent.constrained.extrema.solution_families import Family, families_of
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.parser.outputs import total
from gradcli.language.problem_text import divided, joined, wrapped

#: Inequalities of which all sets are gone through at the most.
MOST = 8


def active_sets(constraints: Sequence[Constraint], size: int) -> Iterator[tuple[int, ...]]:
    """Every set of constraints that may be active: all equations, and some inequalities."""
    equal = [i for i, one in enumerate(constraints) if one.relation == "=" and one.names]
    rest = [i for i, one in enumerate(constraints) if one.relation != "=" and one.names]
    for count in range(len(rest) + 1):
        for some in combinations(rest, count):
            bounds = [constraints[i].bound for i in some if constraints[i].bound]
            if len(equal) + count <= max(size, len(equal)) and len(set(bounds)) == len(bounds):
                yield (*equal, *some)


def lagrange_candidates(
    text: str,
    constraints: Sequence[Constraint],
    given: Collection[str],
    names: Sequence[str],
    symbols: Sequence[str],
) -> Candidates | None:
    """The solutions of all systems; None where f or a constraint is no quotient of polynomials over the rationals.

    symbols: names for the multipliers, one for each constraint.
    """
    found = Candidates([], True, [])
    try:
        for held in active_sets(constraints, len(names)):
            found = found.with_more(_regular(text, constraints, given, (names, symbols), held))
            found = found.with_more(_singular(text, constraints, given, (names, symbols), held))
    except NotRational:
        return None
    return found


def with_definitions(text: str, constraint: Constraint) -> Constraint:
    """A constraint that stands by itself, the definitions of f's *text* before it."""
    definitions = divided(text).definitions
    if not definitions:
        return constraint
    whole = "; ".join([*definitions, f"({constraint.left}) - ({constraint.right})"])
    return constraint._replace(left=whole, right="0")


Spelled = tuple[Sequence[str], Sequence[str]]


def lagrangian_text(
    text: str, constraints: Sequence[Constraint], symbols: Sequence[str], held: Sequence[int]
) -> str:
    """f less each held constraint, so many times."""
    terms = [wrapped(constraints[i].difference, f"-{symbols[i]}*(", ")") for i in held]
    whole = joined([text, *terms])
    for i in held:
        whole = whole.replace(f" + (-{symbols[i]}*(", f" - ({symbols[i]}*(")
    return whole


def _regular(
    text: str,
    constraints: Sequence[Constraint],
    given: Collection[str],
    spelled: Spelled,
    held: Sequence[int],
) -> Candidates:
    """∇f = Σ λ∇c, and the held constraints."""
    names, symbols = spelled
    own = [symbols[i] for i in held]
    whole = total([lagrangian_text(text, constraints, symbols, held)], [*given, *symbols])
    answer = _solved(system_of(whole, [*names, *own], {}))
    families = families_of(answer, held, names, text, [*given, *symbols])
    return _told(answer, names, held, own, families=families)


def _singular(
    text: str,
    constraints: Sequence[Constraint],
    given: Collection[str],
    spelled: Spelled,
    held: Sequence[int],
) -> Candidates:
    """0 = Σ λ∇c with the first λ that is not 0 made 1, and the held constraints."""
    names, symbols = spelled
    found = Candidates([], True, [])
    for place in range(len(held)):
        later = held[place + 1 :]
        own = [symbols[i] for i in later]
        unknowns = [*names, *own]
        terms = [wrapped(constraints[i].difference, f"{symbols[i]}*(", ")") for i in later]
        alone = [with_definitions(text, constraints[i]).difference for i in held]
        whole = total([joined([alone[place], *terms])], [*given, *symbols])
        system = system_of(whole, unknowns, {})
        context = ring(fmpq_mpoly_ctx, unknowns)
        others = [read(total([one], [*given, *symbols]), context, {}) for one in alone]
        equations = [*system.equations, *(one.above for one in others)]
        divisors = [*system.divisors, *(d for one in others for d in one.divisors if not d.is_constant())]
        answer = _solved(System(tuple(unknowns), tuple(equations), tuple(divisors)))
        found = found.with_more(_told(answer, names, held, own, singular=True))
    return found


def _solved(system: System) -> Solved:
    """The solutions; none where an equation is a number that is not 0."""
    equations = [p for p in system.equations if p != 0]
    if len(system.names) == 1 and len(equations) > 1:
        shared = equations[0]
        for p in equations[1:]:
            shared = shared.gcd(p)
        equations = [shared]
    if any(p.is_constant() for p in equations):
        return Solved([], [], True)
    return solved(system._replace(equations=tuple(equations)))


def _told(
    answer: Solved, names: Sequence[str], held: Sequence[int], own: Sequence[str], *, singular: bool = False,
    families: Sequence[Family] | None = None,
) -> Candidates:  # fmt: skip
    points = []
    for root in answer.points:
        place = place_of(root, [*names, *own])
        points.append(_candidate(place, len(names), tuple(held), names, singular=singular))
    infinite = families is None and bool(
        answer.surfaces or answer.spaces or answer.curves or answer.everywhere
    )
    why = [answer.why] if answer.why else []
    complete = answer.but_curves if families is not None and answer.curves else answer.complete
    if complete:
        why = []
    elif infinite:
        why = [*why, "a system has infinitely many solutions"]
    return Candidates(points, complete and not infinite, why, families=tuple(families or ()))


def _candidate(
    place: Place, size: int, held: tuple[int, ...], names: Sequence[str], *, singular: bool
) -> Candidate:
    def coordinates(bits: int) -> list[Any]:
        """The point's coordinates."""
        return list(place.coordinates(bits)[:size])

    def multipliers(bits: int) -> list[Any]:
        """The multipliers of the held constraints."""
        return list(place.coordinates(bits)[size:])

    words = {name: (place.words or {}).get(name) for name in names}
    return Candidate(held, coordinates, None if singular else multipliers, words)
