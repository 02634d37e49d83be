"""Hessian's table and a box → the zeros of the gradient in it that Newton's method finds, in many digits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, arb_mat

from gradcli.calculus import floats
from gradcli.calculus.backends.ball_numbers import ball
from gradcli.calculus.backends.decimals import decimal_text
from gradcli.calculus.beside import looked_at
from gradcli.calculus.classify import DIGITS, Critical, classified, eigenvalues_of
from gradcli.calculus.eigen import definiteness
from gradcli.calculus.matrix import Matrix
from gradcli.calculus.newton import Field, Square, Vector, zeros_in
from gradcli.calculus.tabulate import Numbers
from gradcli.language.errors import DomainProblem

#: What is not certain beside the largest eigenvalue, where a point was only found as a number.
_UNCLEAR = 1e-3

#: Newton steps in many digits, and what is left of the gradient after them where they are quick.
STEPS, _SETTLED = 7, 1e-25

#: More degenerate points than this are not points but a region.
MOST_DEGENERATE = 10


def searched(
    matrix: Matrix,
    names: Sequence[str],
    others: Mapping[str, str],
    box: Mapping[str, tuple[float, float]],
    known: Sequence[Critical],
) -> list[Critical]:
    """The points that Newton's method finds in the box and that are not known yet."""
    field = _field(matrix, names, others)
    found = []
    for x in zeros_in([box[name] for name in names], field):
        at = dict(zip(names, x, strict=True))
        if any(all(abs(p.at[n] - a) <= 1e-4 * (1 + abs(a)) for n, a in at.items()) for p in known):
            continue
        point = _polished(matrix, at, others)
        if point is not None:
            found.append(point)
    return found


def _field(matrix: Matrix, names: Sequence[str], others: Mapping[str, str]) -> Field:
    """Gradient and Hessian as a function of the variables *names*, in floats."""
    held = {name: float(text) for name, text in others.items()}

    def field(x: Vector) -> tuple[Vector, Square] | None:
        place = {**held, **dict(zip(names, x, strict=True))}
        try:
            slots = floats.run(matrix.program, [place[name] for name in matrix.program.variables])
        except (ValueError, ArithmeticError):
            return None
        gradient = [slots[i] for i in matrix.values]
        hessian = [[0.0 if i is None else slots[i] for i in row] for row in matrix.slots]
        finite = all(math.isfinite(y) for row in (gradient, *hessian) for y in row)
        return (gradient, hessian) if finite else None

    return field


def _polished(matrix: Matrix, at: Mapping[str, float], others: Mapping[str, str]) -> Critical | None:
    """The point after Newton steps in more digits, None where f has no gradient there after all.

    A zero that Newton's method does not come quickly nearer to is degenerate: its eigenvalues are not what is seen.
    """
    x = {name: arb(number) for name, number in at.items()}
    for step in range(STEPS):
        decimals = {name: decimal_text(value, DIGITS - 5) for name, value in x.items()}
        try:
            numbers = looked_at(matrix, {**others, **decimals}, DIGITS)
        except DomainProblem:
            return None
        if any(y is None for row in (numbers.values, *numbers.entries) for y in row):
            return None
        moves = _newton_step(numbers) if step + 1 < STEPS else None
        if moves is None:
            break
        x = {name: value + move for (name, value), move in zip(x.items(), moves, strict=True)}
    point = classified(decimals, None, numbers, eigenvalues_of(numbers))
    size = max(1.0, *map(abs, point.eigenvalues))
    settled = point.residual <= _SETTLED * size and point.kind != "degenerate"
    clear = definiteness(point.eigenvalues, _UNCLEAR) == "indefinite"
    near = max(abs(point.at[n] - a) for n, a in at.items()) <= 1e-2 * (1 + max(map(abs, at.values())))
    if settled and near:
        return point
    return classified({n: repr(a) for n, a in at.items()}, None, numbers, point.eigenvalues)._replace(
        kind="saddle" if clear else "degenerate"
    )


def _newton_step(numbers: Numbers) -> Any:
    """The step to where the linear model's gradient vanishes, None where the Hessian is singular."""
    hessian = arb_mat([[ball(x).mid() for x in row] for row in numbers.entries])
    try:
        moves = hessian.solve(arb_mat([[-ball(y).mid()] for y in numbers.values]))
    except (ZeroDivisionError, ValueError):
        return None
    return [x.mid() for x in moves.entries()]
