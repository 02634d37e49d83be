"""How descents at a fixed learning rate end: at the step limit, beyond floats, growing, swinging, or standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.descent.minimization.step_history import SPAN, StepHistory
from gradcli.descent.objective.objective import Evaluation
from gradcli.descent.objective.vectors import add_scaled, norm
from gradcli.descent.verdicts.curvature import looked
from gradcli.descent.verdicts.outcome import Ending, apart, listed
from gradcli.descent.verdicts.unbounded import mention_saddle, unbounded_along

if TYPE_CHECKING:
    from gradcli.descent.minimization.descent_state import DescentState

#: f above its start by this factor of its size, with a gradient that has grown as well, is divergence.
GROWN = 1e8


def at_step_limit(walk: DescentState, rate: float, recent: StepHistory) -> Ending:
    """The ending at the step limit: what the last steps did."""
    if recent.still >= SPAN:
        return standing(walk, recent)
    if recent.rises():
        return diverging(walk, rate, slowly=True)
    if recent.to_and_fro() and not recent.shrinks():
        return oscillating(walk, rate, recent)
    word = "still descending" if recent.best == walk.taken else "not at rest"
    return Ending("step-limit", f"{word} after {_steps(walk)}: {_gradient(walk, recent)}")


def without_rate(walk: DescentState, recent: StepHistory) -> Ending:
    """The ending at a schedule that has come to 0."""
    message = f"the learning rate is 0 after {_steps(walk)}, so that nothing moves: {_gradient(walk, recent)}"
    return Ending("stalled", message)


def _steps(walk: DescentState) -> str:
    return "1 step" if walk.taken == 1 else f"{walk.taken} steps"


def _gradient(walk: DescentState, recent: StepHistory) -> str:
    """The gradient of the point that is answered, beside the tolerance that it was compared with."""
    where = "" if recent.best == walk.taken else f"at the best point, that of step {recent.best}, "
    tol = walk.plan.tol
    return f"{where}the gradient is {apart(walk.steepness(walk.best), tol)}, above {tol:g}"


def grown(walk: DescentState, after: Evaluation) -> bool:
    """Whether f and its gradient have outgrown those of the start."""
    start = walk.start
    return after.f - start.f > GROWN * (1 + abs(start.f)) and norm(after.g) > 10 * norm(start.g)


def gone(walk: DescentState, rate: float) -> Ending:
    """The ending of a descent whose next step has no value, or has grown without measure."""
    problem = walk.objective.problem
    for way in (add_scaled(walk.place.x, -1.0, walk.start.x), [-slope for slope in walk.place.g]):
        ending = (
            unbounded_along(walk.objective, walk.place, way, walk.bounds)
            if walk.place.f < walk.start.f
            else None
        )
        if ending is not None:
            return mention_saddle(walk.objective, walk.start, ending, walk.bounds)
    grows = walk.place.f > walk.start.f or norm(walk.place.g) > 1e3 * norm(walk.start.g)
    if problem is None or grows or "too large" in problem.message:
        return diverging(walk, rate)
    suggested = _suggested(walk, rate)
    return Ending(
        "domain", f"step {walk.taken + 1} left the domain: {problem.message}", suggested_lr=suggested
    )


def _largest(walk: DescentState) -> float | None:
    """λmax at the best point, along what is free."""
    look = looked(walk.objective, walk.best, walk.bounds)
    return look.parts.values[-1] if look is not None and look.parts.values else None


def _suggested(walk: DescentState, rate: float) -> float | None:
    largest = _largest(walk)
    return None if largest is None or largest <= 0 else float(f"{min(rate / 2, 1 / largest):.3g}")


def _plain(walk: DescentState) -> bool:
    choice = walk.plan.choice
    return choice.optimizer in ("sgd", "proximal-gradient-descent") and not choice.settings.get("momentum")


def diverging(walk: DescentState, rate: float, *, slowly: bool = False) -> Ending:
    """The ending where f grows from step to step, with the bound that the learning rate exceeds, where there is one."""
    largest, suggested = _largest(walk), _suggested(walk, rate)
    where = listed(dict(zip(walk.objective.names, walk.best.x, strict=True)))
    message = f"diverging after {_steps(walk)}"
    if slowly:
        begin, end = (walk.objective.sign * place.f for place in (walk.start, walk.place))
        message += f", over which f went from {begin:.6g} to {end:.6g}"
    if _plain(walk) and largest is not None and largest > 0 and rate > 2 / largest:
        bound = 2 / largest
        message += f": the learning rate {apart(rate, bound, 6)} exceeds 2/λmax = {apart(bound, rate, 4)}"
        message += f" (λmax = {largest:.6g} at {where})"
    if suggested is not None:
        message += (
            f"; {suggested:g} would do" if _plain(walk) else f"; a smaller rate than {rate:.10g} may do"
        )
    return Ending("diverging", message, suggested_lr=suggested if _plain(walk) else None)


def oscillating(walk: DescentState, rate: float, recent: StepHistory) -> Ending:
    """The ending where the steps go to and fro and bring f down no further."""
    sign, suggested = walk.objective.sign, _suggested(walk, rate) if _plain(walk) else None
    message = "oscillating: "
    if recent.cycle():
        here, there = (f"{sign * f:.6g}" for f in (recent.values[-2], recent.values[-1]))
        message += f"the steps go to and fro between two points at a learning rate of {rate:.10g}, and f "
        message += f"stays at {here}" if here == there else f"is {here} and {there} there"
    else:
        begin, end = (f"{sign * f:.6g}" for f in (recent.values[0], recent.values[-1]))
        message += f"{recent.back} of the last {len(recent.turns)} steps turned back at a learning rate of {rate:.10g}, and f "
        message += f"stayed at {end}" if begin == end else f"went from {begin} to {end}"
    message += f"; {suggested:g} would do" if suggested is not None else "; a smaller or falling rate helps"
    return Ending("oscillating", message, suggested_lr=suggested)


#: Settings that pull a point away from where f's own gradient vanishes.
PULLS = ("weight_decay", "l1", "l2", "l2_shrinkage")


def standing(walk: DescentState, recent: StepHistory) -> Ending:
    """The ending where a step no longer moves the point: what holds it there beside f's own gradient is named."""
    choice = walk.plan.choice
    pulls = [name for name in PULLS if choice.settings.get(name)]
    message = (
        f"no further progress in floating point: a step of {choice.optimizer} does not move the point, but "
    )
    message += _gradient(walk, recent)
    message += f"; {' and '.join(pulls)} may hold it where f's own gradient does not vanish" if pulls else ""
    return Ending("stalled", message)
