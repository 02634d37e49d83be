"""A place where f may have no derivative → what is there: a corner, a cusp, a vertical tangent, a jump, an end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gradcli.calculus.balls.ball_numbers import ball, exact
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure, undecided
from gradcli.calculus.corners.one_sided_slopes import (
    ENOUGH,
    Side,
    agree,
    one_sided_slope,
    probe_distance,
    run_near,
)
from gradcli.calculus.critical.one_variable.breakpoints import Breakpoint
from gradcli.calculus.linear_algebra.second_derivative_test import typed
from gradcli.calculus.program.program import Program

#: A slope smaller than that is 0 to every digit that both sides agree to.
_FLAT = 1e-18


class Local(NamedTuple):
    """f's value at a place, and what is there; kind: None where f has a derivative that is not 0, or no value."""

    value: float | None
    kind: str | None


def nonsmooth_point_at(
    program: Program, name: str, fixed: Mapping[str, str], place: Breakpoint
) -> Local | str:
    """What is at *place*, or a sentence where that is not decided."""
    here = place.ball if place.word is None else typed(place.word)
    point = {**fixed, name: here}
    value = run_to_bits(program, [point[n] for n in program.variables], [program.value], 64)[program.value]
    if isinstance(value, Failure):
        if undecided(value):
            return f"not decided: what is at {name} = {float(ball(place.ball).mid()):.10g}"
        return Local(None, None)
    left, right = (one_sided_slope(program, point, name, direction, ENOUGH, False) for direction in (-1, 1))
    nothing = place.word is None and not exact(value) and value.contains(0) and abs(value) < 1e-40
    number = 0.0 if nothing else nearest_double(value)
    if agree(left, right):
        flat = abs((left.slope + right.slope) / 2) < _FLAT
        return Local(number, "degenerate" if flat else None)
    return Local(number, _kind(program, point, name, left, right))


def _kind(program: Program, point: Mapping[str, Any], name: str, left: Side, right: Side) -> str:
    if left.missing and right.missing:
        return "isolated point"
    if left.missing or right.missing:
        return "end of the domain"
    if left.jump or right.jump:
        return "jump"
    if left.infinite and right.infinite:
        return (
            "vertical tangent"
            if _steep(program, point, name, -1) == _steep(program, point, name, 1)
            else "cusp"
        )
    if any(side.slope is None and not side.infinite for side in (left, right)):
        return "no derivative"
    return "corner"


def _steep(program: Program, point: Mapping[str, Any], name: str, direction: int) -> int:
    """The sign of the infinite slope on one side."""
    reach, digits = probe_distance(ENOUGH)
    near, nearer = (
        run_near(program, point, {name: direction}, away, digits, [program.value])[program.value]
        for away in (reach // 2, reach)
    )
    rising = (near - nearer) * direction
    return 1 if rising > 0 else -1
