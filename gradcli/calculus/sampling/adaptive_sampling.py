"""Samples of a curve, closer together where it bends: until a line through them is the curve for the eye."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.calculus.sampling.sampler import Sampler

#: Rounds of new samples, how many samples there may be, and how far a line may be from the curve, of its height.
ROUNDS, MOST, TOLERANCE = 26, 4_000, 0.004


def refined(
    sample: Sampler, xs: Sequence[float], heights: tuple[float, float], most: int = MOST
) -> list[float]:
    """The places *xs* and more between them: where three neighbours are not nearly on a line.

    heights: those of the picture; far outside of them nothing is to be seen. most: how many places there may be.
    """
    places, height = list(xs), heights[1] - heights[0]
    lowest, highest = heights[0] - height, heights[1] + height

    def seen(numbers: Sequence[float]) -> list[float]:
        """The values at these places, no farther than the picture's edges."""
        return [min(max(number, lowest), highest) for number in sample([numbers]).value]

    values = seen(places)
    narrowest = (places[-1] - places[0]) * 1e-12
    for _ in range(ROUNDS):
        split = _bent(places, values, TOLERANCE * height)
        new = [
            (places[i] + places[i + 1]) / 2
            for i in split
            if places[i + 1] - places[i] > narrowest + 4e-16 * abs(places[i])
        ]
        if not new or len(places) + len(new) > most:
            break
        known = dict(zip(places, values, strict=True)) | dict(zip(new, seen(new), strict=True))
        places = sorted(known)
        values = [known[x] for x in places]
    return places


def _bent(xs: Sequence[float], values: Sequence[float], least: float) -> list[int]:
    """The intervals beside samples that are not on the line through their neighbours."""
    found: set[int] = set()
    for i in range(1, len(xs) - 1):
        left, right = xs[i] - xs[i - 1], xs[i + 1] - xs[i]
        between = values[i - 1] + (values[i + 1] - values[i - 1]) * (left / (left + right))
        if abs(values[i] - between) > least and math.isfinite(between):
            found |= {i - 1, i}
    return sorted(found)


def steep_places(xs: Sequence[float], values: Sequence[float], height: float) -> list[float]:
    """Where f changes by more than a quarter of the picture's height within a thousandth of its width."""
    found: list[float] = []
    near, start = (xs[-1] - xs[0]) / 1000, 0
    for i in range(1, len(xs)):
        if not math.isfinite(values[i]):
            start = i + 1
            continue
        while start < i and xs[i] - xs[start] > near:
            start += 1
        if start < i and abs(values[i] - values[start]) > height / 4:
            middle = (values[i] + values[start]) / 2
            crossing = next(j for j in range(start, i) if (values[j] <= middle) != (values[j + 1] <= middle))
            if not found or xs[crossing] - found[-1] > 4 * near:
                found.append(xs[crossing])
    return found
