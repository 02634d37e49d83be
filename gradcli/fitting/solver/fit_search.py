"""From a start, or from none, to the lowest of the minima that are found: the descent itself, and ways around.

From the given start: Levenberg–Marquardt, then with other scales, then by elimination of the linear parameters. Beyond it:
the start varied, and points that the data suggest, ranked by their sum of squares once the linear parameters are solved
for. How many are tried depends on counts alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.fitting.models.fit_problem import FitProblem
from gradcli.fitting.solver.levenberg_marquardt import Box, Descent, descend
from gradcli.fitting.solver.start_values import spread_points, varied
from gradcli.fitting.solver.variable_projection import descend_separably, solved_linear
from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.fitting.models.summed_squares import SummedSquares
    from gradcli.fitting.solver.threshold_intervals import Intervals

Vector = list[float]

#: Iterations from a given start, and from each point beyond it.
MOST, EACH = 500, 120

#: Points from which a descent is tried beyond a start that got somewhere, beyond one that did not, and without one.
BESIDE, INSTEAD, WITHOUT = 4, 12, 16

#: Scans over the waves at most.
SCANS = 6

#: How much less a sum of squares must be to be another one.
LESS = 1e-7


class Task(NamedTuple):
    """What is to be searched.

    problem: of all rows. sketch: the same of few of them, for ranking. start: the given values, by number. linear: the
    parameters in which the model is linear. values: numbers that the data suggest. size: the least and the largest number of
    the weighted target. idle: the names of parameters on which f does not depend, whatever their values. waves: periods and
    frequencies that the rows can tell apart, where the model oscillates, and places between rows, where it has pieces. exact:
    the problem of all rows by exact sums, where the end is found by these. seams: whether rows may lie at corners or jumps of
    the model; intervals: between which values a parameter only decides which side of them rows are on.
    """

    problem: FitProblem
    sketch: FitProblem
    start: Mapping[int, float]
    box: Box
    linear: Sequence[int]
    values: Sequence[float]
    size: tuple[float, float] = (0.0, 0.0)
    idle: Sequence[str] = ()
    waves: Sequence[float] = ()
    exact: SummedSquares | None = None
    seams: bool = False
    intervals: Intervals | None = None

    @property
    def separable(self) -> bool:
        """Whether the linear parameters can be solved for: some of them, and none within bounds."""
        free = all(self.box.low[j] == -math.inf and self.box.high[j] == math.inf for j in self.linear)
        return bool(self.linear) and free

    @property
    def complete(self) -> bool:
        """Whether every parameter has a start, or is solved for."""
        return all(
            j in self.start or (self.separable and j in self.linear) for j in range(len(self.problem.names))
        )


class Found(NamedTuple):
    """Descents from the lowest end up: those that got to a stationary point first.

    given: the one from the given start, None where there is none. best: the first one, and where it began. tried: how many
    points there were.
    """

    given: Descent | None
    ends: list[tuple[Descent, Vector]]
    tried: int


def search(task: Task, *, look: bool) -> Found:
    """The ends of descents; look: whether points beyond the given start are tried."""
    given, ends = None, list[tuple[Descent, Vector]]()
    begin = _begin(task) if task.complete else None
    if begin is not None:
        given = _from_start(task, begin)
        ends.append((given, begin))
    tried = 0
    if look and not (given is not None and not given.value):
        is_good = given is not None and given.ended == "converged"
        count = WITHOUT if begin is None else BESIDE if is_good else INSTEAD
        for point in _ranked(task, begin, count):
            tried += 1
            ends.append((_one(task, point, EACH), point))
            if is_good and _agree(ends, 3):
                break
        if task.waves and (begin is None or task.seams):
            tried += _scan(task, ends, known=() if begin is not None else task.start)
    # At a corner the sum of squares may be least and have a slope on either side.
    ends.sort(key=lambda end: (end[0].ended != "converged" and not task.seams, end[0].value))
    return Found(given, ends, tried)


def _begin(task: Task) -> Vector | None:
    """The given start; the linear parameters that have none are solved for."""
    count = len(task.problem.names)
    x = task.box.kept([task.start.get(j, 1.0) for j in range(count)])
    if len(task.start) == count:
        return x
    return solved_linear(task.problem, x, [j for j in task.linear if j not in task.start])


def _from_start(task: Task, begin: Vector) -> Descent:
    """The descent from the given start, by other scales and by elimination where it does not get there."""
    best = descend(task.problem, begin, task.box, MOST)
    if best.ended == "converged":
        return best
    others = [descend(task.problem, begin, task.box, MOST, remembers=False)]
    if task.separable and len(task.linear) < len(begin):
        others.append(_polished(task, descend_separably(task.problem, begin, task.linear, task.box, MOST)))
    return min([best, *others], key=lambda one: (one.ended != "converged", one.value))


def _polished(task: Task, end: Descent) -> Descent:
    """An end in which bounds and the linear parameters have had their say too."""
    if not math.isfinite(end.value):
        return end
    again = descend(task.problem, end.x, task.box, EACH)
    return again if again.value <= end.value else end


def _one(task: Task, point: Vector, most: int) -> Descent:
    """The descent from one point beyond the start: over few rows first, where they are many."""
    if task.sketch is not task.problem:
        few = _one(task._replace(problem=task.sketch), point, most)
        return descend(task.problem, few.x, task.box, most) if math.isfinite(few.value) else few
    if task.separable and len(task.linear) < len(point):
        found = descend_separably(task.problem, point, task.linear, task.box, most)
        if math.isfinite(found.value):
            return _polished(task, found)
    return descend(task.problem, point, task.box, most)


def _scan(task: Task, ends: list[tuple[Descent, Vector]], known: Collection[int]) -> int:
    """Descents from where one parameter is moved over all waves, as long as they go lower; how many there were.

    known: the places of parameters that stay where they are.

    A sum of squares has a minimum about each period, and points apart from each other on a grid of all parameters miss
    most of them; one parameter at a time, with the linear ones solved for, is a periodogram of what the others leave.
    """
    resting = {*known, *(task.linear if task.separable else ())}
    moving = [j for j in range(len(task.problem.names)) if j not in resting]
    for turn in range(SCANS):
        best = min(ends, key=lambda end: end[0].value, default=None)
        if best is None or not math.isfinite(best[0].value):
            return turn
        points = [found for j in moving if (found := _best_wave(task, best[0].x, j)) is not None]
        if not points:
            return turn
        start = min(points, key=lambda one: one[0])[1]
        ends.append((_one(task, start, EACH), start))
        if not ends[-1][0].value < best[0].value * (1 - LESS):
            return turn + 1
    return SCANS


def _best_wave(task: Task, x: Vector, place: int) -> tuple[float, Vector] | None:
    """The lowest of the points at which the parameter at *place* is one of the waves; None where none has a value."""
    found = (_looked(task, [wave if j == place else one for j, one in enumerate(x)]) for wave in task.waves)
    return min((one for one in found if one is not None), key=lambda one: one[0], default=None)


def _agree(ends: Sequence[tuple[Descent, Vector]], count: int) -> bool:
    """Whether so many descents ended at the lowest sum of squares that was found."""
    least = min(end.value for end, _ in ends)
    return sum(end.value <= least * (1 + LESS) for end, _ in ends) >= count


def _ranked(task: Task, begin: Vector | None, count: int) -> list[Vector]:
    """The points from which descents are tried: the start with its linear parameters solved, then the lowest ones."""
    pool = list[tuple[float, Vector]]()
    for point in _pool(task, begin):
        found = _looked(task, point)
        if found is not None:
            pool.append(found)
    pool.sort(key=lambda one: one[0])
    chosen = list[Vector]()
    seen = set[float]()
    for value, point in pool:
        key = float(f"{value:.3g}")
        if key not in seen:
            seen.add(key)
            chosen.append(point)
        if len(chosen) == count:
            break
    first = None if begin is None or not task.separable else _looked(task, begin)
    return chosen if first is None else [first[1], *chosen]


def _pool(task: Task, begin: Vector | None) -> Iterable[Vector]:
    """The points that are ranked."""
    count = len(task.problem.names)
    solved = set(task.linear) if task.separable else set()
    moving = [j for j in range(count) if j not in solved]
    if begin is not None:
        yield from varied(begin, moving)
    if begin is None or len(moving) <= 2:
        unknown = [j for j in moving if j not in task.start or begin is not None]
        known = [task.start.get(j, 1.0) for j in range(count)]
        for numbers in spread_points(task.values, len(unknown), 300 if begin is not None else 1200):
            point = list(known)
            for j, one in zip(unknown, numbers, strict=True):
                point[j] = one
            yield point


def _looked(task: Task, point: Vector) -> tuple[float, Vector] | None:
    """A point with its linear parameters solved for, and its sum of squares over few rows; None where there is none."""
    x = task.box.kept(point)
    solved = solved_linear(task.sketch, x, task.linear) if task.separable else x
    value = None if solved is None else task.sketch.value(solved)
    return None if solved is None or value is None else (value, solved)
