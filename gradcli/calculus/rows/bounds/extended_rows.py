"""Rows in doubt once more in long doubles, where these have eleven bits more than floats or better."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.backends.numpy_backend import run
from gradcli.calculus.backends.rounding_error import constant_error
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.local_errors import EXTENDED
from gradcli.calculus.rows.bounds.shared_errors import ErrorProgram, error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.row_data import Numbers, part_of

#: Fewer rows are answered by balls one by one; so many are computed at once.
FEWEST, _AT_ONCE = 50, 4_096

#: Slots whose sizes are not between these are left to balls: the floats next to them tell too little.
_SMALL, _LARGE = 1e-290, 1e290

#: More figures than a long double has.
_FIGURES = {
    "pi": "3.14159265358979323846264338327950288419717",
    "e": "2.71828182845904523536028747135266249775725",
}


@cache
def has_long_doubles() -> bool:
    """Whether NumPy's long doubles are those of IEEE 754 or of the x87, which round a result once."""
    import numpy as np

    kind = np.finfo(np.longdouble)
    return int(kind.nmant) in (63, 112) and int(kind.minexp) == -16382


def answered(
    program: Program, columns: Sequence[Any], inputs: Sequence[Numbers], into: Sequence[Numbers], share: float
) -> Numbers:
    """Which of the rows are certain; the outputs of these are put *into* arrays.

    columns, inputs: the numbers of the variables, and their errors. share: of a number, that its error may be. Errors are
    in units of 2**-53.
    """
    import numpy as np

    count = len(into[0])
    exact = frozenset(slot for slot, one in enumerate(inputs) if isinstance(one, float) and not one)
    bounds = error_program(program, exact, EXTENDED) if count >= FEWEST and has_long_doubles() else None
    if bounds is None:
        return np.zeros(count, dtype=bool)
    certain = list[Numbers]()
    for start in range(0, count, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        few, own = ([part_of(one, rows) for one in part] for part in (columns, inputs))
        certain.append(_answered(program, bounds, few, own, [one[rows] for one in into], share))
    return np.concatenate(certain)


def _answered(
    program: Program, bounds: ErrorProgram, columns: Sequence[Any], inputs: Sequence[Numbers], into: Sequence[Numbers],
    share: float,
) -> Numbers:  # fmt: skip
    import numpy as np

    slots, errors = slots_with_errors(program, bounds, columns, inputs)
    certain = np.ones(len(into[0]), dtype=bool)
    with np.errstate(all="ignore"):
        for one in slots.values():
            certain &= (one == 0) | ((np.abs(one) > _SMALL) & (np.abs(one) < _LARGE))
        for slot, error in zip(outputs_of(program), errors, strict=True):
            certain &= error * EXTENDED.unit <= 0.99 * share * UNIT * np.abs(slots[slot])
    for slot, one in zip(outputs_of(program), into, strict=True):
        one[certain] = np.broadcast_to(slots[slot], certain.shape)[certain]
    return certain


def slots_with_errors(
    program: Program, bounds: ErrorProgram, columns: Sequence[Any], inputs: Sequence[Numbers]
) -> tuple[dict[int, Any], list[Numbers]]:
    """All slots in long doubles, and bounds of the outputs' errors in units of 2**-64 where slots are normal floats."""
    import numpy as np

    # The constants are variables, so that the slots are the same.
    whole = program._replace(variables=program.variables + program.constants, constants=())
    columns = [*(np.asarray(one, dtype=np.longdouble) for one in columns), *map(_constant, program.constants)]
    slots = run(whole, columns, {*range(program.first + len(program.code))})
    with np.errstate(all="ignore"):
        given = [np.asarray(slots[slot], dtype=float) for slot in bounds.slots]
        given += [np.asarray(inputs[slot]) * (UNIT / EXTENDED.unit) for slot in bounds.inputs]
    found = run(bounds.program, given, {*outputs_of(bounds.program)})
    return slots, [found[slot] for slot in outputs_of(bounds.program)]


def _constant(text: str) -> Any:
    """A constant as a long double: off by less than two units of its size, and not where the float is it."""
    import numpy as np

    number = constant(text)
    return np.longdouble(_FIGURES.get(text, text)) if constant_error(text, number) else np.longdouble(number)
