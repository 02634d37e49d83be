"""Intervals that variables must stay in, kept by projection."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.descent.objective.vectors import Vector
from gradcli.language.column_names import spread_values
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.records import NamedTuple


class Bounds(NamedTuple):
    """The lowest and the highest value of each variable that moves, in their order."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def any(self) -> bool:
        """Whether some variable has a bound."""
        return any(map(math.isfinite, (*self.low, *self.high)))

    def kept(self, x: Sequence[float]) -> Vector:
        """The nearest vector inside."""
        return [min(max(a, low), high) for a, low, high in zip(x, self.low, self.high, strict=True)]

    def pressed(self, x: Sequence[float], g: Sequence[float]) -> list[bool]:
        """Which variables stand at a bound that the descent pushes against."""
        rows = zip(x, g, self.low, self.high, strict=True)
        return [(a <= low and b > 0) or (a >= high and b < 0) for a, b, low, high in rows]

    def free(self, x: Sequence[float], g: Sequence[float]) -> Vector:
        """The gradient without what pushes against a bound."""
        return [0.0 if held else b for held, b in zip(self.pressed(x, g), g, strict=True)]


def bounds_of(
    names: Sequence[str], intervals: Mapping[str, tuple[float | None, float | None]] | None
) -> Bounds:
    """The bounds of the variables *names*; None on a side means none there.

    Raises ValueProblem for a name that does not move, UsageProblem for an empty interval.
    """
    given = spread_values(intervals or {}, names)
    for name, (low, high) in given.items():
        if name not in names:
            raise ValueProblem(f"{name} has bounds but does not move")
        if low is not None and high is not None and not low <= high:
            raise UsageProblem(f"the bounds of {name} exclude everything: {low:g} to {high:g}")
    sides = [given.get(name, (None, None)) for name in names]
    return Bounds(
        tuple(-math.inf if low is None else float(low) for low, _ in sides),
        tuple(math.inf if high is None else float(high) for _, high in sides),
    )
