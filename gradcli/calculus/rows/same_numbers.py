"""A row in which a number that all rows share is the row's own, as x[0] is in the first row: both move together there."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.row_data import Binding, Held, Varying


def same_number(bindings: Sequence[Binding], row: int) -> tuple[int, int] | None:
    """The places of a shared number and of the row's own that are one number of one column; None where there are none."""
    own = {
        (one.column, one.start + one.step * row): place
        for place, one in enumerate(bindings)
        if isinstance(one, Varying) and one.column
    }
    for place, one in enumerate(bindings):
        if isinstance(one, Held) and one.column and (one.column, one.row) in own:
            return place, own[one.column, one.row]
    return None


def identified(program: Program, shared: int, own: int) -> Program:
    """The program in which the variable at *shared* is that at *own*, whose slope is that of both."""
    code = [(op, *(own if slot == shared else slot for slot in slots)) for op, *slots in program.code]
    spans, gradient = list(program.spans), list(program.gradient)
    one, two = gradient[shared], gradient[own]
    if one is not None and two is not None:
        gradient[own] = program.first + len(code)
        code.append(("add", one, two))
        spans.append(None)
    elif one is not None:
        gradient[own] = one
    gradient[shared] = None
    value = own if program.value == shared else program.value
    return program._replace(code=tuple(code), spans=tuple(spans), gradient=tuple(gradient), value=value)
