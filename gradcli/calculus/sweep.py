"""Expression graph → program: one forward and one reverse sweep.

The reverse sweep hands every node's adjoint ∂f/∂node to its arguments, multiplied with the local derivative
(Griewank & Walther, Evaluating Derivatives, 2nd ed., chapter 3). Its length is a small multiple of the
graph's, whatever the number of variables (Baur & Strassen 1983).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.graph import SIDES, Graph
from gradcli.calculus.program import Program
from gradcli.calculus.rules import JUMPS, parameters, slope

_LEAVES = ("number", "constant", "name")

#: Where frameworks answer ties differently, the slope says which tie it is.
_TIES = {
    ("max", 0): {"heaviside": "first_side"}, ("max", 1): {"heaviside": "second_side"},
    ("min", 0): {"heaviside": "first_side"}, ("min", 1): {"heaviside": "second_side"},
    ("relu", 0): {"heaviside": "relu_side"},
}  # fmt: skip


class Sweep(NamedTuple):
    """The graph with the reverse sweep added: adjoint nodes by variable, and the variables without a known one."""

    graph: Graph
    value: int
    adjoints: Mapping[str, int]
    unknown: tuple[str, ...]


def reverse(graph: Graph, value: int, wrt: Collection[str]) -> Sweep:
    """Add the reverse sweep for the variables *wrt* to *graph*."""
    active, strict = _active(graph, value, wrt), _strict(graph, [value])
    adjoint: dict[int, int] = {value: graph.number("1")}
    lost: set[int] = set()
    for node in range(value, -1, -1):
        if node not in active or not (node in adjoint or node in lost):
            continue
        graph.place = graph.spans[node]
        for index, argument in enumerate(graph.args[node]):
            if argument not in active:
                continue
            if node in lost:
                lost.add(argument)
                continue
            part = _part(graph, node, index, adjoint[node], node in strict)
            if part is None:
                lost.add(argument)
            else:
                adjoint[argument] = _plus(graph, adjoint.get(argument), part)
    names = {graph.texts[node]: node for node in active if graph.ops[node] == "name"}
    unknown = tuple(name for name, node in names.items() if node in lost)
    found = {name: adjoint[node] for name, node in names.items() if node in adjoint and node not in lost}
    return Sweep(graph, value, found, unknown)


def _active(graph: Graph, value: int, wrt: Collection[str]) -> set[int]:
    """The nodes at or below *value* on whose value some variable of *wrt* has an influence."""
    needed = _reached(graph, [value])
    active: set[int] = set()
    for node in sorted(needed):
        asked = graph.ops[node] == "name" and graph.texts[node] in wrt
        if asked or any(argument in active for argument in graph.args[node]):
            active.add(node)
    return active


def _reached(graph: Graph, roots: Sequence[int], *, strictly: bool = False) -> set[int]:
    reached, waiting = set(roots), list(roots)
    while waiting:
        node = waiting.pop()
        for argument in _always(graph, node) if strictly else graph.args[node]:
            if argument not in reached:
                reached.add(argument)
                waiting.append(argument)
    return reached


def _strict(graph: Graph, roots: Sequence[int]) -> set[int]:
    """The nodes that every evaluation needs: not only one piece of a piecewise expression."""
    return _reached(graph, roots, strictly=True)


def _always(graph: Graph, node: int) -> tuple[int, ...]:
    return graph.args[node][:1] if graph.ops[node] in ("select", "gate") else graph.args[node]


def _part(graph: Graph, node: int, index: int, adjoint: int, strict: bool) -> int | None:
    """What *node* adds to the adjoint of its argument number *index*, or None where nobody knows."""
    op, args = graph.ops[node], graph.args[node]
    if op == "select":
        condition, zero = _beside(graph, args[0]), graph.number("0")
        if index == 0:
            return zero
        pair = (adjoint, zero) if index == 1 else (zero, adjoint)
        return graph.node("select", condition, *pair)
    if op in ("lt", "le", "eq", "ne", "and", "or"):
        return graph.number("0")
    factor = _slope(graph, node, index)
    if factor is None:
        return None
    return _times(graph, adjoint, factor) if strict else _gated(graph, adjoint, factor)


def _beside(graph: Graph, condition: int) -> int:
    """The same condition, answering only beside the seam where it changes."""
    op, args = graph.ops[condition], graph.args[condition]
    if op in ("and", "or"):
        return graph.node(op, _beside(graph, args[0]), _beside(graph, args[1]))
    return graph.node(SIDES[op], *args, span=graph.spans[condition]) if op in SIDES else condition


def _slope(graph: Graph, node: int, index: int) -> int | None:
    op, args = graph.ops[node], graph.args[node]
    if op == "pow":
        return _power_slope(graph, node, index)
    if op in JUMPS:
        return graph.node(JUMPS[op], args[0], span=graph.spans[node])
    if op == "mod" and index == 0:
        flat = graph.node("flat_integer", graph.node("div", *args), span=graph.spans[node])
        return graph.node("add", graph.number("1"), flat)
    rule = slope(op, index)
    if rule is None:
        return None
    names = dict(zip(parameters(op), args, strict=True))
    return graph.include(rule, names, sides=SIDES | _TIES.get((op, index), {}), span=graph.spans[node])


def _power_slope(graph: Graph, node: int, index: int) -> int:
    base, exponent = graph.args[node]
    if index == 1:
        return graph.node("power_log", base, exponent)
    literal = graph.literal(exponent)
    if literal is not None and literal.isdigit() and len(literal) < 10:
        if literal == "0":
            return graph.number("0")
        less = int(literal) - 1
        lower = graph.node("square", base) if less == 2 else graph.node("pow", base, graph.number(str(less)))
        return _times(graph, exponent, lower)
    one_less = graph.node("sub", exponent, graph.number("1"))
    return _times(graph, exponent, graph.node("pow", base, one_less))


def _plus(graph: Graph, a: int | None, b: int) -> int:
    if a is None or graph.literal(a) == "0":
        return b
    if graph.literal(b) == "0":
        return a
    if graph.ops[b] == "neg":
        return graph.node("sub", a, graph.args[b][0])
    if graph.ops[a] == "neg":
        return graph.node("sub", b, graph.args[a][0])
    return graph.node("add", a, b)


def _times(graph: Graph, a: int, b: int) -> int:
    """a*b with signs in front, whole factors together, and a division left a division."""
    if "0" in (graph.literal(a), graph.literal(b)):
        return graph.number("0")
    if graph.literal(a) == "1":
        return b
    if graph.literal(b) == "1":
        return a
    if graph.ops[a] == "neg":
        return _minus(graph, _times(graph, graph.args[a][0], b))
    if graph.ops[b] == "neg":
        return _minus(graph, _times(graph, a, graph.args[b][0]))
    if graph.ops[b] == "div" and graph.literal(graph.args[b][0]) == "1":
        return graph.node("div", a, graph.args[b][1])
    (m, x), (n, y) = _coefficient(graph, a), _coefficient(graph, b)
    if m == n == 1:
        return graph.node("mul", a, b)
    rest = y if x is None else x if y is None else graph.node("mul", x, y)
    whole = graph.number(str(m * n))
    return whole if rest is None else graph.node("mul", whole, rest)


def _coefficient(graph: Graph, node: int) -> tuple[int, int | None]:
    """A node as whole number times rest: integers below 10**9, so that their products stay exact."""
    literal = graph.literal(node)
    if literal is not None and literal.isdigit() and len(literal) < 8:
        return int(literal), None
    if graph.ops[node] == "mul":
        literal = graph.literal(graph.args[node][0])
        if literal is not None and literal.isdigit() and len(literal) < 8:
            return int(literal), graph.args[node][1]
    return 1, node


def _minus(graph: Graph, node: int) -> int:
    return graph.args[node][0] if graph.ops[node] == "neg" else graph.node("neg", node)


def _gated(graph: Graph, a: int, b: int) -> int:
    trivial = graph.ops[b] == "number" or (graph.ops[b] == "neg" and graph.ops[graph.args[b][0]] == "number")
    return _times(graph, a, b) if trivial else graph.node("gate", a, b)


def program_of(sweep: Sweep, variables: Sequence[str]) -> Program:
    """The straight-line program of a sweep: what is needed, constants first, then forward, then reverse."""
    graph = sweep.graph
    outputs = [sweep.value, *sweep.adjoints.values()]
    needed, strict = sorted(_reached(graph, outputs)), _strict(graph, outputs)
    fixed: set[int] = set()
    for node in needed:
        if graph.ops[node] not in _LEAVES and all(_is_fixed(graph, a, fixed) for a in graph.args[node]):
            fixed.add(node)
    leaves = [node for node in needed if graph.ops[node] in ("number", "constant")]
    order = [n for n in needed if n in fixed]
    order += [n for n in needed if n not in fixed and graph.ops[n] not in _LEAVES]
    slots = _name_slots(graph, needed, variables)
    slots |= {node: len(variables) + i for i, node in enumerate(leaves)}
    slots |= {node: len(variables) + len(leaves) + i for i, node in enumerate(order)}
    return Program(
        variables=tuple(variables),
        constants=tuple(graph.texts[node] for node in leaves),
        code=tuple((graph.ops[n], *(slots[a] for a in graph.args[n])) for n in order),
        folded=len(fixed),
        value=slots[sweep.value],
        gradient=tuple(slots[sweep.adjoints[v]] if v in sweep.adjoints else None for v in variables),
        unknown=sweep.unknown,
        spans=tuple(graph.spans[n] for n in order),
        guarded=frozenset(i for i, n in enumerate(order) if n not in strict),
    )


def _name_slots(graph: Graph, needed: Sequence[int], variables: Sequence[str]) -> dict[int, int]:
    places = {name: place for place, name in enumerate(variables)}
    return {node: places[graph.texts[node]] for node in needed if graph.ops[node] == "name"}


def _is_fixed(graph: Graph, node: int, fixed: Collection[int]) -> bool:
    return node in fixed or graph.ops[node] in ("number", "constant")
