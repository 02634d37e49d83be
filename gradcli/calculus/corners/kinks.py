"""Corners: where a partial has no one slope, the slopes on both sides, and the number a rule chooses.

What both sides of a failed partial agree on is the derivative after all (|x|**2 at 0); what they do not agree on
is a corner, a jump or an edge of the domain; what grows without end is an infinite slope.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from gradcli.calculus.balls.ball_backend import run_to_bits
from gradcli.calculus.balls.ball_numbers import Undecided, ball, working_bits
from gradcli.calculus.balls.ball_operations import Failure
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.domain_errors import no_value, where
from gradcli.calculus.corners.one_sided_slopes import (
    ENOUGH,
    Side,
    agree,
    one_sided_slope,
    probe_distance,
    run_near,
)
from gradcli.calculus.corners.ties import Ties, ties_at
from gradcli.calculus.program.instructions import TooHard
from gradcli.calculus.program.point_answer import Note
from gradcli.calculus.program.program import Program
from gradcli.language.function_table import SPELLINGS

#: `--corner`: how a number is chosen where there is none.
RULES = ("none", "least", "left", "right", "tf1", "torch", "jax")

#: What frameworks answer at ties and zeros: |x|′ at 0, the first and the second argument of a tie of
#: max or min, relu′ at 0 (TensorFlow 1.15, PyTorch 2, JAX 0.4; `gradcli help corners` has a table).
FRAMEWORKS = {
    "tf1": {"sign_side": "0", "first_side": "1", "second_side": "0", "relu_side": "0"},
    "torch": {"sign_side": "0", "first_side": "0.5", "second_side": "0.5", "relu_side": "0"},
    "jax": {"sign_side": "1", "first_side": "0.5", "second_side": "0.5", "relu_side": "0"},
}


_BOUND, _INSIDE = {"first_side": "0"}, {"first_side": "1", "second_side": "0"}
_RELU6 = dict.fromkeys(("relu6", "hard_sigmoid"), _BOUND)

#: What they answer where a function of theirs is no composition of the above: at a bound clip is the variable and not the
#: bound (torch.clamp, tf.clip_by_value; jnp.clip is one of maximum and minimum), relu6 and its kind are flat, hardtanh is so
#: in torch alone, torch's hardswish is the quadratic, all softshrinks are 0, tf.nn.selu and jax.nn.leaky_relu take the slope
#: above, i0e is 0 (TensorFlow 2.21 and JAX 0.10 measured, PyTorch 2 by derivatives.yaml and the kernels that it names).
OWN_ANSWERS: dict[str, dict[str, dict[str, str]]] = {
    "tf1": {"clip": _INSIDE, **_RELU6, "hard_swish": _BOUND, "hardtanh": _INSIDE, "selu": {"lt_side": "1"}},
    "torch": {"clip": _INSIDE, **_RELU6, "hardtanh": _BOUND, "hard_swish": _INSIDE, "softshrink": _INSIDE},
    "jax": {
        "leaky_relu": {"lt_side": "1"},
        **_RELU6,
        "hard_swish": _BOUND,
        "hardtanh": _INSIDE,
        "i0e": {"sign_side": "0"},
    },
}

_CALLED = re.compile(r"\w+(?=\s*\()")


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
        if agree(left, right):
            # What is wrong with each by its distance from the point is opposite: the mean has twice the digits.
            with working_bits(_bits(precision)):
                result[name] = (left.slope + right.slope) / 2
            continue
        note = _note(program, point, name, partial, left, right)
        result[name] = {"left": left.slope, "right": right.slope}.get(corner)
        if note.kind == "infinite" or (note.kind != "corner" and corner in ("left", "right")):
            result[name] = None
        elif corner not in ("none", "left", "right"):
            corners.append(name)
        notes.append(note)
    if corners:
        result |= _chosen(beside_it, corners, corner)
    return result, tuple(notes)


def _note(
    program: Program, point: Mapping[str, Any], name: str, failure: Failure, left: Side, right: Side
) -> Note:
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
    given = [point[n] for n in program.variables]
    slots = run_to_bits(program, given, places.values(), _bits(50), answers(program, text, corner))
    return {
        name: None if isinstance(slots[place], Failure) else slots[place] for name, place in places.items()
    }


def answers(program: Program, text: str, corner: str) -> dict[str | int, str]:
    """What the framework answers at ties, by operation, and by instruction where its own function answers otherwise."""
    found: dict[str | int, str] = dict(FRAMEWORKS[corner].items())
    for index, ((op, *_), span) in enumerate(zip(program.code, program.spans, strict=True)):
        called = _CALLED.match(text, span[0]) if span and op.endswith("_side") else None
        own = OWN_ANSWERS[corner].get(SPELLINGS.get(called[0], "") if called else "", {})
        if op in own:
            found[index] = own[op]
    return found


def _bits(digits: int) -> int:
    return int(digits * 3.33) + 64
