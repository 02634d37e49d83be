"""Descents at a fixed or scheduled learning rate: nothing keeps them from growing, so their ends are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.calculus.backends import float_backend
from gradcli.descent.minimization.fixed_rate_endings import (
    at_step_limit,
    gone,
    grown,
    oscillating,
    standing,
    without_rate,
)
from gradcli.descent.minimization.search_directions import Bfgs, LimitedBfgs, Newton
from gradcli.descent.minimization.step_history import StepHistory
from gradcli.descent.objective.objective import Evaluation
from gradcli.descent.objective.vectors import Vector, add_scaled
from gradcli.descent.rules.gradient_clipping import clipped
from gradcli.descent.rules.update_program import Update, applied_update, update_of
from gradcli.descent.verdicts.outcome import Ending
from gradcli.language.errors import DomainProblem

if TYPE_CHECKING:
    from gradcli.descent.minimization.descent_state import DescentState


def descend_at_fixed_rate(walk: DescentState) -> Ending:
    """Step after step until there is something to say: one rule for all optimizers.

    Every point is judged where its gradient is within the tolerance, also that of the last step, and whatever the
    slots would do next.
    """
    from gradcli.descent.minimization.descent_state import interrupted

    steps, recent = Stepper(walk), StepHistory(walk.place)
    try:
        while True:
            before = walk.place
            if walk.steepness(before) <= walk.plan.tol:
                return walk.settled()
            if walk.taken >= walk.plan.max_steps:
                return at_step_limit(walk, steps.rate, recent)
            x = steps.next(before)
            if steps.rate == 0.0 and (x is None or x == before.x):
                return without_rate(walk, recent)
            after = None if x is None else walk.objective.look(x, careful=True)
            if after is None or grown(walk, after):
                return gone(walk, steps.rate)
            walk.go(after)
            recent.add(after, walk.best is after)
            ending = _seen(walk, steps, recent)
            if ending:
                return ending
    except KeyboardInterrupt:
        return interrupted(walk)


def _seen(walk: DescentState, steps: Stepper, recent: StepHistory) -> Ending | None:
    """What can be said after a step before the last."""
    if recent.still == 1 and not steps.moves_on:
        return standing(walk, recent)
    return walk.runaway(False) or (oscillating(walk, steps.rate, recent) if recent.cycle() else None)


class Stepper:
    """The next point of an optimizer's rule, or of a method's direction times the rate.

    rate: the learning rate of the last step. moves_on: whether slots or the schedule may move a point that stands.
    """

    def __init__(self, walk: DescentState) -> None:
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
