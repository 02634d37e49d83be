"""A program of one row → a function over many: the numbers of a block of rows, and the sums of the blocks.

A block's numbers are written side by side and added up by another loop, so that each of both is one that LLVM can make
vectors of.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.native.machine_lines import NAN, ZERO, MachineLines, Unsuitable, real, written
from gradcli.calculus.native.program_lines import program_lines
from gradcli.calculus.native.rows.sum_code import LANES, MEMORY, MOST
from gradcli.calculus.program.program import Program

#: Rows of a block, and the numbers from one output's to the next one's: zeros fill the last vector.
BLOCK = MOST
STRIDE = BLOCK + LANES

#: More lines of a row are not tried: LLVM takes them as one piece.
MOST_LINES = 6_000

_ACCESS = ", !llvm.access.group !9"

#: What is behind all functions of a module: the iterations of the loops over rows are independent.
METADATA = '!9 = distinct !{}\n!10 = !{!"llvm.loop.parallel_accesses", !9}\n!11 = distinct !{!11, !10}\n'


class RowCode:
    """A function `@NAME(columns, held, first, count, added, sums, terms)` → 0, or nan where Python is to look at the rows.

    columns: pointers to the numbers of the variables that vary, in their order; held: the numbers of the others. first,
    count: the rows. added: what adds terms to a sum. sums: one for each output, to which the rows are added; terms: room
    for `terms` doubles. outputs: the numbers in the *slots*. Raises Unsuitable.
    """

    def __init__(self, name: str, program: Program, varying: Sequence[int], slots: Sequence[int]) -> None:
        self.name, self.program, self.varying = name, program, [*varying]
        count = len(program.variables)
        self.held = [i for i in range(count) if i not in set(varying)]
        self.lines = MachineLines()
        names = program_lines(self.lines, program, [f"%x{i}" for i in range(count)])
        self.outputs = [names[slot] for slot in slots]
        if any(one.startswith("i1 ") for one in self.outputs):
            raise Unsuitable("value")
        if len(self.lines.lines) > MOST_LINES:
            raise Unsuitable("long")
        for one in self.outputs:
            self.lines.watch(one)

    @property
    def terms(self) -> int:
        """The doubles of a block's outputs."""
        return STRIDE * len(self.outputs)

    @property
    def sums(self) -> int:
        """The doubles of all sums."""
        return MEMORY * len(self.outputs)

    def text(self, linkage: str = "internal") -> str:
        """The function."""
        arguments = "ptr noalias %columns, ptr noalias %held, i64 %first, i64 %count, ptr %added"
        arguments += ", ptr noalias %sums, ptr noalias %terms"
        return "\n".join([
            f"define {linkage} double @{self.name}({arguments}) noinline {{", "entry:", *self._read(),
            "br label %block", "block:", "%begin = phi i64 [0, %entry], [%until, %summed]",
            f"%sofar = phi double [{ZERO}, %entry], [%total, %summed]", "%left = sub i64 %count, %begin",
            f"%short = icmp ult i64 %left, {BLOCK}", f"%size = select i1 %short, i64 %left, i64 {BLOCK}",
            "%start = add i64 %first, %begin", "br label %row", *self._rows("%sofar", "%size"),
            "filled:", *self._added(), "br label %summed",
            "summed:", "%until = add i64 %begin, %size", "%again = icmp ult i64 %until, %count",
            "br i1 %again, label %block, label %end", "end:", "ret double %total", "}",
        ])  # fmt: skip

    def _read(self) -> list[str]:
        """The pointers to columns, and the numbers that are held."""
        lines = []
        for place, i in enumerate(self.varying):
            lines += [f"%w{i} = getelementptr ptr, ptr %columns, i64 {place}", f"%c{i} = load ptr, ptr %w{i}"]
        for place, i in enumerate(self.held):
            lines += [
                f"%w{i} = getelementptr double, ptr %held, i64 {place}",
                f"%x{i} = load double, ptr %w{i}",
            ]
        return lines

    def _rows(self, before: str, size: str) -> list[str]:
        """The loop over the rows of a block, of that *size*; *before* it the sum of what must be 0 is so much."""
        lines = ["row:", "%k = phi i64 [0, %block], [%kn, %row]", f"%now = phi double [{before}, %block], [%total, %row]",
                 "%at = add i64 %start, %k"]  # fmt: skip
        for i in self.varying:
            lines += [
                f"%y{i} = getelementptr double, ptr %c{i}, i64 %at",
                f"%x{i} = load double, ptr %y{i}{_ACCESS}",
            ]
        lines += [one for line in self.lines.lines for one in written(line)]
        for place, one in enumerate(self.outputs):
            lines += [self._place_of(place),
                      f"%q{place} = getelementptr double, ptr %r{place}, i64 %k",
                      f"store double {one}, ptr %q{place}{_ACCESS}"]  # fmt: skip
        return [*lines, *self._looked_at(), "%kn = add nuw nsw i64 %k, 1", f"%more = icmp ult i64 %kn, {size}",
                "br i1 %more, label %row, label %filled, !llvm.loop !11"]  # fmt: skip

    def _place_of(self, place: int) -> str:
        """Where the numbers of an output begin."""
        return f"%r{place} = getelementptr double, ptr %terms, i64 {STRIDE * place}"

    def _looked_at(self) -> list[str]:
        """The sum that stays 0 for as long as all is as it must be."""
        m, terms, lines = self.lines, list[str](), list[str]()
        for one in m.looked_at():
            terms.append(f"fmul double {one}, {ZERO}")
        for one in m.bounded:
            lines.append(f"%o{len(lines)} = fmul double {one}, {real(2.0**60)}")
            terms.append(f"fmul double %o{len(lines) - 1}, {ZERO}")
        for one in m.refused:
            terms.append(f"select i1 {one}, double {NAN}, double {ZERO}")
        total = "%now"
        for place, term in enumerate(terms):
            lines += [f"%u{place} = {term}", f"%v{place} = fadd reassoc double {total}, %u{place}"]
            total = f"%v{place}"
        return [*lines, f"%total = fadd reassoc double {total}, {ZERO}"]

    def _added(self) -> list[str]:
        """The block's numbers added to the sums, with zeros behind them."""
        lines = [f"%even = add i64 %size, {LANES - 1}", f"%whole = and i64 %even, -{LANES}"]
        for place in range(len(self.outputs)):
            lines += [
                f"%z{place} = getelementptr double, ptr %r{place}, i64 %size",
                f"store <{LANES} x double> zeroinitializer, ptr %z{place}, align 8",
                f"%to{place} = getelementptr double, ptr %sums, i64 {MEMORY * place}",
                f"call void %added(ptr %r{place}, i64 %whole, ptr %to{place})",
            ]
        return lines
