"""Linear equations as spaces of solutions: which hold together, which lie in another, and points in them."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.critical.polynomials.polynomial_rings import names_of
from gradcli.calculus.critical.polynomials.quotient_algebra import (
    groebner,
)
from gradcli.calculus.critical.polynomials.rational_functions import Polynomial
from gradcli.calculus.critical.polynomials.real_roots import Root


def reduced(p: Polynomial, q: Polynomial) -> Polynomial:
    """p where q vanishes, if q is linear in a variable with a constant coefficient."""
    for i in range(len(q.context().gens())):
        slope = q.derivative(i)
        if q.degrees()[i] == 1 and slope.is_constant():
            name = names_of(q.context())[i]
            x = q.context().gens()[i]
            return p.compose(*(x - q / slope if other == name else q.context().gens()[k]
                               for k, other in enumerate(names_of(q.context()))))  # fmt: skip
    return p


def is_consistent(space: Sequence[Polynomial], names: Sequence[str]) -> bool:
    """Whether equations have a solution together."""
    return not any(not any(e) for p in groebner(space, names) for e in [max(p, key=sum)])


def lies_on(space: Sequence[Polynomial], avoided: Sequence[Polynomial], names: Sequence[str]) -> bool:
    """Whether one of *avoided* vanishes on all of a linear space."""
    for p in avoided:
        rest = p
        for terms in groebner(space, names):
            rest = reduced(rest, p.context().from_dict(terms))
        if rest == 0:
            return True
    return False


def is_point_of(root: Root, space: Sequence[Polynomial]) -> bool:
    """Whether a point satisfies linear equations, to more digits than the sizes of both allow it to miss them by."""
    coordinates = root.at(2_000)
    with working_bits(4_000):
        return all(
            sum(
                (arb(c) * (coordinates[e.index(1)] if any(e) else 1) for e, c in p.to_dict().items()), arb(0)
            ).contains(0)
            for p in space
        )


def largest(spaces: Sequence[list[Polynomial]], names: Sequence[str]) -> list[list[Polynomial]]:
    """Each linear space once, without those that lie in another."""
    kept: list[list[Polynomial]] = []
    for space in sorted(spaces, key=len):
        rank = len(groebner(space, names))
        if not any(len(groebner([*space, *other], names)) == rank for other in kept):
            kept.append(space)
    return kept
