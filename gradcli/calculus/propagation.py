"""What follows from a gradient: the slope along a direction, and the uncertainty of f from that of its variables."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.evaluate import Value
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
    mp = _context(digits)
    total = mp.mpf(0)
    for name, component in direction.items():
        if mp.mpf(component) == 0:
            continue
        partial = partials[name]
        if partial is None:
            return None
        total += mp.mpf(partial) * mp.mpf(component)
    length = mp.sqrt(mp.fsum([mp.mpf(x) ** 2 for x in direction.values()])) if normalized else 1
    return _number(mp, total / length, digits)


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


def propagated(partials: Mapping[str, Value | None], sigmas: Mapping[str, Value], digits: int) -> Uncertainty:
    """First-order propagation of independent uncertainties *sigmas* through the gradient.

    The formula is that of the Guide to the Expression of Uncertainty in Measurement (JCGM 100:2008, 5.1.2), scaled
    by its largest part so that no square overflows. Raises DomainProblem for more than a float can be.
    """
    mp = _context(digits)
    if any(partials[name] is None for name in sigmas):
        return Uncertainty(None, sigmas, dict.fromkeys(sigmas))
    sizes = {name: abs(mp.mpf(partials[name] or 0) * mp.mpf(sigma)) for name, sigma in sigmas.items()}
    largest = max(sizes.values(), default=mp.mpf(0)) or mp.mpf(1)
    parts = {name: (size / largest) ** 2 for name, size in sizes.items()}
    total = mp.fsum(parts.values())
    uncertainty = largest * mp.sqrt(total)
    if digits <= 15 and not uncertainty < math.inf:
        raise DomainProblem(
            "the uncertainty is too large for a float", hint="--digits 30 has no largest number"
        )
    shares = {name: float(part / total) if total else None for name, part in parts.items()}
    return Uncertainty(_number(mp, uncertainty, digits), sigmas, shares)


def _context(digits: int) -> Any:
    return _Floats if digits <= 15 else _wide(digits + 10)


def _wide(digits: int) -> Any:
    from gradcli.calculus.wide import context

    return context(digits)


def _number(mp: Any, number: Any, digits: int) -> Value:
    if digits <= 15:
        return float(number)
    from gradcli.calculus.evaluate import decimal

    return str(decimal(mp, number, digits))


class _Floats:
    """The few operations above in floats, so that mpmath need not be loaded for them."""

    mpf = float
    sqrt = math.sqrt
    fsum = math.fsum
