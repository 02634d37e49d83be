"""A fit, solved: the search in floats, the end of it in balls, and the verdict with its evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcli.fitting.models.fit_problem import FitProblem
from gradcli.fitting.solver.corner_verdict import at_corner
from gradcli.fitting.solver.equal_minima import nearest_equal
from gradcli.fitting.solver.fit_search import LESS, Found, Task, search
from gradcli.fitting.solver.float_accuracy import refined, solved_again
from gradcli.fitting.solver.levenberg_marquardt import Box, Descent, free_part
from gradcli.fitting.solver.solution import (
    Certain,
    Solution,
    digits_beside,
    digits_of,
    idle_message,
    loose_directions,
    loose_message,
    noise_of,
    words_of,
)
from gradcli.fitting.solver.threshold_intervals import Interval, centred

Vector = list[float]

#: Ends of descents of which it is asked in balls what they are.
ASKED = 6

#: The share of the residuals that the tangent plane may reach at a point that floats alone call stationary.
STATIONARY = 1e-5

#: The least square that floats tell from 0, and the share of such a square below which a sum in balls is 0.
LEAST, RELATIVE = 1e-290, 2.0**-100

#: What a model does at an end of a descent whose parameters grow without end.
FAR = 1e6


#: From the names of the parameters that move, and the values of those that bounds hold, to what balls say next to a point.
Ask = Callable[[Sequence[str], Mapping[str, float], Sequence[float]], Any]


def solve(task: Task, ask: Ask | None, *, look: bool) -> Solution:
    """The lowest minimum that is found. ask: what balls say of a point, None where there are too many rows for them."""
    found = _lowest(task, ask, look=look)
    sketch = 0 if task.sketch is task.problem else task.sketch.evaluations
    return found._replace(evaluations=task.problem.evaluations + sketch)


def _lowest(task: Task, ask: Ask | None, *, look: bool) -> Solution:
    found = search(task, look=look)
    first: Solution | None = None
    for end, begin in _given_first(found)[:ASKED]:
        if not math.isfinite(end.value):
            continue
        one = _judged(task, end, ask)
        began = dict(zip(one.names, begin, strict=True))
        one = one._replace(given=found.given, began=began, tried=found.tried)
        if one.success:
            below = first is not None and first.value < one.value * (1 - LESS)
            return one._replace(lower=first.value if below and first else None)
        first = first or one
    return first or _nowhere(task, found)


def _given_first(found: Found) -> list[tuple[Descent, Vector]]:
    """The ends of descents, that from the given start before those that are no lower."""
    own = [end for end in found.ends if end[0] is found.given]
    least = min((end.value for end, _ in found.ends if end.ended == "converged"), default=-math.inf)
    if own and own[0][0].ended == "converged" and own[0][0].value <= least * (1 + LESS):
        return own + [end for end in found.ends if end[0] is not found.given]
    return found.ends


def _nowhere(task: Task, found: Found) -> Solution:
    x = (
        found.given.x
        if found.given
        else [task.start.get(j, math.nan) for j in range(len(task.problem.names))]
    )
    message = "no point was found at which every row has a value"
    names = task.problem.names
    return Solution(
        names, x, math.nan, "no-value", message, None, names, None, 1.0, (), found.given, None, found.tried
    )


def _judged(task: Task, end: Descent, ask: Ask | None) -> Solution:
    """What the end of a descent is."""
    problem, box = task.problem, task.box
    noise = noise_of(task)
    separable = task.linear if task.separable else []
    plain = all(one == -math.inf for one in box.low) and all(one == math.inf for one in box.high)
    x = nearest_equal(problem, end.x, task.start, separable, noise) if plain else end.x
    if ask is None:
        x = refined(problem, x, box)
        if task.exact is not None:
            problem, x = task.exact, _settled(task, x, noise)
    plain_end, places = _looked_at(problem, x, box)
    free, held = plain_end.free, _held(plain_end)
    if ask is not None and free:
        polished = ask(free, held, [x[j] for j in places])
        if polished is not None:
            plain_end = plain_end._replace(certain=Certain(free, polished))
            if polished.unique and polished.definite and not _vanishes(task, plain_end):
                return _certified(task, plain_end, polished, held, places)
    rested = _rested(task, plain_end, places, by_floats=ask is not None)
    return _verdict(task, rested, end, _held(rested))


def _looked_at(problem: FitProblem, x: Vector, box: Box) -> tuple[Solution, list[int]]:
    """A point with what there is to know of it before it is judged, and the places of the parameters that no bound holds."""
    here = problem.linearize(x)
    assert here is not None  # noqa: S101  (a descent has been there)
    places, triangle = free_part(here.triangle, x, box)
    free = tuple(problem.names[j] for j in places)
    offset = math.hypot(*triangle.right) / math.sqrt(here.value) if here.value else 0.0
    return Solution(problem.names, x, here.value, "", "", triangle, free, None, min(offset, 1.0)), places


def _held(end: Solution) -> dict[str, float]:
    return {name: x for name, x in zip(end.names, end.x, strict=True) if name not in end.free}


def _rested(task: Task, end: Solution, places: Sequence[int], *, by_floats: bool) -> Solution:
    """An end that balls have not shown to be a minimum: thresholds between rows, then last steps, linear parameters last.

    by_floats: whether no last steps were taken yet.
    """
    assert end.triangle is not None  # noqa: S101  (which every end of a descent has)
    lengths = zip(places, end.triangle.lengths, strict=True)
    alone = [j for j, length in lengths if not length and end.names[j] not in task.idle]
    x, between = end.x, dict[str, Interval]()
    if task.intervals is not None:
        x, between = centred(task.problem, task.box, task.intervals, x, alone)
    if by_floats:
        x = refined(task.problem, x, task.box)
        x = solved_again(task.problem, x, task.linear if task.separable else (), noise_of(task))
    if x == end.x:
        return end._replace(between=between)
    problem = task.problem if by_floats or task.exact is None else task.exact
    return _looked_at(problem, x, task.box)[0]._replace(between=between, certain=end.certain)


def _settled(task: Task, x: Vector, noise: float) -> Vector:
    """The end next to *x* by exact sums."""
    from gradcli.fitting.solver.exact_end import settled

    here = task.problem.linearize(x)
    if here is None or task.exact is None:
        return x
    return settled(task.exact, x, here.triangle, task.box, noise)


def _vanishes(task: Task, end: Solution) -> bool:
    """Whether the squares of what is fitted are too small to be told from 0, where their sum is not."""
    from flint import arb

    size = max(map(abs, task.size), default=0.0)
    if not size:
        return False
    if end.certain is None:
        return not end.value and size * size < LEAST
    value = end.certain.polished.squares.value
    return bool(value.contains(0)) and not value < arb(size) ** 2 * RELATIVE


def _certified(
    task: Task, end: Solution, polished: Any, held: Mapping[str, float], places: Sequence[int]
) -> Solution:
    """The minimum that balls have shown, in the floats nearest to it."""
    x = list(end.x)
    for j, one in zip(places, polished.x, strict=True):
        x[j] = 0.0 if one.contains(0) else float(one)
    x = task.box.kept(x)
    here = task.problem.linearize(x)
    triangle = end.triangle if here is None else free_part(here.triangle, x, task.box)[1]
    if len(triangle.lengths if triangle else ()) != len(places):
        triangle = end.triangle
    value = polished.squares.value
    number = 0.0 if value.contains(0) else float(value)
    status, message = words_of(held, task)
    return end._replace(
        x=x, value=number, status=status, message=f"{message}: {PROVED}", triangle=triangle, offset=0.0
    )


PROVED = "one stationary point lies here, and the Hessian is positive definite around it (in balls)"


def _verdict(task: Task, end: Solution, descent: Descent, held: Mapping[str, float]) -> Solution:
    """What floats say of an end that balls have not shown to be a minimum."""
    if _vanishes(task, end):
        message = (
            "the squares of what is fitted are too small to be told from 0: other units of its column help"
        )
        return end._replace(status="not-reached", message=message)
    if task.seams and (found := at_corner(task, end, held)) is not None:
        return found
    if loose := loose_directions(end):
        return _undetermined(task, end, loose)
    polished = end.certain.polished if end.certain else None
    if polished is not None and polished.word == "indefinite":
        return end._replace(
            status="saddle", message="a saddle of the sum of squares: its Hessian is indefinite"
        )
    far = [
        name
        for name, x in zip(end.names, end.x, strict=True)
        if abs(x) > FAR * max(1.0, abs(task.start.get(end.names.index(name), 1.0)))
    ]
    if far or (polished is not None and not polished.unique and descent.ended != "converged"):
        grows = f", as {' and '.join(far)} grow{'s' if len(far) == 1 else ''} without end" if far else ""
        message = f"the sum of squares still falls, to {end.value:.6g}{grows}"
        return end._replace(status="falling", message=message)
    if end.value <= noise_of(task) ** 2 and (end.value or polished is not None):
        message = "floats can no longer tell the sum of squares from 0, and balls show no minimum there"
        return end._replace(status="falling", message=message)
    if end.offset < STATIONARY and end.certain is None:
        return _stationary(task, end, held)
    where = f"where the tangent plane reaches {end.offset:.2g} of the residuals"
    message = f"the descent ended ({descent.ended}) {where}"
    return end._replace(status="not-reached", message=message)


def _undetermined(task: Task, end: Solution, loose: tuple[Mapping[str, float], ...]) -> Solution:
    """An end that the rows leave open along some directions."""
    digits = digits_beside(task, end, loose)
    here = [name for one in loose for name in one if len(one) == 1 and name not in task.idle]
    if here and task.problem.rows >= len(end.free):
        return end._replace(status="plateau", message=idle_message(here, end), loose=loose, digits=digits)
    message = loose_message(loose, task, end)
    return end._replace(status="not-determined", message=message, loose=loose, digits=digits)


def _stationary(task: Task, end: Solution, held: Mapping[str, float]) -> Solution:
    """What floats say of an end at which the sum of squares has no slope: what its second derivatives are decides."""
    from gradcli.fitting.solver.definiteness import definiteness, exact_definiteness

    assert end.triangle is not None  # noqa: S101  (which every end of a descent has)
    places = [end.names.index(name) for name in end.free]
    word = None if task.exact is None else exact_definiteness(task.exact, end.x, places)
    if word is None:
        problem = task.exact or task.problem
        word = definiteness(problem, end.x, places, end.triangle, noise_of(task))
    if not places or word == "positive definite":
        status, message = words_of(held, task)
        why = f"the tangent plane reaches {end.offset:.1g} of the residuals, and the Hessian is positive definite"
        return end._replace(
            status=status, message=f"{message}: {why} (in floats)", digits=digits_of(task, end)
        )
    if word == "indefinite":
        message = "a saddle of the sum of squares: its Hessian is indefinite (in floats)"
        return end._replace(status="saddle", message=message)
    what = "is not known to be positive definite" if word is None else f"is {word}"
    message = f"the descent ended where the sum of squares has no slope, and its Hessian {what} (in floats)"
    return end._replace(status="not-reached", message=message)
