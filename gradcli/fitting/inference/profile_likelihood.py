"""Likelihood intervals: where the sum of squares, least along all other parameters, has risen by what the level allows.

The root of the rise over s², with the sign of the move, is nearly linear in the parameter, and is followed by secants
(Bates & Watts 1988, Nonlinear Regression Analysis, section 6.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from gradcli.fitting.models.fit_problem import FitData, FitProblem
from gradcli.fitting.solver.levenberg_marquardt import Box, descend
from gradcli.language.records import NamedTuple

#: Steps to an end of an interval at most, and iterations of each descent.
STEPS, EACH = 60, 100

#: How near to the end an end is, as a share of the quantile.
NEAR = 1e-9


class Profile(NamedTuple):
    """The ends of an interval, None where the rise never is as high; lower: a sum of squares below the minimum's."""

    low: float | None
    high: float | None
    lower: float | None


class Minimum(NamedTuple):
    """Where the profiles begin: names and values of all parameters that move, their errors, s² and its sum of squares."""

    names: Sequence[str]
    x: Sequence[float]
    errors: Mapping[str, float | None]
    scale: float
    value: float


#: From data with one more parameter held to the problem of the others.
Make = Callable[[FitData], FitProblem]


def profiled(make: Make, data: FitData, minimum: Minimum, box: Box, quantile: float) -> dict[str, Profile]:
    """The likelihood interval of each parameter that has an error."""
    found = {}
    for place, name in enumerate(minimum.names):
        error = minimum.errors.get(name)
        if error:
            found[name] = _profile(_Rise(make, data, minimum, box, place), error, quantile)
    return found


class _Rise:
    """τ(b): the root of how much the sum of squares has risen, over s², with the sign of the move."""

    def __init__(self, make: Make, data: FitData, minimum: Minimum, box: Box, place: int) -> None:
        self.make, self.data, self.minimum, self.place = make, data, minimum, place
        keep = [j for j in range(len(minimum.x)) if j != place]
        self.box = Box([box.low[j] for j in keep], [box.high[j] for j in keep])
        self.ends = box.low[place], box.high[place]
        self.begin = [minimum.x[j] for j in keep]
        self.problem: FitProblem | None = None
        self.lower: float | None = None

    def at(self, b: float, begin: Sequence[float]) -> tuple[float, list[float]] | None:
        """τ with the parameter at *b*, and where the others are then; None where there is no value."""
        held = {**self.data.held, self.minimum.names[self.place]: b}
        data = self.data._replace(held=held)
        if self.problem is None:
            self.problem = self.make(data)
        self.problem.data = data
        if begin:
            end = descend(self.problem, begin, self.box, EACH)
            value, x = end.value, end.x
        else:
            found = self.problem.value([])
            value, x = math.inf if found is None else found, []
        if not math.isfinite(value):
            return None
        if value < self.minimum.value * (1 - 1e-7):
            self.lower = min(value, self.lower or math.inf)
        rise = max(value - self.minimum.value, 0.0) / self.minimum.scale
        return math.copysign(math.sqrt(rise), b - self.minimum.x[self.place]), x


def _profile(rise: _Rise, error: float, quantile: float) -> Profile:
    low = _end(rise, -error, quantile)
    high = _end(rise, error, quantile)
    return Profile(low, high, rise.lower)


def _end(rise: _Rise, error: float, quantile: float) -> float | None:
    """The parameter at which |τ| is the quantile, on the side of *error*; the bound where it is not so high before."""
    start = rise.minimum.x[rise.place]
    inner, t_inner, others = start, 0.0, rise.begin
    outer: float | None = None
    t_outer = 0.0
    b = start + error * quantile
    for _ in range(STEPS):
        bound = rise.ends[0] if error < 0 else rise.ends[1]
        b = max(b, bound) if error < 0 else min(b, bound)
        found = rise.at(b, others)
        t = math.inf if found is None else abs(found[0])
        if abs(t - quantile) <= NEAR * quantile:
            return b
        if t < quantile:
            inner, t_inner = b, t
            others = found[1] if found is not None else others
            if b == bound:
                return None
        else:
            outer, t_outer = b, t
        b = _next(start, (inner, t_inner), (outer, t_outer), error, quantile)
        if outer is not None and abs(outer - inner) <= 1e-12 * abs(outer):
            return outer
        if abs(b - start) > 1e4 * abs(error) * quantile:
            return None
    return None if outer is None else 0.5 * (inner + outer)


def _next(
    start: float, inner: tuple[float, float], outer: tuple[float | None, float], error: float, quantile: float
) -> float:
    """Where to look next: along the secant, halfway where it leads nowhere, farther out while there is no outer point."""
    b, t = inner
    far, t_far = outer
    if far is None:
        grow = min(max(quantile / t if t else 2.0, 1.2), 2.0)
        return start + (b - start) * grow if b != start else start + error * quantile
    if math.isinf(t_far):
        return 0.5 * (b + far)
    share = (quantile - t) / (t_far - t)
    return b + min(max(share, 0.02), 0.98) * (far - b)
