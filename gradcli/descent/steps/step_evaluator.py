"""The evaluation of one problem: point → value and gradient, and state and gradient → the state after a step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.calculus.backends import float_backend
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.program.point_answer import Answer, Note, Value
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import text_of
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.rules.gradient_clipping import clipped
from gradcli.descent.rules.update_program import applied_update
from gradcli.descent.steps.program_runs import run_of
from gradcli.descent.steps.step_problem import Stage, State, StepProblem
from gradcli.language.errors import MORE_DIGITS, DomainProblem

#: Descents come to rest at corners or bounce between a few of them, and a corner takes milliseconds to look
#: at: so many careful stages are remembered.
REMEMBERED = 64

#: Slopes that differ by more than that are those of two pieces.
PIECE = 1e-6


class StepEvaluator:
    """Stages of a course, and the notes met on the way, each once.

    many: stages will be asked for often, so that compiling the program pays. given: numbers as they were typed, which a
    variable has where it has their float.
    """

    def __init__(self, course: StepProblem, given: Mapping[str, Any], *, many: bool = False) -> None:
        self.course, self._moved, self._given = course, frozenset(course.moved), given
        self.notes: dict[tuple[object, ...], Note] = {}
        by_rows = isinstance(course.program, BoundRows)
        self._run = run_of(course.program) if many or by_rows else None
        self._update = float_backend.compiled(course.update.program) if many else None
        self._met: dict[tuple[float, ...], Stage] = {}
        self._rough: set[tuple[float, ...]] = set()
        names = course.program.variables
        typed = {place: given.get(names[place]) for place in course.moving}
        self._begun = {
            place: float(x) for place, x in typed.items() if x is not None and text_of(x) is not None
        }

    def over(self, program: BoundRows) -> StepEvaluator:
        """The same problem over other rows; the notes met there are this one's as well."""
        from copy import copy

        other = copy(self)
        other.course, other._run = self.course._replace(program=program), program.run
        other._met, other._rough = {}, set()
        return other

    def stage(self, state: State, number: int | None = None) -> Stage:
        """State → value and gradient there. number: the step that led to it, for the error."""
        stage = self._quick(state.point)
        if self._begun and stage is not None and not self._is_sure(state.point, stage):
            stage = None
        if stage is None:
            try:
                stage = self._met.get(state.point) or self._careful(state.point)
            except DomainProblem as problem:
                raise (problem if number is None else at_step(number, problem)) from None
            if len(self._met) == REMEMBERED:
                oldest = next(iter(self._met))
                self._rough.discard(oldest)
                del self._met[oldest]
            self._met[state.point] = stage
        return stage

    def _is_sure(self, point: tuple[float, ...], stage: Stage) -> bool:
        """Whether the slopes at typed numbers are those of their floats, which may lie in another piece than these."""
        self._begun = {place: x for place, x in self._begun.items() if point[place] == x}
        if not self._begun or isinstance(self.course.program, BoundRows):
            return True
        try:
            answer = answer_at(
                self.course.program, self.course.text, self._typed(stage.at), self.course.corner
            )
        except DomainProblem:
            return False
        return all(
            slope is None or (answer.partials[name] is not None
                              and math.isclose(slope, float(answer.partials[name] or 0.0), rel_tol=PIECE, abs_tol=PIECE))
            for name, slope in stage.gradient.items()
        )  # fmt: skip

    def _typed(self, at: Mapping[str, float]) -> dict[str, Any]:
        return {
            name: x if float(self._given.get(name, x)) != x else self._given.get(name, x)
            for name, x in at.items()
        }

    def rough(self, point: tuple[float, ...]) -> bool:
        """Whether the stage just given at *point* is one at a corner."""
        return point in self._rough

    def _quick(self, point: tuple[float, ...]) -> Stage | None:
        """The stage where plain floats know it: what a loop calculates, to the last bit."""
        program = self.course.program
        try:
            if self._run is not None:
                value, *partials = self._run(*point)
            else:
                slots = float_backend.run(program, point)
                value, *partials = [slots[i] for i in (program.value, *program.gradient) if i is not None]
        except (ValueError, ArithmeticError):
            return None
        names, found = self.course.program.variables, iter(partials)
        slopes = [None if slot is None else next(found) for slot in self.course.program.gradient]
        gradient = {name: slope for name, slope in zip(names, slopes, strict=True) if name in self._moved}
        known = (slope for slope in gradient.values() if slope is not None)
        if not all(map(math.isfinite, (value, *point, *known))):
            return None
        return Stage(dict(zip(names, point, strict=True)), value, gradient)

    def _careful(self, point: tuple[float, ...]) -> Stage:
        course, names = self.course, self.course.program.variables
        at = dict(zip(names, point, strict=True))
        for name, number in at.items():
            if not math.isfinite(number):
                raise DomainProblem(f"{name} is no longer a finite number")
        answer = answer_at(course.program, course.text, self._typed(at), course.corner)
        notes = [note for note in answer.notes if note.kind != "underflow"]
        if notes:
            self._rough.add(point)
        for note in notes:
            if note.variable in course.moved:
                self.notes.setdefault((note.kind, note.variable, note.span), note)
        gradient = {name: answer.partials[name] for name in course.moved}
        for place in course.moving:
            if gradient[names[place]] is None:
                raise _no_slope(course, names[place], answer.notes)
        return Stage(at, float(answer.value), gradient)  # type: ignore[arg-type]  # floats in, floats out

    def stepped(self, state: State, stage: Stage) -> State:
        """One step: state and gradient → state."""
        course, names, update = self.course, self.course.program.variables, self.course.update_at(state.taken)
        partials = [float(stage.gradient[names[place]] or 0.0) for place in course.moving]
        partials = clipped(course.clip, [-g for g in partials] if course.ascend else partials)
        point, slots, number = list(state.point), [], state.taken + 1
        ages = tuple(count + 1 for count in state.counts)
        for place, partial, kept, age in zip(course.moving, partials, state.slots, ages, strict=True):
            try:
                point[place], after = applied_update(
                    update, (point[place], partial, float(age), *kept), names[place], self._update
                )
            except DomainProblem as problem:
                raise at_step(number, problem) from None
            point[place] = course.kept(place, point[place])
            self._overflown(names[place], number, kept, after)
            slots.append(after)
        after_all = tuple(point) if course.project is None else course.project(state.point, tuple(point))
        return State(after_all, tuple(slots), number, ages)

    def _overflown(self, name: str, number: int, before: Sequence[float], after: Sequence[float]) -> None:
        for slot, old, new in zip(self.course.update.slots, before, after, strict=True):
            if math.isinf(new) and not math.isinf(old):
                self.notes[("overflow", name, slot)] = overflow(slot, name, number)


def overflow(slot: str, name: str, number: int) -> Note:
    """What is said where a slot has outgrown floats: steps go on, as in the libraries."""
    return Note(
        "overflow", f"step {number}: {slot} of {name} is too large for a float and stays infinite, as in the "
        f"optimizer's library; {name} may no longer move", name,
    )  # fmt: skip


def at_step(number: int, problem: DomainProblem) -> DomainProblem:
    """The same problem, met at a step."""
    hint = None if problem.hint == MORE_DIGITS else problem.hint  # steps are in floats
    return DomainProblem(
        f"step {number} ends where there is no gradient: {problem.message}",
        text=problem.text, span=problem.span, hint=hint or "a smaller learning rate may stay inside",
    )  # fmt: skip


def _no_slope(course: StepProblem, name: str, notes: Sequence[Note]) -> DomainProblem:
    note = next((note for note in notes if note.variable == name), None)
    if note is not None and note.kind == "undecided":
        return DomainProblem(note.message, text=course.text)
    if note is None or note.span is None:
        return DomainProblem(f"there is no partial derivative along {name}", text=course.text)
    message = note.message.replace("{0}", course.text[slice(*note.span)])
    return DomainProblem(message, text=course.text, span=note.span)


def answer_at(program: Program, text: str, at: Mapping[str, Value], corner: str) -> Answer:
    """What `grad` answers at a point. Raises DomainProblem where f has no value."""
    if isinstance(program, BoundRows):
        return program.answer({name: float(at[name]) for name in program.variables}, corner)
    return evaluate(program, text, at, corner)
