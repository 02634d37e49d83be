"""KKT points that second derivatives leave open: what the Lagrangian within bounds shows."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.descent.constrained.optimality.feasible_arcs import arc_along
from gradcli.descent.constrained.optimality.kkt_polish import KktPoint
from gradcli.descent.constrained.optimality.kkt_record import KktFinding
from gradcli.descent.constrained.optimality.lagrangian_objective import by_lagrangian
from gradcli.descent.constrained.problems.constrained_balls import ConstrainedInBalls
from gradcli.descent.objective.objective_in_balls import BITS


def by_what_else(
    exactly: ConstrainedInBalls, point: KktPoint, found: KktFinding, spans: Sequence[float]
) -> KktFinding:
    """The finding with what the Lagrangian shows, where it shows something."""
    shown = by_lagrangian(exactly, point, spans)
    if shown is None:
        return found
    told, itself = shown
    if told.kind in ("minimum", "level"):
        return found._replace(
            kind=told.kind, way=told.way if told.kind == "level" else None, how="lagrangian"
        )
    if itself and told.kind in ("saddle", "maximum") and told.way:
        kept = [i for i in found.active if exactly.problem.equal[i]]
        with working_bits(BITS):
            arc = arc_along(exactly, found.x, found.value, told.way, kept, max(spans, default=1.0))
        if arc is not None and arc.falls:
            return found._replace(kind="saddle", way=told.way, arc=arc)
    return found
