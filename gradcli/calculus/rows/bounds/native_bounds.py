"""Numbers and bounds of their errors by machine code: some rows at a time, first what calls functions, then vectors alone."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.native.machine_lines import Unsuitable
from gradcli.calculus.native.rows.memory_places import address, as_doubles
from gradcli.calculus.native.rows.number_code import RowNumbers, refused_rows
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.local_errors import LIBRARY
from gradcli.calculus.rows.bounds.shared_errors import error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.row_data import Numbers

#: Rows whose slots are kept at once, and the numbers of one line of the cache: slots that are a power of two of bytes apart
#: would have the same few places there.
_AT_ONCE, _LINE = 256, 8

#: Bytes of a number.
_WIDTH = 8


class _Columns(NamedTuple):
    """Where columns begin, and how far they move on for each row: those that hold some rows at once do not."""

    begin: Numbers
    step: Numbers

    def at(self, row: int) -> Numbers:
        """Where the columns have that row."""
        return self.begin + self.step * row


class NativeBounds:
    """The outputs of a program and the bounds of `shared_errors` in each row. varying: variables with columns.

    exact: the variables without an error. Raises Unsuitable where there is no such bound or no machine code; ImportError,
    OSError and RuntimeError where LLVM cannot be used.
    """

    def __init__(self, program: Program, varying: Sequence[int], exact: frozenset[int]) -> None:
        found = error_program(program, exact, LIBRARY)
        if found is None:
            raise Unsuitable("bounds")
        self._found, self._varying = found, [*varying]
        self._others = [i for i in range(len(program.variables)) if i not in self._varying]
        self._made = [slot for slot in found.slots if slot >= program.first]
        self._numbers = RowNumbers(program, varying, [*self._made, *outputs_of(program)])
        given = [*found.slots, *found.inputs]
        own = [place for place, slot in enumerate(given) if slot not in self._others]
        self._bounds = RowNumbers(found.program, own, outputs_of(found.program))

    def fill(self, columns: Sequence[Any], inputs: Sequence[Any], into: Sequence[Numbers]) -> list[Numbers]:
        """The bounds of each output, infinite where there are none; the outputs are put *into* arrays, nan where refused.

        columns, inputs: the variables' numbers and errors, arrays or what all rows share.
        """
        import numpy as np

        count = len(into[0])
        numbers = {i: as_doubles(columns[i]) for i in self._varying}
        own = {i: as_doubles(inputs[i]) for i in self._found.inputs if i in numbers}
        held = array("d", [float(columns[i]) for i in self._others] or [0.0])
        beside = [float(columns[i]) for i in self._found.slots if i in self._others]
        beside += [float(inputs[i]) for i in self._found.inputs if i in self._others]
        slots = np.empty((len(self._made), _AT_ONCE + _LINE))
        errors = [np.empty(count) for _ in outputs_of(self._found.program)]
        made = dict(zip(self._made, slots, strict=True))
        begin, ends = _columns(numbers.values()), _columns(errors)
        kept = _columns([*slots, *into], [0] * len(slots) + [_WIDTH] * len(into))
        given = _columns(
            [
                *(made[i] if i in made else numbers[i] for i in self._found.slots if i not in self._others),
                *own.values(),
            ],
            [0 if i in made else _WIDTH for i in self._found.slots if i not in self._others]
            + [_WIDTH] * len(own),
        )
        for start in range(0, count, _AT_ONCE):
            size = min(_AT_ONCE, count - start)
            lost = _refused(self._numbers, begin.at(start), held, size, kept.at(start))
            unbounded = _refused(
                self._bounds, given.at(start), array("d", beside or [0.0]), size, ends.at(start)
            )
            for number, error in zip(into, errors, strict=True):
                number[[start + row for row in lost]] = np.nan
                error[[start + row for row in lost | unbounded]] = np.inf
        return errors


def _columns(arrays: Iterable[Any], step: Any = _WIDTH) -> _Columns:
    import numpy as np

    begin = np.array([address(one) for one in arrays], dtype=np.int64)
    return _Columns(begin, np.broadcast_to(np.asarray(step, dtype=np.int64), begin.shape))


def _refused(code: RowNumbers, places: Numbers, held: array[float], size: int, targets: Numbers) -> set[int]:
    """The places of rows without numbers."""

    def refuses(first: int, count: int) -> bool:
        return code.refuses(places, held, first, count, targets)

    return {*(refused_rows(refuses, size, 1.0) or ())}
