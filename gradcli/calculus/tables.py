"""Texts → tables of derivatives: Jacobians, and products with them that never form the matrix."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.compile import total
from gradcli.calculus.entries import Entry, entry_texts
from gradcli.calculus.graph import Graph
from gradcli.calculus.layout import lay_out
from gradcli.calculus.matrix import Matrix
from gradcli.calculus.sweep import Sweep, reverse
from gradcli.calculus.tangent import forward, users_of
from gradcli.language.limits import limit, limit_problem
from gradcli.language.tree import Expression


def outputs_of(texts: Sequence[str], given: Collection[str]) -> tuple[Expression, list[Expression]]:
    """The sum of *texts* and its terms, all with their places in the sum's text. Raises what parsing raises."""
    whole = total(texts, given)
    if len(texts) == 1:
        return whole, [whole]
    start, terms = 0, []
    for root in whole.nodes[-1].args:  # nodes are in post-order: each term's are side by side
        nodes = whole.nodes[start : root + 1]
        moved = (node._replace(args=tuple(a - start for a in node.args)) for node in nodes)
        terms.append(Expression(whole.text, tuple(moved), whole.variables))
        start = root + 1
    return whole, terms


def jacobian_of(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None) -> Matrix:
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
    entries = [
        Entry(term, (name,), node)
        for term, row in zip(terms, nodes, strict=True)
        for name, node in zip(columns, row, strict=True)
    ]
    texts_ = entry_texts(graph, entries)
    formulas = [texts_[i * len(columns) : (i + 1) * len(columns)] for i in range(len(terms))]
    return assembled(graph, whole, columns, roots, nodes, unknown, formulas)


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
    return assembled(graph, whole, columns, [root], [row], unknown, extra=weight_names(len(terms)))


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
    return assembled(graph, whole, ("along",), roots, nodes, unknown, extra=direction_names(names))


def weight_names(count: int) -> tuple[str, ...]:
    """What programs call the weights of outputs: no variable of a user can be called so."""
    return tuple(f"weight {i}" for i in range(count))


def direction_names(names: Sequence[str]) -> tuple[str, ...]:
    """What programs call the components of a direction: no variable of a user can be called so."""
    return tuple(f"along {name}" for name in names)


def direction_seeds(graph: Graph, names: Sequence[str]) -> dict[int, int]:
    """The node of each variable → the node of the direction's component along it."""
    pairs = zip(names, direction_names(names), strict=True)
    return {graph.node("name", text=name): graph.node("name", text=along) for name, along in pairs}


def assembled(
    graph: Graph,
    whole: Expression,
    columns: Sequence[str],
    values: Sequence[int],
    nodes: Sequence[Sequence[int | None]],
    unknown: Collection[tuple[int, int]],
    formulas: Sequence[Sequence[str | None]] | None = None,
    extra: Sequence[str] = (),
    sweep: Sweep | None = None,
) -> Matrix:
    """The table whose rows have the nodes *values* and the derivatives *nodes*.

    extra: variables beside the user's. sweep: where the program's own value and gradient come from, if it has them.
    """
    first = [sweep.value, *sweep.adjoints.values()] if sweep else []
    outputs = [*first, *values, *(node for row in nodes for node in row if node is not None)]
    variables = [*whole.variables, *extra]
    program, slots = lay_out(graph, outputs, variables)
    if sweep:
        adjoints = [sweep.adjoints.get(name) for name in variables]
        gradient = tuple(None if node is None else slots[node] for node in adjoints)
        program = program._replace(gradient=gradient, unknown=sweep.unknown)
    places = tuple(tuple(None if node is None else slots[node] for node in row) for row in nodes)
    blank = tuple((None,) * len(columns) for _ in nodes)
    return Matrix(
        whole.text, program, tuple(columns), tuple(slots[value] for value in values), places, frozenset(unknown),
        blank if formulas is None else tuple(map(tuple, formulas)),
    )  # fmt: skip


def check_size(rows: int, columns: int, instead: str) -> None:
    """Raises LimitProblem where a table would have more entries than its limit."""
    if rows * columns > limit("entries"):
        message = f"a matrix of {rows:,} × {columns:,} is too large: at most {limit('entries'):,.0f} entries are formed"
        raise limit_problem("entries", message, instead=instead)
