"""A program of one row → the numbers of many by machine code, a vector of rows at a time, each output into its own array."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import ATTRIBUTES, MachineLines, Unsuitable
from gradcli.calculus.native.program_lines import program_lines
from gradcli.calculus.native.rows.memory_places import address, as_doubles, zeros
from gradcli.calculus.native.rows.row_code import MOST_LINES
from gradcli.calculus.native.rows.vector_lines import (
    in_vectors,
    lanes,
    on_vectors,
    shared_by_all,
    vector_header,
    vector_type,
)
from gradcli.calculus.program.program import Program


class RowLines:
    """The lines of one row. The numbers with columns are `%cK` in them, those that all rows share `%hK`.

    outputs: what is written for each row; flags: conditions, of which the rows are told in which they hold.
    """

    def __init__(self) -> None:
        self.lines = MachineLines()
        self.columns, self.held = 0, 0
        self.outputs, self.flags = list[str](), list[str]()

    def column(self) -> str:
        """The name of one more number that each row has."""
        self.columns += 1
        return f"%c{self.columns - 1}"

    def shared(self) -> str:
        """The name of one more number that all rows share."""
        self.held += 1
        return f"%h{self.held - 1}"

    def variables(self, program: Program, varying: Sequence[int]) -> list[str]:
        """The names of its variables' numbers."""
        known = set(varying)
        return [self.column() if i in known else self.shared() for i in range(len(program.variables))]

    def numbers(self, program: Program, inputs: Sequence[str], slots: Sequence[int]) -> list[str]:
        """The names of all slots; those of the *slots* asked for are numbers. Raises Unsuitable."""
        names = program_lines(self.lines, program, inputs)
        if any(names[slot].startswith("i1 ") for slot in slots):
            raise Unsuitable("value")
        return names

    def trouble(self, numbers: Sequence[str]) -> str:
        """The condition that Python is to look at a row, for these numbers are not all there."""
        for one in numbers:
            self.lines.watch(one)
        return self.lines.trouble()


class RowFunction:
    """Machine code for rows of such lines. Raises Unsuitable for what has none that several processors can run.

    Raises ImportError, OSError and RuntimeError where LLVM cannot be used.
    """

    def __init__(self, row: RowLines) -> None:
        import ctypes

        if row.lines.calls_python:
            raise Unsuitable("python")
        if len(row.lines.lines) > MOST_LINES:
            raise Unsuitable("long")
        self._flags = len(row.flags)
        self._code = MachineCode("\n".join([vector_header(), *_text(row), ATTRIBUTES]), row.lines.kept)
        place = ctypes.c_void_p
        self._run = self._code.function(
            "rows", None, place, place, ctypes.c_int64, place, place, locked=False
        )

    def fill(
        self, columns: Sequence[Any], held: Sequence[float], count: int, into: Sequence[Any]
    ) -> list[list[int]]:
        """Write the numbers of *count* rows into arrays of doubles; the places of rows where each flag holds, in their order.

        columns, held: the numbers that each row has, and those that all share, as they were named.
        """
        if not count:
            return [[] for _ in range(self._flags)]
        given, size, targets = [as_doubles(one) for one in columns], count, [*into]
        if count < lanes():  # the last row once more
            given, size = (
                [array("d", [*one[:count], *[one[count - 1]] * (lanes() - count)]) for one in given],
                lanes(),
            )
            targets = [zeros("d", lanes()) for _ in into]
        places, numbers = array("q", [0, *map(address, given)]), array("d", [0.0, *held])
        ends, marks = array("q", [0, *map(address, targets)]), zeros("H", self._flags * -(-size // lanes()))
        self._run(address(places), address(numbers), size, address(ends), address(marks))
        if count < lanes():
            for one, found in zip(into, targets, strict=True):
                one[:count] = found[:count]
        return [_marked(marks[k :: self._flags], count, size) for k in range(self._flags)]


def _marked(marks: array[int], count: int, size: int) -> list[int]:
    """The rows that are marked: a bit for each of a vector, of which the last one ends with the last row."""
    if not any(marks):
        return []
    last, found = len(marks) - 1, dict[int, None]()
    for place, bits in enumerate(marks):
        if bits:
            first = min(place * lanes(), size - lanes()) if place == last else place * lanes()
            found.update(dict.fromkeys(first + i for i in range(lanes()) if bits >> i & 1))
    return sorted(row for row in found if row < count)


def _text(row: RowLines) -> list[str]:
    """`@rows(columns, held, count, into, marks)`: count is at least that of a vector; the last vector ends with the last row.

    marks: for each vector a number of 16 bits for each flag, a bit for each row.
    """
    lines = ["define void @rows(ptr noalias %columns, ptr noalias %held, i64 %count, ptr noalias %into, ptr noalias %marks) {",
             "entry:"]  # fmt: skip
    for k in range(row.columns):
        lines += [f"%cw{k} = getelementptr ptr, ptr %columns, i64 {k + 1}", f"%cp{k} = load ptr, ptr %cw{k}"]
    for k in range(row.held):
        lines += [
            f"%hw{k} = getelementptr double, ptr %held, i64 {k + 1}",
            f"%hn{k} = load double, ptr %hw{k}",
        ]
        lines += shared_by_all(f"%h{k}", f"%hn{k}")
    for k in range(len(row.outputs)):
        lines += [f"%iw{k} = getelementptr ptr, ptr %into, i64 {k + 1}", f"%ip{k} = load ptr, ptr %iw{k}"]
    lines += [f"%end = sub i64 %count, {lanes()}", "br label %row", "row:", "%k = phi i64 [0, %entry], [%kn, %row]",
              "%mark = phi ptr [%marks, %entry], [%markn, %row]", "%over = icmp ugt i64 %k, %end",
              "%at = select i1 %over, i64 %end, i64 %k"]  # fmt: skip
    vector = vector_type("double")
    for k in range(row.columns):
        lines += [
            f"%cy{k} = getelementptr double, ptr %cp{k}, i64 %at",
            f"%c{k} = load {vector}, ptr %cy{k}, align 8",
        ]
    lines += in_vectors(row.lines.lines)
    for k, one in enumerate(row.outputs):
        lines += [f"%iy{k} = getelementptr double, ptr %ip{k}, i64 %at",
                  f"store {on_vectors(f'double {one}')}, ptr %iy{k}, align 8"]  # fmt: skip
    for k, one in enumerate(row.flags):
        lines += [f"%fb{k} = bitcast {on_vectors(f'i1 {one}')} to i{lanes()}",
                  *([f"%fz{k} = zext i{lanes()} %fb{k} to i16"] if lanes() < 16 else []),
                  f"%fp{k} = getelementptr i16, ptr %mark, i64 {k}",
                  f"store i16 %f{'bz'[lanes() < 16]}{k}, ptr %fp{k}"]  # fmt: skip
    return [*lines, f"%markn = getelementptr i16, ptr %mark, i64 {len(row.flags)}", f"%kn = add nuw nsw i64 %k, {lanes()}",
            "%more = icmp ult i64 %kn, %count", "br i1 %more, label %row, label %done", "done:", "ret void", "}"]  # fmt: skip


class RowNumbers:
    """The numbers of a program's *slots* in each row. varying: its variables that have columns.

    Raises what `RowFunction` raises.
    """

    def __init__(self, program: Program, varying: Sequence[int], slots: Sequence[int]) -> None:
        row = RowLines()
        names = row.numbers(program, row.variables(program, varying), slots)
        row.outputs = [names[slot] for slot in slots]
        row.flags = [row.trouble(row.outputs)]
        self._function = RowFunction(row)

    def fill(
        self, columns: Sequence[Any], held: Sequence[float], count: int, into: Sequence[Any]
    ) -> list[int]:
        """Write the numbers of *count* rows into arrays of doubles; the places of rows that are refused, whatever they have.

        columns: those of the variables that vary; held: the numbers of the others, in their order.
        """
        return self._function.fill(columns, held, count, into)[0]
