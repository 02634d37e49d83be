"""A place of a curve at which it does something that a line through samples would hide."""

from __future__ import annotations

from typing import NamedTuple


class Feature(NamedTuple):
    """A place of a curve.

    kind: `minimum`, `maximum`, `corner`, `cusp` (infinite slope), `jump`, `pole`, `hole`, `edge` (the domain ends), `gap`
    (f tends to nothing there), `steep` (what is there is not shown).
    value: f there, or nan. left, right: what f tends to on the sides, nan where it is infinite or not there.
    steep: whether f or its slope grows without end on a side.
    """

    kind: str
    x: float
    value: float
    left: float
    right: float
    steep: bool = False


#: Features at which a curve must not be drawn through.
BREAKS = ("jump", "pole", "hole", "edge", "gap")
