"""The Lagrangian of all constraints but bounds as an objective within those bounds, for what its second derivatives leave open.

Where constraints hold f is at least the Lagrangian: what is nowhere lower near by is a minimum of f as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.decimals import double
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.descent.certificates.finding import Finding
from gradcli.descent.certificates.newton_polish import Polished, pressed
from gradcli.descent.certificates.smooth_point import finding
from gradcli.descent.constrained.optimality.kkt_polish import KktPoint
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.objective.objective import Objective
from gradcli.descent.objective.objective_in_balls import Limits, ObjectiveInBalls
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.step_problem import step_problem
from gradcli.language.problem_text import joined, wrapped

#: Variables at the most: what is asked of the Lagrangian takes boxes and curves in all of them.
MOST = 12


def by_lagrangian(
    exactly: ConstrainedInBalls, point: KktPoint, spans: Sequence[float]
) -> tuple[Finding, bool] | None:
    """What the point is for the Lagrangian within bounds, and whether that is f itself; None where it cannot be asked."""
    problem = exactly.problem
    if len(problem.names) > MOST or problem.second is None:
        return None
    bounds = [i for i, one in enumerate(problem.constraints) if _end(problem, i) is not None]
    curved = [i for i in point.multipliers if i not in bounds and point.multipliers[i] != 0]
    terms = [(problem.weights[0], problem.text, fmpq(int(problem.sign)))]
    for i in curved:
        weight = point.multipliers[i] * int(problem.signs[i])
        terms.append((problem.weights[i + 1], problem.constraints[i].difference, weight))
    text = joined([wrapped(text, f"{weight}*(", ")") for weight, text, _ in terms])
    held = {weight: number for weight, _, number in terms}
    program = compile_text([text], (*problem.given, *held), None, formulas=False).program
    moving = [name for name in problem.names if name in program.variables]
    if not moving:
        return None
    course = step_problem(program, text, choose("sgd"), wrt=moving)
    objective = Objective(
        course, {**problem.base, **dict.fromkeys(held, 1.0), **dict.fromkeys(problem.names, 0.0)}
    )
    places = [problem.names.index(name) for name in objective.names]
    whole = _limits(exactly, bounds)
    limits = Limits(tuple(whole.low[i] for i in places), tuple(whole.high[i] for i in places))
    x = limits.kept([point.x[i] for i in places])
    whole_lagrangian = ObjectiveInBalls(objective, held)
    slopes = whole_lagrangian.gradient(x)
    if slopes is None:
        return None
    polished = Polished(x, [point.radius[i] for i in places], pressed(x, slopes, limits))
    found = finding(whole_lagrangian, polished, limits, [spans[i] for i in places])
    way = found.way and [dict(zip(places, found.way, strict=True)).get(i, 0.0) for i in range(exactly.size)]
    return found._replace(way=way), not curved


def _end(problem: Any, place: int) -> tuple[str, str, str] | None:
    """The variable, the relation and the constant of a bound of a variable that moves."""
    one = problem.constraints[place]
    if one.limit is None or one.bound not in problem.names or one.names != (one.bound,):
        return None
    return one.limit.name, one.limit.relation, one.limit.end


def _limits(exactly: ConstrainedInBalls, bounds: Sequence[int]) -> Limits:
    """Bounds in rationals, from what their differences are at 0."""
    problem = exactly.problem
    place = exactly.look([fmpq(0)] * exactly.size)
    low: list[Any] = [None] * exactly.size
    high: list[Any] = [None] * exactly.size
    for i in bounds:
        name, relation, text = _end(problem, i) or ("", "", "")
        at = problem.names.index(name)
        number = _number(text) if place is None else _from_difference(problem, i, place.h[i])
        if number is None:
            continue
        if relation == ">=":
            low[at] = number if low[at] is None else max(low[at], number)
        else:
            high[at] = number if high[at] is None else min(high[at], number)
    return Limits(tuple(low), tuple(high))


def _from_difference(problem: Any, place: int, h: Any) -> Any:
    """The constant of a bound, from h where the variable is 0."""
    difference = h * int(problem.signs[place])
    if not isinstance(difference, fmpq):
        return None
    return -difference / fmpq(*problem.constraints[place].limit.ratio)


def _number(text: str) -> Any:
    try:
        return double(float(text))
    except ValueError:
        return None
