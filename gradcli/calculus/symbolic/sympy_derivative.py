"""sympy's derivative of an expression as text: within a size, and with a clock that only stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gradcli.language.limits import limit, limit_problem
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

T = TypeVar("T")


def derivative_text(text: str, name: str, given: Sequence[str]) -> str | None:
    """The derivative of the expression *text* along *name* in gradcli's language; None if sympy knows none."""
    from gradcli.calculus.symbolic.from_sympy import write

    expression = parse(text, given)
    found = sympy_derivatives(
        expression, [name], lambda derivative, _: _plainly(expression, derivative, write)
    )
    return found.get(name)


def sympy_derivatives(
    expression: Expression, names: Sequence[str], write: Callable[[Any, str], str]
) -> dict[str, str | None]:
    """What *write* makes of the derivative along each name; those that sympy does not know are left out."""
    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy

    def differentiate() -> dict[str, str | None]:
        whole = to_sympy(expression)
        return {name: text for name in names if (text := _one(whole, symbol(name), write)) is not None}

    return within_budget(differentiate) or {}


def _one(whole: Any, variable: Any, write: Callable[[Any, str], str]) -> str | None:
    from gradcli.calculus.symbolic.from_sympy import Unwritable

    try:
        return write(whole.diff(variable), variable.name)
    except (Unwritable, ValueError, TypeError, ArithmeticError):
        return None


def within_budget(work: Callable[[], T]) -> T | None:
    """What *work* returns, or None where sympy gives up or recurses too deeply.

    Raises LimitProblem where it takes longer than `--limit formulas`.
    """
    from gradcli.calculus.effort.time_budget import GIVING_UP, OutOfTime, seconds

    try:
        with seconds(limit("formulas")):
            return work()
    except OutOfTime:
        raise limit_problem("formulas", f"formulas: not written within {limit('formulas'):g} s") from None
    except GIVING_UP:
        return None


def _plainly(expression: Expression, derivative: Any, write: Callable[..., str]) -> str:
    decimal = any(node.op == "number" and not node.text.isdigit() for node in expression.nodes)
    return write(derivative, decimal=decimal, taken=frozenset(expression.variables))
