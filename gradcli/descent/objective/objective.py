"""f and its gradient as a function of a vector: the variables that move, the others where they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.instructions import Kink
from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.objective.hessian_function import curvature_of, hessian, settled_table
from gradcli.descent.objective.long_program import LongProgram, long_program
from gradcli.descent.objective.vectors import Matrix, Vector
from gradcli.descent.steps.program_runs import ProgramRun, missing_backend, run_of, without_native
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import Stage, State, StepProblem, resting_numbers, settled
from gradcli.language.errors import DomainProblem
from gradcli.language.limits import limit
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.calculus.program.derivative_table import Matrix as Table


class Evaluation(NamedTuple):
    """A vector, f there and its gradient; smooth is False where a corner's smallest slope was taken.

    A slope that does not exist, at an edge of the domain, is no number.
    """

    x: Vector
    f: float
    g: Vector
    smooth: bool = True


class Objective:
    """f to be made small (−f when *ascend*), counting its evaluations.

    at: numbers, as they were typed where they rest. names: the variables that move.
    sign: −1 uphill. count, curvatures: evaluations of the gradient, of the Hessian.
    backend: what carries out the program.
    """

    def __init__(self, course: StepProblem, at: Mapping[str, Any], backend: str = "auto") -> None:
        self._resting = resting_numbers(course, at)
        self.course = course = course._replace(program=settled(course.program, self._resting))
        self.names = tuple(course.program.variables[i] for i in course.moving)
        self.sign = -1.0 if course.ascend else 1.0
        self.count = self.curvatures = 0
        self._problem: DomainProblem | None = None
        self._refused: tuple[float, ...] | None = None
        self._watch = StepEvaluator(course, at, many=True)
        self._start = [float(at[name]) for name in course.program.variables]
        self._run = run_of(course.program, backend)
        moving = frozenset(course.moving)
        self._wanted = [index for index, slot in enumerate(self._outputs()) if slot in moving]
        self._curvature: Table | None = None
        self._long: LongProgram | None = None
        self._looked = False
        self._without: tuple[Note, ...] = ()
        self._backend = backend
        if self.by_rows is None and backend == "native":
            self._without = _without(self._run)

    def _outputs(self) -> list[int]:
        return [place for place, slot in enumerate(self.course.program.gradient) if slot is not None]

    @property
    def by_rows(self) -> BoundRows | None:
        """The program where it is one of rows, of which floats alone are known; None for any other."""
        program = self.course.program
        return program if isinstance(program, BoundRows) else None

    @property
    def extreme(self) -> str:
        """What is looked for."""
        return "maximum" if self.sign < 0 else "minimum"

    @property
    def falls(self) -> str:
        """What f does along the way."""
        return "rises" if self.sign < 0 else "falls"

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was met on the way."""
        return (
            *self._watch.notes.values(),
            *self._without,
            *missing_backend(self.course.program, self._backend),
        )

    def whole(self, x: Sequence[float]) -> tuple[float, ...]:
        """The numbers of all variables."""
        numbers = list(self._start)
        for place, number in zip(self.course.moving, x, strict=True):
            numbers[place] = number
        return tuple(numbers)

    def at(self, x: Sequence[float]) -> dict[str, float]:
        """The point, by name."""
        return dict(zip(self.course.program.variables, self.whole(x), strict=True))

    def look(self, x: Vector, *, careful: bool = False) -> Evaluation | None:
        """The place at x, or None where f has no value or no gradient: `problem` then says why.

        Where floats fail other than at a corner, only a *careful* look tries more digits: they cost a thousand times
        as much, and a search has other points to go to.
        """
        self.count += 1
        numbers, corner = self.whole(x), self._run is None
        try:
            value, *partials = self._run(*numbers) if self._run is not None else (math.nan,)
            if all(map(math.isfinite, (value, *partials, *numbers))) and not corner:
                return Evaluation(x, self.sign * value, [self.sign * partials[i] for i in self._wanted])
        except Kink:
            corner = True
        except (ValueError, ArithmeticError):
            pass
        self._refused, self._problem = numbers, None
        return self._second_look(x, numbers) if careful or corner else None

    def _second_look(self, x: Vector, numbers: tuple[float, ...]) -> Evaluation | None:
        try:
            stage = self._watch.stage(State(numbers, (), 0))
        except DomainProblem as problem:
            self._problem = problem
            return None
        slopes = [self.sign * float(stage.gradient[name] or 0.0) for name in self.names]
        return Evaluation(x, self.sign * stage.value, slopes, smooth=not self._watch.rough(numbers))

    @property
    def problem(self) -> DomainProblem | None:
        """Why the last point that was refused has no value; None where none was, or more digits found one."""
        if self._problem is None and self._refused is not None:
            try:
                self._watch.stage(State(self._refused, (), 0))
            except DomainProblem as problem:
                self._problem = problem
            self._refused = None
        return self._problem

    def stage(self, place: Evaluation) -> Stage:
        """A place as steps tell it: all variables by name, f and its slopes without our sign."""
        slopes: dict[str, float | None] = dict.fromkeys(self.course.moved)
        known = ((name, slope) for name, slope in zip(self.names, place.g, strict=True))
        slopes |= {name: None if math.isnan(slope) else self.sign * slope for name, slope in known}
        return Stage(self.at(place.x), self.sign * place.f, slopes)

    @property
    def table(self) -> Table | None:
        """The program of the second derivatives; None where nobody knows one, they are too many, or f's is a `long` one."""
        self._look_at_curvature()
        return self._curvature

    @property
    def long(self) -> LongProgram | None:
        """What has the second derivatives where f's program is a long one."""
        self._look_at_curvature()
        return self._long

    @property
    def curved(self) -> bool:
        """Whether there are second derivatives."""
        return self.table is not None or self.long is not None

    def _look_at_curvature(self) -> None:
        if self._looked or self.by_rows is not None:
            return
        self._looked = True
        if len(self.names) <= limit("eigenvalues"):
            self._long = long_program(self.course.program, self.course.moving)
        if self._long is None:
            table = curvature_of(self.course.text, self.course.program.variables, self.names)
            self._curvature = table and settled_table(table, self._resting)

    def curvature(self, x: Sequence[float]) -> Matrix | None:
        """The Hessian at x, or None where there is none."""
        found: Matrix | None
        if self.by_rows is not None:
            few = len(self.names) <= limit("eigenvalues")
            found = self.by_rows.hessian(self.at(x), self.names) if few else None
            self.curvatures += found is not None
        elif not self.curved:
            return None
        else:
            self.curvatures += 1
            found = self._second_derivatives(x)
        return found and [[self.sign * number for number in row] for row in found]

    def _second_derivatives(self, x: Sequence[float]) -> Matrix | None:
        if self._long is not None:
            return self._long.hessian(self.whole(x))
        return None if self._curvature is None else hessian(self._curvature, self.at(x))


def _without(run: object) -> tuple[Note, ...]:
    """What is said where machine code was asked for and a program's run is none."""
    if not isinstance(run, ProgramRun):
        return (without_native("there is nothing for it to carry out"),)
    return () if run.is_native else (without_native(run.why),)
