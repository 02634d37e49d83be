"""Point → value and partials, by Python at first, and by machine code once so much was asked that it pays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gradcli.calculus.backends import float_backend
from gradcli.calculus.native.native_support import BEGIN, EACH_LINE, IN_PYTHON, obstacle
from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.language.errors import UsageProblem

if TYPE_CHECKING:
    from gradcli.calculus.native.native_evaluation import NativeProgram

#: Nanoseconds that a call of machine code takes from Python.
CALL = 3_000

#: Where it does not pay yet it is looked at again after so many times as many evaluations.
LATER = 4

#: From so many instructions on Python compiles a program only when it has been carried out so often.
LONG, OFTEN = 2_000, 100

#: The last program and its run: restarts, and what looks at a point a second time, ask the same one.
_last: list[tuple[Program, str, ProgramRun]] = []


class ProgramRun:
    """A program as a function of its variables' values; it raises what Python's floats raise.

    backend: one of BACKENDS, whose bits are the same. why: why there is no machine code where it was asked for.
    """

    def __init__(self, program: Program, backend: str) -> None:
        instructions = len(program.code)
        self._program, self._made = program, instructions < LONG
        self._python = (float_backend.compiled if self._made else float_backend.interpreted)(program)
        self._native: NativeProgram | None = None
        self._calls, self._next, self.why = 0, math.inf, ""
        self._saved = IN_PYTHON * instructions - CALL
        if backend == "native":
            self._make(math.inf)
        elif backend == "auto" and self._saved > 0:
            self._next = math.ceil(2 * (BEGIN + 2 * EACH_LINE * instructions) / self._saved)

    @property
    def is_native(self) -> bool:
        """Whether it is machine code by now."""
        return self._native is not None

    def __call__(self, *point: float) -> tuple[float, ...]:
        """The value, and the partials that there are."""
        if self._native is not None:
            found = self._native(point)
            return self._python(*point) if found is None else found
        self._calls += 1
        if not self._made and self._calls > OFTEN:
            self._python, self._made = float_backend.compiled(self._program), True
        if self._calls >= self._next:
            self._next *= LATER
            self._make(self._saved * self._calls)
        return self._python(*point)

    def _make(self, saved: float) -> None:
        """Machine code, where that costs less than what it would have *saved* so far."""
        from gradcli.calculus.native.machine_lines import Unsuitable
        from gradcli.calculus.native.native_evaluation import NativeProgram

        self.why = obstacle(2 * len(self._program.code)) or ""
        if self.why:
            return
        try:
            self._native = NativeProgram(self._program, saved=saved)
        except (ImportError, OSError, RuntimeError):
            self._next, self.why = math.inf, "LLVM does not work on this system"
        except (Unsuitable, ValueError, ArithmeticError):
            self.why = "the program has parts that only Python carries out"


def run_of(program: Program, backend: str = "auto") -> float_backend.Compiled | None:
    """The program's run; None where a part without variables has no value in floats, so that no point has."""
    if isinstance(program, BoundRows):
        return program.run
    if _last and _last[0][0] is program and _last[0][1] == backend:
        return _last[0][2]
    try:
        run = ProgramRun(program, backend)
    except (ValueError, ArithmeticError):
        return None
    _last[:] = [(program, backend, run)]
    return run


def carried_out_by(program: Program, backend: str) -> Program:
    """The program as a backend carries it out. Raises UsageProblem where that is NumPy and there are no rows."""
    if isinstance(program, BoundRows):
        return program.by(backend)
    if backend == "numpy":
        raise UsageProblem("--backend numpy is about rows of columns, and there are none")
    return program


def without_native(why: str) -> Note:
    """What is said where machine code was asked for and there is none."""
    return Note("backend", f"no native code was made, Python was taken with the same result: {why}")


def missing_backend(program: Program, backend: str) -> tuple[Note, ...]:
    """What is said where rows are not carried out as was asked for."""
    why = program.missing(backend) if isinstance(program, BoundRows) else ""
    if not why:
        return ()
    return (without_native(why) if backend == "native" else Note("backend", f"{why}: Python was taken"),)
