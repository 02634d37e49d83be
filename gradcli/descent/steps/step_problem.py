"""One step of a course: state → stage (value and gradient there) → next state, and every reason to stop."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.rules.gradient_clipping import NO_CLIP, Clip
from gradcli.descent.rules.learning_rate_schedules import Schedule
from gradcli.descent.rules.optimizer_choice import Choice
from gradcli.descent.rules.update_program import Update, update_of
from gradcli.language.errors import DomainProblem, ValueProblem
from gradcli.language.records import NamedTuple

#: All numbers before and after an update → those after the step.
Project = Callable[[tuple[float, ...], tuple[float, ...]], tuple[float, ...]]


class Stage(NamedTuple):
    """A point, f there, and the partial of each moved variable (None: f does not depend on it)."""

    at: Mapping[str, float]
    value: float
    gradient: Mapping[str, float | None]


class State(NamedTuple):
    """What a step changes: the numbers of all variables, the slots of each moving one, steps taken.

    counts: of each moving variable, the steps that its optimizer has counted.
    """

    point: tuple[float, ...]
    slots: tuple[tuple[float, ...], ...]
    taken: int
    counts: tuple[int, ...] = ()


class StepProblem(NamedTuple):
    """What stays the same from step to step.

    moved: the variables asked to move; moving: the positions of those that f depends on. schedule: how the learning rate
    changes with the steps after *begun*. bounds: the lowest and the highest value of each variable.
    project: what makes a step of an update, where constraints are kept.
    """

    program: Program
    text: str
    update: Update
    clip: Clip
    moved: tuple[str, ...]
    moving: tuple[int, ...]
    ascend: bool
    corner: str
    schedule: Schedule = Schedule()
    begun: int = 0
    bounds: tuple[tuple[float, float], ...] = ()
    project: Project | None = None

    @property
    def plain(self) -> bool:
        """Whether each step is the rule's alone, and the program's instructions are carried out one by one."""
        return (
            not isinstance(self.program, BoundRows)
            and self.schedule.kind == "constant"
            and not self.bounds
            and self.project is None
        )

    def update_at(self, taken: int) -> Update:
        """The rule after so many steps: with the learning rate that the schedule has then. Raises DomainProblem."""
        if self.schedule.kind == "constant":
            return self.update
        begin = len(self.update.program.variables) - len(self.update.constants)
        place = self.update.program.variables.index("lr") - begin
        constants = list(self.update.constants)
        constants[place] *= self.schedule.factor(taken - self.begun)
        if not math.isfinite(constants[place]):
            raise DomainProblem(f"the learning rate of step {taken + 1} is too large for a float")
        return self.update._replace(constants=tuple(constants))

    def kept(self, place: int, number: float) -> float:
        """A variable's new value, moved into its bounds."""
        if not self.bounds:
            return number
        low, high = self.bounds[place]
        return min(max(number, low), high)


def step_problem(
    program: Program,
    text: str,
    choice: Choice,
    *,
    wrt: Collection[str] | None = None,
    ascend: bool = False,
    corner: str = "least",
    clip: Clip = NO_CLIP,
    kept: Collection[str] = (),
) -> StepProblem:
    """The course of a descent. kept: the optimizer's slots that there are already.

    Raises ValueProblem where *wrt* names no variable, DomainProblem where nobody knows a slope.
    """
    known, asked = frozenset(program.variables), frozenset(program.variables if wrt is None else wrt)
    for name in wrt or ():
        if name not in known:
            raise ValueProblem(f"{name} is not a variable of the expression")
    moved = tuple(name for name in program.variables if name in asked)
    for name in program.unknown:
        if name in asked:
            raise DomainProblem(f"no derivative along {name} is known", text=text)
    moving = tuple(
        i for i, name in enumerate(program.variables) if name in asked and program.gradient[i] is not None
    )
    return StepProblem(program, text, update_of(choice, kept), clip, moved, moving, ascend, corner)


def resting_numbers(course: StepProblem, at: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of the variables that do not move, as they are given."""
    return {name: at[name] for i, name in enumerate(course.program.variables) if i not in course.moving}


def settled(program: Program, resting: Mapping[str, Any]) -> Program:
    """The program with the conditions of *resting* numbers decided by what these were typed as, and of cells by theirs."""
    if isinstance(program, BoundRows):
        from gradcli.calculus.rows.bounds.settled_rows import settled_program

        return settled_program(program)
    from gradcli.calculus.evaluation.settled_conditions import with_settled

    return with_settled(program, resting)


Listener = Callable[[int, Stage], None]
