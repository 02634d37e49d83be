"""A point of the domain → a local minimum nearby: Newton's steps, kept in the domain, with matrices made definite.

In balls' midpoints, so that every machine goes the same way. What is found is only a good point: its value is then
enclosed, and proves how large the least value can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb, arb_mat

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BoxProgram, Look
from gradcli.calculus.enclosures.centred_forms import is_definite
from gradcli.descent.proofs.boxes import Domain

_STEPS, _POLISH, _SHRINKS = 60, 6, 45

#: A step below this share of the domain ends the search.
_TINY = arb(2) ** -45

Point = list[Any]


def descend(field: BoxProgram, domain: Domain, start: Sequence[Any], bits: int) -> Point:
    """A point of the domain from which f hardly falls; *start* where nothing better is found."""
    x, damping = list(start), arb(0)
    here = field.look(x, bits)
    for _ in range(_STEPS):
        step = _step(field, domain, here, x, damping)
        if step is None:
            return _compass(field, domain, x, bits) if here.slopes is None or here.kink else x
        there = field.look(step.point, bits)
        if there.value.is_finite() and there.value.mid() < here.value.mid():
            x, here, damping = step.point, there, (step.damping / 8).mid()
        else:
            damping = (step.damping * 8 + arb(2) ** -20).mid()
        if step.size < _TINY:
            break
    return x


def polished(field: BoxProgram, domain: Domain, x: Sequence[Any], bits: int) -> Point:
    """The same point to so many bits: Newton's steps along what is free."""
    x = list(x)
    for _ in range(_POLISH):
        with working_bits(bits):
            step = _step(field, domain, field.look(x, bits), x, arb(0))
        if step is None or step.damping != 0:
            return x
        x = step.point
        if step.size < arb(2) ** (8 - bits):
            break
    return x


def pressed(domain: Domain, x: Sequence[Any], slopes: Sequence[Any]) -> list[bool]:
    """Which variables stand at an end of the domain that f falls towards, or do not move."""
    return [
        one.fixed or whole or (a is one.low and g > 0) or (a is one.high and g < 0)
        for a, g, one, whole in zip(x, slopes, domain.box, domain.whole, strict=True)
    ]


class Step(NamedTuple):
    """The next point, the damping that made the matrix definite, and the longest side of the step, in shares."""

    point: Point
    damping: Any
    size: Any


def _step(field: BoxProgram, domain: Domain, here: Look, x: Point, damping: Any) -> Step | None:
    """Newton's step along what is free; None where there is none."""
    slopes = here.slopes
    if slopes is None or (seconds := here.seconds()) is None:
        return None
    held = pressed(domain, x, slopes)
    free = [i for i, stays in enumerate(held) if not stays]
    if not free:
        return None
    width = [domain.width(i) for i in free]
    matrix = [[(seconds[i][j] * a * b).mid() for j, b in zip(free, width, strict=True)]
              for i, a in zip(free, width, strict=True)]  # fmt: skip
    slope = [(-slopes[i] * a).mid() for i, a in zip(free, width, strict=True)]
    scale = max(abs(entry) for row in matrix for entry in row)
    if scale == 0:
        scale = max(abs(entry) for entry in slope)
    if scale == 0:
        return None
    for _ in range(_SHRINKS):
        damped = [[entry + (damping * scale if i == j else 0) for j, entry in enumerate(row)]
                  for i, row in enumerate(matrix)]  # fmt: skip
        if is_definite(damped) and (moves := _solved(damped, slope)):
            return Step(_moved(domain, x, free, moves), damping, max(abs(move) for move in moves))
        damping = damping * 4 + arb(2) ** -10
    return None


def _solved(matrix: Sequence[Sequence[Any]], right: Sequence[Any]) -> list[Any]:
    """The solution's middle; nothing where the matrix may have none."""
    try:
        found = arb_mat([list(row) for row in matrix]).solve(arb_mat([[entry] for entry in right])).entries()
    except ZeroDivisionError:
        return []
    return [x.mid() for x in found]


def _moved(domain: Domain, x: Point, free: Sequence[int], moves: Sequence[Any]) -> Point:
    found = list(x)
    for i, move in zip(free, moves, strict=True):
        found[i] = kept(domain, i, (x[i] + move * domain.width(i)).mid())
    return found


def kept(domain: Domain, i: int, a: Any) -> Any:
    """A number in the domain's side: itself, or the end it is beyond."""
    low, high, _ = domain.box[i]
    return low if not a > low else high if not a < high else a


def _compass(field: BoxProgram, domain: Domain, x: Point, bits: int) -> Point:
    """To and fro along each variable, with steps that shrink: for an f without slopes."""
    x, best = list(x), field.look(x, bits).value
    share = arb(2) ** -3
    for _ in range(_SHRINKS):
        better = True
        for _ in range(20):
            if not better:
                break
            better = False
            for i, one in enumerate(domain.box):
                for way in (1, -1) if not (one.fixed or domain.whole[i]) else ():
                    moved = list(x)
                    moved[i] = kept(domain, i, (x[i] + way * share * domain.width(i)).mid())
                    value = field.look(moved, bits).value
                    if value.is_finite() and not value.mid() >= best.mid():
                        x, best, better = moved, value, True
        share = share / 2
    return x
