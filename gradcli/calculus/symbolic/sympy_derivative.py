"""sympy's derivative of an expression as text: within a size, and with a clock that only stops."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.effort.time_budget import within_budget
from gradcli.language.parser import parse


def derivative_text(text: str, name: str, given: Sequence[str]) -> str | None:
    """The derivative of the expression *text* along *name* in gradcli's language; None if sympy knows none.

    Raises LimitProblem where it takes longer than `--limit formulas`.
    """
    from gradcli.calculus.symbolic.from_sympy import Unwritable, write
    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy

    expression = parse(text, given)
    decimal = any(node.op == "number" and not node.text.isdigit() for node in expression.nodes)

    def differentiate() -> str | None:
        """The text of sympy's derivative."""
        try:
            found = to_sympy(expression).diff(symbol(name))
            return write(found, decimal=decimal, taken=frozenset(expression.variables))
        except Unwritable:
            return None

    return within_budget(differentiate)
