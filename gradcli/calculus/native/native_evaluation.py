"""Program → a function of a point in machine code: the value and the partials that there are."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.calculus.native.code_layout import CodeLayout
from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import (
    ATTRIBUTES,
    HEADER,
    STRAIGHT,
    ZERO,
    MachineLines,
    Unsuitable,
    written,
)
from gradcli.calculus.native.program_lines import program_lines
from gradcli.calculus.native.python_calls import helpers
from gradcli.calculus.native.rolled_code import RolledCode
from gradcli.calculus.program.program import Program


class NativeProgram:
    """The value and the gradient of a program as one function of machine code.

    straight: up to so many lines it is one piece. Raises Unsuitable, also where it costs more than the nanoseconds *saved*.
    """

    def __init__(self, program: Program, straight: int = STRAIGHT, saved: float = math.inf) -> None:
        import ctypes

        m, count = MachineLines(), len(program.variables)
        slots = program_lines(m, program, [f"%x{i}" for i in range(count)])
        outputs = [slots[i] for i in (program.value, *program.gradient) if i is not None]
        if any(one.startswith("i1 ") for one in outputs):
            raise Unsuitable("value")
        for one in outputs:
            m.watch(one)
        module = _straight if len(m.lines) <= straight else _rolled
        self._code = MachineCode(module(m, count, outputs), m.kept, saved)
        self._run = self._code.function(
            "evaluate", ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, locked=m.calls_python
        )
        self._point, self._found = (ctypes.c_double * count)(), (ctypes.c_double * len(outputs))()
        self._places = ctypes.addressof(self._point), ctypes.addressof(self._found)

    def __call__(self, point: Sequence[float]) -> tuple[float, ...] | None:
        """(value, partials that there are), all finite; None where Python is to be asked."""
        self._point[:] = [*point]
        try:
            lost = self._run(*self._places)
        except (ValueError, ArithmeticError):
            return None
        return None if lost else tuple(self._found[:])


def _function(m: MachineLines, lines: Sequence[str]) -> list[str]:
    """The function around lines that end with %trouble."""
    begin, end = list[str](), ["%lost = or i1 false, %trouble"]
    if m.calls_python:
        begin = ["store i32 0, ptr @stopped"]
        end = [
            "%stop0 = load i32, ptr @stopped",
            "%stop = icmp ne i32 %stop0, 0",
            "%lost = or i1 %stop, %trouble",
        ]
    return [
        "define i32 @evaluate(ptr %point, ptr %found) {", *begin, *lines, *end,
        "%answer = zext i1 %lost to i32", "ret i32 %answer", "}", ATTRIBUTES,
    ]  # fmt: skip


def _straight(m: MachineLines, count: int, outputs: Sequence[str]) -> str:
    trouble = m.trouble()
    lines = [
        line
        for i in range(count)
        for line in (f"%p{i} = getelementptr double, ptr %point, i64 {i}", f"%x{i} = load double, ptr %p{i}")
    ]
    lines += [one for line in m.lines for one in written(line)]
    for i, name in enumerate(outputs):
        lines += [f"%q{i} = getelementptr double, ptr %found, i64 {i}", f"store double {name}, ptr %q{i}"]
    lines.append(f"%trouble = or i1 false, {trouble}")
    return "\n".join([HEADER, helpers(m), *_function(m, lines)])


def _rolled(m: MachineLines, count: int, outputs: Sequence[str]) -> str:
    inputs = {f"%x{i}": ("x", i) for i in range(count)}
    code = RolledCode(CodeLayout(m, inputs, {"x": "%from"}, dict(enumerate(outputs))))
    lines = [
        "%total = call double @rolled(ptr %point, ptr %found, i64 0)", f"%trouble = fcmp uno double %total, {ZERO}"
    ]  # fmt: skip
    return "\n".join([HEADER, helpers(m), code.module(), *_function(m, lines), *code.metadata])
