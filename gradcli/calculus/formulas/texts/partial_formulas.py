"""Expression → formulas: what the partial derivatives are, as mathematics.

Expressions of a size that a person would read are differentiated as in a book. Beyond that, and where that finds none,
the formulas are read off the reverse sweep, whose length is linear. A clock only stops: then there are none.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.calculus.effort.time_budget import within_budget
from gradcli.calculus.formulas.formula_shown import Formulas
from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.language.tree import Expression

#: Expressions of up to this many nodes, and this many nodes times variables, are differentiated as in a book.
MOST_NODES, MOST_WORK = 400, 6_000


def partial_formulas(expression: Expression, sweep: Sweep, wrt: Sequence[str]) -> dict[str, str | None]:
    """The formula of ∂f/∂v for each v in *wrt*, in gradcli's own language; None where it is too long to write.

    Raises LimitProblem where they are not written in time.
    """
    names = [name for name in wrt if name in sweep.adjoints]
    write = Formulas(expression)
    found = (within_budget(lambda: _texts(write, names)) or {}) if _is_readable(expression, names) else {}
    rest = [name for name in names if name not in found]
    if rest:
        from gradcli.calculus.formulas.graph_formulas import unrolled_nodes

        nodes = [sweep.adjoints[name] for name in rest]
        texts = unrolled_nodes(sweep.graph, nodes, lambda i, whole: write.text_of(whole, rest[i]))
        found |= dict(zip(rest, texts, strict=True))
    return {name: found.get(name) for name in wrt}


def _texts(write: Formulas, names: Sequence[str]) -> dict[str, str | None]:
    return {name: text for name in names if (text := write.text(name)) is not None}


def latex_formulas(expression: Expression, sweep: Sweep, wrt: Sequence[str]) -> dict[str, str | None]:
    """The same in LaTeX, with the expression itself under the empty name."""
    names = [name for name in wrt if name in sweep.adjoints]
    if not _is_readable(expression, names):
        return dict.fromkeys(("", *wrt))
    write = Formulas(expression)
    found = within_budget(lambda: {name: write.latex(name) for name in names}) or {}
    return {"": within_budget(write.latex_of_itself), **{name: found.get(name) for name in wrt}}


def _is_readable(expression: Expression, names: Sequence[str]) -> bool:
    size = expression.size
    return size <= MOST_NODES and size * len(names) <= MOST_WORK
