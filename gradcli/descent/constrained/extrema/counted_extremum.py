"""A point without multipliers, found to be the least (or greatest) of all points where f can be extreme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.descent.constrained.extrema.constrained_extrema import constrained_extrema
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError

#: Variables and constraints up to which all points are counted.
NAMES, CONSTRAINTS = 4, 5


def is_least_of_all(
    text: str, constraints: Sequence[Constraint], at: Mapping[str, float], *, ascend: bool
) -> bool:
    """Whether f is shown to be nowhere lower (higher, uphill) under the constraints than at the point *at*.

    Quotients of polynomials alone: all points where f can be extreme are known then, and that the least value is attained.
    """
    if len(at) > NAMES or len(constraints) > CONSTRAINTS:
        return False
    stem = "multiplier"
    while any(name.startswith(stem) for name in at):
        stem += "_"
    symbols = [f"{stem}{i}" for i in range(len(constraints))]
    try:
        found = constrained_extrema(text, constraints, at, symbols, {}, most=1)
    except GradcliError:
        return False
    word = "maximum" if ascend else "minimum"
    return any(
        word in one.absolutes and all(abs(one.at[n] - x) <= 1e-9 * (1 + abs(x)) for n, x in at.items())
        for one in found.points
    )
