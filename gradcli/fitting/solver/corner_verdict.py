"""The verdict of an end at a corner or a jump of the model: both of its sides have to say the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.fitting.models.triangles import restricted
from gradcli.fitting.solver.fit_search import Task
from gradcli.fitting.solver.float_accuracy import known_digits, right_digits, solved_again
from gradcli.fitting.solver.kinked_end import Side, continuous, falls, rises, shortest_between, sides_of
from gradcli.fitting.solver.solution import (
    Solution,
    digits_beside,
    loose_directions,
    loose_message,
    noise_of,
    words_of,
)


def at_corner(task: Task, end: Solution, held: Mapping[str, float]) -> Solution | None:
    """What both sides say of an end at a corner of the model; None where it is none."""
    assert end.triangle is not None  # noqa: S101  (which every end of a descent has)
    places = [end.names.index(name) for name in end.free]
    sides = sides_of(task.problem, end.x, places, end.triangle)
    end = _on_corner(task, end, sides)
    sides = [side for side in sides if task.box.kept(side.x) == side.x]
    if not sides:
        return None
    at = dict(zip(end.names, end.x, strict=True))
    named = ", ".join(f"{name} = {at[name]:.6g}" for name in dict.fromkeys(one.name for one in sides))
    for side in continuous(sides, end.value):
        where = f"{side.words} {side.name} = {at[side.name]:.6g}"
        if falls(side, places, end.names, end.value):
            message = f"the descent ended at a corner of the model, and the sum of squares falls {where}"
            return end._replace(status="not-reached", message=message)
        one = end._replace(triangle=side.triangle)
        if loose := loose_directions(one):
            message = f"{loose_message(loose, task, one)} {where}"
            digits = digits_beside(task, one, loose)
            status = "plateau" if any(len(way) == 1 for way in loose) else "not-determined"
            return one._replace(status=status, message=message, loose=loose, digits=digits)
    if len(continuous(sides, end.value)) < len(sides):
        message = (
            f"the descent ended at a jump of the model, {named}, beside which the sum of squares is higher"
        )
        return end._replace(status="not-reached", message=message, loose=loose_directions(end))
    if not all(rises(task.problem, side, places, noise_of(task)) for side in sides):
        message = f"the descent ended at a corner of the model, at {named}, where one side is not known to be a minimum"
        return end._replace(status="not-reached", message=message)
    return _minimum(task, end, held, sides, named)


def _minimum(
    task: Task, end: Solution, held: Mapping[str, float], sides: Sequence[Side], named: str
) -> Solution:
    """A minimum on all sides; what has one side within the bounds alone is at its bound."""
    at = dict(zip(end.names, end.x, strict=True))
    bound = [one.name for one in sides if sum(other.name == one.name for other in sides) < 2]
    kept = [k for k, name in enumerate(end.free) if name not in bound]
    status, message = words_of({**held, **{name: at[name] for name in bound}}, task)
    widest = min(sides, key=lambda one: min(one.triangle.lengths))
    which = "the side within the bounds" if bound else "both sides"
    why = f"at a corner of the model, {named}: the Hessian is positive definite on {which} (in floats)"
    return end._replace(
        status=status, message=f"{message}{',' if bound or held else ''} {why}", free=tuple(end.free[k] for k in kept),
        triangle=restricted(widest.triangle, kept), digits=_digits(task, end, sides),
    )  # fmt: skip


def _digits(task: Task, end: Solution, sides: Sequence[Side]) -> dict[str, int]:
    """Of what leads to the corner as far as its sides are from it; of the others with that held."""
    at = dict(zip(end.names, end.x, strict=True))
    apart = {one.name: 2 * abs(one.x[end.names.index(one.name)] - at[one.name]) for one in sides}
    others = [name for name in end.free if name not in apart]
    here = task.problem.linearize(end.x, [end.names.index(name) for name in others])
    known = {} if here is None else known_digits(others, at, here.triangle, noise_of(task), end.value)
    return {**known, **{name: right_digits(abs(at[name]), one) for name, one in apart.items()}}


def _on_corner(task: Task, end: Solution, sides: Sequence[Side]) -> Solution:
    """The end with the parameters that lead to its corner at the shortest decimals that lie between the sides."""
    x, names = list(end.x), task.problem.names
    for above, below in zip(sides[::2], sides[1::2], strict=True):
        place = names.index(above.name)
        x[place] = shortest_between(below.x[place], above.x[place])
    if x == end.x:
        return end
    before, noise = task.problem.value(end.x), noise_of(task)
    x = solved_again(task.problem, x, task.linear if task.separable else (), noise)
    after = task.problem.value(x)
    if before is None or after is None or after > before + noise * (2 * math.sqrt(before) + noise):
        return end
    return end._replace(x=x, value=after)
