"""Lines, planes and curves of solutions of Lagrange's systems: what they are, and the one value that f has on each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_mpoly_ctx

from gradcli.calculus.critical.polynomials.polynomial_rings import names_of, ring
from gradcli.calculus.critical.polynomials.polynomial_systems import Solved
from gradcli.calculus.critical.polynomials.quotient_algebra import TooLarge, groebner, remainder
from gradcli.calculus.critical.polynomials.rational_functions import NotRational, Polynomial, read
from gradcli.language.parser.outputs import total
from gradcli.language.records import NamedTuple


class Family(NamedTuple):
    """Points that all solve the system of the constraints *held*: their equations as texts, and f's value on all of them.

    sample: a point of them with simple coordinates that keeps all constraints; None where none was found.
    f does not change along them: where ∇f = Σ λ∇c and the c are 0, f moves by Σ λ dc, which is 0.
    """

    held: tuple[int, ...]
    equations: tuple[str, ...]
    value: Any
    sample: tuple[Any, ...] | None = None


def families_of(
    answer: Solved, held: Sequence[int], names: Sequence[str], text: str, given: Collection[str]
) -> list[Family] | None:
    """The lines, planes and curves among the solutions of ∇f = Σ λ∇c; None where f has no value, or no one value."""
    if answer.everywhere:
        return None
    flat = [[p] for p in answer.surfaces if p.total_degree() <= 1]
    bent = [[p] for p in answer.surfaces if p.total_degree() > 1]
    try:
        f = read(total([text], given), ring(fmpq_mpoly_ctx, names), {})
    except NotRational:
        return None
    found = [_flat(space, f, held, len(names)) for space in (*flat, *answer.spaces)]
    found += [_bent(curve, f, held, names) for curve in (*bent, *answer.curves)]
    return None if None in found else [one for one in found if one is not None]


def _flat(space: Sequence[Polynomial], f: Any, held: Sequence[int], size: int) -> Family | None:
    """A line or a plane: f at a point of it."""
    place = _point(space)
    if place is None:
        return None
    own = place[:size]
    below = f.below(*own)
    return None if below == 0 else Family(tuple(held), _texts(space, size), f.above(*own) / below)


def _bent(curve: Sequence[Polynomial], f: Any, held: Sequence[int], names: Sequence[str]) -> Family | None:
    """Curves: f's one value, if its numerator and denominator are in one proportion wherever all equations are 0."""
    whole = curve[0].context()
    every = names_of(whole)
    try:
        basis = groebner(curve, every)
    except TooLarge:
        return None
    rests = [
        remainder({tuple(map(int, e)): c for e, c in p.to_dict().items()}, basis, len(every))
        for p in (f.above, f.below)
    ]
    above, below = rests
    if not below:
        return None
    lead = next(iter(below))
    value = above.get(lead, fmpq(0)) / below[lead]
    same = above.keys() <= below.keys() and all(above.get(e, fmpq(0)) == value * c for e, c in below.items())
    return Family(tuple(held), _texts(curve, len(names)), value) if same else None


def _point(space: Sequence[Polynomial]) -> list[Any] | None:
    """A point of the solutions of linear equations; None where there is none."""
    size = len(space[0].context().gens())
    rows = [
        [*(c.get(tuple(int(i == j) for i in range(size)), fmpq(0)) for j in range(size)), -c.get((0,) * size, fmpq(0))]
        for c in ({tuple(map(int, e)): n for e, n in p.to_dict().items()} for p in space)
    ]  # fmt: skip
    reduced, rank = fmpq_mat(rows).rref()
    found = [fmpq(0)] * size
    for i in range(rank):
        pivot = next(j for j in range(size + 1) if reduced[i, j] != 0)
        if pivot == size:
            return None
        found[pivot] = reduced[i, size]
    return found


def _texts(space: Sequence[Polynomial], size: int) -> tuple[str, ...]:
    """The equations in the coordinates alone, each once."""
    texts = []
    for p in space:
        if not any(p.degrees()[size:]):
            texts.append(f"{p / p.leading_coefficient()} = 0".replace("^", "**"))
    return tuple(dict.fromkeys(texts))
