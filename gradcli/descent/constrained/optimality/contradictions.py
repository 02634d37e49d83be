"""Equations of polynomials that have no common solution, not even a complex one: their Gröbner basis is 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flint import fmpq_mpoly_ctx

from gradcli.calculus.critical.polynomials.polynomial_rings import ring
from gradcli.calculus.critical.polynomials.quotient_algebra import TooLarge, groebner
from gradcli.calculus.critical.polynomials.rational_functions import NotRational, read
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.parser.outputs import total

#: Equations and variables at the most.
MOST = 8


def contradict(constraints: Sequence[Constraint], given: Collection[str], names: Sequence[str]) -> bool:
    """Whether the equations among *constraints* certainly contradict each other."""
    equations = [one for one in constraints if one.relation == "="]
    if not equations or len(equations) > MOST or len(names) > MOST:
        return False
    context = ring(fmpq_mpoly_ctx, names)
    try:
        found = [read(total([one.difference], given), context, {}).above for one in equations]
        basis = groebner(found, names)
    except (NotRational, TooLarge, KeyError):
        return False
    return any(len(p) == 1 and not any(next(iter(p))) for p in basis)
