"""f on a box → along which variables it rises or falls, and whether it is convex: by the rules of composition.

For what has corners and jumps, of which slopes say nothing. What is composed of monotone functions is monotone; convex
is a convex function of what is affine, and a rising one of what is convex (Boyd & Vandenberghe, Convex optimization,
2004, 3.2; Grant, Boyd & Ye, Disciplined convex programming, 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.enclosures.half_lines import ALL, Ends
from gradcli.calculus.enclosures.natural_bounds import SlotEnds

#: Where a function does something: everywhere it has a value, above 0, below 0.
_R, _P, _N = (-inf, inf), (0.0, inf), (-inf, 0.0)


class Shape(NamedTuple):
    """directions: along each variable 1 for rising, -1 for falling, 0 for constant, None for what is not known."""

    directions: tuple[int | None, ...]
    convex: bool
    concave: bool


class Course(NamedTuple):
    """On which numbers a function rises, falls, is convex, is concave; None for none."""

    rises: Ends | None
    falls: Ends | None
    convex: Ends | None
    concave: Ends | None


_BOWL, _STEPS = Course(_P, _N, _R, None), Course(_R, None, None, None)
_UP_CONVEX, _UP_CONCAVE = Course(_R, None, _R, None), Course(_R, None, None, _R)
_BENDS_UP, _BENDS_DOWN = Course(_R, None, _P, _N), Course(_R, None, _N, _P)

#: Functions of one argument.
COURSES: dict[str, Course] = {
    **dict.fromkeys(("exp", "expm1", "softplus", "relu"), _UP_CONVEX),
    **dict.fromkeys(("log", "log2", "log10", "log1p", "sqrt", "acosh"), _UP_CONCAVE),
    **dict.fromkeys(("square", "abs", "cosh"), _BOWL), **dict.fromkeys(("sinh", "asin"), _BENDS_UP),
    **dict.fromkeys(("atan", "tanh", "erf", "sigmoid", "asinh", "cbrt"), _BENDS_DOWN),
    **dict.fromkeys(("floor", "ceil", "sign", "heaviside"), _STEPS),
    "erfc": Course(None, _R, _P, _N), "acos": Course(None, _R, _N, _P), "sech": Course(_N, _P, None, None),
}  # fmt: skip


def composed_shape(field: BoxProgram, box: Any) -> Shape:
    """What the rules say of f (the field's sign is that of f itself). It holds where f has a value in all of the box."""
    return _Shapes(field, box).whole()


class _Shapes:
    def __init__(self, field: BoxProgram, box: Any) -> None:
        self.field, self.ends = field, SlotEnds(field, box)
        self.count = len(field.names)
        self.flat = Shape((0,) * self.count, True, True)
        self.unknown = Shape((None,) * self.count, False, False)
        self.shapes = {
            slot: Shape(tuple(int(i == k) for k in range(self.count)), True, True)
            for i, slot in enumerate(field.inputs)
        }

    def whole(self) -> Shape:
        """The shape of the value."""
        program = self.field.derived.program
        for index in self.field.value_code:
            op, *places = program.code[index]
            slot = program.first + index
            self.shapes[slot] = self._of_slots(op, places)
        return self._shape(self.field.derived.value)

    def _shape(self, place: int) -> Shape:
        return self.shapes.get(place, self.flat)

    def _of_slots(self, op: str, places: Sequence[int]) -> Shape:
        ends = [self.ends[place] or ALL for place in places]
        shapes = [self._shape(place) for place in places]
        if op in COURSES:
            return applied(COURSES[op], ends[0], shapes[0])
        if op == "select":
            return shapes[1 if ends[0][0] else 2] if ends[0][0] == ends[0][1] else self.unknown
        if op == "neg":
            return scaled(shapes[0], -1)
        if op in ("add", "sub"):
            return added(shapes[0], shapes[1] if op == "add" else scaled(shapes[1], -1))
        if op in ("max", "min"):
            both = added(*shapes)
            return Shape(both.directions, both.convex and op == "max", both.concave and op == "min")
        if op in ("mul", "div"):
            return self._product(op, places, ends, shapes)
        return self._power(op, self.field.constants[places[-1]], ends, shapes)

    def _power(self, op: str, exponent: Any, ends: list[Ends], shapes: list[Shape]) -> Shape:
        """Powers, roots and lengths; what is not known of all else."""
        if op == "pow" and exact(exponent) and exponent != 0:
            return applied(power_course(exponent, ends[0]), ends[0], shapes[0])
        if op == "root" and exact(exponent) and exponent > 0:
            return applied(_BENDS_DOWN if int(exponent.p) % 2 else _UP_CONCAVE, ends[0], shapes[0])
        if op == "hypot":
            sides = [applied(_BOWL, end, shape) for end, shape in zip(ends, shapes, strict=True)]
            affine = all(shape.convex and shape.concave for shape in shapes)
            return Shape(added(*sides).directions, convex=affine, concave=False)
        return self.unknown

    def _product(self, op: str, places: Sequence[int], ends: list[Ends], shapes: list[Shape]) -> Shape:
        if op == "mul" and places[0] == places[1]:
            return applied(_BOWL, ends[0], shapes[0])
        if op == "div":
            shapes[1] = applied(power_course(-1, ends[1]), ends[1], shapes[1])
        signs = [sign_of(one) for one in ends]
        for one, other in ((0, 1), (1, 0)):
            if shapes[one] == self.flat and signs[one] is not None:
                return scaled(shapes[other], signs[one] or 0)
        if None in signs:
            return self.unknown
        parts = [scaled(shapes[0], signs[1] or 0), scaled(shapes[1], signs[0] or 0)]
        return Shape(added(*parts).directions, convex=False, concave=False)


def sign_of(ends: Ends) -> int | None:
    """1 for not below 0, -1 for not above, None where both may be."""
    return 1 if ends[0] >= 0 else -1 if ends[1] <= 0 else None


def scaled(shape: Shape, sign: int) -> Shape:
    """The shape of a number of that sign times f; 0: of nothing but zeros."""
    directions = tuple(None if way is None else way * sign for way in shape.directions)
    return (
        Shape(directions, shape.convex, shape.concave)
        if sign > 0
        else Shape(directions, shape.concave, shape.convex)
    )


def added(a: Shape, b: Shape) -> Shape:
    """The shape of a sum."""
    ways = tuple(_both(x, y) for x, y in zip(a.directions, b.directions, strict=True))
    return Shape(ways, a.convex and b.convex, a.concave and b.concave)


def _both(x: int | None, y: int | None) -> int | None:
    if x is None or y is None:
        return None
    return x or y if x == y or 0 in (x, y) else None


def applied(course: Course, ends: Ends, inner: Shape) -> Shape:
    """The shape of a function of something whose ends are known."""
    rises, falls, convex, concave = (
        part is not None and part[0] <= ends[0] and ends[1] <= part[1] for part in course
    )
    way = 1 if rises else -1 if falls else None
    ways = tuple(
        0 if one == 0 else None if one is None or way is None else one * way for one in inner.directions
    )
    affine = inner.convex and inner.concave
    up = affine or (rises and inner.convex) or (falls and inner.concave)
    down = affine or (rises and inner.concave) or (falls and inner.convex)
    return Shape(ways, convex and up, concave and down)


def power_course(p: Any, ends: Ends) -> Course:
    """x**p on numbers of one sign, or of both for a whole p above 0."""
    whole = not exact(p) or p.q == 1
    if ends[0] >= 0 or not whole:
        if p < 0:
            return Course(None, _R, _R, None)
        return _UP_CONVEX if p >= 1 else _UP_CONCAVE
    even = int(p if not exact(p) else p.p) % 2 == 0
    if p > 0:
        return _BOWL if even else _BENDS_UP
    if ends[1] > 0:
        return Course(None, None, None, None)
    return Course(_R, None, _R, None) if even else Course(None, _R, None, _R)
