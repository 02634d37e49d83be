"""Newton's method on the normal equations in balls, and the certificate of what it ends at.

The certificate is the interval Newton test (Neumaier 1990, Interval Methods for Systems of Equations, chapter 5): where
x̃ - H(X)⁻¹ g(x̃) lies inside of X there is exactly one stationary point in X; where H(X) is positive definite it is the
minimum of the sum of squares in X.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, arb_mat

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.linear_algebra.inertia import inertia_of
from gradcli.fitting.models.ball_problem import BallProblem, BallSquares
from gradcli.language.records import NamedTuple

#: Bits of the first try and of the last one.
BITS, MOST_BITS = 256, 1024

#: Steps at most, and halvings of one.
STEPS, HALVINGS = 60, 40

#: How many bits of the parameters are to be right: 50 digits.
RIGHT_BITS = 168


class Polished(NamedTuple):
    """What is certain of a point.

    x: balls that hold the stationary point where `unique`; else the last point. squares: at it. unique: whether exactly one
    stationary point lies in these balls. definite: whether the Hessian is positive definite in all of them. word: of
    the Hessian's inertia, None where it is not decided. steps: how many were taken.
    """

    x: list[Any]
    squares: BallSquares
    unique: bool
    definite: bool
    word: str | None
    steps: int


def polish(problem: BallProblem, start: Sequence[float]) -> Polished | None:
    """The minimum next to *start*, enclosed; None where a row has no value on the way."""
    try:
        with working_bits(problem.bits):
            x, here, steps = _descended(problem, [arb(one) for one in start])
            return _certified(problem, x, here, steps)
    except (ArithmeticError, ValueError):
        return None


def _middle(x: Sequence[Any]) -> list[Any]:
    return [one.mid() for one in x]


def _descended(problem: BallProblem, x: list[Any]) -> tuple[list[Any], BallSquares, int]:
    """Newton's steps, those of Gauss and Newton where they do not go down, until they no longer change 50 digits."""
    here = problem.squares(x)
    for step in range(STEPS):
        moved = _direction(x, here)
        if moved is None or _is_small(x, moved, RIGHT_BITS):
            return x, here, step
        found = _lower(problem, x, here, moved)
        if found is None:
            return x, here, step
        x, here = found
    return x, here, STEPS


def _direction(x: Sequence[Any], here: BallSquares) -> list[Any] | None:
    """Newton's step where it goes down or is too short to tell, else that of Gauss and Newton."""
    newton = None if here.hessian is None else solved(here.hessian, here.gradient)
    if newton is not None and (_is_small(x, newton, RIGHT_BITS) or _is_downhill(here, newton)):
        return newton
    return solved(here.normal, here.gradient)


def solved(matrix: Any, right: Sequence[Any]) -> list[Any] | None:
    """The solution of a symmetric system with its rows and columns scaled; None where it may be singular."""
    count = len(right)
    scale = [matrix[i, i].mid() for i in range(count)]
    if not all(one > 0 for one in scale):
        return None
    scale = [1 / one.sqrt() for one in scale]
    scaled = arb_mat(
        count,
        count,
        [scale[i].mid() * matrix[i, j] * scale[j].mid() for i in range(count) for j in range(count)],
    )
    try:
        found = scaled.solve(arb_mat(count, 1, [scale[i].mid() * right[i] for i in range(count)]))
    except ZeroDivisionError:
        return None
    return [found[i, 0] * scale[i].mid() for i in range(count)]


def _is_downhill(here: BallSquares, direction: Sequence[Any]) -> bool:
    along = arb(0)
    for slope, one in zip(here.gradient, direction, strict=True):
        along += slope.mid() * one.mid()
    return bool(along > 0)


def _is_small(x: Sequence[Any], step: Sequence[Any], bits: int) -> bool:
    """Whether a step changes no number by more than so many bits say; one that is 0 by no more than its square."""
    return all(
        bool(
            abs(one.mid())
            <= (abs(at.mid()) if at.mid() != 0 else abs(one.mid()) + arb(2) ** -bits) * arb(2) ** -bits
        )
        for at, one in zip(x, step, strict=True)
    )


def _lower(
    problem: BallProblem, x: Sequence[Any], here: BallSquares, step: Sequence[Any]
) -> tuple[list[Any], BallSquares] | None:
    """The point at the end of a step that is halved until the sum of squares is lower, or as low as balls can tell."""
    length = arb(1)
    for _ in range(HALVINGS):
        target = [(at + length * one).mid() for at, one in zip(x, step, strict=True)]
        try:
            value = problem.value(target)
            if not value > here.value and (length == 1 or value < here.value):
                return target, problem.squares(target)
        except (ArithmeticError, ValueError):
            pass
        length = length / 2
    return None


def _certified(problem: BallProblem, x: list[Any], here: BallSquares, steps: int) -> Polished:
    """The interval Newton test in boxes of a few sizes around *x*."""
    middle = _middle(x)
    word = None if here.hessian is None else inertia_of(_rows(here.hessian)).word
    if here.hessian is None:
        return Polished(middle, here, False, False, None, steps)
    step = solved(here.hessian, here.gradient)
    if step is None:
        return Polished(middle, here, False, False, word, steps)
    for wider in (8, 2**16):
        radius = [
            abs(one).upper() * wider
            + abs(at) * arb(2) ** (24 - problem.bits)
            + arb(2) ** (40 - 2 * problem.bits)
            for at, one in zip(middle, step, strict=True)
        ]
        box = [arb(at, one.upper()) for at, one in zip(middle, radius, strict=True)]
        inside = problem.squares(box)
        found = solved(inside.hessian, here.gradient)
        if found is None:
            continue
        image = [at + one for at, one in zip(middle, found, strict=True)]
        if all(one.contains_interior(two) for one, two in zip(box, image, strict=True)):
            inertia = inertia_of(_rows(inside.hessian)).word
            return Polished(
                image, problem.squares(image), True, inertia == "positive definite", inertia or word, steps
            )
    return Polished(middle, here, False, False, word, steps)


def _rows(matrix: Any) -> list[list[Any]]:
    """A matrix as rows, scaled to a diagonal near 1: its inertia is that of the matrix (Sylvester)."""
    count = matrix.nrows()
    sizes = [abs(matrix[i, i].mid()) for i in range(count)]
    scale = [(1 / one.sqrt()).mid() if one > 0 else arb(1) for one in sizes]
    return [[scale[i] * matrix[i, j] * scale[j] for j in range(count)] for i in range(count)]
