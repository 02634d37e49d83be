"""Gradients clipped before they are applied: each number by itself, then all of them by their norm."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple

#: What a dialect adds to the norm that it divides by: torch.nn.utils.clip_grad_norm_ keeps it from 0.
BESIDE = {"torch": 1e-6}


class Clip(NamedTuple):
    """The largest size of one partial and of the whole gradient; None for no limit.

    beside: what is added to the norm before the gradient is scaled by it.
    """

    value: float | None = None
    norm: float | None = None
    beside: float = 0.0


#: Nothing is clipped.
NO_CLIP = Clip()


def clip_of(value: float | None, norm: float | None, dialect: str = "") -> Clip:
    """The limits, checked: they must be positive; kept as *dialect* keeps them. Raises UsageProblem."""
    for name, limit in (("clip-value", value), ("clip-norm", norm)):
        if limit is not None and not 0 < limit < math.inf:
            raise UsageProblem(f"{name} must be a positive number, not {limit}")
    return Clip(value, norm, BESIDE.get(dialect, 0.0))


def limited(limit: float, partial: float) -> float:
    """One partial moved into [-limit, limit]."""
    return min(max(partial, -limit), limit)


def shrinking(limit: float, beside: float, *partials: float) -> float:
    """The factor that brings the norm of the gradient, and what is *beside* it, down to *limit*; 1 where it is smaller."""
    norm = math.hypot(*partials) + beside
    return limit / norm if norm > limit else 1.0


def clipped(clip: Clip, partials: Sequence[float]) -> list[float]:
    """The gradient with both limits kept."""
    if clip.value is not None:
        partials = [limited(clip.value, partial) for partial in partials]
    if clip.norm is not None:
        factor = shrinking(clip.norm, clip.beside, *partials)
        partials = [factor * partial for partial in partials]
    return list(partials)
