"""Steps over rows by machine code: those of mini-batches, a run of them at a time, and those of all rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gradcli.calculus.native.native_support import IN_PYTHON, obstacle, pays
from gradcli.calculus.native.rows.memory_places import address, as_doubles
from gradcli.calculus.native.rows.native_rows import TERM
from gradcli.calculus.native.rows.shuffling_code import NativeShuffler
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.calculus.rows.row_data import ELSEWHERE
from gradcli.descent.steps.batch_steps import Batches, Run
from gradcli.descent.steps.native_steps import REFUSED, WORTH, instructions, tell
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import State

if TYPE_CHECKING:
    from gradcli.descent.steps.native_loop import NativeLoop

#: Nanoseconds of a step in Python beside its rows' instructions and terms.
STEP = 60_000.0

#: More rows are no steps of a loop: one evaluation of them is work for all processors.
TOGETHER = 2**17

#: Lines of the functions that add up, beside those of rows.
SUMS = 150


class NativeBatches:
    """The loop over the batches of an order, which leaves to Python what it refuses; too much of that, and all the rest."""

    def __init__(self, loop: NativeLoop, columns: tuple[str, ...], batches: Batches) -> None:
        self._loop, self._batches, self._columns = loop, batches, columns
        self._taken = self._refused = 0
        self._placed: Any = None
        self.shuffler = NativeShuffler()

    def advanced(self, state: State, run: Run, last: int) -> State:
        """The state after step *last* within the run, or before a step that is left to Python."""
        if self._refused >= REFUSED and self._taken < WORTH * self._refused:
            return state
        if run is not self._placed:
            self._place(run)
        begun = state.taken
        while state.taken < last:
            until = min(last, state.taken + self._loop.chunk)
            state = self._loop.advanced(state, until)
            if state.taken < until:
                self._refused += 1
                break
        self._taken += state.taken - begun
        return state

    def _place(self, run: Run) -> None:
        """Let the loop read the columns of the run, which are held for as long as it does."""
        named = dict(zip(self._batches.columns, run.values, strict=True))
        self._placed, self._held = run, [as_doubles(named[name]) for name in self._columns]
        size = self._batches.size
        places = self._batches.begun + run.step, 0, size, size, run.rows
        self._loop.place([address(one) for one in self._held], places)


def native_batches(
    watch: StepEvaluator, state: State, steps: int, batches: Batches, backend: str
) -> NativeBatches | None:
    """The loop of machine code over batches; None where Python's is to be taken: a note says why for `native`."""
    found = _loop(watch, state, steps, batches.size, backend)
    if isinstance(found, str):
        tell(watch, backend, found)
        return None
    return None if found is None else NativeBatches(*found, batches)


def native_rows(watch: StepEvaluator, state: State, steps: int, backend: str) -> NativeLoop | None:
    """The loop over steps of all rows; None where each is one of Python, which evaluates the rows as it does at any point."""
    program = watch.course.program
    if not isinstance(program, BoundRows) or program.data.rows > TOGETHER or program.data.passes is not None:
        return None
    if any(isinstance(numbers, ELSEWHERE) for numbers in program.data.columns.values()):
        return None
    found = _loop(watch, state, steps, program.data.rows, backend)
    if found is None or isinstance(found, str):
        return None
    loop, names = found
    loop.held = [as_doubles(program.data.columns[name]) for name in names]
    rows = program.data.rows
    loop.place([address(one) for one in loop.held], (state.taken, 0, rows, 0, rows))
    return loop


def _loop(
    watch: StepEvaluator, state: State, steps: int, size: int, backend: str
) -> tuple[NativeLoop, tuple[str, ...]] | str | None:
    """The loop over steps of *size* rows and the columns that it reads; None where it does not pay, or why there is none."""
    course, program = watch.course, watch.course.program
    if backend not in ("auto", "native") or not isinstance(program, BoundRows) or course.project is not None:
        return None
    rows = program.rows
    if program.moving or rows.elements or any(one.kind != "sum" or one.over for one in rows.levels):
        return "it only has sums of whole columns, and slopes along numbers"
    count = rows.instructions
    lines = 2 * (count + len(rows.last.code) + instructions(course)) + 6 * len(course.moving) + SUMS
    outputs = sum(1 + len(one.program.gradient) for one in rows.levels)
    saved = steps * (STEP + size * (IN_PYTHON * count + TERM * outputs)) if backend == "auto" else math.inf
    if not pays(saved, lines):
        return None
    return obstacle(lines) or _made(watch, state, size, saved)


def _made(
    watch: StepEvaluator, state: State, size: int, saved: float
) -> tuple[NativeLoop, tuple[str, ...]] | str:
    from gradcli.calculus.native.machine_lines import Unsuitable

    course = watch.course
    assert isinstance(course.program, BoundRows)  # noqa: S101
    rows = course.program.rows
    try:
        from gradcli.calculus.native.rows.loss_code import LossCode
        from gradcli.descent.steps.native_loop import NativeLoop

        loss = LossCode([(one.name, one.program) for one in rows.levels], rows.last, rows.columns)
        offsets = tuple(count - state.taken for count in state.counts)
        return NativeLoop(course, offsets, saved, loss, size), tuple(loss.columns)
    except (ImportError, OSError, RuntimeError):
        return "LLVM does not work on this system"
    except (Unsuitable, ValueError, ArithmeticError):
        return "the program has parts that only Python carries out"
