"""What f and its partials are in a box: the interval of each, how steep f is at most, how much it bends."""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS, BoxProgram
from gradcli.calculus.graph.derivative_programs import Derived, derived
from gradcli.calculus.program.program import Program
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of
from gradcli.descent.proofs.boxes import Domain
from gradcli.descent.proofs.branch_and_bound import Wish, least_value
from gradcli.descent.proofs.proved_extreme import float_above
from gradcli.descent.proofs.ranges.function_course import Course, course_of
from gradcli.descent.proofs.ranges.monotone_ends import at_corners, one_sided
from gradcli.descent.proofs.ranges.spectral_bounds import curvature_of
from gradcli.descent.proofs.ranges.value_enclosures import Interval, enclosures

#: The share to which steepness and curvature are worked out.
_STEEP = 5e-3


class Ranges(NamedTuple):
    """What was shown in the box. partials: by name, None where nobody knows it; where f has none they are left out.

    lipschitz: no two values of f are further apart than this times the distance of their points; smoothness: the same for
    its gradient; None where no such number was shown. undefined: whether some of the box is outside of the domain. course:
    whether f rises or falls along each variable, and bends.
    """

    value: Interval
    partials: dict[str, Interval | None]
    lipschitz: float | None
    smoothness: float | None
    undefined: bool
    boxes: int
    course: Course


def ranges(question: BoxQuestion, gap: float | None, most: int) -> Ranges:
    """The intervals, each to *gap* or to a share of its own width. Raises DomainProblem where f has no value in the box."""
    domain, names = domain_of(question), question.names
    found = derived(question.program, names, seconds=True)
    field = BoxProgram(found, names, question.held)
    within = enclosures(question, found, domain, gap, most)
    curvature = curvature_of(field, domain, _STEEP, min(most, 1_000)) if field.curved else None
    bends = (None, None) if curvature is None else (curvature.convex, curvature.concave)
    course = course_of(field, domain, within.partials, bends, undefined=within.undefined)
    steep = _steepness(question, found, domain, most) if course.unbroken else None
    bound = curvature.upper if curvature and course.unbroken else None
    smoothness = None if bound is None else float_above(bound)
    steep, smoothness = (None if one == inf else one for one in (steep, smoothness))
    value = at_corners(field, domain, course, within.value)
    partials = {name: one_sided(one, course.monotone[name]) for name, one in within.partials.items()}
    return Ranges(value, partials, steep, smoothness, within.undefined, within.boxes, course)


def _steepness(question: BoxQuestion, found: Derived, domain: Domain, most: int) -> float | None:
    """The largest length of the gradient, rounded up; None where none was found."""
    if any(slot is None for slot in found.slopes):
        return None
    squares = _sum_of_squares(found)
    own = derived(squares, question.names, seconds=True)
    wish = Wish(None, most, _STEEP, points=False)
    look = least_value(BoxProgram(own, question.names, question.held, -1), domain, wish)
    with working_bits(BITS):
        bound: Any = -look.lower
        return float_above(bound.sqrt()) if bound.is_finite() and bound >= 0 else None


def _sum_of_squares(found: Derived) -> Program:
    """The program whose value is the sum of the squares of the slopes."""
    program = found.program
    code = list(program.code)
    total: int | None = None
    for slot in found.slopes:
        code.append(("square", slot))
        square = program.first + len(code) - 1
        if total is not None:
            code.append(("add", total, square))
        total = program.first + len(code) - 1
    spans = (*program.spans, *[None] * (len(code) - len(program.code)))
    return program._replace(code=tuple(code), spans=spans, value=total or 0)
