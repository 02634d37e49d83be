"""A start and constraints → how the descent ended: steps, what the point is, saddles left, and what there is to do else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from gradcli.descent.constrained.constrained_sentences import ending_of, texts
from gradcli.descent.constrained.judged import Judged
from gradcli.descent.constrained.kkt_search import kkt_finding
from gradcli.descent.constrained.methods.elastic_sqp import ElasticSqp
from gradcli.descent.constrained.optimality.least_violation import violation_of
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem, Place
from gradcli.descent.constrained.problems.constrained_states import states_of
from gradcli.descent.constrained.problems.nearby_starts import around, region, spread
from gradcli.descent.objective.vectors import norm
from gradcli.descent.verdicts.outcome import Constrained, Ending, listed

if TYPE_CHECKING:
    from gradcli.descent.constrained.optimality.kkt_record import KktFinding
    from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls

#: Saddles that are left, searches that are begun anew, and what scaled constraints may be missed by where they hold.
ESCAPES, SEARCHES, HOLDS = 10, 6, 1e-6

#: Where a search that misses constraints is so many times as far out as it began, it says nothing about them.
FAR = 1e6

#: Digits that floats have.
FLOATS = 17

#: Steps of one search, which goes on elsewhere then.
LONGEST = 500

Told = Callable[[int, Place], None]


class ConstrainedDescent:
    """One descent under constraints."""

    def __init__(
        self, problem: ConstrainedProblem, start: Place, most: int, told: Told | None, digits: int = 0,
        tol: float | None = None,
    ) -> None:  # fmt: skip
        self.problem, self.start, self.most, self.told, self.digits = problem, start, most, told, digits
        self.taken, self.tol = 0, tol
        self.open: Judged | None = None
        self.scales: Sequence[float] = [1.0] * len(start.h)
        self._last, self._before = start, 0
        self._ends: list[Place] = []
        self._begun: tuple[ElasticSqp, Judged | None] | None = None

    @property
    def ends(self) -> list[dict[str, float]]:
        """Where searches ended, the best first: those that keep the constraints, by f."""
        return [self.problem.at(place.x) for place in sorted(self._ends, key=self._order)]

    @cached_property
    def exactly(self) -> ConstrainedInBalls:
        """The problem in balls."""
        from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls

        return ConstrainedInBalls(self.problem)

    def first(self) -> Judged | None:
        """What is said of where the first search ended; None where there is more to try, and `run` goes on from there."""
        search = self._searched(self.start)
        self._begun = search, self._judged_or_left(search)
        return self._begun[1]

    def run(self) -> Judged:
        """Search, judge, leave what is no minimum, and begin anew where nothing was found."""
        waiting: list[Place] = [self.start]
        missed: Judged | None = None
        for count in range(SEARCHES):
            if not waiting or (count and self.taken >= self.most):
                break
            place = waiting.pop(0)
            if not count and self._begun is not None:
                search, found = self._begun
            else:
                search = self._searched(place)
                found = self._judged_or_left(search)
            if found is not None:
                return found
            end = search.raw
            if norm(end.x) > FAR * (1 + norm(self.start.x)):  # f drew it away from all that could be met
                end = self.start
            if search.missed > HOLDS * (1 + norm(end.x)):
                nearest, infeasible = self._nearest(end)
                if infeasible is not None and infeasible.evidence.proved:
                    return infeasible
                missed = missed or infeasible
                waiting = [nearest, *waiting] if nearest is not None else waiting
            if not count:
                waiting += self._augmented(search) + around(self.problem, self.start, search.raw)
        if any(map(self._holds, (self.start, *self._ends))):
            missed = None  # there is a point that keeps them
        found = self._elsewhere() if missed is not None else None
        if found is not None:
            return found
        last = self._contradiction() or self._dependent() or self._unbalanced() or self._below_saddle()
        last = last or self.open or missed
        return last or self._endless(self._last, self.start.x) or self.unfinished()

    def _elsewhere(self) -> Judged | None:
        """What is said of where a search ended that was begun at a point far from the start that keeps the constraints."""
        for place in spread(self.problem, self.start):
            nearest, _ = self._nearest(place)
            found = None if nearest is None else self._judged_or_left(self._searched(nearest))
            if found is not None:
                return found
        return None

    def _below_saddle(self) -> Judged | None:
        """The ending where f falls without end from where a search ended that left a saddle or a maximum."""
        if self.open is None or self.open.ending.status not in ("saddle", "maximum"):
            return None
        place = min(self._ends, key=self._order)
        return None if self._order(place)[0] or place.f >= self.open.f else self._endless(place, self.start.x)

    def _order(self, place: Place) -> tuple[bool, float]:
        """The key by which places are the better: those that keep the constraints, by f."""
        missed = violation_of(place.h, self.problem.equal)
        kept = missed <= HOLDS * 1e3 * (1 + norm(place.x))
        return not kept, place.f if kept else missed

    def _holds(self, place: Place) -> bool:
        return violation_of(place.h, self.problem.equal) == 0

    def _augmented(self, search: ElasticSqp) -> list[Place]:
        """Where the augmented Lagrangian leads from the start."""
        from gradcli.descent.constrained.methods.augmented_lagrangian import AugmentedLagrangian

        self._before, left = self.taken, self.most - self.taken
        phase = AugmentedLagrangian(self.problem, self.start, search.scales, left, self._tell)
        place = phase.run()
        self.taken += phase.taken
        return [] if place is None else [place]

    def _contradiction(self) -> Judged | None:
        """What is said where the equations have no common solution."""
        from gradcli.descent.constrained.violation_search import contradiction

        return contradiction(self.problem, self._last)

    def _nearest(self, place: Place) -> tuple[Place | None, Judged | None]:
        """The nearest place where constraints hold, or what is said where there is none."""
        from gradcli.descent.constrained.violation_search import nearest_feasible

        return nearest_feasible(self.problem, place, self.most)

    def _dependent(self) -> Judged | None:
        """The minimum next to where the last search ended that one of several multipliers shows."""
        from gradcli.descent.constrained.optimality.dependent_slopes import dependent_minimum

        found = dependent_minimum(self.exactly, self._last, self._spans(self._last))
        return None if found is None else self._told_of(found)

    def _unbalanced(self) -> Judged | None:
        """What is said where constraints hold and no multipliers balance f's slopes."""
        from gradcli.descent.constrained.unbalanced_points import unbalanced

        return unbalanced(self.exactly, self._last, self._spans(self._last), self.scales)

    def _searched(self, place: Place) -> ElasticSqp:
        self._before = self.taken
        most = min(LONGEST, max(self.most - self.taken, 0))
        search = ElasticSqp(self.problem, place, most, self._tell, self.tol)
        return self._went(search)

    def _went(self, search: ElasticSqp) -> ElasticSqp:
        """The search after its steps."""
        search.run()
        self.taken = self._before + search.taken
        self.scales, self._last = search.scales, search.raw
        self._ends.append(search.raw)
        return search

    def _tell(self, taken: int, place: Place) -> None:
        if self.told is not None:
            self.told(self._before + taken, place)

    def _spans(self, place: Place) -> list[float]:
        return region(self.start.x, place.x)

    def _judged_or_left(self, search: ElasticSqp) -> Judged | None:
        """What is said of where a search ended, saddles left on the way; None where there is more to try."""
        for _ in range(ESCAPES):
            place = search.raw
            if search.ended == "deep":
                return self._endless(place, search.seen.x)
            found = None
            if search.missed <= HOLDS * 1e3 * (1 + norm(place.x)):
                found = kkt_finding(self.exactly, place, self._spans(place), search.scales)
            if found is None and search.closer():
                self._went(search)
                continue
            if found is None:
                return self._endless(place, search.seen.x) if search.ended in ("close", "limit") else None
            if found.kind in ("minimum", "level"):
                return self._told_of(found)
            self.open = self._told_of(found)
            lower = self._lower(found)
            if lower is None:
                return self._endless(place, search.seen.x) if found.kind == "flat" else None
            search = self._searched(lower)
        return None

    def _lower(self, found: KktFinding) -> Place | None:
        """A place of an arc along which f falls."""
        from gradcli.descent.objective.objective_in_balls import floats, less

        if found.arc is None or not found.arc.falls:
            return None
        for point, value in zip(found.arc.points, found.arc.values, strict=True):
            place = self.problem.look(floats(point)) if less(value, found.value) else None
            if place is not None:
                return place
        return None

    def _endless(self, place: Place, earlier: Sequence[float]) -> Judged | None:
        """The ending where f falls without end, along the way so far or against its slopes."""
        from gradcli.descent.constrained.unattained.endless_ways import endless

        found = endless(self.exactly, self.start.x, place, earlier)
        if found is None:
            return None
        ending, points = found
        violation = violation_of(place.h, self.problem.equal)
        states = states_of(self.problem, place.h, [], None)
        return Judged(place.x, place.f, place.g, ending, Constrained(states, violation, arc=tuple(points)))

    def _told_of(self, found: KktFinding) -> Judged:
        """What is said of a KKT point, at the doubles next to it."""
        from gradcli.descent.constrained.kkt_evidence import evidence_of
        from gradcli.descent.objective.objective_in_balls import floats

        x = floats(found.x)
        evidence, f, g = evidence_of(self.exactly, found)
        ending = ending_of(self.problem, found, x)
        if self.digits > FLOATS:
            from gradcli.descent.constrained.kkt_evidence import decimals_of

            evidence = evidence._replace(decimals=decimals_of(self.exactly, found, self.digits))
        strict = [i for i in found.active if self.problem.constraints[i].strict]
        if strict and found.kind in ("minimum", "level"):
            return self._excluded(found, strict, Judged(x, f, g, ending, evidence))
        return Judged(x, f, g, ending, evidence)

    def _excluded(self, found: KktFinding, strict: Sequence[int], told: Judged) -> Judged:
        """What is said at a border that does not belong to the set: that it is one, or that nothing keeps all constraints."""
        from gradcli.descent.constrained.unattained.excluded_borders import contradiction_at, has_inside

        problem, ending = self.problem, told.ending
        what = f"the bound itself is excluded by {texts(problem, strict)}"
        inside = has_inside(self.exactly, found)
        conflict = () if inside else contradiction_at(self.exactly, found)
        if conflict:
            message = f"{texts(problem, conflict)} contradict each other, proved: a sum of them, times numbers above 0, "
            message += "is nowhere below 0, and would be where they hold"
            states = tuple(
                one._replace(multiplier=None, kkt_multiplier=None, wrt_constant=None)
                for one in told.evidence.constraints
            )
            evidence = Constrained(states, 0.0, proved=True, conflict=conflict)
            return told._replace(ending=Ending("infeasible", message), evidence=evidence)
        value, best = f"{problem.sign * told.f:.10g}", "infimum" if problem.sign > 0 else "supremum"
        reached = f"beside it f comes as near to {value} as you like, and does not take it there"
        if not inside:
            reached = "no point beside it was found that keeps all constraints"
        elif found.convex:
            reached = f"{value} is the {best}, and is not attained"
        message = f"{what}: {reached}; {ending.message}"
        return told._replace(ending=ending._replace(status="excluded", message=message))

    def unfinished(self) -> Judged:
        """The ending where nothing is shown."""
        place = self._last
        where = listed(dict(zip(self.problem.names, place.x, strict=True)))
        violation = violation_of(place.h, self.problem.equal)
        status = "step-limit" if self.taken >= self.most else "stalled"
        what = (
            f"still descending after {self.taken} steps"
            if status == "step-limit"
            else "no further progress in floating point"
        )
        message = (
            f"{what}, at {where}: the constraints are missed by {violation:.3g}, and no multipliers are found"
        )
        states = states_of(self.problem, place.h, [], None)
        return Judged(place.x, place.f, place.g, Ending(status, message), Constrained(states, violation))
