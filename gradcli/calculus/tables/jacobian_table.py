"""Texts → tables of derivatives: Jacobians, and products with them that never form the matrix."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.forward_sweep import forward, users_of
from gradcli.calculus.graph.reverse_sweep import Sweep, reverse
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.tables.table_assembly import (
    Rows,
    assembled,
    check_size,
    direction_names,
    direction_seeds,
    weight_names,
)
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.tree import Expression


def jacobian_of(
    texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None, *, formulas: bool = True
) -> Matrix:
    """The derivatives of each of *texts* along each variable of *wrt* (or all), by one reverse sweep per text."""
    whole, terms = outputs_of(texts, given)
    columns = tuple(whole.variables if wrt is None else wrt)
    check_size(len(terms), len(columns), "--vjp and --jvp multiply a Jacobian without forming it")
    graph = Graph()
    roots = [graph.include(term) for term in terms]
    sweeps = [reverse(graph, root, frozenset(columns)) for root in roots]
    connected = {name for sweep in sweeps for name in (*sweep.adjoints, *sweep.unknown)}
    nodes = [[_partial(graph, sweep, name, name in connected) for name in columns] for sweep in sweeps]
    unknown = {(i, j) for i, s in enumerate(sweeps) for j, name in enumerate(columns) if name in s.unknown}
    written = _formulas(graph, terms, columns, nodes) if formulas else None
    return assembled(graph, whole, columns, Rows(roots, nodes, unknown, written))


def _formulas(
    graph: Graph, terms: Sequence[Expression], columns: Sequence[str], nodes: Sequence[Sequence[int | None]]
) -> list[list[str | None]]:
    """The formulas of the table, a row for each of *terms*."""
    from gradcli.calculus.formulas.texts.table_formulas import Entry, entry_texts

    entries = [
        Entry(term, (name,), node)
        for term, row in zip(terms, nodes, strict=True)
        for name, node in zip(columns, row, strict=True)
    ]
    texts = entry_texts(graph, entries)
    return [texts[i * len(columns) : (i + 1) * len(columns)] for i in range(len(terms))]


def _partial(graph: Graph, sweep: Sweep, name: str, connected: bool) -> int | None:
    """0 where only other outputs depend on the variable; None where none does, or nobody knows."""
    if name in sweep.adjoints:
        return sweep.adjoints[name]
    return graph.number("0") if connected and name not in sweep.unknown else None


def vjp_of(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None) -> Matrix:
    """Weights times Jacobian: one row, by one reverse sweep whatever the number of texts.

    The weights are variables of the program, called as `weight_names` says.
    """
    whole, terms = outputs_of(texts, given)
    columns = tuple(whole.variables if wrt is None else wrt)
    graph = Graph()
    weighted = [
        graph.node("mul", graph.node("name", text=weight), graph.include(term))
        for weight, term in zip(weight_names(len(terms)), terms, strict=True)
    ]
    root = weighted[0]
    for node in weighted[1:]:
        root = graph.node("add", root, node)
    sweep = reverse(graph, root, frozenset(columns))
    row = [sweep.adjoints.get(name) for name in columns]
    unknown = {(0, j) for j, name in enumerate(columns) if name in sweep.unknown}
    return assembled(graph, whole, columns, Rows([root], [row], unknown), extra=weight_names(len(terms)))


def jvp_of(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None) -> Matrix:
    """Jacobian times direction: one column, by one forward sweep whatever the number of variables.

    The direction's components are variables of the program, called as `direction_names` says.
    """
    whole, terms = outputs_of(texts, given)
    names = tuple(whole.variables if wrt is None else wrt)
    graph = Graph()
    roots = [graph.include(term) for term in terms]
    tangents = forward(graph, direction_seeds(graph, names), users_of(graph, roots))
    nodes = [[tangents.nodes.get(root)] for root in roots]
    unknown = {(i, 0) for i, root in enumerate(roots) if root in tangents.lost}
    return assembled(graph, whole, ("along",), Rows(roots, nodes, unknown), extra=direction_names(names))
