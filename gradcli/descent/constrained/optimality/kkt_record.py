"""What a point under constraints was found to be, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.descent.constrained.optimality.feasible_arcs import Arc
from gradcli.descent.objective.objective_in_balls import Point
from gradcli.language.records import NamedTuple


class KktFinding(NamedTuple):
    """What a point is, with the evidence.

    kind: minimum, level (a minimum along whose way f does not change), maximum, saddle, flat, violated (a constraint does
    not hold there after all), or rough (something has no second derivatives). multipliers: of h, for all constraints.
    active, weak: which are 0, and which of those have no multiplier. dependent: active ones whose slopes follow from the
    others'. eigenvalues: of the Lagrangian along what strong constraints leave. way, arc: along which f falls. how: what
    shows it where that form does not: convex or power. order: of the power. weights, slopes: the multipliers and f's slopes as
    rationals or balls.
    """

    kind: str
    x: Point
    residual: float
    multipliers: Sequence[float] = ()
    active: tuple[int, ...] = ()
    weak: tuple[int, ...] = ()
    dependent: tuple[int, ...] = ()
    eigenvalues: tuple[float, ...] = ()
    way: list[float] | None = None
    arc: Arc | None = None
    how: str = ""
    order: int | None = None
    value: Any = None
    weights: Sequence[Any] = ()
    convex: bool = False
    slopes: Sequence[Any] = ()
