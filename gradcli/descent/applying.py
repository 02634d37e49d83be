"""Gradients made elsewhere → one step: the second half of a step by itself, as `apply_gradients` is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gradcli.descent.choice import Choice
from gradcli.descent.clipping import clip_of, clipped
from gradcli.descent.steps import Slots
from gradcli.descent.update import carry_out, update_of
from gradcli.language.errors import DomainProblem


class Applied(NamedTuple):
    """The point after the update, and the slots by name and variable."""

    at: Mapping[str, float]
    slots: Slots


def apply(
    at: Mapping[str, float],
    gradient: Mapping[str, float],
    choice: Choice,
    *,
    ascend: bool = False,
    slots: Slots | None = None,
    taken: int = 0,
    clip_norm: float | None = None,
    clip_value: float | None = None,
) -> Applied:
    """One step of *choice* along *gradient*; variables without a partial stay where they are.

    Raises DomainProblem where the update of a variable has no finite value.
    """
    update, known = update_of(choice), slots or {}
    signed = [-g if ascend else g for g in gradient.values()]
    partials = clipped(clip_of(clip_value, clip_norm), signed)
    point, after = dict(at), {slot: dict(known.get(slot, {})) for slot in update.slots}
    for name, partial in zip(gradient, partials, strict=True):
        start = zip(update.slots, update.initial, strict=True)
        kept = [float(known.get(slot, {}).get(name, initial)) for slot, initial in start]
        try:
            point[name], states = carry_out(update, (point[name], partial, float(taken + 1), *kept))
        except (ValueError, ArithmeticError) as error:
            raise DomainProblem(f"the update of {name} has no value ({error})") from None
        if not -1.8e308 < point[name] < 1.8e308:
            raise DomainProblem(f"the update of {name} is too large for a float")
        for slot, state in zip(update.slots, states, strict=True):
            after[slot][name] = state
    return Applied(point, after)
