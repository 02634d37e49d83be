"""A descent that came to an edge of its domain goes on along it: what the edge depends on is held there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcli.descent.minimization.descent_loop import DescentLoop
from gradcli.descent.minimization.descent_state import ESCAPES
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import norm
from gradcli.descent.rules.optimizer_choice import choose
from gradcli.descent.steps.step_problem import Stage, step_problem
from gradcli.descent.verdicts.curvature import spans_of
from gradcli.descent.verdicts.outcome import SUCCESSES, Ending, listed

#: Endings of a descent along an edge after which the point is judged as one of all variables.
AT_REST = (*SUCCESSES, "saddle", "maximum", "flat", "stalled", "unclassified", "plateau")


def search_along_edges(walk: DescentLoop) -> Ending:
    """A search that goes on along each edge that it comes to, and back inside where f falls there."""
    ending = walk.search()
    for _ in range(ESCAPES):
        free, before = _free(walk, ending), walk.place.f
        held = {n: a for n, a in zip(walk.objective.names, walk.place.x, strict=True) if n not in free}
        along = _along_edge(walk, free) if free else None
        if along is None:
            break
        whole = walk.at_corner() if along.status in AT_REST else None
        if whole is None:
            return _of_all(walk, along, held)
        ending = whole
        if walk.leaves(whole):
            ending = walk.search()
        elif not walk.place.f < before:
            break
    return _told_from_saddle(walk, ending)


def _free(walk: DescentLoop, ending: Ending) -> list[str]:
    """The variables that are free on the edge of the domain to which a descent came, if f falls along it; else none."""
    names, slopes = walk.objective.names, walk.place.g
    if ending.status != "saddle" or not any(map(math.isnan, slopes)):
        return []
    free = [name for name, slope in zip(names, slopes, strict=True) if not math.isnan(slope)]
    way = ending.direction or {}
    falls = any(name in free for name, part in way.items() if part)
    return free if _steepness(walk) or (falls and not any(way[n] for n in way if n not in free)) else []


def _steepness(walk: DescentLoop) -> float:
    """The slopes along what an edge, and bounds, leave free."""
    slopes = walk.bounds.free(walk.place.x, walk.place.g)
    return norm([slope for slope in slopes if not math.isnan(slope)])


def _along_edge(walk: DescentLoop, free: Sequence[str]) -> Ending | None:
    """The descent of the variables *free* alone, whose steps are those of *walk*; None where it has no start."""
    names = walk.objective.names
    places = [names.index(name) for name in free]
    objective = _of_free(walk, free)
    bounds = Bounds(*(tuple(side[i] for i in places) for side in walk.bounds))
    start = objective.look([walk.place.x[i] for i in places], careful=True)
    if start is None:
        return None
    inner = DescentLoop(objective, walk.plan, bounds, start, None)
    inner.taken, inner.escapes, whole = walk.taken, walk.escapes, list(walk.place.x)

    def lifted(place: Evaluation) -> Evaluation:
        """A place along the edge as one of all variables."""
        x, slopes = list(whole), [math.nan] * len(names)
        for i, a, b in zip(places, place.x, place.g, strict=True):
            x[i], slopes[i] = a, b
        return Evaluation(x, place.f, slopes, smooth=False)

    def follow(step: int, _: Stage) -> None:
        """A step along the edge is one of the whole descent."""
        if step:
            walk.go(lifted(inner.place))

    inner.on_step = follow
    ending = inner.search()
    walk.place = walk.best = lifted(inner.best)
    walk.objective.count += objective.count
    walk.objective.curvatures += objective.curvatures
    return ending


def _of_free(walk: DescentLoop, free: Sequence[str]) -> Objective:
    """f of the variables *free* alone, the others where they are: its program takes no other slopes."""
    from gradcli.calculus.formulas.texts.compiler import compile_text

    course, choice = walk.objective.course, walk.plan.choice
    program = compile_text([course.text], course.program.variables, free, formulas=False).program
    rule = choice if choice.dialect else choose("sgd")
    course = step_problem(program, course.text, rule, wrt=free, ascend=course.ascend, corner=course.corner)
    return Objective(course, walk.objective.at(walk.place.x), walk.plan.backend)


def _of_all(walk: DescentLoop, along: Ending, held: Mapping[str, float]) -> Ending:
    """How a descent along an edge ended, as the ending of the whole."""
    if along.status == "interrupted":
        return along
    status = "stalled" if along.status in AT_REST else along.status
    way = along.direction and {name: along.direction.get(name, 0.0) for name in walk.objective.names}
    return Ending(status, f"along the edge of the domain at {listed(held)}: {along.message}", direction=way)


def _told_from_saddle(walk: DescentLoop, ending: Ending) -> Ending:
    """The ending; where f is not stationary along the edge it is no saddle."""
    if ending.status != "saddle" or not any(map(math.isnan, walk.place.g)):
        return ending
    from gradcli.calculus.balls.decimals import double
    from gradcli.descent.certificates.corners.edge_descent import slope_along_edge
    from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls, limits_of

    exact, x, spans = ObjectiveInBalls(walk.objective), walk.place.x, spans_of(walk.start.x, walk.place.x)
    steep = slope_along_edge(exact, [double(a) for a in x], spans, limits_of(walk.bounds)) / max(spans)
    if steep <= walk.target and _steepness(walk) <= walk.target:
        return ending
    return ending._replace(
        status="stalled", message=f"no further progress in floating point: {ending.message}"
    )
