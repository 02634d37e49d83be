"""The numbers of a block of rows: by NumPy, or by machine code where a table has rows enough for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gradcli.calculus.backends.float_backend import constant
from gradcli.calculus.backends.numpy_backend import run
from gradcli.calculus.native.native_support import obstacle, pays
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds.local_errors import ARRAYS
from gradcli.calculus.rows.bounds.shared_errors import error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.row_data import Binding, Held, Numbers

if TYPE_CHECKING:
    from gradcli.calculus.native.rows.number_code import RowNumbers
    from gradcli.calculus.rows.bounds.native_bounds import NativeBounds

#: Nanoseconds of an instruction on a row in NumPy, and in what share of the rows it has to compute bounds.
_IN_ARRAYS, _BOUNDED = 2.0, 0.125

_Code = TypeVar("_Code")


class Filled(NamedTuple):
    """The numbers of a block by slot, and the places of rows that have none."""

    slots: dict[int, Numbers]
    without: list[int]


class BlockNumbers:
    """The outputs of a program, and the slots *beside* them, in blocks of rows.

    native, bounds: what makes them, without or with bounds of their errors; None for NumPy. rows: those of the whole table.
    """

    def __init__(
        self,
        program: Program,
        beside: Collection[int],
        native: RowNumbers | None = None,
        bounds: NativeBounds | None = None,
        rows: int = 0,
    ) -> None:
        self._program, self._native, self.bounds, self._rows = program, native, bounds, rows
        self._outputs = outputs_of(program)
        self._wanted = {*self._outputs, *beside, *range(len(program.variables))}

    @property
    def is_native(self) -> bool:
        """Whether machine code makes them, for which a block may be large."""
        return self._native is not None or self.bounds is not None

    def as_many(self, rows: int, block: int) -> float:
        """How many rows of the whole table are like so many of a block, where machine code is made for it; else 0."""
        return self._rows * rows / block if self.is_native else 0.0

    @property
    def slots(self) -> list[int]:
        """Those that are computed, in their order: neither variables nor constants."""
        return sorted(slot for slot in self._wanted if slot >= self._program.first)

    def natively(self, bindings: Sequence[Binding], rows: int) -> BlockNumbers:
        """The same by machine code, where that pays for so many rows and can be made. bindings: all blocks have such."""
        bounds = self._bounds(bindings, rows)
        native = None if bounds is not None else self._numbers(bindings, rows)
        return BlockNumbers(self._program, self._wanted, native, bounds, rows)

    def _numbers(self, bindings: Sequence[Binding], rows: int) -> RowNumbers | None:
        def made() -> RowNumbers:
            from gradcli.calculus.native.rows.number_code import RowNumbers

            varying = [i for i, one in enumerate(bindings) if not isinstance(one, Held)]
            return RowNumbers(self._program, varying, self.slots)

        count = len(self._program.code)
        return _machine_code(made, rows * _IN_ARRAYS * count, 2 * count + 60)

    def _bounds(self, bindings: Sequence[Binding], rows: int) -> NativeBounds | None:
        from gradcli.calculus.rows.bounds.input_kinds import exact_inputs, input_kind

        kinds = tuple(input_kind(one) for one in bindings)
        found = error_program(self._program, exact_inputs(kinds), ARRAYS, plain=True)
        if found is None:
            return None

        def made() -> NativeBounds:
            from gradcli.calculus.rows.bounds.native_bounds import native_bounds

            return native_bounds(self._program, kinds)

        count, more = len(self._program.code), len(found.program.code)
        return _machine_code(made, rows * _IN_ARRAYS * (count + _BOUNDED * more), 2 * count + more)

    def fill(self, columns: Sequence[Any], into: Sequence[Numbers]) -> Filled:
        """The numbers of a block's *columns*: those of the outputs are put *into* arrays, in their order."""
        if self._native is not None:
            return self._by_machine_code(self._native, columns, into)
        slots = run(self._program, columns, self._wanted)
        for target, slot in zip(into, self._outputs, strict=True):
            target[:] = slots[slot]
        return Filled(slots, [])

    def _by_machine_code(self, native: RowNumbers, columns: Sequence[Any], into: Sequence[Numbers]) -> Filled:
        import numpy as np

        program, size = self._program, len(into[0])
        known = dict(enumerate([*columns, *map(constant, program.constants)]))
        targets = dict(zip(self._outputs, into, strict=True))
        made = {slot: targets[slot] if slot in targets else np.empty(size) for slot in self.slots}
        varying = [one for one in columns if not isinstance(one, float)]
        held = [one for one in columns if isinstance(one, float)]
        refused = native.fill(varying, held, size, [*made.values()])
        slots = known | made
        for slot, target in zip(self._outputs, into, strict=True):
            if slots[slot] is not target:
                target[:] = slots[slot]
            target[refused] = np.nan
        return Filled(slots, refused)


def _machine_code(made: Callable[[], _Code], saved: float, lines: int) -> _Code | None:
    """What is *made*, of so many lines; None where it saves no time, or cannot be. saved: nanoseconds."""
    if not pays(saved, 0, lines) or obstacle(lines):
        return None
    from gradcli.calculus.native.machine_lines import Unsuitable

    try:
        return made()
    except (ImportError, OSError, RuntimeError, Unsuitable, ValueError, ArithmeticError):
        return None
