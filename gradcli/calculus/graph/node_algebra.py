"""Sums and products of graph nodes, written as short as a person would write them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from gradcli.calculus.graph.expression_graph import Graph

#: Terms of the longest sum that is balanced: machine code makes loops of longer ones.
CHAINED = 64


def plus(graph: Graph, a: int | None, b: int) -> int:
    """a + b, where None and zeros add nothing."""
    if a is None:
        return b
    first, second = graph.ops[a], graph.ops[b]
    if first == "number" and graph.texts[a] == "0":
        return b
    if second == "number" and graph.texts[b] == "0":
        return a
    if second == "neg":
        return graph.add("sub", (a, graph.args[b][0]))
    if first == "neg":
        return graph.add("sub", (b, graph.args[a][0]))
    return graph.add("add", (a, b))


def balanced_sum(graph: Graph, parts: Sequence[int]) -> int:
    """The sum of nodes, each half summed by itself, so that no operation waits for more than a few others.

    Of more than CHAINED it is one after the other, as a loop does.
    """
    if len(parts) > CHAINED:
        return reduce(lambda total, part: plus(graph, total, part), parts)
    if len(parts) == 1:
        return parts[0]
    sums = list(parts)
    while len(sums) > 1:
        pairs = [plus(graph, a, b) for a, b in zip(sums[::2], sums[1::2], strict=False)]
        sums = [*pairs, *sums[2 * len(pairs) :]]
    return sums[0]


def times(graph: Graph, a: int, b: int) -> int:
    """a*b with signs in front, whole factors together, and a division left a division."""
    first, second, texts = graph.ops[a], graph.ops[b], graph.texts
    if first == "number" and texts[a] in ("0", "1"):
        return a if texts[a] == "0" else b
    if second == "number" and texts[b] in ("0", "1"):
        return b if texts[b] == "0" else a
    if first == "neg":
        return minus(graph, times(graph, graph.args[a][0], b))
    if second == "neg":
        return minus(graph, times(graph, a, graph.args[b][0]))
    if second == "div" and graph.literal(graph.args[b][0]) == "1":
        return graph.add("div", (a, graph.args[b][1]))
    m, x = _coefficient(graph, a) if first in _WHOLE else (1, a)
    n, y = _coefficient(graph, b) if second in _WHOLE else (1, b)
    if m == n == 1:
        return graph.add("mul", (a, b))
    rest = y if x is None else x if y is None else graph.add("mul", (x, y))
    whole = graph.number(str(m * n))
    return whole if rest is None else graph.add("mul", (whole, rest))


#: Operations of what may have a whole number in front.
_WHOLE = frozenset(("number", "mul"))


def _coefficient(graph: Graph, node: int) -> tuple[int, int | None]:
    """A node as whole number times rest: integers below 10**9, so that their products stay exact."""
    op = graph.ops[node]
    if op == "number":
        text = graph.texts[node]
        if text.isdigit() and len(text) < 8:
            return int(text), None
    elif op == "mul":
        literal = graph.literal(graph.args[node][0])
        if literal is not None and literal.isdigit() and len(literal) < 8:
            return int(literal), graph.args[node][1]
    return 1, node


def minus(graph: Graph, node: int) -> int:
    """The negative of a node."""
    return graph.args[node][0] if graph.ops[node] == "neg" else graph.node("neg", node)


def gated(graph: Graph, a: int, b: int) -> int:
    """a*b, where an *a* of 0 wins over a *b* without a value: it belongs to a piece that is not taken."""
    trivial = graph.ops[b] == "number" or (graph.ops[b] == "neg" and graph.ops[graph.args[b][0]] == "number")
    return times(graph, a, b) if trivial else graph.node("gate", a, b)
