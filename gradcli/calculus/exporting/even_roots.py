"""Roots of powers → powers: sqrt(x**4) is x**2, whose slope at 0 is a number on its way as well.

As typed, the slope of the root is infinite where that of the power is 0, and x**4 overflows long before x**2 does.
"""

from __future__ import annotations

from fractions import Fraction

from gradcli.calculus.graph.expression_graph import Graph

_ROOTS = {"sqrt": Fraction(1, 2), "cbrt": Fraction(1, 3)}

#: Operations that may be a root of a power.
ROOTS = frozenset((*_ROOTS, "pow"))


def without_roots(graph: Graph, root: int) -> tuple[Graph, int] | None:
    """The graph without roots of powers, and the node of its whole; None where there are none."""
    rewritten = Graph()
    nodes: list[int] = []
    changed = False
    for node, op in enumerate(graph.ops):
        args = tuple(nodes[arg] for arg in graph.args[node])
        power = _power_of_power(rewritten, op, args)
        changed = changed or power is not None
        new = rewritten.node(op, *args, text=graph.texts[node], span=graph.spans[node])
        nodes.append(new if power is None else power)
    return (rewritten, nodes[root]) if changed else None


def _power_of_power(graph: Graph, op: str, args: tuple[int, ...]) -> int | None:
    """A node that is the root of a whole power, without the root; None where it is nothing of the kind."""
    outer = _ROOTS.get(op) if op != "pow" else _exponent(graph, args[1])
    inner = _whole_power(graph, args[0]) if args else None
    if outer is None or inner is None or outer <= 0 or outer.denominator == 1:
        return None
    base, exponent = inner
    if exponent % 2:
        third = op == "cbrt" and exponent % 3 == 0
        return _to_the(graph, base, Fraction(exponent // 3)) if third else None
    total = exponent * outer
    if total.denominator == 1 and total % 2 == 0:
        return _to_the(graph, base, total)
    size = graph.node("abs", base)
    if total.denominator == 1 and total > 1:
        return graph.node("mul", size, _to_the(graph, base, total - 1))
    return _to_the(graph, size, total)


def _whole_power(graph: Graph, node: int) -> tuple[int, int] | None:
    """Base and exponent of a power with a whole positive exponent."""
    if graph.ops[node] == "square":
        return graph.args[node][0], 2
    exponent = _exponent(graph, graph.args[node][1]) if graph.ops[node] == "pow" else None
    if exponent is None or exponent.denominator != 1 or exponent < 1:
        return None
    return graph.args[node][0], int(exponent)


def _exponent(graph: Graph, node: int) -> Fraction | None:
    """A literal, or a quotient of two, as a number."""
    if (text := graph.literal(node)) is not None:
        return Fraction(text) if len(text) < 10 else None
    if graph.ops[node] != "div":
        return None
    above, below = (graph.literal(arg) for arg in graph.args[node])
    short = above is not None and below is not None and max(len(above), len(below)) < 10
    return Fraction(above) / Fraction(below) if short and above and below and Fraction(below) else None


def _to_the(graph: Graph, base: int, exponent: Fraction) -> int:
    if exponent == 1:
        return base
    if exponent == 2:
        return graph.node("square", base)
    above = graph.number(str(exponent.numerator))
    if exponent.denominator != 1:
        above = graph.node("div", above, graph.number(str(exponent.denominator)))
    return graph.node("pow", base, above)
