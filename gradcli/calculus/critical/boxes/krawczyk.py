"""Krawczyk's test: a box and the Hessian on it → no zero of the gradient, exactly one, or a smaller box.

R. Krawczyk (1969); R. E. Moore, Methods and Applications of Interval Analysis (1979), chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, arb_mat

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.critical.boxes.gradient_enclosure import Field, enclosed_on

#: Newton's steps from the middle of a box.
_STEPS = 14


def image(field: Field, box: Sequence[Any], hessian: Sequence[Sequence[Any]], bits: int) -> list[Any] | None:
    """m - Y·F(m) + (1 - Y·H)·(box - m): holds every zero in the box; None where H's middle has no inverse.

    Where it lies inside of the box, there is exactly one, and the Hessian is regular on all of the box.
    """
    middle = [x.mid() for x in box]
    slots = field.slots(middle, bits)
    slopes = [slots[slot] for slot in field.matrix.values]
    if field.partial or any(isinstance(x, Failure) for x in slopes):
        return None
    with working_bits(bits):
        size = range(len(box))
        matrix = arb_mat([list(row) for row in hessian])
        try:
            inverse = arb_mat([[x.mid() for x in row] for row in hessian]).inv()
        except (ZeroDivisionError, ValueError):
            return None
        inverse = arb_mat([[x.mid() for x in row] for row in inverse.tolist()])
        one = arb_mat([[arb(int(i == j)) for j in size] for i in size])
        step = inverse * arb_mat([[ball(x)] for x in slopes])
        spread = (one - inverse * matrix) * arb_mat([[x - m] for x, m in zip(box, middle, strict=True)])
        found = [middle[i] - step[i, 0] + spread[i, 0] for i in size]
    return found if all(x.is_finite() for x in found) else None


def inside(inner: Sequence[Any], outer: Sequence[Any]) -> bool:
    """Whether a box lies in the interior of another."""
    return all(b.contains_interior(a) for a, b in zip(inner, outer, strict=True))


def common(a: Sequence[Any], b: Sequence[Any]) -> list[Any] | None:
    """What two boxes have in common; None for nothing."""
    if not all(x.overlaps(y) for x, y in zip(a, b, strict=True)):
        return None
    return [x.intersection(y) for x, y in zip(a, b, strict=True)]


def refined(field: Field, box: Sequence[Any], bits: int, region: Sequence[Any] | None = None) -> list[Any]:
    """The zero in a box that holds exactly one, to about so many bits: Newton's steps, then the test around their end.

    region: a larger box that holds no other zero either; a side of *box* may be one number, next to which nothing is in it.
    """
    working = bits + 40
    x = [side.mid() for side in box]
    for _ in range(_STEPS):
        moves = _newton(field, x, working)
        if moves is None:
            break
        with working_bits(working):
            x = [(a - move).mid() for a, move in zip(x, moves, strict=True)]
        if all(
            abs(move) < (1 + abs(a)) * arb(2) ** (-bits // 2 - 10) for a, move in zip(x, moves, strict=True)
        ):
            break
    with working_bits(working):
        tiny = [a + (1 + abs(a)) * arb(0, arb(2) ** (8 - bits)) for a in x]
    known = enclosed_on(field, tiny, working)
    found = image(field, tiny, known.hessian, working) if known.hessian is not None else None
    settled = found is not None and inside(found, tiny) and inside(tiny, region or box)
    return found if settled and found is not None else list(box)


def _newton(field: Field, x: Sequence[Any], bits: int) -> list[Any] | None:
    """Newton's step at a point, None where the Hessian has no inverse there."""
    matrix = field.matrix
    slots = field.slots(x, bits)
    entries = [[arb(0) if slot is None else slots[slot] for slot in row] for row in matrix.slots]
    slopes = [slots[slot] for slot in matrix.values]
    if any(isinstance(y, Failure) for row in (slopes, *entries) for y in row):
        return None
    with working_bits(bits):
        try:
            steps = arb_mat([[ball(y).mid() for y in row] for row in entries]).solve(
                arb_mat([[ball(y).mid()] for y in slopes])
            )
        except (ZeroDivisionError, ValueError):
            return None
        return list(steps.entries())
