"""The lowest value that is known to be taken where the constraints hold, and the Lagrangians that its multipliers make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.centred_forms import is_definite
from gradcli.descent.constrained.constrained_descent import ConstrainedDescent
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.descent.constrained.problems.simple_bounds import interval_constraints
from gradcli.descent.proofs.boxes import Domain
from gradcli.descent.proofs.constraints.constrained_fields import Bounding, ConstrainedFields
from gradcli.descent.proofs.constraints.feasible_points import (
    FeasiblePoint,
    exact_feasible_point,
    feasible_point,
    multipliers_at,
)
from gradcli.descent.proofs.convex_regions import FINE
from gradcli.descent.proofs.upper_bound import scattered
from gradcli.language.errors import GradcliError

#: Multipliers that differ by less than this share are the same.
SAME = 1e-6

#: Steps of a descent, descents of a search at most, Lagrangians that are kept, and the weights of squares that are tried.
STEPS, DESCENTS, KEPT, WEIGHTS = 60, 60, 4, (0.0, 1.0, 10.0, 100.0, 1e3, 1e4)


class LeastKnown:
    """value: no more than this is the least value; best: where. boundings: Lagrangians, the newest last."""

    def __init__(self, fields: ConstrainedFields, domain: Domain) -> None:
        self.fields, self.domain = fields, domain
        self.value: Any = arb("inf")
        self.highest: Any = -arb("inf")
        self.best: FeasiblePoint | None = None
        self.boundings: list[Bounding] = []
        self._multipliers: list[list[float]] = []
        self.descents = 0
        held = {name: float(x) for name, x in fields.question.held.items()}
        ends = {name: (float(a), float(b)) for name, (a, b) in fields.question.ends.items()}
        links = [*fields.links, *interval_constraints(ends)]
        start = {**held, **{name: (a + b) / 2 for name, (a, b) in ends.items()}}
        self.problem = ConstrainedProblem(
            [fields.text], links, start, list(fields.names), ascend=fields.question.ascend
        )
        self.exactly = ConstrainedInBalls(self.problem)

    def begin(self) -> None:
        """Descents from points that fill the domain evenly."""
        for point in scattered(self.domain, 4 + 2 * len(self.domain.box)):
            self.descend(point)

    def descend(self, point: Sequence[Any]) -> None:
        """Go down along the constraints from a point of the domain."""
        if self.descents >= DESCENTS:
            return
        self.descents += 1
        known = dict(zip(self.fields.names, (float(a.mid()) for a in point), strict=True))
        place = self.problem.look([known[name] for name in self.problem.names])
        if place is None:
            return
        try:
            judged = ConstrainedDescent(self.problem, place, STEPS, None).run()
        except (GradcliError, OverflowError):
            return
        if judged.evidence.violation > 1e-6 * (1 + max(map(abs, judged.x), default=0.0)):
            return
        x = dict(zip(self.problem.names, judged.x, strict=True))
        end = [x[name] for name in self.fields.names]
        self.offer(exact_feasible_point(self.fields, self.exactly, self.domain, end))
        self.offer(feasible_point(self.fields, self.domain, end))

    def offer(self, found: FeasiblePoint | None, *, bounding: bool = True) -> None:
        """A place where the constraints hold."""
        if found is None:
            return
        self.highest = self.highest.max(found.value.upper())
        near = (abs(found.value).max(arb(1)) * arb(2) ** -40).upper()
        if found.value.lower() > self.value + near:
            return
        lower = bool(found.value.upper() < self.value)
        if lower:
            self.value, self.best = found.value.upper(), found
        if bounding:
            self._bound(found)

    def _bound(self, found: FeasiblePoint) -> None:
        """The Lagrangian of a place, where none has nearly its multipliers."""
        with working_bits(FINE):
            multipliers = multipliers_at(self.fields, self.domain, found).numbers
            for known in self._multipliers:
                if all(abs(a - b) <= SAME * (1 + abs(a)) for a, b in zip(known, multipliers, strict=True)):
                    return
            chosen = self._convex(found, multipliers)
        if len(self.boundings) >= KEPT:
            del self.boundings[-1], self._multipliers[-1]
        self.boundings.append(chosen)
        self._multipliers.append(multipliers)

    def _convex(self, found: FeasiblePoint, multipliers: Sequence[float]) -> Bounding:
        """The Lagrangian with the least squares that make it convex at a place; without any where none do."""
        ends = zip(found.place, self.domain.box, strict=True)
        free = [i for i, (a, one) in enumerate(ends) if a is not one.low and a is not one.high]
        alone = self.fields.bounding(multipliers, [0.0] * len(multipliers))
        for weight in WEIGHTS:
            one = alone if not weight else self.fields.bounding(multipliers, [weight] * len(multipliers))
            seconds = one.field.look(found.place, FINE).seconds()
            if seconds is None:
                break
            if is_definite([[seconds[i][j] for j in free] for i in free]):
                return one
        return alone
