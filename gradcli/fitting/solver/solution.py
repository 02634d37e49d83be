"""Where a fit ended, and the words for it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.fitting.models.triangles import Triangle, singular_values
from gradcli.fitting.solver.fit_search import Task
from gradcli.fitting.solver.float_accuracy import SINGULAR, known_digits, loose_digits
from gradcli.fitting.solver.levenberg_marquardt import Descent
from gradcli.fitting.solver.threshold_intervals import Interval
from gradcli.language.records import NamedTuple

Vector = list[float]


class Certain(NamedTuple):
    """What balls say of a point: see `newton_in_balls.Polished`. names: of the parameters that moved."""

    names: tuple[str, ...]
    polished: Any


class Solution(NamedTuple):
    """Where a fit ended.

    names: the parameters that move; x: their values. value: the sum of squares. status: the verdict's word, message: its
    sentence. triangle: that of J along the free ones at x. free: those that no bound holds. certain: what balls say, None
    above the size for which they are asked. offset: the share of the residuals that the tangent plane reaches.
    loose: directions along which the rows say nothing, each by name, scaled to length 1. given: the descent from the given
    start, began: where the best one did; tried: points beyond the start. lower: a sum of squares that was seen below
    this one, where nothing is a minimum. digits: how many are right where floats alone have found it, by name, and under ""
    those of the sum of squares. between: of parameters that only decide which piece a row belongs to, the values that are
    as good as those at x. evaluations: of all rows in floats, with slopes or without; 0 where they were not counted.
    """

    names: tuple[str, ...]
    x: Vector
    value: float
    status: str
    message: str
    triangle: Triangle | None
    free: tuple[str, ...]
    certain: Certain | None
    offset: float
    loose: tuple[Mapping[str, float], ...] = ()
    given: Descent | None = None
    began: Mapping[str, float] | None = None
    tried: int = 0
    lower: float | None = None
    digits: Mapping[str, int] = {}
    between: Mapping[str, Interval] = {}
    evaluations: int = 0

    @property
    def success(self) -> bool:
        """Whether a minimum was found."""
        return self.status in ("minimum", "minimum-on-bound")

    @property
    def rank(self) -> int:
        """How many parameters, or combinations of them, the rows determine."""
        return len(self.free) - len(self.loose)


def noise_of(task: Task) -> float:
    """How long the rounding errors of the residuals may well be, together."""
    return 1e-15 * math.sqrt(task.problem.rows) * max(map(abs, task.size), default=0.0)


def words_of(held: Mapping[str, float], task: Task) -> tuple[str, str]:
    """The word and the sentence of a minimum; held: what bounds hold."""
    if not held:
        return "minimum", "a minimum of the sum of squares"
    at = ", ".join(f"{name} = {x:.6g}" for name, x in held.items())
    return "minimum-on-bound", f"a minimum within the bounds, at {at}"


def digits_of(task: Task, end: Solution) -> dict[str, int]:
    """The digits that floats have right, by name."""
    assert end.triangle is not None  # noqa: S101  (which every end of a descent has)
    at = dict(zip(end.names, end.x, strict=True))
    return known_digits(end.free, at, end.triangle, noise_of(task), end.value)


def digits_beside(task: Task, end: Solution, loose: Sequence[Mapping[str, float]]) -> dict[str, int]:
    """The digits of the parameters that the rows determine."""
    assert end.triangle is not None  # noqa: S101  (which every end of a descent has)
    at = dict(zip(end.names, end.x, strict=True))
    lost = {name for one in loose for name in one}
    return loose_digits(
        [name for name in end.free if name not in lost], end.free, at, end.triangle, noise_of(task), end.value
    )


def loose_directions(end: Solution) -> tuple[Mapping[str, float], ...]:
    """The directions along which the residuals do not change, in the parameters' own units, scaled to length 1 there.

    Parameters are in one that have more than a millionth of it where columns have length 1.
    """
    if end.triangle is None or not end.free:
        return ()
    alone = [name for name, length in zip(end.free, end.triangle.lengths, strict=True) if not length]
    found: list[Mapping[str, float]] = [{name: 1.0} for name in alone]
    singular = singular_values(end.triangle)
    for value, vector in zip(singular.values, singular.vectors, strict=True):
        if value > SINGULAR:
            break
        parts = {
            name: one / length
            for name, one, length in zip(end.free, vector, end.triangle.lengths, strict=True)
            if length and abs(one) > 1e-6
        }
        if parts:
            size = math.hypot(*parts.values())
            found.append({name: one / size for name, one in parts.items()})
    return tuple(found)


def loose_message(loose: Sequence[Mapping[str, float]], task: Task, end: Solution) -> str:
    """What the rows do not determine."""
    if task.problem.rows < len(end.free):
        few = f"{task.problem.rows} row{'' if task.problem.rows == 1 else 's'}"
        return f"{len(end.free)} parameters and {few}"
    alone = [name for one in loose for name in one if len(one) == 1]
    if alone:
        return f"{listed(alone)} {'has' if len(alone) == 1 else 'have'} no influence on any row"
    names = listed(list(loose[0]))
    direction = ", ".join(f"{name} {one:+.3g}" for name, one in loose[0].items())
    return f"{names} only matter together: nothing changes along ({direction})"


def listed(names: Sequence[str]) -> str:
    """Names joined by commas and a last `and`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def idle_message(names: Sequence[str], end: Solution) -> str:
    """What parameters without influence leave open."""
    told = [f"every {name} {_range(end.between[name])}" for name in names if name in end.between]
    equal = f": {listed(told)} fits equally well" if told else ""
    have = "has" if len(names) == 1 else "have"
    return f"{listed(names)} {have} no influence on any row here, where the descent ended{equal}"


def _range(one: Interval) -> str:
    if math.isinf(one.low):
        return f"below {one.high:.10g}"
    return f"above {one.low:.10g}" if math.isinf(one.high) else f"between {one.low:.10g} and {one.high:.10g}"
