"""Numbers of both signs at every scale, at which a line is looked at first."""

from __future__ import annotations

import math
from collections.abc import Sequence


def magnitudes(sizes: Sequence[float], far: int, coarse: bool) -> list[float]:
    """0 and numbers of both signs at every scale, denser where people compute and where the numbers *sizes* are."""
    figures = (1.0, 3.0) if coarse else (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
    steps = [m * 10.0**k for k in range(-6, 7) for m in figures]
    steps += [
        10.0**k for k in (*range(-30, -6, 3), *range(9, 31, 3), *range(-300, -30, 30), *range(60, 301, 30))
    ]
    few = sorted(set(sizes) - {1.0, 2.0})[:8]
    for size in few:
        made = [size, 1 / size, math.sqrt(size), 1 / math.sqrt(size), math.cbrt(size), size * size]
        made += [f(size, other) for other in few for f in (_product, _quotient)]
        steps += [share * one for one in made for share in (0.7, 1.0, 1.4)]
    lowest, highest = 10.0**-far, 10.0**far
    kept = {t for t in steps if lowest <= t <= highest}
    return [0.0, *kept, *(-t for t in kept)]


def _product(a: float, b: float) -> float:
    return a * b


def _quotient(a: float, b: float) -> float:
    return a / b if b else 0.0
