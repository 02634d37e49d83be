"""Expression → formulas: what the partial derivatives are, as mathematics.

sympy differentiates and simplifies expressions of a size that a person would read. Beyond that, and where sympy
has no words, the formulas are read off the reverse sweep, whose length is linear. A clock only stops: then there are none.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.calculus.symbolic.sympy_derivative import _by_sympy, within_budget, written
from gradcli.language.tree import Expression

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
        from gradcli.calculus.formulas.graph_formulas import unrolled

        found |= unrolled(sweep, rest)
    return {name: found.get(name) for name in wrt} | missing


def latex_formulas(expression: Expression, sweep: Sweep, wrt: Sequence[str]) -> dict[str, str | None]:
    """The same in LaTeX, with the expression itself under the empty name."""
    from gradcli.calculus.symbolic.from_sympy import write_latex
    from gradcli.calculus.symbolic.to_sympy import to_sympy

    def whole() -> str:
        return write_latex(to_sympy(expression))

    names = [name for name in wrt if name in sweep.adjoints]
    readable = _is_readable(expression, names)
    found = _by_sympy(expression, names, write_latex) if readable else {}
    return {"": within_budget(whole) if readable else None, **{name: found.get(name) for name in wrt}}


def _is_readable(expression: Expression, names: Sequence[str]) -> bool:
    size = len(expression.nodes)
    return size <= MOST_NODES and size * len(names) <= MOST_WORK
