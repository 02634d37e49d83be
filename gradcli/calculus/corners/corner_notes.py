"""What is said of a corner, a jump, an edge or an infinite slope: what is on both sides of the point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.calculus.balls.programs.domain_errors import where
from gradcli.calculus.corners.nonsmooth_part import is_seam, kind_of
from gradcli.calculus.corners.one_sided_slopes import Side
from gradcli.calculus.program.point_answer import WHAT, Note
from gradcli.calculus.program.program import Program


def corner_note(
    program: Program, point: Mapping[str, Any], name: str, part: int, left: Side, right: Side
) -> Note:
    """The note of a partial that failed, for what its two sides are: corner, jump, edge or infinite.

    part: the instruction that has it, whose characters are named.
    """
    sides = _sides(left, right)
    place = where(program, point, part) or f" at {name} = {point[name]}"
    if place.count(" = ") > 1:
        sides = f"along {name}, {sides}"
    kind = kind_of(left, right) or "corner"
    what = "is a seam" if is_seam(program, part) else WHAT[kind]
    numbers = [None if side.slope is None else float(side.slope) for side in (left, right)]
    return Note(kind, f"{{0}} {what}{place}: {sides}", name, numbers[0], numbers[1], program.spans[part])


def _sides(left: Side, right: Side) -> str:
    """`slope -1 on the left, 1 on the right`."""
    if left.slope is not None and right.slope is not None:
        return f"slope {_words(left)} on the left, {_words(right)} on the right"
    return ", ".join(
        f"{'slope ' if side.slope is not None else ''}{_words(side)} on the {where}"
        for side, where in ((left, "left"), (right, "right"))
    )


def _words(side: Side) -> str:
    if side.infinite:
        return "infinite slope"
    if side.jump:
        return "a jump"
    if side.slope is None:
        return "no value" if side.missing else "no one slope"
    return f"{float(side.slope) + 0.0:.10g}"
