"""A program of one row → the numbers of many by machine code, each output into an array of its own."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import ATTRIBUTES, HEADER, ZERO, Unsuitable
from gradcli.calculus.native.rows.memory_places import address, as_doubles
from gradcli.calculus.native.rows.row_code import METADATA, RowCode
from gradcli.calculus.program.program import Program

#: Rows among which those are looked for that the code refuses; where more than this share of such parts has one, NumPy
#: does better.
PART, REFUSED = 64, 0.125


class NumberCode(RowCode):
    """A function `@NAME(columns, held, first, count, into)` → 0, or nan where Python is to look at the rows.

    columns, held, first, count: as `RowCode` has them. into: pointers to the numbers of the outputs, in their order.
    """

    def text(self, linkage: str = "internal") -> str:
        """The function."""
        arguments = "ptr noalias %columns, ptr noalias %held, i64 %first, i64 %count, ptr noalias %into"
        return "\n".join([
            f"define {linkage} double @{self.name}({arguments}) noinline {{", "entry:", *self._read(),
            *(line for place in range(len(self.outputs)) for line in _pointer(place)), "br label %block",
            "block:", "%start = add i64 %first, 0", "br label %row", *self._rows(ZERO, "%count"),
            "filled:", "ret double %total", "}",
        ])  # fmt: skip

    def _place_of(self, place: int) -> str:
        return f"%r{place} = getelementptr double, ptr %i{place}, i64 %first"


def _pointer(place: int) -> tuple[str, str]:
    return f"%j{place} = getelementptr ptr, ptr %into, i64 {place}", f"%i{place} = load ptr, ptr %j{place}"


class RowNumbers:
    """The numbers of a program's *slots* in each row. varying: its variables that have columns.

    Raises Unsuitable for what has no machine code that several processors can run; ImportError, OSError and RuntimeError
    where LLVM cannot be used.
    """

    def __init__(self, program: Program, varying: Sequence[int], slots: Sequence[int]) -> None:
        import ctypes

        code = NumberCode("numbers", program, varying, slots)
        if code.lines.calls_python:
            raise Unsuitable("python")
        text = "\n".join([HEADER, code.text(""), ATTRIBUTES, METADATA])
        self._code = MachineCode(text, code.lines.kept)
        place, whole = ctypes.c_void_p, ctypes.c_int64
        self._run = self._code.function(
            "numbers", ctypes.c_double, place, place, whole, whole, place, locked=False
        )

    def fill(
        self, columns: Sequence[Any], held: Sequence[float], count: int, into: Sequence[Any]
    ) -> list[int] | None:
        """Write the numbers of *count* rows into arrays of doubles; the places of rows that are refused, whatever they have.

        columns: those of the variables that vary; held: the numbers of the others, in their order. None where so many are
        refused that they are better not looked for.
        """
        kept = [as_doubles(one) for one in columns]
        places, numbers = array("q", map(address, kept)), array("d", held or [0.0])
        targets = array("q", map(address, into))
        return refused_rows(lambda first, size: self.refuses(places, numbers, first, size, targets), count)

    def refuses(self, places: Any, held: array[float], first: int, size: int, targets: Any) -> bool:
        """Write the numbers of some rows; whether one of them is refused. places, targets: where columns begin."""
        found: float = self._run(address(places), address(held), first, size, address(targets))
        return found != 0


def refused_rows(
    refuses: Callable[[int, int], bool], count: int, share: float | None = None
) -> list[int] | None:
    """The places of refused rows, by what tells of so many rows from one on whether any is.

    None where parts with one are more than a *share* of all, which is REFUSED where it is not said.
    """
    if not refuses(0, count):
        return []
    parts = [first for first in range(0, count, PART) if refuses(first, min(PART, count - first))]
    if len(parts) > (REFUSED if share is None else share) * -(-count // PART):
        return None
    return [row for first in parts for row in range(first, min(first + PART, count)) if refuses(row, 1)]
