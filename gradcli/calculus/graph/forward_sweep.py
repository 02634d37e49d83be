"""Expression graph → tangents: one forward sweep, on the graph of a gradient as well as on that of a value.

The forward sweep gives every node its derivative along one direction in the space of variables (Griewank &
Walther, Evaluating Derivatives, 2nd ed., chapter 3). Over the graph of a reverse sweep it gives the Hessian times
that direction, at the cost of a small multiple of the gradient (Pearlmutter 1994).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.local_derivatives import local_slope, off_the_seam
from gradcli.calculus.graph.node_algebra import plus, times
from gradcli.calculus.graph.program_layout import ENDS, reached
from gradcli.language.records import NamedTuple

_CONDITIONS = frozenset(
    ("lt", "le", "eq", "ne", "and", "or", "lt_side", "le_side", "eq_side", "ne_side")
)  # fmt: skip


class Tangents(NamedTuple):
    """The tangent node of each node that has one, and the nodes whose tangent nobody knows."""

    nodes: Mapping[int, int]
    lost: AbstractSet[int]


def users_of(graph: Graph, roots: Sequence[int]) -> dict[int, list[int]]:
    """For each node below *roots*, the nodes that use it as an argument."""
    users: dict[int, list[int]] = {}
    for node in reached(graph, roots):
        for argument in graph.args[node]:
            users.setdefault(argument, []).append(node)
    return users


def forward(graph: Graph, seeds: Mapping[int, int], users: Mapping[int, Sequence[int]]) -> Tangents:
    """Add the forward sweep from *seeds* (nodes of variables → nodes of the direction's components) to *graph*.

    users: the part of the graph to sweep, from `users_of`.
    """
    tangents, lost = dict(seeds), set[int]()
    moving = _above(seeds, users)
    depending = set(moving)
    for node in moving:
        op, args = graph.ops[node], graph.args[node]
        if node in seeds or op in ENDS or op in _CONDITIONS:
            continue
        graph.place = graph.spans[node]
        if any(argument in lost for argument in args):
            lost.add(node)
        elif op == "select":
            if args[1] in tangents or args[2] in tangents:
                zero = graph.number("0")
                pieces = (tangents.get(args[1], zero), tangents.get(args[2], zero))
                condition = off_the_seam(graph, args[0]) if args[0] in depending else args[0]
                tangents[node] = graph.node("select", condition, *pieces)
        elif op == "gate":
            tangents[node] = _gate(graph, args, tangents)
        else:
            _ordinary(graph, node, tangents, lost)
    return Tangents(tangents, lost)


def _above(seeds: Mapping[int, int], users: Mapping[int, Sequence[int]]) -> list[int]:
    """The nodes that depend on the seeds, in the order in which they can be carried out."""
    found, waiting = set(seeds), list(seeds)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return sorted(found)


def _gate(graph: Graph, args: Sequence[int], tangents: Mapping[int, int]) -> int:
    """The product rule for a product in which a factor of 0 in front wins."""
    total = None
    if args[0] in tangents:
        total = graph.node("gate", tangents[args[0]], args[1])
    if args[1] in tangents:
        total = plus(graph, total, graph.node("gate", args[0], tangents[args[1]]))
    return graph.number("0") if total is None else total


def _ordinary(graph: Graph, node: int, tangents: dict[int, int], lost: set[int]) -> None:
    total = None
    for index, argument in enumerate(graph.args[node]):
        if argument not in tangents:
            continue
        slope = local_slope(graph, node, index)
        if slope is None:
            lost.add(node)
            return
        total = plus(graph, total, times(graph, tangents[argument], slope))
    if total is not None:
        tangents[node] = total
