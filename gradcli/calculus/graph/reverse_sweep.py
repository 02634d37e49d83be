"""Expression graph → program: one forward and one reverse sweep.

The reverse sweep hands every node's adjoint ∂f/∂node to its arguments, multiplied with the local derivative
(Griewank & Walther, Evaluating Derivatives, 2nd ed., chapter 3). Its length is a small multiple of the
graph's, whatever the number of variables (Baur & Strassen 1983).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.local_derivatives import local_slope, off_the_seam
from gradcli.calculus.graph.node_algebra import balanced_sum, gated, times
from gradcli.calculus.graph.program_layout import ENDS, always_needed, lay_out, reached
from gradcli.calculus.program.program import Program
from gradcli.language.parser import parse
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression

_CONDITIONS = frozenset(("lt", "le", "eq", "ne", "and", "or"))

#: Along how many of its first arguments an operation's slope is 1.
_ONES = {"add": 2, "sub": 1}


class Sweep(NamedTuple):
    """The graph with the reverse sweep added: adjoint nodes by variable, and the variables without a known one.

    nodes: the adjoint's node of every node that has one.
    """

    graph: Graph
    value: int
    adjoints: Mapping[str, int]
    unknown: tuple[str, ...]
    nodes: Mapping[int, int] = {}


def reverse(graph: Graph, value: int, wrt: Collection[str]) -> Sweep:
    """Add the reverse sweep for the variables *wrt* to *graph*."""
    needed = reached(graph, [value])
    active, strict = _active(graph, needed, wrt), always_needed(graph, needed, [value])
    parts: dict[int, list[int]] = {}
    adjoint: dict[int, int] = {value: graph.number("1")}
    lost: set[int] = set()
    ops, args, spans = graph.ops, graph.args, graph.spans
    for node in reversed(needed):
        given = parts.get(node)
        if node not in active or not (given or node in adjoint or node in lost):
            continue
        graph.place = spans[node]
        if given:
            adjoint[node] = given[0] if len(given) == 1 else balanced_sum(graph, given)
        if node in lost:
            lost.update(active.intersection(args[node]))
            continue
        own, ones = adjoint[node], _ONES.get(ops[node], 0)
        for index, argument in enumerate(args[node]):
            if argument not in active:
                continue
            part = own if index < ones else _part(graph, node, index, own, node in strict, active)
            if part is None:
                lost.add(argument)
            elif argument in parts:
                parts[argument].append(part)
            else:
                parts[argument] = [part]
    names = {graph.texts[node]: node for node in active if graph.ops[node] == "name"}
    unknown = tuple(name for name, node in names.items() if node in lost)
    found = {name: adjoint[node] for name, node in names.items() if node in adjoint and node not in lost}
    known = {node: place for node, place in adjoint.items() if node not in lost} if lost else adjoint
    return Sweep(graph, value, found, unknown, known)


def _active(graph: Graph, needed: Sequence[int], wrt: Collection[str]) -> set[int]:
    """Those of the nodes *needed* on whose value some variable of *wrt* has an influence."""
    ops, args = graph.ops, graph.args
    active: set[int] = set()
    for node in needed:
        asked = ops[node] == "name" and graph.texts[node] in wrt
        if asked or not (active.isdisjoint(args[node]) or ops[node] in ENDS):
            active.add(node)
    return active


def _part(
    graph: Graph, node: int, index: int, adjoint: int, strict: bool, active: Collection[int]
) -> int | None:
    """What *node* adds to the adjoint of its argument number *index*, or None where nobody knows."""
    op = graph.ops[node]
    if op == "mul" and strict:
        return times(graph, adjoint, graph.args[node][1 - index])
    if op == "select":  # a condition on which none of the variables has an influence has no seam along them
        condition = graph.args[node][0]
        condition = off_the_seam(graph, condition) if condition in active else condition
        zero = graph.number("0")
        if index == 0:  # nothing, but only beside the seam: f may jump there
            return graph.node("select", condition, zero, zero)
        pair = (adjoint, zero) if index == 1 else (zero, adjoint)
        return graph.node("select", condition, *pair)
    if op in _CONDITIONS:
        return adjoint
    factor = local_slope(graph, node, index)
    if factor is None:
        return None
    return times(graph, adjoint, factor) if strict else gated(graph, adjoint, factor)


def program_of(sweep: Sweep, variables: Sequence[str]) -> Program:
    """The straight-line program of a sweep: what is needed, constants first, then forward, then reverse."""
    program, slots = lay_out(sweep.graph, [sweep.value, *sweep.adjoints.values()], variables)
    gradient = tuple(slots[sweep.adjoints[v]] if v in sweep.adjoints else None for v in variables)
    return program._replace(gradient=gradient, unknown=sweep.unknown)


def swept(expression: Expression, wrt: Sequence[str] | None = None) -> Sweep:
    """The reverse sweep of *expression* along *wrt*, or along all of its variables."""
    graph = Graph()
    root = graph.include(expression)
    return reverse(graph, root, frozenset(expression.variables if wrt is None else wrt))


def compile_value(text: str, given: Collection[str] = ()) -> Program:
    """The program of an expression's value alone."""
    expression = parse(text, given)
    return program_of(swept(expression, ()), expression.variables)
