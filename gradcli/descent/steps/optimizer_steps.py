"""Point → point: one step or a million of an optimizer.

All gradients are read before any variable moves. f is evaluated as typed: a step that leaves the domain, or
whose point, value or gradient is not finite, is an error that names the step.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.rules.gradient_clipping import clip_of
from gradcli.descent.rules.learning_rate_schedules import Schedule
from gradcli.descent.rules.optimizer_choice import Choice, rule_of
from gradcli.descent.rules.optimizer_state import FRESH, Counts, OptimizerState, Slots
from gradcli.descent.steps.program_runs import carried_out_by, missing_backend
from gradcli.descent.steps.step_evaluator import StepEvaluator
from gradcli.descent.steps.step_problem import (
    Listener,
    Project,
    Stage,
    State,
    StepProblem,
    resting_numbers,
    settled,
    step_problem,
)
from gradcli.language.column_names import spread_values
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.descent.steps.batch_steps import Batches

#: The lowest and the highest value of each variable that has one, None for no end.
Bounds = Mapping[str, tuple[float | None, float | None]]

#: Up to so many steps, compiling costs more than it saves.
FEW = 20


class StepOptions(NamedTuple):
    """How many steps, along which variables, uphill or down, what corners answer, and where the gradient is clipped.

    schedule: how the learning rate changes. bounds: the lowest and the highest value of a variable, None for no end.
    backend: one of BACKENDS, which all lead to the same bits.
    project: what makes a step of an update, where constraints are kept.
    """

    steps: int = 1
    wrt: Collection[str] | None = None
    ascend: bool = False
    corner: str = "least"
    clip_norm: float | None = None
    clip_value: float | None = None
    schedule: Schedule = Schedule()
    bounds: Bounds | None = None
    backend: str = "auto"
    project: Project | None = None


#: One step along every variable, downhill.
ONE_STEP = StepOptions()


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


def take_steps(
    program: Program,
    text: str,
    at: Mapping[str, Any],
    choice: Choice,
    options: StepOptions = ONE_STEP,
    state: OptimizerState = FRESH,
    on_step: Listener | None = None,
    batches: Batches | None = None,
) -> Run:
    """Steps of *choice* from *at*, which remembers what was typed, going on from *state*; of variables that rest all is kept.

    on_step is told the number of each step and its stage; with *batches*, of those at which an epoch ends. Raises
    DomainProblem where the start or a step has no value or no gradient.
    """
    program = carried_out_by(program, options.backend)
    clip = clip_of(options.clip_value, options.clip_norm, choice.dialect)
    course = step_problem(
        program, text, choice, wrt=options.wrt, ascend=options.ascend, corner=options.corner, clip=clip,
        kept=kept_slots(state.slots),
    )  # fmt: skip
    course = _with_options(course, options, state, at)
    ages = ages_of(state)
    watch = StepEvaluator(course, at, many=options.steps > FEW)
    point = tuple(float(at[name]) for name in program.variables)
    begun = State(point, slots_in_order(course, state.slots), state.taken, _counts(course, ages, state.own))
    before = watch.stage(begun)
    if batches is None:
        ended, after = _all(watch, begun, before, options, on_step)
    else:
        from gradcli.descent.steps.batch_steps import take_batch_steps
        from gradcli.descent.steps.native_batches import native_batches

        loop = native_batches(watch, begun, options.steps, batches, options.backend)
        arrays = False if loop is not None else {"python": False, "numpy": True}.get(options.backend)
        batches = batches._replace(arrays=arrays)
        ended, after = take_batch_steps(watch, begun, options.steps, batches, on_step, loop)
    whole = kept_with(state.slots, slots_by_name(course, ended), choice)
    notes = (*watch.notes.values(), *(missing_backend(program, options.backend) if batches is None else ()))
    return Run(before, after, options.steps, whole, notes, _aged(course, ages, ended))


def _with_options(
    course: StepProblem, options: StepOptions, state: OptimizerState, at: Mapping[str, Any]
) -> StepProblem:
    """The course within bounds and along a schedule. Raises UsageProblem and ValueProblem for what does not fit."""
    names = course.program.variables
    given = spread_values(options.bounds or {}, names)
    for name, (low, high) in given.items():
        if name not in names:
            raise ValueProblem(f"--bounds {name}: it is not a variable of the expression")
        if low is not None and high is not None and low > high:
            raise ValueProblem(f"--bounds {name}: {low:g} is above {high:g}")
    ends = [given.get(name, (None, None)) for name in names]
    bounds = [(-math.inf if low is None else low, math.inf if high is None else high) for low, high in ends]
    if options.schedule.kind != "constant" and "lr" not in course.update.program.variables:
        raise UsageProblem("--schedule changes the learning rate, and this rule has none in its steps")
    return course._replace(
        program=settled(course.program, resting_numbers(course, at)),
        schedule=options.schedule,
        begun=state.since,
        bounds=tuple(bounds) if options.bounds else (),
        project=options.project,
    )


def _all(
    watch: StepEvaluator, state: State, stage: Stage, options: StepOptions, on_step: Listener | None
) -> tuple[State, Stage]:
    end = state.taken + options.steps
    if on_step is None and (options.steps > FEW or options.backend == "native"):
        state, stage = _in_loops(watch, state, stage, end, options.backend)
    for number in range(state.taken + 1, end + 1):
        state = watch.stepped(state, stage)
        stage = watch.stage(state, number)
        if on_step is not None:
            on_step(number, stage)
    return state, stage


def _in_loops(
    watch: StepEvaluator, state: State, stage: Stage, end: int, backend: str
) -> tuple[State, Stage]:
    """The state after as many steps as compiled loops take, all of them or none, or some."""
    from gradcli.descent.steps.native_steps import advanced, native_loop

    if isinstance(watch.course.program, BoundRows):
        from gradcli.descent.steps.native_batches import native_rows

        loop = native_rows(watch, state, end - state.taken, backend)
    else:
        loop = native_loop(watch, state, end - state.taken, backend)
    if loop is not None:
        state = advanced(watch, loop, state, end)
        stage = watch.stage(state, state.taken)
    if end - state.taken > FEW and watch.course.plain:
        from gradcli.descent.steps.compiled_loop import run_compiled_loop

        return run_compiled_loop(watch, state, end - state.taken)
    return state, stage


def kept_slots(slots: Slots) -> frozenset[str]:
    """The names of those that some variable has."""
    return frozenset(name for name, numbers in slots.items() if numbers)


def ages_of(state: OptimizerState) -> dict[str, int]:
    """The steps counted for each variable; where they were not kept, all of the optimizer's for each that has slots."""
    if state.counts is not None:
        return dict(state.counts)
    return {name: state.own for numbers in state.slots.values() for name in numbers}


def _counts(course: StepProblem, ages: Counts, whole: int) -> tuple[int, ...]:
    names = course.program.variables
    return tuple(ages.get(names[place], 0) if course.update.each else whole for place in course.moving)


def _aged(course: StepProblem, ages: Counts, state: State) -> Counts:
    """The counts after the steps. Steps that keep no slots are not counted: PyTorch's count is one of them."""
    if not course.update.each:
        return {}
    if not course.update.slots:
        return ages
    names = [course.program.variables[place] for place in course.moving]
    return {**ages, **dict(zip(names, state.counts, strict=True))}


def slots_in_order(course: StepProblem, slots: Slots) -> tuple[tuple[float, ...], ...]:
    """The slots of each moving variable; what is not known starts as the optimizer starts it."""
    update, names = course.update, course.program.variables
    return tuple(
        tuple(
            float(slots.get(slot, {}).get(names[place], initial))
            for slot, initial in zip(update.slots, update.initial, strict=True)
        )
        for place in course.moving
    )


def slots_by_name(course: StepProblem, state: State) -> Slots:
    """The slots by name, then by variable: what `slots_in_order` reads."""
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
