"""Where a descent under constraints ended, and what is said of it."""

from __future__ import annotations

from gradcli.descent.objective.vectors import Vector
from gradcli.descent.verdicts.outcome import Constrained, Ending
from gradcli.language.records import NamedTuple


class Judged(NamedTuple):
    """Where a descent ended and what is said of it: the point, f there, its slopes, the ending and its evidence."""

    x: Vector
    f: float
    g: Vector
    ending: Ending
    evidence: Constrained
