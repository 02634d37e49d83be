"""Zeros of a gradient, and boxes that stayed undecided → the points there, as exact ones where they are, each looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.critical.boxes.bisection import Box as Ends
from gradcli.calculus.critical.boxes.exact_names import guesses
from gradcli.calculus.critical.boxes.gradient_enclosure import Field, interval, only_zero_at_zero
from gradcli.calculus.critical.one_variable.multiplicity import only_zero
from gradcli.calculus.critical.one_variable.written_nodes import substituted
from gradcli.calculus.linear_algebra.second_derivative_test import (
    Critical,
    Place,
    at_texts,
    second_derivative_test,
)
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.language.errors import LimitProblem
from gradcli.language.parser.outputs import total

#: Where points are asked for: the ends along each variable.
Box = Mapping[str, tuple[float, float]]

#: Bits in which signs are looked at; guesses at an exact point that are tried; denominators of those in boxes that stayed
#: undecided; the widest such box that is looked into.
_SIGN_BITS, _GUESSES, _PLAIN, _WIDE = 64, 24, 1_000, 1e-3


def is_within(place: Place, names: Sequence[str], box: Box) -> bool:
    """Whether a point is in the box, its edge included."""
    if not box:
        return True
    return all(
        interval(*box[name]).overlaps(ball(x)) for name, x in zip(names, place.coordinates(1024), strict=True)
    )


def looked_at(
    matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str], places: Sequence[Place]
) -> tuple[list[Critical], list[str]]:
    """What is at each place, and notes about those that are none."""
    return _parted(second_derivative_test(matrix, names, fixed, place) for place in places)


def zeros_told(
    matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str], places: Sequence[Place]
) -> tuple[list[Critical], list[str]]:
    """What is at each zero of the gradient, as an exact point where it is one."""

    def told(place: Place) -> Critical | str:
        named = None if place.words else _named(matrix, names, fixed, place.coordinates(256))
        return named or second_derivative_test(matrix, names, fixed, place)

    return _parted(map(told, places))


def _parted(found: Iterable[Critical | str]) -> tuple[list[Critical], list[str]]:
    """Points, and notes."""
    points: list[Critical] = []
    notes: list[str] = []
    for one in found:
        if isinstance(one, str):
            notes.append(one)
        else:
            points.append(one)
    return points, notes


def _named(
    matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str], zero: Sequence[Any]
) -> Critical | None:
    """A zero as an exact point, where it has short texts at which the gradient is shown to vanish."""
    if not all(next(guesses(x), None) for x in zero):
        return None
    point = at_texts(matrix, {n: next(guesses(x)) for n, x in zip(names, zero, strict=True)}, fixed)
    return point if isinstance(point, Critical) and point.proved else None


def undecided_told(
    texts_of_f: Sequence[str], given: Collection[str], matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str],
    boxes: Sequence[Ends],
) -> tuple[list[Critical], list[Ends]]:  # fmt: skip
    """The zeros with exact texts in boxes that stayed undecided, and the boxes of which it is not shown that there are
    no others in them.
    """
    points, rest = [], []
    for box in boxes:
        rest.append(box)
        if max(b - a for a, b in box) > _WIDE:
            continue
        tried = [list(guesses(interval(*ends), _PLAIN)) for ends in box]
        for texts in list(product(*tried))[:_GUESSES]:
            point = at_texts(matrix, dict(zip(names, texts, strict=True)), fixed)
            if isinstance(point, Critical) and point.proved:
                points.append(point)
                if len(names) == 1 and _alone(texts_of_f, given, matrix, names[0], fixed, texts[0], box[0]):
                    rest.pop()
                break
    return points, rest


def _alone(
    texts_of_f: Sequence[str], given: Collection[str], matrix: Matrix, name: str, fixed: Mapping[str, str],
    place: str, ends: tuple[float, float],
) -> bool:  # fmt: skip
    """Whether the slope along the one variable is 0 between the ends at the exact *place* alone."""
    if place == "0" and only_zero_at_zero(Field(matrix, [name], fixed), *ends, _SIGN_BITS):
        return True
    try:
        text = substituted(total(texts_of_f, given), fixed)[-1]
    except LimitProblem:  # too long, written out
        return False
    return only_zero(text, name, place, interval(*ends))
