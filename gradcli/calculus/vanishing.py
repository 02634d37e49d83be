"""Where denominators vanish: floats seldom fall on such a place, and beside it nothing need be seen of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from gradcli.calculus.program import Program
from gradcli.calculus.sampling import Sampler, sampler

#: At most so many denominators, and so many zeros of each, are looked at.
MOST = 20


def zeros_of_denominators(
    program: Program, axis: str, at: Mapping[str, float], xs: Sequence[float]
) -> list[float]:
    """The places between *xs* at which a denominator of f changes its sign by passing through 0."""
    found: set[float] = set()

    def sampled(slot: int) -> Sampler:
        return sampler(program._replace(value=slot, gradient=(None,) * len(program.variables)), at, [axis])

    def negative(slot: int) -> bool:
        return all(number < 0 for number in sampled(slot)([[xs[0], xs[-1]]]).value)

    for slot in list(dict.fromkeys(_denominators(program, negative)))[:MOST]:
        sample = sampled(slot)
        values = sample([xs]).value
        changes = [(a, b) for (a, u), (b, v) in pairwise(zip(xs, values, strict=True)) if u * v < 0]
        found.update(_zero(sample, *ends) for ends in changes[:MOST])
    return sorted(place for place in found if math.isfinite(place))


def _denominators(program: Program, negative: Callable[[int], bool]) -> Iterator[int]:
    """The slots by which f is divided, and those that it takes to a *negative* power."""
    own = len(program.variables) + len(program.constants)
    for op, *places in program.code[: max(program.value + 1 - own, 0)]:  # what follows is the gradient's
        if op == "div":
            yield places[1]
        elif op == "pow" and negative(places[1]):
            yield places[0]


def _zero(sample: Sampler, left: float, right: float) -> float:
    """The zero between two places of different sign, by halving; nan where the sign changes by a jump or a pole."""
    low = start = sample([[left]]).value[0]
    for _ in range(80):
        middle = (left + right) / 2
        if not left < middle < right:
            break
        here = sample([[middle]]).value[0]
        if here == 0:
            return middle
        if not math.isfinite(here):
            return math.nan
        if (here < 0) == (low < 0):
            left, low = middle, here
        else:
            right = middle
    return middle if abs(low) <= 1e-6 * abs(start) else math.nan
