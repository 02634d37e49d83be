"""Adjoints of a sweep → formulas: the graph's shared parts written out wherever they are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import Sweep
from gradcli.language.expression_text import text_of
from gradcli.language.tree import Expression, Node

#: Nodes in one formula, written out, and in all formulas of an expression: beyond this nobody reads them.
LONGEST, LONGEST_TOGETHER = 20_000, 4_000_000

_NOWHERE = (0, 0)
_RENAMED = {
    "div": "/", "pow": "**", "lt": "<", "le": "<=", "eq": "==", "ne": "!=", "select": "where",
    "elliptic_e2": "elliptic_e", "sign_side": "sign", "floor_side": "floor", "lt_side": "<",
    "le_side": "<=", "eq_side": "==", "ne_side": "!=", "heaviside_side": "heaviside", "first_side": "heaviside",
    "second_side": "heaviside", "relu_side": "heaviside",
}  # fmt: skip

#: Operations of two operands that are written as sums and products of many.
_CHAINS = {"add": "+", "sub": "+", "mul": "*"}


def unrolled(sweep: Sweep, names: Sequence[str]) -> dict[str, str | None]:
    """The formula of each variable, or None where it would be longer than LONGEST."""
    texts = unrolled_nodes(sweep.graph, [sweep.adjoints[name] for name in names])
    return dict(zip(names, texts, strict=True))


def unrolled_nodes(
    graph: Graph,
    nodes: Sequence[int],
    write: Callable[[int, Expression], str] | None = None,
    named: Mapping[int, str] | None = None,
) -> list[str | None]:
    """The formula of each node, or None where it would be longer than LONGEST.

    write: what writes the i-th. named: nodes that are written as a name.
    """
    named = named or {}
    sizes = _sizes(graph, named)
    left, texts = LONGEST_TOGETHER, list[str | None]()
    for i, node in enumerate(nodes):
        size = sizes[node]
        whole = _written_out(graph, node, named) if size <= min(LONGEST, left) else None
        texts.append(None if whole is None else write(i, whole) if write else text_of(whole))
        left -= size if texts[-1] else 0
    return texts


def _sizes(graph: Graph, named: Mapping[int, str]) -> list[int]:
    """How many nodes each node has when everything below it is written out; no number grows beyond LONGEST."""
    sizes: list[int] = []
    for node, args in enumerate(graph.args):
        sizes.append(1 if node in named else min(1 + sum(sizes[a] for a in args), LONGEST + 1))
    return sizes


def _written_out(graph: Graph, root: int, named: Mapping[int, str]) -> Expression:
    needed, waiting = {root: _operands(graph, root, named)}, [root]
    while waiting:
        for operand, _ in needed[waiting.pop()]:
            if operand not in needed:
                needed[operand] = _operands(graph, operand, named)
                waiting.append(operand)
    nodes: list[Node] = []
    places: dict[int, int] = {}
    for node in sorted(needed):
        if node in named:
            places[node] = len(nodes)
            nodes.append(Node("name", (), named[node], _NOWHERE))
            continue
        places[node] = _write(graph, node, [(places[a], less) for a, less in needed[node]], nodes)
    nodes.append(nodes[places[root]])  # the whole is the last node
    return Expression("", tuple(nodes), ())


def _operands(graph: Graph, node: int, named: Mapping[int, str]) -> list[tuple[int, bool]]:
    """The nodes from which a node is written, each with whether it is taken away.

    Those of a whole sum or product at once: what lies on the way to its first operand is not written by itself.
    """
    if node in named:
        return []
    op = _CHAINS.get(graph.ops[node])
    rest: list[tuple[int, bool]] = []
    while op and _CHAINS.get(graph.ops[node]) == op and node not in named:
        rest.append((graph.args[node][1], graph.ops[node] == "sub"))
        node = graph.args[node][0]
    return [(node, False), *reversed(rest)] if rest else [(a, False) for a in graph.args[node]]


def _write(graph: Graph, node: int, operands: list[tuple[int, bool]], nodes: list[Node]) -> int:
    def new(op: str, *arguments: int, text: str = "") -> int:
        """Append a node; its place."""
        nodes.append(Node(op, tuple(arguments), text, _NOWHERE))
        return len(nodes) - 1

    op, args = graph.ops[node], [place for place, _ in operands]
    if op in ("number", "constant", "name"):
        return new(op, text=graph.texts[node])
    if op in ("flat_zero", "flat_cut", "flat_integer"):
        return new("number", text="0")
    if op == "square":
        return new("**", args[0], new("number", text="2"))
    if op == "power_log":
        return new("*", new("**", *args), new("log", args[0]))
    if op == "sum":
        return new("+", *args)
    if op == "gate":
        return _gated(nodes, new, *args)
    if op in _CHAINS:
        first = nodes[args[0]]
        rest = [new("neg", place) if less else place for place, less in operands[1:]]
        return new(_CHAINS[op], *(first.args if first.op == _CHAINS[op] else args[:1]), *rest)
    return new(_RENAMED.get(op, op), *args)


#: Conditions within each other that a product is written into.
_DEEPEST = 20


def _gated(nodes: Sequence[Node], new: Callable[..., int], first: int, second: int) -> int:
    """A product whose second factor needs no value where the first is 0: a condition has it as its only piece that is 1."""
    found = _with_piece(nodes, new, first, second, _DEEPEST)
    if found is not None:
        return found
    return new("*", *(nodes[first].args if nodes[first].op == "*" else (first,)), second)


def _with_piece(
    nodes: Sequence[Node], new: Callable[..., int], place: int, piece: int, depth: int
) -> int | None:
    """A condition whose pieces are one 1 and otherwise 0, with *piece* in the place of the 1; None for any other."""
    if nodes[place].op != "where" or not depth:
        return None
    condition, *ends = nodes[place].args
    blank = [nodes[end].op == "number" and nodes[end].text == "0" for end in ends]
    if sum(blank) != 1:
        return None
    other = ends[blank.index(False)]
    is_one = nodes[other].op == "number" and nodes[other].text == "1"
    inner = piece if is_one else _with_piece(nodes, new, other, piece, depth - 1)
    if inner is None:
        return None
    return new("where", condition, *(end if empty else inner for end, empty in zip(ends, blank, strict=True)))
