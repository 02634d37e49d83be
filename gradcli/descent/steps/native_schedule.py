"""The factor of the learning rate as lines of a loop: SCHEDULES' formulas, operation by operation."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from gradcli.calculus.native.machine_lines import ONE, MachineLines, real
from gradcli.calculus.native.machine_operations import library
from gradcli.descent.steps.step_problem import StepProblem

Parameters = Mapping[str, float]


def factor_lines(m: MachineLines, course: StepProblem) -> str:
    """What the learning rate is multiplied with in the step after %now."""
    number = m.line(f"sub i64 %now, {course.begun}")
    return _ROWS[course.schedule.kind](
        m, m.line(f"sitofp i64 {number} to double"), course.schedule.parameters
    )


def _exponential(m: MachineLines, k: str, p: Parameters) -> str:
    return library(m, "pow", real(p["rate"]), k)


def _cosine(m: MachineLines, k: str, p: Parameters) -> str:
    part = m.binary("fdiv", k, real(p["over"]))
    part = m.select(m.compare("olt", ONE, part), ONE, part)
    wave = m.binary("fadd", ONE, library(m, "cos", m.binary("fmul", real(math.pi), part)))
    share = m.binary("fmul", real(1 - p["floor"]), wave)
    return m.binary("fadd", real(p["floor"]), m.binary("fdiv", share, real(2.0)))


def _step(m: MachineLines, k: str, p: Parameters) -> str:
    """rate**floor(k/every), with CPython's quotient of floats (Objects/floatobject.c, `_float_div_mod`) from 0 up."""
    every = real(p["every"])
    whole = m.binary("fdiv", m.binary("fsub", k, library(m, "fmod", k, every)), every)
    below = m.intrinsic("floor", whole)
    more = m.compare("ogt", m.binary("fsub", whole, below), real(0.5))
    return library(m, "pow", real(p["rate"]), m.select(more, m.binary("fadd", below, ONE), below))


def _reciprocal(m: MachineLines, k: str, p: Parameters) -> str:
    return m.binary("fdiv", ONE, m.binary("fadd", ONE, m.binary("fmul", real(p["decay"]), k)))


_ROWS: dict[str, Callable[[MachineLines, str, Parameters], str]] = {
    "constant": lambda m, k, p: ONE, "exponential": _exponential, "cosine": _cosine, "step": _step, "1/t": _reciprocal,
}  # fmt: skip
