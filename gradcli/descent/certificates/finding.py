"""What a stationary point was found to be, with the evidence."""

from __future__ import annotations

from typing import Any

from gradcli.language.records import NamedTuple


class Finding(NamedTuple):
    """What a point is, with the evidence.

    kind: minimum, level (a minimum along whose curves f does not change), saddle, maximum, flat (f does not change here,
    but is lower elsewhere), open (not decided), or rough (no second derivatives here). x: its coordinates, exactly.
    held: the variables that press against bounds; weak: those at a bound without a slope. way: along which f falls, or
    does not change. order: of the lowest power that tells. matrix: the Hessian. how: what shows it where the Hessian does not.
    balls: the Hessian in balls, or rationals, where floats may not have it.
    """

    kind: str
    x: list[Any]
    held: tuple[bool, ...] = ()
    weak: tuple[int, ...] = ()
    way: list[float] | None = None
    order: int | None = None
    matrix: list[list[float]] | None = None
    how: str = ""
    balls: list[list[Any]] | None = None
