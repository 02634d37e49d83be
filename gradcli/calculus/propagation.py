"""What follows from a gradient: the slope along a direction, and the uncertainty of f from that of its variables."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.answer import Value
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


def directional(
    partials: Mapping[str, Value | None], direction: Mapping[str, Value], digits: int, *, normalized: bool
) -> Value | None:
    """The sum of partials times components, over the direction's length if *normalized*."""
    from flint import arb

    components = {name: _ball(x) for name, x in direction.items()}
    total = arb(0)
    for name, component in components.items():
        if component == 0:
            continue
        partial = partials[name]
        if partial is None:
            return None
        total += _ball(partial) * component
    length = sum((x * x for x in components.values()), arb(0)).sqrt() if normalized else 1
    return _number(total / length, digits)


def directional_formula(
    texts: Sequence[str], given: Collection[str], direction: Mapping[str, str], normalized: bool
) -> str | None:
    """The derivative along *direction*, whose components are texts of constants; None where sympy has no answer."""
    import sympy

    from gradcli.calculus.compile import total
    from gradcli.calculus.formulas import MOST_NODES, within_budget, written
    from gradcli.calculus.symbolic import symbol, to_sympy
    from gradcli.language.parser import parse

    expression = total(texts, given)
    if len(expression.nodes) > MOST_NODES:
        return None

    def formula() -> str:
        whole = to_sympy(expression)
        components = {name: to_sympy(parse(text)) for name, text in direction.items()}
        length = sympy.sqrt(sympy.Add(*(c**2 for c in components.values()))) if normalized else 1
        terms = (c / length * whole.diff(symbol(name)) for name, c in components.items())
        return written(expression)(sympy.Add(*terms))

    return within_budget(formula)


def norm(partials: Sequence[Value], digits: int) -> Value:
    """The Euclidean norm of partials, to *digits* digits."""
    from flint import arb

    return _number(sum((_ball(p) ** 2 for p in partials), arb(0)).sqrt(), digits)


def propagated(partials: Mapping[str, Value | None], sigmas: Mapping[str, Value], digits: int) -> Uncertainty:
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
    from gradcli.calculus.backends.ball_numbers import BITS, ball
    from gradcli.calculus.backends.given import number_of

    return ball(number_of(value, BITS))


def _number(number: Any, digits: int) -> Value:
    from gradcli.calculus.backends.decimals import decimal_text, nearest_double

    return nearest_double(number) if digits <= 15 else decimal_text(number, digits)
