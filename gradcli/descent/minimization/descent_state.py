"""A descent on its way: where it is, the best place so far, and what can be said of it."""

from __future__ import annotations

import math

from gradcli.descent.minimization.plan import Plan
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Vector, add_scaled, norm
from gradcli.descent.steps.step_problem import Listener
from gradcli.descent.verdicts.curvature import polished, spans_of
from gradcli.descent.verdicts.outcome import SUCCESSES, UPHILL, Ending, Outcome, named
from gradcli.descent.verdicts.stationary_point import classify_point, plateau, signs_of_slopes, stopped_at
from gradcli.descent.verdicts.unbounded import mention_saddle, unbounded_along, unbounded_along_curve
from gradcli.language.limits import limit

#: Saddles that a descent leaves before it stops at one.
ESCAPES = 10
#: Lengths that are tried to leave one, each a tenth of that before: the last is what a double still adds to the region's size.
SHORTER = 15


class DescentState:
    """A descent on its way: where it is, the best place so far, and how many steps it took."""

    def __init__(
        self, objective: Objective, plan: Plan, bounds: Bounds, start: Evaluation, on_step: Listener | None
    ) -> None:
        self.objective, self.plan, self.bounds, self.on_step = objective, plan, bounds, on_step
        self.start = self.place = self.best = start
        self.taken = self.escapes = self.idle = 0
        self.steepest, self.floor, self.looks = self.steepness(start), math.inf, 0
        self.turned = self.unseen = False
        if on_step is not None:
            on_step(0, objective.stage(start))

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
        found = self.judged()
        if found is not None and found.status == "flat":  # as f may be where it falls ever more slowly
            return self.runaway(True) or found
        return found or self.at_corner() or self.runaway(True)

    def judged(self) -> Ending | None:
        """What the stationary point here is, if there is one; a minimum becomes the best point."""
        spans = spans_of(self.start.x, self.place.x)
        place, ending = classify_point(self.objective, self.place, self.bounds, spans, self.target)
        if ending is not None:
            self._comes_to(place)
        return ending

    def _comes_to(self, place: Evaluation) -> None:
        """Take what was shown for the best point; where no step led there it is the first."""
        if self.taken == 0 < self.plan.max_steps and place.x != self.place.x:
            self.go(place)
        self.place = self.best = place

    def at_corner(self) -> Ending | None:
        """What the corner, the cusp, the jump or the edge here is, if there is one; its point becomes the best."""
        from gradcli.descent.verdicts.domain_boundary import ending_at_kinks

        place, ending = ending_at_kinks(
            self.objective, self.place, self.bounds, spans_of(self.start.x, self.place.x)
        )
        if ending is not None and place is not None:
            self._comes_to(place)
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
        for length in (0.1 * 0.1**k * size for k in range(SHORTER)):
            place = self.objective.look(self.bounds.kept(add_scaled(self.place.x, length, way)))
            if place is not None and place.f < self.place.f:
                self.go(place)
                self.floor = min(
                    self.floor, 1e-3 * self.steepness(place)
                )  # or it would be taken for the saddle again
                return True
        return False

    def weary(self, ending: Ending) -> Ending:
        """The ending; a smooth place that leaving saddle after saddle led to is no saddle but a flat one."""
        if self.escapes < ESCAPES or ending.status != "saddle" or not self.place.smooth:
            return ending
        where = named(self.objective, self.place)
        return ending._replace(status="flat", message=f"flat near {where}: the gradient is {self.steepness(self.place):.3g}, "
                               "and f goes on changing, ever more slowly")  # fmt: skip

    def concluded_at_rest(self) -> Ending | None:
        """What is to be said where no step brings f down: Newton's steps may still bring the gradient down."""
        self._comes_to(polished(self.objective, self.place, self.bounds))
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


def at_limit(walk: DescentState) -> Ending:
    """The ending at the step limit."""
    return Ending("step-limit", f"still descending after {walk.taken} steps: the gradient is "
                  f"{walk.steepness(walk.best):.3g}, above {walk.target:.3g}")  # fmt: skip


def interrupted(walk: DescentState) -> Ending:
    """The ending of a descent that was stopped from outside."""
    return Ending("interrupted", f"stopped after {walk.taken} steps, at the best point so far")
