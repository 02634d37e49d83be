"""Descents at a fixed or scheduled learning rate: nothing keeps them from growing, so their ends are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.calculus.backends import float_backend
from gradcli.descent.minimization.search_directions import Bfgs, LimitedBfgs, Newton
from gradcli.descent.minimization.step_history import SPAN, StepHistory
from gradcli.descent.objective.objective import Evaluation
from gradcli.descent.objective.vectors import Vector, add_scaled, norm
from gradcli.descent.rules.gradient_clipping import clipped
from gradcli.descent.rules.update_program import Update, applied_update, update_of
from gradcli.descent.verdicts.float_curvature import looked
from gradcli.descent.verdicts.outcome import Ending, apart, listed
from gradcli.descent.verdicts.unbounded import mention_saddle, unbounded_along
from gradcli.language.errors import DomainProblem

if TYPE_CHECKING:
    from gradcli.descent.minimization.descent_loop import DescentLoop

#: f above its start by this factor of its size, with a gradient that has grown as well, is divergence.
GROWN = 1e8


def descend_at_fixed_rate(walk: DescentLoop) -> Ending:
    """Step after step until there is something to say: one rule for all optimizers.

    Every point is judged where its gradient is within the tolerance, also that of the last step, and whatever the
    slots would do next.
    """
    from gradcli.descent.minimization.descent_loop import interrupted

    steps, recent = Stepper(walk), StepHistory(walk.place)
    try:
        while True:
            before = walk.place
            if walk.steepness(before) <= walk.plan.tol:
                return walk.settled()
            if walk.taken >= walk.plan.max_steps:
                return _at_limit(walk, steps.rate, recent)
            x = steps.next(before)
            if steps.rate == 0.0 and (x is None or x == before.x):
                return _without_rate(walk, recent)
            after = None if x is None else walk.objective.look(x, careful=True)
            if after is None or _grown(walk, after):
                return _gone(walk, steps.rate)
            walk.go(after)
            recent.add(after, walk.best is after)
            ending = _seen(walk, steps, recent)
            if ending:
                return ending
    except KeyboardInterrupt:
        return interrupted(walk)


def _seen(walk: DescentLoop, steps: Stepper, recent: StepHistory) -> Ending | None:
    """What can be said after a step before the last."""
    if recent.still == 1 and not steps.moves_on:
        return _stands(walk, recent)
    return walk.runaway(False) or (_oscillating(walk, steps.rate, recent) if recent.cycle() else None)


def _at_limit(walk: DescentLoop, rate: float, recent: StepHistory) -> Ending:
    """The ending at the step limit: what the last steps did."""
    if recent.still >= SPAN:
        return _stands(walk, recent)
    if recent.rises():
        return _diverging(walk, rate, slowly=True)
    if recent.to_and_fro() and not recent.shrinks():
        return _oscillating(walk, rate, recent)
    word = "still descending" if recent.best == walk.taken else "not at rest"
    return Ending("step-limit", f"{word} after {_steps(walk)}: {_gradient(walk, recent)}")


def _without_rate(walk: DescentLoop, recent: StepHistory) -> Ending:
    message = f"the learning rate is 0 after {_steps(walk)}, so that nothing moves: {_gradient(walk, recent)}"
    return Ending("stalled", message)


def _steps(walk: DescentLoop) -> str:
    return "1 step" if walk.taken == 1 else f"{walk.taken} steps"


def _gradient(walk: DescentLoop, recent: StepHistory) -> str:
    """The gradient of the point that is answered, beside the tolerance that it was compared with."""
    where = "" if recent.best == walk.taken else f"at the best point, that of step {recent.best}, "
    tol = walk.plan.tol
    return f"{where}the gradient is {apart(walk.steepness(walk.best), tol)}, above {tol:g}"


class Stepper:
    """The next point of an optimizer's rule, or of a method's direction times the rate.

    rate: the learning rate of the last step. moves_on: whether slots or the schedule may move a point that stands.
    """

    def __init__(self, walk: DescentLoop) -> None:
        plan, size = walk.plan, len(walk.place.x)
        self.walk, self.taken = walk, 0
        fixed = plan.lr if isinstance(plan.lr, float | int) else plan.choice.settings.get("lr", 1.0)
        self.base = self.rate = float(fixed)
        self.update: Update | None = None
        self.method: Newton | Bfgs | LimitedBfgs | None = None
        if plan.choice.dialect:
            self.update = self._update(self.base)
            self.slots = [self.update.initial] * size
            self._compiled = float_backend.compiled(self.update.program)
        else:
            self.method = Newton(walk.objective) if plan.choice.optimizer == "newton" else Bfgs()
        self.moves_on = bool(self.update and self.update.slots) or plan.schedule.kind != "constant"
        self._last: Evaluation | None = None

    def _update(self, rate: float) -> Update:
        choice = self.walk.plan.choice
        return update_of(choice._replace(settings={**choice.settings, "lr": rate}))

    def next(self, place: Evaluation) -> Vector | None:
        """The point of the next step, inside the bounds; None where the update has no value."""
        walk = self.walk
        rate = self.base * walk.plan.schedule.factor(self.taken)
        self.taken += 1
        if self.method is not None:
            if self._last is not None:
                self.method.learn(self._last, place)
            self._last, self.rate = place, rate
            free = walk.bounds.free(place.x, place.g)
            return walk.bounds.kept(add_scaled(place.x, rate, self.method.direction(place, free)))
        assert self.update is not None  # noqa: S101  (one of the two is there)
        if rate != self.rate:
            self.update, self.rate = self._update(rate), rate
        x = []
        for i, (w, g) in enumerate(zip(place.x, clipped(walk.plan.clip, place.g), strict=True)):
            try:
                numbers = (w, g, float(self.taken), *self.slots[i])
                after, self.slots[i] = applied_update(self.update, numbers, "", self._compiled)
            except DomainProblem:
                return None
            x.append(after)
        return walk.bounds.kept(x)


def _grown(walk: DescentLoop, after: Evaluation) -> bool:
    start = walk.start
    return after.f - start.f > GROWN * (1 + abs(start.f)) and norm(after.g) > 10 * norm(start.g)


def _gone(walk: DescentLoop, rate: float) -> Ending:
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
        return _diverging(walk, rate)
    suggested = _suggested(walk, rate)
    return Ending(
        "domain", f"step {walk.taken + 1} left the domain: {problem.message}", suggested_lr=suggested
    )


def _largest(walk: DescentLoop) -> float | None:
    """λmax at the best point, along what is free."""
    look = looked(walk.objective, walk.best, walk.bounds)
    return look.parts.values[-1] if look is not None and look.parts.values else None


def _suggested(walk: DescentLoop, rate: float) -> float | None:
    largest = _largest(walk)
    return None if largest is None or largest <= 0 else float(f"{min(rate / 2, 1 / largest):.3g}")


def _plain(walk: DescentLoop) -> bool:
    choice = walk.plan.choice
    return choice.optimizer in ("sgd", "proximal-gradient-descent") and not choice.settings.get("momentum")


def _diverging(walk: DescentLoop, rate: float, *, slowly: bool = False) -> Ending:
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


def _oscillating(walk: DescentLoop, rate: float, recent: StepHistory) -> Ending:
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


def _stands(walk: DescentLoop, recent: StepHistory) -> Ending:
    choice = walk.plan.choice
    pulls = [name for name in PULLS if choice.settings.get(name)]
    message = (
        f"no further progress in floating point: a step of {choice.optimizer} does not move the point, but "
    )
    message += _gradient(walk, recent)
    message += f"; {' and '.join(pulls)} may hold it where f's own gradient does not vanish" if pulls else ""
    return Ending("stalled", message)
