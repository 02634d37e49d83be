"""Rows in doubt once more in double-double numbers, decimals as they were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import UNIT
from gradcli.calculus.backends.numpy_backend import run
from gradcli.calculus.double_double.decimal_rests import pair_of, rest_of, rests
from gradcli.calculus.double_double.lanes import ArrayLanes
from gradcli.calculus.double_double.pair_arithmetic import Pair
from gradcli.calculus.double_double.pair_functions import FUNCTIONS, sine_and_cosine
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.local_errors import DOUBLE_DOUBLE
from gradcli.calculus.rows.bounds.native_pairs import Answers, native_pairs
from gradcli.calculus.rows.bounds.shared_errors import ErrorProgram, error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.numbers_in_blocks import Decimals
from gradcli.calculus.rows.row_data import Binding, Held, Numbers, part_of

#: Nanoseconds of an instruction on a row in NumPy, and in balls.
_IN_ARRAYS, _IN_BALLS = 80.0, 400.0

#: Fewer rows are answered by balls one by one where there is no machine code; so many are computed at once.
FEWEST, _AT_ONCE = 50, 2_048


class Column(NamedTuple):
    """The numbers of a variable in some rows as pairs, and bounds of how far these are from what was given, in units."""

    pair: Pair
    error: Numbers


def columns_of(
    bindings: Sequence[Binding], columns: Sequence[Any], inputs: Sequence[Numbers], places: Numbers
) -> list[Column]:
    """The variables in the rows at some *places*, where they have the floats *columns*, and these the errors *inputs*."""
    return [_column(*one, places) for one in zip(bindings, columns, inputs, strict=True)]


def _column(binding: Binding, numbers: Any, error: Numbers, places: Numbers) -> Column:
    """A decimal is known to a unit of itself; what is no decimal as far as its float is."""
    import numpy as np

    known = error * (UNIT / DOUBLE_DOUBLE.unit)
    if isinstance(binding, Held):
        rest = None if binding.given is None else rest_of(binding.given, numbers)
        if rest is None:
            return Column(Pair(numbers, 0.0), known)
        return Column(Pair(numbers, rest), abs(numbers) if rest else 0.0)
    if not binding.typed:
        return Column(Pair(numbers, 0.0), known)
    if isinstance(binding.given, Decimals):
        low = rests(numbers)
    else:
        given = (
            rest_of(binding.given_at(row), x)
            for row, x in zip(places.tolist(), numbers.tolist(), strict=True)
        )
        low = np.array([np.nan if rest is None else rest for rest in given])
    unknown = np.isnan(low)
    error = np.where(unknown, known, np.where(low == 0, 0.0, np.abs(numbers)))
    return Column(Pair(numbers, np.where(unknown, 0.0, low)), error)


def answered(
    program: Program, columns: Sequence[Column], into: Sequence[Numbers], share: float, like: float = 0.0
) -> Numbers:
    """Which of the rows are certain; the outputs of these are put *into* arrays.

    share: of a number, that its error may be, in units of 2**-53. like: how many rows of a whole table there may be of such,
    where machine code is made for it.
    """
    import numpy as np

    count = len(into[0])
    exact = frozenset(
        slot for slot, one in enumerate(columns) if isinstance(one.error, float) and not one.error
    )
    few = count < FEWEST
    bounds = error_program(program, exact, DOUBLE_DOUBLE) if like or not few else None
    native = None
    if bounds is not None and like:
        native = native_pairs(program, bounds, like * len(program.code) * (_IN_BALLS if few else _IN_ARRAYS))
    if bounds is None or (native is None and few):
        return np.zeros(count, dtype=bool)
    certain = list[Numbers]()
    for start in range(0, count, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        given = [Column(Pair(*(part_of(x, rows) for x in c.pair)), part_of(c.error, rows)) for c in columns]
        targets = [one[rows] for one in into]
        numbers, errors = (
            _by_arrays(program, bounds, given)
            if native is None
            else native.run([one.pair for one in given], [one.error for one in given], len(targets[0]))
        )
        certain.append(_certain(numbers, errors, targets, share))
    return np.concatenate(certain)


def _by_arrays(program: Program, bounds: ErrorProgram, columns: Sequence[Column]) -> Answers:
    slots, errors = slots_with_errors(program, bounds, columns)
    return Answers([slots[slot].high for slot in outputs_of(program)], errors)


def _certain(
    numbers: Sequence[Numbers], errors: Sequence[Numbers], into: Sequence[Numbers], share: float
) -> Numbers:
    """The rows in which no error is more than its share."""
    import numpy as np

    certain = np.ones(len(into[0]), dtype=bool)
    with np.errstate(all="ignore"):
        for one, error in zip(numbers, errors, strict=True):
            certain &= np.isfinite(one) & (error * DOUBLE_DOUBLE.unit <= 0.99 * share * UNIT * np.abs(one))
    for target, one in zip(into, numbers, strict=True):
        target[certain] = np.broadcast_to(one, certain.shape)[certain]
    return certain


def slots_with_errors(
    program: Program, bounds: ErrorProgram, columns: Sequence[Column]
) -> tuple[Mapping[int, Pair], list[Numbers]]:
    """All slots, and bounds of the outputs' errors in units."""
    import numpy as np

    with np.errstate(all="ignore"):
        slots = run_in_pairs(program, [one.pair for one in columns])
    given = [*(slots[slot].high for slot in bounds.slots), *(columns[slot].error for slot in bounds.inputs)]
    found = run(bounds.program, given, {*outputs_of(bounds.program)})
    return slots, [found[slot] for slot in outputs_of(bounds.program)]


def run_in_pairs(program: Program, columns: Sequence[Pair]) -> dict[int, Pair]:
    """All slots; there is no number where a function or what it is made of has none, or there is none within the limits."""
    m = ArrayLanes()
    slots = dict(enumerate([*columns, *map(pair_of, program.constants)]))
    angles = dict[int, tuple[Pair, Pair]]()
    for slot, (op, *places) in enumerate(program.code, program.first):
        if op in ("sin", "cos"):
            if places[0] not in angles:
                angles[places[0]] = sine_and_cosine(m, slots[places[0]])
            slots[slot] = angles[places[0]][op == "cos"]
        else:
            slots[slot] = FUNCTIONS[op](m, *(slots[place] for place in places))
    return slots
