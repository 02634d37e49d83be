"""Expression → formulas: what the partial derivatives are, as mathematics.

sympy differentiates and simplifies expressions of a size that a person would read. Beyond that, and where sympy
has no words, the formulas are read off the reverse sweep, whose length is linear. A clock only stops: then there are none.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.calculus.symbolic.sympy_derivative import sympy_derivatives, within_budget
from gradcli.language.tree import Expression

#: sympy is asked for expressions of up to this many nodes, and this many nodes times variables.
MOST_NODES, MOST_WORK = 400, 6_000


def formulas(expression: Expression, sweep: Sweep, wrt: Sequence[str]) -> dict[str, str | None]:
    """The formula of ∂f/∂v for each v in *wrt*, in gradcli's own language; None where it is too long to write.

    Raises LimitProblem where they are not written in time.
    """
    names = [name for name in wrt if name in sweep.adjoints]
    missing = dict.fromkeys(name for name in wrt if name not in sweep.adjoints)
    from gradcli.calculus.formulas.formula_shown import Formulas

    write = Formulas(expression)
    found = sympy_derivatives(expression, names, write.text) if _is_readable(expression, names) else {}
    rest = [name for name in names if name not in found]
    if rest:
        from gradcli.calculus.formulas.graph_formulas import unrolled_nodes

        nodes = [sweep.adjoints[name] for name in rest]
        texts = unrolled_nodes(sweep.graph, nodes, lambda i, whole: write.text_of(whole, rest[i]))
        found |= dict(zip(rest, texts, strict=True))
    return {name: found.get(name) for name in wrt} | missing


def latex_formulas(expression: Expression, sweep: Sweep, wrt: Sequence[str]) -> dict[str, str | None]:
    """The same in LaTeX, with the expression itself under the empty name."""
    from gradcli.calculus.formulas.formula_shown import Formulas

    write = Formulas(expression)
    names = [name for name in wrt if name in sweep.adjoints]
    readable = _is_readable(expression, names)
    found = sympy_derivatives(expression, names, write.latex) if readable else {}
    whole = within_budget(write.latex_of_itself) if readable else None
    return {"": whole, **{name: found.get(name) for name in wrt}}


def _is_readable(expression: Expression, names: Sequence[str]) -> bool:
    size = expression.size
    return size <= MOST_NODES and size * len(names) <= MOST_WORK
