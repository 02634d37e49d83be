"""Corners: where a partial has no one slope, the slopes on both sides, and the number a rule chooses.

What both sides of a failed partial agree on is the derivative after all (|x|**2 at 0); what they do not agree on
is a corner, a jump or an edge of the domain; what grows without end is an infinite slope.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import Undecided, ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.domain_errors import no_value
from gradcli.calculus.corners.corner_notes import corner_note
from gradcli.calculus.corners.framework_answers import FRAMEWORKS, answers
from gradcli.calculus.corners.nonsmooth_part import kind_of, nonsmooth_part
from gradcli.calculus.corners.one_sided_slopes import (
    ENOUGH,
    Side,
    agree,
    one_sided_slope,
    probe_distance,
    run_near,
)
from gradcli.calculus.corners.tie_detection import ties_at
from gradcli.calculus.corners.ties import Ties
from gradcli.calculus.program.instructions import TooHard
from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.program import Program

#: `--corner`: how a number is chosen where there is none.
RULES = ("none", "least", "left", "right", "tf1", "torch", "jax")

#: Instructions times variables of a program whose parts are looked at; of a larger one the first tie that a variable leaves
#: is named.
MOST_LOOKED = 3000


def resolve_kinks(
    program: Program, text: str, point: Mapping[str, Any], partials: Mapping[str, Any], corner: str,
    precision: int = ENOUGH,
) -> tuple[dict[str, Any], tuple[Note, ...]]:  # fmt: skip
    """The partials with failures replaced by what the two sides say, and a note for each that stays without.

    precision: the digits of the replacements; their last few may be wrong.
    """
    result, notes = dict(partials), []
    corners: list[str] = []
    beside_it = _Beside(program, text, point, precision)
    for name, partial in partials.items():
        if not isinstance(partial, Failure) or isinstance(partial.error, Undecided):
            continue
        if isinstance(partial.error, TooHard):
            raise no_value(program, text, point, partial)
        left, right = beside_it.sides(name)
        if left.undecided or right.undecided:
            result[name] = partial._replace(error=Undecided())
            continue
        if agree(left, right):
            # What is wrong with each by its distance from the point is opposite: the mean has twice the digits.
            with working_bits(_bits(precision)):
                result[name] = (left.slope + right.slope) / 2
            continue
        part = beside_it.part(name, partial, left, right)
        note = corner_note(program, point, name, part, left, right)
        result[name] = {"left": left.slope, "right": right.slope}.get(corner)
        if note.kind == "infinite" or (note.kind != "corner" and corner in ("left", "right")):
            result[name] = None
        elif corner not in ("none", "left", "right"):
            corners.append(name)
        notes.append(note)
    if corners:
        result |= _chosen(beside_it, corners, corner)
    return result, tuple(notes)


class _Beside:
    """What is beside a point: by its ties, where these tell all, and else by looks at points next to it."""

    def __init__(self, program: Program, text: str, point: Mapping[str, Any], precision: int) -> None:
        self.program, self.text, self.point, self.precision = program, text, point, precision

    @cached_property
    def ties(self) -> Ties | None:
        """The ties that tell all; None where they do not."""
        return ties_at(self.program, self.point, _bits(self.precision))

    def sides(self, name: str) -> tuple[Side, Side]:
        """What is on the left and on the right along *name*."""
        place = self.program.variables.index(name)
        if self.ties is not None:
            axis = [float(i == place) for i in range(len(self.program.variables))]
            both = [self.ties.gradient([way * x for x in axis]) for way in (-1.0, 1.0)]
            left, right = (None if found is None else ball(found[place]) for found in both)
            if left is not None and right is not None:
                return Side(left), Side(right)
        stopped = "stop_gradient" in self.text  # then the values' differences are not what is asked for
        left_side, right_side = (
            one_sided_slope(self.program, self.point, name, way, self.precision, stopped) for way in (-1, 1)
        )
        return left_side, right_side

    def part(self, name: str, failure: Failure, left: Side, right: Side) -> int:
        """The instruction whose own value has what the two sides along *name* say."""
        kind = kind_of(left, right) or "corner"
        size = len(self.program.code) * len(self.program.variables)
        if size > MOST_LOOKED and self.ties is not None and kind == "corner":
            moving = self.ties.moving(self.program.variables.index(name))
            if moving:
                return min(moving, key=lambda index: self.program.spans[index] or (0, 0))
        return nonsmooth_part(self.program, self.text, self.point, {name: fmpq(1)}, kind, failure)

    def gradients(self) -> list[list[float]]:
        """Gradients beside the point, in some directions and their opposites."""
        directions = list(_directions(len(self.program.variables)))
        if self.ties is not None:
            return [[float(ball(x)) for x in gradient] for gradient in self.ties.around(directions)]
        outputs = [g for g in self.program.gradient if g is not None]
        gradients = []
        for direction in directions:
            offsets = dict(zip(self.program.variables, direction, strict=True))
            slots = run_near(self.program, self.point, offsets, *probe_distance(ENOUGH), outputs)
            gradient = [slots[g] if g is not None else 0 for g in self.program.gradient]
            if not any(isinstance(number, Failure) for number in gradient):
                gradients.append([float(number) for number in gradient])
        return gradients


def _chosen(beside_it: _Beside, names: list[str], corner: str) -> dict[str, Any]:
    program, point = beside_it.program, beside_it.point
    if corner in FRAMEWORKS:
        return _framework(program, beside_it.text, point, names, corner)
    from gradcli.calculus.corners.subgradient import least_norm

    gradients = beside_it.gradients()
    if not gradients:
        return dict.fromkeys(names)
    chosen = dict(zip(program.variables, least_norm(gradients), strict=True))
    return {name: double(chosen[name]) for name in names}


def _directions(count: int) -> list[list[float]]:
    """Directions in opposite pairs, the same ones at every call."""
    import random

    source = random.Random(count)  # noqa: S311  (nothing secret: the answer must be the same every time)
    some = [
        [source.uniform(-1, 1) for _ in range(count)] for _ in range(1 if count == 1 else min(8 * count, 48))
    ]
    return [sign for one in some for sign in (one, [-x for x in one])]


def _framework(
    program: Program, text: str, point: Mapping[str, Any], names: list[str], corner: str
) -> dict[str, Any]:
    places = {name: program.gradient[program.variables.index(name)] or 0 for name in names}
    slots = framework_numbers(program, text, point, places.values(), corner)
    return {name: slots.get(place) for name, place in places.items()}


def framework_numbers(
    program: Program, text: str, point: Mapping[str, Any], places: Collection[int], corner: str,
    precision: int = 50,
) -> dict[int, Any]:  # fmt: skip
    """The slots *places* with every tie answered as a framework does; those that have no number even so are left out."""
    given = [point[n] for n in program.variables]
    slots = run_to_bits(program, given, places, _bits(precision), answers(program, text, corner))
    return {place: found for place, found in slots.items() if not isinstance(found, Failure)}


def _bits(digits: int) -> int:
    return int(digits * 3.33) + 64
