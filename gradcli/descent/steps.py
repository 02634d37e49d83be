"""Point → point: one step or a million of an optimizer.

All gradients are read before any variable moves. f is evaluated as typed: a step that leaves the domain, or
whose point, value or gradient is not finite, is an error that names the step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.evaluate import Note, evaluate
from gradcli.calculus.program import Program
from gradcli.descent.choice import Choice
from gradcli.descent.clipping import Clip, clip_of, clipped
from gradcli.descent.update import Update, update_of, updated
from gradcli.language.errors import DomainProblem, ValueProblem

Slots = Mapping[str, Mapping[str, float]]


class Stage(NamedTuple):
    """A point, f there, and the partial of each moved variable (None: f does not depend on it)."""

    at: Mapping[str, float]
    value: float
    gradient: Mapping[str, float | None]


class Run(NamedTuple):
    """Steps that were taken: from where to where, how many, the slots by name and variable, and notes."""

    before: Stage
    after: Stage
    taken: int
    slots: Slots
    notes: tuple[Note, ...]


class State(NamedTuple):
    """What a step changes: the numbers of all variables, the slots of each moving one, steps taken."""

    point: tuple[float, ...]
    slots: tuple[tuple[float, ...], ...]
    taken: int


class Course(NamedTuple):
    """What stays the same from step to step.

    moved: the variables asked to move; moving: the positions of those that f depends on.
    """

    program: Program
    text: str
    update: Update
    clip: Clip
    moved: tuple[str, ...]
    moving: tuple[int, ...]
    ascend: bool
    corner: str


def take(
    program: Program,
    text: str,
    at: Mapping[str, float],
    choice: Choice,
    *,
    steps: int = 1,
    wrt: Collection[str] | None = None,
    ascend: bool = False,
    slots: Slots | None = None,
    taken: int = 0,
    corner: str = "least",
    on_step: Callable[[int, Stage], None] | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
) -> Run:
    """*steps* steps of *choice* from *at*, going on from *slots* after *taken* steps.

    on_step is told the number of each step and its stage. Raises DomainProblem where the start or a step
    has no value or no gradient.
    """
    course = course_of(
        program, text, choice, wrt=wrt, ascend=ascend, corner=corner, clip=clip_of(clip_value, clip_norm)
    )
    watch = Watch(course)
    state = State(tuple(float(at[name]) for name in program.variables), _tuples(course, slots), taken)
    before = stage = watch.stage(state)
    for number in range(taken + 1, taken + steps + 1):
        state = stepped(course, state, stage)
        stage = watch.stage(state, number)
        if on_step is not None:
            on_step(number, stage)
    return Run(before, stage, steps, _mappings(course, state), tuple(watch.notes.values()))


def course_of(
    program: Program,
    text: str,
    choice: Choice,
    *,
    wrt: Collection[str] | None,
    ascend: bool,
    corner: str,
    clip: Clip,
) -> Course:
    """The course of a descent.

    Raises ValueProblem where *wrt* names no variable, DomainProblem where nobody knows a slope.
    """
    for name in wrt or ():
        if name not in program.variables:
            raise ValueProblem(f"{name} is not a variable of the expression")
    moved = tuple(name for name in program.variables if wrt is None or name in wrt)
    for name in moved:
        if name in program.unknown:
            raise DomainProblem(f"no derivative along {name} is known", text=text)
    moving = tuple(
        i for i, name in enumerate(program.variables) if name in moved and program.gradient[i] is not None
    )
    return Course(program, text, update_of(choice), clip, moved, moving, ascend, corner)


class Watch:
    """Stages of a course, and the notes met on the way: each once."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.notes: dict[tuple[object, ...], Note] = {}

    def stage(self, state: State, number: int | None = None) -> Stage:
        """Point → value and gradient there. number: the step that led to it, for the error."""
        course, names = self.course, self.course.program.variables
        at = dict(zip(names, state.point, strict=True))
        try:
            if not all(map(math.isfinite, state.point)):
                raise DomainProblem(_infinite(at))
            answer = evaluate(course.program, course.text, at, course.corner)
        except DomainProblem as problem:
            raise (problem if number is None else at_step(number, problem)) from None
        for note in answer.notes:
            if note.variable in course.moved:
                self.notes.setdefault((note.kind, note.variable, note.span), note)
        gradient = {name: answer.partials[name] for name in course.moved}
        for place in course.moving:
            if gradient[names[place]] is None:
                missing = _no_slope(course, names[place], answer.notes)
                raise missing if number is None else at_step(number, missing)
        return Stage(at, float(answer.value), gradient)  # type: ignore[arg-type]  # floats in, floats out


def at_step(number: int, problem: DomainProblem) -> DomainProblem:
    """The same problem, met at a step."""
    return DomainProblem(
        f"step {number} ends where there is no gradient: {problem.message}",
        text=problem.text, span=problem.span, hint=problem.hint or "a smaller learning rate may stay inside",
    )  # fmt: skip


def _infinite(at: Mapping[str, float]) -> str:
    name = next(name for name, number in at.items() if not math.isfinite(number))
    return f"{name} is no longer a finite number"


def _no_slope(course: Course, name: str, notes: Sequence[Note]) -> DomainProblem:
    note = next((note for note in notes if note.variable == name), None)
    if note is None or note.span is None:
        return DomainProblem(f"there is no partial derivative along {name}", text=course.text)
    message = note.message.replace("{0}", course.text[slice(*note.span)])
    return DomainProblem(message, text=course.text, span=note.span)


def stepped(course: Course, state: State, stage: Stage) -> State:
    """One step: state and gradient → state."""
    names = course.program.variables
    partials = [float(stage.gradient[names[place]] or 0.0) for place in course.moving]
    partials = clipped(course.clip, [-g for g in partials] if course.ascend else partials)
    point, slots, number = list(state.point), [], state.taken + 1
    for place, partial, kept in zip(course.moving, partials, state.slots, strict=True):
        try:
            point[place], after = updated(course.update, point[place], partial, number, kept)
        except (ValueError, ArithmeticError) as error:
            raise at_step(
                number, DomainProblem(f"the update of {names[place]} has no value: {error}")
            ) from None
        slots.append(after)
    return State(tuple(point), tuple(slots), number)


def _tuples(course: Course, slots: Slots | None) -> tuple[tuple[float, ...], ...]:
    update, names = course.update, course.program.variables
    known = slots or {}
    return tuple(
        tuple(
            float(known.get(slot, {}).get(names[place], initial))
            for slot, initial in zip(update.slots, update.initial, strict=True)
        )
        for place in course.moving
    )


def _mappings(course: Course, state: State) -> Slots:
    names = [course.program.variables[place] for place in course.moving]
    return {
        slot: {name: kept[i] for name, kept in zip(names, state.slots, strict=True)}
        for i, slot in enumerate(course.update.slots)
    }
