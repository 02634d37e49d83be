"""Lines and planes of solutions of Lagrange's systems: what they are, and the one value that f has on each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_mpoly_ctx

from gradcli.calculus.critical.polynomials.polynomial_rings import ring
from gradcli.calculus.critical.polynomials.polynomial_systems import Solved
from gradcli.calculus.critical.polynomials.rational_functions import NotRational, Polynomial, read
from gradcli.language.parser.outputs import total
from gradcli.language.records import NamedTuple


class Family(NamedTuple):
    """Points that all solve the system of the constraints *held*: their equations as texts, and f's value on all of them.

    f does not change along them: where ∇f = Σ λ∇c and the c are 0, f moves by Σ λ dc, which is 0.
    """

    held: tuple[int, ...]
    equations: tuple[str, ...]
    value: Any


def families_of(
    answer: Solved, held: Sequence[int], names: Sequence[str], text: str, given: Collection[str]
) -> list[Family] | None:
    """The lines and planes among the solutions of ∇f = Σ λ∇c; None for infinitely many others, or where f has no value."""
    if answer.everywhere or any(p.total_degree() > 1 for p in answer.surfaces):
        return None
    found = []
    for space in [*([p] for p in answer.surfaces), *answer.spaces]:
        place = _point(space)
        if place is None:
            return None
        try:
            f = read(total([text], given), ring(fmpq_mpoly_ctx, names), {})
        except NotRational:
            return None
        own = [*place[: len(names)]]
        below = f.below(*own)
        if below == 0:
            return None
        found.append(Family(tuple(held), _texts(space, len(names)), f.above(*own) / below))
    return found


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
            texts.append(f"{p / p.leading_coefficient()} = 0")
    return tuple(dict.fromkeys(texts))
