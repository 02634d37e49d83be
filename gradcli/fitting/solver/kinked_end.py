"""An end of a descent at a corner of the model, or within rounding of one: what the sum of squares is on either side.

Where a row's piece changes as a parameter passes by, the Jacobian has another value on each side, however near to the point
it is taken; of a smooth model the difference shrinks with the distance. No verdict of one side holds for the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

from gradcli.fitting.models.fit_problem import FitProblem
from gradcli.fitting.models.triangles import Triangle, damped_step, inverse_of, restricted
from gradcli.fitting.solver.definiteness import ASIDE, definiteness
from gradcli.fitting.solver.levenberg_marquardt import offset_of
from gradcli.language.records import NamedTuple

#: How far to either side the slopes are taken, in the parameter's own error with the others held; and as a share of it.
NEAR, SHARE = 1e-5, 1e-9

#: How many times further they are taken again, and by how much less than that a corner's difference grows.
FURTHER, GROWS = 8.0, 4.0

#: The least difference of the normal matrices, with columns of length 1, that is one.
APART = 1e-4

#: The share of the sum of squares that is a jump of it.
JUMP = 1e-6

#: The share of the residuals that the tangent plane of a side may reach.
STATIONARY = 1e-5


class Side(NamedTuple):
    """One side of a corner: the parameter that leads there, whether above or below, a point there, and the triangle at it.

    value: the limit of the sum of squares from there.
    """

    name: str
    sign: int
    x: list[float]
    value: float
    triangle: Triangle

    @property
    def words(self) -> str:
        """`above` or `below`."""
        return "above" if self.sign > 0 else "below"


def sides_of(
    problem: FitProblem, x: Sequence[float], places: Sequence[int], triangle: Triangle
) -> list[Side]:
    """The sides of the corners at *x* along the parameters at *places*, two by two; triangle: of these, at *x*."""
    spread = math.hypot(triangle.rest, *triangle.right) / math.sqrt(max(problem.rows, 1))
    found = list[Side]()
    for j, length in zip(places, triangle.lengths, strict=True):
        reach = max(NEAR * spread / length if length else 0.0, SHARE * (abs(x[j]) or 1.0))
        near = _pair(problem, x, j, places, reach)
        far = _pair(problem, x, j, places, FURTHER * reach)
        if near is None or far is None:
            continue
        change = _change(near)
        if change > APART and _change(far) < GROWS * change:
            limits = [(FURTHER * a.value - b.value) / (FURTHER - 1) for a, b in zip(near, far, strict=True)]
            found += [one._replace(value=limit) for one, limit in zip(near, limits, strict=True)]
    return found


def _pair(
    problem: FitProblem, x: Sequence[float], place: int, places: Sequence[int], reach: float
) -> tuple[Side, Side] | None:
    """Both sides at a distance; None where one has no value."""
    found = []
    for sign in (1, -1):
        there = list(x)
        there[place] += sign * reach
        here = problem.linearize(there, places)
        if here is None:
            return None
        found.append(Side(problem.names[place], sign, there, here.value, here.triangle))
    return found[0], found[1]


def _change(pair: tuple[Side, Side]) -> float:
    """The largest difference between the normal matrices and slopes, with the longer columns and the residuals of length 1."""
    above, below = (_bordered(one.triangle) for one in pair)
    size = range(len(above))
    scale = [math.sqrt(max(above[i][i], below[i][i])) or 1.0 for i in size]
    return max(abs(above[i][j] - below[i][j]) / scale[i] / scale[j] for i in size for j in range(i + 1))


def _bordered(triangle: Triangle) -> list[list[float]]:
    """JᵀJ with Jᵀr and rᵀr beside it."""
    columns = [
        [row[j] * length for row in triangle.rows] + [0.0] for j, length in enumerate(triangle.lengths)
    ]
    columns.append([*triangle.right, triangle.rest])
    return [[math.fsum(map(mul, one, other)) for other in columns] for one in columns]


def falls(side: Side, places: Sequence[int], names: Sequence[str], value: float) -> bool:
    """Whether the sum of squares, *value* at the point, still goes down on a side: at once, or by a step into it."""
    if side.value < value * (1 - JUMP):  # beyond a jump
        return True
    if offset_of(side.triangle) < STATIONARY:
        return False
    step = damped_step(side.triangle, [1.0] * len(places), 1e-12)
    own = [names[j] for j in places].index(side.name)
    return step is None or step[0][own] * side.sign > 0


def rises(problem: FitProblem, side: Side, places: Sequence[int], noise: float) -> bool:
    """Whether a side has no slope along the other parameters, and its Hessian is positive definite.

    That is looked at from a point that lies well within it.
    """
    inverse = inverse_of(side.triangle.rows)
    own = [problem.names[j] for j in places].index(side.name)
    others = restricted(side.triangle, [k for k in range(len(places)) if k != own])
    if inverse is None or not side.triangle.lengths[own] or offset_of(others) > STATIONARY:
        return False
    size = ASIDE * math.hypot(side.triangle.rest, *side.triangle.right)
    reach = size * math.hypot(*(column[own] for column in inverse)) / side.triangle.lengths[own]
    inside = list(side.x)
    inside[places[own]] += 4 * side.sign * reach
    return definiteness(problem, inside, places, side.triangle, noise) == "positive definite"


def shortest_between(low: float, high: float) -> float:
    """The number of fewest decimals between two."""
    middle = (low + high) / 2
    for digits in range(-math.floor(math.log10(max(abs(low), abs(high)))) - 1, 330):
        found = round(middle, digits)
        if low < found < high:
            return found + 0.0  # there is no -0
    return middle


def continuous(sides: Sequence[Side], value: float) -> list[Side]:
    """Those of the sides from which the sum of squares goes to *value*, with no jump up to it."""
    return [side for side in sides if side.value <= value * (1 + JUMP)]
