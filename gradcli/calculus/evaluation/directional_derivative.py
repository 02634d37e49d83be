"""What follows from a gradient: the slope along a direction, and the uncertainty of f from that of its variables."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.evaluation.gradient_at_point import bits_of
from gradcli.calculus.program.point_answer import Note, Value
from gradcli.calculus.program.program import Program
from gradcli.language.errors import DomainProblem


class Along(NamedTuple):
    """The derivative along a direction, None where a partial it needs has no number, and its formula."""

    direction: Mapping[str, Value]
    derivative: Value | None
    formula: str | None
    normalized: bool


class Uncertainty(NamedTuple):
    """σ of f to first order, σ² = Σ(∂f/∂v σ_v)², None where a partial has no number; σ and share per variable."""

    sigma: Value | None
    of: Mapping[str, Value]
    shares: Mapping[str, float | None]


def directional_derivative(
    program: Program, text: str, point: Mapping[str, Value], direction: Mapping[str, Value], digits: int, *,
    normalized: bool = False, chosen: Mapping[str, Value | None] | None = None,
) -> tuple[Value | None, Note | None]:  # fmt: skip
    """The derivative of f along *direction*, over the direction's length if *normalized*; and a note where it has none.

    Partials times components where f has all of them, decided in balls; elsewhere the limits along both rays decide.
    chosen: numbers in place of partials at corners, which are taken where those limits differ. Names of *direction*
    that are no variables count in its length alone.
    """
    from gradcli.calculus.balls.ball_numbers import ZERO, exact
    from gradcli.calculus.balls.decimals import size_text
    from gradcli.calculus.corners.ray_derivatives import length_of, product, ray_derivative, summed

    moving = {name: x for name, x in direction.items() if name in program.variables and float(x) != 0}
    bits = bits_of(digits if digits > 15 else None)
    found, note = product(program, point, moving, bits), None
    if found is None:
        found, note = ray_derivative(program, text, point, moving, max(digits, 25))
        if note is not None and note.kind == "corner" and chosen is not None:
            known = None not in (chosen.get(name) for name in moving)
            found = summed(chosen, moving, bits) if known else None
    if found is None:
        return None, note
    if not (exact(found) or found.is_exact()) and found.contains(0):
        bound = size_text(found)
        note = Note(
            "undecided", f"the derivative along the direction is 0, or less than {bound} in size: not decided"
        )
        return _number(ZERO, digits), note
    return _number(found / length_of(direction, bits) if normalized else found, digits), note


def directional_formula(
    texts: Sequence[str], given: Collection[str], direction: Mapping[str, str], normalized: bool,
    held: Collection[str] = (),
) -> str | None:  # fmt: skip
    """The derivative along *direction*, whose components are texts of constants; None where it is not found, or too long.

    held: variables that are held constant, and whose components count in the direction's length alone.
    """
    from fractions import Fraction

    from gradcli.calculus.effort.time_budget import within_budget
    from gradcli.calculus.formulas.formula_shown import Formulas
    from gradcli.calculus.formulas.texts.partial_formulas import MOST_NODES
    from gradcli.calculus.sums import sum_algebra as algebra
    from gradcli.calculus.sums import sum_terms as sums
    from gradcli.calculus.sums.sum_reading import sum_of_expression
    from gradcli.language.parser import parse
    from gradcli.language.parser.outputs import total

    expression = total(texts, given)
    if expression.size > MOST_NODES:
        return None

    def formula() -> str | None:
        """The sum of the partials along the direction, as text."""
        write = Formulas(expression)
        components = {name: sum_of_expression(parse(text)) for name, text in direction.items()}
        squares = sums.added(algebra.raised(c, 2) for c in components.values())
        scale = algebra.raised(squares, Fraction(-1, 2)) if normalized else sums.ONE
        moving = [(name, c) for name, c in components.items() if name not in held]
        return write.text_of_sum(
            lambda: sums.added(algebra.multiplied([c, scale, write.derivative(name)]) for name, c in moving)
        )

    return within_budget(formula)


def combination(numbers: Sequence[Value | None], weights: Sequence[Value], digits: int) -> Value | None:
    """The sum of numbers times weights, to *digits* digits; None where one of the numbers is missing."""
    from gradcli.calculus.corners.ray_derivatives import summed

    if None in numbers:
        return None
    named = {str(place): number for place, number in enumerate(numbers)}
    total = summed(named, dict(zip(named, weights, strict=True)), bits_of(digits if digits > 15 else None))
    return _number(total, digits)


def norm(partials: Sequence[Value], digits: int) -> Value:
    """The Euclidean norm of partials, to *digits* digits."""
    from flint import arb

    return _number(sum((_ball(p) ** 2 for p in partials), arb(0)).sqrt(), digits)


def propagated_uncertainty(
    partials: Mapping[str, Value | None], sigmas: Mapping[str, Value], digits: int
) -> Uncertainty:
    """First-order propagation of independent uncertainties *sigmas* through the gradient.

    The formula is that of the Guide to the Expression of Uncertainty in Measurement (JCGM 100:2008, 5.1.2). Raises
    DomainProblem for more than a float can be.
    """
    if any(partials[name] is None for name in sigmas):
        return Uncertainty(None, sigmas, dict.fromkeys(sigmas))
    from flint import arb

    parts = {name: (_ball(partials[name] or 0.0) * _ball(sigma)) ** 2 for name, sigma in sigmas.items()}
    total = sum(parts.values(), arb(0))
    uncertainty = _number(total.sqrt(), digits)
    if uncertainty == math.inf:
        raise DomainProblem(
            "the uncertainty is too large for a float", hint="--digits 30 has no largest number"
        )
    shares = {name: float(part / total) if total != 0 else None for name, part in parts.items()}
    return Uncertainty(uncertainty, sigmas, shares)


def _ball(value: Value) -> Any:
    from gradcli.calculus.balls.ball_numbers import BITS, ball
    from gradcli.calculus.balls.programs.given_numbers import number_of

    return ball(number_of(value, BITS))


def _number(number: Any, digits: int) -> Value:
    from gradcli.calculus.balls.decimals import decimal_text, nearest_double

    return nearest_double(number) if digits <= 15 else decimal_text(number, digits)
