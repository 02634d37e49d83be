"""Whether a polynomial takes values of both signs, so that it vanishes on a surface."""

from __future__ import annotations

from itertools import product

from flint import fmpq

from gradcli.calculus.critical.polynomials.rational_functions import Polynomial
from gradcli.calculus.linear_algebra.inertia import inertia_of

#: Places, in each variable, at which a polynomial's signs are looked at.
_SIGNS = tuple(fmpq(p, 4) for p in (-400, -40, -13, -8, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 13, 40, 400))


_MOST_PLACES = 8_000


def changes_sign(q: Polynomial) -> bool:
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


def is_one_signed(q: Polynomial) -> bool:
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
