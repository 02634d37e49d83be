"""The numbers of a block of rows: by NumPy, or by machine code where a table has rows enough for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.backends.numpy_backend import run
from gradcli.calculus.native.native_support import obstacle, pays
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.row_data import Numbers

if TYPE_CHECKING:
    from gradcli.calculus.native.rows.number_code import RowNumbers
    from gradcli.calculus.rows.bounds.native_bounds import NativeBounds

#: Nanoseconds of an instruction on a row in NumPy.
_IN_ARRAYS = 2.0


class Filled(NamedTuple):
    """The numbers of a block by slot, and the places of rows that have none."""

    slots: dict[int, Numbers]
    without: list[int]


class BlockNumbers:
    """The outputs of a program, and the slots *beside* them, in blocks of rows. native: what makes them, None for NumPy.

    prefers_bounds: whether `bounded` is asked at once, by `settle`.
    """

    def __init__(
        self,
        program: Program,
        beside: Collection[int],
        native: RowNumbers | None = None,
        table: tuple[Sequence[int], int] = ((), 0),
    ) -> None:
        self._program, self._native, self._table = program, native, table
        self._bounds: dict[frozenset[int], NativeBounds | None] = {}
        self._making, self._needed, self.prefers_bounds = Lock(), False, False
        self._outputs = outputs_of(program)
        self._wanted = {*self._outputs, *beside, *range(len(program.variables))}

    @property
    def is_native(self) -> bool:
        """Whether machine code makes them, for which a block may be large."""
        return self._native is not None

    def as_many(self, rows: int, block: int) -> float:
        """How many rows of the whole table are like so many of a block, where machine code is made for it; else 0."""
        return self._table[1] * rows / block if self.is_native else 0.0

    @property
    def slots(self) -> list[int]:
        """Those that are computed, in their order: neither variables nor constants."""
        return sorted(slot for slot in self._wanted if slot >= self._program.first)

    def natively(self, varying: Sequence[int], rows: int) -> BlockNumbers:
        """The same by machine code, where that pays for so many rows and can be made. varying: variables with columns."""
        code = self._program.code
        lines = 2 * len(code) + 60
        if not pays(rows * _IN_ARRAYS * len(code), 0, lines) or obstacle(lines):
            return self
        from gradcli.calculus.native.machine_lines import Unsuitable

        try:
            from gradcli.calculus.native.rows.number_code import RowNumbers

            native = RowNumbers(self._program, varying, self.slots)
        except (ImportError, OSError, RuntimeError, Unsuitable, ValueError, ArithmeticError):
            return self
        return BlockNumbers(self._program, self._wanted, native, (varying, rows))

    def settle(self) -> None:
        """Where `bounded` was needed so far, it is asked at once from now on: no thread's pace decides it."""
        self.prefers_bounds = self._needed

    def bounded(
        self, columns: Sequence[Any], inputs: Sequence[Numbers], into: Sequence[Numbers]
    ) -> list[Numbers] | None:
        """As `fill`, with bounds of the outputs' errors in each row; None where machine code has none.

        inputs: the errors of the columns, in units of 2**-53, as the bounds are.
        """
        if self._native is None:
            return None
        exact = frozenset(slot for slot, one in enumerate(inputs) if isinstance(one, float) and not one)
        with self._making:
            if exact not in self._bounds:
                self._bounds[exact] = self._native_bounds(exact)
        found = self._bounds[exact]
        if found is None:
            return None
        self._needed = True
        return found.fill(columns, inputs, into)

    def _native_bounds(self, exact: frozenset[int]) -> NativeBounds | None:
        from gradcli.calculus.native.machine_lines import Unsuitable
        from gradcli.calculus.rows.bounds.local_errors import LIBRARY
        from gradcli.calculus.rows.bounds.native_bounds import NativeBounds
        from gradcli.calculus.rows.bounds.shared_errors import error_program

        better, (varying, rows) = error_program(self._program, exact, LIBRARY), self._table
        lines = 0 if better is None else len(better.program.code) + 2 * len(self._program.code)
        if better is None or not pays(rows * _IN_ARRAYS * lines, 0, lines) or obstacle(lines):
            return None
        try:
            return NativeBounds(self._program, varying, exact)
        except (ImportError, OSError, RuntimeError, Unsuitable, ValueError, ArithmeticError):
            return None

    def fill(self, columns: Sequence[Any], into: Sequence[Numbers]) -> Filled:
        """The numbers of a block's *columns*: those of the outputs are put *into* arrays, in their order."""
        found = None if self._native is None else self._by_machine_code(self._native, columns, into)
        if found is not None:
            return found
        slots = run(self._program, columns, self._wanted)
        for target, slot in zip(into, self._outputs, strict=True):
            target[:] = slots[slot]
        return Filled(slots, [])

    def _by_machine_code(
        self, native: RowNumbers, columns: Sequence[Any], into: Sequence[Numbers]
    ) -> Filled | None:
        import numpy as np

        program, size = self._program, len(into[0])
        known = dict(enumerate([*columns, *map(constant, program.constants)]))
        targets = dict(zip(self._outputs, into, strict=True))
        made = {slot: targets[slot] if slot in targets else np.empty(size) for slot in self.slots}
        varying = [one for one in columns if not isinstance(one, float)]
        held = [one for one in columns if isinstance(one, float)]
        refused = native.fill(varying, held, size, [*made.values()])
        if refused is None:
            return None
        slots = known | made
        for slot, target in zip(self._outputs, into, strict=True):
            if slots[slot] is not target:
                target[:] = slots[slot]
            target[refused] = np.nan
        return Filled(slots, refused)
