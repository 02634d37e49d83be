"""A descent by line searches along directions, until there is something to say."""

from __future__ import annotations

import math

from gradcli.descent.minimization.descent_state import DescentState, at_limit, interrupted
from gradcli.descent.minimization.line_search import LineSearchResult, line_search
from gradcli.descent.minimization.plan import Plan
from gradcli.descent.minimization.search_directions import (
    Bfgs,
    LimitedBfgs,
    Method,
    Newton,
    OptimizerDirection,
)
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import add_scaled, dot, norm
from gradcli.descent.rules.update_program import update_of
from gradcli.descent.verdicts.curvature import spans_of
from gradcli.descent.verdicts.outcome import SUCCESSES, Ending

#: After so many steps that hardly move, and on which the gradient stays as it is, a corner is being chased: it is looked
#: for then, again after twice as many, and the search ends where there are more than so many and none was found.
IDLE, WEARY = 8, 127

#: How often a place that is flat enough, and shown to be nothing, is left for one that is flatter by a thousand.
LOOKS = 6

#: A fall by this share of f can be seen in floats.
VISIBLE = 1e-14

#: What f is rounded by, about, as a share of it, times the root of the number of instructions.
ROUNDED = 0.1 * 2.0**-53

#: Up to so many variables BFGS keeps the whole inverse Hessian.
DENSE = 200


class DescentLoop(DescentState):
    """A descent whose steps are as long as line searches find them."""

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
                if fresh or self.unseen:
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
        self.unseen = method.curved and self._is_rounding(dot(direction, free))
        if self.unseen:
            return None
        first = 1.0 if method.curved else min(2 * length, 1e10)
        return line_search(self.objective, self.place, direction, self.bounds, first, wolfe=method.curved)

    def _is_rounding(self, slope: float) -> bool:
        """Whether what a direction promises is less than a long program's f is rounded by: Newton's steps are left."""
        size = ROUNDED * math.sqrt(len(self.objective.course.program.code)) * abs(self.place.f)
        return -slope < size and self.objective.long is not None

    def _farther(self) -> LineSearchResult | None:
        """From a start where f is flat: what lies along −g, begun at a length whose fall can be seen."""
        free = self.bounds.free(self.place.x, self.place.g)
        square = dot(free, free)
        length = VISIBLE * abs(self.place.f) / square if square else math.inf
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


def method_of(plan: Plan, objective: Objective) -> Method:
    """What proposes the directions."""
    choice = plan.choice
    if choice.optimizer == "newton":
        return Newton(objective)
    if choice.optimizer in ("bfgs", "l-bfgs-b"):
        return Bfgs() if len(objective.names) <= DENSE else LimitedBfgs()
    return OptimizerDirection(update_of(choice), len(objective.names), plan.clip)
