"""Exact sums over the rows of a fit, held here or in parts elsewhere: no order, cut or worker shows in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.level_result import plain_sums
from gradcli.calculus.rows.row_data import Binding, Held, Manner, Passes, Varying
from gradcli.calculus.summation.partial_sum import PartialSum


class RowSums:
    """The sums of a program's outputs over *rows* rows.

    columns: their numbers by name, none where *passes* goes over them. arrays: whether NumPy does it.
    """

    def __init__(
        self, columns: Mapping[str, Any], rows: int, *, arrays: bool, passes: Passes | None = None
    ) -> None:
        self.rows, self._columns, self._arrays, self._passes = rows, columns, arrays, passes

    def of(self, program: Program, point: Mapping[str, float]) -> list[PartialSum] | None:
        """The sums where the names that are no columns have the values of *point*; None where a row has no value."""
        held = {name: Held(float(point[name])) for name in program.variables if name in point}
        if self._passes is not None:
            found: Sequence[PartialSum] | None = self._passes.plain(
                program, held, Manner("", self.rows, self._arrays)
            )
            return None if found is None else list(found)
        bindings: list[Binding] = [
            held[name] if name in held else Varying(self._columns[name], column=name)
            for name in program.variables
        ]
        return plain_sums(program, bindings, self.rows, arrays=self._arrays)

    def numbers(self, program: Program, point: Mapping[str, float]) -> list[float] | None:
        """The same, each rounded once; None also where one is no finite float."""
        found = self.of(program, point)
        try:
            numbers = None if found is None else [one.rounded() for one in found]
        except OverflowError:
            return None
        return None if numbers is None or any(x - x != 0 for x in numbers) else numbers
