"""Entries of a table of derivatives → formulas: as in a book where a person reads them, the graph's own beyond."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from gradcli.calculus.effort.time_budget import within_budget
from gradcli.calculus.formulas.formula_shown import Formulas
from gradcli.calculus.formulas.graph_formulas import unrolled_nodes
from gradcli.calculus.formulas.texts.partial_formulas import MOST_NODES, MOST_WORK
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.tree import Expression

#: Nodes times the depth of the tree, once for each derivative, beyond which a derivative of that order is read off the
#: graph: each level of functions within functions is a factor of every term.
MOST_NESTED = 60_000


class Entry(NamedTuple):
    """One derivative: of what, along which variables in turn, and its node (None: there is none)."""

    expression: Expression
    chain: tuple[str, ...]
    node: int | None


def entry_texts(graph: Graph, entries: Sequence[Entry]) -> list[str | None]:
    """The formula of each entry in gradcli's own language; None where there is none or it would be too long."""
    writers = _writers(entries)
    found = _as_in_a_book(entries, lambda i: writers[i].text(*entries[i].chain))
    rest = [i for i, entry in enumerate(entries) if entry.node is not None and i not in found]
    nodes = [node for i in rest if (node := entries[i].node) is not None]
    texts = unrolled_nodes(
        graph, nodes, lambda i, whole: writers[rest[i]].text_of(whole, entries[rest[i]].chain[-1])
    )
    found |= dict(zip(rest, texts, strict=True))
    return [found.get(i) for i in range(len(entries))]


def entry_latex(entries: Sequence[Entry]) -> list[str | None]:
    """The same in LaTeX, None where there is none or it would be too long."""
    writers = _writers(entries)
    found = _as_in_a_book(entries, lambda i: writers[i].latex(*entries[i].chain))
    return [found.get(i) for i in range(len(entries))]


def _writers(entries: Sequence[Entry]) -> list[Formulas]:
    """What writes each entry; entries of one expression share it."""
    known: dict[int, Formulas] = {}
    for entry in entries:
        if id(entry.expression) not in known:
            known[id(entry.expression)] = Formulas(entry.expression)
    return [known[id(entry.expression)] for entry in entries]


def _as_in_a_book(entries: Sequence[Entry], write: Callable[[int], str | None]) -> dict[int, str | None]:
    """What *write* answers for the entries that have a node, of a size that a person reads, as far as its budget goes."""
    asked = [i for i, entry in enumerate(entries) if entry.node is not None]
    size = max((entry.expression.size for entry in entries), default=0)
    found: dict[int, str | None] = {}
    if size > MOST_NODES or size * len(asked) > MOST_WORK or any(_is_nested(entries[i]) for i in asked):
        return found

    def work() -> None:
        """One formula after another: what was written in time stays."""
        for i in asked:
            if (text := write(i)) is not None:
                found[i] = text

    within_budget(work)
    return found


def _is_nested(entry: Entry) -> bool:
    """Whether functions within functions would make the derivative too long."""
    depths: list[int] = []
    for node in entry.expression.nodes:
        depths.append(1 + max((depths[a] for a in node.args), default=0))
    return bool(len(depths) * depths[-1] ** len(entry.chain) > MOST_NESTED)


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
