"""Point → point: one step or a million of an optimizer.

All gradients are read before any variable moves. f is evaluated as typed: a step that leaves the domain, or
whose point, value or gradient is not finite, is an error that names the step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.program import Program
from gradcli.descent.rules.gradient_clipping import clip_of
from gradcli.descent.rules.optimizer_choice import Choice, rule_of
from gradcli.descent.steps.step_problem import Course, Listener, Stage, State, Watch, course_of

Slots = Mapping[str, Mapping[str, float]]
Counts = Mapping[str, int]

#: Up to so many steps, compiling costs more than it saves.
FEW = 20


class Run(NamedTuple):
    """Steps that were taken: from where to where, how many, the slots by name and variable, and notes.

    counts: the steps that the optimizer has counted for each variable, where its rule counts them by itself.
    """

    before: Stage
    after: Stage
    taken: int
    slots: Slots
    notes: tuple[Note, ...]
    counts: Counts = MappingProxyType({})


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
    since: int = 0,
    counts: Counts | None = None,
    corner: str = "least",
    on_step: Listener | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
) -> Run:
    """*steps* steps of *choice* from *at*, going on from *slots* after *taken* steps, of which it took those *since*.

    What *slots* and *counts* (None: all its steps for each that has slots) hold of variables that rest is kept. on_step
    is told the number of each step and its stage. Raises DomainProblem where the start or a step has no value or no
    gradient.
    """
    clip, known = clip_of(clip_value, clip_norm, choice.dialect), slots or {}
    kept = kept_slots(known)
    course = course_of(program, text, choice, wrt=wrt, ascend=ascend, corner=corner, clip=clip, kept=kept)
    ages = dict(counts) if counts is not None else counted(known, taken - since)
    watch = Watch(course, many=steps > FEW)
    point = tuple(float(at[name]) for name in program.variables)
    begun = State(point, tuples(course, known), taken, _counts(course, ages, taken - since))
    before = watch.stage(begun)
    state, after = _all(watch, begun, before, steps, on_step)
    whole = kept_with(known, mappings(course, state), choice)
    return Run(before, after, steps, whole, tuple(watch.notes.values()), _aged(course, ages, state))


def _all(
    watch: Watch, state: State, stage: Stage, steps: int, on_step: Listener | None
) -> tuple[State, Stage]:
    if steps > FEW and on_step is None:
        from gradcli.descent.steps.compiled_loop import hurry

        return hurry(watch, state, steps)
    for number in range(state.taken + 1, state.taken + steps + 1):
        state = watch.stepped(state, stage)
        stage = watch.stage(state, number)
        if on_step is not None:
            on_step(number, stage)
    return state, stage


def kept_slots(slots: Slots) -> frozenset[str]:
    """The names of those that some variable has."""
    return frozenset(name for name, numbers in slots.items() if numbers)


def counted(slots: Slots, whole: int) -> dict[str, int]:
    """The counts where they were not kept: the *whole* number of steps for each variable that has slots."""
    return {name: whole for numbers in slots.values() for name in numbers}


def _counts(course: Course, ages: Counts, whole: int) -> tuple[int, ...]:
    names = course.program.variables
    return tuple(ages.get(names[place], 0) if course.update.each else whole for place in course.moving)


def _aged(course: Course, ages: Counts, state: State) -> Counts:
    """The counts after the steps. Steps that keep no slots are not counted: PyTorch's count is one of them."""
    if not course.update.each:
        return {}
    if not course.update.slots:
        return ages
    names = [course.program.variables[place] for place in course.moving]
    return {**ages, **dict(zip(names, state.counts, strict=True))}


def tuples(course: Course, slots: Slots) -> tuple[tuple[float, ...], ...]:
    """The slots of each moving variable; what is not known starts as the optimizer starts it."""
    update, names = course.update, course.program.variables
    return tuple(
        tuple(
            float(slots.get(slot, {}).get(names[place], initial))
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


def kept_with(known: Slots, new: Slots, choice: Choice) -> Slots:
    """All slots after the steps: the *new*, and those *known* of variables that rested or that no line used."""
    return {
        slot: {**known.get(slot, {}), **new.get(slot, {})}
        for slot in rule_of(choice).slots
        if slot in new or known.get(slot)
    }
