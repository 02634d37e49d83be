"""One step as lines of LLVM's language: the gradient, its sign and limits, the update of each variable and its slots."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.calculus.native.idle_values import idle_value
from gradcli.calculus.native.machine_lines import MachineLines, real
from gradcli.calculus.native.program_lines import program_lines
from gradcli.calculus.native.python_calls import shrinking
from gradcli.calculus.native.rows.loss_code import LossCode
from gradcli.descent.steps.native_schedule import factor_lines
from gradcli.descent.steps.step_problem import StepProblem


class StepLines:
    """The lines of one step, the names of the state's numbers before it, and those after it.

    The state is the point, then slot by slot the numbers of all moving variables. moving: its places that a step changes.
    loss: where the course's program is one of rows.
    """

    def __init__(self, course: StepProblem, offsets: Sequence[int], loss: LossCode | None = None) -> None:
        self.course, self.m, self.loss = course, MachineLines(), loss
        variables = len(course.program.variables)
        self.size = variables + len(course.update.slots) * len(course.moving)
        self.moving = [*course.moving, *range(variables, self.size)]
        changed = set(self.moving)
        self.state = [f"%{'old' if place in changed else 'rest'}{place}" for place in range(self.size)]
        self.after = list(self.state)
        partials = self._prepared(self._gradient_lines() if loss is None else self._slopes_of(loss))
        rate = factor_lines(self.m, course) if course.schedule.kind != "constant" else None
        for number, place in enumerate(course.moving):
            self._updated(number, place, partials[number], offsets[number], rate)

    def _gradient_lines(self) -> list[str]:
        program = self.course.program
        value = idle_value(program)
        slots = program_lines(self.m, program, self.state[: len(program.variables)], value.idle)
        value.look(self.m, slots)
        found = [slots[program.gradient[place] or 0] for place in self.course.moving]
        for one in found:
            self.m.watch(one)
        return found

    def _slopes_of(self, loss: LossCode) -> list[str]:
        names = self.course.program.variables
        found = loss.slopes(self.m, dict(zip(names, self.state, strict=False)))
        return [found[names[place]] for place in self.course.moving]

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
        variables, moving = len(self.course.program.variables), len(self.course.moving)
        kept = [variables + slot * moving + number for slot in range(len(update.slots))]
        constants = [real(one) for one in update.constants]
        if rate is not None:
            names = update.program.variables
            at = names.index("lr") - (len(names) - len(constants))
            constants[at] = m.binary("fmul", constants[at], rate)
            m.watch(constants[at])
        time = m.line(f"sitofp i64 {m.line(f'add i64 %now, {offset + 1}')} to double")
        inputs = [self.state[place], partial, time, *(self.state[i] for i in kept), *constants]
        slots = program_lines(m, update.program, inputs)
        results = [update.program.value, *(slot for slot in update.program.gradient if slot is not None)]
        for target, slot in zip([place, *kept], results, strict=True):
            m.watch(slots[slot])
            self.after[target] = slots[slot]
        if self.course.bounds:
            self.after[place] = _limited(m, self.after[place], *self.course.bounds[place])


def _limited(m: MachineLines, number: str, low: float, high: float) -> str:
    """min(max(number, low), high), as Python has them."""
    if low != -math.inf:
        number = m.select(m.compare("ogt", real(low), number), real(low), number)
    if high != math.inf:
        number = m.select(m.compare("olt", real(high), number), real(high), number)
    return number
