"""What is said of a corner, a jump, an edge or an infinite slope: what is on both sides of the point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.domain_errors import where
from gradcli.calculus.corners.one_sided_slopes import Side
from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.program import Program


def corner_note(
    program: Program, point: Mapping[str, Any], name: str, failure: Failure, left: Side, right: Side
) -> Note:
    """The note of a partial that failed, for what its two sides are: corner, jump, edge or infinite."""
    sides = _sides(left, right)
    place = where(program, point, failure.instruction) or f" at {name} = {point[name]}"
    if place.count(" = ") > 1:
        sides = f"along {name}, {sides}"
    if left.infinite or right.infinite:
        kind, what = "infinite", "has an infinite slope"
    elif left.jump or right.jump:
        kind, what = "jump", "jumps"
    elif left.missing or right.missing:
        kind, what = "edge", "ends"
    else:
        kind, what = "corner", "has a corner"
    if program.code[failure.instruction][0] in ("lt_side", "le_side", "eq_side", "ne_side"):
        what = "is a seam"
    numbers = [None if side.slope is None else float(side.slope) for side in (left, right)]
    span = program.spans[failure.instruction]
    return Note(kind, f"{{0}} {what}{place}: {sides}", name, numbers[0], numbers[1], span)


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
