"""Gradient program and update rule → one loop of machine code.

A step's numbers become the state only at its end, and only where nothing on the way was refused; a step that was
refused is Python's, which carries it out or says why there is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import HEADER, MachineLines, Unsuitable, real
from gradcli.calculus.native.program_lines import program_lines, terms_of_value
from gradcli.calculus.native.python_calls import helpers, shrinking
from gradcli.descent.steps.native_schedule import factor_lines
from gradcli.descent.steps.step_problem import State, StepProblem

#: Up to so many numbers change places in registers; more are read from one half of a memory and written to the other.
REGISTERS = 24

#: Nanoseconds that pass at most, about, until Python looks for interrupts again; and what a line, and a call, take.
CHUNK, LINE, CALL = 20e6, 0.5, 40.0


class NativeLoop:
    """The loop of one course, for one set of offsets between steps and counts. Raises Unsuitable."""

    def __init__(self, course: StepProblem, offsets: Sequence[int]) -> None:
        import ctypes

        self.course, self.width = course, len(course.update.slots)
        body = _Body(course, offsets)
        calls = sum(" call " in line for line in body.m.lines)
        self.chunk = max(int(CHUNK / (LINE * len(body.m.lines) + CALL * calls)), 1)
        self._size = len(course.program.variables) + self.width * len(course.moving)
        self._code = MachineCode(body.module(), lines=len(body.m.lines), kept=body.m.kept)
        whole = ctypes.c_int64
        self._cell = whole()
        self._run = self._code.function(
            "steps", None, ctypes.c_void_p, ctypes.c_void_p, whole, whole, locked=body.m.calls_python
        )
        self._memory = (ctypes.c_double * (2 * self._size))()
        self._addresses = ctypes.addressof(self._memory), ctypes.addressof(self._cell)

    def advanced(self, state: State, last: int) -> State:
        """The state after step *last*, or before the first step that is left to Python."""
        numbers: list[Any] = [*state.point, *(number for slots in state.slots for number in slots)]
        self._memory[:] = [*numbers, *numbers]
        self._cell.value = state.taken
        with suppress(
            ValueError, ArithmeticError
        ):  # of Python's own functions: the step before is in the memory
            self._run(*self._addresses, state.taken, last)
        taken = self._cell.value
        begin = self._size * ((taken - state.taken) % 2) if self._size > REGISTERS else 0
        found = self._memory[begin : begin + self._size]
        variables, width = len(state.point), self.width
        slots = tuple(tuple(found[i : i + width]) for i in range(variables, self._size, width or 1))
        counts = tuple(count + taken - state.taken for count in state.counts)
        return State(tuple(found[:variables]), slots if width else state.slots, taken, counts)


class _Body:
    """The lines of one step, and the function around them."""

    def __init__(self, course: StepProblem, offsets: Sequence[int]) -> None:
        self.course, self.m = course, MachineLines()
        self.size = len(course.program.variables) + len(course.update.slots) * len(course.moving)
        self.in_memory = self.size > REGISTERS
        self.state = self._state()
        self.after = list(self.state)
        slots = self._gradient_lines()
        partials = self._prepared([slots[course.program.gradient[place] or 0] for place in course.moving])
        rate = factor_lines(self.m, course) if course.schedule.kind != "constant" else None
        for number, place in enumerate(course.moving):
            self._updated(number, place, partials[number], offsets[number], rate)
        self.trouble = self.m.trouble()

    def _state(self) -> list[str]:
        """The names of the numbers before a step; those of resting variables are the same all the way."""
        moving = set(self.course.moving)
        resting = {place for place in range(len(self.course.program.variables)) if place not in moving}
        return [f"%{'rest' if place in resting else 'old'}{place}" for place in range(self.size)]

    def _gradient_lines(self) -> list[str]:
        program = self.course.program
        sums, terms = terms_of_value(program)
        slots = program_lines(self.m, program, self.state[: len(program.variables)], sums)
        for slot in terms:
            if slots[slot].startswith("i1 "):
                raise Unsuitable("value")
            self.m.bound(slots[slot]) if sums else self.m.watch(slots[slot])
        for place in self.course.moving:
            self.m.watch(slots[program.gradient[place] or 0])
        return slots

    def _prepared(self, partials: list[str]) -> list[str]:
        """The partials with their sign and within their limits."""
        m, clip = self.m, self.course.clip
        if self.course.ascend:
            partials = [m.line(f"fneg double {one}") for one in partials]
        if clip.value is not None:
            partials = [_limited(m, one, -clip.value, clip.value) for one in partials]
        if clip.norm is not None:
            factor = shrinking(m, real(clip.norm), real(clip.beside), partials)
            partials = [m.binary("fmul", factor, one) for one in partials]
        return partials

    def _updated(self, number: int, place: int, partial: str, offset: int, rate: str | None) -> None:
        """One variable and its slots after the step."""
        m, update = self.m, self.course.update
        width, variables = len(update.slots), len(self.course.program.variables)
        kept = range(variables + number * width, variables + (number + 1) * width)
        count = m.line(f"add i64 %now, {offset + 1}")
        constants = [real(one) for one in update.constants]
        if rate is not None:
            names = update.program.variables
            at = names.index("lr") - (len(names) - len(constants))
            constants[at] = m.binary("fmul", constants[at], rate)
            m.watch(constants[at])
        time = m.line(f"sitofp i64 {count} to double")
        inputs = [self.state[place], partial, time, *(self.state[i] for i in kept), *constants]
        slots = program_lines(m, update.program, inputs)
        results = [update.program.value, *(slot for slot in update.program.gradient if slot is not None)]
        for target, slot in zip([place, *kept], results, strict=True):
            m.watch(slots[slot])
            self.after[target] = slots[slot]
        if self.course.bounds:
            self.after[place] = _limited(m, self.after[place], *self.course.bounds[place])

    def module(self) -> str:
        """The module in LLVM's language: steps(state, cell of the steps taken, steps taken, last step)."""
        entry, head, end = _memory_parts(self) if self.in_memory else _register_parts(self)
        begin, stop = list[str](), [f"%lost = or i1 false, {self.trouble}"]
        if self.m.calls_python:
            begin = ["store i32 0, ptr @stopped"]
            stop = ["%stop0 = load i32, ptr @stopped", "%stop = icmp ne i32 %stop0, 0",
                    f"%lost = or i1 %stop, {self.trouble}"]  # fmt: skip
        return "\n".join([
            HEADER, helpers(self.m),
            "define void @steps(ptr %state, ptr %cell, i64 %taken, i64 %last) {", "entry:", *entry, *begin,
            "br label %loop",
            "loop:", "%now = phi i64 [%taken, %entry], [%next, %go]", *head, *self.m.lines, *stop,
            "%next = add i64 %now, 1", "br i1 %lost, label %before, label %go",
            "go:", "%more = icmp slt i64 %next, %last", "br i1 %more, label %loop, label %done",
            *end, "}", "attributes #0 = { nounwind willreturn memory(none) }", SCOPES,
        ])  # fmt: skip


_OLD = re.compile(r"%old\d+")

#: The two halves of the memory do not overlap.
SCOPES = "!0 = distinct !{!0}\n!1 = distinct !{!1, !0}\n!2 = distinct !{!2, !0}\n!3 = !{!1}\n!4 = !{!2}"


def _limited(m: MachineLines, number: str, low: float, high: float) -> str:
    """min(max(number, low), high), as Python has them."""
    if low != -math.inf:
        number = m.select(m.compare("ogt", real(low), number), real(low), number)
    if high != math.inf:
        number = m.select(m.compare("olt", real(high), number), real(high), number)
    return number


def _register_parts(body: _Body) -> tuple[list[str], list[str], list[str]]:
    places = [place for place, name in enumerate(body.state) if name.startswith("%old")]
    entry = [f"%at{i} = getelementptr double, ptr %state, i64 {i}" for i in range(body.size)]
    entry += [
        f"%{'begin' if i in set(places) else 'rest'}{i} = load double, ptr %at{i}" for i in range(body.size)
    ]
    head = [f"%old{i} = phi double [%begin{i}, %entry], [{body.after[i]}, %go]" for i in places]

    def ended(label: str, names: Sequence[str], taken: str) -> list[str]:
        stores = [f"store double {names[i]}, ptr %at{i}" for i in places]
        return [f"{label}:", *stores, f"store i64 {taken}, ptr %cell", "ret void"]

    return entry, head, [*ended("before", body.state, "%now"), *ended("done", body.after, "%next")]


def _memory_parts(body: _Body) -> tuple[list[str], list[str], list[str]]:
    """Each number is read where it is first needed, and written to the other half once it is known."""
    places = [place for place, name in enumerate(body.state) if name.startswith("%old")]
    entry = [f"%other = getelementptr double, ptr %state, i64 {body.size}"]
    for i in sorted({*range(body.size)} - {*places}):
        entry += [
            f"%at{i} = getelementptr double, ptr %state, i64 {i}",
            f"%rest{i} = load double, ptr %at{i}",
        ]
    head = [
        "%from = phi ptr [%state, %entry], [%to, %go]",
        "%to = phi ptr [%other, %entry], [%from, %go]",
    ]
    body.m.lines[:] = _moved(body, places)
    ends = [
        line
        for label, taken in (("before", "%now"), ("done", "%next"))
        for line in (f"{label}:", f"store i64 {taken}, ptr %cell", "ret void")
    ]
    return entry, head, ends


def _moved(body: _Body, places: Sequence[int]) -> list[str]:
    unread, lines = {body.state[i]: i for i in places}, list[str]()
    unwritten: dict[str, list[int]] = {}
    for i in places:
        unwritten.setdefault(body.after[i], []).append(i)

    def written(name: str) -> None:
        for i in unwritten.pop(name, ()):
            lines.append(f"%to{i} = getelementptr double, ptr %to, i64 {i}")
            lines.append(f"store double {name}, ptr %to{i}, !noalias !3, !alias.scope !4")

    def read(name: str) -> None:
        i = unread.pop(name)
        lines.append(f"%from{i} = getelementptr double, ptr %from, i64 {i}")
        lines.append(f"{name} = load double, ptr %from{i}, !noalias !4, !alias.scope !3")

    for line in body.m.lines:
        for name in _OLD.findall(line):
            if name in unread:
                read(name)
        lines.append(line)
        written(line.partition(" = ")[0])
    for name in [*unwritten]:
        if name in unread:
            read(name)
        written(name)
    return lines
