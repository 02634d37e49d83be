"""f and its gradient as a function of a vector: the variables that move, the others where they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.calculus import floats
from gradcli.calculus.evaluate import Note
from gradcli.descent.course import Course, Stage, State, Watch
from gradcli.descent.curvature import curvature_of, hessian
from gradcli.descent.linear import Matrix, Vector
from gradcli.language.errors import DomainProblem

if TYPE_CHECKING:
    from gradcli.calculus.matrix import Matrix as Table


class Place(NamedTuple):
    """A vector, f there and its gradient; smooth is False where a corner's smallest slope was taken."""

    x: Vector
    f: float
    g: Vector
    smooth: bool = True


class Objective:
    """f to be made small (−f when *ascend*), counting its evaluations.

    names: the variables that move. problem: why the last point that was refused has no value.
    """

    def __init__(self, course: Course, at: Mapping[str, float]) -> None:
        self.course = course
        self.names = tuple(course.program.variables[i] for i in course.moving)
        self.sign = -1.0 if course.ascend else 1.0
        self.count = self.curvatures = 0
        self.problem: DomainProblem | None = None
        self._watch = Watch(course, many=True)
        self._start = [float(at[name]) for name in course.program.variables]
        self._run = floats.compiled(course.program)
        self._wanted = [index for index, slot in enumerate(self._outputs()) if slot in course.moving]
        self._curvature: Table | None = None
        self._looked = False

    def _outputs(self) -> list[int]:
        return [place for place, slot in enumerate(self.course.program.gradient) if slot is not None]

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
        return tuple(self._watch.notes.values())

    def whole(self, x: Sequence[float]) -> tuple[float, ...]:
        """The numbers of all variables."""
        numbers = list(self._start)
        for place, number in zip(self.course.moving, x, strict=True):
            numbers[place] = number
        return tuple(numbers)

    def at(self, x: Sequence[float]) -> dict[str, float]:
        """The point, by name."""
        return dict(zip(self.course.program.variables, self.whole(x), strict=True))

    def look(self, x: Vector) -> Place | None:
        """The place at x, or None where f has no value or no gradient: `problem` then says why."""
        self.count += 1
        numbers = self.whole(x)
        try:
            value, *partials = self._run(*numbers)
            if all(map(math.isfinite, (value, *partials, *numbers))):
                return Place(x, self.sign * value, [self.sign * partials[i] for i in self._wanted])
        except (ValueError, ArithmeticError):
            pass
        try:
            stage = self._watch.stage(State(numbers, (), 0))
        except DomainProblem as problem:
            self.problem = problem
            return None
        slopes = [self.sign * float(stage.gradient[name] or 0.0) for name in self.names]
        return Place(x, self.sign * stage.value, slopes, smooth=not self._watch.rough(numbers))

    def stage(self, place: Place) -> Stage:
        """A place as steps tell it: all variables by name, f and its slopes without our sign."""
        slopes: dict[str, float | None] = dict.fromkeys(self.course.moved)
        slopes |= {name: self.sign * slope for name, slope in zip(self.names, place.g, strict=True)}
        return Stage(self.at(place.x), self.sign * place.f, slopes)

    def curvature(self, x: Sequence[float]) -> Matrix | None:
        """The Hessian at x, or None where there is none."""
        if not self._looked:
            variables = self.course.program.variables
            self._curvature, self._looked = curvature_of(self.course.text, variables, self.names), True
        if self._curvature is None:
            return None
        self.curvatures += 1
        found = hessian(self._curvature, self.at(x))
        return found and [[self.sign * number for number in row] for row in found]
