"""Point → point: one step or a million of an optimizer.

All gradients are read before any variable moves. f is evaluated as typed: a step that leaves the domain, or
whose point, value or gradient is not finite, is an error that names the step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from gradcli.calculus.evaluate import Note
from gradcli.calculus.program import Program
from gradcli.descent.choice import Choice
from gradcli.descent.clipping import clip_of
from gradcli.descent.course import Course, Listener, Stage, State, Watch, course_of

Slots = Mapping[str, Mapping[str, float]]

#: Up to so many steps, compiling costs more than it saves.
FEW = 20


class Run(NamedTuple):
    """Steps that were taken: from where to where, how many, the slots by name and variable, and notes."""

    before: Stage
    after: Stage
    taken: int
    slots: Slots
    notes: tuple[Note, ...]


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
    on_step: Listener | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
) -> Run:
    """*steps* steps of *choice* from *at*, going on from *slots* after *taken* steps.

    on_step is told the number of each step and its stage. Raises DomainProblem where the start or a step
    has no value or no gradient.
    """
    clip = clip_of(clip_value, clip_norm)
    course = course_of(program, text, choice, wrt=wrt, ascend=ascend, corner=corner, clip=clip)
    watch = Watch(course, many=steps > FEW)
    state = State(tuple(float(at[name]) for name in program.variables), tuples(course, slots), taken)
    before = watch.stage(state)
    state, after = _all(watch, state, before, steps, on_step)
    return Run(before, after, steps, mappings(course, state), tuple(watch.notes.values()))


def _all(
    watch: Watch, state: State, stage: Stage, steps: int, on_step: Listener | None
) -> tuple[State, Stage]:
    if steps > FEW and on_step is None:
        from gradcli.descent.loop import hurry

        return hurry(watch, state, steps)
    for number in range(state.taken + 1, state.taken + steps + 1):
        state = watch.stepped(state, stage)
        stage = watch.stage(state, number)
        if on_step is not None:
            on_step(number, stage)
    return state, stage


def tuples(course: Course, slots: Slots | None) -> tuple[tuple[float, ...], ...]:
    """The slots of each moving variable; what is not known starts as the optimizer starts it."""
    update, names, known = course.update, course.program.variables, slots or {}
    return tuple(
        tuple(
            float(known.get(slot, {}).get(names[place], initial))
            for slot, initial in zip(update.slots, update.initial, strict=True)
        )
        for place in course.moving
    )


def mappings(course: Course, state: State) -> Slots:
    """The slots by name, then by variable: what `tuples` reads."""
    names = [course.program.variables[place] for place in course.moving]
    return {
        slot: {name: kept[i] for name, kept in zip(names, state.slots, strict=True)}
        for i, slot in enumerate(course.update.slots)
    }
