"""Expression → formulas: what the partial derivatives are, as mathematics.

sympy differentiates and simplifies expressions of a size that a person would read. Beyond that, and where sympy
has no words, the formulas are read off the reverse sweep, whose length is linear. A clock only stops: then there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gradcli.calculus.sweep import Sweep
from gradcli.language.limits import limit, limit_problem
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

T = TypeVar("T")

#: sympy is asked for expressions of up to this many nodes, and this many nodes times variables.
MOST_NODES, MOST_WORK = 400, 6_000


def formulas(expression: Expression, sweep: Sweep, wrt: Sequence[str]) -> dict[str, str | None]:
    """The formula of ∂f/∂v for each v in *wrt*, in gradcli's own language; None where it is too long to write.

    Raises LimitProblem where they are not written in time.
    """
    names = [name for name in wrt if name in sweep.adjoints]
    missing = dict.fromkeys(name for name in wrt if name not in sweep.adjoints)
    found = _by_sympy(expression, names, written(expression)) if _is_readable(expression, names) else {}
    rest = [name for name in names if name not in found]
    if rest:
        from gradcli.calculus.unrolled import unrolled

        found |= unrolled(sweep, rest)
    return {name: found.get(name) for name in wrt} | missing


def latex_formulas(expression: Expression, sweep: Sweep, wrt: Sequence[str]) -> dict[str, str | None]:
    """The same in LaTeX, with the expression itself under the empty name."""
    from gradcli.calculus.symbolic import to_sympy
    from gradcli.calculus.writing import write_latex

    def whole() -> str:
        return write_latex(to_sympy(expression))

    names = [name for name in wrt if name in sweep.adjoints]
    readable = _is_readable(expression, names)
    found = _by_sympy(expression, names, write_latex) if readable else {}
    return {"": within_budget(whole) if readable else None, **{name: found.get(name) for name in wrt}}


def derivative_text(text: str, name: str, given: Sequence[str]) -> str | None:
    """The derivative of the expression *text* along *name* in gradcli's language; None if sympy knows none."""
    return _by_sympy(parse(text, given), [name], written(parse(text, given))).get(name)


def _is_readable(expression: Expression, names: Sequence[str]) -> bool:
    size = len(expression.nodes)
    return size <= MOST_NODES and size * len(names) <= MOST_WORK


def written(expression: Expression) -> Callable[[Any], str]:
    """How sympy's answers about *expression* are written: with decimals where it has some, avoiding its names."""
    from gradcli.calculus.writing import write

    decimal = any(node.op == "number" and not node.text.isdigit() for node in expression.nodes)
    taken = frozenset(expression.variables)
    return lambda derivative: write(derivative, decimal=decimal, taken=taken)


def _by_sympy(
    expression: Expression, names: Sequence[str], write: Callable[[Any], str]
) -> dict[str, str | None]:
    from gradcli.calculus.symbolic import symbol, to_sympy

    def differentiate() -> dict[str, str | None]:
        whole = to_sympy(expression)
        return {name: text for name in names if (text := _one(whole, symbol(name), write)) is not None}

    return within_budget(differentiate) or {}


def _one(whole: Any, variable: Any, write: Callable[[Any], str]) -> str | None:
    from gradcli.calculus.writing import Unwritable

    try:
        return write(whole.diff(variable))
    except (Unwritable, ValueError, TypeError, ArithmeticError):
        return None


def within_budget(work: Callable[[], T]) -> T | None:
    """What *work* returns, or None where sympy gives up or recurses too deeply.

    Raises LimitProblem where it takes longer than `--limit formulas`.
    """
    from gradcli.calculus.budget import GIVING_UP, OutOfTime, seconds

    try:
        with seconds(limit("formulas")):
            return work()
    except OutOfTime:
        raise limit_problem("formulas", f"formulas: not written within {limit('formulas'):g} s") from None
    except GIVING_UP:
        return None
