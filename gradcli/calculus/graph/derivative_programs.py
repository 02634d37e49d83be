"""A program → programs of its first and second derivatives along some of its variables, as straight-line code again.

These are the derivatives of the value as it is computed: what an expression holds constant for `grad` is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.forward_sweep import forward, users_of
from gradcli.calculus.graph.program_layout import lay_out
from gradcli.calculus.program.chained_sums import chained
from gradcli.calculus.program.program import Program


class Derived(NamedTuple):
    """A program, the slots of f and of its slopes along the asked variables, and of the derivatives of those.

    A slope or a second derivative is None where nobody knows it; seconds is empty where they were not asked for.
    """

    program: Program
    value: int
    slopes: tuple[int | None, ...]
    seconds: tuple[tuple[int | None, ...], ...] = ()


def derived(program: Program, names: Sequence[str], *, seconds: bool = False) -> Derived:
    """*program* with its value's slopes along *names* and, where asked for, the table of second derivatives."""
    graph, value = _graph_of(chained(program))
    slopes = [_along(graph, [value], name)[0] for name in names]
    known = [slope for slope in slopes if slope is not None]
    table: list[list[int | None]] = [[None] * len(names) for _ in names]
    if seconds and len(known) == len(names):
        for column, name in enumerate(names):
            for row, node in enumerate(_along(graph, known, name)):
                table[row][column] = node
    nodes = [value, *known, *(node for row in table for node in row if node is not None)]
    laid, slots = lay_out(graph, list(dict.fromkeys(nodes)), program.variables)
    found = [[None if node is None else slots[node] for node in row] for row in (slopes, *table)]
    return Derived(laid, slots[value], tuple(found[0]), tuple(map(tuple, found[1:])) if seconds else ())


def _graph_of(program: Program) -> tuple[Graph, int]:
    """The graph of what the value needs, and its node."""
    graph, nodes = Graph(), dict[int, int]()
    for slot, name in enumerate(program.variables):
        nodes[slot] = graph.node("name", text=name)
    for slot, text in enumerate(program.constants, len(program.variables)):
        kind = "number" if text[:1].isdigit() or text[:1] in ".-" else "constant"
        nodes[slot] = graph.node(kind, text=text)
    for slot, (op, *places) in enumerate(program.code, program.first):
        if slot > program.value:
            break
        nodes[slot] = graph.node(op, *(nodes[place] for place in places))
    return graph, nodes[program.value]


def _along(graph: Graph, nodes: Sequence[int], name: str) -> list[int | None]:
    """The derivatives of *nodes* along a variable; None where nobody knows one."""
    seed = {graph.node("name", text=name): graph.number("1")}
    tangents = forward(graph, seed, users_of(graph, nodes))
    zero = graph.number("0")
    return [None if node in tangents.lost else tangents.nodes.get(node, zero) for node in nodes]
