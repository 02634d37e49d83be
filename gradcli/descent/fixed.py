"""Descents at a fixed or scheduled learning rate: nothing keeps them from growing, so their ends are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.calculus import floats
from gradcli.descent.clipping import clipped
from gradcli.descent.directions import Bfgs, LimitedBfgs, Newton
from gradcli.descent.endless import endless, with_saddle
from gradcli.descent.linear import Vector, dot, moved, norm
from gradcli.descent.objective import Place
from gradcli.descent.outcome import Ending, listed
from gradcli.descent.stationary import looked
from gradcli.descent.update import Update, carry_out, update_of

if TYPE_CHECKING:
    from gradcli.descent.walk import Walk

#: f above its start by this factor of its size, with a gradient that has grown as well, is divergence.
GROWN = 1e8
#: Steps over which going to and fro is measured.
SPAN = 50


def at_fixed_rate(walk: Walk) -> Ending:
    """Step after step until there is something to say."""
    from gradcli.descent.walk import at_limit, interrupted

    steps, recent = Stepper(walk), Recent()
    try:
        while walk.taken < walk.plan.max_steps:
            before = walk.place
            if walk.steepness(before) <= walk.plan.tol and not steps.moves_on:
                return walk.settled()
            x = steps.next(before)
            after = None if x is None else walk.objective.look(x, careful=True)
            if after is None or _grown(walk, after):
                return _gone(walk, steps.rate)
            walk.go(after)
            recent.add(before, after)
            if after.x == before.x and not steps.moves_on:
                return _stands(walk)
            ending = walk.runaway(False) or (recent.cycle() and _oscillating(walk, steps.rate, recent))
            if ending:
                return ending
        swings = recent.to_and_fro() and walk.taken >= SPAN
        return _oscillating(walk, steps.rate, recent) if swings else at_limit(walk)
    except KeyboardInterrupt:
        return interrupted(walk)


class Stepper:
    """The next point of an optimizer's rule, or of a method's direction times the rate.

    rate: the learning rate of the last step. moves_on: whether slots or the schedule may move a point that stands.
    """

    def __init__(self, walk: Walk) -> None:
        plan, size = walk.plan, len(walk.place.x)
        self.walk, self.taken = walk, 0
        fixed = plan.lr if isinstance(plan.lr, float | int) else plan.choice.settings.get("lr", 1.0)
        self.base = self.rate = float(fixed)
        self.update: Update | None = None
        self.method: Newton | Bfgs | LimitedBfgs | None = None
        if plan.choice.dialect:
            self.update = self._update(self.base)
            self.slots = [self.update.initial] * size
            self._compiled = floats.compiled(self.update.program)
        else:
            self.method = Newton(walk.objective) if plan.choice.optimizer == "newton" else Bfgs()
        self.moves_on = bool(self.update and self.update.slots) or plan.schedule.kind != "constant"
        self._last: Place | None = None

    def _update(self, rate: float) -> Update:
        choice = self.walk.plan.choice
        return update_of(choice._replace(settings={**choice.settings, "lr": rate}))

    def next(self, place: Place) -> Vector | None:
        """The point of the next step, inside the bounds; None where the update has no value."""
        walk = self.walk
        rate = self.base * walk.plan.schedule.factor(self.taken)
        self.taken += 1
        if self.method is not None:
            if self._last is not None:
                self.method.learn(self._last, place)
            self._last, self.rate = place, rate
            free = walk.bounds.free(place.x, place.g)
            return walk.bounds.kept(moved(place.x, rate, self.method.direction(place, free)))
        assert self.update is not None  # noqa: S101  (one of the two is there)
        if rate != self.rate:
            self.update, self.rate = self._update(rate), rate
        x = []
        for i, (w, g) in enumerate(zip(place.x, clipped(walk.plan.clip, place.g), strict=True)):
            try:
                numbers = (w, g, float(self.taken), *self.slots[i])
                after, self.slots[i] = carry_out(self.update, numbers, self._compiled)
            except (ValueError, ArithmeticError):
                return None
            x.append(after)
        return walk.bounds.kept(x)


class Recent:
    """The last steps: where they led, and how they turn."""

    def __init__(self) -> None:
        self._points: list[Vector] = []
        self._turns: list[float] = []
        self._last: Vector | None = None

    def add(self, before: Place, after: Place) -> None:
        """A step was taken."""
        step = moved(after.x, -1.0, before.x)
        if self._last is not None and norm(step) and norm(self._last):
            self._turns = [*self._turns[1 - SPAN :], dot(step, self._last) / norm(step) / norm(self._last)]
        self._last, self._points = step, [*self._points[-3:], after.x]

    def cycle(self) -> bool:
        """Whether the last points repeat each other exactly."""
        p = self._points
        return len(p) == 4 and p[3] == p[1] and p[2] == p[0] and p[3] != p[2]

    def to_and_fro(self) -> bool:
        """Whether most of the last steps turned back."""
        back = sum(turn < -0.5 for turn in self._turns)
        return len(self._turns) >= SPAN // 2 and back >= 0.8 * len(self._turns)


def _grown(walk: Walk, after: Place) -> bool:
    start = walk.start
    return after.f - start.f > GROWN * (1 + abs(start.f)) and norm(after.g) > 10 * norm(start.g)


def _gone(walk: Walk, rate: float) -> Ending:
    """The ending of a descent whose next step has no value, or has grown without measure."""
    problem = walk.objective.problem
    for way in (moved(walk.place.x, -1.0, walk.start.x), [-slope for slope in walk.place.g]):
        ending = (
            endless(walk.objective, walk.place, way, walk.bounds) if walk.place.f < walk.start.f else None
        )
        if ending is not None:
            return with_saddle(walk.objective, walk.start, ending, walk.bounds)
    grows = walk.place.f > walk.start.f or norm(walk.place.g) > 1e3 * norm(walk.start.g)
    if problem is None or grows or "too large" in problem.message:
        return _diverging(walk, rate)
    suggested = _suggested(walk, rate)
    return Ending(
        "domain", f"step {walk.taken + 1} left the domain: {problem.message}", suggested_lr=suggested
    )


def _largest(walk: Walk) -> float | None:
    """λmax at the best point, along what is free."""
    look = looked(walk.objective, walk.best, walk.bounds)
    return look.parts.values[-1] if look is not None and look.parts.values else None


def _suggested(walk: Walk, rate: float) -> float | None:
    largest = _largest(walk)
    return None if largest is None or largest <= 0 else float(f"{min(rate / 2, 1 / largest):.3g}")


def _plain(walk: Walk) -> bool:
    choice = walk.plan.choice
    return choice.optimizer in ("sgd", "proximal-gradient-descent") and not choice.settings.get("momentum")


def _diverging(walk: Walk, rate: float) -> Ending:
    largest, suggested = _largest(walk), _suggested(walk, rate)
    where = listed(dict(zip(walk.objective.names, walk.best.x, strict=True)))
    message = f"diverging after {walk.taken} steps"
    if _plain(walk) and largest is not None and largest > 0 and rate > 2 / largest:
        message += f": the learning rate {rate:g} exceeds 2/λmax = {2 / largest:.4g} (λmax = {largest:.6g} at {where})"
    if suggested is not None:
        message += f"; {suggested:g} would do" if _plain(walk) else f"; a smaller rate than {rate:g} may do"
    return Ending("diverging", message, suggested_lr=suggested if _plain(walk) else None)


def _oscillating(walk: Walk, rate: float, recent: Recent) -> Ending:
    suggested = _suggested(walk, rate) if _plain(walk) else None
    message = f"oscillating: the last steps go to and fro at a learning rate of {rate:g}, and f stays at "
    message += f"{walk.objective.sign * walk.place.f:.6g}"
    message += f"; {suggested:g} would do" if suggested is not None else "; a smaller or falling rate helps"
    return Ending("oscillating", message, suggested_lr=suggested)


def _stands(walk: Walk) -> Ending:
    return Ending("stalled", f"no further progress in floating point: a step of {walk.plan.choice.optimizer} does not move "
                  f"the point, but the gradient is {walk.steepness(walk.place):.3g}")  # fmt: skip
