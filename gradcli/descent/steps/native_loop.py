"""Gradient program and update rule → one loop of machine code.

A step's numbers become the state only at its end, and only where nothing on the way was refused; a step that was
refused is Python's, which carries it out or says why there is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from gradcli.calculus.native.code_layout import CodeLayout
from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import ATTRIBUTES, HEADER, STRAIGHT, ZERO, written
from gradcli.calculus.native.python_calls import helpers
from gradcli.calculus.native.rolled_code import RolledCode
from gradcli.calculus.native.rows.loss_code import PLACES, LossCode
from gradcli.descent.steps.native_step_lines import StepLines
from gradcli.descent.steps.step_problem import State, StepProblem

#: Nanoseconds that pass at most, about, until Python looks for interrupts again; and what a line, a call,
#: and a term of a sum.
CHUNK, LINE, CALL, ROW = 10e6, 0.5, 40.0, 4.0


class NativeLoop:
    """The loop of one course, for one set of offsets between steps and counts.

    loss: of the rows that the course is over, *rows* of them in a step at the most; `place` says which. held: what is to
    live as long as the loop.
    Raises Unsuitable, also where it costs more than the nanoseconds that it *saved*.
    """

    def __init__(
        self, course: StepProblem, offsets: Sequence[int], saved: float = math.inf, loss: LossCode | None = None,
        rows: int = 0,
    ) -> None:  # fmt: skip
        import ctypes

        self.course, body = course, StepLines(course, offsets, loss)
        m, self._size = body.m, body.size
        step = _nanoseconds(m.lines)
        if loss is not None:
            step += rows * sum(
                _nanoseconds(code.lines.lines) + ROW * len(code.outputs) for code in loss.codes
            )
            for code in loss.codes:
                m.calls_python, m.widest = (
                    m.calls_python or code.lines.calls_python,
                    max(m.widest, code.lines.widest),
                )
                m.kept += code.lines.kept
        self.chunk = max(int(CHUNK / step), 1)
        self._halves = len(m.lines) > STRAIGHT and loss is None
        source = _rolled_module(body) if self._halves else _straight_module(body)
        self._code = MachineCode(source, m.kept, saved)
        whole = ctypes.c_int64
        self._cell = whole()
        self._run = self._code.function(
            "steps", None, ctypes.c_void_p, ctypes.c_void_p, whole, whole, locked=m.calls_python
        )
        self._memory = (ctypes.c_double * (2 * self._size))()
        self.held: object = None
        self._addresses = ctypes.addressof(self._memory), ctypes.addressof(self._cell)

    def place(self, columns: Sequence[int], places: Sequence[int]) -> None:
        """Where the columns of the rows are, by their addresses, and which rows are a step's: PLACES."""
        self._code.numbers("columns", len(columns))[:] = [*columns]
        self._code.numbers("places", len(PLACES))[:] = [*places]

    def advanced(self, state: State, last: int) -> State:
        """The state after step *last*, or before the first step that is left to Python."""
        slots = [number for slot in zip(*state.slots, strict=True) for number in slot]
        numbers: list[Any] = [*state.point, *slots]
        self._memory[:] = [*numbers, *numbers]
        self._cell.value = state.taken
        with suppress(ValueError, ArithmeticError):  # of Python's functions: the step before is in the memory
            self._run(*self._addresses, state.taken, last)
        taken = self._cell.value
        begin = self._size * ((taken - state.taken) % 2) if self._halves else 0
        found = self._memory[begin : begin + self._size]
        variables, moving = len(state.point), len(self.course.moving)
        columns = [found[i : i + moving] for i in range(variables, self._size, moving)] if slots else []
        counts = tuple(count + taken - state.taken for count in state.counts)
        kept = tuple(zip(*columns, strict=True)) if columns else state.slots
        return State(tuple(found[:variables]), kept, taken, counts)


def _nanoseconds(lines: Sequence[str]) -> float:
    """About how long such lines take at most."""
    calls = sum(" call " in line and "@llvm" not in line for line in lines)
    return LINE * len(lines) + CALL * calls


#: The function: the state, where the number of steps taken is left, steps taken, the last step.
_HEAD = "define void @steps(ptr %state, ptr %cell, i64 %taken, i64 %last) {"


def _stopped(calls_python: bool) -> list[str]:
    """Whether a step is lost, by %trouble and by functions of Python's."""
    if not calls_python:
        return ["%lost = or i1 false, %trouble"]
    return [
        "%stop0 = load i32, ptr @stopped",
        "%stop = icmp ne i32 %stop0, 0",
        "%lost = or i1 %stop, %trouble",
    ]


def _looped(entry: list[str], head: list[str], ends: dict[str, list[str]], calls_python: bool) -> list[str]:
    """The function around the lines of one step, which end with %trouble."""
    begin = ["store i32 0, ptr @stopped"] if calls_python else []
    return [
        _HEAD, "entry:", *entry, *begin, "br label %loop",
        "loop:", "%now = phi i64 [%taken, %entry], [%next, %go]", *head, *_stopped(calls_python),
        "%next = add i64 %now, 1", "br i1 %lost, label %before, label %go",
        "go:", "%more = icmp slt i64 %next, %last", "br i1 %more, label %loop, label %done",
        "before:", *ends["before"], "store i64 %now, ptr %cell", "ret void",
        "done:", *ends["done"], "store i64 %next, ptr %cell", "ret void", "}",
    ]  # fmt: skip


def _straight_module(body: StepLines) -> str:
    m, changed = body.m, set(body.moving)
    trouble = m.trouble()
    entry = [f"%at{i} = getelementptr double, ptr %state, i64 {i}" for i in range(body.size)]
    entry += [
        f"%{'begin' if i in changed else 'rest'}{i} = load double, ptr %at{i}" for i in range(body.size)
    ]
    head = [f"%old{i} = phi double [%begin{i}, %entry], [{body.after[i]}, %go]" for i in body.moving]
    head += [one for line in m.lines for one in written(line)]
    head.append(f"%trouble = or i1 false, {trouble}")
    ends = {
        label: [f"store double {names[i]}, ptr %at{i}" for i in body.moving]
        for label, names in (("before", body.state), ("done", body.after))
    }
    beside, behind = ("", "") if body.loss is None else (body.loss.definitions(), body.loss.metadata)
    return "\n".join([
        HEADER, helpers(m), beside, *_looped(entry, head, ends, m.calls_python), ATTRIBUTES, behind,
    ])  # fmt: skip


def _rolled_module(body: StepLines) -> str:
    """The state is read from one half of the memory and written to the other."""
    m, changed = body.m, set(body.moving)
    inputs = {name: ("old" if i in changed else "rest", i) for i, name in enumerate(body.state)}
    arrays, after = {"old": "%from", "rest": "%from"}, {i: body.after[i] for i in body.moving}
    code = RolledCode(CodeLayout(m, inputs, arrays, after))
    entry = [f"%other = getelementptr double, ptr %state, i64 {body.size}"]
    head = [
        "%from = phi ptr [%state, %entry], [%to, %go]", "%to = phi ptr [%other, %entry], [%from, %go]",
        "%total = call double @rolled(ptr %from, ptr %to, i64 %now)", f"%trouble = fcmp uno double %total, {ZERO}",
    ]  # fmt: skip
    ends: dict[str, list[str]] = {"before": [], "done": []}
    return "\n".join([
        HEADER, helpers(m), code.module(), *_looped(entry, head, ends, m.calls_python), ATTRIBUTES, *code.metadata,
    ])  # fmt: skip
