"""Round numbers: the samples of a curve, and the ticks of axes, lie on multiples of a round step."""

from __future__ import annotations

import math


def grid(low: float, high: float, count: int = 800) -> list[float]:
    """Multiples of a round step between the ends, which are part of it: about *count* numbers."""
    step = round_step((high - low) / count)
    first, last = math.ceil(low / step + 1e-9), math.floor(high / step - 1e-9)
    return [low, *(float(f"{k * step:.12g}") for k in range(first, last + 1)), high]


def round_step(size: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is at least *size*."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= size * (1 - 1e-9))
