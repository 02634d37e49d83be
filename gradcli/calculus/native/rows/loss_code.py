"""A loss over rows as lines of a block: its levels one after the other, then their slopes backwards.

The bits are those of `calculus.rows`: sums are exact and rounded once, and slopes are put together as
`sided_slopes` does it away from corners, where a slope that is exactly nothing leaves what it is added to as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from gradcli.calculus.native.machine_lines import ONE, ZERO, MachineLines, Unsuitable
from gradcli.calculus.native.program_lines import program_lines
from gradcli.calculus.native.rows.row_code import METADATA, RowCode
from gradcli.calculus.native.rows.sum_code import MEMORY, rounded_sum, sum_functions
from gradcli.calculus.program.program import Program
from gradcli.language.rows.row_levels import ROWS

#: Where the rows of a step are: its number, the row that this one's begin with, the rows of a step, how far the next
#: step's rows begin behind them, and the row behind the last.
PLACES = ("begun", "first", "size", "stride", "end")


class _Part(NamedTuple):
    """A slope, and the condition under which it is exactly nothing."""

    number: str
    nothing: str


class LossCode:
    """A loss of *levels*, named programs of rows that are added up, and the *last* program, over *columns*.

    `columns`: the columns whose pointers @columns has, in its order. Raises Unsuitable.
    """

    def __init__(self, levels: Sequence[tuple[str, Program]], last: Program, columns: Set[str]) -> None:
        self.last, self.columns = last, list[str]()
        self._levels: dict[str, tuple[RowCode, int]] = {}
        for name, program in levels:
            varying = [i for i, one in enumerate(program.variables) if one in columns]
            slots = [program.value, *(slot for slot in program.gradient if slot is not None)]
            code = RowCode(f"rows{len(self._levels)}", program, varying, slots)
            self._levels[name] = code, len(self.columns)
            self.columns += [program.variables[i] for i in varying]
        if set(last.variables) & columns:
            raise Unsuitable("elements")

    @property
    def lines(self) -> int:
        """The lines of a row through all levels, and those that a term of a sum takes."""
        return sum(len(code.lines.lines) + 5 * len(code.outputs) for code, _ in self._levels.values())

    @property
    def codes(self) -> list[RowCode]:
        """The functions of the levels."""
        return [code for code, _ in self._levels.values()]

    def slopes(self, m: MachineLines, numbers: Mapping[str, str]) -> dict[str, str]:
        """The slopes along the *numbers* that there are, by name; the value and all of them are watched."""
        first, count = _rows(m)
        values = {**numbers, ROWS: m.line(f"sitofp i64 {count} to double")}
        found: list[tuple[str, dict[str, str]]] = []
        for place, (name, (code, _)) in enumerate(self._levels.items()):
            names = code.program.variables
            held = [values[names[i]] for i in code.held]
            total = m.fresh(f"call double @level{place}(i64 {first}, i64 {count})", held, "@held")
            results = [
                m.fresh(f"load double, ptr getelementptr (double, ptr @found, i64 {k})", ())
                for k in range(len(code.outputs))
            ]
            for one in (total, *results):
                m.watch(one)
            values[name] = results[0]
            along = [names[i] for i, slot in enumerate(code.program.gradient) if slot is not None]
            found.append((name, dict(zip(along, results[1:], strict=True))))
        found.append(("", self._last(m, values)))
        return _backwards(m, found, numbers)

    def _last(self, m: MachineLines, values: Mapping[str, str]) -> dict[str, str]:
        """The slopes of the last program. Sums of one number: -0.0 is 0.0 there."""
        last = self.last
        slots = program_lines(m, last, [values[name] for name in last.variables])
        slots = [one if one.startswith("i1 ") else m.binary("fadd", one, ZERO) for one in slots]
        named = zip(last.variables, last.gradient, strict=True)
        slopes = {name: slots[slot] for name, slot in named if slot is not None}
        for one in (slots[last.value], *slopes.values()):
            if one.startswith("i1 "):
                raise Unsuitable("value")
            m.watch(one)
        return slopes

    def definitions(self) -> str:
        """The globals and functions that the lines use."""
        codes = self.codes
        outputs = max((len(code.outputs) for code in codes), default=1)
        held = max((len(code.held) for code in codes), default=0)
        return "\n".join([
            f"@columns = global [{max(len(self.columns), 1)} x ptr] zeroinitializer",
            f"@places = global [{len(PLACES)} x i64] zeroinitializer",
            f"@held = internal global [{max(held, 1)} x double] zeroinitializer",
            f"@found = internal global [{outputs} x double] zeroinitializer",
            f"@sums = internal global [{outputs * MEMORY} x double] zeroinitializer, align 64",
            f"@terms = internal global [{max((code.terms for code in codes), default=1)} x double] zeroinitializer, align 64",
            "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)", sum_functions(), rounded_sum(),
            *(code.text() for code in codes), *(self._whole(place) for place in range(len(codes))),
        ])  # fmt: skip

    def _whole(self, place: int) -> str:
        """The function of a level: all its rows, and their sums rounded into @found; in the wider way where one is open."""
        code, begin = [*self._levels.values()][place]
        arguments = "ptr %own, ptr @held, i64 %first, i64 %count, ptr %added, ptr @sums, ptr @terms"
        lines = [
            f"define internal double @level{place}(i64 %first, i64 %count) noinline {{", "entry:",
            f"%own = getelementptr ptr, ptr @columns, i64 {begin}", "br label %add",
            "add:", "%added = phi ptr [@added_quick, %entry], [@added_wide, %look]",
            f"call void @llvm.memset.p0.i64(ptr @sums, i8 0, i64 {8 * code.sums}, i1 false)",
            f"%total = call double @{code.name}({arguments})",
        ]  # fmt: skip
        known = ZERO
        for k in range(len(code.outputs)):
            lines += [
                f"%s{k} = getelementptr double, ptr @sums, i64 {k * MEMORY}",
                f"%r{k} = call double @rounded(ptr %s{k})", f"%p{k} = getelementptr double, ptr @found, i64 {k}",
                f"store double %r{k}, ptr %p{k}", f"%m{k} = fmul double %r{k}, {ZERO}", f"%k{k} = fadd double {known}, %m{k}",
            ]  # fmt: skip
            known = f"%k{k}"
        return "\n".join([
            *lines, "br label %look", "look:", f"%open = fcmp uno double {known}, {ZERO}",
            "%first1 = icmp eq ptr %added, @added_quick", "%again = and i1 %open, %first1",
            "br i1 %again, label %add, label %end", "end:", "ret double %total", "}",
        ])  # fmt: skip

    @property
    def metadata(self) -> str:
        """What stands at the module's end."""
        return METADATA


def _rows(m: MachineLines) -> tuple[str, str]:
    """The first row of this step, and how many there are."""
    begun, first, size, stride, end = (
        m.fresh(f"load i64, ptr getelementptr (i64, ptr @places, i64 {k})", ()) for k in range(len(PLACES))
    )
    gone = m.line(f"mul i64 {m.line(f'sub i64 %now, {begun}')}, {stride}")
    start = m.line(f"add i64 {first}, {gone}")
    left = m.line(f"sub i64 {end}, {start}")
    short = m.line(f"icmp slt i64 {left}, {size}")
    return start, m.line(f"select i1 {short}, i64 {left}, i64 {size}")


def _backwards(
    m: MachineLines, found: Sequence[tuple[str, Mapping[str, str]]], numbers: Mapping[str, str]
) -> dict[str, str]:
    """The slopes along the numbers: those of each level times what its number does to the whole, the last level first."""
    parts: dict[str, _Part] = {"": _Part(ONE, "false")}
    for name, slopes in reversed(found):
        adjoint = parts.get(name)
        for variable, along in slopes.items():
            if adjoint is not None:
                one = _through(m, adjoint, along)
                parts[variable] = _added(m, parts[variable], one) if variable in parts else one
    return {name: parts[name].number if name in parts else ZERO for name in numbers}


def _through(m: MachineLines, adjoint: _Part, along: str) -> _Part:
    nothing = m.either(
        [m.compare("oeq", along, ZERO), *([adjoint.nothing] if adjoint.nothing != "false" else [])]
    )
    product = along if adjoint.number == ONE else m.binary("fmul", adjoint.number, along)
    m.watch(product)
    return _Part(m.select(nothing, ZERO, product), nothing)


def _added(m: MachineLines, a: _Part, b: _Part) -> _Part:
    total = m.binary("fadd", a.number, b.number)
    m.watch(total)
    other = m.select(a.nothing, b.number, total)
    return _Part(m.select(b.nothing, a.number, other), m.both(a.nothing, b.nothing))
