"""Text → derivatives of any order: each one forward sweep over the graph of the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.forward_sweep import forward, users_of
from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.tables.table_assembly import Rows, assembled
from gradcli.language.limits import limit, limit_problem
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Expression

Chain = tuple[str, ...]


def derivatives_of(
    texts: Sequence[str], given: Collection[str], chains: Sequence[Chain], *, formulas: bool = True
) -> Matrix:
    """The derivatives of the sum of *texts* along each of *chains*, whose beginnings must be among them.

    One row per chain, its value the derivative along all but the last variable, its one entry in the column of the
    last. Raises LimitProblem where the graph grows beyond its limit.
    """
    whole = total(texts, given)
    columns = tuple(dict.fromkeys(name for chain in chains for name in chain))
    graph = Graph()
    root = graph.include(whole)
    known: dict[Chain, int | None] = {(): root}
    lost: set[Chain] = set()
    for chain in sorted(chains, key=len):
        known[chain] = _derivative(graph, known, lost, root, chain)
        if len(graph.ops) > limit("operations"):
            order = "".join(f" {name}" for name in chain[:8])
            message = (
                f"the derivative along{order} would take more than {limit('operations'):,.0f} operations"
            )
            raise limit_problem("operations", message, instead="a lower order takes fewer")
    zero = graph.number("0")
    lower = [known[chain[:-1]] for chain in chains]
    nodes = [[known[chain] if name == chain[-1] else None for name in columns] for chain in chains]
    unknown = {(i, columns.index(chain[-1])) for i, chain in enumerate(chains) if chain in lost}
    written = _formulas(graph, whole, columns, known, chains) if formulas else None
    values = [zero if node is None else node for node in lower]
    first = Sweep(graph, root, {}, ())
    return assembled(graph, whole, columns, Rows(values, nodes, unknown, written), sweep=first)


def _formulas(
    graph: Graph,
    whole: Expression,
    columns: Sequence[str],
    known: Mapping[Chain, int | None],
    chains: Sequence[Chain],
) -> list[list[str | None]]:
    """The formula of each chain in the column of its last variable."""
    from gradcli.calculus.formulas.texts.table_formulas import Entry, entry_texts

    texts = entry_texts(graph, [Entry(whole, chain, known[chain]) for chain in chains])
    return [
        [text if name == chain[-1] else None for name in columns]
        for chain, text in zip(chains, texts, strict=True)
    ]


def _derivative(
    graph: Graph, known: dict[Chain, int | None], lost: set[Chain], root: int, chain: Chain
) -> int | None:
    """The node of one derivative; None where nothing depends on the variable, or nobody knows it."""
    lower, name = known[chain[:-1]], graph.node("name", text=chain[-1])
    if chain[:-1] in lost:
        lost.add(chain)
    if lower is None:
        return None
    tangents = forward(graph, {name: graph.number("1")}, users_of(graph, [lower]))
    if lower in tangents.lost:
        lost.add(chain)
        return None
    connected = len(chain) == 1 or _reaches(graph, root, name)
    return tangents.nodes.get(lower, graph.number("0") if connected and len(chain) > 1 else None)


def _reaches(graph: Graph, root: int, name: int) -> bool:
    tangents = forward(graph, {name: graph.number("1")}, users_of(graph, [root]))
    return root in tangents.nodes or root in tangents.lost


def beginnings(chain: Chain) -> list[Chain]:
    """x, xx, xxy for xxy."""
    return [chain[: i + 1] for i in range(len(chain))]


def rows_named(chains: Sequence[Chain]) -> list[str]:
    """What the notes of each row are about: the derivative before the last, nothing where that is f."""
    lower = [chain[:-1] for chain in chains]
    words = ["", " (of the partial along {})", " (of the derivative along {})"]
    return [words[min(len(chain), 2)].format(", ".join(chain)) for chain in lower]


def all_chains(names: Sequence[str], order: int) -> list[Chain]:
    """Every derivative from order 1 up to *order*, each once, lower ones first. Raises LimitProblem for too many."""
    from math import comb

    count = comb(len(names) + order, order) - 1
    if count > limit("derivatives"):
        message = (
            f"order {order} in {len(names)} variables needs {count:,} derivatives: "
            f"at most {limit('derivatives'):,.0f} are computed together"
        )
        raise limit_problem("derivatives", message)
    return list(_chains(names, order))


def _chains(names: Sequence[str], order: int) -> Iterator[Chain]:
    level: list[Chain] = [()]
    for _ in range(order):
        level = [
            (*chain, name)
            for chain in level
            for name in names
            if not chain or names.index(name) >= names.index(chain[-1])
        ]
        yield from level
