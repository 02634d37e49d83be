"""Entries of a table of derivatives → formulas: sympy's where a person reads them, the graph's own beyond."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.formulas.graph_formulas import unrolled_nodes
from gradcli.calculus.formulas.partial_formulas import MOST_NODES, MOST_WORK
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.symbolic.sympy_derivative import within_budget
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.tree import Expression

if TYPE_CHECKING:
    from gradcli.calculus.formulas.formula_shown import Formulas


class Entry(NamedTuple):
    """One derivative: of what, along which variables in turn, and its node (None: there is none)."""

    expression: Expression
    chain: tuple[str, ...]
    node: int | None


def entry_texts(graph: Graph, entries: Sequence[Entry]) -> list[str | None]:
    """The formula of each entry in gradcli's own language; None where there is none or it would be too long."""
    writers = _writers(entries)
    found = by_sympy(entries, lambda i, derivative: writers[i].text(derivative, entries[i].chain[-1]))
    rest = [i for i, entry in enumerate(entries) if entry.node is not None and i not in found]
    nodes = [node for i in rest if (node := entries[i].node) is not None]
    texts = unrolled_nodes(
        graph, nodes, lambda i, whole: writers[rest[i]].text_of(whole, entries[rest[i]].chain[-1])
    )
    found |= dict(zip(rest, texts, strict=True))
    return [found.get(i) for i in range(len(entries))]


def entry_latex(entries: Sequence[Entry]) -> list[str | None]:
    """The same in LaTeX, None where sympy has no answer."""
    writers = _writers(entries)
    found = by_sympy(entries, lambda i, derivative: writers[i].latex(derivative, entries[i].chain[-1]))
    return [found.get(i) for i in range(len(entries))]


def _writers(entries: Sequence[Entry]) -> list[Formulas]:
    """What writes each entry; entries of one expression share it."""
    from gradcli.calculus.formulas.formula_shown import Formulas

    known: dict[int, Formulas] = {}
    for entry in entries:
        if id(entry.expression) not in known:
            known[id(entry.expression)] = Formulas(entry.expression)
    return [known[id(entry.expression)] for entry in entries]


def by_sympy(entries: Sequence[Entry], write: Callable[[int, Any], str]) -> dict[int, str | None]:
    """What sympy writes for the entries that have a node, as far as it gets within its budget."""
    from gradcli.calculus.symbolic.from_sympy import Unwritable
    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy

    asked = [i for i, entry in enumerate(entries) if entry.node is not None]
    size = max((entry.expression.size for entry in entries), default=0)
    found: dict[int, str | None] = {}
    if size > MOST_NODES or size * len(asked) > MOST_WORK:
        return found
    known: dict[tuple[int, tuple[str, ...]], Any] = {}

    def derivative(expression: Expression, chain: tuple[str, ...]) -> Any:
        key = (id(expression), chain)
        if key not in known:
            known[key] = (
                _sloped(derivative(expression, chain[:-1]), symbol(chain[-1]))
                if chain
                else to_sympy(expression)
            )
        return known[key]

    def work() -> bool:
        for i in asked:
            try:
                found[i] = write(i, derivative(entries[i].expression, entries[i].chain))
            except (Unwritable, ValueError, TypeError, ArithmeticError):
                continue
        return True

    within_budget(work)
    return found


def _sloped(expression: Any, variable: Any) -> Any:
    """The derivative beside jumps: sympy's delta functions are 0 there."""
    import sympy

    found = expression.diff(variable)
    return (
        found.replace(sympy.DiracDelta, lambda *_: sympy.Integer(0)) if found.has(sympy.DiracDelta) else found
    )


def chains_latex(expression: Expression, chains: Sequence[tuple[str, ...]]) -> list[str | None]:
    """The derivative along each chain of variables."""
    return entry_latex([Entry(expression, chain, 0) for chain in chains])


Latex = list[list[str | None]]


def jacobian_latex(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None) -> Latex:
    """One row per text, one column per variable; None where sympy has no answer."""
    whole, terms = outputs_of(texts, given)
    names = whole.variables if wrt is None else wrt
    return [chains_latex(term, [(name,) for name in names]) for term in terms]


def hessian_latex(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None) -> Latex:
    """One row and one column per variable; None where sympy has no answer."""
    whole, _ = outputs_of(texts, given)
    names = whole.variables if wrt is None else wrt
    return [chains_latex(whole, [(row, column) for column in names]) for row in names]
