"""Text → Hessian, and the Hessian times a direction: forward sweeps over the graph of the gradient."""

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
)
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Expression


def hessian_of(
    texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None, *, formulas: bool = True
) -> Matrix:
    """The second derivatives of the sum of *texts* along the variables *wrt* (or all), one forward sweep for each.

    Row i's value is the partial along variable i; the program's own value and gradient are f's. The table is
    symmetric to the last bit: what lies below the diagonal is what lies above it.
    """
    whole = total(texts, given)
    names = tuple(whole.variables if wrt is None else wrt)
    check_size(len(names), len(names), "--hvp multiplies a Hessian without forming it")
    graph = Graph()
    sweep = reverse(graph, graph.include(whole), frozenset(names))
    upper, unknown = _upper(graph, sweep, names)
    size = range(len(names))
    nodes = [[upper[min(i, j), max(i, j)] for j in size] for i in size]
    written = _formulas(graph, whole, names, nodes) if formulas else None
    rows = Rows(_gradient(graph, sweep, names), nodes, unknown, written)
    return assembled(graph, whole, names, rows, sweep=sweep)


def hvp_of(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None) -> Matrix:
    """The Hessian of the sum of *texts* times a direction: one column, by one forward sweep over the gradient.

    The direction's components are variables of the program, called as `table_assembly.direction_names` says.
    """
    whole = total(texts, given)
    names = tuple(whole.variables if wrt is None else wrt)
    graph = Graph()
    sweep = reverse(graph, graph.include(whole), frozenset(names))
    users = users_of(graph, list(sweep.adjoints.values()))
    tangents = forward(graph, direction_seeds(graph, names), users)
    partials = [sweep.adjoints.get(name) for name in names]
    zero = graph.number("0")
    nodes = [[None if p is None or p in tangents.lost else tangents.nodes.get(p, zero)] for p in partials]
    lost = {
        (i, 0)
        for i, p in enumerate(partials)
        if names[i] in sweep.unknown or (p is not None and p in tangents.lost)
    }
    values = _gradient(graph, sweep, names)
    return assembled(
        graph, whole, ("along",), Rows(values, nodes, lost), extra=direction_names(names), sweep=sweep
    )


def _upper(
    graph: Graph, sweep: Sweep, names: Sequence[str]
) -> tuple[dict[tuple[int, int], int | None], set[tuple[int, int]]]:
    """The nodes on and above the diagonal, None where there is no connection; and the places nobody knows."""
    users = users_of(graph, list(sweep.adjoints.values()))
    zero = graph.number("0")
    upper: dict[tuple[int, int], int | None] = {}
    unknown: set[tuple[int, int]] = set()
    for i, name in enumerate(names):
        seed = {graph.node("name", text=name): graph.number("1")}
        tangents = forward(graph, seed, users) if name in sweep.adjoints else None
        for j in range(i, len(names)):
            partial = sweep.adjoints.get(names[j])
            connected = tangents is not None and partial is not None
            upper[i, j] = tangents.nodes.get(partial, zero) if tangents and partial is not None else None
            lost = connected and tangents is not None and partial in tangents.lost
            if lost or name in sweep.unknown or names[j] in sweep.unknown:
                upper[i, j] = None
                unknown |= {(i, j), (j, i)}
    return upper, unknown


def _gradient(graph: Graph, sweep: Sweep, names: Sequence[str]) -> list[int]:
    return [sweep.adjoints.get(name, graph.number("0")) for name in names]


def _formulas(
    graph: Graph, whole: Expression, names: Sequence[str], nodes: Sequence[Sequence[int | None]]
) -> list[list[str | None]]:
    """The formulas of a symmetric table: those on and above the diagonal, mirrored."""
    from gradcli.calculus.formulas.texts.table_formulas import Entry, entry_texts

    places = [(i, j) for i in range(len(names)) for j in range(i, len(names))]
    entries = [Entry(whole, (names[i], names[j]), nodes[i][j]) for i, j in places]
    found = dict(zip(places, entry_texts(graph, entries), strict=True))
    return [[found[min(i, j), max(i, j)] for j in range(len(names))] for i in range(len(names))]
