"""What a point is where f is a sum over many rows: told from floats, with bounds of their errors, and said to rest on them.

No intervals go over all rows. A gradient is taken for 0 where it is within its own error, and a Hessian for definite where
its smallest eigenvalue is far above what rounding can make.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Spectrum, norm, scaled, solve_spectral, spectrum, with_zeros
from gradcli.descent.verdicts.curvature import polished
from gradcli.descent.verdicts.outcome import Ending, listed
from gradcli.descent.verdicts.row_turns import LEAST, WITHIN, slopes_turn
from gradcli.descent.verdicts.verdict_sentences import Words, named
from gradcli.language.errors import DomainProblem
from gradcli.language.limits import limit

#: Eigenvalues below this share of the largest, of the matrix with 1 on its diagonal, are not told from 0.
NOTHING = 1e-10


def classify_by_rows(
    objective: Objective, rows: BoundRows, place: Evaluation, bounds: Bounds, target: float
) -> tuple[Evaluation, Ending | None]:
    """What the point that Newton's steps lead to is; no ending where the gradient is not small, or f has a corner."""
    place = polished(objective, place, bounds)
    free_slopes = bounds.free(place.x, place.g)
    errors = _errors(objective, rows, place)
    inside = all(abs(g) <= WITHIN * error for g, error in zip(free_slopes, errors, strict=True))
    if not place.smooth or not (inside or norm(free_slopes) <= target):
        return place, None
    matrix = objective.curvature(place.x)
    if matrix is None:
        return place, _unclassified(objective, place, free_slopes)
    held = bounds.pressed(place.x, place.g)
    free = [i for i, one in enumerate(held) if not one]
    part = [[matrix[i][j] for j in free] for i in free]
    parts = spectrum(part)
    signs = spectrum(scaled(part)[1]).values
    signed = tuple(sorted(objective.sign * value for value in parts.values))
    where, words = listed(named(objective, place.x)), Words(objective)
    zero = NOTHING * max(map(abs, signs), default=0.0)
    if signs and abs(signs[0]) > zero and not slopes_turn(objective, place, bounds, parts, errors, free):
        return place, None
    rests = f"summed over {rows.data.rows:,} rows in floating point"
    if signs and signs[0] < -zero:
        kind = "maximum" if signs[-1] < -zero and len(free) == len(held) else "saddle"
        way = named(objective, _lowest(parts, free, len(held)))
        what = f"a {words.opposite}" if kind == "maximum" else "a saddle"
        return place, Ending(kind, f"{what} at {where}: the Hessian, {rests}, says so", signed, way)
    if signs and signs[0] <= zero:
        message = f"flat at {where}: the Hessian, {rests}, is not told from a singular one"
        told = with_zeros(signed, sum(abs(value) <= zero for value in signs))
        return place, Ending("flat", message, told)
    return place, _minimum(objective, place, held, part, signed, rests, inside)


def _minimum(
    objective: Objective, place: Evaluation, held: Sequence[bool], part: list[list[float]],
    signed: tuple[float, ...], rests: str, inside: bool,
) -> Ending:  # fmt: skip
    words, where = Words(objective), listed(named(objective, place.x))
    curved = ""
    if signed:
        value = signed[-1] if objective.sign < 0 else signed[0]
        curved = (
            f"the Hessian, {rests}, is {words.definite} definite, its {words.which} eigenvalue is {value:.6g}"
        )
    free = [g for g, one in zip(place.g, held, strict=True) if not one]
    distance = norm(solve_spectral(spectrum(part), free)) if part else 0.0
    near = (
        f"; the gradient of {norm(free):.3g} is {'what rounding leaves' if inside else 'not quite 0'}"
        if any(free)
        else ""
    )
    near += f", and Newton's step from here is {distance:.2g} long" if distance else ""
    if any(held):
        slopes = {
            n: objective.sign * g for n, g, one in zip(objective.names, place.g, held, strict=True) if one
        }
        message = f"a {words.extreme} on the bound at {where}: the slopes {listed(slopes)} press against it"
        message += f"; along the other variables {curved}" if curved else f", {rests}"
        return Ending("minimum-on-bound", message + near, signed, None, slopes)
    return Ending("minimum", f"a {words.extreme} at {where}: {curved}{near}", signed)


def _errors(objective: Objective, rows: BoundRows, place: Evaluation) -> list[float]:
    """Bounds of the errors of the slopes; 0 where they are not known."""
    try:
        _, errors = rows.errors(objective.at(place.x))
    except (DomainProblem, ArithmeticError, ValueError):
        return [0.0] * len(place.x)
    found = [errors.get(name, 0.0) for name in objective.names]
    return [error if math.isfinite(error) else 0.0 for error in found]


def _unclassified(objective: Objective, place: Evaluation, slopes: Sequence[float]) -> Ending:
    why = "there are no second derivatives to tell what it is"
    if len(place.x) > limit("eigenvalues"):
        why = f"{len(place.x):,} variables are more than --limit eigenvalues={limit('eigenvalues'):g} to tell what it is"
    elif objective.by_rows is not None and objective.by_rows.moving:
        why = "second derivatives along columns are not taken"
    message = f"the gradient is {norm(slopes):.3g} at {listed(named(objective, place.x))}, but {why}"
    return Ending("unclassified", message)


def _lowest(parts: Spectrum, free: Sequence[int], size: int) -> list[float]:
    """The direction in which f falls most steeply, of all variables."""
    way = [0.0] * size
    for i, number in zip(free, parts.vectors[0], strict=True):
        way[i] = number
    return way


def corner_by_rows(
    objective: Objective, rows: BoundRows, place: Evaluation
) -> tuple[Evaluation | None, Ending | None]:
    """What a corner at *place*, or where slopes turn beside it, is, of one variable: f rises on both sides, or no minimum."""
    there = place if len(objective.names) == 1 else None
    if there is not None and there.smooth:
        there = _turn_beside(objective, place)
    sides = None if there is None else _sides(objective, rows, there)
    if there is None or sides is None:
        return None, None
    left, right = (f"{slope:.6g}" for slope in sides)
    words, where = Words(objective), listed(named(objective, there.x))
    message = f"a {words.extreme} at a corner, at {where}: f {words.rises} on both sides, with the slopes {left} and "
    message += f"{right}, summed over {rows.data.rows:,} rows in floating point"
    return there, Ending("minimum-at-corner", message)


def _turn_beside(objective: Objective, place: Evaluation) -> Evaluation | None:
    """The corner at which the slope of one variable turns its sign, next to a place; None where none is next to it.

    f itself may be the same in floats all the way to it.
    """
    here, gap = place, -math.copysign(LEAST * abs(place.x[0]), place.g[0]) if place.g[0] else 0.0
    beyond = objective.look([place.x[0] + gap]) if gap else None
    while beyond is not None and beyond.g[0] * place.g[0] < 0:
        middle = here.x[0] + (beyond.x[0] - here.x[0]) / 2
        between = objective.look([middle])
        if between is None or middle in (here.x[0], beyond.x[0]):
            return None
        if not between.g[0]:
            return None if between.smooth or between.f > place.f else between
        here, beyond = (between, beyond) if between.g[0] * place.g[0] > 0 else (here, between)
    return beyond if beyond is not None and not beyond.smooth and beyond.f <= place.f else None


def _sides(objective: Objective, rows: BoundRows, place: Evaluation) -> tuple[float, float] | None:
    """The slopes on both sides of a corner from which f rises on both; None for any other."""
    try:
        answer = rows.answer(objective.at(place.x), "none")
    except DomainProblem:
        return None
    note = next((one for one in answer.notes if one.variable == objective.names[0]), None)
    if note is None or note.left is None or note.right is None:
        return None
    return (note.left, note.right) if objective.sign * note.left < 0 < objective.sign * note.right else None
