"""A descent on its way: searches along directions until there is something to say."""

from __future__ import annotations

import math

from gradcli.descent.minimization.line_search import LineSearchResult, line_search
from gradcli.descent.minimization.plan import Plan
from gradcli.descent.minimization.search_directions import (
    Bfgs,
    LimitedBfgs,
    Method,
    Newton,
    OptimizerDirection,
)
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Vector, add_scaled, dot, norm
from gradcli.descent.rules.update_program import update_of
from gradcli.descent.steps.step_problem import Listener
from gradcli.descent.verdicts.float_curvature import polished
from gradcli.descent.verdicts.outcome import SUCCESSES, UPHILL, Ending, Outcome, named
from gradcli.descent.verdicts.stationary_point import (
    classify_point,
    plateau,
    signs_of_slopes,
    spans_of,
    stopped_at,
)
from gradcli.descent.verdicts.unbounded import mention_saddle, unbounded_along, unbounded_along_curve
from gradcli.language.limits import limit

#: Saddles that a descent leaves before it stops at one.
ESCAPES = 10

#: After so many steps that hardly move, and on which the gradient stays as it is, a corner is being chased: it is looked
#: for then, again after twice as many, and the search ends where there are more than so many and none was found.
IDLE, WEARY = 8, 127

#: How often a place that is flat enough, and shown to be nothing, is left for one that is flatter by a thousand.
LOOKS = 6

#: A fall by this share of f can be seen in floats.
VISIBLE = 1e-14

#: Up to so many variables BFGS keeps the whole inverse Hessian.
DENSE = 200


class DescentLoop:
    """A descent on its way: where it is, the best place so far, and how many steps it took."""

    def __init__(
        self, objective: Objective, plan: Plan, bounds: Bounds, start: Evaluation, on_step: Listener | None
    ) -> None:
        self.objective, self.plan, self.bounds, self.on_step = objective, plan, bounds, on_step
        self.start = self.place = self.best = start
        self.taken = self.escapes = self.idle = 0
        self.steepest, self.floor, self.looks, self.turned = self.steepness(start), math.inf, 0, False

    def go(self, place: Evaluation) -> None:
        """Take a step to *place*."""
        self.place, self.taken = place, self.taken + 1
        self.steepest = max(self.steepest, self.steepness(place))
        if place.f < self.best.f or (
            place.f == self.best.f and self.steepness(place) <= self.steepness(self.best)
        ):
            self.best = place
        if self.on_step is not None:
            self.on_step(self.taken, self.objective.stage(place))

    def steepness(self, place: Evaluation) -> float:
        """The norm of the gradient without what presses against bounds."""
        return norm(self.bounds.free(place.x, place.g))

    @property
    def target(self) -> float:
        """The norm of the gradient at which the search ends: --tol, or by the steepest gradient that was met."""
        return self.plan.tol if self.plan.typed else min(self.plan.tol * min(1.0, self.steepest), self.floor)

    def search(self) -> Ending:
        """Line searches along the method's directions until there is something to say."""
        try:
            if self.plan.choice.optimizer == "l-bfgs-b":
                from gradcli.descent.minimization.scipy_lbfgsb import run_lbfgsb

                if self.steepness(self.place) > self.plan.tol:
                    room = max(self.plan.max_steps - self.taken, 0)
                    run_lbfgsb(self.objective, self.bounds, self.place.x, room, self.plan.tol, self.go)
            return self._search(method_of(self.plan, self.objective))
        except KeyboardInterrupt:
            return interrupted(self)

    def _search(self, method: Method) -> Ending:
        length, fresh = 1.0, True
        while True:
            place = self.place
            if self.steepness(place) <= self.target:
                ending = self.stopped() if self.plan.typed else self.flat_enough()
                if ending is not None:
                    return ending
                if self.place is not place:  # a saddle was left
                    method.forget()
                    continue
            if self.taken >= self.plan.max_steps:
                return at_limit(self)
            found = self._along(method, length) or self._farther()
            if found is None:
                if fresh:
                    ending = self.concluded_at_rest()
                    if ending is None and self.turns():
                        method = Newton(self.objective)
                    elif ending is None or not self.leaves(ending):
                        return self.weary(ending or self.at_rest())
                method.forget()
                fresh = True
                continue
            fresh, length = False, found.length
            self.go(found.place)
            method.learn(place, found.place)
            ending = self.runaway(found.endless) or self.chased(place)
            if ending is not None:
                return ending

    def flat_enough(self) -> Ending | None:
        """The ending where the gradient is small enough; None where a saddle was left, or where it may yet be smaller."""
        ending = self.concluded()
        if ending is not None:
            return None if self.leaves(ending) else self.weary(ending)
        self.floor, self.looks = 1e-3 * self.steepness(self.place), self.looks + 1
        return self.at_rest() if self.floor == 0.0 or self.looks > LOOKS else None

    def turns(self) -> bool:
        """Whether Newton's directions are to be tried, once, where those of BFGS lead no further."""
        first, self.turned = not self.turned, True
        return first and self.plan.choice.optimizer in ("bfgs", "l-bfgs-b")

    def _along(self, method: Method, length: float) -> LineSearchResult | None:
        """What lies along the method's direction, or along −g where that does not descend."""
        free = self.bounds.free(self.place.x, self.place.g)
        direction = method.direction(self.place, free)
        if not dot(direction, free) < 0:
            direction = [-slope for slope in free]
        first = 1.0 if method.curved else min(2 * length, 1e10)
        return line_search(self.objective, self.place, direction, self.bounds, first, wolfe=method.curved)

    def _farther(self) -> LineSearchResult | None:
        """From a start where f is flat: what lies along −g, begun at a length whose fall can be seen."""
        free = self.bounds.free(self.place.x, self.place.g)
        length = VISIBLE * abs(self.place.f) / dot(free, free)
        if self.taken or not 1.0 < length < 1e300:
            return None
        return line_search(
            self.objective, self.place, [-slope for slope in free], self.bounds, length, wolfe=True
        )

    def chased(self, before: Evaluation) -> Ending | None:
        """The ending at a corner that step after step comes nearer to, while the gradient stays as it is."""
        move = norm(add_scaled(self.place.x, -1.0, before.x))
        falls = self.steepness(self.place) <= 0.5 * self.steepness(before)
        small = move <= 1e-5 * norm(spans_of(self.start.x, self.place.x))
        self.idle = self.idle + 1 if small and not falls else 0
        if self.idle < IDLE or self.idle & (self.idle - 1):
            return None
        before_corner, best = self.place, self.best
        ending = self.at_corner()
        if ending is not None and ending.status in SUCCESSES:
            return ending
        self.place, self.best = before_corner, best
        return (self.concluded_at_rest() or self.at_rest()) if self.idle > WEARY else None

    def runaway(self, certain: bool) -> Ending | None:
        """The ending of a descent without end, once it has gone far."""
        far = norm(self.place.x) > 1e8 * (norm(self.start.x) or 1.0)
        deep = self.start.f - self.place.f > 1e12 * (1 + abs(self.start.f))
        if not (certain or far or deep) or (self.taken % 10 and not certain):
            return None
        for way in self.ways():
            ending = unbounded_along(self.objective, self.place, way, self.bounds)
            if ending is not None:
                return mention_saddle(self.objective, self.start, ending, self.bounds)
        return unbounded_along_curve(self.objective, self.place, self.bounds) if self.taken else None

    def ways(self) -> list[Vector]:
        """Directions in which f may fall without end: that of the whole descent, the steepest, and the axes."""
        size, slopes = (
            len(self.place.x),
            self.place.g if any(self.place.g) else signs_of_slopes(self.objective, self.place),
        )
        few = self.objective.by_rows is None or size <= limit("eigenvalues")
        signs = [(i, -math.copysign(1.0, b)) for i, b in enumerate(slopes) if b and few and size > 1]
        axes = [[sign * (i == j) for j in range(size)] for i, sign in signs]
        return [
            add_scaled(self.place.x, -1.0, self.start.x),
            [-slope for slope in slopes],
            *axes,
        ]

    def settled(self) -> Ending:
        """The ending where the gradient has vanished, or nearly."""
        return self.concluded() or plateau(self.objective, self.place, self.bounds)

    def concluded(self) -> Ending | None:
        """What is to be said of the place where the descent is, by whatever shows it; None where nothing does."""
        return self.judged() or self.at_corner() or self.runaway(True)

    def judged(self) -> Ending | None:
        """What the stationary point here is, if there is one; a minimum becomes the best point."""
        spans = spans_of(self.start.x, self.place.x)
        place, ending = classify_point(self.objective, self.place, self.bounds, spans, self.target)
        if ending is not None:
            self.place = self.best = place
        return ending

    def at_corner(self) -> Ending | None:
        """What the corner, the cusp, the jump or the edge here is, if there is one; its point becomes the best."""
        from gradcli.descent.verdicts.domain_boundary import ending_at_kinks

        place, ending = ending_at_kinks(
            self.objective, self.place, self.bounds, spans_of(self.start.x, self.place.x)
        )
        if ending is not None and place is not None:
            self.place = self.best = place
        return ending

    def stopped(self) -> Ending:
        """The ending at a --tol that was asked for: a minimum if one is certainly near, and how near it is."""
        corner = None if self.place.smooth else self.at_corner()
        if corner is not None:
            return corner
        self.best = self.place
        spans = spans_of(self.start.x, self.place.x)
        return stopped_at(self.objective, self.place, self.bounds, spans, self.target)

    def leaves(self, ending: Ending) -> bool:
        """Whether a saddle that was come upon could be left along the direction in which f falls from it."""
        if ending.direction is None or ending.status not in ("plateau", "saddle", "maximum"):
            return False
        if self.escapes == ESCAPES or (self.taken == 0 and not self.bounds.any):
            return False
        self.escapes += 1
        way = [ending.direction.get(name, 0.0) for name in self.objective.names]
        size = norm(spans_of(self.start.x, self.place.x))
        for length in (0.1 * 0.1**k * size for k in range(6)):
            place = self.objective.look(self.bounds.kept(add_scaled(self.place.x, length, way)))
            if place is not None and place.f < self.place.f:
                self.go(place)
                return True
        return False

    def weary(self, ending: Ending) -> Ending:
        """The ending; a place that leaving saddle after saddle led to is no saddle but a flat one."""
        if self.escapes < ESCAPES or ending.status != "saddle":
            return ending
        where = named(self.objective, self.place)
        return ending._replace(status="flat", message=f"flat near {where}: the gradient is {self.steepness(self.place):.3g}, "
                               "and f goes on changing, ever more slowly")  # fmt: skip

    def concluded_at_rest(self) -> Ending | None:
        """What is to be said where no step brings f down: Newton's steps may still bring the gradient down."""
        self.place = self.best = polished(self.objective, self.place, self.bounds)
        return self.concluded()

    def at_rest(self) -> Ending:
        """The ending where no step brings f down and nothing is shown."""
        if self.steepness(self.place) <= self.plan.tol * min(1.0, self.steepest):
            return plateau(self.objective, self.place, self.bounds)
        where = named(self.objective, self.place)
        return Ending("stalled", f"no further progress in floating point at {where}: the gradient is "
                      f"{self.steepness(self.place):.3g}, above {self.target:.3g}")  # fmt: skip

    def outcome(self, ending: Ending) -> Outcome:
        """The ending with all numbers, in the words of a maximization if it is one."""
        objective, stage = self.objective, self.objective.stage(self.best)
        status = UPHILL.get(ending.status, ending.status) if objective.sign < 0 else ending.status
        return Outcome(
            status, ending.message, ending.status in SUCCESSES, stage.at, stage.value, stage.gradient, self.taken,
            objective.count, objective.count, objective.curvatures, self.plan.choice.optimizer,
            self.plan.choice.dialect, _known(self.steepness(self.best)), ending.eigenvalues, ending.direction,
            ending.multipliers, ending.suggested_lr, objective.notes, order=ending.order, within=ending.within,
        )  # fmt: skip


def _known(norm: float) -> float:
    """The norm of a gradient, 0 at an edge of the domain, where there is none and f presses against the edge."""
    return 0.0 if math.isnan(norm) else norm


def method_of(plan: Plan, objective: Objective) -> Method:
    """What proposes the directions."""
    choice = plan.choice
    if choice.optimizer == "newton":
        return Newton(objective)
    if choice.optimizer in ("bfgs", "l-bfgs-b"):
        return Bfgs() if len(objective.names) <= DENSE else LimitedBfgs()
    return OptimizerDirection(update_of(choice), len(objective.names), plan.clip)


def at_limit(walk: DescentLoop) -> Ending:
    """The ending at the step limit."""
    return Ending("step-limit", f"still descending after {walk.taken} steps: the gradient is "
                  f"{walk.steepness(walk.best):.3g}, above {walk.target:.3g}")  # fmt: skip


def interrupted(walk: DescentLoop) -> Ending:
    """The ending of a descent that was stopped from outside."""
    return Ending("interrupted", f"stopped after {walk.taken} steps, at the best point so far")
