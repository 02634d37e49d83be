"""Smooth f → its slopes without factors that are never 0 and without denominators: the same zeros, easier to exclude."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from gradcli.calculus.program.derivative_table import Matrix
from gradcli.language.tree import Expression

#: Nodes of an expression whose slopes are looked at, and operations that are smooth wherever they have a value.
MOST_NODES = 60
SMOOTH = frozenset(
    ("number", "constant", "name", "neg", "+", "*", "/", "**", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh",
     "atan", "asinh", "erf", "square", "sqrt", "asin", "acos")
)  # fmt: skip


def reduced_slopes(
    expression: Expression, given: Collection[str], names: Sequence[str], *, open_ends: bool = False
) -> Matrix | None:
    """The Jacobian's table of the stripped slopes; None where nothing is stripped, or f is not known to be smooth.

    A zero of theirs at which f has a gradient is one of the gradient, and the other way round. open_ends: so are only
    those that are no end of an operation's domain: powers of what is 0 there are left out as well.
    """
    if expression.size > MOST_NODES or any(node.op not in SMOOTH for node in expression.nodes):
        return None
    from gradcli.calculus.symbolic.from_sympy import Unwritable, write
    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy
    from gradcli.calculus.tables.jacobian_table import jacobian_of

    try:
        whole = to_sympy(expression)
        slopes = [whole.diff(symbol(name)) for name in names]
        shorter = [_numerator(slope, open_ends) for slope in slopes]
        if all(a == b for a, b in zip(slopes, shorter, strict=True)):
            return None
        texts = [write(slope) for slope in shorter]
        return jacobian_of(texts, [*given, *expression.variables], names)
    except (Unwritable, ValueError, TypeError, ArithmeticError, AttributeError, NotImplementedError):
        return None


def _numerator(slope: Any, open_ends: bool) -> Any:
    import sympy

    above = sympy.factor_terms(sympy.fraction(sympy.together(slope))[0])
    kept = [factor for factor in sympy.Mul.make_args(above) if factor.is_zero is not False]
    if open_ends:
        kept = [factor for factor in kept if not _ending(factor)]
    return sympy.Mul(*kept)


def _ending(factor: Any) -> bool:
    """Whether a factor is 0 only where a root ends, or where a sign changes."""
    import sympy

    return isinstance(factor, sympy.sign) or (
        factor.is_Pow and factor.exp.is_Rational and not factor.exp.is_Integer
    )
