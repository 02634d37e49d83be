"""The Hessian along the variables that move, in floats, for as many variables as can be afforded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.backends import float_backend
from gradcli.descent.objective.vectors import Matrix
from gradcli.language.limits import limit

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix as Table


def curvature_of(text: str, given: Sequence[str], names: Sequence[str]) -> Table | None:
    """The program of the second derivatives along *names*; None where nobody knows one, or they are too many."""
    if len(names) > limit("eigenvalues"):
        return None
    from gradcli.calculus.tables.hessian_table import hessian_of

    table = hessian_of([text], given, names, formulas=False)
    return None if table.unknown else table


def settled_table(table: Table, resting: Mapping[str, Any]) -> Table:
    """The program with the conditions of *resting* numbers decided by what these were typed as."""
    from gradcli.calculus.evaluation.settled_conditions import with_settled

    program = with_settled(table.program, resting)
    first, more = table.program.first, program.first - table.program.first
    places = [slot if slot < first else slot + more for slot in table.values]
    slots = [[slot if slot is None or slot < first else slot + more for slot in row] for row in table.slots]
    return table._replace(program=program, values=tuple(places), slots=tuple(map(tuple, slots)))


def hessian(table: Table, at: Mapping[str, float]) -> Matrix | None:
    """The second derivatives at a point; None where there are none: at corners, edges, or too large."""
    try:
        slots = float_backend.run(table.program, [at[name] for name in table.program.variables])
    except (ValueError, ArithmeticError):
        return None
    matrix = [[0.0 if slot is None else float(slots[slot]) for slot in row] for row in table.slots]
    return matrix if all(math.isfinite(number) for row in matrix for number in row) else None
