"""Gradients made elsewhere → one step: the second half of a step by itself, as `apply_gradients` is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from gradcli.calculus.program.point_answer import Note
from gradcli.descent.rules.gradient_clipping import clip_of, clipped
from gradcli.descent.rules.optimizer_choice import Choice
from gradcli.descent.rules.optimizer_state import FRESH, Counts, OptimizerState, Slots
from gradcli.descent.rules.update_program import applied_update, update_of
from gradcli.descent.steps.optimizer_steps import ONE_STEP, StepOptions, ages_of, kept_slots, kept_with
from gradcli.descent.steps.step_evaluator import overflow
from gradcli.language.errors import DomainProblem


class Applied(NamedTuple):
    """The point after the update, the slots by name and variable, the steps counted for each variable, notes."""

    at: Mapping[str, float]
    slots: Slots
    counts: Counts
    notes: tuple[Note, ...] = ()
    taken: int = 1


def apply(
    at: Mapping[str, float],
    gradient: Mapping[str, float],
    choice: Choice,
    options: StepOptions = ONE_STEP,
    state: OptimizerState = FRESH,
) -> Applied:
    """One step of *choice* along *gradient*, going on from *state*; of *options* it needs the sign and the clips.

    Variables without a partial stay where they are, and their slots as they are. Raises DomainProblem where the update
    of a variable has no finite value.
    """
    known = state.slots
    update = update_of(choice, kept_slots(known))
    ages = ages_of(state)
    signed = [-g if options.ascend else g for g in gradient.values()]
    partials = clipped(clip_of(options.clip_value, options.clip_norm, choice.dialect), signed)
    point, notes = dict(at), []
    after: dict[str, dict[str, float]] = {slot: {} for slot in update.slots}
    for name, partial in zip(gradient, partials, strict=True):
        start = zip(update.slots, update.initial, strict=True)
        kept = [float(known.get(slot, {}).get(name, initial)) for slot, initial in start]
        age = 1 + (ages.get(name, 0) if update.each else state.own)
        point[name], states = applied_update(update, (point[name], partial, float(age), *kept), name)
        if not math.isfinite(point[name]):
            raise DomainProblem(f"the update of {name} is too large for a float")
        for slot, old, new in zip(update.slots, kept, states, strict=True):
            after[slot][name] = new
            notes += (
                [overflow(slot, name, state.taken + 1)] if math.isinf(new) and not math.isinf(old) else []
            )
        ages |= {name: age} if update.slots else {}
    whole = kept_with(known, after, choice)
    return Applied(point, whole, ages if update.each else {}, tuple(notes))
