"""Corners: where a partial has no one slope, the slopes on both sides, and the number a rule chooses.

A failed partial is looked at from beside: the program runs at points 10**-30 and 10**-60 away, or nearer, in
enough digits to see them. What both sides agree on is the derivative after all (|x|**2 at 0); what they do not
agree on is a corner, a jump or an edge of the domain; what grows without end is an infinite slope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gradcli.calculus import wide
from gradcli.calculus.budget import OutOfTime, seconds
from gradcli.calculus.evaluate import Note
from gradcli.calculus.operations import Kink, TooHard
from gradcli.calculus.program import Program
from gradcli.calculus.reasons import no_value, where

#: `--corner`: how a number is chosen where there is none.
RULES = ("none", "least", "left", "right", "tf1", "torch", "jax")

#: What frameworks answer at ties and zeros: |x|′ at 0, the first and the second argument of a tie of
#: max or min, relu′ at 0 (TensorFlow 1.15, PyTorch 2, JAX 0.4; see the table in README).
FRAMEWORKS = {
    "tf1": {"sign_side": "0", "first_side": "1", "second_side": "0", "relu_side": "0"},
    "torch": {"sign_side": "0", "first_side": "0.5", "second_side": "0.5", "relu_side": "0"},
    "jax": {"sign_side": "1", "first_side": "0.5", "second_side": "0.5", "relu_side": "0"},
}

#: Two answers to every tie, as far apart as there are.
OPPOSITES = (
    {"sign_side": "-1", "first_side": "0", "second_side": "1", "relu_side": "0"},
    {"sign_side": "1", "first_side": "1", "second_side": "0", "relu_side": "1"},
)

#: The points beside are 10**-REACH away at the most, and the digits of a slope that floats are made from.
REACH, ENOUGH = 60, 25


#: How many times the digits are taken where a slope seems to be infinite, and how many seconds that may take.
_SURE, PATIENCE = 8, 1.0


class Side(NamedTuple):
    """One side of a point along one variable: the slope there, infinite or finite, or no value at all."""

    slope: Any
    infinite: bool = False
    jump: bool = False
    missing: bool = False


def beside(
    program: Program, text: str, point: Mapping[str, Any], partials: Mapping[str, Any], corner: str,
    precision: int = ENOUGH,
) -> tuple[dict[str, Any], tuple[Note, ...]]:  # fmt: skip
    """The partials with failures replaced by what the two sides say, and a note for each that stays without.

    precision: the digits of the replacements; their last few may be wrong.
    """
    result, notes = dict(partials), []
    corners: list[str] = []
    for name, partial in partials.items():
        if not isinstance(partial, wide.Failure):
            continue
        if isinstance(partial.error, TooHard):
            raise no_value(program, text, point, partial)
        left, right = (_side(program, point, name, direction, precision) for direction in (-1, 1))
        if _agree(left, right):
            # What is wrong with each by its distance from the point is opposite: the mean has twice the digits.
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
        result |= _chosen(program, point, corners, corner)
    return result, tuple(notes)


def _run_beside(
    program: Program, point: Mapping[str, Any], offsets: Mapping[str, Any], away: int, digits: int
) -> list[Any]:
    mp = wide.context(digits)
    scale, numbers = mp.mpf(10) ** -away, []
    for name in program.variables:
        at = wide.constant(mp, str(point[name]))
        numbers.append(at + mp.mpf(offsets.get(name, 0)) * scale * max(1, abs(at)))
    return _untied(program, numbers, digits)


def _untied(program: Program, numbers: list[Any], digits: int) -> list[Any]:
    """The slots, ties settled that no answer to them changes: what ties beside the point as well has no kink there."""
    slots = wide.run(program, numbers, digits)
    if not any(isinstance(slot, wide.Failure) and isinstance(slot.error, Kink) for slot in slots):
        return slots
    low, high = (wide.run(program, numbers, digits, answers) for answers in OPPOSITES)
    return [
        a if isinstance(a, wide.Failure) or isinstance(b, wide.Failure) or _equal(a, b) else slot
        for slot, a, b in zip(slots, low, high, strict=True)
    ]


def _side(program: Program, point: Mapping[str, Any], name: str, direction: int, precision: int) -> Side:
    digits = _reach(precision)[1]
    side = _seen(program, point, name, direction, precision, digits)
    if not side.infinite:
        return side
    try:  # What seems to grow without end may be digits that cancelled: sinc's fifth derivative at 0.
        with seconds(PATIENCE):
            sure = _seen(program, point, name, direction, precision, _SURE * digits)
    except OutOfTime:  # gamma takes a minute in so many digits
        return side
    return side if sure.missing else sure


def _seen(
    program: Program, point: Mapping[str, Any], name: str, direction: int, precision: int, digits: int
) -> Side:
    reach = _reach(precision)[0]
    place = program.gradient[program.variables.index(name)]
    here = wide.run(program, [str(point[n]) for n in program.variables], digits)[program.value]
    offset = {name: direction}
    near, nearer = (_run_beside(program, point, offset, away, digits) for away in (reach // 2, reach))
    values, slopes = (near[program.value], nearer[program.value]), (near[place or 0], nearer[place or 0])
    if any(isinstance(number, wide.Failure) for number in (*values, *slopes)):
        return Side(None, missing=True)
    # Without a value here it was settled before that both sides meet: a gradient's own corners are looked at first.
    gaps = [0 if isinstance(here, wide.Failure) else abs(value - here) for value in values]
    if gaps[1] > gaps[0] * 0.99 and gaps[1] > abs(here) * 1e-50 and gaps[1] > 1e-50:
        return Side(None, jump=True)
    if abs(slopes[1]) > 1.5 * abs(slopes[0]) and abs(slopes[1]) > 1:  # a logarithm grows to twice itself
        return Side(None, infinite=True)
    settles_at_zero = abs(slopes[1]) <= abs(slopes[0]) * 1e-3
    return Side(slopes[1] * 0 if settles_at_zero else _snapped(slopes[1], precision))


def _reach(precision: int) -> tuple[int, int]:
    """How near to look, as a power of ten, and in how many digits: a quotient of two zeros loses most of them."""
    reach = max(REACH, precision + 10)
    return reach, 2 * reach + 40


def _snapped(slope: Any, precision: int) -> Any:
    """The slope without the trace of the distance from which it was seen."""
    mp = wide.context(precision)
    return mp.mpf(slope) + 0


def _agree(left: Side, right: Side) -> bool:
    return left.slope is not None and right.slope is not None and _equal(left.slope, right.slope)


def _equal(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= 1e-20 * max(abs(a), abs(b), 1))


def _note(
    program: Program, point: Mapping[str, Any], name: str, failure: wide.Failure, left: Side, right: Side
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
    if side.missing or side.slope is None:
        return "no value"
    return f"{float(side.slope) + 0.0:.10g}"


def _chosen(program: Program, point: Mapping[str, Any], names: list[str], corner: str) -> dict[str, Any]:
    if corner in FRAMEWORKS:
        return _framework(program, point, names, corner)
    from gradcli.calculus.subgradient import least_norm

    directions = list(_directions(len(program.variables)))
    gradients = []
    for direction in directions:
        offsets = dict(zip(program.variables, direction, strict=True))
        slots = _run_beside(program, point, offsets, *_reach(ENOUGH))
        gradient = [slots[g] if g is not None else 0 for g in program.gradient]
        if not any(isinstance(number, wide.Failure) for number in gradient):
            gradients.append([float(number) for number in gradient])
    if not gradients:
        return dict.fromkeys(names)
    chosen = dict(zip(program.variables, least_norm(gradients), strict=True))
    return {name: wide.context(ENOUGH).mpf(chosen[name]) for name in names}


def _directions(count: int) -> list[list[float]]:
    """Directions in opposite pairs, the same ones at every call."""
    import random

    source = random.Random(count)  # noqa: S311  (nothing secret: the answer must be the same every time)
    some = [
        [source.uniform(-1, 1) for _ in range(count)] for _ in range(1 if count == 1 else min(8 * count, 48))
    ]
    return [sign for one in some for sign in (one, [-x for x in one])]


def _framework(program: Program, point: Mapping[str, Any], names: list[str], corner: str) -> dict[str, Any]:
    mp = wide.context(50)
    slots = wide.run(program, [str(point[n]) for n in program.variables], 50, FRAMEWORKS[corner])
    answers = {}
    for name in names:
        slot = slots[program.gradient[program.variables.index(name)] or 0]
        answers[name] = None if isinstance(slot, wide.Failure) else mp.mpf(slot)
    return answers
