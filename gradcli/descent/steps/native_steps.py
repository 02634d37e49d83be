"""Many steps by machine code, chunk by chunk, with Python for those that it refuses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gradcli.calculus.native.native_support import obstacle, pays
from gradcli.descent.steps.program_runs import without_native
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import State, StepProblem

if TYPE_CHECKING:
    from gradcli.descent.steps.native_loop import NativeLoop

#: After so many steps that Python had to take, at most so many native ones for each, Python takes the rest.
REFUSED, WORTH = 64, 8


def instructions(course: StepProblem) -> int:
    """The instructions of one step."""
    return len(course.program.code) + len(course.moving) * len(course.update.program.code)


def lines(course: StepProblem) -> int:
    """About how many lines of LLVM's language a step takes: each number is looked at as well."""
    return 2 * instructions(course) + 6 * len(course.moving) + 20


def nanoseconds(course: StepProblem, steps: int) -> float:
    """About how long the steps take in Python, to compare with what machine code costs."""
    from gradcli.calculus.native.native_support import IN_PYTHON

    one = IN_PYTHON * instructions(course) if course.plain else 15_000 + 3_000 * len(course.moving)
    return steps * one


def native_loop(watch: StepEvaluator, state: State, steps: int, backend: str) -> NativeLoop | None:
    """The loop of machine code; None where Python's is to be taken: a note says why where *backend* is `native`."""
    course = watch.course
    if backend not in ("auto", "native"):
        return None
    if course.project is not None:
        tell(watch, backend, "each step is brought back onto the constraints by Python")
        return None
    size = lines(course)
    saved = nanoseconds(course, steps) if backend == "auto" else math.inf
    if not pays(saved, size):
        return None
    if (why := obstacle(size)) is not None:
        tell(watch, backend, why)
        return None
    from gradcli.calculus.native.machine_lines import Unsuitable

    try:
        from gradcli.descent.steps.native_loop import NativeLoop

        return NativeLoop(course, tuple(count - state.taken for count in state.counts), saved)
    except (ImportError, OSError, RuntimeError):
        tell(watch, backend, "LLVM does not work on this system")
    except (Unsuitable, ValueError, ArithmeticError):
        tell(watch, backend, "the program has parts that only Python carries out")
    return None


def tell(watch: StepEvaluator, backend: str, why: str) -> None:
    """Keep a note of why no machine code was made, where *backend* asked for it."""
    if backend == "native":
        watch.notes[("backend",)] = without_native(why)


def advanced(watch: StepEvaluator, loop: NativeLoop, state: State, end: int) -> State:
    """The state after step *end*, or from where Python is to go on since too many steps are its own."""
    refused, begun = 0, state.taken
    while state.taken < end:
        last = min(end, state.taken + loop.chunk)
        state = loop.advanced(state, last)
        if state.taken == last:
            continue
        state = watch.stepped(state, watch.stage(state, state.taken))
        watch.stage(state, state.taken)
        refused += 1
        if refused >= REFUSED and state.taken - begun < WORTH * refused:
            break
    return state
