"""Programs in double-double numbers, with bounds of their errors, by machine code: a list of steps, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.double_double.decimal_rests import pair_of
from gradcli.calculus.double_double.pair_arithmetic import Pair
from gradcli.calculus.native.native_support import obstacle, pays
from gradcli.calculus.native.rows.memory_places import address
from gradcli.calculus.native.rows.pair_code import ROWS, STEP, is_known, lines_of, pair_code
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.pair_steps import Value, area, outputs_in_steps, scratch, steps_of
from gradcli.calculus.rows.bounds.shared_errors import ErrorProgram
from gradcli.calculus.rows.row_data import Numbers

_MAKING = Lock()


class Answers(NamedTuple):
    """The first floats of the outputs' pairs, and bounds of their errors in units."""

    numbers: list[Numbers]
    errors: list[Numbers]


class NativePairs:
    """The outputs of a program in pairs, and the bounds. Raises what `PairCode` raises."""

    def __init__(self, program: Program, bounds: ErrorProgram) -> None:
        import numpy as np

        steps, variables = steps_of(program, bounds), len(program.variables)
        operations = tuple(sorted({one.operation for one in steps}))
        self._code = pair_code(operations)
        self._outputs = outputs_in_steps(program, bounds)
        self._columns = [Value(slot, True) for slot in range(variables)]
        self._inputs = {slot: Value(len(bounds.slots) + i, False) for i, slot in enumerate(bounds.inputs)}
        constants = {
            Value(slot, True): pair_of(text) for slot, text in enumerate(program.constants, variables)
        }
        lines = enumerate(bounds.program.constants, len(bounds.program.variables))
        known = {Value(slot, False): constant(text) for slot, text in lines}
        self._given = area([*self._columns, *self._inputs.values()])
        shared = area([*constants, *known])
        made = area([one for step in steps for one in step.results if one in self._outputs])
        kept = scratch(steps, {*made.offsets})
        self._areas = (kept, shared, self._given, made)
        where = {
            one: (i, offset) for i, part in enumerate(self._areas) for one, offset in part.offsets.items()
        }
        places = np.array([[where[one] for one in step.words] for step in steps], dtype=np.int64).reshape(
            -1, 3, 2
        )
        self._in, self._offsets, self._where = places[:, :, 0], places[:, :, 1], where
        self._functions = np.array([self._code.places[step.operation] for step in steps], dtype=np.int64)
        self._shared = np.zeros(shared.size // 8 + 1)
        for one, number in (*constants.items(), *known.items()):
            _put(self._shared, shared.offsets[one], number)

    def run(self, columns: Sequence[Pair], inputs: Sequence[Numbers], count: int) -> Answers:
        """The answers of so many rows. columns, inputs: the variables and their errors, arrays or what all rows share."""
        import numpy as np

        blocks = -(-count // ROWS)
        given = np.zeros((blocks, self._given.size // 8))
        for one, pair in zip(self._columns, columns, strict=True):
            for part, numbers in enumerate(pair):
                _fill(given, self._given.offsets[one] // 8 + part * ROWS, numbers, count)
        for slot, one in self._inputs.items():
            _fill(given, self._given.offsets[one] // 8, inputs[slot], count)
        made = np.empty((blocks, self._areas[3].size // 8))
        self._carry_out(given, made)
        found = []
        for one in self._outputs:
            area_of_it, offset = self._where[one]
            blocked = {1: self._shared[None, :], 2: given, 3: made}[area_of_it]
            numbers = blocked[:, offset // 8 : offset // 8 + ROWS]
            found.append(np.broadcast_to(numbers, (blocks, ROWS)).reshape(-1)[:count])
        half = len(found) // 2
        return Answers(found[:half], found[half:])

    def _carry_out(self, given: Numbers, made: Numbers) -> None:
        """The steps on all blocks."""
        import numpy as np

        memory = np.empty(self._areas[0].size // 8 + 1)
        begin = np.array([address(one) for one in (memory, self._shared, given, made)], dtype=np.int64)
        moved = np.array([0, 0, self._given.size, self._areas[3].size], dtype=np.int64)
        steps = np.empty((len(self._functions), STEP), dtype=np.int64)
        steps[:, 0], steps[:, 1:4], steps[:, 4:] = (
            self._functions,
            begin[self._in] + self._offsets,
            moved[self._in],
        )
        self._code.run(steps, len(given))


def _put(memory: Numbers, offset: int, number: Any) -> None:
    """A float or a pair in all rows of a block."""
    for part, one in enumerate(number if isinstance(number, Pair) else (number,)):
        memory[offset // 8 + part * ROWS : offset // 8 + (part + 1) * ROWS] = one


def _fill(given: Numbers, begin: int, numbers: Numbers, count: int) -> None:
    """The numbers of all rows in their blocks; behind them are zeros."""
    import numpy as np

    whole = np.zeros(len(given) * ROWS)
    whole[:count] = numbers
    given[:, begin : begin + ROWS] = whole.reshape(-1, ROWS)


def native_pairs(program: Program, bounds: ErrorProgram, saved: float) -> NativePairs | None:
    """The code, made once, where that pays and can be done. saved: nanoseconds."""
    lines = _lines(program, bounds)
    if lines is None or not pays(saved, 0, lines) or obstacle(lines) is not None:
        return None
    with _MAKING:
        return _made(program, bounds)


@lru_cache(maxsize=32)
def _lines(program: Program, bounds: ErrorProgram) -> int | None:
    """About how many lines of code there are; None where an operation has none."""
    operations = sorted({one.operation for one in steps_of(program, bounds)})
    return lines_of(operations) if all(map(is_known, operations)) else None


@lru_cache(maxsize=8)
def _made(program: Program, bounds: ErrorProgram) -> NativePairs | None:
    try:
        return NativePairs(program, bounds)
    except (ImportError, OSError, RuntimeError, ValueError, ArithmeticError):
        return None
